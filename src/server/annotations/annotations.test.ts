// Saving and loading annotations through the API: exact answers, revisions, stale and repeated saves, bad input.
import { beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { validationLayouts } from '../tasks/schema'

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

const labels = [
  {
    name: 'car',
    attributes: [
      { name: 'color', input_type: 'select', mutable: false, values: ['red', 'green'], default_value: 'red' },
      { name: 'parked', input_type: 'checkbox', mutable: true, values: ['false'], default_value: 'false' },
    ],
  },
  {
    name: 'pose',
    type: 'skeleton',
    svg: '<circle/>',
    sublabels: [
      { name: 'head', type: 'points' },
      { name: 'foot', type: 'points' },
    ],
  },
]
const setUp = async (frames = 10, segmentSize = 0) => {
  const task = await createBareTask(person, { labels, frames, segmentSize })
  const [car, pose] = task.labels
  const job = task.jobs[0]!.id
  const box = (x: number, more: object = {}) => ({
    type: 'rectangle',
    label_id: car!.id,
    frame: 0,
    points: [x, 1, x + 5, 9.5],
    ...more,
  })
  const url = `/api/jobs/${job}/annotations`
  const load = async () => (await person.call('GET', url)).json
  return { ...task, car: car!, pose: pose!, job, box, url, load }
}

test('a shape comes back with every field, defaults and complete attributes', async () => {
  const { car, box, url } = await setUp()
  const [color, parked] = car.attributes
  const { status, json, headers } = await person.call('PATCH', `${url}?action=create`, {
    body: { shapes: [box(3, { attributes: [{ spec_id: color!.id, value: 'green' }] })] },
  })
  expect(status).toBe(200)
  const { id, ...shape } = json.shapes[0]
  expect(shape).toEqual({
    type: 'rectangle', occluded: false, outside: false, z_order: 0, rotation: 0, points: [3, 1, 8, 9.5], frame: 0, label_id: car.id, group: 0,
    source: 'manual', score: 1, elements: [],
    attributes: [{ spec_id: color!.id, value: 'green' }, { spec_id: parked!.id, value: 'false' }],
  }) // biome-ignore format: one object
  const loaded = await person.call('GET', url)
  expect(loaded.json).toEqual({ version: 0, tags: [], shapes: [{ ...shape, id }], tracks: [] })
  expect(loaded.text).toContain('"rotation":0.0')
  expect(headers.get('etag')).toBe('"1"')
  expect(loaded.headers.get('etag')).toBe('"1"')
})

test('the source is any short text and comes back as it was', async () => {
  const { box, url, load } = await setUp()
  const sources = ['Ground truth', '"\\"', 'semi-auto']
  await person.call('PATCH', `${url}?action=create`, { body: { shapes: sources.map((source) => box(1, { source })) } })
  expect((await load()).shapes.map((shape: { source: string }) => shape.source)).toEqual(sources)
})

test('skeletons, tracks and tags nest and keep their order', async () => {
  const { car, pose, url, load } = await setUp()
  const [head, foot] = pose.sublabels
  const element = (label_id: number, x: number) => ({ type: 'points', label_id, points: [x, x] })
  const body = {
    tags: [{ frame: 2, label_id: car.id }],
    shapes: [
      { type: 'skeleton', label_id: pose.id, frame: 1, points: [], elements: [element(foot!.id, 5), element(head!.id, 6)] },
    ],
    tracks: [
      {
        label_id: car.id,
        frame: 0,
        shapes: [
          { type: 'rectangle', frame: 4, points: [0, 0, 4, 4], outside: true },
          { type: 'rectangle', frame: 0, points: [0, 0, 2, 2] },
        ],
      },
    ],
  }
  const created = (await person.call('PATCH', `${url}?action=create`, { body })).json
  const loaded = await load()
  expect(loaded).toEqual({ ...created, version: 0 })
  expect(loaded.shapes[0].elements.map((one: any) => [one.label_id, one.points, one.frame])).toEqual([
    [foot!.id, [5, 5], 1],
    [head!.id, [6, 6], 1],
  ])
  expect(loaded.tracks[0].shapes.map((one: any) => [one.frame, one.outside])).toEqual([
    [0, false],
    [4, true],
  ])
  // Immutable attributes stay with the track, mutable ones with its key frames.
  expect(loaded.tracks[0].attributes.map((one: any) => one.value)).toEqual(['red'])
  expect(loaded.tracks[0].shapes[0].attributes.map((one: any) => one.value)).toEqual(['false'])
})

test('update keeps ids, delete takes what was read, repeated deletes are fine', async () => {
  const { box, url, load } = await setUp()
  const { shapes } = (await person.call('PATCH', `${url}?action=create`, { body: { shapes: [box(1), box(2), box(3)] } })).json
  await person.call('PATCH', `${url}?action=update`, {
    body: { shapes: [{ ...shapes[1], points: [0, 0, 1, 1], occluded: true }] },
  })
  const after = await load()
  expect(after.shapes.map((one: any) => [one.id, one.points[2], one.occluded])).toEqual([
    [shapes[0].id, 6, false],
    [shapes[1].id, 1, true],
    [shapes[2].id, 8, false],
  ])
  for (const _ of [1, 2])
    expect((await person.call('PATCH', `${url}?action=delete`, { body: { shapes: [shapes[0]] } })).status).toBe(200)
  expect((await load()).shapes.map((one: any) => one.id)).toEqual([shapes[1].id, shapes[2].id])
  expect((await person.call('PATCH', `${url}?action=update`, { body: { shapes: [shapes[0]] } })).status).toBe(404)
})

test('what comes with an update but has no id is new, in a job and in a task', async () => {
  const { id, url, box, load } = await setUp()
  for (const path of [url, `/api/tasks/${id}/annotations`]) {
    const [first] = (await person.call('PATCH', `${path}?action=create`, { body: { shapes: [box(1)] } })).json.shapes
    const before = (await load()).shapes.length
    const { status, json } = await person.call('PATCH', `${path}?action=update`, {
      body: { shapes: [box(2), { ...first, occluded: true }], tags: [{ label_id: first.label_id, frame: 1 }] },
    })
    expect([status, json.shapes[0].id > first.id, json.shapes[1].id]).toEqual([200, true, first.id])
    const after = await load()
    expect(after.shapes).toHaveLength(before + 1)
    expect(after.shapes.find((shape: { id: number }) => shape.id === first.id).occluded).toBe(true)
    expect(after.tags.at(-1).id).toBe(json.tags[0].id)
  }
})

test('ground truth counts for its task only when its frames are honeypots too; then it is edited in its own job', async () => {
  const { id, job, url, box } = await setUp()
  const create = { type: 'ground_truth', task_id: id, frame_selection_method: 'manual', frames: [8] }
  const truth = (await person.call('POST', '/api/jobs', { body: create })).json.id
  const taskUrl = `/api/tasks/${id}/annotations`
  await person.call('PUT', url, { body: { shapes: [box(1)] } })
  await person.call('PUT', `/api/jobs/${truth}/annotations`, { body: { shapes: [box(2, { frame: 8 })] } })
  const load = async () => (await person.call('GET', taskUrl)).json.shapes.map((shape: { points: number[] }) => shape.points[0])
  expect(await load()).toEqual([1])

  await tx(async (t) => {
    await t.update(jobs).set({ stopFrame: 7 }).where(eq(jobs.id, job))
    await t.update(validationLayouts).set({ mode: 'gt_pool' }).where(eq(validationLayouts.taskId, id))
  })
  expect(await load()).toEqual([1, 2])
  const own = (await person.call('GET', `/api/jobs/${truth}/annotations`)).json
  for (const [action, frame] of [
    ['update', 8],
    ['update', 0],
    ['delete', 8],
  ] as const) {
    const body = { shapes: [{ ...own.shapes[0], frame }] }
    const refused = await person.call('PATCH', `${taskUrl}?action=${action}`, { body })
    expect([action, refused.status, refused.text]).toEqual([action, 400, expect.stringContaining('the GT job')])
  }
  const { headers } = await person.call('GET', taskUrl)
  const changed = await person.call('PATCH', `${taskUrl}?action=create`, {
    body: { shapes: [box(4)] },
    headers: { 'if-match': headers.get('etag')! },
  })
  expect(changed.status).toBe(200)
  expect(await load()).toEqual([1, 2, 4])
})

test('PUT replaces, DELETE empties', async () => {
  const { box, url, load } = await setUp()
  await person.call('PUT', url, { body: { shapes: [box(1), box(2)] } })
  await person.call('PUT', url, { body: { shapes: [box(7)], tags: [], tracks: [] } })
  expect((await load()).shapes.map((one: any) => one.points[0])).toEqual([7])
  expect((await person.call('DELETE', url)).status).toBe(204)
  expect((await load()).shapes).toEqual([])
})

const fullTrack = (kind: string, box: object) => (kind === 'tracks' ? { shapes: [box] } : {})

test.each([
  [{ shapes: [null] }, 'shapes[0]'],
  [{ tracks: [{ shapes: [null] }] }, 'tracks[0].shapes[0]'],
  [{ tracks: [{ elements: [7] }] }, 'tracks[0].elements[0]'],
  [{ shapes: [{ attributes: [null] }] }, 'shapes[0].attributes[0]'],
  [{ tags: 'none' }, 'tags'],
  [{ tags: [{ group: 2 ** 31 }] }, 'tags[0].group'],
])('what is no annotation is refused by its place: %j', async (part, place) => {
  const { url, box } = await setUp()
  const whole = Object.entries(part).map(([kind, items]) => [
    kind,
    Array.isArray(items) ? items.map((item) => item && { ...box(1), ...fullTrack(kind, box(1)), ...item }) : items,
  ])
  const { status, json } = await person.call('PATCH', `${url}?action=create`, { body: Object.fromEntries(whole) })
  expect([status, Object.keys(json)]).toEqual([400, [place]])
})

test('a stale save is refused with the current revision and writes nothing', async () => {
  const { box, url, load } = await setUp()
  const save = (revision: string, save_id: string) =>
    person.call('PATCH', `${url}?action=save`, {
      headers: { 'if-match': revision },
      body: { save_id, create: { shapes: [box(1)] } },
    })
  expect((await save('"0"', 'a')).json.revision).toBe(1)
  const stale = await save('"0"', 'b')
  expect([stale.status, stale.json.revision]).toEqual([412, 1])
  expect((await load()).shapes).toHaveLength(1)
  for (const [method, path] of [
    ['PUT', url],
    ['PATCH', `${url}?action=create`],
    ['DELETE', url],
  ] as const)
    expect((await person.call(method, path, { headers: { 'if-match': '"0"' }, body: { shapes: [] } })).status).toBe(412)
  // Clients that send no revision keep CVAT's behaviour.
  expect((await person.call('PATCH', `${url}?action=create`, { body: { shapes: [box(2)] } })).status).toBe(200)
})

test('the same save sent twice changes things once and answers the same', async () => {
  const { box, url, load, job } = await setUp()
  const body = { save_id: 'same', create: { shapes: [box(1)] } }
  const first = await person.call('PATCH', `${url}?action=save`, { headers: { 'if-match': '"0"' }, body })
  const again = await person.call('PATCH', `${url}?action=save`, { headers: { 'if-match': '"0"' }, body })
  expect([again.status, again.text]).toEqual([200, first.text])
  expect((await load()).shapes).toHaveLength(1)
  expect((await person.call('GET', `/api/jobs/${job}`)).json.state).toBe('in progress')
})

test('one save creates, changes and deletes, all or nothing', async () => {
  const { box, url, load } = await setUp()
  const { shapes } = (await person.call('PATCH', `${url}?action=create`, { body: { shapes: [box(1), box(2)] } })).json
  const save = (body: object) => person.call('PATCH', `${url}?action=save`, { body: { save_id: crypto.randomUUID(), ...body } })
  const bad = await save({
    delete: { shapes: [shapes[0]] },
    update: { shapes: [{ ...shapes[1], id: 999_999_999 }] },
    create: { shapes: [box(3)] },
  })
  expect(bad.status).toBe(404)
  expect((await load()).shapes).toHaveLength(2)
  const good = await save({
    delete: { shapes: [shapes[0]] },
    update: { shapes: [{ ...shapes[1], points: [9, 9, 10, 10] }] },
    create: { shapes: [box(3)] },
  })
  expect(good.json.create.shapes).toHaveLength(1)
  expect((await load()).shapes.map((one: any) => one.points[0])).toEqual([9, 3])
})

test('a task takes and gives the annotations of all its jobs', async () => {
  const { box, id, jobs } = await setUp(10, 4)
  expect(jobs.map((job) => [job.start_frame, job.stop_frame])).toEqual([[0, 3], [4, 7], [8, 9]]) // biome-ignore format: pairs
  const url = `/api/tasks/${id}/annotations`
  const { shapes } = (
    await person.call('PATCH', `${url}?action=create`, { body: { shapes: [box(1, { frame: 9 }), box(2), box(3, { frame: 4 })] } })
  ).json
  const inJob = async (i: number) =>
    (await person.call('GET', `/api/jobs/${jobs[i]!.id}/annotations`)).json.shapes.map((one: any) => one.points[0])
  expect([await inJob(0), await inJob(1), await inJob(2)]).toEqual([[2], [3], [1]])
  expect((await person.call('GET', url)).json.shapes).toHaveLength(3)
  await person.call('PATCH', `${url}?action=update`, { body: { shapes: [{ ...shapes[0], points: [8, 8, 9, 9] }] } })
  await person.call('PATCH', `${url}?action=delete`, { body: { shapes: [shapes[1]] } })
  expect([await inJob(0), await inJob(1), await inJob(2)]).toEqual([[], [3], [8]])
  await person.call('PUT', url, { body: { shapes: [box(5, { frame: 5 })] } })
  expect([await inJob(0), await inJob(1), await inJob(2)]).toEqual([[], [5], []])
})

test('updated_date of job and task moves with every save', async () => {
  const { box, url, id, job } = await setUp()
  const dates = async () => [
    (await person.call('GET', `/api/tasks/${id}`)).json.updated_date,
    (await person.call('GET', `/api/jobs/${job}`)).json.updated_date,
  ]
  const before = await dates()
  await Bun.sleep(2)
  await person.call('PATCH', `${url}?action=create`, { body: { shapes: [box(1)] } })
  const after = await dates()
  expect(after[0] > before[0]).toBe(true)
  expect(after[1] > before[1]).toBe(true)
})

test('bad input names the field and writes nothing', async () => {
  const { box, url, load, car } = await setUp(3)
  const cases: [string, object, string][] = [
    ['odd points', { shapes: [box(1), box(1, { points: [1, 2, 3] })] }, 'shapes[1].points'],
    ['a point that is no number', { shapes: [box(1, { points: [1, 2, 3, 'x'] })] }, 'shapes[0].points'],
    ['null as a point', { shapes: [box(1, { points: [1, 2, 3, null] })] }, 'shapes[0].points'],
    ['unknown type', { shapes: [box(1, { type: 'blob' })] }, 'shapes[0].type'],
    ['foreign label', { shapes: [box(1, { label_id: 1e9 })] }, 'shapes[0].label_id'],
    ['no label', { tags: [{ frame: 0 }] }, 'tags[0].label_id'],
    ['frame outside', { shapes: [box(1, { frame: 3 })] }, 'shapes[0].frame'],
    ['rotation over 360', { shapes: [box(1, { rotation: 400 })] }, 'shapes[0].rotation'],
    [
      'foreign attribute',
      { shapes: [box(1, { attributes: [{ spec_id: 1e9, value: 'x' }] })] },
      'shapes[0].attributes[0].spec_id',
    ],
    [
      'attribute value that is no text',
      { shapes: [box(1, { attributes: [{ spec_id: car.attributes[0]!.id, value: 5 }] })] },
      'shapes[0].attributes[0].value',
    ],
    ['score over 1', { shapes: [box(1, { score: 2 })] }, 'shapes[0].score'],
    [
      'mask runs that do not fill the box',
      { shapes: [box(1, { type: 'mask', points: [0, 5, 0, 0, 1, 1] })] },
      'shapes[0].points',
    ],
    ['track without shapes', { tracks: [{ label_id: car.id, frame: 0, shapes: [] }] }, 'tracks[0].shapes'],
    ['source', { shapes: [box(1, { source: 'x'.repeat(17) })] }, 'shapes[0].source'],
    ['a list that is none', { shapes: {} }, 'shapes'],
  ]
  for (const [name, body, field] of cases) {
    const { status, json } = await person.call('PATCH', `${url}?action=create`, { body })
    expect([name, status, Object.keys(json)]).toEqual([name, 400, [field]])
  }
  expect((await person.call('PATCH', url, { body: {} })).status).toBe(400)
  expect((await load()).shapes).toEqual([])
})

test('strangers get 403, nobody 401', async () => {
  const { url, id } = await setUp()
  const stranger = await createPerson()
  for (const path of [url, `/api/tasks/${id}/annotations`]) {
    expect((await stranger.call('GET', path)).status).toBe(403)
    expect((await stranger.call('PUT', path, { body: {} })).status).toBe(403)
    expect((await stranger.call('DELETE', path)).status).toBe(403)
  }
})
