// Writes a stream of bytes to the end of an upload, one writer at a time; what arrived before a broken connection is kept.
import { ApiError, refused, tooLarge } from './errors'
import { openUploadAt, readOffset } from './upload-bytes'
import { completeUpload, type Upload } from './uploads'

type Writer = { abort: AbortController; done: Promise<unknown> }
const writers = new Map<string, Writer>()

/** Ends the writer of an upload, if there is one: its connection may hang while the client has come back on another. */
export const stopWriter = async (id: string) => {
  const writer = writers.get(id)
  writer?.abort.abort()
  await writer?.done.catch(() => {})
}

const chunksOf = async function* (body: ReadableStream<Uint8Array> | null, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  const stop = () => void reader.cancel().catch(() => {})
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (;;) {
      // A broken connection ends the piece; how much of it counts is for the client to ask.
      const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }))
      if (done || signal.aborted) return
      yield value
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** 409 with the true offset, from which a client goes on. */
export class WrongOffset extends ApiError {
  constructor(readonly offset: number) {
    super(409, { detail: `The next byte that is expected has the offset ${offset}.` })
  }
}

type Piece = { offset: number; body: ReadableStream<Uint8Array> | null; announced: number }

const write = async (upload: Upload, { offset, body, announced }: Piece, signal: AbortSignal) => {
  const start = await readOffset(upload.id)
  if (start !== offset) throw new WrongOffset(start)
  const refuse = () => tooLarge(`${upload.name}: more than the announced ${upload.length} bytes arrived`)
  if (offset + announced > upload.length) throw refuse()
  const file = await openUploadAt(upload.id, start)
  let at = start
  try {
    for await (const chunk of chunksOf(body, signal)) {
      if (at + chunk.length > upload.length) throw refuse()
      await file.write(chunk)
      at += chunk.length
    }
  } finally {
    // Of a broken connection, too, what has come counts.
    await file.end(at === upload.length)
  }
  // When everything has come, nothing is left for the other connection to bring.
  if (signal.aborted && at < upload.length) throw refused('The upload goes on over another connection.')
  return at
}

/**
 * Appends a piece that starts at `offset` and answers the new offset. With the last byte everything is on disk.
 * Errors: 409 for a wrong offset, 413 for more bytes than were announced.
 */
export const appendToUpload = async (
  upload: Upload,
  offset: number,
  body: ReadableStream<Uint8Array> | null,
  announced = 0,
): Promise<number> => {
  while (writers.has(upload.id)) await stopWriter(upload.id)
  const abort = new AbortController()
  const run = async () => {
    try {
      const at = await write(upload, { offset, body, announced }, abort.signal)
      if (at === upload.length) await completeUpload(upload.id)
      return at
    } finally {
      writers.delete(upload.id)
    }
  }
  const done = run()
  writers.set(upload.id, { abort, done })
  return done
}
