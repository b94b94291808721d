// The figures of a dashboard: sums of the chosen days, over time, for each person and each job.
import { and, gte, lt, type SQL, sum } from 'drizzle-orm'
import { eventDb } from '../db/open-events'
import { activityDays, activityHours, type Metric, metrics, settleEvents } from '../events/service'
import { type Filters, stepMs } from './filters'

type ActivityTable = typeof activityDays
export type Totals = Record<Metric, number>
export type Point = Totals & { start: number }
export type PersonFigures = Totals & { userId: number | null; jobs: number }
export type JobFigures = Totals & { jobId: number; people: number }
export type Figures = {
  totals: Totals
  /** One for each step of the chosen days, also where nothing was done. */
  points: Point[]
  people: PersonFigures[]
  jobs: JobFigures[]
  /** Half of the frames took less; over what each person took on average in each job. ms, null without frames. */
  medianFrameMs: number | null
}

const zeros = (): Totals => Object.fromEntries(metrics.map((metric) => [metric, 0])) as Totals

const addTo = (totals: Totals, more: Partial<Totals>) => {
  for (const metric of metrics) totals[metric] += more[metric] ?? 0
}

/** Only what is shown is added up: that is most of the work of a dashboard. */
const pointMetrics = [
  'workingMs',
  'frames',
  'created',
  'changed',
  'deleted',
  'completed',
  'rejected',
  'issuesOpened',
  'issuesResolved',
] as const
const pairMetrics = [
  'workingMs',
  'frames',
  'saves',
  'created',
  'completed',
  'rejected',
  'issuesOpened',
  'issuesResolved',
] as const

const sumsOf = <M extends Metric>(table: ActivityTable, wanted: readonly M[]) =>
  Object.fromEntries(wanted.map((metric) => [metric, sum(table[metric]).mapWith(Number)])) as unknown as Record<M, SQL<number>>

/** How many objects were made in an hour of work, to one decimal; null where hardly anybody worked. */
export const objectsPerHour = ({ created, workingMs }: Pick<Totals, 'created' | 'workingMs'>): number | null =>
  workingMs >= 60_000 ? Math.round((created * 36_000_000) / workingMs) / 10 : null

export const msPerFrame = ({ frames, workingMs }: Pick<Totals, 'frames' | 'workingMs'>): number | null =>
  frames > 0 && workingMs > 0 ? workingMs / frames : null

/** The value at which half of the weight is reached. */
export const findMedian = (values: { value: number; weight: number }[]): number | null => {
  const sorted = [...values].sort((a, b) => a.value - b.value)
  const half = sorted.reduce((all, { weight }) => all + weight, 0) / 2
  let reached = 0
  for (const { value, weight } of sorted) {
    reached += weight
    if (reached >= half) return value
  }
  return null
}

const makePoints = (rows: (Partial<Totals> & { start: number })[], { from, to, step }: Filters): Point[] => {
  const length = stepMs[step]
  const points = Array.from(
    { length: Math.ceil((to - from) / length) },
    (_, i): Point => ({ start: from + i * length, ...zeros() }),
  )
  for (const row of rows) addTo(points[Math.floor((row.start - from) / length)]!, row)
  return points
}

const groupBy = <Key, Row extends Partial<Totals>>(rows: Row[], keyOf: (row: Row) => Key) =>
  [...Map.groupBy(rows, keyOf)].map(([key, own]) => {
    const totals = zeros()
    for (const row of own) addTo(totals, row)
    return { key, own, totals }
  })

/** Whether anything was worked on; that something was looked at or set up is none of it, and not added up. */
export const isWork = (totals: Totals): boolean => metrics.some((metric) => totals[metric] > 0)

const byWork = (a: Totals, b: Totals) => b.workingMs - a.workingMs || b.created - a.created

/** `where`: the rows that count, as for filteredActivity. Two reads of the sums, however many events there are. */
export const loadFigures = async (filters: Filters, where: (table: ActivityTable) => SQL | undefined): Promise<Figures> => {
  await settleEvents()
  const table = filters.step === 'hour' ? activityHours : activityDays
  const inRange = (one: ActivityTable) => and(gte(one.start, filters.from), lt(one.start, filters.to), where(one))
  const rows = await eventDb
    .select({ start: table.start, ...sumsOf(table, pointMetrics) })
    .from(table)
    .where(inRange(table))
    .groupBy(table.start)
  const pairs = await eventDb
    .select({ userId: activityDays.userId, jobId: activityDays.jobId, ...sumsOf(activityDays, pairMetrics) })
    .from(activityDays)
    .where(inRange(activityDays))
    .groupBy(activityDays.userId, activityDays.jobId)
  const totals = zeros()
  for (const row of rows) addTo(totals, row)
  const people = groupBy(pairs, ({ userId }) => userId).map(({ key, own, totals }) => ({
    ...totals,
    userId: key,
    jobs: own.filter(({ jobId }) => jobId !== null).length,
  }))
  const jobs = groupBy(
    pairs.filter(({ jobId }) => jobId !== null),
    ({ jobId }) => jobId!,
  ).map(({ key, own, totals }) => ({ ...totals, jobId: key, people: own.length }))
  const frameTimes = pairs.flatMap((pair) => {
    const value = msPerFrame(pair)
    return value === null ? [] : [{ value, weight: pair.frames }]
  })
  return {
    totals,
    points: makePoints(rows, filters),
    people: people.filter(isWork).sort(byWork),
    jobs: jobs.filter(isWork).sort(byWork),
    medianFrameMs: findMedian(frameTimes),
  }
}
