// Projects, tasks, jobs and labels through the API: what is answered, filtered, changed and refused.
import { beforeAll, describe, expect, test } from 'bun:test'
import { call, createBareTask, createPerson, type Person } from '../../../tests/api'

let person: Person
beforeAll(async () => {
  person = await createPerson()
})
const createTask = async (body: object = {}) =>
  (await person.call('POST', '/api/tasks', { body: { name: 'task', labels: [{ name: 'car' }], ...body } })).json

describe('wire format', () => {
  test('vendor type unless plain JSON is asked for; request ids; both forms of slashes; 405 and 404', async () => {
    const { headers } = await call('GET', '/api/server/about')
    expect(headers.get('content-type')).toBe('application/vnd.cvat+json')
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(
      (await call('GET', '/api/server/about', { headers: { accept: 'application/json' } })).headers.get('content-type'),
    ).toBe('application/json')
    expect((await call('GET', '/api/server/about/')).status).toBe(200)
    const wrong = await call('PUT', '/api/tasks')
    expect([wrong.status, wrong.json]).toEqual([405, { detail: 'Method "PUT" not allowed.' }])
    expect((await call('GET', '/api/nothing')).status).toBe(404)
    expect((await person.call('GET', '/api/tasks/abc')).status).toBe(404)
  })

  test('an empty JSON body is {}', async () => {
    const { status, json } = await person.call('POST', '/api/tasks', {
      headers: { 'content-type': 'application/json' },
      body: '',
    })
    expect([status, json]).toEqual([400, { name: ['This field is required.'] }])
    expect((await person.call('POST', '/api/tasks', { headers: { 'content-type': 'application/json' }, body: '{' })).status).toBe(
      400,
    )
  })
})

describe('tasks', () => {
  test('creation and a following GET answer the same; absolute addresses follow the Host', async () => {
    const task = await createTask({ bug_tracker: 'http://t.example', subset: 'train' })
    expect((await person.call('GET', `/api/tasks/${task.id}`)).json).toEqual(task)
    expect(task).toMatchObject({
      url: `http://localhost/api/tasks/${task.id}`,
      mode: '',
      size: 0,
      subset: 'train',
      jobs: { count: 0, completed: 0, validation: 0 },
    })
    expect(task.created_date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/)
  })

  test('a task needs labels or a project, and not both', async () => {
    expect((await person.call('POST', '/api/tasks', { body: { name: 'x' } })).json).toEqual({
      non_field_errors: ['Label set or project_id must be present'],
    })
    const project = (await person.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'cat' }] } })).json
    const both = await person.call('POST', '/api/tasks', { body: { name: 'x', project_id: project.id, labels: [{ name: 'a' }] } })
    expect(both.status).toBe(400)
    const inside = await createTask({ labels: undefined, project_id: project.id })
    expect((await person.call('GET', `/api/labels?task_id=${inside.id}`)).json.results.map((label: any) => label.name)).toEqual([
      'cat',
    ])
    expect((await person.call('GET', `/api/projects/${project.id}`)).json.tasks.count).toBe(1)
  })

  test('assignee_updated_date moves only when the assignee changes; PATCH means only these fields', async () => {
    const task = await createTask()
    const patch = async (body: object) => (await person.call('PATCH', `/api/tasks/${task.id}`, { body })).json
    expect(task.assignee_updated_date).toBeNull()
    const assigned = await patch({ assignee_id: person.user.id })
    expect(assigned.assignee.username).toBe(person.username)
    expect(assigned.name).toBe('task')
    await Bun.sleep(2)
    expect((await patch({ assignee_id: person.user.id })).assignee_updated_date).toBe(assigned.assignee_updated_date)
    expect((await patch({ assignee_id: null })).assignee).toBeNull()
    expect((await person.call('PATCH', `/api/tasks/${task.id}`, { body: { assignee_id: 1e9 } })).status).toBe(400)
  })

  test('removal takes everything with it', async () => {
    const { id, jobs } = await createBareTask(person)
    expect((await person.call('DELETE', `/api/tasks/${id}`)).status).toBe(204)
    expect((await person.call('GET', `/api/tasks/${id}`)).json).toEqual({ detail: 'Not found.' })
    expect((await person.call('GET', `/api/jobs/${jobs[0]!.id}`)).status).toBe(404)
  })

  test('strangers get 403', async () => {
    const task = await createTask()
    const stranger = await createPerson()
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect((await stranger.call(method, `/api/tasks/${task.id}`, method === 'PATCH' ? { body: {} } : {})).status).toBe(403)
    expect((await stranger.call('GET', '/api/tasks')).json.count).toBe(0)
  })
})

