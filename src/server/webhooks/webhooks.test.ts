// Webhooks through the API with a real receiver: who may do what, what is sent, how it is signed, retried and kept.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { db, tx } from '../db/open'
import { recordChange } from '../events/service'
import { invalid } from '../http/errors'
import * as queue from '../queue/queue'
import { runRequest, startRequest } from '../requests/service'
import { webhookDeliveries } from './schema'
import { forgetOldDeliveries, runDelivery, sweepDeliveries } from './service'

type Received = { headers: Headers; body: string }
const received: Received[] = []
let answers: Response[] = []
const receiver = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    const body = await request.text()
    received.push({ headers: request.headers, body })
    return answers.shift() ?? new Response(body)
  },
})
const target = `http://127.0.0.1:${receiver.port}/payload`
const before = config()
setConfig({ ...before, outbound_allow: ['127.0.0.1'] })
afterAll(async () => {
  setConfig(before)
  await receiver.stop(true)
})

let owner: Person
let stranger: Person
let admin: Person
beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
  admin = await createPerson({ superuser: true })
})
beforeEach(() => {
  received.length = 0
  answers = []
})

const createProject = async (person = owner, query = '') =>
  (await person.call('POST', `/api/projects${query}`, { body: { name: 'project' } })).json
const createHook = async (body: object, person = owner, query = '') => {
  const answer = await person.call('POST', `/api/webhooks${query}`, { body: { target_url: target, ...body } })
  expect([answer.status, answer.json]).toEqual([201, expect.anything()])
  return answer.json
}
const projectHook = async (events: string[], more: object = {}) => {
  const project = await createProject()
  return { project, hook: await createHook({ type: 'project', project_id: project.id, events, ...more }) }
}
const pendingOf = (webhookId: number) =>
  db.select().from(webhookDeliveries).where(eq(webhookDeliveries.webhookId, webhookId)).orderBy(webhookDeliveries.id)
/** Does what the worker does with everything that waits for this webhook. */
const deliverAll = async (webhookId: number) => {
  for (const { id, state } of await pendingOf(webhookId)) if (state === 'pending') await runDelivery(id).catch(() => {})
}
const deliveriesOf = async (webhookId: number, person = owner) =>
  (await person.call('GET', `/api/webhooks/${webhookId}/deliveries`)).json

