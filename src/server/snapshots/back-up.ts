// One backup of this server to a target, followed by the retention: what the schedule, the consoles and the command line all do.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { version } from '../../../package.json'
import { type Config, ConfigError, config } from '../config'
import type { Place } from '../db/transfer/tables'
import { type Storage, storage } from '../storage/storage'
import type { Snapshot } from './layout'
import { pruneSnapshots } from './list-snapshots'
import { openTarget, tidyTarget } from './target'
import { holdTarget } from './target-lock'
import { writeSnapshot } from './write-snapshot'

export const placeOf = ({ databaseUrl, dataDir }: Config): Place => (databaseUrl ? { url: databaseUrl } : { folder: dataDir })

/** The storage that several hosts share; undefined when everything lies in the data directory. */
export const findShared = (): Storage | undefined => (storage().root === undefined ? storage() : undefined)

/** The target of that name, else the configured one. Throws ConfigError when there is neither. */
export const requireTarget = async (text = ''): Promise<Storage> => {
  const found = text || config().backup_target
  if (!found) throw new ConfigError('name a folder or an s3:// address, or set backup_target')
  return openTarget(found)
}

/** `target`: a folder or s3:// address instead of the configured one; `keep`: instead of `backup_keep`. */
export type BackUpOptions = { target?: string; keep?: number; onStep?: (words: string) => void }

const isFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT'].includes((error as { code?: string }).code ?? '') || /no space left/i.test(String(error))

/** Of the lower words of a system, those that a person can use. */
const explain = (error: unknown, where: string): unknown =>
  isFull(error) ? new ConfigError(`${where} is full: no backup was made, older ones are as they were`) : error

/**
 * Answers the new snapshot when all of it lasts, and how many older ones went. Throws ConfigError when another backup is being written, or
 * the target is full: then what was copied in vain is removed again, and no older backup goes.
 */
export const backUpNow = async (options: BackUpOptions = {}): Promise<{ snapshot: Snapshot; removed: number }> => {
  const { target: text, keep = config().backup_keep, onStep } = options
  const where = text || config().backup_target
  const target = await requireTarget(text)
  const write = async () => {
    try {
      const place = placeOf(config())
      return await writeSnapshot(target, { place, dataDir: config().dataDir, shared: findShared(), version, onStep })
    } catch (error) {
      if (isFull(error)) {
        await tidyTarget(where)
        await pruneSnapshots(target, Number.POSITIVE_INFINITY)
      }
      throw error
    }
  }
  // Backups hold the keys of the server.
  if (!where.includes('://')) mkdirSync(resolve(where), { recursive: true, mode: 0o700 })
  try {
    return await holdTarget(target, async () => {
      const snapshot = await write()
      await tidyTarget(where)
      // Only a finished backup makes others too many.
      const { snapshots } = await pruneSnapshots(target, keep)
      return { snapshot, removed: snapshots }
    })
  } catch (error) {
    throw explain(error, where)
  }
}
