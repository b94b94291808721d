// The preview of a cloud storage: its first picture, small.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config'
import { notFound, refused } from '../http/errors'
import { openCache } from '../media/cache'
import { MediaError, type MediaFile } from '../media/media'
import { offload } from '../media/offload'
import { kindOfFile } from '../storage/file-info'
import { saveObject } from '../storage/object-download'
import type { ObjectInfo, ObjectStore } from '../storage/object-store'
import { type CloudStorage, defaultPrefix, openCloudStorage } from './access'
import { readManifest } from './manifest'

const maxPictureBytes = 256 * 2 ** 20
const cacheBytes = 64 * 2 ** 20
/** Pages of a bucket that are looked through for a picture. */
const maxPages = 10

const isPicture = (name: string) => kindOfFile(name) === 'image'

const findInManifests = async (store: ObjectStore, row: CloudStorage): Promise<ObjectInfo | undefined> => {
  for (const manifest of row.manifests) {
    const names = await readManifest(store, manifest, String(row.id)).catch(() => [])
    const name = names.find(isPicture)
    const info = name === undefined ? undefined : await store.stat(name)
    if (info) return info
  }
  return undefined
}

const findInBucket = async (store: ObjectStore, prefix: string): Promise<ObjectInfo | undefined> => {
  let next: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const found: Awaited<ReturnType<ObjectStore['list']>> = await store.list({ prefix, flat: true, next })
    const picture = found.objects.find(({ name, size }) => isPicture(name) && size > 0 && size <= maxPictureBytes)
    if (picture || !found.next) return picture
    next = found.next
  }
  return undefined
}

const folder = () => join(config().dataDir, 'cache/cloud-previews')
let opened: { folder: string; cache: ReturnType<typeof openCache> } | undefined
const cache = () => {
  if (opened?.folder !== folder()) opened = { folder: folder(), cache: openCache(folder(), cacheBytes) }
  return opened.cache
}

/** The name of the object is in messages only: on disk the picture has one of its own. */
const makePreview = async (store: ObjectStore, { name }: ObjectInfo, target: string) => {
  const temporary = join(folder(), 'tmp')
  await mkdir(temporary, { recursive: true })
  const path = join(temporary, `${crypto.randomUUID()}.source`)
  try {
    await saveObject(store, name, path, maxPictureBytes)
    await offload({ kind: 'preview', image: { path, name }, target }, () => {})
  } finally {
    await rm(path, { force: true })
  }
}

/** A JPEG of the first picture. Throws 404 when there is none, 400 when it cannot be shown, StorageError. */
export const getPreview = async (row: CloudStorage): Promise<MediaFile> => {
  const store = await openCloudStorage(row)
  const picture = (await findInManifests(store, row)) ?? (await findInBucket(store, defaultPrefix(row)))
  if (!picture) throw notFound(`There is no picture in the bucket "${row.resource}".`)
  const key = {
    key: JSON.stringify([row.id, row.resource, picture.name, picture.etag, picture.size]),
    extension: '.jpg' as const,
  }
  const make = () => cache().make([key], ([missing]) => makePreview(store, picture, missing!.temporary))[0]!
  try {
    return (await cache().find(key)) ?? (await make())
  } catch (error) {
    if (error instanceof MediaError) throw refused(error.message)
    throw error
  }
}
