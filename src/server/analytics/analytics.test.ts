// Dashboards: whose figures one sees, what they add up to, filters of the address, CSV, and states of the past.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { tx } from '../db/open'
import { jobs as jobTable } from '../jobs/schema'
import { memberships } from '../organizations/schema'
import { tasks as taskTable } from '../tasks/schema'
import { users } from '../users/schema'
import { findMedian, objectsPerHour } from './figures'
import { readFilters } from './filters'
import { countStates } from './history'

const dayMs = 24 * 3_600_000
const at = (agoMs: number) => new Date(Date.now() - agoMs).toISOString()
const writeDay = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** A small reader of plain CSV, so that the writer is not judged by itself. */
const readCsv = (text: string): Record<string, string>[] => {
  const [head, ...rows] = text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [head![i]!, cell])))
}
const csv = async (who: Person, path: string) => {
  const { status, text, headers } = await who.call('GET', path)
  expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  return readCsv(text)
}

let owner: Person
let worker: Person
let colleague: Person
let stranger: Person
let admin: Person
let org: { id: number; slug: string }
let task: Awaited<ReturnType<typeof createBareTask>>

/** Works on a job for so long, makes so many objects, and completes it. */
const work = async (who: Person, place: number, seconds: number, objects: number) => {
  const { id: jobId, start_frame: frame } = task.jobs[place]!
  const list = Array.from({ length: seconds / 10 }, (_, i) => ({
    scope: 'change:frame',
    job_id: jobId,
    timestamp: at((seconds - i * 10) * 1000),
    duration: 10_000,
  }))
  expect((await who.call('POST', '/api/events', { body: { timestamp: at(0), events: list } })).status).toBe(201)
  const tag = { frame, label_id: task.labels[0]!.id, group: 0, attributes: [] }
  const body = { tags: Array.from({ length: objects }, () => tag), shapes: [], tracks: [] }
  expect((await who.call('PATCH', `/api/jobs/${jobId}/annotations?action=create`, { body })).status).toBe(200)
  expect((await who.call('PATCH', `/api/jobs/${jobId}`, { body: { state: 'completed' } })).status).toBe(200)
}

beforeAll(async () => {
  ;[owner, worker, colleague, stranger] = [await createPerson(), await createPerson(), await createPerson(), await createPerson()]
  admin = await createPerson({ superuser: true })
  const slug = `figures-${Date.now().toString(36)}`
  org = (await owner.call('POST', '/api/organizations', { body: { slug, name: slug } })).json
  await tx(async (t) => {
    const member = (userId: number) => ({ userId, organizationId: org.id, role: 'worker' as const, isActive: true })
    await t.insert(memberships).values([member(worker.user.id), member(colleague.user.id)])
  })
  task = await createBareTask(owner, { segmentSize: 5 })
  await tx(async (t) => {
    await t.update(taskTable).set({ organizationId: org.id }).where(eq(taskTable.id, task.id))
    for (const [i, person] of [worker, colleague].entries())
      await t.update(jobTable).set({ assigneeId: person.user.id }).where(eq(jobTable.id, task.jobs[i]!.id))
  })
  await work(worker, 0, 120, 4)
  await work(colleague, 1, 60, 3)
  await owner.call('PATCH', `/api/jobs/${task.jobs[0]!.id}`, { body: { state: 'rejected' } })
})

