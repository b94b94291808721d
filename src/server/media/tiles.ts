// Tiles of huge pictures, so that a viewer loads only what it shows.
import { openBlob } from '../../formats/io/byte-source'
import { openZip, type ZipEntry } from '../../formats/io/zip-reader'
import { getTilePyramid, withFiles } from './media'
import { isCloud, type TaskMedia } from './task-media'
import { isTiled, listTileLevels, type TileLevel, tileSide } from './tile-levels'
import { whyNotTiled } from './write-tiles'

export type TileInfo = { width: number; height: number; tileSide: number; levels: TileLevel[] }
export type Tile = { bytes: Uint8Array; type: 'image/jpeg' /** Strong ETag with quotes. */; etag: string }

/** How the picture of a task frame is cut, or why it is not. Throws MediaError when it cannot be read. */
export const describeTiles = async (media: TaskMedia, number: number): Promise<TileInfo | string> => {
  const frame = media.frames?.[number]
  if (media.video || !frame || isCloud(frame) || frame.file.startsWith('video:')) return 'only pictures are cut into tiles'
  if (!isTiled(frame)) return 'the picture is small enough to be loaded as a whole'
  const { width, height } = frame
  const reason = await withFiles([frame.file], ([path]) => whyNotTiled({ path: path!, name: frame.name }))
  return reason ?? { width, height, tileSide, levels: listTileLevels(frame) }
}

/** Directories of the pyramids that were looked into last, by ETag. */
const opened = new Map<string, Promise<Map<string, ZipEntry>>>()
const keptOpen = 16

const openPyramid = (etag: string, path: string) => {
  const known = opened.get(etag)
  opened.delete(etag)
  const entries = known ?? openZip(openBlob(Bun.file(path))).then((list) => new Map(list.map((entry) => [entry.name, entry])))
  opened.set(etag, entries)
  entries.catch(() => opened.delete(etag))
  if (opened.size > keptOpen) opened.delete(opened.keys().next().value!)
  return entries
}

/** One tile of a picture that `describeTiles` offers; undefined when there is none at this place. */
export const readTile = async (
  media: TaskMedia,
  number: number,
  info: TileInfo,
  { level, column, row }: { level: number; column: number; row: number },
): Promise<Tile | undefined> => {
  const { path, etag } = await getTilePyramid(media, number)
  const deepZoomLevel = info.levels.length - 1 - level
  const entry = (await openPyramid(etag, path)).get(`t_files/${deepZoomLevel}/${column}_${row}.jpeg`)
  if (!entry) return undefined
  const bytes = Buffer.concat(await Array.fromAsync(entry.stream()))
  return { bytes, type: 'image/jpeg', etag: `${etag.slice(0, -1)}-${level}-${column}-${row}"` }
}
