// Draws the pages of a PDF document as JPEG pictures, with PDFium as WebAssembly.
import type { PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium'
import wasmPath from '@hyzyla/pdfium/pdfium.wasm' with { type: 'file' }
import { config } from '../config'
import { MediaError } from './task-media'

/** Resolution of the pictures; a PDF measures in points of 1/72 inch. */
const dotsPerInch = 200
const pointsPerInch = 72
/** Most pixels of a page: drawing takes 4 bytes for each. */
const maxPagePixels = 64_000_000
const jpegQuality = 92
const maxPages = 10_000
/** PDFium holds the whole document in its memory. */
const maxBytes = 1 << 29

let library: Promise<PDFiumLibrary> | undefined

const openLibrary = async (): Promise<PDFiumLibrary> => {
  const { PDFiumLibrary } = await import('@hyzyla/pdfium')
  return PDFiumLibrary.init({ wasmBinary: await Bun.file(wasmPath).arrayBuffer() })
}

const openDocument = async (bytes: Uint8Array): Promise<PDFiumDocument> => {
  library ??= openLibrary()
  const { loadDocument } = await library.then((one) => ({ loadDocument: one.loadDocument.bind(one) }))
  return loadDocument(bytes).catch((error: Error) => {
    if (/password|security/i.test(error.message)) throw new MediaError('the document is protected by a password')
    throw new MediaError('the document is damaged or no PDF')
  })
}

const toJpeg = async ({ data, width, height }: { data: Uint8Array; width: number; height: number }) => {
  const { default: sharp } = await import('sharp')
  return sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: maxPagePixels * 2 })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: jpegQuality, chromaSubsampling: '4:4:4' })
    .toBuffer()
}

const scaleOf = (widthPoints: number, heightPoints: number) => {
  const scale = dotsPerInch / pointsPerInch
  const most = Math.min(maxPagePixels, config().image_pixels)
  const pixels = widthPoints * heightPoints * scale * scale
  return pixels > most ? scale * Math.sqrt(most / pixels) : scale
}

/** JPEGs of all pages in order, at 200 dots an inch (less for pages of enormous size). Throws MediaError. */
export const readPdfPages = async function* (path: string): AsyncGenerator<{ bytes: Uint8Array; count: number }> {
  const file = Bun.file(path)
  if (file.size > maxBytes) throw new MediaError(`the document has more than ${maxBytes} bytes`)
  const document = await openDocument(await file.bytes())
  try {
    const count = document.getPageCount()
    if (!count) throw new MediaError('the document has no pages')
    if (count > maxPages) throw new MediaError(`the document has more than ${maxPages} pages`)
    for (let number = 0; number < count; number++) {
      try {
        const page = document.getPage(number)
        const { originalWidth, originalHeight } = page.getOriginalSize()
        const drawn = await page.render({
          scale: scaleOf(originalWidth, originalHeight),
          render: toJpeg,
          renderFormFields: false,
        })
        yield { bytes: drawn.data, count }
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) library = undefined
        throw new MediaError(`page ${number + 1} cannot be drawn (${(error as Error).message.split('\n')[0]})`)
      }
    }
  } finally {
    try {
      document.destroy()
    } catch {
      // After a crash inside of PDFium its memory goes with the instance.
      library = undefined
    }
  }
}