describe('who sees what', () => {
  const statusOf = async (who: Person, path: string) => (await who.call('GET', path)).status
  const paths = () => ({
    instance: '/analytics',
    organization: `/analytics/organizations/${org.id}`,
    worker: `/analytics/people/${worker.user.id}`,
    task: `/tasks/${task.id}/analytics`,
    job: `/jobs/${task.jobs[0]!.id}/analytics`,
  })

  test.each<[string, () => Person, Record<string, number>]>([
    ['administrator', () => admin, { instance: 200, organization: 200, worker: 200, task: 200, job: 200 }],
    ['owner', () => owner, { instance: 403, organization: 200, worker: 200, task: 200, job: 200 }],
    ['worker', () => worker, { instance: 403, organization: 200, worker: 200, task: 403, job: 200 }],
    ['colleague', () => colleague, { instance: 403, organization: 200, worker: 403, task: 403, job: 403 }],
    ['stranger', () => stranger, { instance: 403, organization: 403, worker: 403, task: 403, job: 403 }],
  ])('%s', async (_, who, expected) => {
    for (const [name, path] of Object.entries(paths())) {
      const status = await statusOf(who(), path)
      // What somebody may not know of may be missing as well.
      expect([name, status === 404 ? 403 : status]).toEqual([name, expected[name]!])
      // The CSV gives no more than the page.
      for (const part of ['jobs', 'chart-states', 'events']) {
        const csvStatus = await statusOf(who(), `${path}?csv=${part}`)
        if (expected[name] === 403) expect([403, 404]).toContain(csvStatus)
      }
    }
  })

  test('a worker sees only own figures of the organization, the owner those of everybody', async () => {
    const path = `/analytics/organizations/${org.id}?csv=people`
    const peopleOf = async (who: Person) => (await csv(who, path)).map(({ person }) => person!)
    expect(await peopleOf(worker)).toEqual([worker.username])
    expect((await peopleOf(owner)).sort()).toEqual([worker.username, colleague.username, owner.username].sort())
    const jobs = await csv(worker, `/analytics/organizations/${org.id}?csv=jobs`)
    expect(jobs.map(({ job }) => job)).toEqual([`#${task.jobs[0]!.id}`])
    expect((await worker.call('GET', path.replace('?csv=people', ''))).text).not.toContain(colleague.username)
  })

  test('a worker looks at the job of a worker and sees what they did, not what others did there', async () => {
    const rows = await csv(worker, `/jobs/${task.jobs[0]!.id}/analytics?csv=people`)
    expect(rows.map(({ person, sent_back }) => [person, sent_back])).toEqual([[worker.username, '0']])
    const all = await csv(owner, `/jobs/${task.jobs[0]!.id}/analytics?csv=people`)
    expect(all.map(({ person, sent_back }) => [person, sent_back])).toEqual([
      [worker.username, '0'],
      [owner.username, '1'],
    ])
  })

  test('people with access to analytics see the instance', async () => {
    const analyst = await createPerson()
    expect(await statusOf(analyst, '/analytics')).toBe(403)
    await tx(async (t) => void (await t.update(users).set({ hasAnalyticsAccess: true }).where(eq(users.id, analyst.user.id))))
    expect(await statusOf(analyst, '/analytics')).toBe(200)
  })

  test('/analytics/me leads to one’s own figures', async () => {
    const { status, headers } = await worker.call('GET', '/analytics/me')
    expect([status, headers.get('location')]).toEqual([303, `/analytics/people/${worker.user.id}`])
    const strangersOwn = await stranger.call('GET', `/analytics/people/${stranger.user.id}`)
    expect(strangersOwn.status).toBe(200)
    expect(strangersOwn.text).toContain('Nothing happened in these days')
  })
})

describe('figures', () => {
  test('tables of a task: people, jobs, labels', async () => {
    const path = `/tasks/${task.id}/analytics`
    const people = await csv(owner, `${path}?csv=people`)
    const own = people.find(({ person }) => person === worker.username)!
    expect(own).toMatchObject({ jobs: '1', objects: '4', frames: '12', saves: '1', completed: '1', sent_back: '0' })
    expect(Math.abs(Number(own.working_seconds) - 120)).toBeLessThan(1)
    expect(Math.abs(Number(own.objects_per_hour) - 120)).toBeLessThan(2)
    expect(Math.abs(Number(own.seconds_per_frame) - 10)).toBeLessThan(0.1)
    const jobs = await csv(owner, `${path}?csv=jobs`)
    expect(jobs.map(({ job, state, objects, sent_back }) => [job, state, objects, sent_back])).toEqual([
      [`#${task.jobs[0]!.id}`, 'rejected', '4', '1'],
      [`#${task.jobs[1]!.id}`, 'completed', '3', '0'],
    ])
    expect(await csv(owner, `${path}?csv=labels`)).toEqual([{ label: 'car', objects: '7', shapes: '0', tracks: '0', tags: '7' }])
  })

  test('charts: each day of the range, gaps as well', async () => {
    const [from, to] = [Date.now() - 9 * dayMs, Date.now()].map(writeDay)
    const path = `/tasks/${task.id}/analytics?from=${from}&to=${to}`
    const working = await csv(owner, `${path}&csv=chart-working`)
    expect(working).toHaveLength(10)
    expect(working[0]).toEqual({ start: `${from}T00:00:00.000Z`, working_seconds: '0' })
    const total = working.reduce((sum, row) => sum + Number(row.working_seconds), 0)
    expect(Math.abs(total - 180)).toBeLessThan(2)
    const states = await csv(owner, `${path}&csv=chart-states`)
    expect(states.at(-1)).toMatchObject({ completed: '1', in_progress: '0', rejected: '1', new: '0' })
    expect(states[0]).toMatchObject({ completed: '0', rejected: '0', new: '0' })
    const reviews = await csv(owner, `${path}&csv=chart-reviews`)
    expect(reviews.reduce((sum, row) => sum + Number(row.sent_back), 0)).toBe(1)
    expect((await owner.call('GET', `${path}&csv=chart-nothing`)).status).toBe(404)
  })

  test('filters of the address: person, stage, days without anything', async () => {
    const path = `/tasks/${task.id}/analytics`
    const only = await csv(owner, `${path}?person=${colleague.user.id}&csv=jobs`)
    expect(only.map(({ job }) => job)).toEqual([`#${task.jobs[1]!.id}`])
    expect(await csv(owner, `${path}?stage=validation&csv=jobs`)).toEqual([])
    expect(await csv(owner, `${path}?stage=annotation&type=annotation&csv=jobs`)).toHaveLength(2)
    expect(await csv(owner, `${path}?type=ground_truth&csv=jobs`)).toEqual([])
    const long = await owner.call('GET', `${path}?from=2001-01-01&to=2001-02-01`)
    expect(long.text).toContain('Nothing happened in these days')
    const filled = await owner.call('GET', `${path}?person=${colleague.user.id}`)
    expect(filled.text).toContain(`<option value="${colleague.user.id}" selected`)
    for (const bad of ['from=yesterday', 'from=2024-02-30', 'from=2024-02-02&to=2024-02-01', 'person=x', 'stage=none', 'type=1'])
      expect([bad, (await owner.call('GET', `${path}?${bad}`)).status]).toEqual([bad, 400])
  })

  test('raw events of the place for the days', async () => {
    const text = (await owner.call('GET', `/jobs/${task.jobs[0]!.id}/analytics?csv=events`)).text
    expect(text.split('\r\n')[0]).toBe(
      'scope,obj_name,obj_id,obj_val,source,timestamp,count,duration,project_id,task_id,job_id,user_id,user_name,user_email,org_id,org_slug,payload',
    )
    expect(text).toContain('send:working_time')
    const old = (await owner.call('GET', `/jobs/${task.jobs[0]!.id}/analytics?csv=events&from=2001-01-01&to=2001-02-01`)).text
    expect(old.trimEnd().split('\r\n')).toHaveLength(1)
  })
})

