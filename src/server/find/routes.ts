// /api/find: search over frames and objects, their thumbnails, bulk changes with a count first, and undoing them.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { invalid } from '../http/errors'
import { listPage } from '../http/page'
import type { Chosen } from './change'
import * as service from './service'

const readPlaceId = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid({ [name]: 'A valid integer is required.' })
  return Number(text)
}
const readPlace = (query: Record<string, string | undefined>): service.Place => ({
  projectId: readPlaceId('project_id', query.project_id),
  taskId: readPlaceId('task_id', query.task_id),
  jobId: readPlaceId('job_id', query.job_id),
})

const ids = t.Optional(t.Array(t.Integer({ minimum: 1 }), { maxItems: service.maxChanged }))
const changeFields = {
  q: t.Optional(t.String({ maxLength: service.maxLength })),
  project_id: t.Optional(t.Nullable(t.Integer({ minimum: 1 }))),
  task_id: t.Optional(t.Nullable(t.Integer({ minimum: 1 }))),
  job_id: t.Optional(t.Nullable(t.Integer({ minimum: 1 }))),
  /** Only these of what fits. */
  objects: t.Optional(t.Object({ shapes: ids, tracks: ids, tags: ids })),
  /** How many were counted before; without it nothing is done, and the count is answered. */
  count: t.Optional(t.Integer({ minimum: 0 })),
}
const changeBody = t.Object(changeFields)
type ChangeBody = typeof changeBody.static

const chosenOf = ({ objects }: ChangeBody): Chosen =>
  objects && { shapes: objects.shapes ?? [], tracks: objects.tracks ?? [], tags: objects.tags ?? [] }
const placeOf = ({ project_id, task_id, job_id }: ChangeBody): service.Place => ({
  projectId: project_id ?? undefined,
  taskId: task_id ?? undefined,
  jobId: job_id ?? undefined,
})

const change = async (asked: service.Asked, action: service.Action, body: ChangeBody) => {
  if (body.count !== undefined) return service.applyChange(asked, action, chosenOf(body), body.count)
  const { count, skipped, parts } = await service.planChange(asked, action, chosenOf(body))
  return { count, skipped, jobs: parts.length }
}

export const find = new Elysia({ prefix: '/api/find', tags: ['find'] })
  .use(signedIn)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const asked = { who, context: await organization(), place: readPlace(query), text: query.q ?? '' }
    const { count, hits, page, size, milliseconds } = await service.find(asked, query)
    const results = hits.map(({ region, outline, ...found }) => found)
    return { ...listPage(request, origin, { page, size, offset: (page - 1) * size }, count, results), milliseconds }
  })
  .get('/thumbnail', ({ who, request, query }) => service.sendThumbnail(who, request, query))
  .post(
    '/delete',
    async ({ who, organization, body }) => {
      const asked = { who, context: await organization(), place: placeOf(body), text: body.q ?? '' }
      return change(asked, { kind: 'delete' }, body)
    },
    { body: changeBody },
  )
  .post(
    '/relabel',
    async ({ who, organization, body }) => {
      const asked = { who, context: await organization(), place: placeOf(body), text: body.q ?? '' }
      return change(asked, { kind: 'relabel', label: body.label }, body)
    },
    { body: t.Object({ ...changeFields, label: t.String({ minLength: 1, maxLength: 64 }) }) },
  )
  .post('/undo', ({ who, body }) => service.undoChange(who, body.steps), {
    body: t.Object({ steps: t.Array(t.Object({ job_id: t.Integer(), revision: t.Integer({ minimum: 1 }) })) }),
  })
