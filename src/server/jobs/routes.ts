// /api/jobs
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { rememberAnswers } from '../http/remember'
import { selectionMethods } from './choose-frames'
import { createGroundTruthJob, type GroundTruthInput } from './ground-truth'
import { stages, states } from './schema'
import * as service from './service'

const id = t.Object({ id: t.Numeric() })
const show = async (origin: string, row: service.JobRow) => (await service.showJobs(origin, [row]))[0]

export const jobs = new Elysia({ prefix: '/api/jobs', tags: ['jobs'] })
  .use(signedIn)
  .use(rememberAnswers)
  .get('/', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const options = service.listOptions
    const { rows, count } = await service.listJobs(
      who,
      await organization(),
      readConditions(query, options),
      readOrder(query, options, []),
      paging,
    )
    return listPage(request, origin, paging, count, await service.showJobs(origin, rows))
  })
  .post(
    '/',
    async ({ who, origin, body, set }) => {
      set.status = 201
      return show(origin, await createGroundTruthJob(who, body as GroundTruthInput))
    },
    {
      body: t.Object({
        type: t.String(),
        task_id: t.Integer(),
        assignee: t.Optional(t.Nullable(t.Integer())),
        frame_selection_method: t.Optional(
          t.Union(
            selectionMethods.map((method) => t.Literal(method)),
            { default: 'random_uniform' },
          ),
        ),
        frame_count: t.Optional(t.Integer()),
        frame_share: t.Optional(t.Number()),
        frames_per_job_count: t.Optional(t.Integer()),
        frames_per_job_share: t.Optional(t.Number()),
        random_seed: t.Optional(t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
        seed: t.Optional(t.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
        frames: t.Optional(t.Array(t.Integer())),
      }),
    },
  )
  .delete(
    '/:id',
    async ({ who, params }) => {
      await service.removeJob(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )
  .get('/:id', async ({ who, origin, params }) => show(origin, await service.getJob(who, params.id)), { params: id })
  .patch('/:id', async ({ who, origin, params, body }) => show(origin, await service.updateJob(who, params.id, body)), {
    params: id,
    body: t.Object({
      assignee: t.Optional(t.Nullable(t.Integer())),
      stage: t.Optional(t.Union(stages.map((stage) => t.Literal(stage)))),
      state: t.Optional(t.Union(states.map((state) => t.Literal(state)))),
    }),
  })