describe('webhooks', () => {
  test('creation and a following GET answer the same, never with the secret', async () => {
    const { project, hook } = await projectHook(['update:task', 'create:task'], { secret: 'hush', description: 'mine' })
    expect(hook).toEqual({
      id: expect.any(Number),
      url: `http://localhost/api/webhooks/${hook.id}`,
      target_url: target,
      description: 'mine',
      type: 'project',
      content_type: 'application/json',
      is_active: true,
      enable_ssl: true,
      created_date: expect.any(String),
      updated_date: hook.created_date,
      owner: expect.objectContaining({ username: owner.username }),
      project_id: project.id,
      organization: null,
      events: ['create:task', 'update:task'],
    })
    const read = await owner.call('GET', `/api/webhooks/${hook.id}`)
    expect(read.json).toEqual(hook)
    const list = await owner.call('GET', `/api/webhooks?project_id=${project.id}`)
    expect([list.json.count, list.json.results]).toEqual([1, [hook]])
    const changed = await owner.call('PATCH', `/api/webhooks/${hook.id}`, { body: { secret: 'other', is_active: false } })
    expect(changed.json).toEqual({ ...hook, is_active: false, updated_date: expect.any(String) })
    expect([read.text, list.text, changed.text].join()).not.toMatch(/secret|hush|other/)
  })

  test('every kind of bad input is 400 with its field', async () => {
    const project = await createProject()
    const good = { target_url: target, type: 'project', project_id: project.id, events: ['create:task'] }
    const cases: [object, string][] = [
      [{ project_id: undefined }, 'project_id'],
      [{ project_id: 2 ** 30 }, 'project_id'],
      [{ target_url: undefined }, 'target_url'],
      [{ target_url: 'ftp://example.com' }, 'target_url'],
      [{ target_url: 'no address' }, 'target_url'],
      [{ events: undefined }, 'events'],
      [{ events: ['some:event'] }, 'events'],
      [{ events: ['create:project'] }, 'events'],
      [{ events: ['create:user'] }, 'events'],
      [{ type: undefined }, 'type'],
      [{ type: 'some' }, 'type'],
      [{ content_type: 'application/x-www-form-urlencoded' }, 'content_type'],
      [{ secret: 'x'.repeat(65) }, 'secret'],
    ]
    for (const [change, field] of cases) {
      const { status, json } = await owner.call('POST', '/api/webhooks', { body: { ...good, ...change } })
      expect([status, Object.keys(json)]).toEqual([400, [field]])
    }
    const ofOrganization = { ...good, type: 'organization' }
    expect((await admin.call('POST', '/api/webhooks?org_id=1000000', { body: ofOrganization })).status).toBe(404)
    expect((await admin.call('POST', '/api/webhooks', { body: ofOrganization })).status).toBe(400)
  })

  test('names of events by type', async () => {
    const names = async (type: string) =>
      (await owner.call('GET', `/api/webhooks/events?type=${type}`)).json.events.map((event: { key: string }) => event.key)
    expect(await names('project')).toContain('completed:request[create:task]')
    expect(await names('project')).not.toContain('create:project')
    expect(await names('organization')).not.toContain('create:user')
    expect(await names('all')).toEqual(await names('server'))
    expect((await names('all')).length).toBe(33)
    expect((await owner.call('GET', '/api/webhooks/events?type=some')).status).toBe(400)
  })

  test('strangers get 403 everywhere, also for deliveries of a webhook they can name (CVE-2024-45393)', async () => {
    const { project, hook } = await projectHook(['update:project'])
    const { hook: own } = {
      hook: await createHook(
        { type: 'project', project_id: (await createProject(stranger)).id, events: ['create:task'] },
        stranger,
      ),
    }
    const { json: delivery } = await owner.call('POST', `/api/webhooks/${hook.id}/ping`)
    const path = `/api/webhooks/${hook.id}`
    for (const [method, url] of [
      ['GET', path],
      ['PATCH', path],
      ['DELETE', path],
      ['POST', `${path}/ping`],
      ['GET', `${path}/deliveries`],
      ['GET', `${path}/deliveries/${delivery.id}`],
      ['POST', `${path}/deliveries/${delivery.id}/redelivery`],
    ] as const)
      expect([url, (await stranger.call(method, url, { body: method === 'PATCH' ? {} : undefined })).status]).toEqual([url, 403])
    for (const [method, url] of [
      ['GET', `/api/webhooks/${own.id}/deliveries/${delivery.id}`],
      ['POST', `/api/webhooks/${own.id}/deliveries/${delivery.id}/redelivery`],
    ] as const)
      expect((await stranger.call(method, url)).status).toBe(404)
    expect(received).toHaveLength(1)
    const body = { target_url: target, type: 'project', project_id: project.id, events: ['create:task'] }
    expect((await stranger.call('POST', '/api/webhooks', { body })).status).toBe(403)
    expect((await stranger.call('GET', `/api/webhooks?project_id=${project.id}`)).json.count).toBe(0)
  })

  test('webhooks of the server are for administrators, even when their owner was one', async () => {
    const body = { target_url: target, type: 'server', events: ['create:user'] }
    expect((await owner.call('POST', '/api/webhooks', { body })).status).toBe(403)
    const hook = await createHook(body, admin)
    expect((await owner.call('GET', `/api/webhooks/${hook.id}`)).status).toBe(403)
    expect((await admin.call('DELETE', `/api/webhooks/${hook.id}`)).status).toBe(204)
    expect((await admin.call('GET', `/api/webhooks/${hook.id}`)).status).toBe(404)
  })
})

