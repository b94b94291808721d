// Reads multipart bodies: files go straight to disk, a few at a time; fields are collected.
import busboy from 'busboy'
import { config } from '../config'
import { ApiError, invalid, refused, tooLarge } from './errors'
import { openNewUpload, removeUploadBytes } from './upload-bytes'
import { readUploadName } from './upload-names'
import { newUploadId, recordUploads, settleTwins, type Upload } from './uploads'

/** Text parts by name, in order; a name may come more than once. */
export type FormFields = [name: string, value: string][]
export type Form = { fields: FormFields; files: Upload[] }

/** `open(field)` says whether a file part of this name is wanted. */
export type FormOptions = {
  userId: number
  purpose: string
  accepts: (field: string) => boolean
  /** Leaves out parts without a name: browsers send one for a field in which no file is chosen. */
  skipsNameless?: boolean
}

const maxFieldBytes = 64 * 2 ** 20
/** Parts that may be written at the same time. */
const maxOpenFiles = 16

type FileStream = AsyncIterable<Uint8Array> & { resume: () => void; truncated?: boolean }

const writeFile = async (upload: Upload, stream: FileStream) => {
  const file = await openNewUpload(upload.id)
  let isWhole = false
  try {
    for await (const chunk of stream) {
      await file.write(chunk)
      upload.length += chunk.length
    }
    if (stream.truncated) throw tooLarge(`${upload.name}: larger than the ${config().upload_bytes} bytes that this server allows`)
    isWhole = true
  } finally {
    await file.end(isWhole)
  }
}

const openParser = (request: Request) => {
  try {
    return busboy({
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      preservePath: true,
      defParamCharset: 'utf8',
      limits: { fieldSize: maxFieldBytes, fields: Number.POSITIVE_INFINITY, fileSize: config().upload_bytes },
    })
  } catch (error) {
    throw refused(`The multipart body cannot be read: ${(error as Error).message}`)
  }
}

const refuseDoubles = (files: Upload[]) => {
  const seen = new Set<string>()
  for (const { name } of files) {
    if (seen.has(name)) throw invalid({ client_files: `${name}: two files of this request have the same name` })
    seen.add(name)
  }
}

/** The parser gives up on control characters in a part's header without saying where: the file's name is looked for here. */
const explain = (error: unknown, chunk: Uint8Array): unknown => {
  const [, name] = /filename="([^"\r\n]*\p{Cc}[^"\r\n]*)"/u.exec(new TextDecoder().decode(chunk)) ?? []
  try {
    if (name !== undefined) readUploadName(name, false)
  } catch (refusal) {
    return refusal
  }
  return error
}

/** Receives the whole body; nothing of it is kept when it fails. */
const receive = async (request: Request, { userId, purpose, accepts, skipsNameless }: FormOptions, form: Form): Promise<void> => {
  const parser = openParser(request)
  const pending = new Set<Promise<void>>()
  let failure: unknown
  let fieldBytes = 0
  const ended = Promise.withResolvers<void>()
  const fail = (error: unknown) => {
    // A full disk is our fault and not to be told in detail; everything else is about the body.
    const isOurs = error instanceof ApiError || (error as { syscall?: string }).syscall !== undefined
    failure ??= isOurs ? error : refused(`The multipart body cannot be read: ${(error as Error).message}`)
    ended.resolve()
  }
  const startFile = (field: string, stream: FileStream, given: string | undefined) => {
    if (!accepts(field)) throw invalid({ [field]: 'No file is expected here.' })
    if (!given && skipsNameless) return void stream.resume()
    if (given === undefined || given === '') throw invalid({ [field]: 'The file has no name.' })
    const upload: Upload = {
      id: newUploadId(userId),
      userId,
      purpose,
      name: readUploadName(given, false),
      length: 0,
      complete: true,
      createdAt: new Date(),
    }
    form.files.push(upload)
    const writing = writeFile(upload, stream)
      .catch(fail)
      .finally(() => pending.delete(writing))
    pending.add(writing)
  }
  parser.on('file', (field, stream, { filename }) => {
    // A part that is torn off ends its stream with an error, which the writer sees; nobody else listens.
    stream.on('error', () => {})
    try {
      if (failure) stream.resume()
      else startFile(field, stream as unknown as FileStream, filename)
    } catch (error) {
      fail(error)
      stream.resume()
    }
  })
  parser.on('field', (name, value, { valueTruncated }) => {
    fieldBytes += value.length
    if (valueTruncated || fieldBytes > maxFieldBytes) fail(tooLarge('The fields of the form are too large.'))
    form.fields.push([name, value])
  })
  let current: Uint8Array = new Uint8Array()
  parser.on('error', (error) => fail(explain(error, current)))
  parser.on('close', ended.resolve)
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      if (failure) break
      current = chunk
      if (!parser.write(chunk)) await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), ended.promise])
      while (pending.size > maxOpenFiles && !failure) await Promise.race([...pending, ended.promise])
    }
    if (!failure) parser.end()
    await ended.promise
  } catch (error) {
    fail(error)
  }
  if (failure) parser.destroy()
  await Promise.all(pending)
  if (failure) throw failure
}

/**
 * The fields and files of a multipart body. The files have rows, are on disk and count as complete uploads.
 * Errors: 400 naming the file or field, 413. Nothing is left of a body that fails.
 */
export const receiveForm = async (request: Request, options: FormOptions): Promise<Form> => {
  const form: Form = { fields: [], files: [] }
  try {
    await receive(request, options, form)
    refuseDoubles(form.files)
    if (form.files.length) await settleTwins(form.files, options.userId, options.purpose)
    await recordUploads(form.files)
    return form
  } catch (error) {
    await Promise.all(form.files.map(({ id }) => removeUploadBytes(id)))
    throw error
  }
}
