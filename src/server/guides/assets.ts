// Assets: files that guides show. Whatever was uploaded, browsers get a picture or a download, and nothing that can run.
import { count, eq } from 'drizzle-orm'
import { db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { sendFile } from '../http/downloads'
import { found, invalid } from '../http/errors'
import { isoTime } from '../http/json'
import { readImageHeader } from '../media/probe-image'
import type { User, Who } from '../policy/who'
import { storage } from '../storage/storage'
import { loadPeople, showPerson } from '../users/service'
import { assetFile, isAssetId, maxAssetBytes, maxAssetsPerGuide, removeAssetFiles } from './asset-files'
import { assets, guides } from './schema'
import { getGuide } from './service'

export { maxAssetBytes, maxAssetsPerGuide } from './asset-files'
export type Asset = typeof assets.$inferSelect

/** Names and part headers around the file. */
const maxFormBytes = maxAssetBytes + 64 * 1024

/** Kinds of pictures that browsers show and that cannot hold scripts, by what their bytes say. */
const shownTypes: Record<string, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
}
/** Even if a browser took the bytes for a document, it would run nothing and load nothing. */
const assetPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

export const showAsset = (origin: string, asset: Asset, owner: User | undefined) => ({
  filename: asset.filename,
  uuid: asset.uuid,
  created_date: isoTime(asset.createdDate),
  owner: owner ? showPerson(origin, owner) : null,
  guide_id: asset.guideId,
})

/** The last part of the name, without what hides or breaks it. It is only shown. */
const readFileName = (given: string) => {
  const name = given.split(/[\\/]/).at(-1)!.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '').slice(0, 255) // biome-ignore format: one chain
  return name || 'file'
}

const readBounded = async (request: Request): Promise<Uint8Array<ArrayBuffer>> => {
  const tooBig = () => invalid({ file: `An asset may have at most ${maxAssetBytes} bytes.` })
  if (Number(request.headers.get('content-length') ?? 0) > maxFormBytes) throw tooBig()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxFormBytes) throw tooBig()
    chunks.push(chunk)
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer())
}

/** Reads `guide_id` and `file` of a multipart body. Errors: 400 naming what is missing or too large. */
const readForm = async (request: Request): Promise<{ guideId: number; file: File }> => {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('multipart/form-data')) throw invalid({ file: 'A multipart form with a file is required.' })
  const body = await readBounded(request)
  const form = await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => {
    throw invalid({ file: 'The multipart body cannot be read.' })
  })
  const guideId = form.get('guide_id')
  const file = form.get('file')
  if (guideId === null) throw invalid({ guide_id: 'This field is required.' })
  if (typeof guideId !== 'string' || !/^\d{1,9}$/.test(guideId)) throw invalid({ guide_id: 'A valid integer is required.' })
  if (!(file instanceof File)) throw invalid({ file: 'No file was submitted.' })
  if (file.size === 0) throw invalid({ file: 'The submitted file is empty.' })
  if (file.size > maxAssetBytes) throw invalid({ file: `An asset may have at most ${maxAssetBytes} bytes.` })
  return { guideId: Number(guideId), file }
}

/** Stores an uploaded file for a guide. Errors: 400 naming the field, 403, 404 for an unknown guide. */
export const createAsset = async (who: Who, origin: string, request: Request): Promise<Asset> => {
  const { guideId, file } = await readForm(request)
  const { guide, organizationId } = await getGuide(who, guideId, 'update')
  const uuid = crypto.randomUUID()
  await storage().put(assetFile(uuid), file)
  try {
    return await tx(async (t) => {
      // The row of the guide is written first, so that uploads at the same time count one another.
      const now = new Date()
      await t.update(guides).set({ updatedDate: now }).where(eq(guides.id, guideId))
      const [there] = await t.select({ n: count() }).from(assets).where(eq(assets.guideId, guideId))
      if (there!.n >= maxAssetsPerGuide) throw invalid({ file: `A guide may have at most ${maxAssetsPerGuide} assets.` })
      const filename = readFileName(file.name)
      const [asset] = await t
        .insert(assets)
        .values({ uuid, guideId, ownerId: who.user.id, filename, bytes: file.size, createdDate: now })
        .returning()
      const after = showAsset(origin, asset!, who.user)
      const { taskId, projectId } = guide
      await recordChange(t, who, { action: 'create', resource: 'asset', id: uuid, organizationId, taskId, projectId, after })
      return asset!
    })
  } catch (error) {
    await removeAssetFiles([uuid])
    throw error
  }
}

const findAsset = async (uuid: string): Promise<Asset> =>
  found(isAssetId(uuid) ? (await db.select().from(assets).where(eq(assets.uuid, uuid)))[0] : undefined)

/** The file as an answer: a picture by its bytes, anything else as a download. */
export const sendAsset = async (who: Who, request: Request, uuid: string): Promise<Response> => {
  const asset = await findAsset(uuid)
  await getGuide(who, asset.guideId)
  const name = assetFile(uuid)
  found(await storage().stat(name))
  const path = await storage().local(name)
  const type = shownTypes[(await readImageHeader(path))?.format ?? '']
  return sendFile(request, {
    path,
    type: type ?? 'application/octet-stream',
    etag: `"${uuid}"`,
    ...(!type && { name: asset.filename }),
    headers: { 'content-security-policy': assetPolicy, 'cross-origin-resource-policy': 'same-origin' },
  })
}

export const removeAsset = async (who: Who, origin: string, uuid: string): Promise<void> => {
  const asset = await findAsset(uuid)
  const { guide, organizationId } = await getGuide(who, asset.guideId, 'update')
  const owner = (await loadPeople([asset.ownerId])).get(asset.ownerId ?? 0)
  const { taskId, projectId } = guide
  await tx(async (t) => {
    const before = showAsset(origin, asset, owner)
    await recordChange(t, who, { action: 'delete', resource: 'asset', id: uuid, organizationId, taskId, projectId, before })
    await t.delete(assets).where(eq(assets.uuid, uuid))
  })
  await removeAssetFiles([uuid])
}
