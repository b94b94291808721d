// What the address of a dashboard narrows it to: days, a person, a project, kinds and stages of jobs.
import { and, eq, type SQL } from 'drizzle-orm'
import { isAmong } from '../db/dialect'
import { db } from '../db/open'
import type { activityDays } from '../events/service'
import { invalid } from '../http/errors'
import type { Query } from '../http/page'
import { jobs, stages } from '../jobs/schema'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import type { Place } from './place'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const defaultDays = 30
const maxDays = 3660

export const jobTypes = ['annotation', 'ground_truth', 'replica'] as const

export type Filters = {
  /** First moment and the one after the last, ms; whole days (UTC). */
  from: number
  to: number
  /** Points of the charts. */
  step: 'hour' | 'day' | 'week'
  person: number | null
  project: number | null
  type: (typeof jobTypes)[number] | null
  stage: (typeof stages)[number] | null
}

export const stepMs: Record<Filters['step'], number> = { hour: hourMs, day: dayMs, week: 7 * dayMs }

const readDay = (name: string, text: string | undefined, missing: number): number => {
  if (!text) return missing
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) throw invalid({ [name]: `"${text}" is not a day.` })
  return ms
}

const readNumber = (name: string, text: string | undefined): number | null => {
  if (!text) return null
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid({ [name]: 'A valid integer is required.' })
  return Number(text)
}

const readChoice = <const C extends string>(name: string, text: string | undefined, choices: readonly C[]): C | null => {
  if (!text) return null
  const found = choices.find((choice) => choice === text)
  if (!found) throw invalid({ [name]: `"${text}" is not one of ${choices.join(', ')}.` })
  return found
}

/** Reads the address; the last 30 days unless it says others. Throws 400 naming the parameter. */
export const readFilters = (query: Query, now = Date.now()): Filters => {
  const today = Math.floor(now / dayMs) * dayMs
  const last = readDay('to', query.to, today)
  const from = readDay('from', query.from, last - (defaultDays - 1) * dayMs)
  const to = last + dayMs
  if (from >= to) throw invalid({ from: '"from" must not be after "to".' })
  const days = (to - from) / dayMs
  if (days > maxDays) throw invalid({ from: `At most ${maxDays} days can be shown at once.` })
  return {
    from,
    to,
    step: days <= 3 ? 'hour' : days <= 120 ? 'day' : 'week',
    person: readNumber('person', query.person),
    project: readNumber('project', query.project),
    type: readChoice('type', query.type, jobTypes),
    stage: readChoice('stage', query.stage, stages),
  }
}

/** A day as addresses and fields write it. */
export const writeDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** Jobs of the place that are of the kind and stage, and in the project, that the filters name. */
export const filteredJobs = (place: Place, { project, type, stage }: Filters): SQL | undefined =>
  and(
    place.jobWhere,
    project === null ? undefined : eq(tasks.projectId, project),
    type === null ? undefined : eq(jobs.type, type),
    stage === null ? undefined : eq(jobs.stage, stage),
  )

/** The condition on rows of the event store. Kinds and stages stand in the other database, whence the numbers of the jobs come. */
export const filteredActivity = async (place: Place, filters: Filters) => {
  const { person, project, type, stage } = filters
  const ids =
    type === null && stage === null
      ? null
      : (
          await db
            .select({ id: jobs.id })
            .from(jobs)
            .innerJoin(tasks, eq(tasks.id, jobs.taskId))
            .leftJoin(projects, eq(projects.id, tasks.projectId))
            .where(filteredJobs(place, filters))
        ).map(({ id }) => id)
  return (table: typeof activityDays): SQL | undefined =>
    and(
      place.activityWhere(table),
      person === null ? undefined : eq(table.userId, person),
      project === null ? undefined : eq(table.projectId, project),
      ids === null ? undefined : isAmong(table.jobId as any, ids),
    )
}
