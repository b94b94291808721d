// Removes what restores and imports have unpacked and a crash has left; part of the cleanup chore.
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { storage } from '../storage/storage'

/** `data/restore-<key>` and `data/import-<key>`, beside the folders of tasks, which are numbers. */
const unpacked = /^(restore|import)-[0-9a-f-]{36}$/
/** No chore runs that long, however often it is repeated. */
const abandonedMs = 48 * 3_600_000

const removeFromBucket = async (now: number) => {
  for await (const name of storage().list('data')) {
    const folder = name.split('/')[1]!
    const found = unpacked.test(folder) ? await storage().stat(name) : undefined
    if (found && now - found.modified.getTime() > abandonedMs) await storage().remove(name)
  }
}

export const removeAbandonedRestores = async (now = Date.now()): Promise<void> => {
  if (!storage().root) return removeFromBucket(now)
  const root = storage().localPath('data')
  for (const name of await readdir(root).catch(() => [])) {
    if (!unpacked.test(name)) continue
    const found = await stat(join(root, name)).catch(() => undefined)
    if (found && now - found.mtimeMs > abandonedMs) await rm(join(root, name), { recursive: true, force: true })
  }
}
