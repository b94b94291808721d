// /api/tasks/:id/calibration and /api/jobs/:id/calibration: cameras of the pictures beside point clouds, and poses of the frames.
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { jsonResponse } from '../http/json'
import { readCalibrationBody } from './read-body'
import {
  removeCalibration,
  replaceCalibration,
  requireChangeable,
  type Shown,
  showAllFrames,
  showJobCalibration,
  showTaskCalibration,
} from './service'

const id = t.Object({ id: t.Numeric() })
/** The body is read by hand, with bounds. */
const keepStream = { parse: () => null } as const

const send = async (request: Request, { etag, text }: Shown): Promise<Response> => {
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return jsonResponse(request, await text(), { headers })
}

const ofTasks = new Elysia({ prefix: '/api/tasks', tags: ['tasks'] })
  .use(signedIn)
  .get('/:id/calibration', async ({ who, params, request }) => send(request, await showTaskCalibration(who, params.id)), {
    params: id,
  })
  .put(
    '/:id/calibration',
    async ({ who, params, request, body }) => {
      const data = await requireChangeable(who, params.id)
      await replaceCalibration(data, await readCalibrationBody(request, body))
      const { etag, text } = await showAllFrames(data)
      return jsonResponse(request, await text(), { headers: { etag } })
    },
    { params: id, ...keepStream },
  )
  .delete(
    '/:id/calibration',
    async ({ who, params }) => {
      await removeCalibration(who, params.id)
      return new Response(null, { status: 204 })
    },
    { params: id },
  )

const ofJobs = new Elysia({ prefix: '/api/jobs', tags: ['jobs'] })
  .use(signedIn)
  .get('/:id/calibration', async ({ who, params, request }) => send(request, await showJobCalibration(who, params.id)), {
    params: id,
  })

export const calibration = new Elysia().use(ofTasks).use(ofJobs)