describe('pure parts', () => {
  test('days, steps and defaults of the address', () => {
    const now = Date.parse('2024-03-10T15:00:00Z')
    const days = (query: Record<string, string>) => {
      const { from, to, step } = readFilters(query, now)
      return [writeDay(from), writeDay(to), step]
    }
    expect(days({})).toEqual(['2024-02-10', '2024-03-11', 'day'])
    expect(days({ from: '2024-03-10' })).toEqual(['2024-03-10', '2024-03-11', 'hour'])
    expect(days({ to: '2024-02-29' })).toEqual(['2024-01-31', '2024-03-01', 'day'])
    expect(days({ from: '2023-01-01' })).toEqual(['2023-01-01', '2024-03-11', 'week'])
  })

  test('states of the past follow from what is and what changed', () => {
    const time = (ms: number) => new Date(ms)
    const jobs = [
      { id: 1, state: 'completed' as const, createdDate: time(0) },
      { id: 2, state: 'new' as const, createdDate: time(25) },
      // Came from elsewhere: nobody knows what it was before.
      { id: 3, state: 'rejected' as const, createdDate: time(5) },
    ]
    const moves = [
      { jobId: 1, time: time(10), before: 'new' },
      { jobId: 1, time: time(20), before: 'in progress' },
      { jobId: 99, time: time(20), before: 'new' },
    ]
    expect(countStates(jobs, moves, [0, 9, 10, 20, 30])).toEqual([
      { at: 0, new: 1, 'in progress': 0, completed: 0, rejected: 0 },
      { at: 9, new: 1, 'in progress': 0, completed: 0, rejected: 1 },
      { at: 10, new: 0, 'in progress': 1, completed: 0, rejected: 1 },
      { at: 20, new: 0, 'in progress': 0, completed: 1, rejected: 1 },
      { at: 30, new: 1, 'in progress': 0, completed: 1, rejected: 1 },
    ])
  })

  test('the median is that of the weights; hardly any work has no speed', () => {
    expect(findMedian([])).toBeNull()
    expect(findMedian([{ value: 9, weight: 1 }, { value: 1, weight: 5 }, { value: 4, weight: 3 }])).toBe(1) // biome-ignore format: values
    expect(findMedian([{ value: 9, weight: 1 }, { value: 1, weight: 2 }, { value: 4, weight: 3 }])).toBe(4) // biome-ignore format: values
    expect(objectsPerHour({ created: 30, workingMs: 1_800_000 })).toBe(60)
    expect(objectsPerHour({ created: 30, workingMs: 59_999 })).toBeNull()
  })
})
