// /tasks/<id>/quality and /projects/<id>/quality: overview, management, settings, files and a page to print.
import { Elysia } from 'elysia'
import { t } from '../../web/ui/i18n/message'
import { type Fields, type Page, receiveForm, showPage, type Visit, wordsOf } from '../auth/service'
import { notFound } from '../http/errors'
import { ownPath, redirectTo } from '../http/html'
import { startRequest } from '../requests/service'
import { getTaskLayout, updateJobLayout, updateTaskLayout } from '../tasks/validation/service'
import { toLine } from './confusion-files'
import { chooseReport, listOwnReports, listParts, loadTarget } from './page-data'
import { loadAllocation, narrowFrames, writeFramesCsv } from './page-frames'
import { showManagement } from './page-management'
import { showOverview } from './page-overview'
import { sortBy } from './page-parts'
import { loadPlace, type Place, type PlaceKind, readTab, type Tab } from './page-place'
import { showPrint } from './page-print'
import { receiveRequirement, removeOne, showRequirementPage } from './page-requirement'
import { receiveSettings, showSettingsTab, takeInherited } from './page-settings'
import { planReport } from './reports'

const bodies: Record<Tab, (visit: Visit, place: Place, problem?: string) => Promise<JSX.Element>> = {
  overview: showOverview,
  management: showManagement,
  settings: showSettingsTab,
}

const showTab = async (visit: Visit, place: Place, tab: Tab, problem?: string): Promise<Page> => ({
  title: `${t('Quality control')} · ${place.name}`,
  section: place.kind === 'task' ? 'tasks' : 'projects',
  status: problem ? 400 : 200,
  body: await bodies[tab](visit, place, problem),
})

type Handler = (visit: Visit, place: Place, params: Record<string, string>) => Promise<Page | Response>
type Receiver = (visit: Visit, place: Place, fields: Fields, params: Record<string, string>) => Promise<Page | Response>

const showOf = (kind: PlaceKind, handler: Handler) =>
  showPage(async (visit, params) => handler(visit, await loadPlace(visit, kind, params), params))
const receiveOf = (kind: PlaceKind, receive: Receiver) =>
  receiveForm(async (visit, fields, params) => receive(visit, await loadPlace(visit, kind, params), fields, params))

/** A refusal stays on the tab where the form stood. */
const orExplain = async (visit: Visit, place: Place, tab: Tab, run: () => Promise<Response>): Promise<Page | Response> => {
  try {
    return await run()
  } catch (error) {
    return showTab(visit, place, tab, wordsOf(error))
  }
}

const makeReport: Receiver = (visit, place) =>
  orExplain(visit, place, 'overview', async () => {
    const plan = await planReport(visit.who, place.kind === 'task' ? { task_id: place.id } : { project_id: place.id })
    await startRequest(visit.who, plan)
    return redirectTo(place.path)
  })

const sendCsv = (text: string, name: string) =>
  new Response(text, {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}"` },
  })

/** A line for each job or task of the report. */
const sendReport: Handler = async (visit, place) => {
  const target = await loadTarget(place)
  const chosen = await chooseReport(visit, await listOwnReports(visit, place), visit.query.report)
  if (!chosen) throw notFound()
  const parts = await listParts(visit, place, chosen.row.report.id, target)
  const head = [
    place.kind === 'task' ? 'job' : 'task',
    ...[
      'name',
      'assignee',
      'metric',
      'score',
      'target',
      'reached',
      'precision',
      'recall',
      'frames_checked',
      'frames',
      'errors',
      'warnings',
    ],
  ]
  const lines = sortBy(parts, 'id', {}).map((part) => [
    part.id,
    part.name,
    part.assignee,
    target.metric,
    part.score ?? '',
    target.threshold,
    part.score === null ? '' : part.score >= target.threshold ? 'yes' : 'no',
    part.precision ?? '',
    part.recall ?? '',
    part.frames,
    part.totalFrames,
    part.errors,
    part.warnings,
  ])
  return sendCsv([head, ...lines].map(toLine).join(''), `quality_report_${chosen.row.report.id}.csv`)
}

const sendFrames: Handler = async (visit, place) => {
  const target = await loadTarget(place)
  const chosen = await chooseReport(visit, await listOwnReports(visit, place), undefined)
  const allocation = await loadAllocation(place, chosen)
  if (!allocation) throw notFound()
  return sendCsv(
    writeFramesCsv(narrowFrames(allocation.rows, visit.query, target.threshold)),
    `task_${place.id}_validation_frames.csv`,
  )
}

/** Excludes and restores: one frame by its own button, or all that are chosen. */
const changeFrames: Receiver = (visit, place, fields) =>
  orExplain(visit, place, 'management', async () => {
    const layout = await getTaskLayout(visit.who, place.id)
    const excluded = new Set('disabled_frames' in layout ? layout.disabled_frames : [])
    const [exclude, restore] = [fields.exclude?.[0], fields.restore?.[0]]
    const action = exclude ? 'exclude' : restore ? 'restore' : fields.action?.[0]
    const chosen = (exclude ?? restore) ? [Number(exclude ?? restore)] : (fields.frames ?? []).map(Number)
    const frames = action === 'restore-all' ? [...excluded] : chosen.filter(Number.isInteger)
    for (const frame of frames) {
      if (action === 'exclude') excluded.add(frame)
      else excluded.delete(frame)
    }
    await updateTaskLayout(visit.who, place.id, { disabled_frames: [...excluded].sort((a, b) => a - b) })
    const back = new URL(ownPath(fields.back?.[0]), 'http://own.invalid')
    if (back.pathname !== place.path) return redirectTo(`${place.path}?tab=management&done=frames`)
    back.searchParams.set('done', 'frames')
    return redirectTo(`${back.pathname}${back.search}`)
  })

const drawHoneypots: Receiver = (visit, place, fields) =>
  orExplain(visit, place, 'management', async () => {
    const job = fields.job?.[0]
    if (job) await updateJobLayout(visit.who, Number(job), { frame_selection_method: 'random_uniform' })
    else await updateTaskLayout(visit.who, place.id, { frame_selection_method: 'random_uniform' })
    return redirectTo(`${place.path}?tab=management&done=honeypots`)
  })

const routes = new Elysia({ name: 'quality-pages', detail: { hide: true } })
  .get('/tasks/:id/quality/frames.csv', showOf('task', sendFrames))
  .post('/tasks/:id/quality/frames', receiveOf('task', changeFrames))
  .post('/tasks/:id/quality/honeypots', receiveOf('task', drawHoneypots))
  .post('/projects/:id/quality/inherit', receiveOf('project', takeInherited))
for (const kind of ['task', 'project'] as const) {
  const path = `/${kind}s/:id/quality`
  routes
    .get(
      path,
      showOf(kind, (visit, place) => showTab(visit, place, readTab(place, visit.query.tab))),
    )
    .get(`${path}/print`, showOf(kind, showPrint))
    .get(`${path}/report.csv`, showOf(kind, sendReport))
    .post(`${path}/report`, receiveOf(kind, makeReport))
    .post(`${path}/settings`, receiveOf(kind, receiveSettings))
    .get(`${path}/requirements/:requirement`, showOf(kind, showRequirementPage))
    .post(`${path}/requirements/:requirement`, receiveOf(kind, receiveRequirement))
    .post(`${path}/requirements/:requirement/remove`, receiveOf(kind, removeOne))
}
export const qualityPages = routes
