// The editor of pictures: its tools, where its pictures come from, and the canvas that shows them.
import type { Editor } from './editor'
import { FrameCache } from './frames/frame-cache'
import { loadFromServer, loadFromVideo, loadHuge, loadOriginal, openJobVideo, type TiledBitmap } from './frames/load-picture'
import { type EditorKit, flatTraits, type PicturePorts } from './kit'
import { toolsOnRail } from './tools/rail'
import { otherTools } from './tools/registry'
import { openPictureArea } from './ui/picture-area'

const limitBytes = 400 * 1024 * 1024

const openPictures = (editor: Editor, { api, root, sizeOf }: PicturePorts): FrameCache<TiledBitmap> => {
  const { info } = editor.job
  const isOriginal = () => editor.state.settings.original
  const plain = loadOriginal(isOriginal, loadFromServer(api.originalUrl), loadFromServer(api.frameUrl))
  const fromServer = loadHuge(info.id, sizeOf, plain)
  const openVideo = async () => {
    const video = await openJobVideo(info.id, root.dataset.video!, (at, picture) => cache.offer(at, picture))
    root.dataset.pictures = video ? 'video' : 'server'
    return video
  }
  const load = info.mode === 'interpolation' && root.dataset.video ? loadFromVideo(openVideo(), fromServer) : fromServer
  const cache: FrameCache<TiledBitmap> = new FrameCache({ load, limitBytes })
  return cache
}

export const pictureKit: EditorKit = {
  traits: flatTraits,
  rail: toolsOnRail,
  tools: otherTools,
  chooseCommands: (all) => all,
  openPictures,
  openArea: openPictureArea,
}
