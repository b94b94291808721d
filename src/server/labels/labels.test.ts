// Labels through the API: skeletons, attributes, lists, who may do what, and what a change moves and records.
import { beforeAll, describe, expect, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { shapes, tags } from '../annotations/schema'
import { db, tx } from '../db/open'
import { events } from '../events/schema'
import { tasks } from '../tasks/schema'

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

const node = (number: number, label: string) =>
  `<circle r="1.5" cx="${number}" cy="2" data-type="element node" data-element-id="${number}" data-node-id="${number}" ${label}></circle>`
const skeleton = {
  name: 'body',
  type: 'skeleton',
  sublabels: [{ name: 'head', type: 'points', attributes: [{ name: 'seen', input_type: 'checkbox', values: ['true'] }] }, { name: 'foot', type: 'points' }],
  svg: node(1, 'data-label-name="head"') + node(2, 'data-label-name="foot"'),
} // biome-ignore format: one label

const createProject = async (labels: unknown[] = [{ name: 'a' }, { name: 'b' }], by = person) =>
  (await by.call('POST', '/api/projects', { body: { name: 'p', labels } })).json
const labelsOf = async (project: { id: number }) =>
  (await person.call('GET', `/api/labels?project_id=${project.id}`)).json.results as any[]
const patchLabel = (id: number, body: object, by = person) => by.call('PATCH', `/api/labels/${id}`, { body })

/** Puts a task into a project as if it had been made there. */
const moveTask = (id: number, projectId: number) =>
  tx(async (t) => void (await t.update(tasks).set({ projectId }).where(eq(tasks.id, id))))

describe('skeletons', () => {
  test('are answered with sublabels by creation, whose ids the drawing names', async () => {
    const project = await createProject([{ name: 'x' }, skeleton])
    const [, label] = await labelsOf(project)
    const [head, foot] = label.sublabels
    expect(label).toEqual({
      id: label.id,
      name: 'body',
      color: label.color,
      attributes: [],
      type: 'skeleton',
      sublabels: [head, foot],
      svg: node(1, `data-label-id="${head.id}"`) + node(2, `data-label-id="${foot.id}"`),
      project_id: project.id,
      parent_id: null,
      has_parent: false,
    })
    expect(foot).toEqual({
      id: foot.id,
      name: 'foot',
      color: foot.color,
      attributes: [],
      type: 'points',
      has_parent: true,
    })
    expect(head.attributes[0]).toMatchObject({ name: 'seen', default_value: 'true', mutable: false })
    expect((await person.call('GET', `/api/labels/${label.id}`)).json).toEqual(label)
    expect((await person.call('GET', `/api/labels/${head.id}`)).json).toMatchObject({
      id: head.id,
      parent_id: label.id,
      has_parent: true,
    })
  })

  test('only they have a drawing', async () => {
    const [label] = await labelsOf(await createProject([{ name: 'x', svg: skeleton.svg }]))
    expect('svg' in label).toBe(false)
  })

  test('CVE-2026-23516: a stored drawing holds nothing that runs', async () => {
    const project = await createProject([
      { ...skeleton, svg: `<script>alert(1)</script><circle onload="alert(1)" r="1"></circle>` },
    ])
    expect((await labelsOf(project))[0].svg).toBe('<circle r="1"></circle>')
    const [label] = await labelsOf(project)
    const evil = await patchLabel(label.id, { svg: `<image href="x" onerror="alert(1)"/>${node(1, 'data-label-name="foot"')}` })
    expect(evil.json.svg).toBe(node(1, `data-label-id="${label.sublabels[1].id}"`))
    const torn = await patchLabel(label.id, { svg: '<circle' })
    expect([torn.status, Object.keys(torn.json)]).toEqual([400, ['svg']])
  })

  test('sublabels are changed through their skeleton and not by themselves, and keep their number', async () => {
    const [label] = await labelsOf(await createProject([skeleton]))
    const [head, foot] = label.sublabels
    const alone = await patchLabel(head.id, { name: 'x' })
    expect([alone.status, alone.text]).toEqual([400, expect.stringContaining('Sublabels cannot be modified this way.')])
    const gone = await person.call('DELETE', `/api/labels/${head.id}`)
    expect([gone.status, gone.text]).toEqual([400, expect.stringContaining('Sublabels cannot be deleted this way.')])
    const { json } = await patchLabel(label.id, {
      ...label,
      sublabels: [{ ...head, name: 'top', color: '#00ff00' }, foot],
    })
    expect(json).toEqual({ ...label, sublabels: [{ ...head, name: 'top', color: '#00ff00' }, foot] })
    for (const sublabels of [[{ name: 'third' }], [{ id: foot.id, deleted: true }], [{ id: foot.id, name: 'top' }]])
      expect((await patchLabel(label.id, { sublabels })).status).toBe(400)
    expect((await patchLabel(label.id, { sublabels: [{ id: label.id, name: 'y' }] })).status).toBe(404)
    expect((await person.call('GET', `/api/labels/${label.id}`)).json).toEqual(json)
  })

  test('nothing becomes a skeleton later, and a skeleton nothing else', async () => {
    const [plain, bones] = await labelsOf(await createProject([{ name: 'x', type: 'rectangle' }, skeleton]))
    expect((await patchLabel(plain.id, { type: 'skeleton' })).json.type).toBe('rectangle')
    expect((await patchLabel(plain.id, { type: 'polygon' })).json.type).toBe('polygon')
    expect((await patchLabel(bones.id, { type: 'points' })).json.type).toBe('skeleton')
  })

  test.each([
    [[{ name: 'x', sublabels: [{ name: 'y' }] }], 'sublabels'],
    [[{ name: 'x', type: 'skeleton', sublabels: [{ name: 'y', type: 'skeleton' }] }], 'type'],
    [[{ name: 'x', type: 'nonsense' }], 'type'],
    [[{ name: 'x', color: 'red' }], 'color'],
    [[{ color: '#ff0000' }], 'labels'],
    [[{ name: 'x', attributes: [{ name: 'n', input_type: 'colour', values: [] }] }], 'input_type'],
    [[{ name: 'x', attributes: [{ name: 'n', input_type: 'number', values: ['1'] }] }], 'attributes'],
  ])('%j is refused with the name of the field, and nothing is left behind', async (labels, field) => {
    const before = (await person.call('GET', '/api/projects')).json.count
    const { status, json } = await person.call('POST', '/api/projects', { body: { name: 'p', labels } })
    expect([status, Object.keys(json)]).toEqual([400, [field]])
    expect((await person.call('GET', '/api/projects')).json.count).toBe(before)
  })
})

describe('names', () => {
  test('are unique among labels, sublabels and attributes', async () => {
    const twice = (labels: unknown[]) => person.call('POST', '/api/projects', { body: { name: 'p', labels } })
    const attribute = { name: 'n', input_type: 'text', values: [] }
    expect((await twice([{ name: 'a' }, { name: 'a' }])).json).toEqual(['All label names must be unique'])
    expect((await twice([{ ...skeleton, sublabels: [{ name: '1' }, { name: '1' }] }])).json).toEqual([
      'All sublabel names must be unique',
    ])
    expect((await twice([{ name: 'a', attributes: [attribute, attribute] }])).json).toEqual([
      'All attribute names must be unique',
    ])
    const [a, b] = await labelsOf(await createProject())
    expect((await patchLabel(a.id, { name: b.name })).json).toEqual(['All label names must be unique'])
    expect((await person.call('GET', `/api/labels/${a.id}`)).json).toEqual(a)
  })

  test('may be swapped in one request', async () => {
    const project = await createProject()
    const [a, b] = await labelsOf(project)
    const labels = [
      { id: a.id, name: 'b' },
      { id: b.id, name: 'a' },
    ]
    expect((await person.call('PATCH', `/api/projects/${project.id}`, { body: { labels } })).status).toBe(200)
    expect((await labelsOf(project)).map((label) => label.name)).toEqual(['b', 'a'])
  })
})

describe('attributes', () => {
  const spec = { name: 'make', input_type: 'select', mutable: false, values: ['bmw', 'vw'] }

  test('are added and changed by id; an id in a new label says nothing', async () => {
    const [label] = await labelsOf(await createProject([{ name: 'car', attributes: [{ ...spec, id: 23 }] }]))
    const [made] = label.attributes
    expect(made).toEqual({ ...spec, id: made.id, default_value: 'bmw' })
    const { json } = await patchLabel(label.id, {
      attributes: [
        { ...made, name: 'maker', values: ['bmw', 'vw', 'fiat'] },
        { name: 'size', input_type: 'text', values: [] },
      ],
    })
    expect(json.attributes.map((attribute: any) => [attribute.name, attribute.values.length])).toEqual([['maker', 3], ['size', 0]]) // biome-ignore format: pairs
    expect((await patchLabel(label.id, { attributes: [{ id: 1e9, name: 'x' }] })).status).toBe(404)
    expect((await patchLabel(label.id, { attributes: [{ id: made.id, values: [] }] })).status).toBe(400)
  })

  test('a removed one takes the values of annotations along', async () => {
    const { jobs, labels } = await createBareTask(person, {
      labels: [{ name: 'car', attributes: [spec, { ...spec, name: 'other' }] }],
    })
    const label = labels[0]!
    const [gone, kept] = label.attributes
    const values = [gone, kept].map((attribute) => ({ spec_id: attribute!.id, value: 'vw' }))
    const shared = { frame: 0, label_id: label.id, attributes: values }
    const saved = await person.call('PUT', `/api/jobs/${jobs[0]!.id}/annotations`, {
      body: { tags: [shared], shapes: [{ ...shared, type: 'rectangle', points: [1, 2, 3, 4] }], tracks: [] },
    })
    expect(saved.status).toBe(200)
    expect((await patchLabel(label.id, { attributes: [{ id: gone!.id, deleted: true }] })).json.attributes).toEqual([kept])
    const expected = JSON.stringify([{ spec_id: kept!.id, value: 'vw' }])
    for (const table of [tags, shapes])
      expect((await db.select().from(table).where(eq(table.labelId, label.id))).map((row) => row.attributes)).toEqual([expected])
  })
})

test('a removed label takes its annotations along, and only their jobs get a new revision', async () => {
  const { jobs, labels, id } = await createBareTask(person, { segmentSize: 5, labels: [{ name: 'a' }, skeleton] })
  const path = (i: number) => `/api/jobs/${jobs[i]!.id}/annotations`
  const [a, body] = labels
  const box = { type: 'rectangle', frame: 0, label_id: a!.id, points: [1, 2, 3, 4], attributes: [] }
  const elements = body!.sublabels.map(({ id }) => ({ type: 'points', frame: 0, label_id: id, points: [1, 2], attributes: [] }))
  const bones = { type: 'skeleton', frame: 0, label_id: body!.id, points: [], attributes: [], elements }
  const saved = await person.call('PUT', path(0), { body: { tags: [], shapes: [box, bones], tracks: [] } })
  expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"1"'])
  const removed = await person.call('PATCH', `/api/tasks/${id}`, { body: { labels: [{ id: body!.id, deleted: true }] } })
  expect(removed.status).toBe(200)
  const now = await person.call('GET', path(0))
  expect([now.headers.get('etag'), now.json.shapes.map((shape: any) => shape.type)]).toEqual(['"2"', ['rectangle']])
  expect((await person.call('GET', path(1))).headers.get('etag')).toBe('"0"')
})

describe('lists', () => {
  test('hold first-level labels; filters, search, sort and pages', async () => {
    const project = await createProject([{ name: 'Cat', color: '#112233' }, skeleton, { name: 'dog', type: 'mask' }])
    const names = async (query: string) =>
      (await person.call('GET', `/api/labels?project_id=${project.id}&${query}`)).json.results.map((label: any) => label.name)
    expect(await names('')).toEqual(['Cat', 'body', 'dog'])
    expect(await names('name=dog')).toEqual(['dog'])
    expect(await names('color=%23112233')).toEqual(['Cat'])
    expect(await names('type=skeleton')).toEqual(['body'])
    expect(await names('parent=body')).toEqual([])
    expect(await names('search=CA')).toEqual(['Cat'])
    expect(await names('sort=-id')).toEqual(['dog', 'body', 'Cat'])
    expect(await names(`filter=${encodeURIComponent('{"==":[{"var":"type"},"mask"]}')}`)).toEqual(['dog'])
    const { json } = await person.call('GET', `/api/labels?project_id=${project.id}&page_size=2&page=2`)
    expect([json.count, json.results.length, json.next]).toEqual([3, 1, null])
    expect((await person.call('GET', '/api/labels?parent_id=x')).status).toBe(400)
    expect((await person.call('GET', `/api/labels?project_id=x`)).json).toEqual({ project_id: ['A valid integer is required.'] })
  })

  test('without a context hold what the person may see and nothing else', async () => {
    const mine = await createPerson()
    const project = await createProject([{ name: 'in project' }], mine)
    const task = await createBareTask(mine, { labels: [{ name: 'in task' }] })
    await mine.call('POST', '/api/tasks', { body: { name: 't', project_id: project.id } })
    const seen = async (by: Person, query = '') =>
      (await by.call('GET', `/api/labels${query}`)).json.results.map((label: any) => label.name)
    expect(await seen(mine)).toEqual(['in project', 'in task'])
    expect(await seen(mine, '?org=')).toEqual(['in project', 'in task'])
    const helper = await createPerson()
    expect(await seen(helper)).toEqual([])
    await mine.call('PATCH', `/api/tasks/${task.id}`, { body: { assignee_id: helper.user.id } })
    expect(await seen(helper)).toEqual(['in task'])
  })

  test('of a job or task are those of its project; two contexts at once are refused', async () => {
    const project = await createProject()
    const task = (await person.call('POST', '/api/tasks', { body: { name: 't', project_id: project.id } })).json
    expect((await person.call('GET', `/api/labels?task_id=${task.id}`)).json.results).toEqual(await labelsOf(project))
    const both = await person.call('GET', `/api/labels?task_id=${task.id}&project_id=${project.id}`)
    expect([both.status, both.text]).toEqual([400, expect.stringContaining('cannot be used together')])
  })

  test('strangers get 403 for everything that they name', async () => {
    const project = await createProject()
    const [label] = await labelsOf(project)
    const stranger = await createPerson()
    for (const [method, path] of [
      ['GET', `/api/labels?project_id=${project.id}`],
      ['GET', `/api/labels/${label.id}`],
      ['PATCH', `/api/labels/${label.id}`],
      ['DELETE', `/api/labels/${label.id}`],
    ] as const)
      expect((await stranger.call(method, path, method === 'PATCH' ? { body: {} } : {})).status).toBe(403)
    expect((await stranger.call('GET', '/api/labels/1000000000')).status).toBe(404)
  })
})

describe('a change', () => {
  const kinds: [string, (project: any, label: any) => Promise<unknown>][] = [
    ['addition', (project) => person.call('PATCH', `/api/projects/${project.id}`, { body: { labels: [{ name: 'new' }] } })],
    ['renaming', (_, label) => patchLabel(label.id, { name: 'renamed' })],
    ['removal', (_, label) => person.call('DELETE', `/api/labels/${label.id}`)],
  ]
  test.each(kinds)('%s gives project, tasks and jobs one identical date', async (_, change) => {
    const project = await createProject()
    const { id, jobs } = await createBareTask(person)
    await moveTask(id, project.id)
    const before = (await person.call('GET', `/api/projects/${project.id}`)).json
    await Bun.sleep(2)
    await change(project, (await labelsOf(project))[0])
    const paths = [`projects/${project.id}`, `tasks/${id}`, ...jobs.map((job) => `jobs/${job.id}`)]
    const dates = await Promise.all(paths.map(async (path) => (await person.call('GET', `/api/${path}`)).json.updated_date))
    expect(new Set(dates).size).toBe(1)
    expect(Date.parse(dates[0])).toBeGreaterThan(Date.parse(before.updated_date))
  })

  test("of a task's label moves the task and its jobs", async () => {
    const { id, jobs, labels } = await createBareTask(person)
    await patchLabel(labels[0]!.id, { name: 'renamed' })
    const [task, job] = await Promise.all(
      [`tasks/${id}`, `jobs/${jobs[0]!.id}`].map(async (path) => (await person.call('GET', `/api/${path}`)).json),
    )
    expect(task.updated_date).toBe(job.updated_date)
    expect(task.updated_date).not.toBe(task.created_date)
  })

  test('is logged: created, changed field by field, deleted', async () => {
    const project = await createProject([{ name: 'a', color: '#111111' }])
    const [label] = await labelsOf(project)
    await patchLabel(label.id, { name: 'z' })
    await person.call('DELETE', `/api/labels/${label.id}`)
    const rows = await db
      .select()
      .from(events)
      .where(and(eq(events.projectId, project.id), eq(events.objId, String(label.id))))
      .orderBy(events.id)
    const own = rows.filter((row) => row.scope.endsWith(':label'))
    expect(own.map((row) => [row.scope, row.objName, row.objVal])).toEqual([
      ['create:label', 'a', null],
      ['update:label', 'name', 'z'],
      ['delete:label', 'z', null],
    ])
  })
})
