// Whether each part works, in one word each: for probes, load balancers and the check of the official client.
import { config } from '../config'
import { listMigrations } from '../db/inspect'
import { db } from '../db/open'
import { stats } from '../queue/queue'
import { readDisk } from '../storage/disk-use'
import { users } from '../users/schema'

const patienceMs = 2000

const parts: Record<string, () => Promise<unknown>> = {
  DatabaseBackend: () => db.select({ id: users.id }).from(users).limit(1),
  MigrationsHealthCheck: async () => {
    const { known, applied } = await listMigrations()
    const missing = known.filter((name) => !applied.includes(name)).length
    if (missing) throw new Error(`${missing} migrations are missing`)
  },
  QueueBackend: () => stats(1),
  DiskUsage: async () => {
    const { percent } = await readDisk()
    // 100 switches the check off.
    if (percent >= config().disk_usage_max && config().disk_usage_max < 100) throw new Error(`${percent} % of the disk are used`)
  },
}

const ask = async (work: () => Promise<unknown>): Promise<string> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs)
  try {
    await Promise.race([work(), late.promise])
    return 'working'
  } catch (error) {
    return (error as Error).message
  } finally {
    clearTimeout(timer)
  }
}

/** Each part with `working` or what is wrong with it. */
export const readParts = async (): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(Object.entries(parts).map(async ([name, work]) => [name, await ask(work)])))
