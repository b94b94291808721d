// /api/tasks/:id/validation_layout and /api/jobs/:id/validation_layout
import { Elysia, t } from 'elysia'
import { signedIn } from '../../auth/service'
import * as layout from './layout'

const id = t.Object({ id: t.Numeric() })
const method = t.Union([t.Literal('random_uniform'), t.Literal('manual')])
const frames = t.Optional(t.Array(t.Integer({ minimum: 0 })))

const ofTasks = new Elysia({ prefix: '/api/tasks', tags: ['tasks'] })
  .use(signedIn)
  .get('/:id/validation_layout', ({ who, params }) => layout.getTaskLayout(who, params.id), { params: id })
  .patch(
    '/:id/validation_layout',
    ({ who, params, body }) => layout.updateTaskLayout(who, params.id, body as layout.TaskLayoutInput),
    {
      params: id,
      body: t.Object({ disabled_frames: frames, frame_selection_method: t.Optional(method), honeypot_real_frames: frames }),
    },
  )

const ofJobs = new Elysia({ prefix: '/api/jobs', tags: ['jobs'] })
  .use(signedIn)
  .get('/:id/validation_layout', ({ who, params }) => layout.getJobLayout(who, params.id), { params: id })
  .patch(
    '/:id/validation_layout',
    ({ who, params, body }) => layout.updateJobLayout(who, params.id, body as layout.JobLayoutInput),
    {
      params: id,
      body: t.Object({ frame_selection_method: t.Optional(method), honeypot_real_frames: frames }),
    },
  )

export const validationLayouts = new Elysia().use(ofTasks).use(ofJobs)
