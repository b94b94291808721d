// Everything that a dashboard shows, as data: cards, charts and tables, made from the figures of its place and days.
import { eq } from 'drizzle-orm'
import type { ChartData } from '../../web/ui/chart-data'
import { t } from '../../web/ui/i18n/message'
import { formatCount } from '../../web/ui/parts'
import type { Visit } from '../auth/service'
import { db } from '../db/open'
import { jobs } from '../jobs/schema'
import { projects } from '../projects/schema'
import { tasks } from '../tasks/schema'
import { loadPeople } from '../users/service'
import { type Agreement, loadAgreement } from './agreement'
import { type Figures, isWork, loadFigures, msPerFrame, objectsPerHour } from './figures'
import { type Filters, filteredActivity, filteredJobs } from './filters'
import { type JobNow, listJobsNow, loadStates, type StateCounts } from './history'
import { countLabels } from './label-counts'
import type { Place } from './place'
import { loadQualityTrend, type QualityPoint } from './quality-trend'
import { type Sheet, sheetOfChart } from './sheet'

export type Card = { name: string; label: string; value: number | null; unit: 'count' | 'number' | 'duration'; hint: string }
export type ChartPart = { name: string; title: string; data: ChartData; sheet: Sheet; isEmpty: boolean; empty: string }
export type Choice = readonly [value: string, label: string]
export type Dashboard = {
  place: Place
  filters: Filters
  cards: Card[]
  charts: ChartPart[]
  sheets: Sheet[]
  people: Choice[]
  projects: Choice[]
  isEmpty: boolean
}

const seconds = (ms: number | null) => (ms === null ? null : ms / 1000)

const makeCards = ({ totals, medianFrameMs }: Figures): Card[] => [
  {
    name: 'working',
    label: t('Working time'),
    value: totals.workingMs / 1000,
    unit: 'duration',
    hint: t('Pauses of 100 seconds and more do not count'),
  },
  {
    name: 'objects',
    label: t('Objects made'),
    value: totals.created,
    unit: 'count',
    hint: t('{changed} changed, {deleted} deleted', {
      changed: formatCount(totals.changed),
      deleted: formatCount(totals.deleted),
    }),
  },
  {
    name: 'speed',
    label: t('Objects per hour'),
    value: objectsPerHour(totals),
    unit: 'number',
    hint: t('Made in an hour of work'),
  },
  {
    name: 'frame',
    label: t('Time per frame'),
    value: seconds(medianFrameMs),
    unit: 'duration',
    hint: t('Median of {count} visited frames', { count: formatCount(totals.frames) }),
  },
  {
    name: 'completed',
    label: t('Jobs completed'),
    value: totals.completed,
    unit: 'count',
    hint: t('{count} sent back', { count: formatCount(totals.rejected) }),
  },
  {
    name: 'issues',
    label: t('Issues opened'),
    value: totals.issuesOpened,
    unit: 'count',
    hint: t('{count} resolved', { count: formatCount(totals.issuesResolved) }),
  },
]

const timeAxis = (values: number[]): ChartData['x'] => ({ name: t('Time'), kind: 'time', values })

const makeChart = (name: string, title: string, data: ChartData, names: string[], empty: string): ChartPart => ({
  name,
  title,
  data,
  sheet: sheetOfChart(name, title, data, names),
  isEmpty: !data.series.some(({ values }) => values.some((value) => value !== null && value !== 0)),
  empty,
})

const stateTones = { completed: 'success', 'in progress': 'info', rejected: 'danger', new: 'muted' } as const
const stateOrder = ['completed', 'in progress', 'rejected', 'new'] as const

