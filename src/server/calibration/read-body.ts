// Calibration files out of the body of a request: a form of files or archives, or JSON.

import { isCalibrationName } from '../../formats/calibration/calibration-names'
import { FormatError } from '../../formats/format-error'
import { openBytes } from '../../formats/io/byte-source'
import { openDatasetFiles } from '../../formats/io/dataset-files'
import { type CalibrationFile, maxCalibrationBytes } from '../data/service'
import { invalid, refused, tooLarge } from '../http/errors'
import { listUploads, uploadFile } from '../http/uploads'
import { storage } from '../storage/storage'

const readBounded = async (request: Request): Promise<Uint8Array<ArrayBuffer>> => {
  const tooBig = () => tooLarge(`Calibration files may have at most ${maxCalibrationBytes} bytes together.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxCalibrationBytes) throw tooBig()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxCalibrationBytes) throw tooBig()
    chunks.push(chunk)
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer())
}

/** What of an archive may be calibration: by names as in an upload, or all its texts where no name tells. */
const openArchive = async (name: string, bytes: Uint8Array): Promise<CalibrationFile[]> => {
  const { list } = await openDatasetFiles(openBytes(bytes))
  const texts = list.filter((file) => /\.(txt|json)$/i.test(file.name) && !/(^|\/)(__MACOSX|\._)/.test(file.name))
  const named = texts.filter((file) => isCalibrationName(file.name))
  const files: CalibrationFile[] = []
  let total = 0
  for (const file of named.length ? named : texts) {
    total += file.size
    if (total > maxCalibrationBytes) throw tooLarge(`${name}: its files have more than ${maxCalibrationBytes} bytes.`)
    files.push({ name: file.name, text: await new Response(file.stream() as unknown as BodyInit).text() })
  }
  if (!files.length) throw refused(`${name}: the archive has no calibration files`)
  return files
}

const readFile = async (name: string, bytes: Uint8Array): Promise<CalibrationFile[]> =>
  /\.zip$/i.test(name) ? openArchive(name, bytes) : [{ name, text: new TextDecoder().decode(bytes) }]

const readForm = async (body: Uint8Array<ArrayBuffer>, type: string): Promise<CalibrationFile[]> => {
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw refused('The multipart body cannot be read.')
  })
  const files: CalibrationFile[] = []
  for (const value of form.values() as Iterable<string | File>) {
    // A field for files that nobody chose one for.
    if (typeof value === 'string' || (!value.name && !value.size)) continue
    files.push(...(await readFile(value.name, await value.bytes())))
  }
  return files
}

/** `{ "files": [{ "name", "text" }] }`, or the calibration itself. */
const readJson = (body: unknown): CalibrationFile[] => {
  const files = (body as { files?: unknown } | null)?.files
  if (files === undefined) return [{ name: 'calibration.json', text: JSON.stringify(body) }]
  if (!Array.isArray(files)) throw invalid({ files: 'A list of files is needed.' })
  return files.map((file, i) => {
    if (typeof file?.name !== 'string' || !file.name || typeof file?.text !== 'string')
      throw invalid({ [`files[${i}]`]: 'A file needs a name and a text.' })
    return { name: file.name, text: file.text }
  })
}

/**
 * @param json what the server has read already, of a JSON body
 * Throws 400, 413.
 */
export const readCalibrationBody = async (request: Request, json: unknown): Promise<CalibrationFile[]> => {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('multipart/form-data')) return readJson(json ?? {})
  return inWords(async () => readForm(await readBounded(request), type))
}

const inWords = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof FormatError) throw refused(error.message)
    throw error
  }
}

/** The same of files that a page's form has left among the uploads of a person. */
export const readUploadedFiles = (userId: number, purpose: string): Promise<CalibrationFile[]> =>
  inWords(async () => {
    const uploads = await listUploads(userId, purpose)
    if (uploads.reduce((sum, { length }) => sum + length, 0) > maxCalibrationBytes)
      throw tooLarge(`Calibration files may have at most ${maxCalibrationBytes} bytes together.`)
    const files: CalibrationFile[] = []
    for (const { id, name } of uploads) files.push(...(await readFile(name, await storage().get(uploadFile(id)))))
    return files
  })
