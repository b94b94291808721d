// The audit log through the API: what every change leaves, what clients report, and the CSV.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { call, createBareTask, createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { db, tx } from '../db/open'
import { eventDb } from '../db/open-events'
import { getRequest, runRequest } from '../requests/service'
import { writeRow } from './csv'
import { runEventsExport } from './export'
import { events } from './schema'
import { eventLog, forgetOldEvents, recordChange, settleEvents } from './service'

let person: Person
let stranger: Person
let admin: Person
beforeAll(async () => {
  person = await createPerson()
  stranger = await createPerson()
  admin = await createPerson({ superuser: true })
})

/** A small reader of RFC 4180, so that the writer is not judged by itself. */
const readCsv = (text: string) => {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '')
    if (end !== ',') rows.push([])
  }
  const [head, ...body] = rows.filter((row) => row.length > 1)
  return body.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, cell])))
}

/** Exports as a client does; the request is run here instead of by a worker. */
const exportEvents = async (who: Person, query: string) => {
  const { status, json } = await who.call('POST', `/api/events/export?${query}`)
  expect([status, json]).toEqual([202, { rq_id: expect.stringContaining('action=export&target=events') }])
  await runRequest(json.rq_id, runEventsExport)
  const shown = (await who.call('GET', `/api/requests/${encodeURIComponent(json.rq_id)}`)).json
  expect(shown).toMatchObject({ status: 'finished', operation: { type: 'export:events', target: 'events' } })
  const { text } = await who.call('GET', shown.result_url.replace('http://localhost', ''))
  return readCsv(text)
}
const scopesOf = (rows: Record<string, string>[]) => rows.map((row) => row.scope)

describe('changes', () => {
  test('creation, each changed field, and deletion, with the id of the HTTP request', async () => {
    const created = await person.call('POST', '/api/projects', { body: { name: 'first' } })
    const { id } = created.json
    const updated = await person.call('PATCH', `/api/projects/${id}`, {
      body: { name: 'second', bug_tracker: 'http://t.example' },
    })
    const same = await person.call('PATCH', `/api/projects/${id}`, { body: { name: 'second' } })
    expect(same.status).toBe(200)
    const removed = await person.call('DELETE', `/api/projects/${id}`)
    const rows = await exportEvents(person, `project_id=${id}`)
    const requestOf = (answer: { headers: Headers }) => ({ request: { id: answer.headers.get('x-request-id') } })
    expect(rows.map(({ scope, obj_name, obj_val }) => [scope, obj_name, obj_val])).toEqual([
      ['create:project', 'first', ''],
      ['update:project', 'name', 'second'],
      ['update:project', 'bug_tracker', 'http://t.example'],
      ['delete:project', 'second', ''],
    ])
    const payloads = rows.map((row) => JSON.parse(row.payload!))
    expect(payloads[0]).toEqual({ ...created.json, url: created.json.url, ...requestOf(created) })
    expect(payloads[1]).toEqual({ old_value: 'first', ...requestOf(updated) })
    expect(payloads[3]).toMatchObject({ id, ...requestOf(removed) })
    for (const row of rows)
      expect(row).toMatchObject({
        source: 'server',
        obj_id: String(id),
        project_id: String(id),
        user_id: String(person.user.id),
        user_name: person.username,
        user_email: person.user.email,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/),
      })
  })

  test('a project that goes takes its tasks and jobs along, one event each', async () => {
    const project = (await person.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }] } })).json
    const tasks = [1, 2].map(() => person.call('POST', '/api/tasks', { body: { name: 't', project_id: project.id } }))
    await Promise.all(tasks)
    await person.call('DELETE', `/api/projects/${project.id}`)
    const scopes = scopesOf(await exportEvents(person, `project_id=${project.id}`))
    const count = (scope: string) => scopes.filter((one) => one === scope).length
    expect([count('create:project'), count('create:task'), count('delete:project'), count('delete:task')]).toEqual([1, 2, 1, 2])
  })

  test('a save of annotations is one event with its counts; jobs are told when they change and go', async () => {
    const task = await createBareTask(person)
    const [job] = task.jobs
    const tag = { frame: 0, label_id: task.labels[0]!.id, group: 0, attributes: [] }
    await person.call('PATCH', `/api/jobs/${job!.id}/annotations?action=create`, {
      body: { tags: [tag, tag], shapes: [], tracks: [] },
    })
    await person.call('PATCH', `/api/jobs/${job!.id}`, { body: { state: 'completed' } })
    await person.call('DELETE', `/api/tasks/${task.id}`)
    const rows = await exportEvents(person, `job_id=${job!.id}`)
    expect(rows.map(({ scope, obj_name, count }) => [scope, obj_name, count])).toEqual([
      ['create:annotations', '', '2'],
      ['update:job', 'state', '1'],
      ['delete:job', '', '1'],
    ])
    expect(JSON.parse(rows[0]!.payload!)).toMatchObject({ tags: 2, shapes: 0, tracks: 0 })
  })
})

