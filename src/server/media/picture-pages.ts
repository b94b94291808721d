// Pictures that hold several frames: animated GIF and WebP, TIFF with several pages.
import { config } from '../config'
import { spaceOf } from './encode-image'
import { readHeader } from './headers/reader'
import { listTiffPages } from './headers/tiff'
import { MediaError } from './task-media'

const maxPages = 10_000

const openPages = async (path: string, page: number, pages = 1) => {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  return sharp(path, { page, pages, failOn: 'none', limitInputPixels: config().image_pixels })
}

/** Page numbers of a picture, from its headers alone; one for everything that is not animated. */
export const listPicturePages = async (path: string): Promise<number[]> => {
  const head = Buffer.from(await Bun.file(path).slice(0, 32).bytes())
  const mark = head.toString('latin1')
  if (/^(II[*+]\0|MM\0[*+])/.test(mark)) return readHeader(path, listTiffPages)
  const isAnimatedWebp = /^RIFF[\s\S]{4}WEBPVP8X/.test(mark) && (head[20]! & 2) !== 0
  if (!isAnimatedWebp && !/^GIF8[79]a/.test(mark)) return [0]
  // Damage is found and named when the picture is probed.
  const { pages = 1 } = await (await openPages(path, 0)).metadata().catch(() => ({ pages: 1 }))
  if (pages > maxPages) throw new MediaError(`the picture has more than ${maxPages} frames`)
  return Array.from({ length: pages }, (_, page) => page)
}

/** One page as a lossless picture of its own: PNG, or TIFF where PNG could not hold the values. */
export const readPicturePage = async (path: string, page: number): Promise<{ bytes: Uint8Array; extension: 'png' | 'tif' }> => {
  try {
    const image = (await openPages(path, page)).keepIccProfile()
    const metadata = await image.metadata()
    const { depth, format } = metadata
    // Once a page is on its own, its orientation is applied for good.
    image.autoOrient()
    const fits = format !== 'tiff' || depth === 'uchar' || depth === 'ushort'
    if (fits) image.toColourspace(spaceOf(metadata))
    const encoded = fits ? image.png({ compressionLevel: 6 }) : image.tiff({ compression: 'lzw' })
    return { bytes: await encoded.toBuffer(), extension: fits ? 'png' : 'tif' }
  } catch (error) {
    throw new MediaError(`frame ${page + 1} cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  }
}
