// Tiles of the point clouds of a task: found in the media cache, or ordered from the workers.
import { createHash } from 'node:crypto'
import { loadTaskMedia } from '../data/service'
import { readHierarchyText } from '../media/clouds/tiles/tile-file'
import { type TileOptions, writeCloudTiles } from '../media/clouds/tiles/write-tiles'
import { cache, findOrMake, keyOf, withFiles } from '../media/made-files'
import { type FrameFile, isCloud, MediaError, type MediaFile, type TaskMedia } from '../media/task-media'
import { add, get } from '../queue/queue'
import { openProgress, readProgress } from './progress'

/** Points that are shown while the tiles are made. */
const samplePoints = 100_000
/** What has failed is tried again after this long. */
const retryMs = 600_000

/** The tile file, or that it is on its way. */
export type Tiling = { state: 'ready'; file: MediaFile } | { state: 'tiling' /** 0…1 */; progress: number }

const tilesKey = (media: TaskMedia, { file }: FrameFile) => keyOf(media, `cloud-tiles-2 ${file}`, '.tiles')

/** The cloud of a task's frame. Throws MediaError when the frame is none. */
export const requireCloud = ({ frames }: TaskMedia, number: number): FrameFile => {
  const frame = frames?.[number]
  if (!frame || !isCloud(frame)) throw new MediaError(`frame ${number} is no point cloud`)
  return frame
}

/** Tiles that are there already. */
export const findTiles = (media: TaskMedia, number: number): Promise<MediaFile | undefined> =>
  cache().find(tilesKey(media, requireCloud(media, number)))

/** The tiles of a frame, ordered when they are missing. Throws MediaError naming the file when they cannot be made. */
export const orderTiles = async (media: TaskMedia, number: number): Promise<Tiling> => {
  const frame = requireCloud(media, number)
  const key = tilesKey(media, frame)
  const first = `tile-cloud-${createHash('sha256').update(key.key).digest('hex').slice(0, 40)}`
  const order = async (id: string): Promise<Tiling> => {
    await add('tile-cloud', { taskId: media.taskId, frame: number }, { id })
    return { state: 'tiling', progress: 0 }
  }
  for (let id = first; ; ) {
    const chore = await get(id)
    // After the question to the queue: a chore may end in between.
    const file = await cache().find(key)
    if (file) return { state: 'ready', file }
    if (!chore) return order(id)
    if (chore.state === 'failed') {
      if (Date.now() - (chore.finishedAt?.getTime() ?? 0) > retryMs) return order(id)
      throw new MediaError(chore.error.startsWith(`${frame.name}: `) ? chore.error : `${frame.name}: the tiles could not be made`)
    }
    if (chore.state !== 'finished') return { state: 'tiling', progress: await readProgress(key) }
    // Made once, and dropped from the cache since: a finished chore is not run again, so that another takes its place.
    id = `${first}-${chore.finishedAt?.getTime() ?? 0}`
  }
}

/** Some points of a frame as a tile file of one node; made at once. Throws MediaError naming the file. */
export const getSample = (media: TaskMedia, number: number): Promise<MediaFile> => {
  const { file, name } = requireCloud(media, number)
  return findOrMake(keyOf(media, `cloud-sample-2 ${file}`, '.tiles'), [file], (target, [path]) => ({
    kind: 'cloud-sample',
    image: { path: path!, name },
    points: samplePoints,
    target,
  }))
}

/** Makes the tiles of a frame unless they are there; the work of a chore. */
export const makeTiles = async (taskId: number, number: number, options: Pick<TileOptions, 'signal' | 'onProgress'>) => {
  const media = await loadTaskMedia(taskId)
  const frame = requireCloud(media, number)
  const key = tilesKey(media, frame)
  if (await cache().find(key)) return
  const [made] = cache().make([key], ([missing]) =>
    withFiles([frame.file], async ([path]) => {
      const progress = openProgress(key)
      const onProgress = (share: number) => {
        progress.report(share)
        options.onProgress?.(share)
      }
      try {
        await writeCloudTiles(path!, missing!.temporary, { ...options, name: frame.name, onProgress })
      } finally {
        await progress.close()
      }
    }),
  )
  await made
}

/** Hierarchies that were read last, by ETag: each tile that is sent needs one. */
const texts = new Map<string, Promise<string>>()
const keptTexts = 8

/** The hierarchy of a tile file as JSON text. */
export const readText = ({ etag, path }: MediaFile): Promise<string> => {
  const known = texts.get(etag) ?? readHierarchyText(path)
  texts.delete(etag)
  texts.set(etag, known)
  known.catch(() => texts.delete(etag))
  if (texts.size > keptTexts) texts.delete(texts.keys().next().value!)
  return known
}
