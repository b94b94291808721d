// Buckets of Google Cloud Storage, by plain requests to its JSON interface with a service account or nothing.
import { createTokenSource } from './google-token'
import { StorageError } from './name'
import { explainAnswer, rangeHeader, readBody, send } from './object-http'
import { encodeObjectName, encodeQuery, encodeWholeName } from './object-names'
import { type GcsLocation, type ObjectStore, type StoreOptions } from './object-store'

type Call = {
  method?: string
  /** Path below the endpoint, or a whole address. */
  path: string
  /** Object that the call is about. */
  name?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array | string
}
type Resource = { name?: string; size?: string; updated?: string; etag?: string; md5Hash?: string }
type Listing = { items?: Resource[]; prefixes?: string[]; nextPageToken?: string }

/** Parts of a resumable upload must be multiples of this. */
const partStep = 256 * 1024
const defaultEndpoint = 'https://storage.googleapis.com'

const readResource = ({ name = '', size, updated, etag, md5Hash }: Resource) => ({
  name,
  size: Number(size ?? 0),
  modified: new Date(updated ?? 0),
  etag: etag ?? md5Hash ?? '',
})

const readJson = async <T>(response: Response): Promise<T> => {
  try {
    return JSON.parse(new TextDecoder().decode(await readBody(response))) as T
  } catch (error) {
    if (error instanceof StorageError) throw error
    throw new StorageError("The store's answer cannot be read")
  }
}

export const openGcs = (location: GcsLocation, { transport, partBytes }: StoreOptions): ObjectStore => {
  const { bucket, serviceAccount } = location
  const endpoint = (location.endpoint ?? defaultEndpoint).replace(/\/+$/, '')
  const getToken = serviceAccount && createTokenSource(serviceAccount, transport)
  const objects = `/storage/v1/b/${encodeWholeName(bucket)}/o`
  const uploads = `/upload${objects}`
  const objectPath = (name: string) => {
    encodeObjectName(name)
    return `${objects}/${encodeWholeName(name)}`
  }

  const call = async ({ method = 'GET', path, name, query = {}, headers = {}, body }: Call, fine: number[] = []) => {
    const text = encodeQuery(query)
    const url = `${path.startsWith('/') ? endpoint : ''}${path}${text && `?${text}`}`
    const response = await send(transport, async () => ({
      url,
      message: { method, headers: { ...headers, ...(getToken && { authorization: `Bearer ${await getToken()}` }) }, body },
    }))
    if (response.ok || fine.includes(response.status)) return response
    await readBody(response)
    throw explainAnswer(response.status, '', bucket, name)
  }

  /** The session's address comes from the store; only its own host is followed. */
  const readSession = (response: Response) => {
    const session = new URL(response.headers.get('location') ?? '', endpoint)
    if (session.host !== new URL(endpoint).host) throw new StorageError('The store sends uploads to another host')
    return session.href
  }

  const putInParts = async (name: string, content: Blob) => {
    const step = Math.max(partStep, Math.floor(partBytes / partStep) * partStep)
    const type = content.type || 'application/octet-stream'
    const started = await call({
      method: 'POST',
      path: uploads,
      name,
      query: { uploadType: 'resumable', name },
      headers: { 'content-type': 'application/json', 'x-upload-content-type': type },
      body: JSON.stringify({ name }),
    })
    await readBody(started)
    const path = readSession(started)
    for (let at = 0; at < content.size; at += step) {
      const body = await content.slice(at, at + step).bytes()
      const headers = { 'content-type': type, 'content-range': `bytes ${at}-${at + body.length - 1}/${content.size}` }
      await readBody(await call({ method: 'PUT', path, name, headers, body }, [308]))
    }
  }

  return {
    bucket,
    list: async ({ prefix = '', flat = false, next, limit = 1000 } = {}) => {
      const query = {
        maxResults: String(limit),
        ...(prefix && { prefix }),
        ...(!flat && { delimiter: '/' }),
        ...(next && { pageToken: next }),
      }
      const listing = await readJson<Listing>(await call({ path: objects, query }))
      return {
        objects: (listing.items ?? []).map(readResource),
        folders: listing.prefixes ?? [],
        next: listing.nextPageToken ?? null,
      }
    },
    stat: async (name) => {
      const response = await call({ path: objectPath(name), name }, [404])
      if (response.status !== 404) return readResource(await readJson<Resource>(response))
      await readBody(response)
      return undefined
    },
    stream: async (name, range) =>
      (await call({ path: objectPath(name), name, query: { alt: 'media' }, headers: range ? { range: rangeHeader(range) } : {} }))
        .body ?? new Blob([]).stream(),
    put: async (name, content) => {
      encodeObjectName(name)
      if (content.size > partBytes) return putInParts(name, content)
      const mark = crypto.randomUUID()
      const part = (type: string) => `--${mark}\r\ncontent-type: ${type}\r\n\r\n`
      const meta = `${part('application/json; charset=utf-8')}${JSON.stringify({ name })}\r\n`
      const body = await new Blob([
        meta,
        part(content.type || 'application/octet-stream'),
        await content.bytes(),
        `\r\n--${mark}--\r\n`,
      ]).bytes()
      const headers = { 'content-type': `multipart/related; boundary=${mark}` }
      await readBody(await call({ method: 'POST', path: uploads, name, query: { uploadType: 'multipart' }, headers, body }))
    },
    remove: async (name) => void (await readBody(await call({ method: 'DELETE', path: objectPath(name), name }, [404]))),
  }
}
