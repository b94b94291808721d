// Questions that only several hosts give rise to: do they share what they must, do their clocks agree, does somebody do the work.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { config } from '../../config'
import { lanes as allLanes } from '../../queue/chores'
import { type Check, type Finding, fail, name, ok, skip, warn } from '../check'

const heardWithinMs = 10 * 60_000
const clockMs = 5000

const whenShared = (look: () => Promise<Finding>) => async () => (config().storage ? look() : skip('there is no shared bucket'))
const whenSeveral = (look: () => Promise<Finding>) => async () =>
  config().databaseUrl && config().redisUrl ? look() : skip('this is one process')

/** Other servers that have told something lately, with the time they say it was, in ms from now. */
const listOthers = async () => {
  const { listServers, nameServer, readLast } = await import('../../figures/service')
  const others = (await listServers()).filter((server) => server !== nameServer())
  const heard = await Promise.all(others.map(async (server) => ({ server, age: Date.now() - ((await readLast(server)) ?? 0) })))
  return heard.filter(({ age }) => age < heardWithinMs)
}
const hostOf = (server: string) => server.replace(/:\d+$/, '')

export const hostChecks: Check[] = [
  {
    id: 'hosts-bucket',
    about: 'The bucket that hosts share takes and gives files',
    look: whenShared(async () => {
      const { storage } = await import('../../storage/storage')
      const own = storage()
      const probe = `results/doctor-${crypto.randomUUID()}`
      try {
        await own.put(probe, 'annolith')
        const back = new TextDecoder().decode(await own.get(probe))
        return back === 'annolith'
          ? ok(`${config().storage.split('?')[0]} takes and gives files`)
          : fail('the bucket gives other bytes than it took', 'look at the store')
      } finally {
        await own.remove(probe).catch(() => {})
      }
    }),
  },
  {
    id: 'hosts-secret',
    about: 'The file of the shared key is closed to other accounts',
    look: async () => {
      const file = config().secret_key_file
      if (!file) return skip('keys lie in the data directory')
      await readFile(file)
      return (await stat(file)).mode & 0o004
        ? fail(`other accounts can read ${file}`, `chmod o-rwx ${file}`)
        : ok(`${file} is closed to other accounts; keep it beside the backups, which do not hold it`)
    },
  },
  {
    id: 'hosts-shared',
    about: 'Servers on several hosts share their files',
    look: whenSeveral(async () => {
      const others = await listOthers()
      const { nameServer } = await import('../../figures/service')
      const elsewhere = [...new Set(others.map(({ server }) => hostOf(server)))].filter((host) => host !== hostOf(nameServer()))
      if (!elsewhere.length) return skip('no other host was heard of')
      if (config().storage) return ok(`a bucket, with ${name(elsewhere)}`)
      return warn(
        `${name(elsewhere)} run too, and there is no bucket: ${join(config().dataDir, 'data')} must be one folder for all`,
        'set storage to a bucket on every host, or mount the data directory from one place',
      )
    }),
  },
  {
    id: 'hosts-clocks',
    about: 'The clocks of the servers agree',
    look: whenSeveral(async () => {
      const ahead = (await listOthers()).filter(({ age }) => age < -clockMs)
      return ahead.length
        ? fail(
            `${name(ahead.map(({ server, age }) => `${server} (${Math.round(-age / 1000)} s ahead)`))}`,
            'timedatectl set-ntp true, on every host',
          )
        : ok('no other server is ahead')
    }),
  },
  {
    id: 'hosts-lanes',
    about: 'All background work is done somewhere',
    look: whenSeveral(async () => {
      const { serve_lanes } = config()
      const missing = allLanes.filter((lane) => !serve_lanes.includes(lane))
      return missing.length
        ? warn(`this server leaves ${name(missing, 9)} to workers`, 'annolith work on some host, and queue-moving must be well')
        : ok('this server does all of it')
    }),
  },
]
