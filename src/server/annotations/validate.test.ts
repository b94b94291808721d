// What annotations may be: numbers of every kind of shape, masks, coordinates, frames, attribute values of the five kinds.
import { beforeAll, describe, expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { createRandom } from '../../formats/testing/random'

const labels = [
  {
    name: 'car',
    attributes: [
      { name: 'color', input_type: 'select', mutable: true, values: ['red', 'green'] },
      { name: 'side', input_type: 'radio', mutable: false, values: ['left', 'right'] },
      { name: 'parked', input_type: 'checkbox', mutable: true, values: ['false'] },
      { name: 'doors', input_type: 'number', mutable: false, values: ['2', '5', '1'] },
      { name: 'plate', input_type: 'text', mutable: true, values: [''] },
    ],
  },
  { name: 'pose', type: 'skeleton', svg: '<circle/>', sublabels: [{ name: 'head', type: 'points' }] },
]

let person: Person
let set: Awaited<ReturnType<typeof prepare>>
const prepare = async () => {
  const task = await createBareTask(person, { labels, frames: 5 })
  const [car, pose] = task.labels
  const url = `/api/jobs/${task.jobs[0]!.id}/annotations`
  const specs = Object.fromEntries(car!.attributes.map(({ name, id }) => [name, id]))
  const send = (body: object, action = 'create') => person.call('PATCH', `${url}?action=${action}`, { body })
  return { ...task, car: car!, pose: pose!, url, specs, send }
}
beforeAll(async () => {
  person = await createPerson()
  set = await prepare()
})

const shapeOf = (type: string, points: unknown, more: object = {}) => ({ type, label_id: set.car.id, frame: 1, points, ...more })
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 0.5)

const counts: [string, number[], number[]][] = [
  ['rectangle', [4], [0, 3, 5, 6]],
  ['ellipse', [4], [2, 6]],
  ['polygon', [6, 8, 200], [0, 4, 7]],
  ['polyline', [4, 6], [2, 5]],
  ['points', [2, 4], [0, 3]],
  ['cuboid', [16], [9, 15, 17]],
  ['skeleton', [0], [2]],
]
test.each(counts)('a %s has the right count of numbers', async (type, right, wrong) => {
  for (const count of right)
    expect([count, (await set.send({ shapes: [shapeOf(type, numbers(count))] })).status]).toEqual([count, 200])
  for (const count of wrong) {
    const good = shapeOf('rectangle', [1, 2, 3, 4])
    const { status, json } = await set.send({ shapes: [good, good, good, shapeOf(type, numbers(count))] })
    expect([count, status, Object.keys(json)]).toEqual([count, 400, ['shapes[3].points']])
  }
})