describe('what the log holds', () => {
  test('no secrets, and of long values the beginning', async () => {
    const id = `secret-${crypto.randomUUID()}`
    const who = await person.who()
    const change = { resource: 'accesstoken', id, organizationId: null } as const
    const long = 'x'.repeat(1_000_000)
    await tx(async (t) => {
      await recordChange(t, who, {
        ...change,
        action: 'create',
        after: { name: 'mine', value: 'hush', secret: 'hush', note: long },
      })
      await recordChange(t, who, { ...change, action: 'update', before: { key: 'a', note: '' }, after: { key: 'b', note: long } })
    })
    const rows = await db.select().from(events).where(eq(events.objId, id))
    expect(rows.map((row) => [row.scope, row.objName])).toEqual([
      ['create:accesstoken', 'mine'],
      ['update:accesstoken', 'note'],
    ])
    expect(JSON.stringify(rows)).not.toContain('hush')
    expect(JSON.stringify(rows).length).toBeLessThan(20_000)
  })

  test('finished background work is one event, with the HTTP request that asked for it', async () => {
    const { json, headers } = await person.call('POST', '/api/events/export')
    await runRequest(json.rq_id, runEventsExport)
    const rows = await db.select().from(events).where(eq(events.objId, json.rq_id))
    expect(rows).toMatchObject([
      {
        scope: 'completed:request[export:events]',
        objName: 'finished',
        userId: person.user.id,
        payload: { request: { id: headers.get('x-request-id') } },
      },
    ])
  })
})

describe('export', () => {
  test('others see nothing of it; administrators see all; without a group it is refused', async () => {
    const project = (await person.call('POST', '/api/projects', { body: { name: 'mine' } })).json
    const query = `project_id=${project.id}`
    expect(await exportEvents(stranger, query)).toEqual([])
    expect(scopesOf(await exportEvents(admin, query))).toEqual(['create:project'])
    const groupless = await createPerson({ groups: [] })
    expect((await groupless.call('POST', '/api/events/export')).status).toBe(403)
    expect((await call('POST', '/api/events/export')).status).toBe(401)
  })

  test('time bounds; bad ones are 400', async () => {
    const start = new Date().toISOString()
    const project = (await person.call('POST', '/api/projects', { body: { name: 'timed' } })).json
    const query = `project_id=${project.id}`
    const later = new Date(Date.now() + 60_000).toISOString()
    expect(await exportEvents(person, `${query}&from=${start}&to=${later}`)).toHaveLength(1)
    expect(await exportEvents(person, `${query}&to=${new Date(Date.parse(start) - 1).toISOString()}`)).toHaveLength(0)
    for (const bad of ['from=now', 'project_id=x', `from=${later}&to=${start}`])
      expect((await person.call('POST', `/api/events/export?${bad}`)).status).toBe(400)
  })

  test('the older way: 202 with a query_id, 201 when ready, 200 with the file; nobody else gets it', async () => {
    const project = (await person.call('POST', '/api/projects', { body: { name: 'old' } })).json
    const base = `/api/events?project_id=${project.id}`
    const first = await person.call('GET', `${base}&query_id=`)
    expect([first.status, first.json]).toEqual([202, { query_id: expect.stringMatching(/^[\da-f-]{36}$/) }])
    const again = `${base}&query_id=${first.json.query_id}`
    expect((await person.call('GET', again)).status).toBe(202)
    const id = `action=export&target=events&id=${first.json.query_id}&user_id=${person.user.id}`
    expect((await getRequest(await person.who(), id)).status).toBe('queued')
    await runRequest(id, runEventsExport)
    expect((await person.call('GET', again)).status).toBe(201)
    const file = await person.call('GET', `${again}&action=download`)
    expect([file.status, scopesOf(readCsv(file.text))]).toEqual([200, ['create:project']])
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename=".*\.csv"$/)
    expect((await stranger.call('GET', again)).status).toBe(404)
    const cloud = await person.call('GET', `${base}&location=cloud_storage&cloud_storage_id=3`)
    expect([cloud.status, cloud.json]).toEqual([400, ['This endpoint does not support exporting events to cloud storage']])
  })

  test('cells that a spreadsheet would run are defused', () => {
    expect(writeRow(['=1+1', '+1', '-1', '@a', '\tx', 'a=b', -1, 'a,"b"', null, { a: '=1' }])).toBe(
      `'=1+1,'+1,'-1,'@a,'\tx,a=b,-1,"a,""b""",,"{""a"":""=1""}"\r\n`,
    )
  })
})

