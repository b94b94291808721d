// When the server backs itself up, by `backup_schedule`; one chore for each time, however many servers there are.
import { config } from '../config'
import { log } from '../log'
import * as queue from '../queue/queue'
import { nameSnapshot } from './layout'
import { listSnapshots } from './list-snapshots'
import { openTarget } from './target'

/** Timers hold no longer than this: clocks are set, machines sleep. */
const longestWaitMs = 30_000
const maxLookBackMs = 32 * 24 * 3_600_000

/** The next time of the schedule, in the time zone of the machine; undefined when there is none. */
export const findNextBackup = (after: Date = new Date(), schedule = config().backup_schedule): Date | undefined =>
  (schedule && Bun.cron.parse(schedule, after)) || undefined

/** The same time gives the same chore, so that one server of many does it. */
export const choreOf = (due: Date) => `backup-${nameSnapshot(due)}`

/** The time from which the schedule counts: the newest backup, so that one that was slept through is made up for. */
const findBase = async (now: Date): Promise<Date> => {
  try {
    const newest = (await listSnapshots(await openTarget(config().backup_target))).at(-1)
    return newest ? new Date(newest.created) : now
  } catch (error) {
    log().error({ err: error }, 'backup_target cannot be read')
    return now
  }
}

/** Adds what is due between two moments, as one chore: the last of what was missed. Answers its id. */
export const addDueBackup = async (base: Date, now: Date): Promise<string | undefined> => {
  let due: Date | undefined
  for (let next = findNextBackup(base); next && next <= now; next = findNextBackup(next)) {
    due = next
    // Of a server that was off for years, the last time is found from its end.
    if (now.getTime() - next.getTime() > maxLookBackMs) next = new Date(now.getTime() - maxLookBackMs)
  }
  return due && queue.add('back-up-server', {}, { id: choreOf(due) })
}
/** Watches the clock until it is stopped. Does nothing without a schedule. */
export const keepBackupSchedule = (): (() => void) => {
  if (!config().backup_schedule) return () => {}
  let timer: Timer | undefined
  let isStopped = false
  const wait = (base: Date) => {
    const ms = (findNextBackup(base)?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()
    timer = setTimeout(() => void look(base), Math.min(Math.max(ms, 0), longestWaitMs))
  }
  const look = async (base: Date) => {
    const now = new Date()
    const added = await addDueBackup(base, now).catch((error) => log().error({ err: error }, 'a backup could not be begun'))
    if (!isStopped) wait(added ? now : base)
  }
  void findBase(new Date()).then((base) => isStopped || wait(base))
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
