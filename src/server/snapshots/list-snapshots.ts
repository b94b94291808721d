// Which backups a target holds, and whether each is whole.
import { createHash } from 'node:crypto'
import { ConfigError } from '../config'
import type { Storage } from '../storage/storage'
import {
  filesFile,
  format,
  isSnapshotId,
  manifestOf,
  objectOf,
  type SavedFile,
  type Snapshot,
  snapshotFolder,
  tableFile,
} from './layout'
import { readValues } from './lines'

/** Every finished snapshot, oldest first. */
export const listSnapshots = async (target: Storage): Promise<Snapshot[]> => {
  const found: Snapshot[] = []
  for await (const name of target.list(snapshotFolder)) {
    const [, id = '', file] = name.split('/')
    if (file === 'snapshot.json' && isSnapshotId(id)) found.push(await readSnapshot(target, id))
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Throws ConfigError when there is none of that name, or it is of a format that this version does not know. */
export const readSnapshot = async (target: Storage, id: string): Promise<Snapshot> => {
  if (!isSnapshotId(id) || !(await target.stat(manifestOf(id)))) throw new ConfigError(`there is no backup "${id}"`)
  const snapshot = JSON.parse(new TextDecoder().decode(await target.get(manifestOf(id)))) as Snapshot
  if (snapshot.format !== format)
    throw new ConfigError(`backup ${id} has format ${snapshot.format}, of a newer version of Annolith (${snapshot.version})`)
  return snapshot
}

export const readFiles = async function* (target: Storage, id: string): AsyncGenerator<SavedFile> {
  yield* readValues<SavedFile>(await target.stream(filesFile(id)), filesFile(id))
}

/** Reads everything of a snapshot and answers what is missing or damaged; nothing when it can be restored. */
export const verifySnapshot = async (target: Storage, snapshot: Snapshot): Promise<string[]> => {
  const trouble: string[] = []
  for (const table of snapshot.tables) {
    const name = tableFile(snapshot.id, table.name)
    try {
      let rows = 0
      for await (const _ of readValues(await target.stream(name), name)) rows++
      if (rows !== table.rows) trouble.push(`${name} has ${rows} rows instead of ${table.rows}`)
    } catch (error) {
      trouble.push((error as Error).message)
    }
  }
  const judged = new Set<string>()
  try {
    for await (const { path, sha256 } of readFiles(target, snapshot.id)) {
      if (judged.has(sha256)) continue
      judged.add(sha256)
      const content = await target.stream(objectOf(sha256)).catch(() => undefined)
      if (!content) {
        trouble.push(`the content of ${path} is missing`)
        continue
      }
      const hash = createHash('sha256')
      for await (const chunk of content) hash.update(chunk)
      if (hash.digest('hex') !== sha256) trouble.push(`the content of ${path} is damaged`)
    }
  } catch (error) {
    trouble.push((error as Error).message)
  }
  return trouble
}

/** Ids of what was begun and never finished. */
const listUnfinished = async (target: Storage, finished: Snapshot[]): Promise<Set<string>> => {
  const known = new Set(finished.map(({ id }) => id))
  const found = new Set<string>()
  for await (const name of target.list(snapshotFolder)) {
    const [, id = ''] = name.split('/')
    if (isSnapshotId(id) && !known.has(id)) found.add(id)
  }
  return found
}

/**
 * Removes all but the newest `keep` snapshots, contents that none of those has, and what writers left that were killed. Answers how many
 * snapshots and contents went. Nobody else may write there meanwhile (holdTarget).
 */
export const pruneSnapshots = async (target: Storage, keep: number): Promise<{ snapshots: number; objects: number }> => {
  const all = await listSnapshots(target)
  const gone = all.slice(0, Math.max(0, all.length - keep))
  const kept = all.slice(gone.length)
  // The manifest goes first: what is left without one is no snapshot.
  for (const { id } of gone) {
    await target.remove(manifestOf(id))
    await target.remove(`${snapshotFolder}/${id}`)
  }
  for (const id of await listUnfinished(target, kept)) await target.remove(`${snapshotFolder}/${id}`)
  const needed = new Set<string>()
  for (const { id } of kept) for await (const { sha256 } of readFiles(target, id)) needed.add(objectOf(sha256))
  let objects = 0
  for await (const name of target.list('objects'))
    if (!needed.has(name)) {
      await target.remove(name)
      objects++
    }
  return { snapshots: gone.length, objects }
}
