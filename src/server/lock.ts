// One server per data directory: a lock file that names the process, and is taken over when that process is gone.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

const isHeld = (file: string) => {
  const [pid, startTime] = readFileSync(file, 'utf8').split(' ')
  return Number(pid) !== process.pid && readStartTime(Number(pid)) === startTime
}

/** Whether a server runs on a data directory. */
export const isLocked = (dataDir: string): boolean => {
  const file = join(dataDir, 'annolith.lock')
  return existsSync(file) && isHeld(file)
}

/** The process that runs a server on a data directory, this one too. */
export const findHolder = (dataDir: string): number | undefined => {
  const file = join(dataDir, 'annolith.lock')
  if (!existsSync(file)) return undefined
  const [pid, startTime] = readFileSync(file, 'utf8').split(' ')
  return readStartTime(Number(pid)) === startTime ? Number(pid) : undefined
}

/** Takes the lock and answers how to give it back. Throws ConfigError when another server holds it. */
export const lockDataDir = (dataDir: string): (() => void) => {
  const file = join(dataDir, 'annolith.lock')
  const content = `${process.pid} ${readStartTime(process.pid)}`
  try {
    writeFileSync(file, content, { flag: 'wx' })
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
    if (isHeld(file))
      throw new ConfigError(`data directory ${dataDir} is in use by process ${readFileSync(file, 'utf8').split(' ')[0]}`)
    writeFileSync(file, content)
  }
  return () => rmSync(file, { force: true })
}
