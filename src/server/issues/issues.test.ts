// Issues and comments through the API: their shape, filters, who may do what, and what is logged.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { call, createBareTask, createPerson, type Person } from '../../../tests/api'
import { db, tx } from '../db/open'
import { events } from '../events/schema'
import { memberships, organizations, type Role } from '../organizations/schema'
import { tasks } from '../tasks/schema'

let person: Person
let stranger: Person
let jobId: number
beforeAll(async () => {
  person = await createPerson()
  stranger = await createPerson()
  jobId = (await createBareTask(person)).jobs[0]!.id
})

const issueBody = (body: object = {}) => ({ job: jobId, frame: 2, position: [10, 20.5, 30, 40], message: 'wrong box', ...body })
const raise = async (body: object = {}, by = person) => (await by.call('POST', '/api/issues', { body: issueBody(body) })).json

describe('issues', () => {
  test('creation answers what a following GET does; the message is the first comment and not in the answer', async () => {
    const answer = await person.call('POST', '/api/issues', { body: issueBody({ assignee: stranger.user.id }) })
    expect(answer.status).toBe(201)
    const issue = answer.json
    expect(Object.keys(issue).sort()).toEqual(
      ['assignee', 'comments', 'created_date', 'frame', 'id', 'job', 'owner', 'position', 'resolved', 'updated_date'], // biome-ignore format: keys
    )
    expect((await person.call('GET', `/api/issues/${issue.id}`)).json).toEqual(issue)
    expect(issue).toMatchObject({ job: jobId, frame: 2, position: [10, 20.5, 30, 40], resolved: false })
    expect(issue.assignee.username).toBe(stranger.username)
    expect(answer.text).toContain('"position":[10.0,20.5,30.0,40.0]')
    expect(issue.comments).toEqual({ count: 1, url: `http://localhost/api/comments?issue_id=${issue.id}` })
    const { json } = await person.call('GET', `/api/comments?issue_id=${issue.id}`)
    expect(json.results.map((comment: any) => [comment.message, comment.owner.username])).toEqual([
      ['wrong box', person.username],
    ])
  })

  test('jobs tell how many issues they have', async () => {
    const { jobs } = await createBareTask(person, { segmentSize: 5 })
    await raise({ job: jobs[1]!.id, frame: 7 })
    const counts = await Promise.all(jobs.map(async ({ id }) => (await person.call('GET', `/api/jobs/${id}`)).json.issues))
    expect(counts).toEqual(jobs.map(({ id }, i) => ({ url: `http://localhost/api/issues?job_id=${id}`, count: i })))
  })

  test('PATCH changes position, assignee and resolved, and never the job or frame', async () => {
    const issue = await raise()
    const { json } = await person.call('PATCH', `/api/issues/${issue.id}`, {
      body: { resolved: true, position: [1, 2], assignee: person.user.id, job: 1, frame: 5 },
    })
    expect(json).toMatchObject({ resolved: true, position: [1, 2], job: jobId, frame: 2, owner: issue.owner })
    expect(json.assignee.id).toBe(person.user.id)
    expect(json.created_date).toBe(issue.created_date)
    const unset = await person.call('PATCH', `/api/issues/${issue.id}`, { body: { assignee: null } })
    expect(unset.json).toMatchObject({ assignee: null, resolved: true })
  })

  test.each([
    [{ job: 1e9 }, 'job'],
    [{ frame: 10 }, 'frame'],
    [{ frame: -1 }, 'frame'],
    [{ position: [1, 2, 3] }, 'position'],
    [{ position: 'x' }, 'position'],
    [{ message: '' }, 'message'],
    [{ message: undefined }, 'message'],
    [{ assignee: 1e9 }, 'assignee'],
    [{ resolved: 'maybe' }, 'resolved'],
  ])('%j is refused with the name of the field, and nothing is left behind', async (body, field) => {
    const before = (await person.call('GET', `/api/issues?job_id=${jobId}`)).json.count
    const { status, json } = await person.call('POST', '/api/issues', { body: issueBody(body) })
    expect([status, Object.keys(json)]).toEqual([400, [field]])
    expect((await person.call('GET', `/api/issues?job_id=${jobId}`)).json.count).toBe(before)
  })

  test('in a point cloud an issue lies at a place, or is a cuboid', async () => {
    const task = await createBareTask(person)
    await tx(async (t) => void (await t.update(tasks).set({ dimension: '3d' }).where(eq(tasks.id, task.id))))
    const job = task.jobs[0]!.id
    const cuboid = [1.5, 2, 3, 0, 0, 0.5, 4, 2, 1.5, 0, 0, 0, 0, 0, 0, 0]
    const issue = await raise({ job, position: [1.5, 2, 3] })
    expect(issue.position).toEqual([1.5, 2, 3])
    expect((await person.call('PATCH', `/api/issues/${issue.id}`, { body: { position: cuboid } })).json.position).toEqual(cuboid)
    expect((await person.call('POST', '/api/issues', { body: issueBody({ job, position: [1, 2, 3, 4, 5] }) })).status).toBe(400)
  })

  test('a change is logged with old and new value, in the place of the job', async () => {
    const issue = await raise()
    await person.call('PATCH', `/api/issues/${issue.id}`, { body: { resolved: true } })
    await person.call('DELETE', `/api/issues/${issue.id}`)
    const rows = await db.select().from(events).where(eq(events.jobId, jobId)).orderBy(events.id)
    const own = rows.filter((row) => row.scope.endsWith(':issue') && row.objId === String(issue.id))
    expect(own.map((row) => [row.scope, row.objName])).toEqual([
      ['create:issue', null],
      ['update:issue', 'resolved'],
      ['delete:issue', null],
    ])
    expect(own[1]).toMatchObject({ objVal: 'true', userId: person.user.id })
    expect(rows.some((row) => row.scope === 'create:comment')).toBe(true)
  })
})