describe('events of clients', () => {
  const now = () => new Date().toISOString()
  const send = (list: object[], timestamp = now()) => person.call('POST', '/api/events', { body: { timestamp, events: list } })

  test('are written in the name of who sends them, by the clock of the server', async () => {
    const slow = new Date(Date.now() - 3_600_000)
    const { status, json } = await send(
      [
        {
          scope: 'load:job',
          timestamp: slow.toISOString(),
          job_id: 1_000_001,
          duration: 5,
          user_id: admin.user.id,
          user_name: 'admin',
          payload: '{"a":1}',
        },
        { scope: 'send:exception', timestamp: slow.toISOString(), job_id: 1_000_001, payload: 'oops' },
      ],
      slow.toISOString(),
    )
    expect(status).toBe(201)
    expect(json.events).toMatchObject([
      { scope: 'load:job', user_id: person.user.id, user_name: person.username, duration: 5, source: 'client' },
      { scope: 'send:exception' },
    ])
    expect(Math.abs(Date.parse(json.events[0].timestamp) - Date.now())).toBeLessThan(60_000)
    const rows = await exportEvents(person, 'job_id=1000001')
    expect(rows.map((row) => [row.scope, JSON.parse(row.payload!)])).toMatchObject([['load:job', { a: 1 }]])
    const kept = await eventDb.select().from(eventLog).where(eq(eventLog.jobId, 1_000_001))
    expect(kept.map(({ scope, payload }) => [scope, payload?.text])).toEqual([
      ['load:job', undefined],
      ['send:exception', 'oops'],
    ])
  })

  test('bad and forged ones are 400 and nothing is written', async () => {
    const good = { scope: 'load:job', timestamp: now(), job_id: 1_000_002 }
    const bad: object[] = [
      { ...good, scope: 'delete:task' },
      { ...good, scope: 'send:working_time', duration: 1000 },
      { ...good, scope: 'completed:request[create:task]' },
      { ...good, scope: '' },
      { ...good, timestamp: 'now' },
      { ...good, job_id: 'x' },
      { ...good, payload: 'x'.repeat(65_537) },
    ]
    for (const event of bad) expect((await send([good, event])).status).toBe(400)
    expect((await send(Array.from({ length: 1001 }, () => good))).status).toBe(400)
    expect((await person.call('POST', '/api/events', { body: { events: [] } })).json).toEqual({
      timestamp: ['This field is required.'],
    })
    expect(await exportEvents(person, 'job_id=1000002')).toEqual([])
    expect((await call('POST', '/api/events', { body: { timestamp: now(), events: [] } })).status).toBe(401)
  })
})

test('/analytics is for administrators and people with the flag', async () => {
  expect((await admin.call('GET', '/analytics')).status).toBe(200)
  expect((await person.call('GET', '/analytics')).status).toBe(403)
})

test('events are kept for ever, or as many days as the administrator wants', async () => {
  const before = config()
  const project = (await person.call('POST', '/api/projects', { body: { name: 'kept' } })).json
  const count = async () => {
    await settleEvents()
    return (await eventDb.select().from(eventLog).where(eq(eventLog.projectId, project.id))).length
  }
  const afterDays = (days: number) => forgetOldEvents(Date.now() + days * 24 * 3_600_000)
  await afterDays(1000)
  expect(await count()).toBe(1)
  setConfig({ ...before, events_lifetime: 30 })
  await forgetOldEvents()
  expect(await count()).toBe(1)
  await afterDays(31)
  expect(await count()).toBe(0)
  setConfig(before)
})
