// Questions about the database and what it says about people and files.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { config } from '../../config'
import { type Check, type Finding, fail, name, ok, skip, warn } from '../check'

const inspect = () => import('../../db/inspect')
const mib = 2 ** 20
const skewMs = 5000

/** Opening a SQLite file that is not there would make it, so nothing is asked before a first start. */
const whenThere = (look: () => Promise<Finding>) => async () =>
  config().databaseUrl || existsSync(join(config().dataDir, 'annolith.db')) ? look() : skip('there is no database yet')

const checks: Check[] = [
  {
    id: 'database-reachable',
    about: 'The database answers, in a version that is supported',
    look: async () => {
      const { words, major } = await (await inspect()).describeDatabase()
      return config().databaseUrl && major < 13
        ? fail(`${words} is too old: 13 is the oldest that is supported`, 'upgrade PostgreSQL')
        : ok(words)
    },
  },
  {
    id: 'database-encoding',
    about: 'The database keeps every letter',
    look: async () => {
      const { encoding } = await (await inspect()).describeDatabase()
      return /^utf-?8$/i.test(encoding)
        ? ok(encoding)
        : fail(`the encoding is ${encoding}`, 'make a database with encoding UTF8 and restore a backup into it')
    },
  },
  {
    id: 'database-migrations',
    about: 'The tables are those of this version',
    look: async () => {
      const { known, applied } = await (await inspect()).listMigrations()
      const newer = applied.filter((one) => !known.includes(one))
      if (newer.length)
        return fail(
          `the data were written by a newer version (${name(newer)})`,
          'install that version again, or restore a backup',
        )
      const missing = known.filter((one) => !applied.includes(one))
      return missing.length
        ? fail(
            `${missing.length} migrations are missing`,
            'annolith migrate',
            async () => `applied ${name(await (await import('../../db/migrate')).migrate())}`,
          )
        : ok(`${applied.length} migrations, none missing`)
    },
  },
  {
    id: 'database-integrity',
    about: 'The file of the database is not damaged',
    look: async () => {
      if (config().databaseUrl) return skip('PostgreSQL looks after its files by itself')
      const damage = await (await inspect()).findDamage()
      return damage.length ? fail(`damaged: ${name(damage)}`, 'annolith restore BACKUP') : ok('no damage found')
    },
  },
  {
    id: 'database-references',
    about: 'No row refers to one that is gone',
    look: async () => {
      const broken = await (await inspect()).findBrokenReferences()
      return broken.length
        ? fail(`rows that refer to nothing: ${name(broken)}`, 'annolith restore BACKUP')
        : ok('every reference leads somewhere')
    },
  },
  {
    id: 'database-log',
    about: 'The write-ahead log does not grow for ever',
    look: async () => {
      const size = (await inspect()).walBytes()
      return size > 1024 * mib
        ? warn(
            `the write-ahead log has ${Math.round(size / mib)} MiB: some program holds a very old read open`,
            'restart the server',
          )
        : ok(`${Math.round(size / mib)} MiB`)
    },
  },
  {
    id: 'database-connections',
    about: 'PostgreSQL has connections to spare',
    look: async () => {
      const counts = await (await inspect()).countConnections()
      if (!counts) return skip('SQLite has no connections')
      const words = `${counts.taken} of ${counts.most} are taken`
      return counts.taken > counts.most * 0.8 ? warn(words, 'raise max_connections of PostgreSQL') : ok(words)
    },
  },
  {
    id: 'clock-database',
    about: 'The clocks of this host and the database agree',
    look: async () => {
      const before = Date.now()
      const { now } = await (await inspect()).describeDatabase()
      const skew = Math.abs(now.getTime() - (before + Date.now()) / 2)
      return skew > skewMs
        ? fail(`the clocks differ by ${Math.round(skew / 1000)} s`, 'timedatectl set-ntp true')
        : ok(`they differ by ${Math.round(skew)} ms`)
    },
  },
  {
    id: 'people-administrator',
    about: 'Somebody may administrate',
    look: async () => {
      const { findUsers } = await import('../../users/service')
      const able = (await findUsers()).filter((user) => user.isSuperuser && user.isActive)
      return able.length
        ? ok(`${able.length} active: ${name(able.map((user) => user.username))}`)
        : fail('nobody who is active may administrate', 'annolith user create --username NAME --superuser --password-stdin')
    },
  },
  {
    id: 'media-missing',
    about: 'Every picture and video that a task names is there',
    look: async () => {
      const { findMissingMedia } = await import('../../data/service')
      const { count, examples, looked } = await findMissingMedia()
      return count
        ? fail(`${count} of ${looked} files are gone: ${name(examples)}`, 'restore them from a backup, or mount the share again')
        : ok(`${looked} files are there`)
    },
  },
  {
    id: 'media-orphans',
    about: 'No media of tasks that are gone',
    look: async () => {
      const { listOrphanFolders, removeTaskFiles } = await import('../../data/service')
      const orphans = await listOrphanFolders()
      if (!orphans.length) return ok('every folder belongs to a task')
      return warn(
        `${orphans.length} folders belong to no task: ${name(orphans.map(String))}`,
        'annolith doctor --fix',
        async () => {
          for (const id of orphans) await removeTaskFiles(id)
          return `removed ${orphans.length} folders`
        },
      )
    },
  },
  {
    id: 'requests-expired',
    about: 'Results whose time is over are removed',
    look: async () => {
      const { countExpiredRequests, forgetExpiredRequests } = await import('../../requests/service')
      const count = await countExpiredRequests()
      if (!count) return ok('nothing has expired')
      return warn(`${count} results have expired and still take room`, 'annolith doctor --fix', async () => {
        await forgetExpiredRequests()
        return `removed ${count} results`
      })
    },
  },
  {
    id: 'webhooks-failing',
    about: 'Webhooks reach their receivers',
    look: async () => {
      const { countDeliveries } = await import('../../webhooks/service')
      const { failed, all } = await countDeliveries(new Date(Date.now() - 24 * 3600_000))
      return failed * 2 > all
        ? warn(`${failed} of ${all} deliveries of the last day failed`, 'look at their answers under Webhooks, Deliveries')
        : ok(`${failed} of ${all} deliveries of the last day failed`)
    },
  },
]

export const databaseChecks: Check[] = checks.map((check) => ({ ...check, look: whenThere(async () => check.look()) }))