describe('bad numbers', () => {
  test.each(['1e999', '-1e999', '1e10', 'null', '"4"', 'true', '[]'])('%s is no coordinate', async (text) => {
    const body = `{"shapes":[{"type":"rectangle","label_id":${set.car.id},"frame":1,"points":[1,2,3,${text}]}]}`
    const { status, json } = await person.call('PATCH', `${set.url}?action=create`, {
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect([status, Object.keys(json)]).toEqual([400, ['shapes[0].points']])
  })

  test.each([
    ['NaN in the text', '{"shapes":[{"points":[NaN]}]}'],
    ['a text that breaks off', '{"shapes":['],
  ])('%s is no JSON', async (_, body) => {
    expect((await person.call('PUT', set.url, { body, headers: { 'content-type': 'application/json' } })).status).toBe(400)
  })

  test.each([-1, 5, 0.5, '1', null, 2 ** 40])('%p is no frame of the job', async (frame) => {
    const { status, json } = await set.send({ tags: [{ label_id: set.car.id, frame }] })
    expect([status, Object.keys(json)]).toEqual([400, ['tags[0].frame']])
  })
})

test.each([
  ['sum too small', [1, 2, 0, 0, 1, 1]],
  ['sum too large', [5, 0, 0, 1, 1]],
  ['negative run', [-1, 5, 0, 0, 1, 1]],
  ['broken run', [1.5, 2.5, 0, 0, 1, 1]],
  ['broken box', [2, 2, 0.5, 0, 1.5, 1]],
  ['box the wrong way round', [0, 4, 1, 1, 0, 0]],
  ['no runs', [0, 0, 1, 1]],
])('a mask with %s is refused', async (_, points) => {
  const { status, json } = await set.send({ shapes: [shapeOf('mask', points)] })
  expect([status, Object.keys(json)]).toEqual([400, ['shapes[0].points']])
})

test('masks come back run by run', async () => {
  const random = createRandom(7)
  const { jobs } = await createBareTask(person, { frames: 2 })
  const label = (await person.call('GET', `/api/labels?job_id=${jobs[0]!.id}`)).json.results[0].id
  const masks = Array.from({ length: 30 }, () => {
    const [width, height] = [random.integer(1, 20), random.integer(1, 20)]
    const runs: number[] = []
    for (let left = width * height; left > 0; left -= runs.at(-1)!) runs.push(random.integer(runs.length ? 1 : 0, left))
    return [...runs, 5, 6, 5 + width - 1, 6 + height - 1]
  })
  const url = `/api/jobs/${jobs[0]!.id}/annotations`
  const shapes = masks.map((points) => ({ type: 'mask', label_id: label, frame: 1, points }))
  expect((await person.call('PUT', url, { body: { shapes } })).status).toBe(200)
  expect((await person.call('GET', url)).json.shapes.map((one: { points: number[] }) => one.points)).toEqual(masks)
})

describe('attribute values', () => {
  const attributed = (name: string, value: unknown) =>
    shapeOf('rectangle', [1, 2, 3, 4], { attributes: [{ spec_id: set.specs[name], value }] })
  test.each([
    ['color', 'green', 200],
    ['color', 'blue', 400],
    ['side', 'right', 200],
    ['side', 'Right', 400],
    ['parked', 'true', 200],
    ['parked', 'maybe', 400],
    ['doors', '2', 200],
    ['doors', '4.5', 200],
    ['doors', '6', 400],
    ['doors', 'many', 400],
    ['doors', '', 400],
    ['plate', 'anything "at" all', 200],
    ['plate', 5, 400],
  ])('%s = %p: %i', async (name, value, expected) => {
    const { status, json } = await set.send({ shapes: [attributed(name, value)] })
    expect(status).toBe(expected)
    if (expected === 400) expect(Object.keys(json)).toEqual(['shapes[0].attributes[0].value'])
  })

  test('a value that the label has lost may be saved again where it was, and nowhere else', async () => {
    const own = await prepare()
    const spec = { spec_id: own.specs.color, value: 'green' }
    const car = (attributes: object[]) => ({
      type: 'rectangle',
      label_id: own.car.id,
      frame: 1,
      points: [1, 2, 3, 4],
      attributes,
    })
    const { shapes } = (await own.send({ shapes: [car([spec])] })).json
    const labels = [{ id: own.car.id, attributes: [{ id: own.specs.color, values: ['red', 'blue'] }] }]
    expect((await person.call('PATCH', `/api/tasks/${own.id}`, { body: { labels } })).status).toBe(200)
    const changed = await own.send({ shapes: [{ ...shapes[0], occluded: true }] }, 'update')
    expect([changed.status, changed.json.shapes[0].attributes[0].value]).toEqual([200, 'green'])
    expect((await own.send({ shapes: [car([{ ...spec, value: 'violet' }])] })).status).toBe(400)
  })

  test('a track keeps immutable values itself and mutable ones in its key frames', async () => {
    const value = (name: string, text: string) => ({ spec_id: set.specs[name], value: text })
    const key = (frame: number, ...attributes: object[]) => ({ type: 'rectangle', frame, points: [1, 2, 3, 4], attributes })
    const track = {
      label_id: set.car.id,
      frame: 0,
      attributes: [value('side', 'right'), value('doors', '4')],
      shapes: [key(0, value('color', 'green')), key(3, value('parked', 'true'))],
    }
    const { tracks } = (await set.send({ tracks: [track] })).json
    const valuesOf = ({ attributes }: any) => attributes.map((one: any) => one.value)
    expect(valuesOf(tracks[0])).toEqual(['right', '4'])
    expect(tracks[0].shapes.map(valuesOf)).toEqual([
      ['green', 'false', ''],
      ['red', 'true', ''],
    ])
    const { status, json } = await set.send({
      tracks: [{ ...track, shapes: [key(0, value('color', 'green')), key(3, value('parked', 'no'))] }],
    })
    expect([status, Object.keys(json)]).toEqual([400, ['tracks[0].shapes[1].attributes[0].value']])
  })
})

test('elements of a skeleton are of its own label', async () => {
  const skeleton = (label_id: number) =>
    shapeOf('skeleton', [], { label_id: set.pose.id, elements: [{ type: 'points', label_id, points: [1, 2] }] })
  expect((await set.send({ shapes: [skeleton(set.pose.sublabels[0]!.id)] })).status).toBe(200)
  const { status, json } = await set.send({ shapes: [skeleton(set.car.id)] })
  expect([status, Object.keys(json)]).toEqual([400, ['shapes[0].elements[0].label_id']])
})

test('two different key frames on one frame are refused, the same one twice is one', async () => {
  const key = (x: number) => ({ type: 'rectangle', frame: 2, points: [x, 2, 30, 40] })
  const send = (...shapes: object[]) => set.send({ tracks: [{ label_id: set.car.id, frame: 2, shapes }] })
  const refused = await send(key(1), key(2))
  expect([refused.status, Object.keys(refused.json)]).toEqual([400, ['tracks[0].shapes']])
  expect((await send(key(1), key(1))).json.tracks[0].shapes).toHaveLength(1)
})

test('nothing of a refused request is stored', async () => {
  const before = (await person.call('GET', set.url)).text
  for (const method of ['PUT', 'PATCH'] as const) {
    const path = method === 'PUT' ? set.url : `${set.url}?action=create`
    const body = { shapes: [shapeOf('rectangle', [1, 2, 3, 4]), shapeOf('rectangle', [1, 2, 3])] }
    expect((await person.call(method, path, { body })).status).toBe(400)
  }
  expect((await person.call('GET', set.url)).text).toBe(before)
})