describe('deliveries', () => {
  test('an update is sent with what was before, signed, and kept', async () => {
    const { project, hook } = await projectHook(['update:project'], { secret: 'hush' })
    const updated = (await owner.call('PATCH', `/api/projects/${project.id}`, { body: { name: 'new name' } })).json
    expect((await deliveriesOf(hook.id)).count).toBe(0)
    await deliverAll(hook.id)
    const [sent] = received
    expect(JSON.parse(sent!.body)).toEqual({
      event: 'update:project',
      project: updated,
      before_update: { name: 'project' },
      sender: expect.objectContaining({
        id: owner.user.id,
        username: owner.username,
        url: `http://localhost/api/users/${owner.user.id}`,
      }),
      webhook_id: hook.id,
    })
    expect(sent!.headers.get('content-type')).toBe('application/json')
    expect(sent!.headers.get('x-signature-256')).toBe(`sha256=${createHmac('sha256', 'hush').update(sent!.body).digest('hex')}`)
    const { count, results } = await deliveriesOf(hook.id)
    expect([count, results[0]]).toEqual([
      1,
      {
        id: expect.any(Number),
        webhook_id: hook.id,
        event: 'update:project',
        status_code: 200,
        redelivery: false,
        attempt: 1,
        request_duration: expect.any(Number),
        created_date: expect.any(String),
        updated_date: expect.any(String),
        changed_fields: 'name',
        request: JSON.parse(sent!.body),
        response: sent!.body,
      },
    ])
    const shown = (await owner.call('GET', `/api/webhooks/${hook.id}`)).json
    expect([shown.last_status, shown.last_delivery_date]).toEqual([200, results[0].updated_date])
  })

  test('an update that changes nothing, an inactive webhook and other events send nothing', async () => {
    const { project, hook } = await projectHook(['update:project'])
    await owner.call('PATCH', `/api/projects/${project.id}`, { body: { name: 'project' } })
    await owner.call('PATCH', `/api/webhooks/${hook.id}`, { body: { is_active: false } })
    await owner.call('PATCH', `/api/projects/${project.id}`, { body: { name: 'another' } })
    await owner.call('POST', '/api/tasks', { body: { name: 'task', project_id: project.id } })
    expect(await pendingOf(hook.id)).toEqual([])
  })

  test('project and organization are both told; each webhook once', async () => {
    const organization = (
      await owner.call('POST', '/api/organizations', { body: { slug: `o${process.pid}${Date.now() % 1e8}` } })
    ).json
    const query = `?org_id=${organization.id}`
    const project = await createProject(owner, query)
    const hooks = [
      await createHook({ type: 'organization', events: ['create:task', 'delete:project'] }, owner, query),
      await createHook({ type: 'project', project_id: project.id, events: ['create:task', 'delete:project'] }),
    ]
    expect(hooks.map((hook) => hook.organization)).toEqual([organization.id, organization.id])
    const task = (await owner.call('POST', '/api/tasks', { body: { name: 'task', project_id: project.id } })).json
    for (const hook of hooks) await deliverAll(hook.id)
    expect(received.map(({ body }) => JSON.parse(body).webhook_id)).toEqual(hooks.map((hook) => hook.id))
    expect(JSON.parse(received[0]!.body).task).toEqual({ ...task, jobs: { ...task.jobs, completed: null, validation: null } })

    received.length = 0
    await owner.call('DELETE', `/api/projects/${project.id}`)
    for (const hook of hooks) await deliverAll(hook.id)
    expect(received.map(({ body }) => JSON.parse(body).event)).toEqual(['delete:project', 'delete:project'])
    await forgetOldDeliveries()
    expect((await pendingOf(hooks[1]!.id)).length).toBe(0)
    expect((await pendingOf(hooks[0]!.id)).length).toBe(2)
  })

  test('finished background work of a project is told, failed work too', async () => {
    const { project, hook } = await projectHook(['completed:request[create:task]'])
    const run = async (work: () => Promise<object>) => {
      const id = `action=create&target=task&target_id=${crypto.randomUUID()}`
      const plan = { id, action: 'create', target: 'task', projectId: project.id, chore: 'create-task' } as const
      await startRequest(await owner.who(), plan)
      await runRequest(id, work)
      return id
    }
    const ids = [
      await run(async () => ({})),
      await run(async () => {
        throw invalid({ client_files: 'No media data found.' })
      }),
    ]
    await deliverAll(hook.id)
    expect(received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { event: 'completed:request[create:task]', request: { id: ids[0], status: 'finished' }, sender: { id: owner.user.id } },
      { event: 'completed:request[create:task]', request: { id: ids[1], status: 'failed', message: 'No media data found.' } },
    ])
    expect(received[0]!.body).not.toContain('before_update')
  })

  test('ping and redelivery answer with the delivery; a receiver that fails is told', async () => {
    const { hook } = await projectHook(['update:project'])
    const ping = (await owner.call('POST', `/api/webhooks/${hook.id}/ping`)).json
    expect(ping).toMatchObject({ event: 'ping', status_code: 200, redelivery: false, attempt: 1 })
    expect(JSON.parse(ping.response)).toMatchObject({ event: 'ping', webhook: hook, webhook_id: hook.id })
    answers = [new Response('broken', { status: 503 })]
    const again = (await owner.call('POST', `/api/webhooks/${hook.id}/deliveries/${ping.id}/redelivery`)).json
    expect(again).toMatchObject({ event: 'ping', status_code: 503, redelivery: true, response: 'broken', request: ping.request })
    const { results } = await deliveriesOf(hook.id)
    expect(results.map((row: { id: number }) => row.id)).toEqual([again.id, ping.id])
    expect((await pendingOf(hook.id)).map((row) => row.state)).toEqual(['sent', 'failed'])
    expect((await owner.call('GET', `/api/webhooks/${hook.id}/deliveries/${again.id}`)).json).toEqual(again)
  })

  test('a failing receiver is tried again until the tries are used up; a refusal is final', async () => {
    const { project, hook } = await projectHook(['update:project'])
    await owner.call('PATCH', `/api/projects/${project.id}`, { body: { name: 'a' } })
    answers = Array.from({ length: 5 }, () => new Response('', { status: 500 }))
    const { id } = (await pendingOf(hook.id))[0]!
    for (let i = 0; i < 5; i++) await expect(runDelivery(id)).rejects.toThrow('500')
    await runDelivery(id)
    expect((await deliveriesOf(hook.id)).results).toMatchObject([{ attempt: 6, status_code: 200 }])
    await runDelivery(id)
    expect(received).toHaveLength(6)

    await owner.call('PATCH', `/api/projects/${project.id}`, { body: { name: 'b' } })
    answers = [new Response('', { status: 404 })]
    await deliverAll(hook.id)
    expect((await pendingOf(hook.id)).map((row) => [row.state, row.statusCode])).toEqual([
      ['sent', 200],
      ['sent', 404],
    ])
  })

  test('private addresses are not reached (webhook SSRF), whatever the webhook says', async () => {
    const { hook } = await projectHook(['update:project'], { target_url: `http://127.0.0.2:${receiver.port}/` })
    const { json } = await owner.call('POST', `/api/webhooks/${hook.id}/ping`)
    expect([json.status_code, json.response]).toEqual([502, 'Requests to "127.0.0.2" are not allowed.'])
    answers = [new Response(null, { status: 302, headers: { location: 'http://169.254.169.254/' } })]
    await owner.call('PATCH', `/api/webhooks/${hook.id}`, { body: { target_url: target } })
    expect((await owner.call('POST', `/api/webhooks/${hook.id}/ping`)).json.status_code).toBe(502)
  })

  test('of a large answer the first megabyte is kept', async () => {
    const { hook } = await projectHook(['update:project'])
    answers = [new Response('x'.repeat(3 * 2 ** 20))]
    expect((await owner.call('POST', `/api/webhooks/${hook.id}/ping`)).json.response.length).toBe(2 ** 20)
  })
})