describe('lists', () => {
  let jobs: { id: number }[]
  let taskId: number
  const made: any[] = []
  beforeAll(async () => {
    const task = await createBareTask(person, { segmentSize: 5 })
    taskId = task.id
    jobs = task.jobs
    made.push(await raise({ job: jobs[0]!.id, frame: 0 }))
    made.push(await raise({ job: jobs[0]!.id, frame: 3, resolved: true, assignee: stranger.user.id }))
    made.push(await raise({ job: jobs[1]!.id, frame: 6 }))
  })
  const list = async (query: string, by = person) => (await by.call('GET', `/api/issues?task_id=${taskId}&${query}`)).json
  const ids = async (query: string) =>
    (await list(query)).results.map((issue: any) => made.findIndex(({ id }) => id === issue.id))

  test('newest first; each filter compares exactly; search, sort and JSON Logic', async () => {
    expect(await ids('')).toEqual([2, 1, 0])
    expect(await ids(`job_id=${jobs[0]!.id}`)).toEqual([1, 0])
    expect(await ids('frame_id=6')).toEqual([2])
    expect(await ids('resolved=true')).toEqual([1])
    expect(await ids('resolved=false&sort=id')).toEqual([0, 2])
    expect(await ids(`owner=${person.username}`)).toEqual([2, 1, 0])
    expect(await ids(`assignee=${stranger.username}`)).toEqual([1])
    expect(await ids(`search=${stranger.username}`)).toEqual([1])
    expect(await ids('sort=-frame_id')).toEqual([2, 1, 0])
    expect(await ids(`filter=${encodeURIComponent('{"<":[{"var":"frame_id"},3]}')}`)).toEqual([0])
    expect(await ids(`filter=${encodeURIComponent('{"and":[{"!":{"var":"assignee"}},{"!":{"var":"resolved"}}]}')}`)).toEqual([2, 0]) // biome-ignore format: one rule
    expect((await person.call('GET', '/api/issues?sort=id&filter={"var":"message"}')).status).toBe(400)
    expect((await person.call('GET', '/api/issues?frame_id=x')).status).toBe(400)
  })

  test('comments are found by issue, and by job and frame of their issue', async () => {
    await person.call('POST', '/api/comments', { body: { issue: made[0].id, message: 'second' } })
    const messages = async (query: string) =>
      (await person.call('GET', `/api/comments?${query}`)).json.results.map((comment: any) => comment.message)
    expect(await messages(`issue_id=${made[0].id}`)).toEqual(['second', 'wrong box'])
    expect(await messages(`job_id=${jobs[0]!.id}`)).toHaveLength(3)
    expect(await messages(`job_id=${jobs[0]!.id}&frame_id=3`)).toEqual(['wrong box'])
    expect(await messages(`issue_id=${made[0].id}&owner=${person.username}&sort=id`)).toEqual(['wrong box', 'second'])
    expect(await messages(`issue_id=${made[0].id}&owner=nobody`)).toEqual([])
    expect((await list('')).results.at(-1).comments.count).toBe(2)
  })

  test('pages of ten at most are a bounded number of rows', async () => {
    const { json } = await person.call('GET', `/api/issues?task_id=${taskId}&page_size=2`)
    expect([json.count, json.results.length, json.previous]).toEqual([3, 2, null])
    expect(json.next).toContain('page=2')
  })
})

