// Files that requests send to cloud storages or fetch from them: which storage is meant, and the transfer itself.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../config'
import { invalid } from '../http/errors'
import type { Who } from '../policy/who'
import { saveObject } from '../storage/object-download'
import { isFileName } from '../storage/object-names'
import { StorageError, storage } from '../storage/storage'
import { findCloudStorage, getCloudStorage, openCloudStorage } from './access'

/** A file in a cloud storage, as a request keeps it; without a name the result's own is taken. */
export type CloudFile = { storageId: number; filename?: string }
type Query = { location?: string; cloud_storage_id?: string; filename?: string }
/** What a task or project says about where its exports go and its imports come from. */
type DefaultPlace = { location: 'local' | 'cloud_storage'; cloud_storage_id: number | null } | null

const readFilename = (text: string | undefined) => {
  if (text === undefined || text === '') return undefined
  // The official client names an export by its whole path on the person's computer; in a bucket that is a name like any other.
  if (!isFileName(text.replace(/^\/+/, ''))) throw invalid({ filename: 'Not a name of a file.' })
  return text
}

const readId = (text: string | undefined) => {
  if (text === undefined || text === '')
    throw invalid({ cloud_storage_id: 'Cloud storage was selected as location but its id was not specified.' })
  if (!/^\d{1,9}$/.test(text)) throw invalid({ cloud_storage_id: 'A valid integer is required.' })
  return Number(text)
}

/**
 * The file in a cloud storage that the query asks for, or that the object's own setting means when it asks for nothing;
 * undefined: the file stays here. A storage that was deleted since it was set means here, too.
 * Errors: 400 naming the parameter, 404 and 403 for a named storage that the person may not see.
 */
export const readCloudFile = async (who: Who, query: Query, initial: DefaultPlace): Promise<CloudFile | undefined> => {
  const filename = readFilename(query.filename)
  if (query.location === 'local') return undefined
  if (query.location === 'cloud_storage')
    return { storageId: (await getCloudStorage(who, readId(query.cloud_storage_id))).id, filename }
  if (query.location) throw invalid({ location: `"${query.location}" is not a valid choice.` })
  const id = initial?.location === 'cloud_storage' ? initial.cloud_storage_id : null
  if (id === null || !(await findCloudStorage(id))) return undefined
  return { storageId: (await getCloudStorage(who, id)).id, filename }
}

const openById = async (id: number, what = 'of this request') => {
  const row = await findCloudStorage(id)
  if (!row) throw new StorageError(`The cloud storage ${what} was removed`, 'missing')
  return openCloudStorage(row)
}

/** Writes a file into a cloud storage. Throws StorageError. */
export const putCloudFile = async ({ storageId, filename }: CloudFile, name: string, content: Blob): Promise<void> =>
  (await openById(storageId)).put(filename ?? name, content)

/** Brings a file from a cloud storage into the storage under `name`, or nothing of it. Throws StorageError; a missing file is named. */
export const fetchCloudFile = async ({ storageId, filename }: CloudFile, name: string): Promise<void> => {
  const folder = join(config().dataDir, 'cache/fetched')
  await mkdir(folder, { recursive: true })
  const path = join(folder, crypto.randomUUID())
  try {
    await saveObject(await openById(storageId), filename ?? '', path, config().upload_bytes)
    await storage().adopt(name, path)
  } finally {
    await rm(path, { force: true })
  }
}

/** Fetches an object of a picture to a path of this machine. Throws StorageError, which names the object. */
export const fetchObjectOf = async (storageId: number, object: string, path: string): Promise<void> => {
  const store = await openById(storageId, `that holds "${object}"`)
  await saveObject(store, object, path, config().upload_bytes).catch((error) => {
    // A full disk is our own trouble; what else breaks off is the store's.
    if (error instanceof StorageError || (error as { syscall?: string }).syscall === 'write') throw error
    throw new StorageError(`The object "${object}" could not be read: ${(error as Error).message}`, 'unreachable')
  })
}