describe('outbox', () => {
  const choresOf = async (webhookId: number) =>
    Promise.all((await pendingOf(webhookId)).map(async ({ id }) => (await queue.get(`delivery-${id}-0`))?.name))
  const until = async (check: () => Promise<boolean>) => {
    while (!(await check())) await Bun.sleep(2)
  }

  test('a delivery is queued after the commit, and not at all when the change is rolled back', async () => {
    const { project, hook } = await projectHook(['update:project'])
    const who = await owner.who()
    const change = {
      action: 'update',
      resource: 'project',
      id: project.id,
      organizationId: null,
      before: { name: 'a' },
      after: { name: 'b' },
    } as const
    const failed = tx(async (t) => {
      await recordChange(t, who, change)
      throw new Error('rolled back')
    })
    await expect(failed).rejects.toThrow('rolled back')
    expect(await pendingOf(hook.id)).toEqual([])
    await tx((t) => recordChange(t, who, change))
    await until(async () => (await choresOf(hook.id))[0] === 'deliver-webhook')
    expect(await pendingOf(hook.id)).toHaveLength(1)
  })

  test('what a crash has left without a chore is queued by the sweep, once', async () => {
    const { hook } = await projectHook(['update:project'])
    const now = new Date()
    const [row] = await tx((t) =>
      t
        .insert(webhookDeliveries)
        .values({ webhookId: hook.id, event: 'ping', state: 'pending', request: {}, createdDate: now, updatedDate: now })
        .returning(),
    )
    expect(await choresOf(hook.id)).toEqual([undefined])
    await sweepDeliveries()
    expect(await choresOf(hook.id)).toEqual(['deliver-webhook'])
    const chore = await queue.get(`delivery-${row!.id}-0`)
    await sweepDeliveries()
    expect(await queue.get(`delivery-${row!.id}-0`)).toEqual(chore!)
  })
})
