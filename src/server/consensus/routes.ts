// /api/consensus
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { invalid } from '../http/errors'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { startRequest } from '../requests/service'
import { planMerge, readAgreement } from './service'
import * as settings from './settings'
import { listVotes, showVotes, voteOptions } from './votes'

const id = t.Object({ id: t.Numeric() })
const share = t.Number({ minimum: 0, maximum: 1 })
/** Clients send whole objects back; what cannot be changed is ignored. */
const loose = { additionalProperties: true }

const routes = new Elysia({ prefix: '/api/consensus', tags: ['consensus'] })
  .use(signedIn)
  .post(
    '/merges',
    async ({ who, body, set }) => {
      const plan = await planMerge(who, (body ?? {}) as { task_id?: number; job_id?: number })
      set.status = 202
      return { rq_id: (await startRequest(who, plan)).id }
    },
    { body: t.Optional(t.Object({ task_id: t.Optional(t.Integer()), job_id: t.Optional(t.Integer()) }, loose)) },
  )
  .get('/jobs/:id/agreement', ({ who, params }) => readAgreement(who, params.id), { params: id })
  .get(
    '/jobs/:id/votes',
    async ({ who, origin, request, query, params }) => {
      const paging = readPaging(query)
      const { rows, count } = await listVotes(
        who,
        params.id,
        readConditions(query, voteOptions),
        readOrder(query, voteOptions, []),
        paging,
      )
      return listPage(request, origin, paging, count, rows.map(showVotes))
    },
    { params: id },
  )
  .get('/settings', async ({ who, origin, organization, request, query }) => {
    const paging = readPaging(query)
    const taskId = query.task_id ? Number(query.task_id) : undefined
    if (taskId !== undefined && !Number.isInteger(taskId)) throw invalid({ task_id: 'A valid integer is required.' })
    const { rows, count } = await settings.listSettings(
      who,
      await organization(),
      taskId,
      readConditions(query, settings.settingsOptions),
      readOrder(query, settings.settingsOptions, []),
      paging,
    )
    return listPage(request, origin, paging, count, rows.map(settings.showSettings))
  })
  .get('/settings/:id', async ({ who, params }) => settings.showSettings(await settings.getSettings(who, params.id)), {
    params: id,
  })
  .patch(
    '/settings/:id',
    async ({ who, params, body }) => settings.showSettings(await settings.updateSettings(who, params.id, body)),
    { params: id, body: t.Object({ quorum: t.Optional(share), iou_threshold: t.Optional(share) }, loose) },
  )

/** Without the types of its routes: together with those of all features they are more than the compiler takes. */
export const consensus = routes as unknown as Elysia
