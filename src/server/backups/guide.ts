// Guides and the files that they show, in backups.
import { eq } from 'drizzle-orm'
import type { ArchiveEntry } from '../../formats/io/zip-writer'
import { db } from '../db/open'
import { assets, guides } from '../guides/schema'
import { assetFile } from '../guides/service'
import { storage } from '../storage/storage'
import { assetsFolder, guideFile } from './layout'

type Place = { taskId: number } | { projectId: number }

const whereIs = (place: Place) => ('taskId' in place ? eq(guides.taskId, place.taskId) : eq(guides.projectId, place.projectId))

/** Nothing when there is no guide. In its text, assets are called by their names in the archive. */
export async function* writeGuide(place: Place, folder: string): AsyncGenerator<ArchiveEntry> {
  const [guide] = await db.select().from(guides).where(whereIs(place))
  if (!guide) return
  let { markdown } = guide
  const taken = new Set<string>()
  for (const { uuid, filename } of await db.select().from(assets).where(eq(assets.guideId, guide.id))) {
    const name = `${folder}${assetsFolder}/${freeName(filename.replaceAll('/', '_'), taken)}`
    markdown = markdown.replaceAll(`/api/assets/${uuid}`, name)
    if (await storage().stat(assetFile(uuid)))
      yield { name, content: Bun.file(await storage().local(assetFile(uuid))), store: true }
  }
  yield { name: folder + guideFile, content: markdown }
}

/** `x.png`, then `x_1.png` … */
const freeName = (filename: string, taken: Set<string>): string => {
  const dot = filename.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [filename.slice(0, dot), filename.slice(dot)] : [filename, '']
  let name = filename
  for (let n = 1; taken.has(name); n++) name = `${stem}_${n}${extension}`
  taken.add(name)
  return name
}
