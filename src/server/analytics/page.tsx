// /analytics and the analytics of organizations, people, projects, tasks and jobs: cards, charts, tables, and all of them as CSV.
import { Elysia } from 'elysia'
import { Chart, ChartFiles } from '../../web/ui/chart'
import { makeChartFormat } from '../../web/ui/chart-data'
import { ChoiceField, Notice, PageHead, TextField } from '../../web/ui/form'
import { readLanguage, say, t } from '../../web/ui/i18n/message'
import { Icon } from '../../web/ui/icon'
import { Empty } from '../../web/ui/list'
import { addressOf } from '../../web/ui/list-address'
import { readId, showPage, type Visit } from '../auth/service'
import { streamEvents } from '../events/service'
import { asset } from '../http/assets'
import { notFound } from '../http/errors'
import { redirectTo } from '../http/html'
import type { Query } from '../http/page'
import { stages } from '../jobs/schema'
import { can } from '../policy/can'
import { type Card, type ChartPart, type Choice, type Dashboard, loadDashboard } from './dashboard'
import { type Filters, jobTypes, readFilters, writeDay } from './filters'
import { openPlace, type Place, type PlaceKind } from './place'
import { CsvLink, csvAnswer, SheetTable, writeSheet } from './sheet'

const dayMs = 24 * 3_600_000

const CardBox = ({ card }: { card: Card }) => (
  <div class="card grid gap-0.5 px-4 py-3" data-testid={`card-${card.name}`} data-value={String(card.value ?? '')}>
    <span class="text-[13px] text-muted" safe>
      {card.label}
    </span>
    <span class="num text-[22px] leading-8 font-semibold" safe>
      {makeChartFormat(card.unit, readLanguage())(card.value)}
    </span>
    <span class="hint" safe>
      {card.hint}
    </span>
  </div>
)

const ChartBox = ({ part, csvHref }: { part: ChartPart; csvHref: string }) => (
  <section
    class={['card grid min-w-0 content-start', part.name === 'states' && 'col-span-full']}
    data-testid={`chart-box-${part.name}`}
  >
    <div class="flex items-center gap-2 px-4 pt-2">
      <h2 class="flex-1" safe>
        {part.title}
      </h2>
      {part.isEmpty ? '' : <CsvLink href={csvHref} name={`chart-${part.name}`} title={part.title} />}
    </div>
    <div class="min-w-0 px-4 pb-3">
      {part.isEmpty ? (
        <p class="py-12 text-center text-muted" data-testid={`chart-${part.name}-empty`} safe>
          {part.empty}
        </p>
      ) : (
        <Chart title={part.title} data={part.data} testid={`chart-${part.name}`} />
      )}
    </div>
  </section>
)

/** Ranges that are one click away. */
const ranges = [7, 30, 90, 365]

const RangeLinks = ({ path, query, filters }: { path: string; query: Query; filters: Filters }) => {
  const today = Math.floor(Date.now() / dayMs) * dayMs
  return (
    <nav class="flex flex-wrap gap-1.5" aria-label={t('Days')}>
      {ranges.map((days) => {
        const from = today - (days - 1) * dayMs
        const isShown = filters.from === from && filters.to === today + dayMs
        return (
          <a
            class="chip"
            href={addressOf({ path, query }, { from: writeDay(from), to: writeDay(today), csv: undefined })}
            aria-pressed={isShown ? 'true' : 'false'}
            role="button"
            data-testid={`range-${days}`}
          >
            {say('{count} days', { count: days })}
          </a>
        )
      })}
    </nav>
  )
}

const everything: Choice = ['', 'All']

/** A form of its own, so that it works without scripts; everything it asks for stands in the address. */
const FilterForm = ({ dashboard: { place, filters, people, projects } }: { dashboard: Dashboard }) => (
  <form
    method="get"
    action={place.path}
    class="card mb-4 grid grid-cols-[repeat(auto-fit,minmax(148px,1fr))] items-end gap-3 p-4"
    data-testid="analytics-filter"
  >
    <TextField label="From" name="from" type="date" value={writeDay(filters.from)} testid="filter-from" />
    <TextField label="Until" name="to" type="date" value={writeDay(filters.to - dayMs)} testid="filter-to" />
    {people.length > 0 && (
      <ChoiceField
        label="Person"
        name="person"
        value={String(filters.person ?? '')}
        options={[everything, ...people]}
        testid="filter-person"
      />
    )}
    {projects.length > 0 && (
      <ChoiceField
        label="Project"
        name="project"
        value={String(filters.project ?? '')}
        options={[everything, ...projects]}
        testid="filter-project"
      />
    )}
    {place.kind !== 'job' && (
      <>
        <ChoiceField
          label="Kind of jobs"
          name="type"
          value={filters.type ?? ''}
          options={[everything, ...jobTypes.map((type) => [type, typeWords(type)] as const)]}
          testid="filter-type"
        />
        <ChoiceField
          label="Stage"
          name="stage"
          value={filters.stage ?? ''}
          options={[everything, ...stages.map((stage) => [stage, stage] as const)]}
          testid="filter-stage"
        />
      </>
    )}
    <div class="flex flex-wrap gap-2">
      <button type="submit" class="btn btn-primary" data-testid="filter-apply">
        {say('Apply')}
      </button>
      <a class="btn btn-quiet" href={place.path} data-testid="filter-clear">
        {say('Clear')}
      </a>
    </div>
  </form>
)

const typeWords = (type: (typeof jobTypes)[number]) =>
  ({ annotation: t('Annotation'), ground_truth: t('Ground truth'), replica: t('Replica') })[type]

