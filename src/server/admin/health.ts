// How the server is: its parts with a word and a number each, as the page of health shows them.
import { sql } from 'drizzle-orm'
import { t } from '../../web/ui/i18n/message'
import { formatCount, formatDecimal } from '../../web/ui/parts'
import { config } from '../config'
import { isPostgres } from '../db/dialect'
import { db } from '../db/open'
import { lanes } from '../queue/chores'
import { stats } from '../queue/queue'
import { readBackupStatus } from '../snapshots/service'
import { readDisk } from '../storage/disk-use'
import { users } from '../users/schema'
import { formatBytes } from './format-bytes'

export type Tone = 'success' | 'warning' | 'danger'
export type Part = { name: string; tone: Tone; state: string; note: string }

const patienceMs = 2000
const slowMs = 250

const within = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([work, Bun.sleep(patienceMs).then(() => Promise.reject(new Error(`no answer within ${patienceMs} ms`)))])

/** A part that cannot be asked is broken, with the reason as its note. */
const judge = async (name: string, look: () => Promise<Omit<Part, 'name'>>): Promise<Part> =>
  look().then(
    (part) => ({ name, ...part }),
    (error: Error) => ({ name, tone: 'danger' as const, state: 'broken', note: error.message }),
  )

const askDatabase = async () => {
  const started = performance.now()
  await within(Promise.resolve(db.select({ one: sql`1` }).from(users).limit(1)))
  const ms = performance.now() - started
  const note = t('{database}, answers in {ms} ms', { database: isPostgres ? 'PostgreSQL' : 'SQLite', ms: formatDecimal(ms) })
  return ms > slowMs ? { tone: 'warning' as const, state: 'slow', note } : { tone: 'success' as const, state: 'working', note }
}

const askQueue = async () => {
  const { lanes: counts } = await within(stats(1))
  const sum = (key: 'waiting' | 'running' | 'failed') => lanes.reduce((total, lane) => total + counts[lane][key], 0)
  const note = t('{queue}: {running} running, {waiting} waiting, {failed} failed', {
    queue: config().redisUrl ? 'Redis' : 'SQLite',
    running: formatCount(sum('running')),
    waiting: formatCount(sum('waiting')),
    failed: formatCount(sum('failed')),
  })
  return sum('failed')
    ? { tone: 'warning' as const, state: 'failures', note }
    : { tone: 'success' as const, state: 'working', note }
}

const askDisk = async () => {
  const { free, percent } = await readDisk()
  const limit = config().disk_usage_max
  const tone: Tone = percent >= limit ? 'danger' : percent >= limit - 10 ? 'warning' : 'success'
  const state = { success: 'enough room', warning: 'filling up', danger: 'full' }[tone]
  return {
    tone,
    state,
    note: t('{percent} % used, {free} free; the limit is {limit} %', { percent, free: formatBytes(free), limit }),
  }
}

const askMemory = async () => ({
  tone: 'success' as const,
  state: formatBytes(process.memoryUsage.rss()),
  note: t('up for {hours} h {minutes} min, process {pid}', {
    hours: formatCount(Math.floor(process.uptime() / 3600)),
    minutes: Math.floor((process.uptime() % 3600) / 60),
    pid: process.pid,
  }),
})

const askMail = async () =>
  config().smtp_url
    ? { tone: 'success' as const, state: 'configured', note: t('letters come from {address}', { address: config().mail_from }) }
    : {
        tone: 'warning' as const,
        state: 'not configured',
        note: t('Invitations and password resets are not mailed: set ANNOLITH_SMTP_URL.'),
      }

const askVideo = async () => {
  const path = config().ffmpeg || Bun.which('ffmpeg')
  return path
    ? { tone: 'success' as const, state: 'working', note: t('ffmpeg is there') }
    : { tone: 'warning' as const, state: 'no ffmpeg', note: t('Videos that browsers cannot play need it: set ANNOLITH_FFMPEG.') }
}

const hourMs = 3_600_000

const askBackups = async () => {
  const { target, failure, trouble, snapshots } = await within(readBackupStatus())
  if (!target)
    return { tone: 'warning' as const, state: 'not configured', note: t('Nothing is backed up: set ANNOLITH_BACKUP_TARGET.') }
  if (trouble) return { tone: 'danger' as const, state: 'broken', note: trouble }
  const [newest] = snapshots
  const made = newest && new Date(newest.created)
  if (failure && (!made || made < failure.at)) return { tone: 'danger' as const, state: 'broken', note: failure.message }
  if (!made) return { tone: 'warning' as const, state: 'none yet', note: target }
  const hours = formatCount(Math.floor((Date.now() - made.getTime()) / hourMs))
  return {
    tone: 'success' as const,
    state: 'working',
    note: t('{count} in {place}, the newest {hours} h old', {
      count: formatCount(snapshots.length),
      place: target.split('?')[0]!,
      hours,
    }),
  }
}

/** All parts, asked at the same time. */
export const readHealth = (): Promise<Part[]> =>
  Promise.all([
    judge('Database', askDatabase),
    judge('Background work', askQueue),
    judge('Disk', askDisk),
    judge('Memory', askMemory),
    judge('Backups', askBackups),
    judge('Mail', askMail),
    judge('Video', askVideo),
  ])
