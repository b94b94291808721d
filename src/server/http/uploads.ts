// Uploaded files on their way in: a row that says whose and for what, and bytes on disk; what has arrived is the size of the file.
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { and, asc, eq, inArray } from 'drizzle-orm'
import { config } from '../config'
import { uploads } from '../data/schema'
import { db, type Tx, tx } from '../db/open'
import { storage } from '../storage/storage'
import { forbidden, found, invalid, refused, tooLarge } from './errors'
import { listUploadBytes, openNewUpload, readLastChange, readOffset, removeUploadBytes, uploadFile } from './upload-bytes'

export { readOffset, uploadFile } from './upload-bytes'

export type Upload = typeof uploads.$inferSelect
export type NewUpload = { userId: number; purpose: string; name: string; length: number }

/** Ids ascend with time, so that sorting by them gives the order of arrival. */
export const newUploadId = (userId: number) => `${userId}_${Bun.randomUUIDv7()}`

/** Throws 413 for a file that is larger than the server takes. */
export const checkUploadLength = (length: number, name: string) => {
  if (length > config().upload_bytes)
    throw tooLarge(`${name}: ${length} bytes are more than the ${config().upload_bytes} that this server allows`)
}

export const createUpload = async (input: NewUpload): Promise<Upload> => {
  checkUploadLength(input.length, input.name)
  const row = { ...input, id: newUploadId(input.userId), complete: false, createdAt: new Date() }
  await (await openNewUpload(row.id)).end(row.length === 0)
  await tx(async (t) => void (await t.insert(uploads).values(row)))
  return row
}

const rowsPerInsert = 1000
/** Records files that have arrived as a whole. */
export const recordUploads = (rows: Upload[]) =>
  tx(async (t) => {
    for (let at = 0; at < rows.length; at += rowsPerInsert) await t.insert(uploads).values(rows.slice(at, at + rowsPerInsert))
  })

/** The person's own upload for this purpose: 404 when there is none, 403 when it is somebody else's. */
export const getUpload = async (id: string, userId: number, purpose: string): Promise<Upload> => {
  const [row] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), eq(uploads.purpose, purpose)))
  if (found(row).userId !== userId) throw forbidden()
  return row!
}

/** All uploads of a person for a purpose, in the order of arrival. */
export const listUploads = (userId: number, purpose: string, from: Pick<Tx, 'select'> = db): Promise<Upload[]> =>
  from
    .select()
    .from(uploads)
    .where(and(eq(uploads.userId, userId), eq(uploads.purpose, purpose)))
    .orderBy(asc(uploads.id))

/** Whether anybody has uploaded something for this purpose. */
export const hasUploads = async (purpose: string): Promise<boolean> =>
  (await db.select({ id: uploads.id }).from(uploads).where(eq(uploads.purpose, purpose)).limit(1)).length > 0

export const isArrived = async (upload: Upload) => upload.complete || (await readOffset(upload.id)) >= upload.length

/** Uploads that have arrived as a whole; the other ones are dropped unless they are the only file of their name: then 400. */
export const settleUploads = async (userId: number, purpose: string): Promise<Upload[]> => {
  const all = await listUploads(userId, purpose)
  const arrived = await Promise.all(all.map(isArrived))
  const complete = all.filter((_, i) => arrived[i])
  const names = new Set(complete.map(({ name }) => name))
  const cut = all.filter((_, i) => !arrived[i])
  const missing = cut.find(({ name }) => !names.has(name))
  if (missing) throw refused(`${missing.name}: only ${await readOffset(missing.id)} of ${missing.length} bytes have arrived`)
  await removeUploads(cut)
  return complete
}

/** The upload that a finishing request names; 400 when this person has no complete one of that name. */
export const uploadNamed = async (userId: number, purpose: string, name: string): Promise<Upload> => {
  const same = (await listUploads(userId, purpose)).filter((upload) => upload.name === name)
  for (const upload of same.reverse()) if (await isArrived(upload)) return upload
  throw refused('No such file were uploaded')
}

const syncFolder = async (path: string) => {
  const handle = await open(path, 'r').catch((error) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)))
  if (!handle) return
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const movedAtOnce = 64
const moveOne = async ({ id, name }: { id: string; name: string }) => {
  if (!(await storage().stat(uploadFile(id)))) return
  await storage()
    .move(uploadFile(id), name)
    // Another disk: there it takes a copy.
    .catch((error) =>
      error.code === 'EXDEV' ? storage().adopt(name, storage().localPath(uploadFile(id))) : Promise.reject(error),
    )
}

/**
 * Moves the bytes of uploads to other storage names, each by one rename, so that a crash leaves them at one place or the other;
 * those that an earlier run has moved are passed over. The new names are on disk when it resolves.
 */
