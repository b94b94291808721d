// The event store: nothing is lost or counted twice on the way there, sums are those of the log, and both are forgotten in time.
import { beforeAll, describe, expect, test } from 'bun:test'
import { and, asc, eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { db, tx } from '../db/open'
import { eventDb, eventTx } from '../db/open-events'
import { appendEvents } from './append'
import { events } from './schema'
import {
  activityDays,
  activityHours,
  eventLog,
  forgetAllEvents,
  forgetOldEvents,
  jobMoves,
  rebuildSums,
  settleEvents,
} from './service'

const dayMs = 24 * 3_600_000
let person: Person
let stranger: Person
let admin: Person
beforeAll(async () => {
  person = await createPerson()
  stranger = await createPerson()
  admin = await createPerson({ superuser: true })
})

const sumsOf = async (jobId: number, table = activityDays) => {
  await settleEvents()
  const rows = await eventDb.select().from(table).where(eq(table.jobId, jobId)).orderBy(asc(table.key))
  const total = (metric: 'workingMs' | 'frames' | 'saves' | 'created' | 'changed' | 'deleted' | 'completed' | 'rejected') =>
    rows.reduce((sum, row) => sum + row[metric], 0)
  return {
    working: total('workingMs'),
    frames: total('frames'),
    saves: total('saves'),
    objects: [total('created'), total('changed'), total('deleted')],
    jobs: [total('completed'), total('rejected')],
    people: [...new Set(rows.map(({ userId }) => userId))],
  }
}

const send = (who: Person, list: object[], rest: object = {}) =>
  who.call('POST', '/api/events', { body: { timestamp: new Date().toISOString(), events: list, ...rest } })
const at = (agoMs: number) => new Date(Date.now() - agoMs).toISOString()

describe('from the outbox to the store', () => {
  test('rows are moved once, also when the server ends between both transactions', async () => {
    const project = (await person.call('POST', '/api/projects', { body: { name: 'once' } })).json
    const where = eq(events.projectId, project.id)
    const [waiting] = await db.select().from(events).where(where)
    await settleEvents()
    expect(await db.select().from(events).where(where)).toEqual([])
    const kept = () => eventDb.select().from(eventLog).where(eq(eventLog.projectId, project.id))
    const sums = () => eventDb.select().from(activityDays).where(eq(activityDays.projectId, project.id))
    expect(await kept()).toMatchObject([{ scope: 'create:project', payload: { name: 'once' }, outboxId: waiting!.id }])
    const before = await sums()
    expect(before).toMatchObject([{ events: 1, userId: person.user.id }])
    // The crash: the row is there and still in the outbox.
    await tx(async (t) => void (await t.insert(events).values(waiting!)))
    await settleEvents()
    expect(await db.select().from(events).where(where)).toEqual([])
    expect(await kept()).toHaveLength(1)
    expect(await sums()).toEqual(before)
  })

  test('calls at the same time all see what was committed before them', async () => {
    const project = (await person.call('POST', '/api/projects', { body: { name: 'busy' } })).json
    await Promise.all([settleEvents(), settleEvents(), settleEvents()])
    const rows = await eventDb.select().from(eventLog).where(eq(eventLog.projectId, project.id))
    expect(rows).toHaveLength(1)
  })
})

describe('sums', () => {
  test('saves, objects, states, frames and working time of a job, the same per hour and per day', async () => {
    const { jobs, labels } = await createBareTask(person)
    const id = jobs[0]!.id
    const tag = { frame: 0, label_id: labels[0]!.id, group: 0, attributes: [] }
    const path = `/api/jobs/${id}/annotations`
    const made = (
      await person.call('PATCH', `${path}?action=create`, { body: { tags: [tag, tag, tag], shapes: [], tracks: [] } })
    ).json
    await person.call('PATCH', `${path}?action=update`, { body: { tags: [made.tags[0]], shapes: [], tracks: [] } })
    await person.call('PATCH', `${path}?action=delete`, { body: { tags: [made.tags[1]], shapes: [], tracks: [] } })
    for (const state of ['completed', 'rejected', 'completed']) await person.call('PATCH', `/api/jobs/${id}`, { body: { state } })
    await send(person, [
      { scope: 'load:job', job_id: id, timestamp: at(60_000) },
      { scope: 'change:frame', job_id: id, timestamp: at(50_000), duration: 8000 },
      { scope: 'change:frame', job_id: id, timestamp: at(40_000), duration: 10_000 },
    ])
    const expected = { saves: 3, objects: [3, 1, 1], jobs: [2, 1], frames: 2, people: [person.user.id] }
    for (const table of [activityDays, activityHours]) {
      const { working, ...sums } = await sumsOf(id, table)
      expect(sums).toEqual(expected)
      // 10 s up to the first frame, 8 s on it, 2 s up to the second and 10 s on that.
      expect(Math.abs(working - 30_000)).toBeLessThan(50)
    }
    const moves = await eventDb.select().from(jobMoves).where(eq(jobMoves.jobId, id)).orderBy(asc(jobMoves.eventId))
    expect(moves.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['state', 'new', 'completed'],
      ['state', 'completed', 'rejected'],
      ['state', 'rejected', 'completed'],
    ])
  })

  test('a save of the editor counts each of its parts; issues count for who opens and resolves them', async () => {
    const { jobs, labels } = await createBareTask(person)
    const id = jobs[0]!.id
    const tag = { frame: 0, label_id: labels[0]!.id, group: 0, attributes: [] }
    const none = { tags: [], shapes: [], tracks: [] }
    const saved = await person.call('PATCH', `/api/jobs/${id}/annotations?action=save`, {
      body: { save_id: crypto.randomUUID(), create: { ...none, tags: [tag, tag] }, update: none, delete: none },
    })
    expect(saved.status).toBe(200)
    const issue = await person.call('POST', '/api/issues', {
      body: { job: id, frame: 0, position: [1, 1, 5, 5], message: 'look here' },
    })
    await person.call('PATCH', `/api/issues/${issue.json.id}`, { body: { resolved: true } })
    expect(await sumsOf(id)).toMatchObject({ saves: 1, objects: [2, 0, 0] })
    const [row] = await eventDb.select().from(activityDays).where(eq(activityDays.jobId, id))
    expect(row).toMatchObject({ issuesOpened: 1, issuesResolved: 1 })
  })

  test('what somebody claims about a job that they may not see is kept, but counts for nothing', async () => {
    const { id: taskId, jobs } = await createBareTask(person)
    const id = jobs[0]!.id
    const list = [
      { scope: 'change:frame', job_id: id, task_id: taskId, timestamp: at(50_000), duration: 8000 },
      { scope: 'change:frame', job_id: id, task_id: taskId, timestamp: at(40_000), duration: 8000 },
    ]
    expect((await send(stranger, list)).status).toBe(201)
    const rows = await eventDb
      .select()
      .from(eventLog)
      .where(and(eq(eventLog.jobId, id), eq(eventLog.userId, stranger.user.id)))
    expect(rows.map(({ scope, isCounted }) => [scope, isCounted])).toEqual([
      ['change:frame', false],
      ['change:frame', false],
    ])
    expect((await sumsOf(id)).people).not.toContain(stranger.user.id)
    // Claims about where a job belongs are replaced by where it does.
    await send(person, [{ scope: 'load:job', job_id: id, task_id: 999_999, project_id: 999_999, timestamp: at(0) }])
    const [own] = await eventDb
      .select()
      .from(eventLog)
      .where(and(eq(eventLog.jobId, id), eq(eventLog.userId, person.user.id), eq(eventLog.scope, 'load:job')))
    expect(own).toMatchObject({ taskId, projectId: null, isCounted: true })
  })

  test('nobody worked longer than the clock allows', async () => {
    const { jobs } = await createBareTask(person)
    const id = jobs[0]!.id
    await send(person, [{ scope: 'change:frame', job_id: id, timestamp: at(5000), duration: 10 * 365 * dayMs }])
    expect((await sumsOf(id)).working).toBeLessThan(10_000)
    const payload = 'x'.repeat(60_000)
    const many = Array.from({ length: 50 }, () => ({ scope: 'load:job', job_id: id, timestamp: at(0), payload }))
    expect((await send(person, many)).json).toEqual({ payload: [expect.stringContaining('characters')] })
  })

  test('made anew from the log they are the same', async () => {
    // Other tests forget the beginning of a day, which never happens outside of tests.
    await forgetAllEvents()
    const { jobs } = await createBareTask(person)
    const id = jobs[0]!.id
    await person.call('PATCH', `/api/jobs/${id}`, { body: { state: 'completed' } })
    await send(person, [
      { scope: 'change:frame', job_id: id, timestamp: at(20_000), duration: 5000 },
      { scope: 'change:frame', job_id: id, timestamp: at(9000), duration: 5000 },
    ])
    await settleEvents()
    const all = async () => ({
      days: await eventDb.select().from(activityDays).orderBy(asc(activityDays.key)),
      hours: await eventDb.select().from(activityHours).orderBy(asc(activityHours.key)),
      moves: await eventDb.select().from(jobMoves).orderBy(asc(jobMoves.eventId)),
    })
    const before = await all()
    expect(before.days.length).toBeGreaterThan(0)
    await eventTx(async (t) => {
      await t.update(activityDays).set({ workingMs: 7, saves: 7 })
      await t.delete(activityHours)
      await t.delete(jobMoves)
    })
    await rebuildSums()
    expect(await all()).toEqual(before)
  })
})

