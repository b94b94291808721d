// /api/admin: what only administrators ask for, for the console; all else is in the contract's own operations.
import { inArray } from 'drizzle-orm'
import { Elysia, t } from 'elysia'
import { signedIn } from '../auth/service'
import { config, explainConfig } from '../config'
import { db } from '../db/open'
import { forbidden, found } from '../http/errors'
import { metricsType } from '../http/metrics'
import { listPage, readConditions, readOrder, readPaging } from '../http/page'
import { createOrganization, putMember, roles, showOrganization } from '../organizations/service'
import { readDisk } from '../storage/disk-use'
import { tasks } from '../tasks/schema'
import { createUser, findUserByName, showUser } from '../users/service'
import { endAccess, endAllAccess, givePassword, listAccess } from './access'
import { fixFinding, readExamination } from './examine'
import { freeCache, freeExpired, places, readUsage } from './measure'
import { listEvents, listOptions, showEvent } from './read-events'
import { readLog } from './read-log'
import { cancelWork, getWork, readQueue, retryWork } from './read-work'
import { readServerMetrics } from './running'
import { createServerBackup, listServerBackups, verifyServerBackup } from './server-backups'
import { readStatus } from './status'

const done = () => new Response(null, { status: 204 })
const id = t.Object({ id: t.Numeric() })
const key = t.Object({ id: t.String({ maxLength: 300 }) })
const loose = { additionalProperties: true }
const name = t.String({ minLength: 1, maxLength: 150 })
const mostLogLines = 1000
const mostTasks = 200

const showStorage = async (isFresh: boolean) => {
  const [usage, disk] = await Promise.all([readUsage(isFresh), readDisk()])
  const largest = [...usage.tasks].sort(([, a], [, b]) => b.bytes - a.bytes).slice(0, mostTasks)
  const ids = largest.map(([task]) => task)
  const named = ids.length ? await db.select({ id: tasks.id, name: tasks.name }).from(tasks).where(inArray(tasks.id, ids)) : []
  const names = new Map(named.map((task) => [task.id, task.name]))
  return {
    measured_date: usage.measured.toISOString(),
    data_dir: config().dataDir,
    disk: { ...disk, limit: config().disk_usage_max },
    places: Object.entries(usage.places).map(([place, size]) => ({ name: place, about: places[place]!, ...size })),
    tasks: largest.map(([task, size]) => ({ id: task, name: names.get(task) ?? null, ...size })),
  }
}
export type ShownStorage = Awaited<ReturnType<typeof showStorage>>

/** 403 for everybody but administrators, before anything of the request is judged. */
const requireAdmin = ({ who }: { who: { admin: boolean } }) => {
  if (!who.admin) throw forbidden()
  return {}
}

const people = new Elysia({ prefix: '/api/admin', tags: ['admin'] })
  .use(signedIn)
  .derive(requireAdmin)
  .post(
    '/users',
    async ({ who, origin, body, set }) => {
      const { username, email = '', password, is_superuser = false } = body
      set.status = 201
      return showUser(
        origin,
        await createUser({ username: username.trim(), email: email.trim(), password, superuser: is_superuser }, who),
      )
    },
    {
      body: t.Object(
        {
          username: name,
          email: t.Optional(t.String({ maxLength: 254 })),
          password: t.String({ minLength: 1, maxLength: 1024 }),
          is_superuser: t.Optional(t.Boolean()),
        },
        loose,
      ),
    },
  )
  .post('/users/:id/password', ({ who, params, body }) => givePassword(who, params.id, body.password).then(done), {
    params: id,
    body: t.Object({ password: t.String({ minLength: 1, maxLength: 1024 }) }, loose),
  })
  .delete('/users/:id/access', ({ who, params }) => endAllAccess(who, params.id).then(done), { params: id })
  .get('/access', () => listAccess())
  .delete('/access/:kind/:id', ({ who, params }) => endAccess(who, params.kind, params.id).then(done), {
    params: t.Object({ kind: t.String(), id: t.String({ maxLength: 64 }) }),
  })
  .post(
    '/organizations',
    async ({ who, origin, body, set }) => {
      const user = found(await findUserByName(body.owner))
      set.status = 201
      const made = await createOrganization({ ...who, user }, { slug: body.slug.trim(), name: body.name?.trim() })
      return showOrganization(origin, made)
    },
    {
      body: t.Object(
        { slug: t.String({ minLength: 1, maxLength: 16 }), name: t.Optional(t.String({ maxLength: 64 })), owner: name },
        loose,
      ),
    },
  )
  .post(
    '/organizations/:id/members',
    async ({ who, params, body }) =>
      putMember(params.id, found(await findUserByName(body.username)).id, body.role, who).then(done),
    { params: id, body: t.Object({ username: name, role: t.Union(roles.map((role) => t.Literal(role))) }, loose) },
  )

const running = new Elysia({ prefix: '/api/admin', tags: ['admin'] })
  .use(signedIn)
  .derive(requireAdmin)
  .get('/status', () => readStatus())
  .get('/metrics', async () => new Response(await readServerMetrics(), { headers: { 'content-type': metricsType } }))
  .get('/queue', () => readQueue())
  .get('/queue/:id', async ({ params }) => ({ ...(await getWork(params.id)), log: await readLog(100, params.id) }), {
    params: key,
  })
  .post('/queue/:id/retry', ({ params }) => retryWork(params.id).then(done), { params: key })
  .post('/queue/:id/cancel', ({ who, params }) => cancelWork(who, params.id).then(done), { params: key })
  .get('/events', async ({ origin, request, query }) => {
    const paging = readPaging(query)
    const { rows, total } = await listEvents(readConditions(query, listOptions), readOrder(query, listOptions, []), paging)
    return listPage(request, origin, paging, total, rows.map(showEvent))
  })
  .get('/log', ({ query }) => readLog(mostLogLines, query.search ?? ''))
  .get('/configuration', () => ({
    data_dir: config().dataDir,
    file: process.env.ANNOLITH_CONFIG ?? `${config().dataDir}/annolith.toml`,
    options: explainConfig(config()),
  }))

const upkeep = new Elysia({ prefix: '/api/admin', tags: ['admin'] })
  .use(signedIn)
  .derive(requireAdmin)
  .get('/storage', ({ query }) => showStorage(query.again !== undefined))
  .post(
    '/storage/free',
    async ({ body: { parts } }) => {
      const freed = { bytes: 0, files: 0 }
      for (const part of new Set(parts)) {
        const { bytes, files } = await (part === 'cache' ? freeCache() : freeExpired())
        freed.bytes += bytes
        freed.files += files
      }
      return freed
    },
    {
      body: t.Object(
        { parts: t.Array(t.Union([t.Literal('cache'), t.Literal('expired')]), { minItems: 1, maxItems: 2 }) },
        loose,
      ),
    },
  )
  .get('/backups', () => listServerBackups())
  .post('/backups', async ({ set }) => {
    set.status = 202
    return createServerBackup()
  })
  .post(
    '/backups/:id/verify',
    async ({ params, set }) => {
      set.status = 202
      return verifyServerBackup(params.id)
    },
    { params: key },
  )
  .get('/doctor', ({ query }) => readExamination(query.again !== undefined))
  .post('/doctor/:id/fix', ({ params }) => fixFinding(params.id), { params: key })

/** Without the types of its routes, as all tables of contents. */
export const admin = new Elysia().use(people).use(running).use(upkeep) as unknown as Elysia