describe('lists', () => {
  let lister: Person
  const names = ['alpha', 'Beta', 'gamma 100%', 'delta_x']
  const ids: Record<string, number> = {}
  beforeAll(async () => {
    lister = await createPerson()
    for (const name of names)
      ids[name] = (
        await lister.call('POST', '/api/tasks', {
          body: { name, labels: [{ name: 'l' }], subset: name.length > 5 ? 'long' : '' },
        })
      ).json.id
  })
  const list = async (query: string) => (await lister.call('GET', `/api/tasks?${query}`)).json
  const listed = async (query: string) => (await list(query)).results.map((task: any) => task.name)
  const filtered = (rule: unknown) => listed(`sort=id&filter=${encodeURIComponent(JSON.stringify(rule))}`)

  test('newest first, pages with four keys, absolute links, 404 past the end', async () => {
    expect(await listed('')).toEqual([...names].reverse())
    const first = await list('page_size=3&page=1')
    expect([first.count, first.results.length, first.previous]).toEqual([4, 3, null])
    expect(first.next).toStartWith('http://localhost/api/tasks?')
    expect((await list('page_size=3&page=2')).next).toBeNull()
    for (const page of ['9', '99999999999999999999', '0', '-1', 'x'])
      expect((await lister.call('GET', `/api/tasks?page=${page}`)).json).toEqual({ detail: 'Invalid page.' })
    expect((await list('page_size=all')).results).toHaveLength(4)
  })

  test('search is case-insensitive and takes % and _ as they are', async () => {
    expect(await listed('search=beta')).toEqual(['Beta'])
    expect(await listed('search=0%25')).toEqual(['gamma 100%'])
    expect(await listed('search=a_x')).toEqual(['delta_x'])
  })

  test('sort by several fields, unknown ones ignored', async () => {
    expect(await listed('sort=-subset,id')).toEqual(['gamma 100%', 'delta_x', 'alpha', 'Beta'])
    expect(await listed('sort=nonsense,id')).toEqual(names)
  })

  test('JSON Logic', async () => {
    expect(await filtered({ '==': [{ var: 'name' }, 'alpha'] })).toEqual(['alpha'])
    expect(await filtered({ in: [{ var: 'id' }, [ids.alpha, ids.Beta]] })).toEqual(['alpha', 'Beta'])
    expect(await filtered({ in: ['LTA', { var: 'name' }] })).toEqual(['delta_x'])
    expect(await filtered({ '<=': [ids.Beta, { var: 'id' }, ids['gamma 100%']] })).toEqual(['Beta', 'gamma 100%'])
    expect(await filtered({ '<': [ids.Beta, { var: 'id' }] })).toEqual(['gamma 100%', 'delta_x'])
    expect(await filtered({ '!': { '==': [{ var: 'name' }, 'alpha'] } })).toEqual(['Beta', 'gamma 100%', 'delta_x'])
    expect(await filtered({ '!': { var: 'assignee' } })).toEqual(names)
    expect(await filtered({ var: 'subset' })).toEqual(['gamma 100%', 'delta_x'])
    expect(
      await filtered({
        or: [{ and: [{ var: 'subset' }, { in: ['100', { var: 'name' }] }] }, { '==': [{ var: 'name' }, 'Beta'] }],
      }),
    ).toEqual(['Beta', 'gamma 100%'])
    expect(await filtered({ '>': [{ var: 'updated_date' }, '2001-01-01T00:00:00Z'] })).toEqual(names)
    expect(await filtered({ '>': [{ var: 'updated_date' }, '2999-01-01T00:00:00Z'] })).toEqual([])
    expect(await filtered({ '==': [{ var: 'owner' }, lister.username] })).toEqual(names)
    for (const rule of [
      { '==': [{ var: 'password' }, 1] },
      { sql: 1 },
      [],
      { and: [] },
      { '==': [{ var: 'id' }, 'x'] },
      { '==': [1, 2] },
    ])
      expect((await lister.call('GET', `/api/tasks?filter=${encodeURIComponent(JSON.stringify(rule))}`)).status).toBe(400)
    expect((await lister.call('GET', '/api/tasks?filter={')).status).toBe(400)
  })

  test('simple filters are equality', async () => {
    expect(await listed('name=alpha')).toEqual(['alpha'])
    expect(await listed('name=alp')).toEqual([])
    expect((await lister.call('GET', '/api/tasks?project_id=x')).status).toBe(400)
  })
})