describe('forgetting', () => {
  const jobId = 2_000_000_000
  const days = async () => {
    const log = await eventDb.select().from(eventLog).where(eq(eventLog.jobId, jobId))
    const sums = await eventDb.select().from(activityDays).where(eq(activityDays.jobId, jobId))
    const ago = (ms: number) => Math.floor(Date.now() / dayMs) - Math.floor(ms / dayMs)
    return { log: log.map(({ timestamp }) => ago(timestamp.getTime())), sums: sums.map(({ start }) => ago(start)) }
  }

  test('events and figures each have their own number of days, and go by whole days', async () => {
    const kept = config()
    const midnight = Math.floor(Date.now() / dayMs) * dayMs
    const row = (timeMs: number) => ({
      scope: 'change:frame',
      source: 'client',
      timestamp: new Date(timeMs),
      keptDate: new Date(),
      jobId,
      userId: admin.user.id,
    })
    const times = [midnight - 10 * dayMs, midnight - 4 * dayMs + 1, midnight - 3 * dayMs - 1, midnight - 3 * dayMs, midnight]
    await eventTx((t) => appendEvents(t, times.map(row)))
    expect(await days()).toEqual({ log: [10, 4, 4, 3, 0], sums: [10, 4, 3, 0] })
    setConfig({ ...kept, events_lifetime: 3, analytics_lifetime: 5 })
    try {
      await forgetOldEvents()
      expect(await days()).toEqual({ log: [3, 0], sums: [4, 3, 0] })
      // What is made anew begins with the first event that is left.
      await rebuildSums()
      expect((await days()).sums.sort()).toEqual([0, 3, 4])
    } finally {
      setConfig(kept)
    }
  })
})
