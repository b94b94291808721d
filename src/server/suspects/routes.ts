// /api/suspects: labels that look wrong without ground truth, ranked; deciding about many at once.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { invalid, refused } from '../http/errors'
import { isoTime } from '../http/json'
import { listPage, readPaging } from '../http/page'
import { startRequest } from '../requests/service'
import { statuses } from './schema'
import * as service from './service'
import { reasons } from './thing'

type Query = Record<string, string | undefined>
const readId = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined || text === '') return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw invalid({ [name]: 'A valid integer is required.' })
  return Number(text)
}

const readPlace = (taskId: number | null | undefined, projectId: number | null | undefined): service.Place => {
  const [task, project] = [taskId ?? undefined, projectId ?? undefined]
  if (task !== undefined && project !== undefined) throw refused('Only 1 of the fields task_id, project_id can be used')
  if (task !== undefined) return { taskId: task }
  if (project !== undefined) return { projectId: project }
  throw refused('One of the fields task_id, project_id required')
}

const readNarrowing = (query: Query): service.Narrowing => {
  const [labelId, jobId] = [readId('label_id', query.label_id), readId('job_id', query.job_id)]
  return {
    ...service.readNarrowing(query),
    ...(labelId !== undefined && { labelId }),
    ...(jobId !== undefined && { jobId }),
  }
}

const whole = t.Optional(t.Nullable(t.Integer({ minimum: 1 })))
const place = { task_id: whole, project_id: whole }
const decision = t.Object({
  ...place,
  action: t.Union([t.Literal('confirm'), t.Literal('reopen'), t.Literal('delete'), t.Literal('relabel')]),
  /** Only for `relabel`; without it each object gets the label that is suggested for it. */
  label: t.Optional(t.String({ minLength: 1, maxLength: 64 })),
  /** Only these; else all that fit `reason` and `status`. */
  ids: t.Optional(t.Array(t.Integer({ minimum: 1 }), { maxItems: service.maxDecided })),
  reason: t.Optional(t.Union(reasons.map((reason) => t.Literal(reason)))),
  status: t.Optional(t.Union([...statuses, 'all'].map((status) => t.Literal(status)))),
  /** How many were counted before; without it nothing is done, and the count is answered. */
  count: t.Optional(t.Integer({ minimum: 0 })),
})

const askOf = ({ task_id, project_id, ids, reason, status }: typeof decision.static) => ({
  place: readPlace(task_id, project_id),
  narrowing: ids ? { ids } : service.readNarrowing({ reason, status }),
})

const routes = new Elysia({ prefix: '/api/suspects', tags: ['suspects'] })
  .use(signedIn)
  .get('/', async ({ who, origin, request, query }) => {
    const paging = readPaging(query)
    const at = readPlace(readId('task_id', query.task_id), readId('project_id', query.project_id))
    await service.openPlace(who, at)
    const narrowing = readNarrowing(query)
    const where = service.whereVisible(who, at, narrowing)
    const count = await service.countSuspects(where)
    const rows = await service.findSuspects(where, paging)
    const last = await service.readLastRun(at)
    return {
      ...listPage(request, origin, paging, count, await service.showSuspects(origin, rows)),
      reasons: await service.countReasons(service.whereVisible(who, at, { ...narrowing, reason: undefined })),
      last_run: last && { date: isoTime(last.date), objects: last.objects },
    }
  })
  .post(
    '/',
    async ({ who, body, set }) => {
      const plan = await service.planRun(who, readPlace(body.task_id, body.project_id))
      set.status = 202
      return { rq_id: (await startRequest(who, plan)).id }
    },
    { body: t.Object(place) },
  )
  .post(
    '/decide',
    async ({ who, body }) => {
      const asked = { who, ...askOf(body) }
      const action: service.Action =
        body.action === 'relabel' ? { kind: 'relabel', ...(body.label && { label: body.label }) } : { kind: body.action }
      if (body.count !== undefined) return service.applyDecision(asked, action, body.count)
      const { count, skipped, parts } = await service.planDecision(asked, action)
      return { count, skipped, jobs: new Set(parts.map(({ jobId }) => jobId)).size }
    },
    { body: decision },
  )
  .get('/:id/thumbnail', ({ who, request, params }) => service.sendThumbnail(who, request, params.id), {
    params: t.Object({ id: t.Numeric() }),
  })

/** Without the types of its routes: together with those of all features they are more than the compiler takes. */
export const suspects = routes as unknown as Elysia
