// What several servers must agree on for a short time, kept in Redis. Without Redis there is one server, and nothing to agree on.
import { config } from '../config'

type Client = {
  set: (...words: [string, string, 'PX', number, 'NX']) => Promise<unknown>
  get: (key: string) => Promise<string | null>
  psetex: (key: string, ms: number, value: string) => Promise<unknown>
  pexpire: (key: string, ms: number) => Promise<unknown>
  del: (key: string) => Promise<unknown>
  disconnect: () => void
}

const own = crypto.randomUUID()
let opening: Promise<Client> | undefined

const open = async (): Promise<Client> => {
  const { Redis } = await import('ioredis')
  // Whoever asks is told soon that Redis is away, and goes on alone.
  const client = new Redis(config().redisUrl, { maxRetriesPerRequest: 1, commandTimeout: 2000 })
  client.on('error', () => {})
  return client as unknown as Client
}
const client = () => (opening ??= open())

/**
 * Whether this process may do what one of several does at a time, for `ms` from now; asked again it goes on. False for the others, and
 * for everybody while Redis is away.
 */
export const takeTurn = async (name: string, ms: number): Promise<boolean> => {
  if (!config().redisUrl) return true
  const [redis, key] = [await client(), `annolith:turn:${name}`]
  try {
    if ((await redis.set(key, own, 'PX', ms, 'NX')) === 'OK') return true
    if ((await redis.get(key)) !== own) return false
    await redis.pexpire(key, ms)
    return true
  } catch {
    return false
  }
}

const stepMs = 100

/**
 * Runs what must be done once although several servers are asked: the others answer what the first one made. `run` answers undefined
 * when nothing was done, so that it may be tried again.
 * @param runMs after which a server that has begun counts as gone
 */
export const runOnceForAll = async (name: string, run: () => Promise<string | undefined>, keepMs: number, runMs = 60_000) => {
  if (!config().redisUrl) return run()
  const [redis, key] = [await client(), `annolith:once:${name}`]
  try {
    while ((await redis.set(key, '', 'PX', runMs, 'NX')) !== 'OK') {
      const made = await redis.get(key)
      if (made) return made
      await Bun.sleep(stepMs)
    }
  } catch {
    return run()
  }
  const made = await run().catch(async (error) => {
    await redis.del(key).catch(() => {})
    throw error
  })
  await (made === undefined ? redis.del(key) : redis.psetex(key, keepMs, made)).catch(() => {})
  return made
}

export const closeShared = async () => {
  const there = opening
  opening = undefined
  ;(await there)?.disconnect()
}
