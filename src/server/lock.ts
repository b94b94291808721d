// Who may use a data directory: one process alone, or several servers at a time when all rows lie in PostgreSQL and the queue in Redis.
import { Database } from 'bun:sqlite'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from './config'

/** Start time of a process in clock ticks, so that a reused pid is not taken for the old process; null when it is gone. */
const readStartTime = (pid: number): string | null => {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? null
    )
  } catch {
    return null
  }
}

/** Names the process that holds the directory alone. An older version knows no other lock. */
const nameFile = (dataDir: string) => join(dataDir, 'annolith.lock')

/** Whether a living process of this machine is named; another container may have a process of the same number. */
const isNamed = (file: string) => {
  const [pid, startTime] = readFileSync(file, 'utf8').split(' ')
  return Number(pid) !== process.pid && readStartTime(Number(pid)) === startTime
}

/**
 * SQLite's locks on a file that is never removed. The system takes them back when a process ends however it ends, and they hold between
 * containers and, on file systems that can do it, between hosts.
 */
const openLock = (dataDir: string) => {
  const lock = new Database(join(dataDir, 'annolith.lock.db'))
  lock.exec('PRAGMA busy_timeout=0')
  return lock
}

/** Kept from the garbage collector, which would close them. */
const held = new Set<Database>()

const isBusy = (error: unknown) => /^SQLITE_BUSY/.test((error as { code?: string }).code ?? '')

/** Takes the lock; undefined when others hold it. */
const take = (dataDir: string, isShared: boolean): Database | undefined => {
  const lock = openLock(dataDir)
  try {
    // Reading anything takes the shared lock of a transaction.
    lock.exec(isShared ? 'BEGIN; SELECT count(*) FROM sqlite_schema' : 'BEGIN EXCLUSIVE')
    held.add(lock)
    return lock
  } catch (error) {
    lock.close()
    if (isBusy(error)) return undefined
    throw error
  }
}

const release = (lock: Database) => {
  held.delete(lock)
  lock.exec('ROLLBACK')
  lock.close()
}

/** Whether a server runs on a data directory. */
export const isLocked = (dataDir: string): boolean => {
  const file = nameFile(dataDir)
  if (existsSync(file) && isNamed(file)) return true
  if (!existsSync(join(dataDir, 'annolith.lock.db'))) return false
  const lock = take(dataDir, false)
  if (lock) release(lock)
  return !lock
}

/** The process of this machine that holds a data directory alone, this one too. */
export const findHolder = (dataDir: string): number | undefined => {
  const file = nameFile(dataDir)
  if (!existsSync(file)) return undefined
  const [pid, startTime] = readFileSync(file, 'utf8').split(' ')
  return readStartTime(Number(pid)) === startTime ? Number(pid) : undefined
}

const describeHolder = (file: string) => {
  const [pid, , host] = existsSync(file) ? readFileSync(file, 'utf8').split(' ') : []
  if (!pid) return 'another process'
  return host && host !== hostname() ? `process ${pid} on ${host}` : `process ${pid}`
}

/**
 * Takes a data directory and answers how to give it back. Throws ConfigError when it is in use.
 * @param isShared other servers may use it at the same time; nobody may have it alone
 */
export const lockDataDir = (dataDir: string, isShared = false): (() => void) => {
  const file = nameFile(dataDir)
  const lock = existsSync(file) && isNamed(file) ? undefined : take(dataDir, isShared)
  if (!lock)
    throw new ConfigError(
      `data directory ${dataDir} is in use by ${describeHolder(file)}${isShared ? '' : '; several servers need DATABASE_URL and REDIS_URL'}`,
    )
  if (isShared) return () => release(lock)
  writeFileSync(file, `${process.pid} ${readStartTime(process.pid)} ${hostname()}`)
  return () => {
    rmSync(file, { force: true })
    release(lock)
  }
}
