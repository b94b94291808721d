// One backup of this server to a target, followed by the retention: what the schedule, the consoles and the command line all do.
import { version } from '../../../package.json'
import { type Config, ConfigError, config } from '../config'
import type { Place } from '../db/transfer/tables'
import type { Storage } from '../storage/storage'
import type { Snapshot } from './layout'
import { pruneSnapshots } from './list-snapshots'
import { openTarget, tidyTarget } from './target'
import { holdTarget } from './target-lock'
import { writeSnapshot } from './write-snapshot'

export const placeOf = ({ databaseUrl, dataDir }: Config): Place => (databaseUrl ? { url: databaseUrl } : { folder: dataDir })

/** The target of that name, else the configured one. Throws ConfigError when there is neither. */
export const requireTarget = (text = ''): Promise<Storage> => {
  const found = text || config().backup_target
  if (!found) throw new ConfigError('name a folder or an s3:// address, or set backup_target')
  return openTarget(found)
}

/** `target`: a folder or s3:// address instead of the configured one; `keep`: instead of `backup_keep`. */
export type BackUpOptions = { target?: string; keep?: number; onStep?: (words: string) => void }

/** Answers the new snapshot when all of it lasts, and how many older ones went. Throws ConfigError when another backup is being written. */
export const backUpNow = async (options: BackUpOptions = {}): Promise<{ snapshot: Snapshot; removed: number }> => {
  const { target: text, keep = config().backup_keep, onStep } = options
  const target = await requireTarget(text)
  return holdTarget(target, async () => {
    const snapshot = await writeSnapshot(target, { place: placeOf(config()), dataDir: config().dataDir, version, onStep })
    // What is full or cut off now must not cost an older backup: only a finished one makes others too many.
    await tidyTarget(text || config().backup_target)
    const { snapshots } = await pruneSnapshots(target, keep)
    return { snapshot, removed: snapshots }
  })
}
