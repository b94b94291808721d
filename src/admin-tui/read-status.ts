// Reads what the status line shows: database, counts, queue, and the server beside this console.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../server/config'
import { isPostgres } from '../server/db/dialect'
import { countUsers } from '../server/users/service'
import { readQueue } from './read-queue'
import type { Status } from './state'

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It runs, as somebody else.
    return (error as { code?: string }).code === 'EPERM'
  }
}

/** Resident bytes of a process; undefined where /proc does not say. */
const readMemory = async (pid: number): Promise<number | undefined> => {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(text) ?? []
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** The server that annolith.pid names, when it runs. */
export const findServer = async (dataDir: string): Promise<Status['server']> => {
  const pid = Number((await readFile(join(dataDir, 'annolith.pid'), 'utf8').catch(() => '')).trim())
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) ? { pid, bytes: await readMemory(pid) } : undefined
}

type Counts = Status['queue']
const countQueue = async (): Promise<Counts> => {
  const lanes = Object.values((await readQueue()).lanes)
  const sum = (key: 'waiting' | 'running' | 'failed') => lanes.reduce((total, lane) => total + lane[key], 0)
  return { waiting: sum('waiting'), running: sum('running'), failed: sum('failed') }
}

const patienceMs = 2000
let counting: Promise<Counts> | undefined

/** Undefined when the queue does not answer soon (Redis gone); it is not asked again until it did. */
const askQueue = (): Promise<Counts> => {
  counting ??= countQueue()
    .catch(() => undefined)
    .finally(() => {
      counting = undefined
    })
  return Promise.race([counting, Bun.sleep(patienceMs).then(() => undefined)])
}

/** Parts that cannot be read are undefined. */
export const readStatus = async (): Promise<Omit<Status, 'time'>> => {
  const [users, queue, server] = await Promise.all([
    countUsers().catch(() => undefined),
    askQueue(),
    findServer(config().dataDir),
  ])
  return { database: isPostgres ? 'PostgreSQL' : 'SQLite', users, queue, server, bytes: process.memoryUsage.rss() }
}
