// Searches through the API: every field of the language, who sees what, bulk changes and undoing them, bad input.
import { beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { shapes } from '../annotations/schema'
import { tx } from '../db/open'

setDefaultTimeout(60_000)

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

const labels = [
  {
    name: 'car',
    attributes: [
      { name: 'color', input_type: 'select', mutable: false, values: ['red', 'green', 'Dark Blue'], default_value: 'red' },
      { name: 'parked', input_type: 'checkbox', mutable: true, values: ['false'], default_value: 'false' },
      { name: 'speed', input_type: 'number', mutable: true, values: ['0', '200', '1'], default_value: '0' },
      { name: 'plate', input_type: 'text', mutable: false, values: [''], default_value: '' },
    ],
  },
  {
    name: 'truck',
    attributes: [{ name: 'color', input_type: 'select', mutable: false, values: ['red', 'white'], default_value: 'white' }],
  },
  { name: 'Zug_1', type: 'rectangle', attributes: [] },
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

/** A task of ten frames in two jobs: six shapes, a skeleton, a track and a tag. */
const setUp = async () => {
  const task = await createBareTask(person, { labels, frames: 10, segmentSize: 5 })
  const [car, truck, zug, pose] = task.labels as [any, any, any, any]
  const spec = (label: any, name: string) => label.attributes.find((one: any) => one.name === name).id
  const values = (label: any, given: Record<string, string>) =>
    Object.entries(given).map(([name, value]) => ({ spec_id: spec(label, name), value }))
  const box = (label: any, frame: number, points: number[], more: object = {}) => ({
    type: 'rectangle',
    label_id: label.id,
    frame,
    points,
    ...more,
  })
  const dot = (label: any, x: number, y: number) => ({ type: 'points', label_id: label.id, points: [x, y] })
  const put = (at: number, body: object) => person.call('PUT', `/api/jobs/${task.jobs[at]!.id}/annotations`, { body })
  const first = await put(0, {
    shapes: [
      box(car, 0, [0, 0, 100, 50], { attributes: values(car, { color: 'red', speed: '50', plate: 'AB 12%' }) }),
      box(car, 0, [10, 10, 20, 15], {
        attributes: values(car, { color: 'Dark Blue', parked: 'true' }),
        occluded: true,
        source: 'auto',
        score: 0.4,
      }),
      { type: 'polygon', label_id: truck.id, frame: 1, points: [0, 0, 40, 0, 0, 40], z_order: 2, group: 7 },
      box(zug, 2, [5, 5, 305, 25], { rotation: 45 }),
      {
        type: 'skeleton',
        label_id: pose.id,
        frame: 3,
        points: [],
        elements: [dot(pose.sublabels[0], 10, 10), dot(pose.sublabels[1], 30, 60)],
      },
    ],
    tracks: [
      {
        label_id: car.id,
        frame: 1,
        attributes: values(car, { color: 'green' }),
        shapes: [
          { type: 'rectangle', frame: 1, points: [0, 0, 8, 8], attributes: values(car, { speed: '120' }) },
          { type: 'rectangle', frame: 3, points: [0, 0, 200, 200] },
        ],
      },
    ],
    tags: [{ frame: 2, label_id: car.id }],
  })
  expect(first.status).toBe(200)
  expect(
    (await put(1, { shapes: [box(truck, 7, [0, 0, 64, 64]), box(truck, 8, [0, 0, 3, 3], { source: 'semi-auto' })] })).status,
  ).toBe(200)
  const search = async (q: string, more = '') =>
    (await person.call('GET', `/api/find?task_id=${task.id}&page_size=100&q=${encodeURIComponent(q)}${more}`)).json
  /** What is found, in short: label, frame. */
  const find = async (q: string, more = '') =>
    (await search(q, more)).results?.map((hit: any) =>
      `${hit.type === 'shape' ? '' : `${hit.type} `}${hit.label?.name ?? ''} ${hit.frame}`.trim(),
    )
  return { ...task, find, search, put, box, car, truck, zug }
}

test('every field of the language finds what it says', async () => {
  const { find, jobs, id } = await setUp()
  const everything = ['car 0', 'car 0', 'truck 1', 'track car 1', 'Zug_1 2', 'tag car 2', 'pose 3', 'truck 7', 'truck 8']
  expect(await find('')).toEqual(everything)
  const expected: [string, string[]][] = [
    ['label:car', ['car 0', 'car 0', 'track car 1', 'tag car 2']],
    ['label:CAR,zug_1 type:shape', ['car 0', 'car 0', 'Zug_1 2']],
    ['label:*r* -type:tag frame<2', ['car 0', 'car 0', 'truck 1', 'track car 1']],
    ['label:Zug?1', ['Zug_1 2']],
    ['label:"Zug?1"', []],
    ['label!=car', ['truck 1', 'Zug_1 2', 'pose 3', 'truck 7', 'truck 8']],
    ['width>60', ['car 0', 'Zug_1 2', 'truck 7']],
    ['width:8..20', ['car 0', 'track car 1', 'pose 3']],
    ['height>=50 height<=50', ['car 0', 'pose 3']],
    ['area:800', ['truck 1']],
    ['area<10', ['truck 8']],
    ['-width>0', ['tag car 2']],
    ['rotation>0', ['Zug_1 2']],
    ['is:rotated', ['Zug_1 2']],
    ['score<0.5', ['car 0']],
    ['source:auto', ['car 0']],
    ['source:*auto', ['car 0', 'truck 8']],
    ['occluded', ['car 0']],
    ['occluded:no type:shape frame:0', ['car 0']],
    ['-occluded frame:0', ['car 0']],
    ['group:7', ['truck 1']],
    ['z>1', ['truck 1']],
    ['frame:7..', ['truck 7', 'truck 8']],
    ['name:8.jpg', ['truck 8']],
    ['name:*.png', []],
    ['type:polygon,skeleton', ['truck 1', 'pose 3']],
    ['type:track', ['track car 1']],
    ['type:tag', ['tag car 2']],
    ['color:red', ['car 0', 'tag car 2']],
    ['color:RED or color:"dark blue"', ['car 0', 'car 0', 'tag car 2']],
    ['color:white', ['truck 1', 'truck 7', 'truck 8']],
    ['attr.color:green', ['track car 1']],
    ['parked:yes', ['car 0']],
    ['speed>40', ['car 0', 'track car 1']],
    ['speed:100..150', ['track car 1']],
    ['plate:"ab 12%"', ['car 0']],
    ['plate:AB*', ['car 0']],
    ['plate:"AB*"', []],
    ['objects:2 frame:0..2', ['car 0', 'car 0', 'truck 1', 'track car 1', 'Zug_1 2', 'tag car 2']],
    ['objects<2', ['pose 3', 'truck 7', 'truck 8']],
    [`job:${jobs[1]!.id}`, ['truck 7', 'truck 8']],
    [`task:${id} frame:8`, ['truck 8']],
    ['task:bare frame:8', ['truck 8']],
    ['job.state:new', everything],
    ['state:completed', []],
    ['stage:annotation', everything],
    ['annotator:none', everything],
    ['annotator:me', []],
    ['updated:today', everything],
    ['updated<2020', []],
    ['created>=1d', everything],
    ['truck', ['truck 1', 'truck 7', 'truck 8']],
    ['ug_', ['Zug_1 2']],
    ['(label:car or label:truck) and not (frame:0 or frame:1)', ['tag car 2', 'truck 7', 'truck 8']],
    ['label:nothing', []],
  ]
  for (const [q, found] of expected) expect([q, await find(q)]).toEqual([q, found])
})

test('attributes that came later have their default everywhere', async () => {
  const { find, id, car } = await setUp()
  const added = { name: 'age', input_type: 'number', mutable: false, values: ['0', '9', '1'], default_value: '3' }
  const { status } = await person.call('PATCH', `/api/tasks/${id}`, {
    body: { labels: [{ id: car.id, attributes: [...car.attributes, added] }] },
  })
  expect(status).toBe(200)
  expect(await find('age:3 frame:0')).toEqual(['car 0', 'car 0'])
  expect(await find('age>3')).toEqual([])
  expect(await find('age<=3 type:track')).toEqual(['track car 1'])
})

test('values are found with their short keys, and in rows of before, which have none', async () => {
  const { find, jobs: own } = await setUp()
  const queries = [
    'color:red',
    'color:white',
    'color:"Dark Blue"',
    '-color:red label:car',
    'parked:yes',
    'color!=red',
    'parked:no',
  ]
  const ask = () => Promise.all(queries.map((q) => find(q)))
  const byKeys = await ask()
  expect(byKeys.map((found) => found.length > 0)).toEqual(queries.map(() => true))
  for (const { id } of own)
    await tx(async (t) => void (await t.update(shapes).set({ attributeKeys: null }).where(eq(shapes.jobId, id))))
  expect(await ask()).toEqual(byKeys)
})

test('sorting, pages and frames', async () => {
  const { find, search } = await setUp()
  expect(await find('type:shape', '&sort=area')).toEqual(['truck 8', 'car 0', 'truck 1', 'pose 3', 'truck 7', 'car 0', 'Zug_1 2'])
  expect(await find('', '&sort=-area&page_size=3')).toEqual(['Zug_1 2', 'car 0', 'truck 7'])
  expect(await find('', '&page_size=3&page=3')).toEqual(['pose 3', 'truck 7', 'truck 8'])
  const page = await search('label:truck', '&page_size=2')
  expect([page.count, page.results.length, page.next !== null, page.previous]).toEqual([3, 2, true, null])
  expect(await find('label:car', '&results=frames')).toEqual(['frame  0', 'frame  1', 'frame  2'])
  expect(await find('objects:0', '&results=frames')).toEqual(['frame  4', 'frame  5', 'frame  6', 'frame  9'])
  expect((await search('', '&results=frames')).count).toBe(10)
  expect((await search('name:*.jpg frame>7', '&results=frames')).count).toBe(2)
})

test('an object says where it is, what it is and how it looks', async () => {
  const { search, jobs, id } = await setUp()
  const { results } = await search('score<0.5')
  const [hit] = results
  expect(hit).toMatchObject({
    type: 'shape', task_id: id, job_id: jobs[0]!.id, frame: 0, frame_name: '0.jpg', shape_type: 'rectangle', source: 'auto', score: 0.4,
    occluded: true, width: 10, height: 5, area: 50, box: [10, 10, 20, 15], label: { name: 'car' },
    url: `/tasks/${id}/jobs/${jobs[0]!.id}?frame=0&type=shape&serverID=${hit.id}`,
  }) // biome-ignore format: one object
  expect(hit.attributes).toContainEqual({ name: 'color', value: 'Dark Blue' })
  const track = (await search('type:track')).results[0]
  expect(track).toMatchObject({ frame: 1, width: 8, area: 64 })
  expect(track.attributes).toContainEqual({ name: 'speed', value: '120' })
})

test('relabelling and deleting count first, keep values, are undone by the log', async () => {
  const { id, find, search, jobs } = await setUp()
  const before = (await search('')).results
  const post = (what: string, body: object) => person.call('POST', `/api/find/${what}`, { body: { task_id: id, ...body } })
  const counted = (await post('relabel', { q: 'label:car', label: 'truck' })).json
  expect(counted).toEqual({ count: 4, skipped: { forbidden: 0, unfit: 0, same: 0 }, jobs: 1 })
  expect(await find('label:car')).toHaveLength(4)
  expect((await post('relabel', { q: 'label:car', label: 'truck', count: 3 })).status).toBe(409)
  const done = (await post('relabel', { q: 'label:car', label: 'truck', count: 4 })).json
  expect(done).toMatchObject({ count: 4, problems: [], steps: [{ job_id: jobs[0]!.id }] })
  expect(await find('label:car')).toEqual([])
  // "red" is a value of both labels, "Dark Blue" and "green" are not.
  expect(await find('color:red')).toEqual(['truck 0', 'tag truck 2'])
  expect(await find('color:white frame:0..1')).toEqual(['truck 0', 'truck 1', 'track truck 1'])
  const undone = (await person.call('POST', '/api/find/undo', { body: { steps: done.steps } })).json
  expect(undone).toEqual({ jobs: 1, problems: [] })
  const plain = (hits: any[]) => hits.map(({ thumbnail: _, state: __, ...hit }) => hit)
  expect(plain((await search('')).results)).toEqual(plain(before))
  // A second time the job has moved on.
  expect((await person.call('POST', '/api/find/undo', { body: { steps: done.steps } })).json.problems).toHaveLength(1)

  expect((await post('relabel', { q: '', label: 'Zug_1' })).json).toMatchObject({ count: 5, skipped: { unfit: 3, same: 1 } })
  expect((await post('relabel', { q: '', label: 'nothing' })).json).toMatchObject({ count: 0, skipped: { unfit: 9 } })
  const [one, two] = before.filter((hit: any) => hit.type === 'shape')
  const objects = { shapes: [one.id, two.id, 999_999_999] }
  expect((await post('delete', { q: '', objects })).json.count).toBe(2)
  expect((await post('delete', { q: '', objects, count: 2 })).json.count).toBe(2)
  expect((await search('')).count).toBe(7)
  const rest = (await post('delete', { q: '', count: 7 })).json
  expect([rest.count, rest.steps.length]).toEqual([7, 2])
  expect((await search('')).count).toBe(0)
  expect((await person.call('POST', '/api/find/undo', { body: { steps: rest.steps } })).json.jobs).toBe(2)
  expect((await search('')).count).toBe(7)
  const log = (await person.call('GET', `/api/jobs/${jobs[0]!.id}/revisions`)).json.results
  expect(log.map((entry: any) => entry.action).slice(0, 5)).toEqual(['restore', 'delete', 'delete', 'restore', 'update'])
})

test('each sees and changes only what they may', async () => {
  const { id, jobs, find } = await setUp()
  const worker = await createPerson()
  const stranger = await createPerson()
  const ask = async (who: Person, path: string) => (await who.call('GET', `/api/find?${path}`)).json
  expect((await stranger.call('GET', `/api/find?task_id=${id}`)).status).toBe(403)
  expect((await ask(stranger, '')).count).toBe(0)
  expect((await stranger.call('GET', '/api/find?task_id=99999999')).status).toBe(404)
  await person.call('PATCH', `/api/jobs/${jobs[1]!.id}`, { body: { assignee: worker.user.id } })
  const mine = await ask(worker, `task_id=${id}&q=annotator:me`)
  expect(mine.results.map((hit: any) => hit.job_id)).toEqual([jobs[1]!.id, jobs[1]!.id])
  expect((await ask(worker, 'q=label:truck')).count).toBe(2)
  expect(await find(`annotator:${worker.username}`)).toEqual(['truck 7', 'truck 8'])
  const [seen] = mine.results
  expect((await stranger.call('GET', seen.thumbnail)).status).toBe(403)
  expect((await worker.call('GET', `/api/find/thumbnail?type=frame&job_id=${jobs[0]!.id}&frame=0`)).status).toBe(403)
  expect((await worker.call('POST', '/api/find/delete', { body: { task_id: id, q: '' } })).json.count).toBe(2)
  const gone = await worker.call('POST', '/api/find/delete', { body: { q: 'label:car' } })
  expect(gone.json.count).toBe(0)
  const steps = [{ job_id: jobs[0]!.id, revision: 1 }]
  expect((await stranger.call('POST', '/api/find/undo', { body: { steps } })).json).toMatchObject({ jobs: 0 })
})

test('bad input is told with its place', async () => {
  const { id } = await setUp()
  const refuse = async (q: string, more = '') => {
    const { status, json } = await person.call('GET', `/api/find?task_id=${id}&q=${encodeURIComponent(q)}${more}`)
    return [status, json.q?.[0] ?? json, json.position]
  }
  expect(await refuse('label:car (')).toEqual([400, 'Something is missing at the end.', 10])
  expect(await refuse('colour:red')).toEqual([400, 'There is neither a field nor an attribute called "colour" here.', 0])
  expect(await refuse('labl:red')).toEqual([
    400,
    'There is neither a field nor an attribute called "labl" here. Did you mean label?',
    0,
  ])
  expect(await refuse('a width>big')).toEqual([400, 'width wants a number, as in width:100, or a range, as in width:10..20.', 8])
  expect((await refuse('updated>yester'))[1]).toContain('"yester" is not a date')
  expect((await refuse('updated>2026-02-31'))[0]).toBe(400)
  expect((await refuse('state:done'))[1]).toBe('state is one of new, in progress, completed, rejected.')
  expect((await refuse('label>car'))[1]).toContain('label cannot be compared with >')
  expect((await refuse('width:1..2..3'))[0]).toBe(400)
  expect((await refuse('', '&sort=colour'))[0]).toBe(400)
  expect((await refuse('', '&results=all'))[0]).toBe(400)
  expect((await refuse('', '&page=0'))[0]).toBe(400)
  expect((await refuse("label:car'; drop table shapes; --"))[0]).toBe(200)
  expect((await refuse('width>99999999999999 id:9999999999 frame:1.5 score>0.1'))[0]).toBe(200)
  for (const query of ['type=shape', 'type=what&id=1', 'type=frame&job_id=x&frame=1', 'type=shape&id=99999999999'])
    expect((await person.call('GET', `/api/find/thumbnail?${query}`)).status).toBe(400)
  expect((await person.call('GET', '/api/find/thumbnail?type=shape&id=999999999')).status).toBe(404)
  expect((await person.call('POST', '/api/find/relabel', { body: { q: '' } })).status).toBe(400)
})
