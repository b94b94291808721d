// The files of assets in the storage, and their removal with whatever they belong to.
import { eq, inArray, or } from 'drizzle-orm'
import { type Db, db } from '../db/open'
import { storage } from '../storage/storage'
import { tasks } from '../tasks/schema'
import { assets, guides } from './schema'

export const maxAssetBytes = 10 * 2 ** 20
export const maxAssetsPerGuide = 100

const folder = 'assets'
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** A file without a row may still be arriving; after an hour it is not. */
const arrivalMs = 3_600_000

/** Whether a text is the id of an asset, as far as its form goes. */
export const isAssetId = (text: string) => uuidForm.test(text)

/** Where the bytes of an asset lie. Throws when the id is none: it becomes part of a path. */
export const assetFile = (uuid: string): string => {
  if (!isAssetId(uuid)) throw new Error('not the id of an asset')
  return `${folder}/${uuid}/file`
}

/** Ids of the assets of a task, or of a project with its tasks; their files go with removeAssetFiles after the commit. */
export const listGuideAssets = async (t: Db, place: { taskId: number } | { projectId: number }): Promise<string[]> => {
  const where =
    'taskId' in place
      ? eq(guides.taskId, place.taskId)
      : or(
          eq(guides.projectId, place.projectId),
          inArray(guides.taskId, t.select({ id: tasks.id }).from(tasks).where(eq(tasks.projectId, place.projectId))),
        )
  const rows = await t.select({ uuid: assets.uuid }).from(assets).innerJoin(guides, eq(guides.id, assets.guideId)).where(where)
  return rows.map((row) => row.uuid)
}

export const removeAssetFiles = async (uuids: string[]): Promise<void> => {
  for (const uuid of uuids) if (isAssetId(uuid)) await storage().remove(`${folder}/${uuid}`)
}

/** Removes files that no row knows, as a crash or the removal of an organization leaves them; part of the cleanup chore. */
export const removeStrayAssets = async (now = Date.now()): Promise<void> => {
  const known = new Set((await db.select({ uuid: assets.uuid }).from(assets)).map((row) => row.uuid))
  for await (const name of storage().list(folder)) {
    const uuid = name.split('/')[1] ?? ''
    if (!isAssetId(uuid) || known.has(uuid)) continue
    const stat = await storage().stat(name)
    if (stat && now - stat.modified.getTime() > arrivalMs) await storage().remove(`${folder}/${uuid}`)
  }
}
