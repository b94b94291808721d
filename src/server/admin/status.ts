// One line about the server: its database, how many people, how much work, which process, and how full its disk is.
import { version } from '../../../package.json'
import { isPostgres } from '../db/dialect'
import { readRecentDisk } from '../storage/disk-use'
import { countUsers } from '../users/service'
import { countWork } from './read-work'
import { findServer } from './running'

export type ServerStatus = {
  version: string
  database: 'PostgreSQL' | 'SQLite'
  users: number | null
  /** Null while the queue cannot be read. */
  queue: { waiting: number; running: number; failed: number } | null
  /** Null when none runs, as beside a console on the same machine. */
  server: { pid: number; bytes: number | null } | null
  /** Percent. */
  disk_used: number | null
}

const patienceMs = 2000
let counting: Promise<ServerStatus['queue']> | undefined

/** Null when the queue does not answer soon (Redis gone); it is not asked again until it did. */
const askQueue = (): Promise<ServerStatus['queue']> => {
  counting ??= countWork()
    .catch(() => null)
    .finally(() => {
      counting = undefined
    })
  return Promise.race([counting, Bun.sleep(patienceMs).then(() => null)])
}

/** Parts that cannot be read are null. */
export const readStatus = async (): Promise<ServerStatus> => {
  const [users, queue, server, disk] = await Promise.all([
    countUsers().catch(() => null),
    askQueue(),
    findServer(),
    readRecentDisk().catch(() => undefined),
  ])
  return {
    version,
    database: isPostgres ? 'PostgreSQL' : 'SQLite',
    users,
    queue,
    server: server ? { pid: server.pid, bytes: server.bytes ?? null } : null,
    disk_used: disk?.percent ?? null,
  }
}
