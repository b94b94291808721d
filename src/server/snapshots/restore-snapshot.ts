// Makes a server out of a backup: files and rows are put aside first, and take their places in one step each.
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, open, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigError } from '../config'
import type { Place } from '../db/transfer/tables'
import { holdsAccounts, type Load, writeRows } from '../db/transfer/write-rows'
import { checkName, type Storage } from '../storage/storage'
import { objectOf, type SavedFile, type Snapshot, sharedPlaces, tableFile } from './layout'
import { readValues } from './lines'
import { readFiles } from './list-snapshots'

/** Folder in the data directory in which everything is put aside; while it is there the restore is not finished. */
const stagingName = '.restoring'

/** Whether a restore into a data directory was interrupted; another one begins anew. */
export const isHalfRestored = (dataDir: string): boolean => existsSync(join(dataDir, stagingName))

/** Names the backup whose files and rows are all put aside; what follows is taking their places. */
const readyName = '.ready'

/** Whether an interrupted restore had come to its end but for the mark: the rows are where they belong, and they come last. */
const hasLanded = async (dataDir: string, toPostgres: string | undefined): Promise<boolean> => {
  if (!existsSync(join(dataDir, stagingName, readyName))) return false
  if (toPostgres) return holdsAccounts(toPostgres)
  return existsSync(join(dataDir, 'annolith.db')) && !existsSync(join(dataDir, stagingName, 'annolith.db'))
}

/** A data directory that was never used may hold its configuration and empty folders. */
const holdsData = async (dataDir: string, shared: Storage | undefined): Promise<boolean> => {
  if (existsSync(join(dataDir, 'annolith.db'))) return true
  if (shared && !isHalfRestored(dataDir)) for await (const _ of shared.list('data')) return true
  return !isHalfRestored(dataDir) && (await readdir(join(dataDir, 'data')).catch(() => [])).length > 0
}

/** Without it a power cut may forget new names although the bytes are on disk. */
const syncPath = async (path: string) => {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const restoreFile = async (target: Storage, folder: string, { path, mode, modified, sha256 }: SavedFile) => {
  const local = join(folder, checkName(path))
  await mkdir(dirname(local), { recursive: true })
  const hash = createHash('sha256')
  const file = await open(local, 'wx', mode)
  try {
    for await (const chunk of await target.stream(objectOf(sha256))) {
      hash.update(chunk)
      for (let done = 0; done < chunk.length; ) done += (await file.write(chunk, done)).bytesWritten
    }
    await file.sync()
  } finally {
    await file.close()
  }
  if (hash.digest('hex') !== sha256) throw new ConfigError(`the backup is damaged: the content of ${path}`)
  await chmod(local, mode)
  await utimes(local, modified / 1000, modified / 1000)
}

/** In this order; `placed` comes once for each place of the data directory, with PostgreSQL before the rows are committed. */
export type RestoreStep = 'begun' | 'files' | 'ready' | 'placed' | 'landed'

export type RestoreOptions = {
  dataDir: string
  /** The address of an empty database; without it the rows go into the data directory. */
  toPostgres?: string
  /** Where media and pictures of guides go when that is a bucket. */
  shared?: Storage
  onStep?: (words: string) => void
  /** For tests: called when a step lasts. */
  afterStep?: (step: RestoreStep) => void
}

/**
 * Restores into a data directory (and database) that holds nothing yet. Whatever interrupts it leaves the mark of isHalfRestored, and the next
 * try begins anew. Throws ConfigError when there are data already, the backup is damaged, or a newer version wrote it.
 */
export const restoreSnapshot = async (
  target: Storage,
  snapshot: Snapshot,
  { dataDir, toPostgres, shared, onStep, afterStep = () => {} }: RestoreOptions,
): Promise<void> => {
  const staging = join(dataDir, stagingName)
  if (await hasLanded(dataDir, toPostgres)) {
    const landed = await readFile(join(staging, readyName), 'utf8')
    if (landed !== snapshot.id)
      throw new ConfigError(`${dataDir} holds backup ${landed}; restore that one, or use an empty directory`)
    await rm(staging, { recursive: true, force: true })
    onStep?.('everything was there already')
    return
  }
  if (await holdsData(dataDir, shared))
    throw new ConfigError(
      `${shared ? 'the bucket or ' : ''}${dataDir} holds data already; a backup is restored into an empty ${shared ? 'one' : 'data directory'}`,
    )
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging, { recursive: true, mode: 0o750 })
  const land = async () => {
    await writeFile(join(staging, readyName), snapshot.id)
    await syncPath(staging)
    afterStep('ready')
    await takePlaces(staging, dataDir, () => afterStep('placed'))
  }
  try {
    afterStep('begun')
    await restoreFiles(target, snapshot, staging, shared)
    afterStep('files')
    onStep?.(`${snapshot.files} files`)
    const place: Place = toPostgres ? { url: toPostgres } : { folder: staging }
    const load = { migrations: snapshot.migrations, tables: readTables(target, snapshot) }
    await writeRows(place, toPostgres ? { ...load, beforeCommit: land } : load)
    if (!toPostgres) await land()
    afterStep('landed')
    onStep?.(`${snapshot.tables.reduce((sum, table) => sum + table.rows, 0)} rows of ${snapshot.tables.length} tables`)
    await rm(staging, { recursive: true, force: true })
  } catch (error) {
    // Once places are taken, or objects lie in the bucket, the mark stays, so that the next try knows.
    if (!shared && !existsSync(join(staging, readyName))) await rm(staging, { recursive: true, force: true })
    throw error
  }
}

const restoreFiles = async (target: Storage, snapshot: Snapshot, folder: string, shared: Storage | undefined) => {
  let files = 0
  for await (const file of readFiles(target, snapshot.id)) {
    await restoreFile(target, folder, file)
    if (shared && sharedPlaces.includes(file.path.split('/', 1)[0]!)) {
      const local = join(folder, file.path)
      await shared.put(file.path, Bun.file(local))
      await rm(local)
    }
    files++
  }
  // Only empty folders are left of what went on into the bucket.
  if (shared) for (const place of sharedPlaces) await rm(join(folder, place), { recursive: true, force: true })
  if (files !== snapshot.files)
    throw new ConfigError(`the backup is damaged: it lists ${files} files instead of ${snapshot.files}`)
  if (existsSync(join(folder, 'secrets'))) await chmod(join(folder, 'secrets'), 0o700)
}

async function* readTables(target: Storage, snapshot: Snapshot): Load['tables'] {
  for (const { lastId, rows: count, ...table } of snapshot.tables) {
    const name = tableFile(snapshot.id, table.name)
    const rows = async function* () {
      let read = 0
      for await (const row of readValues<unknown[]>(await target.stream(name), name)) {
        read++
        yield row
      }
      if (read !== count) throw new ConfigError(`the backup is damaged: ${name} has ${read} rows instead of ${count}`)
    }
    yield { table, lastId, rows: rows() }
  }
}

/** The database comes last: where it is, everything is. A configuration that the new server has stays. */
const takePlaces = async (staging: string, dataDir: string, onPlaced: () => void) => {
  const there = (await readdir(staging)).filter((name) => name !== readyName)
  const names = there.sort((a, b) => Number(a === 'annolith.db') - Number(b === 'annolith.db'))
  for (const name of names) {
    const place = join(dataDir, name)
    if (name === 'annolith.toml' && existsSync(place)) continue
    await rm(place, { recursive: true, force: true })
    await rename(join(staging, name), place)
    onPlaced()
  }
  await syncPath(dataDir)
}
