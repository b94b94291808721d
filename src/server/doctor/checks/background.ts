// Questions about background work: is the queue there, does it move.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { config } from '../../config'
import { lanes } from '../../queue/chores'
import { stats } from '../../queue/queue'
import { type Check, type Finding, fail, name, ok, skip, warn } from '../check'

const patienceMs = 10 * 60_000
const looked = 500

const whenThere = (look: () => Promise<Finding>) => async () =>
  config().redisUrl || existsSync(join(config().dataDir, 'queue.db')) ? look() : skip('there is no queue yet')

const checks: Check[] = [
  {
    id: 'queue-reachable',
    about: 'The queue answers',
    look: async () => {
      const { lanes: counts } = await stats(1)
      const sum = (key: 'waiting' | 'running') => lanes.reduce((total, lane) => total + counts[lane][key], 0)
      return ok(`${config().redisUrl ? 'Redis' : 'SQLite'}: ${sum('running')} running, ${sum('waiting')} waiting`)
    },
  },
  {
    id: 'queue-moving',
    about: 'Nothing waits for ever',
    look: async () => {
      const { recent } = await stats(looked)
      const old = recent.filter(({ state, createdAt }) => state === 'waiting' && Date.now() - createdAt.getTime() > patienceMs)
      const stuck = old.filter(({ attempts }) => attempts === 0)
      return stuck.length && !recent.some(({ state }) => state === 'running')
        ? fail(
            `${stuck.length} wait for more than ten minutes and nothing runs: ${name(stuck.map((chore) => chore.name))}`,
            'annolith serve, or annolith work',
          )
        : ok(stuck.length ? `${stuck.length} wait behind others that run` : 'nothing waits for long')
    },
  },
  {
    id: 'queue-failures',
    about: 'Background work succeeds',
    look: async () => {
      const { recent } = await stats(looked)
      const day = recent.filter(
        ({ state, finishedAt }) => state === 'failed' && finishedAt && Date.now() - finishedAt.getTime() < 24 * 3600_000,
      )
      const words = [...new Set(day.map((chore) => `${chore.name}: ${chore.error.split('\n')[0]}`))]
      return day.length
        ? warn(`${day.length} failed within a day: ${name(words)}`, 'annolith admin, queues')
        : ok('nothing failed within a day')
    },
  },
  {
    id: 'queue-policy',
    about: 'Redis does not throw work away when it is full',
    look: async () => {
      const { readEviction } = await import('../../queue/inspect')
      const policy = await readEviction()
      if (!policy) return skip('there is no Redis')
      return policy === 'noeviction'
        ? ok('Redis refuses writes when it is full')
        : fail(`Redis drops keys when it is full (${policy})`, 'redis-cli config set maxmemory-policy noeviction')
    },
  },
]

export const backgroundChecks: Check[] = checks.map((check) => ({ ...check, look: whenThere(async () => check.look()) }))