describe('labels', () => {
  test('double names are refused and leave nothing behind', async () => {
    const before = (await person.call('GET', '/api/tasks')).json.count
    expect(
      (await person.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }, { name: 'a' }] } })).status,
    ).toBe(400)
    expect((await person.call('GET', '/api/tasks')).json.count).toBe(before)
  })

  test('through PATCH: no id adds, id changes, deleted removes, a foreign id is 404', async () => {
    const task = await createTask({ labels: [{ name: 'a' }, { name: 'b' }] })
    const labels = async () => (await person.call('GET', `/api/labels?task_id=${task.id}`)).json.results
    const [a, b] = await labels()
    const patch = (list: object[]) => person.call('PATCH', `/api/tasks/${task.id}`, { body: { labels: list } })
    expect(
      (
        await patch([
          { id: a.id, name: 'A', color: '#123456' },
          { id: b.id, deleted: true },
          { name: 'c', attributes: [{ name: 'n', input_type: 'number', mutable: true, values: ['0', '9', '1'] }] },
        ])
      ).status,
    ).toBe(200)
    expect((await labels()).map((label: any) => [label.name, label.attributes.length])).toEqual([['A', 0], ['c', 1]]) // biome-ignore format: pairs
    expect((await labels())[0].color).toBe('#123456')
    const missing = await patch([{ id: b.id, name: 'x' }])
    expect([missing.status, missing.json]).toEqual([404, { detail: `Not found label with id #${b.id} to change` }])
  })

  test('only one of job, task and project; single labels; automatic colours differ', async () => {
    const { id, jobs, labels } = await createBareTask(person, { labels: [{ name: 'x' }, { name: 'y' }, { name: 'z' }] })
    expect(new Set(labels.map((label) => label.color)).size).toBe(3)
    expect((await person.call('GET', `/api/labels?job_id=${jobs[0]!.id}`)).json.results).toEqual(labels)
    expect((await person.call('GET', `/api/labels?job_id=${jobs[0]!.id}&task_id=${id}`)).status).toBe(400)
    expect((await person.call('PATCH', `/api/labels/${labels[0]!.id}`, { body: { name: 'renamed' } })).json.name).toBe('renamed')
    expect((await person.call('PATCH', `/api/labels/${labels[1]!.id}`, { body: { name: 'renamed' } })).status).toBe(400)
    expect((await person.call('DELETE', `/api/labels/${labels[2]!.id}`)).status).toBe(204)
    const stranger = await createPerson()
    expect((await stranger.call('GET', `/api/labels?task_id=${id}`)).status).toBe(403)
    expect((await stranger.call('DELETE', `/api/labels/${labels[0]!.id}`)).status).toBe(403)
  })
})

describe('jobs', () => {
  test('stage, state and assignee drive the task', async () => {
    const { id, jobs } = await createBareTask(person, { segmentSize: 5 })
    const patch = async (i: number, body: object) => (await person.call('PATCH', `/api/jobs/${jobs[i]!.id}`, { body })).json
    const task = async () => (await person.call('GET', `/api/tasks/${id}`)).json
    expect(await patch(0, { stage: 'validation' })).toMatchObject({ stage: 'validation', state: 'new', status: 'validation' })
    expect(await task()).toMatchObject({ status: 'validation', jobs: { count: 2, completed: 0, validation: 1 } })
    for (const i of [0, 1]) await patch(i, { stage: 'acceptance', state: 'completed' })
    expect(await task()).toMatchObject({ status: 'completed', jobs: { completed: 2, validation: 0 } })
    expect((await person.call('PATCH', `/api/jobs/${jobs[0]!.id}`, { body: { stage: 'x' } })).status).toBe(400)
  })

  test('an assignee of a job reaches the job, its labels and states, but not its stage nor the task', async () => {
    const { id, jobs } = await createBareTask(person)
    const worker = await createPerson({ groups: ['worker'] })
    const path = `/api/jobs/${jobs[0]!.id}`
    expect((await worker.call('GET', path)).status).toBe(403)
    await person.call('PATCH', path, { body: { assignee: worker.user.id } })
    expect((await worker.call('GET', path)).status).toBe(200)
    expect((await worker.call('GET', `/api/labels?job_id=${jobs[0]!.id}`)).status).toBe(200)
    expect((await worker.call('PATCH', path, { body: { state: 'in progress' } })).status).toBe(200)
    expect((await worker.call('PATCH', path, { body: { stage: 'validation' } })).status).toBe(403)
    expect((await worker.call('GET', `/api/tasks/${id}`)).status).toBe(403)
  })
})