describe('comments', () => {
  test('creation, change and removal', async () => {
    const issue = await raise()
    const made = await person.call('POST', '/api/comments', { body: { issue: issue.id, message: 'look here' } })
    expect([made.status, made.json.issue, made.json.message, made.json.owner.id]).toEqual([
      201,
      issue.id,
      'look here',
      person.user.id,
    ])
    const path = `/api/comments/${made.json.id}`
    expect((await person.call('GET', path)).json).toEqual(made.json)
    expect((await person.call('PATCH', path, { body: { message: 'there', issue: 1 } })).json).toMatchObject({
      message: 'there',
      issue: issue.id,
    })
    expect((await person.call('PATCH', path, { body: { message: '' } })).json).toEqual({
      message: ['This field may not be blank.'],
    })
    expect((await person.call('DELETE', path)).status).toBe(204)
    expect((await person.call('GET', path)).status).toBe(404)
    expect((await person.call('POST', '/api/comments', { body: { issue: 1e9, message: 'x' } })).json).toEqual({
      issue: ['Invalid pk "1000000000" - object does not exist.'],
    })
    expect((await person.call('POST', '/api/comments', { body: { message: 'x' } })).json).toEqual({
      issue: ['This field is required.'],
    })
  })

  test('go with their issue, and the issue with its task', async () => {
    const { id, jobs } = await createBareTask(person)
    const issue = await raise({ job: jobs[0]!.id })
    const [comment] = (await person.call('GET', `/api/comments?issue_id=${issue.id}`)).json.results
    await person.call('DELETE', `/api/tasks/${id}`)
    expect((await person.call('GET', `/api/issues/${issue.id}`)).status).toBe(404)
    expect((await person.call('GET', `/api/comments/${comment.id}`)).status).toBe(404)
  })
})

