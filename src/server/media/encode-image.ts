// Turns a stored picture into what is shown: compressed, upright or as a preview. JPEG and BMP by Bun's own codecs, the rest by sharp.
import { config } from '../config'
import type { Header } from './headers/reader'
import { readImageHeader } from './probe-image'
import { MediaError } from './task-media'

export type SourceImage = { path: string; name: string }

const previewSide = 256
const previewQuality = 80

const openSharp = async (path: string, options: { sequentialRead?: boolean } = {}) => {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  // Damage is shown as far as the decoder gets: annotators would rather see half a picture than none.
  return sharp(path, { failOn: 'none', limitInputPixels: config().image_pixels, ...options })
}

/** The header of a picture, or MediaError when the file is gone or cannot be read any more. */
export const requireHeader = async ({ path, name }: SourceImage): Promise<Header> => {
  const header = await readImageHeader(path).catch((error) => {
    throw new MediaError(
      `${name}: ${(error as { code?: string }).code === 'ENOENT' ? 'the file is gone' : 'the file cannot be read'}`,
    )
  })
  if (!header) throw new MediaError(`${name}: not a picture`)
  return header
}

const isPlainJpeg = ({ format, components }: Header) => format === 'jpeg' && (components === 1 || components === 3)
const isDoneByBun = (header: Header) => isPlainJpeg(header) || header.format === 'bmp'

/** Whether the stored bytes serve as the compressed picture: an upright JPEG of no better quality than asked for. */
export const isCompressedEnough = (header: Header, quality: number) =>
  isPlainJpeg(header) && header.orientation === 1 && (header.quality ?? 100) <= quality

const encodeByBun = (path: string, header: Header, quality: number, maxSide?: number) => {
  const image = new Bun.Image(path, { autoOrient: header.orientation !== 1, maxPixels: config().image_pixels })
  if (maxSide) image.resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
  return image.jpeg({ quality }).bytes()
}

/** A picture as it is shown: upright, 8 bits, without transparency. */
export const openShown = async (path: string, options: { sequentialRead?: boolean } = {}) => {
  const image = (await openSharp(path, options)).autoOrient()
  const { depth, channels } = await image.metadata()
  if (depth !== 'uchar' && channels <= 2) {
    // Measuring cameras use a part of their range: stretch it, or the picture would be black.
    const max = (await (await openSharp(path)).stats()).channels[0]?.max ?? 0
    if (max > 0) image.linear((depth === 'ushort' ? 65_535 : 255) / max, 0)
  }
  // Colours stay as stored, with their profile: annotations and models see the same numbers in both qualities.
  return image.removeAlpha().keepIccProfile()
}

const encodeBySharp = async (path: string, quality: number, maxSide?: number): Promise<Uint8Array> => {
  const image = await openShown(path)
  if (maxSide) image.resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
  return image.jpeg({ quality, optimizeCoding: false }).toBuffer()
}

/** A JPEG of a picture, upright; at most `maxSide` pixels long if that is given. */
export const encodeJpeg = async (source: SourceImage, quality: number, maxSide?: number): Promise<Uint8Array> => {
  const header = await requireHeader(source)
  if (isDoneByBun(header)) {
    const bytes = await encodeByBun(source.path, header, quality, maxSide).catch(() => undefined)
    if (bytes) return bytes
  }
  return encodeBySharp(source.path, quality, maxSide).catch((error) => {
    throw new MediaError(`${source.name}: cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  })
}

/** The bytes of the compressed picture: the stored ones when they will do. */
export const readCompressed = async (source: SourceImage, quality: number): Promise<Uint8Array> =>
  isCompressedEnough(await requireHeader(source), quality) ? Bun.file(source.path).bytes() : encodeJpeg(source, quality)

export const encodePreview = (source: SourceImage) => encodeJpeg(source, previewQuality, previewSide)

/** The colour space in which a picture keeps its channels and bits: libvips would make 8-bit sRGB of all. */
export const spaceOf = ({ depth, channels }: { depth?: string; channels?: number }): string => {
  const isGrey = (channels ?? 3) <= 2
  if (depth === 'ushort') return isGrey ? 'grey16' : 'rgb16'
  return isGrey ? 'b-w' : 'srgb'
}

/** The same picture upright in its own format and without an orientation mark, as little changed as the format allows. */
export const encodeUpright = async ({ path, name }: SourceImage, format: string): Promise<Uint8Array> => {
  const image = (await openSharp(path)).autoOrient().keepIccProfile()
  image.toColourspace(spaceOf(await image.metadata().catch(() => ({}))))
  const encoders: Record<string, () => typeof image> = {
    jpeg: () => image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    tiff: () => image.tiff({ compression: 'lzw' }),
    webp: () => image.webp({ lossless: true }),
  }
  return (encoders[format]?.() ?? image.png()).toBuffer().catch((error) => {
    throw new MediaError(`${name}: cannot be decoded (${(error as Error).message.split('\n')[0]})`)
  })
}

/** The original bytes; turned pictures are made upright. */
export const readOriginal = async (source: SourceImage): Promise<Uint8Array> => {
  const { orientation, format } = await requireHeader(source)
  return orientation === 1 ? Bun.file(source.path).bytes() : encodeUpright(source, format)
}

// A BMP of one black pixel: 24 bits, one row of 4 bytes.
const blackBmp = Buffer.from(`424d3a0000000000000036000000280000000100000001000000010018${'00'.repeat(30)}`, 'hex')

/** One black pixel, which stands for a frame that is not part of a job. */
export const encodeBlackPixel = (format: 'jpeg' | 'png'): Promise<Uint8Array> => new Bun.Image(blackBmp)[format]().bytes()

/** Whether the library of pictures is there and gives back what it was given. */
export const canDecodePictures = async (): Promise<boolean> => {
  const { default: sharp } = await import('sharp')
  const png = await sharp(Buffer.from([0, 128, 255]), { raw: { width: 1, height: 1, channels: 3 } })
    .png()
    .toBuffer()
  const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  return data.equals(Buffer.from([0, 128, 255]))
}
