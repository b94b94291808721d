// Cuts a huge picture into tiles in one pass over it, so that it never stands in memory as a whole; runs in the media thread.
import { rename, rm } from 'node:fs/promises'
import { openShown, requireHeader, type SourceImage } from './encode-image'
import { MediaError } from './task-media'
import { tileSide } from './tile-levels'

/** Formats whose decoders go from line to line. */
const streamed = ['jpeg', 'png', 'tiff']
/** Progressive pictures are decoded as a whole: above this many pixels they would not fit. */
const maxProgressivePixels = 150_000_000

/** Why a picture cannot be cut without holding all of it; undefined when it can. */
export const whyNotTiled = async (image: SourceImage): Promise<string | undefined> => {
  const { format, width, height } = await requireHeader(image)
  if (!streamed.includes(format)) return `${format} pictures are not cut into tiles`
  const { isProgressive } = await (await openShown(image.path)).metadata()
  return isProgressive && width * height > maxProgressivePixels
    ? 'so large a progressive picture is not cut into tiles'
    : undefined
}

/** Writes a zip with Deep Zoom's entries `t_files/<level>/<column>_<row>.jpeg`; there the highest level is the full size. */
export const writeTiles = async (source: SourceImage, quality: number, target: string): Promise<void> => {
  const image = await openShown(source.path, { sequentialRead: (await requireHeader(source)).orientation === 1 })
  const scratch = `${target}.tiles.zip`
  try {
    await image
      .jpeg({ quality, optimizeCoding: false })
      .tile({ size: tileSide, overlap: 0, depth: 'onetile', layout: 'dz', container: 'zip', basename: 't' })
      .toFile(scratch)
    await rename(scratch, target)
  } catch (error) {
    await rm(scratch, { force: true })
    throw new MediaError(`${source.name}: cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  }
}