export const moveUploads = async (moves: { id: string; name: string }[]): Promise<void> => {
  for (let at = 0; at < moves.length; at += movedAtOnce) await Promise.all(moves.slice(at, at + movedAtOnce).map(moveOne))
  if (!storage().root) return
  for (const path of new Set(moves.map(({ name }) => dirname(storage().localPath(name))))) await syncFolder(path)
}

/** Hands the bytes of an upload over to storage under another name and forgets it. */
export const takeUpload = async ({ id }: Upload, name: string): Promise<void> => {
  await moveUploads([{ id, name }])
  if (!(await storage().stat(name))) throw refused('No such file were uploaded')
  await forgetUploads([{ id }])
}

const idsPerStatement = 1000
const forgetUploads = (rows: Pick<Upload, 'id'>[]) =>
  tx(async (t) => {
    await deleteUploadRows(t, rows)
  })

/** Forgets the rows inside a transaction; their files are the caller's. */
export const deleteUploadRows = async (t: Tx, rows: Pick<Upload, 'id'>[]) => {
  for (let at = 0; at < rows.length; at += idsPerStatement) {
    const ids = rows.slice(at, at + idsPerStatement).map(({ id }) => id)
    await t.delete(uploads).where(inArray(uploads.id, ids))
  }
}

/** Removes uploads with their bytes. */
export const removeUploads = async (rows: Pick<Upload, 'id'>[]) => {
  if (!rows.length) return
  await forgetUploads(rows)
  await Promise.all(rows.map(({ id }) => removeUploadBytes(id)))
}

/** Hands all uploads of one purpose over to another, with the same names. */
export const assignUploads = (from: string, to: string) =>
  tx(async (t) => void (await t.update(uploads).set({ purpose: to }).where(eq(uploads.purpose, from))))

export const removeUploadsFor = async (purpose: string) =>
  removeUploads(await db.select({ id: uploads.id }).from(uploads).where(eq(uploads.purpose, purpose)))

/** Path on this machine of the bytes of an upload that has arrived. */
export const localUpload = (id: string): Promise<string> => storage().local(uploadFile(id))

/** Whether two files hold the same bytes. */
const isSame = async (a: string, b: string) => {
  const [left, right] = [Bun.file(a), Bun.file(b)]
  if (left.size !== right.size) return false
  const step = 1 << 20
  for (let at = 0; at < left.size; at += step) {
    const [one, other] = await Promise.all([left.slice(at, at + step).bytes(), right.slice(at, at + step).bytes()])
    if (Buffer.compare(one, other)) return false
  }
  return true
}

/**
 * Settles names that were used before: the same file again replaces its earlier copy, a different one is refused with 400, so that
 * neither is lost unnoticed. `fresh` are complete files with or without a row.
 */
export const settleTwins = async (fresh: Upload[], userId: number, purpose: string) => {
  const ids = new Set(fresh.map(({ id }) => id))
  const earlier = new Map(
    (await listUploads(userId, purpose)).flatMap((row) => (row.complete && !ids.has(row.id) ? [[row.name, row]] : [])),
  )
  const replaced: Upload[] = []
  for (const upload of fresh) {
    const twin = earlier.get(upload.name)
    if (!twin) continue
    if (!(await isSame(await localUpload(twin.id), await localUpload(upload.id))))
      throw invalid({ client_files: `${upload.name}: another file of this name has been uploaded already` })
    replaced.push(twin)
  }
  await removeUploads(replaced)
}

/** Gives an upload a name that no other has, with its old extension; files of forms keep their names otherwise. */
export const freshenUpload = async (upload: Upload): Promise<Upload> => {
  const name = `${crypto.randomUUID()}${/(\.[A-Za-z0-9]{1,10}){0,2}$/.exec(upload.name)?.[0] ?? ''}`
  await tx(async (t) => void (await t.update(uploads).set({ name }).where(eq(uploads.id, upload.id))))
  return { ...upload, name }
}

/** Says that all bytes are there and on disk. */
export const completeUpload = (id: string) =>
  tx(async (t) => void (await t.update(uploads).set({ complete: true }).where(eq(uploads.id, id))))

/**
 * Removes uploads into which nothing has come for `import_cache_clean_delay`, and files without a row.
 * @param isNeeded tells which purposes still wait for their files
 */
export const removeStaleUploads = async (isNeeded: (purpose: string) => boolean = () => false) => {
  const limit = Date.now() - config().import_cache_clean_delay * 1000
  const rows = await db.select().from(uploads)
  const stale: Upload[] = []
  for (const row of rows) {
    const changed = (await readLastChange(row.id)) ?? row.createdAt
    if (changed.getTime() < limit && !isNeeded(row.purpose)) stale.push(row)
  }
  await removeUploads(stale)
  await removeOrphans(new Set(rows.map(({ id }) => id)), limit)
}

const removeOrphans = async (known: Set<string>, limit: number) => {
  for await (const id of listUploadBytes()) {
    const changed = known.has(id) ? undefined : await readLastChange(id)
    if (changed && changed.getTime() < limit) await removeUploadBytes(id)
  }
}