describe('permissions', () => {
  const statuses = async (by: Person, issue: number, comment: number) => ({
    view: (await by.call('GET', `/api/issues/${issue}`)).status,
    update: (await by.call('PATCH', `/api/issues/${issue}`, { body: {} })).status,
    comment: (await by.call('POST', '/api/comments', { body: { issue, message: 'x' } })).status,
    viewComment: (await by.call('GET', `/api/comments/${comment}`)).status,
    updateComment: (await by.call('PATCH', `/api/comments/${comment}`, { body: {} })).status,
    delete: (await by.call('DELETE', `/api/issues/${issue}`)).status,
  })
  const raiseWithComment = async (body: object = {}) => {
    const issue = await raise(body)
    const [comment] = (await person.call('GET', `/api/comments?issue_id=${issue.id}`)).json.results
    return [issue.id, comment.id] as const
  }

  test('strangers reach nothing; nobody signed out does', async () => {
    const [issue, comment] = await raiseWithComment()
    const other = await createPerson()
    for (const status of Object.values(await statuses(other, issue, comment))) expect(status).toBe(403)
    expect((await other.call('DELETE', `/api/comments/${comment}`)).status).toBe(403)
    expect((await other.call('POST', '/api/issues', { body: issueBody() })).status).toBe(403)
    expect((await other.call('GET', '/api/issues')).json.count).toBe(0)
    expect((await other.call('GET', `/api/issues?job_id=${jobId}`)).json.count).toBe(0)
    expect((await other.call('GET', '/api/comments')).json.count).toBe(0)
    for (const path of ['/api/issues', `/api/issues/${issue}`, '/api/comments', `/api/comments/${comment}`])
      expect((await call('GET', path)).status).toBe(401)
  })

  test('the assigned may edit an issue but not delete it', async () => {
    const worker = await createPerson({ groups: ['worker'] })
    const [issue, comment] = await raiseWithComment({ assignee: worker.user.id })
    expect(await statuses(worker, issue, comment)).toEqual({
      view: 200,
      update: 200,
      comment: 201,
      viewComment: 200,
      updateComment: 200,
      delete: 403,
    })
    expect((await worker.call('GET', '/api/issues')).json.results.map((row: any) => row.id)).toEqual([issue])
    expect((await worker.call('POST', '/api/issues', { body: issueBody() })).status).toBe(403)
  })

  test("a job's assignee raises issues, edits all and deletes only their own", async () => {
    const worker = await createPerson({ groups: ['worker'] })
    const { jobs } = await createBareTask(person)
    const [theirs, comment] = await raiseWithComment({ job: jobs[0]!.id })
    await person.call('PATCH', `/api/jobs/${jobs[0]!.id}`, { body: { assignee: worker.user.id } })
    expect(await statuses(worker, theirs, comment)).toMatchObject({ view: 200, update: 200, comment: 201, delete: 403 })
    const own = await raise({ job: jobs[0]!.id }, worker)
    expect(own.owner.username).toBe(worker.username)
    expect((await worker.call('GET', '/api/issues')).json.count).toBe(2)
    expect((await worker.call('DELETE', `/api/issues/${own.id}`)).status).toBe(204)
  })

  test('in an organization maintainers do all, supervisors and workers only where they are involved', async () => {
    const now = new Date()
    const { id, jobs } = await createBareTask(person)
    const members: [Role, Person][] = []
    for (const role of ['maintainer', 'supervisor', 'worker'] as const) members.push([role, await createPerson()])
    const slug = `i${process.pid}-${Date.now() % 1e8}`
    await tx(async (t) => {
      const [org] = await t
        .insert(organizations)
        .values({ slug, contact: {}, ownerId: person.user.id, createdDate: now, updatedDate: now })
        .returning()
      const roles: [Role, Person][] = [['owner', person], ...members]
      await t
        .insert(memberships)
        .values(roles.map(([role, { user }]) => ({ userId: user.id, organizationId: org!.id, role, joinedDate: now })))
      await t.update(tasks).set({ organizationId: org!.id }).where(eq(tasks.id, id))
    })
    for (const [role, member] of members) {
      const [issue, comment] = await raiseWithComment({ job: jobs[0]!.id })
      const all = Object.values(await statuses(member, issue, comment))
      expect([role, all]).toEqual([role, role === 'maintainer' ? [200, 200, 201, 200, 200, 204] : all.map(() => 403)])
    }
    const counted = async (query: string, by: Person) => (await by.call('GET', `/api/issues?${query}`)).json.count
    const [, maintainer] = members[0]!
    expect(await counted(`org=${slug}`, maintainer)).toBe(2)
    expect(await counted('org=', maintainer)).toBe(0)
    expect(await counted(`org=${slug}`, members[2]![1])).toBe(0)
    expect((await stranger.call('GET', `/api/issues?org=${slug}`)).status).toBe(403)
  })
})
