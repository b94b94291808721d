// What the doctor asks Redis about itself.
import { config } from '../config'

/** What Redis does when its memory is full; undefined when the queue is a SQLite file. Throws when Redis does not answer. */
export const readEviction = async (): Promise<string | undefined> => {
  if (!config().redisUrl) return undefined
  const { Redis } = await import('ioredis')
  const redis = new Redis(config().redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1]
  } finally {
    redis.disconnect()
  }
}
