// Containers of Azure Blob Storage, by plain requests with a shared key, a shared access signature or nothing.
import { signAzure } from './azure-signature'
import { explainAnswer, rangeHeader, readBody, send } from './object-http'
import { encodeObjectName } from './object-names'
import { type AzureLocation, type ObjectStore, type StoreOptions } from './object-store'
import { childOf, childrenOf, errorCodeOf, readXmlTree, textOf, type XmlNode } from './xml-tree'

const apiVersion = '2021-08-06'

type Call = {
  method?: string
  name?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array | string
}

const readName = (node: XmlNode) => {
  const name = childOf(node, 'Name')
  return name?.attributes.Encoded === 'true' ? decodeURIComponent(name.text) : (name?.text ?? '')
}

const readBlob = (node: XmlNode) => {
  const facts = childOf(node, 'Properties')
  return {
    name: readName(node),
    size: Number(textOf(facts, 'Content-Length')),
    modified: new Date(textOf(facts, 'Last-Modified')),
    etag: textOf(facts, 'Etag').replaceAll('"', ''),
  }
}

/** Accounts with real folders list each also as an empty object without a slash. */
const isFolderMark = (node: XmlNode) => textOf(childOf(node, 'Metadata'), 'hdi_isfolder') === 'true'

export const openAzure = (location: AzureLocation, { transport, partBytes }: StoreOptions): ObjectStore => {
  const { bucket, account, accountKey } = location
  const endpoint = (location.endpoint ?? `https://${account}.blob.core.windows.net`).replace(/\/+$/, '')
  const sas = accountKey ? '' : (location.sas ?? '').replace(/^\?/, '')

  const build = ({ method = 'GET', name, query = {}, headers = {}, body }: Call) => {
    const url = new URL(`${endpoint}/${encodeURIComponent(bucket)}${name === undefined ? '' : `/${encodeObjectName(name)}`}`)
    url.search = [new URLSearchParams(query).toString(), sas].filter(Boolean).join('&')
    const all: Record<string, string> = {
      ...headers,
      ...(body !== undefined && { 'content-type': headers['content-type'] ?? 'application/octet-stream' }),
      'x-ms-version': apiVersion,
      'x-ms-date': new Date().toUTCString(),
    }
    if (accountKey) {
      const bodyBytes = body === undefined ? 0 : Buffer.byteLength(body)
      all.authorization = signAzure({ method, url, headers: all, bodyBytes }, account, accountKey)
    }
    return { url: url.href, message: { method, headers: all, body } }
  }

  const call = async (what: Call, missingIsFine = false): Promise<Response> => {
    const response = await send(transport, () => build(what))
    if (response.ok || (missingIsFine && response.status === 404)) return response
    const code = response.headers.get('x-ms-error-code') ?? (await errorCodeOf(await readBody(response)))
    throw explainAnswer(response.status, code, bucket, code === 'ContainerNotFound' ? undefined : what.name)
  }

  const putInParts = async (name: string, content: Blob) => {
    const ids: string[] = []
    for (let at = 0; at < content.size; at += partBytes) {
      const blockid = Buffer.from(String(ids.length).padStart(8, '0')).toString('base64')
      const body = await content.slice(at, at + partBytes).bytes()
      await readBody(await call({ method: 'PUT', name, query: { comp: 'block', blockid }, body }))
      ids.push(`<Latest>${blockid}</Latest>`)
    }
    const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.join('')}</BlockList>`
    const headers = { 'content-type': 'application/xml' }
    await readBody(await call({ method: 'PUT', name, query: { comp: 'blocklist' }, headers, body }))
  }

  return {
    bucket,
    list: async ({ prefix = '', flat = false, next, limit = 1000 } = {}) => {
      const query = {
        restype: 'container',
        comp: 'list',
        include: 'metadata',
        maxresults: String(limit),
        ...(prefix && { prefix }),
        ...(!flat && { delimiter: '/' }),
        ...(next && { marker: next }),
      }
      const root = await readXmlTree(await readBody(await call({ query })))
      const blobs = childOf(root, 'Blobs')
      return {
        objects: childrenOf(blobs, 'Blob')
          .filter((node) => !isFolderMark(node))
          .map(readBlob),
        folders: childrenOf(blobs, 'BlobPrefix').map(readName),
        next: textOf(root, 'NextMarker') || null,
      }
    },
    stat: async (name) => {
      const { status, headers } = await call({ method: 'HEAD', name }, true)
      if (status === 404) return undefined
      return {
        name,
        size: Number(headers.get('content-length')),
        modified: new Date(headers.get('last-modified') ?? 0),
        etag: (headers.get('etag') ?? '').replaceAll('"', ''),
      }
    },
    stream: async (name, range) =>
      (await call({ name, headers: range ? { range: rangeHeader(range) } : {} })).body ?? new Blob([]).stream(),
    put: async (name, content) => {
      if (content.size > partBytes) return putInParts(name, content)
      const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-type': content.type || 'application/octet-stream' }
      await readBody(await call({ method: 'PUT', name, headers, body: await content.bytes() }))
    },
    remove: async (name) => void (await readBody(await call({ method: 'DELETE', name }, true))),
  }
}
