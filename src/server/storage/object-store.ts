// The contract of object stores (buckets, containers) and the one place that knows which provider is opened how.
import { guardedTransport, type Transport } from './object-http'

/** An object as a listing shows it. `size` in bytes; `etag` changes with the content. */
export type ObjectInfo = { name: string; size: number; modified: Date; etag: string }
/** One page: objects and, with a delimiter, the folders of that level (with `/` at the end). `next` asks for the next page. */
export type ObjectPage = { objects: ObjectInfo[]; folders: string[]; next: string | null }
/** `flat` lists everything that starts with `prefix`, else one level. `limit` counts objects and folders together. */
export type ListOptions = { prefix?: string; flat?: boolean; next?: string | null; limit?: number }
/** `start` is the first byte, `end` the one after the last. */
export type ObjectRange = { start: number; end?: number }

/** All functions throw StorageError: its reason says whether the store refused, missed something or could not be reached. */
export type ObjectStore = {
  /** Shown in messages. */
  bucket: string
  list(options?: ListOptions): Promise<ObjectPage>
  /** Undefined when there is no such object. */
  stat(name: string): Promise<ObjectInfo | undefined>
  stream(name: string, range?: ObjectRange): Promise<ReadableStream<Uint8Array>>
  /** Writes the whole object; readers see the old one or the new one. */
  put(name: string, content: Blob): Promise<void>
  /** Copies an object without bringing it here; false when the store cannot. */
  copy?(from: string, to: string): Promise<boolean>
  /** A missing object is no error. */
  remove(name: string): Promise<void>
}

export type S3Location = {
  provider: 's3'
  bucket: string
  region?: string
  /** Address of a compatible server, reached in path style; default: Amazon's. */
  endpoint?: string
  /** None: anonymous. */
  credentials?: { key: string; secret: string; sessionToken?: string }
}
export type AzureLocation = {
  provider: 'azure'
  bucket: string
  account: string
  /** Address of the account's blobs; default: `https://<account>.blob.core.windows.net`. */
  endpoint?: string
  /** Base64. */
  accountKey?: string
  /** A signature as a query string. */
  sas?: string
}
export type GcsLocation = {
  provider: 'gcs'
  bucket: string
  endpoint?: string
  /** Service account; none: anonymous. */
  serviceAccount?: { client_email: string; private_key: string; private_key_id?: string; token_uri?: string }
}
export type ObjectLocation = S3Location | AzureLocation | GcsLocation

/** `transport` carries every request; `partBytes` is the size from which objects are written in pieces. */
export type StoreOptions = { transport: Transport; partBytes: number }

export const defaultPartBytes = 16 * 2 ** 20

/** Opens a store; nothing is sent before the first call. Requests go through the guard unless another transport is given. */
export const openObjectStore = async (
  location: ObjectLocation,
  { transport = guardedTransport, partBytes = defaultPartBytes }: Partial<StoreOptions> = {},
): Promise<ObjectStore> => {
  const options = { transport, partBytes }
  if (location.provider === 's3') return (await import('./s3-store')).openS3(location, options)
  if (location.provider === 'azure') return (await import('./azure-store')).openAzure(location, options)
  return (await import('./gcs-store')).openGcs(location, options)
}

/** All objects that start with `prefix`, page by page. */
export async function* listAllObjects(store: ObjectStore, prefix = ''): AsyncGenerator<ObjectInfo> {
  let next: string | null = null
  do {
    const page: ObjectPage = await store.list({ prefix, flat: true, next })
    yield* page.objects
    next = page.next
  } while (next)
}
