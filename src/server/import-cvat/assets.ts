// Files that guides show: their rows out of a dump, their bytes out of the volume.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { assets } from '../guides/schema'
import { storage } from '../storage/storage'
import { type Dump, readTime } from './dump'
import { rowsOf, type TableRows } from './rows'

/** Copies the files and answers the rows of those that are there. CVAT keeps them in `assets/<uuid>/<name>`. */
export const copyAssets = async (dump: Dump, root: string): Promise<TableRows> => {
  const all = dump.take('engine.asset')
  const rows: (typeof assets.$inferInsert)[] = []
  for (const { key: uuid, fields } of all) {
    // Names come from the dump, which is not to be trusted with paths.
    const path = join(root, 'assets', uuid, String(fields.filename).replaceAll(/[/\\]/g, ''))
    const found = /^[0-9a-f-]{36}$/i.test(uuid) ? await stat(path).catch(() => undefined) : undefined
    if (!found?.isFile()) continue
    await storage().put(`assets/${uuid}/file`, Bun.file(path))
    rows.push({
      uuid,
      guideId: fields.guide,
      ownerId: dump.person(fields.owner),
      filename: fields.filename,
      bytes: found.size,
      createdDate: readTime(fields.created_date),
    })
  }
  dump.leaveOut('engine.asset', all.length - rows.length, 'its file is not in the volume')
  return rowsOf(assets, rows)
}
