// Sends requests to object stores: time limits, repeated tries when a store is busy, errors in words.
import { EgressError, egress } from '../http/egress'
import { StorageError, type StorageReason } from './name'

export type Message = { method: string; headers: Record<string, string>; body?: string | Uint8Array }
/** What carries a request; redirects are not followed. */
export type Transport = (url: string, message: Message, signal: AbortSignal) => Promise<Response>

const answerMs = 30_000
const uploadMs = 300_000
const wholeMs = 6 * 3_600_000

/** For addresses that people enter: the guard judges where they lead. */
export const guardedTransport: Transport = (url, message, signal) =>
  egress(url, { ...message, signal, maxRedirects: 0, maxBytes: Number.MAX_SAFE_INTEGER, timeoutMs: wholeMs })
/** For addresses that the administrator has configured. */
export const openTransport: Transport = (url, { body, ...message }, signal) =>
  fetch(url, { ...message, body: body as BodyInit | undefined, signal, redirect: 'manual' })

const busy = new Set([429, 500, 502, 503, 504])
const waitsMs = [200, 800]

/** Waits a bounded time for the headers; the body may take longer. */
const sendOnce = async (transport: Transport, url: string, message: Message): Promise<Response> => {
  const control = new AbortController()
  const limit = message.body?.length ? uploadMs : answerMs
  const timer = setTimeout(() => control.abort(new Error(`no answer within ${limit / 1000} seconds`)), limit)
  try {
    return await transport(url, message, control.signal)
  } finally {
    clearTimeout(timer)
  }
}

const explainFailure = (error: unknown, url: string) => {
  if (error instanceof StorageError) return error
  const { message } = error as Error
  if (error instanceof EgressError && error.fault === 'refused') return new StorageError(message, 'unreachable')
  return new StorageError(`Could not connect to ${URL.parse(url)?.origin ?? url}: ${message}`, 'unreachable')
}

export type Outgoing = { url: string; message: Message }

/** The request is built anew for each try, because signatures hold the time. Throws StorageError when no answer comes. */
export const send = async (transport: Transport, build: () => Outgoing | Promise<Outgoing>): Promise<Response> => {
  for (let tries = 0; ; tries++) {
    const { url, message } = await build()
    const response = await sendOnce(transport, url, message).catch((error) => {
      throw explainFailure(error, url)
    })
    const wait = waitsMs[tries]
    if (!busy.has(response.status) || wait === undefined) return response
    await response.body?.cancel()
    await Bun.sleep(wait)
  }
}

const reasonOf: Record<number, StorageReason> = { 401: 'forbidden', 403: 'forbidden', 404: 'missing', 409: 'forbidden' }
const maxShown = 300

/** The error that an unsuccessful answer stands for. `what` is the object, or the bucket itself when undefined. */
export const explainAnswer = (status: number, code: string, bucket: string, what?: string): StorageError => {
  const shown = what === undefined ? `The bucket "${bucket}"` : `The object "${what}" in the bucket "${bucket}"`
  const reason = reasonOf[status] ?? 'failed'
  const words: Record<StorageReason, string> = {
    missing: `${shown} was not found`,
    forbidden: `Access to ${shown.replace(/^The/, 'the')} was refused`,
    unreachable: `${shown} could not be reached`,
    failed: `${shown}: the store answered ${status}`,
  }
  return new StorageError(code ? `${words[reason]} (${code.slice(0, maxShown)})` : words[reason], reason)
}

/** Value of a Range header. */
export const rangeHeader = ({ start, end }: { start: number; end?: number }) =>
  `bytes=${start}-${end === undefined ? '' : end - 1}`

/** The whole body as bytes, of which there may be at most `limit`. */
export const readBody = async (response: Response, limit = 64 * 2 ** 20): Promise<Uint8Array> => {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > limit) throw new StorageError('The store answered with more than can be read')
    parts.push(part)
  }
  return Buffer.concat(parts)
}
