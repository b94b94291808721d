// The guide of a task or project out of a backup, with the files that it shows.
import { FormatError } from '../../formats/format-error'
import type { DatasetFile } from '../../formats/io/dataset-files'
import type { Tx } from '../db/open'
import { assets, guides } from '../guides/schema'
import { assetFile, maxAssetBytes, maxAssetsPerGuide } from '../guides/service'
import type { Who } from '../policy/who'
import { storage } from '../storage/storage'
import { assetsFolder, guideFile } from './layout'

/** Files lie in their places already; without a row they are swept away. */
export type PreparedGuide = { markdown: string; assets: { uuid: string; filename: string; bytes: number }[] }

const maxGuideBytes = 16 * 2 ** 20

/**
 * Undefined when there is none. Throws FormatError for files that are no assets.
 * @param files of the archive below the folder of the task or project, by their names there
 */
export const prepareGuide = async (files: ReadonlyMap<string, DatasetFile>): Promise<PreparedGuide | undefined> => {
  const file = files.get(guideFile)
  if (!file) return undefined
  const own = [...files].filter(([name]) => name.startsWith(`${assetsFolder}/`))
  if (own.length > maxAssetsPerGuide)
    throw new FormatError(`A guide may have at most ${maxAssetsPerGuide} assets, there are ${own.length}`, {
      file: `${assetsFolder}/`,
    })
  let markdown = new TextDecoder().decode(await file.bytes(maxGuideBytes))
  const prepared: PreparedGuide['assets'] = []
  for (const [name, asset] of own) {
    const uuid = crypto.randomUUID()
    await storage().put(assetFile(uuid), await asset.bytes(maxAssetBytes))
    prepared.push({ uuid, filename: name.split('/').at(-1)!.slice(0, 255), bytes: asset.size })
    // The text names them by their place in the archive.
    markdown = markdown.replaceAll(asset.name, `/api/assets/${uuid}`)
  }
  return { markdown, assets: prepared }
}

export const saveGuide = async (
  t: Tx,
  place: { taskId: number } | { projectId: number },
  { markdown, assets: own }: PreparedGuide,
  { who, now }: { who: Who; now: Date },
): Promise<void> => {
  const [guide] = await t
    .insert(guides)
    .values({ ...place, markdown, createdDate: now, updatedDate: now })
    .returning({ id: guides.id })
  for (const asset of own) await t.insert(assets).values({ ...asset, guideId: guide!.id, ownerId: who.user.id, createdDate: now })
}
