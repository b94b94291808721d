// Moves a CVAT instance over: its database dump and its data volume become the data directory, ids and password hashes kept.
import { join } from 'node:path'
import { ConfigError } from '../config'
import { rawFolder } from '../data/service'
import { migrate } from '../db/migrate'
import { db, tx } from '../db/open'
import { probeVideo } from '../media/media'
import { storage } from '../storage/storage'
import { tasks } from '../tasks/schema'
import { users } from '../users/schema'
import { readAnnotations } from './annotations'
import { copyAssets } from './assets'
import { readCloudStorages } from './cloud-storages'
import { type Dump, type LeftOut, readDump } from './dump'
import { type Media, readMedia } from './media'
import { readPeople } from './people'
import { readQuality } from './quality'
import { readReviews } from './reviews'
import { insertTables, rowsOf, type TableRows } from './rows'
import { keptRows } from './schema'
import { copyFolder, openVolume } from './volume'
import { readWork } from './work'

/** What was taken over, by table, and what was not. */
export type ImportReport = { imported: { table: string; count: number }[]; files: number; leftOut: LeftOut[] }

const refuseFilled = async () => {
  for (const table of [users, tasks] as (typeof users)[])
    if ((await db.select({ id: table.id }).from(table).limit(1)).length)
      throw new ConfigError('the data directory holds data already: import into an empty one')
}

/** In an order in which references are already there. */
const readTables = async (dump: Dump, media: Media): Promise<TableRows[]> => [
  ...readPeople(dump),
  await readCloudStorages(dump),
  ...readWork(dump),
  ...media.tables,
  ...readAnnotations(dump),
  ...readReviews(dump),
  ...readQuality(dump),
]

const copyMedia = async (dump: Dump, root: string, { moves, videos }: Media): Promise<number> => {
  let files = 0
  let missing = 0
  for (const { dataId, taskId } of moves) {
    const copied = await copyFolder(join(root, 'data', String(dataId), 'raw'), rawFolder(taskId))
    files += copied
    if (!copied) missing++
  }
  dump.leaveOut('engine.data', missing, 'the volume has no files for it')
  let unreadable = 0
  for (const { name, file } of videos)
    await probeVideo(await storage().local(file), name, file).catch(() => {
      unreadable++
    })
  dump.leaveOut('engine.video', unreadable, 'its file is missing or cannot be read; the row is there')
  return files
}

/**
 * Fills an empty data directory. All or nothing: an error leaves neither rows nor files behind.
 * @param dumpFile JSON that Django's dumpdata wrote, with natural keys
 * @param volumePath the data volume: a folder or a tar archive
 */
export const importCvat = async (dumpFile: string, volumePath: string): Promise<ImportReport> => {
  await migrate()
  await refuseFilled()
  const dump = await readDump(dumpFile)
  const volume = await openVolume(volumePath)
  const media = readMedia(dump)
  try {
    const files = await copyMedia(dump, volume.root, media)
    const tables = [...(await readTables(dump, media)), await copyAssets(dump, volume.root)]
    tables.push(rowsOf(keptRows, dump.rest()))
    await tx((t) => insertTables(t, tables))
    return {
      imported: tables.map(({ name, rows }) => ({ table: name, count: rows.length })),
      files,
      leftOut: dump.account(),
    }
  } catch (error) {
    // The directory was empty, so all of it is ours.
    for (const folder of ['data', 'assets']) for await (const name of storage().list(folder)) await storage().remove(name)
    throw error
  } finally {
    await volume.close()
  }
}