const makeCharts = ({ points }: Figures, states: StateCounts[], quality: QualityPoint[]): ChartPart[] => {
  const x = timeAxis(points.map(({ start }) => start))
  return [
    makeChart(
      'working',
      t('Working time'),
      {
        x,
        unit: 'duration',
        series: [{ name: t('Working time'), draw: 'bar', values: points.map(({ workingMs }) => workingMs / 1000) }],
      },
      ['working_seconds'],
      t('Nobody worked in these days.'),
    ),
    makeChart(
      'speed',
      t('Objects per hour'),
      { x, unit: 'number', series: [{ name: t('Objects per hour'), tone: 'success', values: points.map(objectsPerHour) }] },
      ['objects_per_hour'],
      t('Nobody worked in these days.'),
    ),
    makeChart(
      'states',
      t('States of jobs'),
      {
        x: timeAxis(states.map(({ at }) => at)),
        unit: 'count',
        isStacked: true,
        series: stateOrder.map((state) => ({
          name: t(state),
          draw: 'area' as const,
          tone: stateTones[state],
          values: states.map((counts) => counts[state]),
        })),
      },
      stateOrder.map((state) => state.replace(' ', '_')),
      t('There were no jobs in these days.'),
    ),
    makeChart(
      'quality',
      t('Quality'),
      {
        x: timeAxis(quality.map(({ start }) => start)),
        unit: 'share',
        range: { from: 0, to: 1 },
        series: [{ name: t('Mean accuracy'), tone: 'accent', values: quality.map(({ accuracy }) => accuracy) }],
      },
      ['accuracy'],
      t('No quality reports were made in these days.'),
    ),
    makeChart(
      'reviews',
      t('Review rounds'),
      {
        x,
        unit: 'count',
        series: [
          { name: t('Completed'), draw: 'line', tone: 'success', values: points.map(({ completed }) => completed) },
          { name: t('Sent back'), draw: 'line', tone: 'danger', values: points.map(({ rejected }) => rejected) },
        ],
      },
      ['completed', 'sent_back'],
      t('No job was completed or sent back in these days.'),
    ),
  ]
}

const personSheet = (figures: Figures, nameOf: (id: number | null) => string, mayOpen: (id: number) => boolean): Sheet => ({
  name: 'people',
  title: t('People'),
  columns: [
    { name: 'person', label: t('Person'), unit: 'text' },
    { name: 'jobs', label: t('Jobs'), unit: 'count' },
    { name: 'working_seconds', label: t('Working time'), unit: 'duration' },
    { name: 'objects', label: t('Objects made'), unit: 'count' },
    { name: 'objects_per_hour', label: t('Objects per hour'), unit: 'number' },
    { name: 'frames', label: t('Frames'), unit: 'count' },
    { name: 'seconds_per_frame', label: t('Time per frame'), unit: 'duration' },
    { name: 'saves', label: t('Saves'), unit: 'count' },
    { name: 'completed', label: t('Completed'), unit: 'count' },
    { name: 'sent_back', label: t('Sent back'), unit: 'count' },
    { name: 'issues_opened', label: t('Issues opened'), unit: 'count' },
  ],
  rows: figures.people.map((one) => ({
    testid: `person-${one.userId ?? 0}`,
    href: one.userId !== null && mayOpen(one.userId) ? `/analytics/people/${one.userId}` : undefined,
    cells: [
      nameOf(one.userId),
      one.jobs,
      one.workingMs / 1000,
      one.created,
      objectsPerHour(one),
      one.frames,
      seconds(msPerFrame(one)),
      one.saves,
      one.completed,
      one.rejected,
      one.issuesOpened,
    ],
  })),
})

const jobSheet = (figures: Figures, all: JobNow[], nameOf: (id: number | null) => string): Sheet => {
  const now = new Map(all.map((job) => [job.id, job]))
  return {
    name: 'jobs',
    title: t('Jobs'),
    columns: [
      { name: 'job', label: t('Job'), unit: 'text' },
      { name: 'task', label: t('Task'), unit: 'text' },
      { name: 'assignee', label: t('Assignee'), unit: 'text' },
      { name: 'stage', label: t('Stage'), unit: 'text' },
      { name: 'state', label: t('State'), unit: 'text' },
      { name: 'working_seconds', label: t('Working time'), unit: 'duration' },
      { name: 'objects', label: t('Objects made'), unit: 'count' },
      { name: 'objects_per_hour', label: t('Objects per hour'), unit: 'number' },
      { name: 'frames', label: t('Frames'), unit: 'count' },
      { name: 'sent_back', label: t('Sent back'), unit: 'count' },
      { name: 'issues_opened', label: t('Issues opened'), unit: 'count' },
    ],
    rows: figures.jobs.map((one) => {
      const job = now.get(one.jobId)
      return {
        testid: `job-${one.jobId}`,
        href: job ? `/jobs/${one.jobId}/analytics` : undefined,
        cells: [
          `#${one.jobId}`,
          job?.taskName ?? null,
          job ? nameOf(job.assigneeId) : null,
          job ? t(job.stage) : null,
          job ? t(job.state) : null,
          one.workingMs / 1000,
          one.created,
          objectsPerHour(one),
          one.frames,
          one.rejected,
          one.issuesOpened,
        ],
      }
    }),
  }
}

