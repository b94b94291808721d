// Looks at the header of a picture: its size as displayed, and whether it can be used at all. Nothing is decoded.
import { basename } from 'node:path'
import { config } from '../config'
import { readAvif } from './headers/avif'
import { readJpeg } from './headers/jpeg'
import { type Header, type Reader, readHeader } from './headers/reader'
import { readBmp, readGif, readPng, readWebp } from './headers/simple'
import { readTiff } from './headers/tiff'
import { type ImageProbe, MediaError } from './task-media'

/** Longest side that a JPEG can have. */
const maxSide = 65_500

type Format = { starts: (head: string) => boolean; read: (reader: Reader) => Header | undefined }

const formats: Format[] = [
  { starts: (head) => head.startsWith('\xff\xd8\xff'), read: readJpeg },
  { starts: (head) => head.startsWith('\x89PNG\r\n\x1a\n'), read: readPng },
  { starts: (head) => /^GIF8[79]a/.test(head), read: readGif },
  { starts: (head) => head.startsWith('BM'), read: readBmp },
  { starts: (head) => /^RIFF[\s\S]{4}WEBP/.test(head), read: readWebp },
  { starts: (head) => /^(II[*+]\0|MM\0[*+])/.test(head), read: readTiff },
  { starts: (head) => head.startsWith('ftyp', 4), read: readAvif },
]

const readKnown = (path: string) =>
  readHeader(path, (reader) => {
    const head = reader.at(0, 16).toString('latin1')
    return formats.find(({ starts }) => starts(head))?.read(reader)
  })

/** The header of any picture that we can decode; undefined for everything else. */
export const readImageHeader = async (path: string): Promise<Header | undefined> => {
  try {
    return readKnown(path)
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EISDIR'].includes((error as { code?: string }).code ?? '')) throw error
    return undefined
  }
}

/**
 * Size in pixels as displayed (orientation applied), from the header alone.
 * Throws MediaError, which names the picture, when it is empty, no picture, cut off or too large.
 * @param name what people call the file
 */
export const probeImage = async (path: string, name = basename(path)): Promise<ImageProbe> => {
  const refuse = (why: string): never => {
    throw new MediaError(`${name}: ${why}`)
  }
  if (Bun.file(path).size === 0) refuse('the file is empty')
  const header = (await readImageHeader(path)) ?? refuse('not a picture of a known kind (JPEG, PNG, WebP, TIFF, BMP, GIF, AVIF)')
  const { format, orientation } = header
  const [width, height] = orientation >= 5 ? [header.height, header.width] : [header.width, header.height]
  if (!(width > 0 && height > 0)) refuse(`the picture has no area (${width} × ${height})`)
  if (Math.max(width, height) > maxSide) refuse(`${width} × ${height} pixels; a side may have at most ${maxSide}`)
  const limit = config().image_pixels
  if (width * height > limit) refuse(`${width} × ${height} pixels are more than the ${limit} that this server allows`)
  if (!header.complete) refuse('the file is cut off')
  return { width, height, format, orientation }
}
