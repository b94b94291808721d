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

const tiffMark = /^(II[*+]\0|MM\0[*+])/
const readMark = async (path: string) => Buffer.from(await Bun.file(path).slice(0, 32).bytes()).toString('latin1')

/** Page numbers of a picture, from its headers alone; one for everything that is not animated. */
export const listPicturePages = async (path: string): Promise<number[]> => {
  const mark = await readMark(path)
  if (tiffMark.test(mark)) return readHeader(path, listTiffPages)
  const isAnimatedWebp = /^RIFF[\s\S]{4}WEBPVP8X/.test(mark) && (mark.charCodeAt(20) & 2) !== 0
  if (!isAnimatedWebp && !/^GIF8[79]a/.test(mark)) return [0]
  // Damage is found and named when the picture is probed.
  const { pages = 1 } = await (await openPages(path, 0)).metadata().catch(() => ({ pages: 1 }))
  if (pages > maxPages) throw new MediaError(`the picture has more than ${maxPages} frames`)
  return Array.from({ length: pages }, (_, page) => page)
}

type Page = { bytes: Uint8Array; extension: 'png' | 'tif' }

/** Pixels of an animation that are decoded together: its frames build on each other, so single ones would be decoded again and again. */
const batchPixels = 32_000_000
const compressionLevel = 6

const readAnimation = async function* (path: string, count: number): AsyncGenerator<Page> {
  const { default: sharp } = await import('sharp')
  const { width, height, pageHeight = height } = await (await openPages(path, 0)).metadata()
  const batch = Math.max(1, Math.floor(batchPixels / (width * pageHeight)))
  for (let first = 0; first < count; first += batch) {
    const pages = Math.min(batch, count - first)
    const { data, info } = await (await openPages(path, first, pages)).raw().toBuffer({ resolveWithObject: true })
    const { channels } = info
    const frameBytes = data.length / pages
    for (let n = 0; n < pages; n++) {
      const frame = data.subarray(n * frameBytes, (n + 1) * frameBytes)
      const raw = { width: info.width, height: info.height / pages, channels }
      yield { bytes: await sharp(frame, { raw }).png({ compressionLevel }).toBuffer(), extension: 'png' }
    }
  }
}

const readTiffPages = async function* (path: string, pages: number[]): AsyncGenerator<Page> {
  for (const page of pages) {
    const image = (await openPages(path, page)).keepIccProfile()
    const metadata = await image.metadata()
    // Once a page is on its own, its orientation is applied for good.
    image.autoOrient()
    const fits = metadata.depth === 'uchar' || metadata.depth === 'ushort'
    if (fits) image.toColourspace(spaceOf(metadata))
    const encoded = fits ? image.png({ compressionLevel }) : image.tiff({ compression: 'lzw' })
    yield { bytes: await encoded.toBuffer(), extension: fits ? 'png' : 'tif' }
  }
}

const isTiff = async (path: string) => tiffMark.test(await readMark(path))

/** The pages as lossless pictures of their own: PNG, or TIFF where PNG could not hold the values. Throws MediaError. */
export const readPicturePages = async function* (path: string, pages: number[]): AsyncGenerator<Page> {
  let done = 0
  try {
    for await (const page of (await isTiff(path)) ? readTiffPages(path, pages) : readAnimation(path, pages.length)) {
      done++
      yield page
    }
  } catch (error) {
    throw new MediaError(`frame ${done + 1} cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  }
}
