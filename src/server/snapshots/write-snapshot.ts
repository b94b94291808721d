// Writes a backup of the whole server while it runs: rows as of one moment, files only when the target does not have them.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openRows, type RowSource } from '../db/transfer/read-rows'
import { type Place, refuseNewer } from '../db/transfer/tables'
import type { Storage } from '../storage/storage'
import {
  filesFile,
  format,
  keptPlaces,
  manifestOf,
  nameSnapshot,
  objectOf,
  type SavedFile,
  type SavedTable,
  type Snapshot,
  sharedPlaces,
  tableFile,
} from './layout'
import { writeLines } from './lines'
import { listSnapshots, readFiles } from './list-snapshots'

/** Of files that come from a bucket and have no mode of their own. */
const sharedMode = 0o640
const isMissing = (error: unknown) => ['ENOENT', 'missing'].includes((error as { code?: string }).code ?? '')

/** Paths of all files below a folder or of the file itself, relative to the data directory. */
async function* walk(dataDir: string, path: string): AsyncGenerator<string> {
  const found = await stat(join(dataDir, path)).catch(() => undefined)
  if (found?.isFile()) yield path
  if (!found?.isDirectory()) return
  for await (const entry of await opendir(join(dataDir, path)))
    if (!entry.name.startsWith('.tmp-') && !entry.isSymbolicLink()) yield* walk(dataDir, `${path}/${entry.name}`)
}

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

const writeTables = async (rows: RowSource, target: Storage, id: string): Promise<SavedTable[]> => {
  const saved: SavedTable[] = []
  for (const table of rows.tables) {
    let count = 0
    const lines = writeLines(rows.rows(table), (n) => {
      count = n
    })
    await target.put(tableFile(id, table.name), lines)
    saved.push({ ...table, lastId: await rows.lastId(table), rows: count })
  }
  return saved
}

/** In this order: all files that were there at first, all rows, the list of files, the manifest. */
export type SnapshotStep = 'begun' | 'files' | 'rows' | 'listed' | 'finished'

export type SnapshotOptions = {
  place: Place
  dataDir: string
  /** Where media and pictures of guides lie when that is a bucket. */
  shared?: Storage
  version: string
  now?: Date
  /** Called after each step with words for people. */
  onStep?: (words: string) => void
  /** For tests: called when a step lasts. */
  afterStep?: (step: SnapshotStep) => void
}

/** Times that rows are read anew because files that they name vanished meanwhile. */
const mostTries = 3

/**
 * Answers the snapshot when all of it lasts. Whatever interrupts it leaves no snapshot, but contents that the next one finds there.
 * Throws when the target cannot be written.
 */
export const writeSnapshot = async (
  target: Storage,
  { place, dataDir, shared, version, now = new Date(), onStep, afterStep = () => {} }: SnapshotOptions,
): Promise<Snapshot> => {
  const id = nameSnapshot(now)
  const previous = (await listSnapshots(target)).at(-1)
  const known = new Map<string, SavedFile>()
  if (previous) for await (const file of readFiles(target, previous.id)) known.set(file.path, file)

  const files: SavedFile[] = []
  const seen = new Set<string>()
  let copied = 0
  /** Copies one content under its name, when the target does not have it. */
  const copy = async (sha256: string, local: string) => {
    if (await target.stat(objectOf(sha256))) return false
    await target.put(objectOf(sha256), Bun.file(local))
    copied++
    return true
  }
  const saveShared = async (path: string): Promise<void> => {
    const found = await shared!.stat(path)
    if (!found) throw Object.assign(new Error(`${path} is gone`), { code: 'ENOENT' })
    const [size, modified] = [found.size, found.modified.getTime()]
    const before = known.get(path)
    const isSame = before?.size === size && before.modified === modified
    // Objects are written once, so what was fetched is what its name says.
    const local = isSame ? '' : await shared!.local(path)
    const sha256 = isSame ? before.sha256 : await hashFile(local)
    if (!isSame) await copy(sha256, local)
    files.push({ path, size, modified, mode: sharedMode, sha256 })
  }
  const save = async (path: string): Promise<void> => {
    const local = join(dataDir, path)
    const { size, mtimeMs: modified, mode } = await stat(local)
    const before = known.get(path)
    const isSame = before?.size === size && before.modified === modified
    const sha256 = isSame ? before.sha256 : await hashFile(local)
    if (!isSame && (await copy(sha256, local))) {
      const after = await stat(local)
      if (after.size !== size || after.mtimeMs !== modified) {
        // It changed while it was read: what lies there now is not what its name says.
        await target.remove(objectOf(sha256))
        copied--
        return save(path)
      }
    }
    files.push({ path, size, modified, mode: mode & 0o777, sha256 })
  }

  /** Copies what was not seen yet and answers how many files were listed and then gone. */
  const saveFiles = async () => {
    let vanished = 0
    for (const place of keptPlaces) {
      const isShared = shared && sharedPlaces.includes(place)
      for await (const path of isShared ? shared.list(place) : walk(dataDir, place)) {
        if (seen.has(path)) continue
        seen.add(path)
        await (isShared ? saveShared : save)(path).catch((error) => {
          if (!isMissing(error)) throw error
          vanished++
        })
      }
    }
    return vanished
  }

  // Files go first, so that what rows name is there; those of rows that come later are fetched by the second look.
  afterStep('begun')
  await saveFiles()
  afterStep('files')
  onStep?.(`${files.length} files, ${copied} of them new`)
  for (let tries = 1; ; tries++) {
    const rows = await openRows(place)
    try {
      refuseNewer(place, rows.migrations)
      const tables = await writeTables(rows, target, id)
      afterStep('rows')
      const vanished = await saveFiles()
      if (vanished && tries < mostTries) continue
      await target.put(filesFile(id), writeLines(files))
      afterStep('listed')
      onStep?.(`${tables.reduce((sum, table) => sum + table.rows, 0)} rows of ${tables.length} tables`)
      const snapshot: Snapshot = {
        ...{ format, id, version, created: now.toISOString(), migrations: rows.migrations, tables },
        ...{ files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), copied },
      }
      await target.put(manifestOf(id), JSON.stringify(snapshot, null, 1))
      afterStep('finished')
      return snapshot
    } finally {
      await rows.close()
    }
  }
}