const labelSheet = async (all: JobNow[]): Promise<Sheet> => {
  const annotated = all.filter(({ type }) => type === 'annotation').map(({ id }) => id)
  return {
    name: 'labels',
    title: t('Labels'),
    columns: [
      { name: 'label', label: t('Label'), unit: 'text' },
      { name: 'objects', label: t('Objects'), unit: 'count' },
      { name: 'shapes', label: t('Shapes'), unit: 'count' },
      { name: 'tracks', label: t('Tracks'), unit: 'count' },
      { name: 'tags', label: t('Tags'), unit: 'count' },
    ],
    rows: (await countLabels(annotated)).map(({ labelId, name, total, shapes, tracks, tags }) => ({
      testid: `label-${labelId}`,
      cells: [name, total, shapes, tracks, tags],
    })),
  }
}

/** What people made of what models found: one line for each version of a model and label. */
const agreementSheet = (rows: Agreement[]): Sheet => ({
  name: 'models',
  title: t('Agreement with models'),
  columns: [
    { name: 'model', label: t('Model'), unit: 'text' },
    { name: 'version', label: t('Version'), unit: 'count' },
    { name: 'label', label: t('Label'), unit: 'text' },
    { name: 'found', label: t('Found'), unit: 'count' },
    { name: 'accepted', label: t('Accepted unchanged'), unit: 'count' },
    { name: 'edited', label: t('Edited'), unit: 'count' },
    { name: 'rejected', label: t('Rejected'), unit: 'count' },
    { name: 'open', label: t('Not looked at'), unit: 'count' },
    { name: 'agreement', label: t('Agreement'), unit: 'share' },
  ],
  rows: rows.map(({ model, name, version, label, accepted, edited, rejected, open }) => {
    const judged = accepted + edited + rejected
    const share = judged ? accepted / judged : null
    return {
      testid: `model-${model}-${version}-${label}`,
      cells: [name, version, label, judged + open, accepted, edited, rejected, open, share],
    }
  }),
})

/** Projects with jobs of the place, to choose from where there may be several. */
const listProjects = async (place: Place): Promise<Choice[]> => {
  if (!['instance', 'organization', 'person'].includes(place.kind)) return []
  const rows = await db
    .selectDistinct({ id: projects.id, name: projects.name })
    .from(jobs)
    .innerJoin(tasks, eq(tasks.id, jobs.taskId))
    .innerJoin(projects, eq(projects.id, tasks.projectId))
    .where(place.jobWhere)
    .orderBy(projects.id)
  return rows.map(({ id, name }) => [String(id), name] as const)
}

export const loadDashboard = async ({ who }: Visit, place: Place, filters: Filters): Promise<Dashboard> => {
  const figures = await loadFigures(filters, await filteredActivity(place, filters))
  const all = await listJobsNow(filteredJobs(place, filters))
  const states = await loadStates(
    filters.person === null ? all : all.filter(({ assigneeId }) => assigneeId === filters.person),
    filters,
  )
  const quality = await loadQualityTrend(place, filters)
  const ids = [...figures.people.map(({ userId }) => userId), ...all.map(({ assigneeId }) => assigneeId), filters.person]
  const people = await loadPeople(ids)
  const nameOf = (id: number | null) => (id === null ? '' : (people.get(id)?.username ?? `#${id}`))
  const mayOpen = (id: number) => who.admin || who.user.id === id || (place.kind === 'organization' && place.isOfAll)
  const hasLabels = ['project', 'task', 'job'].includes(place.kind)
  const choices = new Set(ids.filter((id) => id !== null))
  const charts = makeCharts(figures, states, quality)
  return {
    place,
    filters,
    cards: makeCards(figures),
    charts,
    sheets: [
      ...(place.kind === 'person' ? [] : [personSheet(figures, nameOf, mayOpen)]),
      ...(place.kind === 'job' ? [] : [jobSheet(figures, all, nameOf)]),
      ...(hasLabels ? [await labelSheet(all)] : []),
      ...(hasLabels && place.isOfAll ? [agreementSheet(await loadAgreement(all, filters))] : []),
    ],
    people: place.kind === 'person' || !place.isOfAll ? [] : [...choices].map((id) => [String(id), nameOf(id)] as const),
    projects: await listProjects(place),
    isEmpty: !isWork(figures.totals) && charts.every(({ isEmpty }) => isEmpty),
  }
}
