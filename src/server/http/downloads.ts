// Files as answers: safe names, ranges, strong ETags, never compressed.
import { notFound } from './errors'

/** A name that every client can take from Content-Disposition: A-Za-z0-9_-. and space, with an extension. */
export const safeFileName = (name: string) => {
  const clean = name
    .replace(/[^A-Za-z0-9_\-. ]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-200)
  return clean || 'file'
}

const readRange = (header: string | null, size: number): [number, number] | null => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (!match[1] && !match[2])) return null
  const start = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]))
  const end = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1
  return start <= end && start < size ? [start, end] : null
}

export type SentFile = { path: string; type: string; etag?: string; name?: string; headers?: Record<string, string> }

/** Sends a local file: 304 when the client has it, 206 for a range, 200 otherwise; throws 404 when it is not there. */
export const sendFile = async (request: Request, { path, type, etag, name, headers }: SentFile): Promise<Response> => {
  const all: Record<string, string> = {
    'content-type': type,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    ...(etag && { etag, 'cache-control': 'private, no-cache' }),
    ...(name && { 'content-disposition': `attachment; filename="${safeFileName(name)}"` }),
    ...headers,
  }
  if (etag && request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: all })
  const file = Bun.file(path)
  if (!(await file.exists())) throw notFound()
  // A part of another version would not fit to what the client has: RFC 9110, section 13.1.5.
  const isOfAnother = request.headers.has('if-range') && request.headers.get('if-range') !== etag
  const range = isOfAnother ? null : readRange(request.headers.get('range'), file.size)
  if (!range) return new Response(file, { headers: all })
  return new Response(file.slice(range[0], range[1] + 1), {
    status: 206,
    headers: { ...all, 'content-range': `bytes ${range[0]}-${range[1]}/${file.size}` },
  })
}
