// Cloud storages as others meet them: found, judged and opened.
import { eq } from 'drizzle-orm'
import { db } from '../db/open'
import { ApiError, found, notFound, refused } from '../http/errors'
import { authorize } from '../policy/can'
import type { Who } from '../policy/who'
import { type ObjectStore, openObjectStore } from '../storage/object-store'
import { StorageError } from '../storage/storage'
import { unsealCredentials } from './credentials'
import { locate, readAttributes } from './location'
import { cloudStorages } from './schema'

export type CloudStorage = typeof cloudStorages.$inferSelect

/** The row, without asking who wants it: for work that was authorized when it was started. Undefined when it is gone. */
export const findCloudStorage = async (id: number): Promise<CloudStorage | undefined> =>
  (await db.select().from(cloudStorages).where(eq(cloudStorages.id, id)))[0]

/** The storage, when the person may do `action` with it: else 404 or 403. Call it for every storage that a request names. */
export const getCloudStorage = async (who: Who, id: number, action = 'view'): Promise<CloudStorage> => {
  const row = found(await findCloudStorage(id))
  authorize(who, 'cloud-storage', action, row)
  return row
}

/** Opens the bucket for reading and writing; every request passes the guard against private addresses. */
export const openCloudStorage = async (row: CloudStorage): Promise<ObjectStore> =>
  openObjectStore(
    locate({
      provider: row.providerType,
      resource: row.resource,
      credentials: await unsealCredentials(row.credentials),
      attributes: row.specificAttributes,
    }),
  )

/** Prefix that all listings of this storage are narrowed to; '' = none. */
export const defaultPrefix = (row: CloudStorage) => readAttributes(row.specificAttributes).prefix

/** Answers for trouble with a bucket: 404 naming what is missing, 403, or 400. */
export const toApiError = (error: unknown): unknown => {
  if (!(error instanceof StorageError)) return error
  if (error.reason === 'missing') return notFound(error.message)
  if (error.reason === 'forbidden') return new ApiError(403, { detail: error.message })
  return refused(error.message)
}

/** Waits for work on a bucket; its trouble becomes an answer of the API. */
export const orApiError = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw toApiError(error)
  })

export type CloudStorageStatus = 'AVAILABLE' | 'NOT_FOUND' | 'FORBIDDEN'

export const readStatus = async (row: CloudStorage): Promise<CloudStorageStatus> => {
  try {
    await (await openCloudStorage(row)).list({ limit: 1, flat: true })
    return 'AVAILABLE'
  } catch (error) {
    if (error instanceof StorageError) return error.reason === 'forbidden' ? 'FORBIDDEN' : 'NOT_FOUND'
    throw error
  }
}

/** Every connected bucket with whether it answers; one that cannot be asked tells why. */
export const listStatuses = async (): Promise<{ id: number; resource: string; status: string }[]> =>
  Promise.all(
    (await db.select().from(cloudStorages)).map(async (row) => ({
      id: row.id,
      resource: row.resource,
      status: await readStatus(row).catch((error: Error) => error.message),
    })),
  )
