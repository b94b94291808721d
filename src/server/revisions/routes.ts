// /api/jobs/{id}/revisions: who changed the annotations of a job when, what they were, and going back.
import { Elysia, t } from 'elysia'
import * as annotations from '../annotations/service'
import { signedIn } from '../auth/service'
import { jsonResponse } from '../http/json'
import { listPage, readPaging } from '../http/page'
import { getJob } from '../jobs/service'
import { listRevisions } from './service'

const id = t.Object({ id: t.Numeric() })
const revision = t.Object({ id: t.Numeric(), revision: t.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }) })

export const revisions = new Elysia({ prefix: '/api/jobs/:id/revisions', tags: ['revisions'] })
  .use(signedIn)
  .get(
    '/',
    async ({ who, params, origin, request, query }) => {
      const { job } = await getJob(who, params.id)
      const paging = readPaging(query)
      const { count, results } = await listRevisions(origin, job.id, job.revision, paging)
      return listPage(request, origin, paging, count, results)
    },
    { params: id },
  )
  .get(
    '/:revision',
    async ({ who, params, request }) => {
      const { text, revision } = await annotations.loadRevision(who, params.id, params.revision)
      return jsonResponse(request, text, { headers: { etag: `"${revision}"` } })
    },
    { params: revision },
  )
  .get(
    '/:revision/diff',
    async ({ who, params, query, request }) =>
      jsonResponse(request, await annotations.diffRevisions(who, params.id, params.revision, query.to)),
    {
      params: revision,
      query: t.Object({ to: t.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }) }, { additionalProperties: true }),
    },
  )
  .post(
    '/:revision/restore',
    async ({ who, params, request }) => {
      const ifMatch = annotations.readIfMatch(request.headers.get('if-match'))
      const restored = await annotations.restoreRevision(who, params.id, params.revision, ifMatch)
      return jsonResponse(request, JSON.stringify(restored), { headers: { etag: `"${restored.revision}"` } })
    },
    { params: revision },
  )
