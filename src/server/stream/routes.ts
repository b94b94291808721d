// GET /api/stream: live events of a job, task or project, of one's requests, of all jobs that one sees.
import { Elysia, t } from 'elysia'
import { identify, signedIn } from '../auth/service'
import { openStream } from './streams'
import { findSubject } from './subject'

const query = t.Object(
  {
    job_id: t.Optional(t.Integer()),
    task_id: t.Optional(t.Integer()),
    project_id: t.Optional(t.Integer()),
    /** `requests`, `jobs`, `invitations`, or several of them with commas between. */
    topic: t.Optional(t.String()),
  },
  { additionalProperties: true },
)

export const stream = new Elysia({ prefix: '/api', tags: ['stream'] }).use(signedIn).get(
  '/stream',
  async ({ who, query, request }) => {
    const subject = await findSubject(who, query)
    const isStillAllowed = async () => {
      const now = await identify(request)
      return now?.user.id === who.user.id && (await findSubject(now, query)) !== undefined
    }
    const seen = Number(request.headers.get('last-event-id') ?? Number.NaN)
    return openStream(who, subject, request.signal, isStillAllowed, Number.isInteger(seen) && seen >= 0 ? seen : undefined)
  },
  { query },
)
