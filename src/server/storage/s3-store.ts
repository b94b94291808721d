// Buckets of Amazon S3 and compatible servers, by plain signed requests: anonymous access, path style and listings included.
import { StorageError } from './name'
import { explainAnswer, rangeHeader, readBody, send } from './object-http'
import { encodeObjectName, encodeQuery } from './object-names'
import { type ObjectStore, type S3Location, type StoreOptions } from './object-store'
import { signS3 } from './s3-signature'
import { childOf, childrenOf, errorCodeOf, readXmlTree, textOf, type XmlNode } from './xml-tree'

type Call = {
  method?: string
  name?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array | string
}

/** Amazon's buckets have hosts of their own, except those whose dots no certificate covers. */
const addressOf = ({ bucket, endpoint }: S3Location, region: string) => {
  if (endpoint) {
    const { origin, pathname } = new URL(endpoint)
    return { origin, base: `${pathname.replace(/\/+$/, '')}/${bucket}` }
  }
  const host = `s3.${region}.amazonaws.com`
  return bucket.includes('.')
    ? { origin: `https://${host}`, base: `/${bucket}` }
    : { origin: `https://${bucket}.${host}`, base: '' }
}

/** Names travel escaped, because XML cannot hold every character. */
const readName = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new StorageError("The store's answer holds a name that cannot be read")
  }
}

const readObject = (node: XmlNode) => ({
  name: readName(textOf(node, 'Key')),
  size: Number(textOf(node, 'Size')),
  modified: new Date(textOf(node, 'LastModified')),
  etag: textOf(node, 'ETag').replaceAll('"', ''),
})

export const openS3 = (location: S3Location, { transport, partBytes }: StoreOptions): ObjectStore => {
  const { bucket, credentials } = location
  let region = location.region || 'us-east-1'

  const build = ({ method = 'GET', name, query = {}, headers = {}, body }: Call) => {
    const { origin, base } = addressOf(location, region)
    const path = `${base}/${name === undefined ? '' : encodeObjectName(name)}`
    const all = credentials ? signS3({ method, origin, path, query, headers }, region, credentials) : headers
    const text = encodeQuery(query)
    return { url: `${origin}${path}${text && `?${text}`}`, message: { method, headers: all, body } }
  }

  /** Answers of success only; `missingIsFine` lets 404 pass. A bucket of another region says so: then the call is sent there. */
  const call = async (what: Call, missingIsFine = false): Promise<Response> => {
    const response = await send(transport, () => build(what))
    if (response.ok || (missingIsFine && response.status === 404)) return response
    const rightRegion = response.headers.get('x-amz-bucket-region')
    if (rightRegion && rightRegion !== region && !location.endpoint && /^[a-z0-9-]+$/.test(rightRegion)) {
      await response.body?.cancel()
      region = rightRegion
      return call(what, missingIsFine)
    }
    const code = await errorCodeOf(await readBody(response))
    throw explainAnswer(response.status, code, bucket, code === 'NoSuchBucket' ? undefined : what.name)
  }

  /** Some servers let strangers read what they may not ask about: then one byte is read instead. */
  const head = (name: string): Promise<Response> =>
    call({ method: 'HEAD', name }, true).catch((error) => {
      if (credentials || !(error instanceof StorageError) || error.reason !== 'forbidden') throw error
      return call({ name, headers: { range: 'bytes=0-0' } }, true)
    })

  const putInParts = async (name: string, content: Blob) => {
    const started = await call({ method: 'POST', name, query: { uploads: '' }, body: '' })
    const uploadId = textOf(await readXmlTree(await readBody(started)), 'UploadId')
    try {
      const parts: string[] = []
      for (let at = 0; at < content.size; at += partBytes) {
        const partNumber = String(parts.length + 1)
        const body = await content.slice(at, at + partBytes).bytes()
        const { headers } = await call({ method: 'PUT', name, query: { partNumber, uploadId }, body })
        parts.push(`<Part><PartNumber>${partNumber}</PartNumber><ETag>${headers.get('etag') ?? ''}</ETag></Part>`)
      }
      const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
      const headers = { 'content-type': 'application/xml' }
      const answer = await readBody(await call({ method: 'POST', name, query: { uploadId }, headers, body }))
      // Completion may fail after its headers were sent: then the body is an error.
      const code = await errorCodeOf(answer)
      if (code) throw explainAnswer(500, code, bucket, name)
    } catch (error) {
      await call({ method: 'DELETE', name, query: { uploadId } }, true).catch(() => {})
      throw error
    }
  }

  return {
    bucket,
    list: async ({ prefix = '', flat = false, next, limit = 1000 } = {}) => {
      const query = {
        'list-type': '2',
        'encoding-type': 'url',
        'max-keys': String(limit),
        ...(prefix && { prefix }),
        ...(!flat && { delimiter: '/' }),
        ...(next && { 'continuation-token': next }),
      }
      const root = await readXmlTree(await readBody(await call({ query })))
      const token = textOf(root, 'NextContinuationToken')
      return {
        objects: childrenOf(root, 'Contents').map(readObject),
        folders: childrenOf(root, 'CommonPrefixes').map((node) => readName(childOf(node, 'Prefix')?.text ?? '')),
        next: textOf(root, 'IsTruncated') === 'true' && token ? token : null,
      }
    },
    stat: async (name) => {
      const response = await head(name)
      await response.body?.cancel()
      const { status, headers } = response
      if (status === 404) return undefined
      return {
        name,
        size: Number(headers.get('content-range')?.split('/')[1] ?? headers.get('content-length')),
        modified: new Date(headers.get('last-modified') ?? 0),
        etag: (headers.get('etag') ?? '').replaceAll('"', ''),
      }
    },
    stream: async (name, range) =>
      (await call({ name, headers: range ? { range: rangeHeader(range) } : {} })).body ?? new Blob([]).stream(),
    put: async (name, content) => {
      if (content.size > partBytes) return putInParts(name, content)
      const headers = { 'content-type': content.type || 'application/octet-stream' }
      await readBody(await call({ method: 'PUT', name, headers, body: await content.bytes() }))
    },
    copy: async (from, to) => {
      const headers = { 'x-amz-copy-source': `/${bucket}/${encodeObjectName(from)}` }
      // Larger objects than S3 copies in one step are refused.
      const response = await call({ method: 'PUT', name: to, headers, body: '' }).catch((error) => {
        if (error instanceof StorageError && error.reason === 'failed') return undefined
        throw error
      })
      // A copy may fail after its headers were sent: then the body is an error.
      return response !== undefined && !(await errorCodeOf(await readBody(response)))
    },
    remove: async (name) => void (await readBody(await call({ method: 'DELETE', name }, true))),
  }
}
