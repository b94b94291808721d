// The pictures and point clouds of a dataset: unpacked below a temporary folder, and found by what the dataset calls them.
import { extname } from 'node:path'
import type { Format } from '../../formats/format'
import type { DatasetFile, DatasetFiles } from '../../formats/io/dataset-files'
import { dropExtension } from '../../formats/match'
import { settleAll } from '../backups/service'
import { mediaPath, probeCloud, probeImage } from '../media/media'
import { kindOfName } from '../media/media-kinds'
import { storage } from '../storage/storage'

export type DatasetPicture = {
  /** In the archive. */
  path: string
  /** Storage name of the unpacked file. */
  file: string
  /** Pixels as displayed. */
  width: number
  height: number
}

/** Pictures in datasets that show masks and not frames, by the name of the format. */
const masks: Record<string, RegExp> = {
  'PASCAL VOC': /(^|\/)Segmentation(Class|Object)\//,
  'Segmentation mask': /(^|\/)Segmentation(Class|Object)\//,
  'MOTS PNG': /(^|\/)instances\//,
  CamVid: /annot\/[^/]+$/,
  Cityscapes: /(^|\/)gtFine\//,
  KITTI: /(^|\/)(instance|semantic|semantic_rgb)\//,
  'ICDAR Segmentation': /_GT\.bmp$/i,
  'Open Images V6': /(^|\/)masks\//,
  LabelMe: /(^|\/)Masks\//,
}

export type Progress = (done: number) => Promise<void>

const unpack = async (file: DatasetFile, target: string) =>
  storage().put(target, file.stream() as unknown as ReadableStream<Uint8Array>)

const isFrame = (format: Format, name: string): boolean => {
  const kind = kindOfName(name)
  if (format.dimension === '3d') return kind === 'cloud'
  return (kind === 'picture' || kind === 'pages') && !masks[format.name]?.test(name)
}

/** Files that are written and probed together; each waits for the disk. */
const atOnce = 8

/** Unpacks and probes what may be a frame. Throws MediaError for a file that is none. */
export const unpackPictures = async (
  format: Format,
  { list }: DatasetFiles,
  folder: string,
  report: Progress,
): Promise<DatasetPicture[]> => {
  const own = list.filter(({ name }) => isFrame(format, name))
  const pictures: DatasetPicture[] = []
  const take = async (file: DatasetFile, number: number): Promise<DatasetPicture> => {
    const target = `${folder}/${number}${extname(file.name)}`
    await unpack(file, target)
    const probe = kindOfName(file.name) === 'cloud' ? probeCloud : probeImage
    const { width, height } = await probe(await mediaPath(target), file.name)
    return { path: file.name, file: target, width, height }
  }
  for (let at = 0; at < own.length; at += atOnce) {
    pictures.push(...(await settleAll(own.slice(at, at + atOnce).map((file, i) => take(file, at + i)))))
    await report(pictures.length / own.length)
  }
  return pictures
}

/** Pictures that are shown beside a point cloud: in a folder `related_images` and one that is called like the cloud. */
export const listRelated = ({ list }: DatasetFiles): ((cloud: DatasetPicture) => DatasetFile[]) => {
  const byFolder = Map.groupBy(
    list.filter(({ name }) => /(^|\/)related_images\//.test(name) && ['picture', 'pages'].includes(kindOfName(name) ?? '')),
    ({ name }) => name.slice(0, name.lastIndexOf('/')),
  )
  return ({ path }) => {
    const base = path.slice(path.lastIndexOf('/') + 1)
    const names = new Set([dropExtension(base), base.replaceAll('.', '_')])
    const folders = [...byFolder.keys()].filter((folder) => names.has(folder.slice(folder.lastIndexOf('/') + 1)))
    const parts = new Set(path.split('/'))
    const shared = (folder: string) => folder.split('/').filter((part) => parts.has(part)).length
    const best = folders.toSorted((a, b) => shared(b) - shared(a))[0]
    return best === undefined ? [] : byFolder.get(best)!
  }
}

export type PictureIndex = {
  /** The picture that a dataset calls `name`, with or without extension, in a subset if that is known. */
  find(name: string, subset?: string): DatasetPicture | undefined
}

/** How much the folders of a path speak for a subset. */
const judge = (path: string, subset: string | undefined): number => {
  if (subset === undefined) return 0
  const folders = path.split('/').slice(0, -1)
  if (folders.includes(subset)) return 2
  return folders.some((folder) => folder.split('_').includes(subset)) ? 1 : 0
}

/** The longest end of a name decides, then its subset, then the shortest path. */
export const indexPictures = (pictures: readonly DatasetPicture[]): PictureIndex => {
  const byEnd = new Map<string, DatasetPicture[]>()
  for (const picture of pictures) {
    const parts = picture.path.split('/')
    for (let from = 0; from < parts.length; from++) {
      const end = parts.slice(from).join('/')
      // Cityscapes ends the names of its pictures so.
      for (const key of new Set([end, dropExtension(end), dropExtension(end).replace(/_leftImg8bit$/, '')])) {
        const there = byEnd.get(key)
        if (there) there.push(picture)
        else byEnd.set(key, [picture])
      }
    }
  }
  const choose = (found: DatasetPicture[], subset: string | undefined) =>
    found.toSorted((a, b) => judge(b.path, subset) - judge(a.path, subset) || a.path.length - b.path.length)[0]
  return {
    find: (name, subset) => {
      const parts = name
        .replaceAll('\\', '/')
        .replace(/^(\.?\/)+/, '')
        .split('/')
      for (let from = 0; from < parts.length; from++) {
        const end = parts.slice(from).join('/')
        const found = byEnd.get(end) ?? byEnd.get(dropExtension(end))
        if (found) return choose(found, subset)
      }
      return undefined
    },
  }
}