const Nothing = () => (
  <div class="card">
    <Empty
      icon="activity"
      title="Nothing happened in these days"
      text="Figures appear as soon as somebody opens a job and works on it. Choose other days to look further back."
    />
  </div>
)

const titleOf = ({ kind, name }: Place) => (kind === 'instance' ? t('Analytics') : t('Analytics of {name}', { name }))

const DashboardPage = ({ visit, dashboard }: { visit: Visit; dashboard: Dashboard }) => {
  const { place, filters, cards, charts, sheets, isEmpty } = dashboard
  const { query } = visit
  const toCsv = (name: string) => addressOf({ path: place.path, query }, { csv: name })
  const organizationId = place.kind === 'organization' ? place.id : null
  // Who sees the figures of the instance need not see its events.
  const hasEvents =
    visit.who.admin ||
    (place.kind !== 'instance' && can(visit.who, 'event', 'export', { organizationId, ownerId: visit.who.user.id }))
  return (
    <div data-testid="analytics" data-kind={place.kind}>
      <ChartFiles script={asset('chart.js')} style={asset('chart.css')} />
      <PageHead title={titleOf(place)} crumbs={place.crumbs}>
        {hasEvents ? (
          <a class="btn" href={toCsv('events')} download="" data-testid="csv-events">
            <Icon name="download" />
            {say('Events as CSV')}
          </a>
        ) : (
          ''
        )}
      </PageHead>
      {place.isOfAll ? '' : <Notice text={t('You see your own work here.')} testid="analytics-own" />}
      <div class="mb-3 flex flex-wrap items-center gap-3">
        <RangeLinks path={place.path} query={query} filters={filters} />
        <span class="hint">{say('Days begin at midnight UTC.')}</span>
      </div>
      <FilterForm dashboard={dashboard} />
      {isEmpty ? (
        <Nothing />
      ) : (
        <div class="mb-4 grid grid-cols-[repeat(auto-fit,minmax(152px,1fr))] gap-3">
          {cards.map((card) => (
            <CardBox card={card} />
          ))}
        </div>
      )}
      <div class="mt-4 mb-4 grid grid-cols-2 items-stretch gap-4 max-lg:grid-cols-[minmax(0,1fr)]">
        {charts
          .filter((part) => !isEmpty || !part.isEmpty)
          .map((part) => (
            <ChartBox part={part} csvHref={toCsv(`chart-${part.name}`)} />
          ))}
      </div>
      <div class="grid gap-4">
        {sheets
          .filter(({ rows }) => rows.length > 0)
          .map((sheet) => (
            <SheetTable sheet={sheet} csvHref={toCsv(sheet.name)} />
          ))}
      </div>
    </div>
  )
}

const fileName = ({ kind, id }: Place, name: string, { from, to }: Filters) =>
  [kind, ...(id ? [id] : []), name, writeDay(from), writeDay(to - dayMs)].join('-')

const answerCsv = (dashboard: Dashboard, name: string): Response => {
  const { place, filters } = dashboard
  const file = fileName(place, name, filters)
  const found = [...dashboard.sheets, ...dashboard.charts.map(({ sheet, name }) => ({ ...sheet, name: `chart-${name}` }))].find(
    (sheet) => sheet.name === name,
  )
  if (!found) throw notFound()
  return csvAnswer(writeSheet(found), file)
}

/** Raw events of the place, as far as the person may have them. */
const answerEvents = async (visit: Visit, place: Place, filters: Filters): Promise<Response> => {
  const { kind, id } = place
  const narrowed = {
    from: filters.from,
    to: filters.to - 1,
    projectId: kind === 'project' ? id : (filters.project ?? undefined),
    taskId: kind === 'task' ? id : undefined,
    jobId: kind === 'job' ? id : undefined,
    userId: kind === 'person' ? id : (filters.person ?? undefined),
    context: kind === 'organization' ? ({ kind: 'organization', id, slug: '' } as const) : ({ kind: 'any' } as const),
  }
  return csvAnswer(await streamEvents(visit.who, narrowed), fileName(place, 'events', filters))
}

const show = (kind: PlaceKind) =>
  showPage(async (visit, params) => {
    const place = await openPlace(visit, kind, kind === 'instance' ? 0 : readId(params))
    const filters = readFilters(visit.query)
    const { csv } = visit.query
    if (csv === 'events') return answerEvents(visit, place, filters)
    const dashboard = await loadDashboard(visit, place, filters)
    if (csv) return answerCsv(dashboard, csv)
    return { title: titleOf(place), section: sectionOf[kind], body: <DashboardPage visit={visit} dashboard={dashboard} /> }
  })

const sectionOf: Record<PlaceKind, 'projects' | 'tasks' | 'jobs' | undefined> = {
  instance: undefined,
  organization: undefined,
  person: undefined,
  project: 'projects',
  task: 'tasks',
  job: 'jobs',
}

/** Everybody has figures of their own. */
const showOwn = showPage(async ({ who }) => redirectTo(`/analytics/people/${who.user.id}`))

export const analyticsPages = new Elysia({ name: 'analytics-pages', detail: { hide: true } })
  .get('/analytics', show('instance'))
  .get('/analytics/', show('instance'))
  .get('/analytics/me', showOwn)
  .get('/analytics/organizations/:id', show('organization'))
  .get('/analytics/people/:id', show('person'))
  .get('/projects/:id/analytics', show('project'))
  .get('/tasks/:id/analytics', show('task'))
  .get('/jobs/:id/analytics', show('job'))
