// Answers requests for frames, chunks and previews with files from the media cache.
import { sendFile } from '../http/downloads'
import { notFound, refused } from '../http/errors'
import { isoTime } from '../http/json'
import { getChunk, getContextImages, getFrame, getPreview, type MediaFile, type Quality } from '../media/media'
import { chunkFrames, isInSpan, jobChunkFrames, type Span } from './chunk-frames'
import { orRefuse } from './media-trouble'
import { chunksDateOf, mediaOf, type TaskData } from './stored-media'

export type MediaQuery = { type?: string; number?: string; index?: string; quality?: string }

const readNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined
  if (!/^-?\d{1,15}$/.test(text)) throw refused(`${name} must be a whole number`)
  return Number(text)
}

const requireNumber = (value: number | undefined): number => {
  if (value === undefined) throw refused('Number is not specified')
  return value
}

const readQuality = (text = 'compressed'): Quality => {
  if (text !== 'original' && text !== 'compressed') throw refused('Quality must be "original" or "compressed"')
  return text
}

/** Checksums of chunks by ETag, which stands for their bytes. */
const checksums = new Map<string, string>()
const keptChecksums = 2000

const checksumOf = async ({ etag, path }: MediaFile): Promise<string> => {
  const known = checksums.get(etag)
  if (known) return known
  const checksum = String(Bun.hash.crc32(await Bun.file(path).bytes()))
  checksums.set(etag, checksum)
  if (checksums.size > keptChecksums) checksums.delete(checksums.keys().next().value!)
  return checksum
}

const send = (request: Request, file: MediaFile, headers: Record<string, string> = {}) =>
  sendFile(request, { path: file.path, type: file.type, etag: file.etag, headers })

type Asked = { data: TaskData; query: MediaQuery /** Set for jobs. */; span?: Span }

const sendFrame = async (request: Request, { data, query, span }: Asked) => {
  const number = requireNumber(readNumber('number', query.number))
  const own = span ?? { startFrame: 0, stopFrame: data.size - 1 }
  if (!isInSpan(number, own)) {
    const those = own.frames ? `its frames are ${own.frames.join(', ')}` : `the range is ${own.startFrame} to ${own.stopFrame}`
    throw refused(`Incorrect requested frame number ${number}: ${those}`)
  }
  return send(request, await orRefuse(data.taskId, getFrame(await mediaOf(data), number, readQuality(query.quality))))
}

const sendChunk = async (request: Request, { data, query, span }: Asked) => {
  const number = readNumber('number', query.number)
  const index = span ? readNumber('index', query.index) : undefined
  if (number !== undefined && index !== undefined) throw refused('Only one of number and index can be given')
  const quality = readQuality(query.quality)
  const numbers = span && index !== undefined ? jobChunkFrames(data, index, span) : chunkFrames(data, requireNumber(number), span)
  const file = await orRefuse(data.taskId, getChunk(await mediaOf(data), numbers, quality, !!span?.frames))
  return send(request, file, {
    'x-checksum': await orRefuse(data.taskId, checksumOf(file)),
    'x-updated-date': isoTime(chunksDateOf(data)),
  })
}

/** The pictures beside a frame; 404 when it has none. */
const sendContext = async (request: Request, { data, query, span }: Asked) => {
  const number = requireNumber(readNumber('number', query.number))
  if (!isInSpan(number, span ?? { startFrame: 0, stopFrame: data.size - 1 }))
    throw refused(`Incorrect requested frame number ${number}`)
  const media = await mediaOf(data)
  const related = media.related?.get(media.frames?.[number]?.file ?? '')
  if (!related?.length) throw notFound(`Frame ${number} has no related pictures.`)
  return send(request, await orRefuse(data.taskId, getContextImages(media, related)))
}

const senders: Record<string, (request: Request, asked: Asked) => Promise<Response>> = {
  frame: sendFrame,
  chunk: sendChunk,
  context_image: sendContext,
}

export const requireData = (data: TaskData | null): TaskData => {
  if (!data) throw notFound('The task has no data.')
  return data
}

/** Sends what `type`, `number`, `index` and `quality` ask for. Errors: 400 saying what is wrong, 404 without data. */
export const sendMedia = async (request: Request, data: TaskData | null, query: MediaQuery, span?: Span): Promise<Response> => {
  const sender = Object.hasOwn(senders, query.type ?? '') ? senders[query.type!] : undefined
  if (!sender) throw refused('Data type not specified or has wrong value')
  return sender(request, { data: requireData(data), query, span })
}

export const sendPreview = async (request: Request, data: TaskData | null, number = 0): Promise<Response> => {
  const media = await mediaOf(requireData(data))
  return send(request, await orRefuse(media.taskId, getPreview(media, number)))
}
