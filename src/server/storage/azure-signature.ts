// Shared keys and connection strings of Azure Storage. Source: "Authorize with Shared Key" of its REST reference.
import { createHmac } from 'node:crypto'
import { StorageError } from './name'

export type AzureRequest = {
  method: string
  url: URL
  headers: Record<string, string>
  bodyBytes: number
}

const signedHeaders = [
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

/** Value of the Authorization header. `accountKey` is base64. */
export const signAzure = ({ method, url, headers, bodyBytes }: AzureRequest, account: string, accountKey: string) => {
  const own = Object.entries(headers).filter(([name]) => name.startsWith('x-ms-'))
  const query = [...url.searchParams].map(([name, value]) => `${name.toLowerCase()}:${value}`).sort()
  const text = [
    method,
    headers['content-encoding'] ?? '',
    headers['content-language'] ?? '',
    bodyBytes ? String(bodyBytes) : '',
    ...signedHeaders.map((name) => headers[name] ?? ''),
    ...own.map(([name, value]) => `${name}:${value}`).sort(),
    [`/${account}${url.pathname}`, ...query].join('\n'),
  ].join('\n')
  const signature = createHmac('sha256', Buffer.from(accountKey, 'base64')).update(text).digest('base64')
  return `SharedKey ${account}:${signature}`
}

export type AzureAccount = { account: string; endpoint?: string; accountKey?: string; sas?: string }

/** Reads `Name=value;Name=value;…`. Throws StorageError when account or credentials are missing. */
export const readConnectionString = (text: string): AzureAccount => {
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    const at = part.indexOf('=')
    if (at > 0) parts.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim())
  }
  const endpoint = parts.get('blobendpoint')
  const account = parts.get('accountname') ?? endpoint?.match(/^https?:\/\/([^./:]+)\./)?.[1]
  const accountKey = parts.get('accountkey')
  const sas = parts.get('sharedaccesssignature')
  if (!account) throw new StorageError('The connection string names no account')
  if (!accountKey && !sas) throw new StorageError('The connection string holds neither AccountKey nor SharedAccessSignature')
  const suffix = parts.get('endpointsuffix')
  const protocol = parts.get('defaultendpointsprotocol') === 'http' ? 'http' : 'https'
  const address = endpoint ?? (suffix && `${protocol}://${account}.blob.${suffix}`)
  if (address && !URL.canParse(address))
    throw new StorageError('The connection string holds a bad BlobEndpoint or EndpointSuffix')
  return { account, endpoint: address, accountKey, sas }
}
