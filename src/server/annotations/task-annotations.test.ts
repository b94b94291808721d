// Annotations of tasks with several jobs: dealt out, cut at borders, joined in overlaps, changed everywhere they are.
import { beforeAll, describe, expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { findFrameShape } from '../../formats/geometry/interpolation'
import type { Track } from '../../formats/model'
import { createRandom, makeTrack } from '../../formats/testing/random'
import { findTask } from '../tasks/service'
import { importAnnotations } from './service'

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

const labels = [
  { name: 'car' },
  { name: 'pose', type: 'skeleton', svg: '<circle/>', sublabels: [{ name: 'head', type: 'points' }, { name: 'foot', type: 'points' }] },
] // biome-ignore format: short

const setUp = async (frames: number, segmentSize: number, overlap: number) => {
  const task = await createBareTask(person, { labels, frames, segmentSize, overlap })
  const [car, pose] = task.labels
  const url = `/api/tasks/${task.id}/annotations`
  const box = (frame: number, x: number, more: object = {}) => ({
    type: 'rectangle',
    label_id: car!.id,
    frame,
    points: [x, 0, x + 10, 10],
    ...more,
  })
  const key = (frame: number, x: number, more: object = {}) => {
    const { label_id: _, ...body } = box(frame, x, more)
    return body
  }
  const send = async (method: string, path: string, body?: unknown) => {
    const { status, json, text } = await person.call(method, path, { body })
    if (status !== 200) throw new Error(`${method} ${path}: ${status} ${text}`)
    return json
  }
  const inJobs = () => Promise.all(task.jobs.map(({ id }) => send('GET', `/api/jobs/${id}/annotations`)))
  return {
    ...task, car: car!, pose: pose!, url, box, key, inJobs, send, load: () => send('GET', url),
    patch: (action: string, body: unknown) => send('PATCH', `${url}?action=${action}`, body),
    put: (body: unknown) => send('PUT', url, body),
  } // biome-ignore format: one object
}

const ids = (list: { id: number }[]) => list.map(({ id }) => id)

describe('where jobs overlap', () => {
  test('a shape is in both jobs and once in the task; changes and deletions reach both', async () => {
    const { put, load, inJobs, patch, box, car } = await setUp(10, 6, 2) // 0–5, 4–9
    const shapes = [
      box(1, 1),
      box(4, 4),
      box(5, 5),
      box(8, 8),
      { type: 'points', label_id: car.id, frame: 4, points: [1, 1, 2, 2] },
    ]
    const made = await put({ shapes, tags: [{ label_id: car.id, frame: 5 }] })
    const [first, second] = await inJobs()
    expect([first.shapes.length, second.shapes.length, first.tags.length, second.tags.length]).toEqual([4, 4, 1, 1])
    const shown = await load()
    expect(shown.shapes).toHaveLength(5)
    expect(new Set(ids(shown.shapes))).toEqual(new Set(ids(made.shapes)))
    expect(ids(shown.tags)).toEqual(ids(made.tags))
    const target = shown.shapes.find((one: any) => one.points[0] === 4)
    await patch('update', { shapes: [{ ...target, occluded: true }] })
    const occluded = (await inJobs()).map((job) => job.shapes.filter((one: any) => one.occluded).length)
    expect(occluded).toEqual([1, 1])
    expect((await load()).shapes.filter((one: any) => one.occluded).map((one: any) => one.id)).toEqual([target.id])
    await patch('delete', { shapes: [target] })
    expect((await inJobs()).map((job) => job.shapes.length)).toEqual([3, 3])
  })

  test('alike shapes of one label are one, others are two', async () => {
    const { load, inJobs, send, jobs, box, pose } = await setUp(10, 6, 2)
    const save = (at: number, shapes: object[]) => send('PUT', `/api/jobs/${jobs[at]!.id}/annotations`, { shapes })
    await save(0, [box(4, 0), box(4, 100), box(4, 200), box(4, 300)])
    // Overlap 9 of 11, 7 of 13, none; the last is of another kind of label.
    await save(1, [
      box(4, 1),
      box(4, 103),
      box(4, 400),
      { ...box(4, 300), label_id: pose.id, type: 'polygon', points: [0, 0, 9, 0, 9, 9] },
    ])
    const { shapes } = await load()
    expect(shapes.map((one: any) => one.points[0]).sort((a: number, b: number) => a - b)).toEqual([0, 0, 100, 103, 200, 300, 400])
    expect((await inJobs()).map((job) => job.shapes.length)).toEqual([4, 4])
  })

  test('tracks that are alike continue each other, others are closed after the overlap', async () => {
    const { load, send, jobs, key, car } = await setUp(10, 6, 2)
    const track = (...shapes: any[]) => ({ label_id: car.id, frame: shapes[0].frame, shapes })
    const save = (at: number, tracks: object[]) => send('PUT', `/api/jobs/${jobs[at]!.id}/annotations`, { tracks })
    const [one] = (await save(0, [track(key(0, 0), key(5, 5)), track(key(2, 500))])).tracks
    await save(1, [track(key(4, 4), key(9, 9)), track(key(7, 900))])
    const { tracks } = await load()
    expect(tracks.map(({ shapes }: any) => shapes.map(({ frame, outside }: any) => [frame, outside]))).toEqual([
      [
        [0, false],
        [4, false],
        [5, false],
        [9, false],
      ],
      [
        [2, false],
        [6, true],
      ],
      [[7, false]],
    ])
    expect(tracks[0].id).toBe(one.id)
  })

  test('what is saved again as it was read stays what it is', async () => {
    const { load, put, patch, inJobs, box, key, car } = await setUp(12, 6, 2)
    await put({
      shapes: [box(4, 1), box(5, 2)],
      tracks: [{ label_id: car.id, frame: 0, shapes: [key(0, 0), key(11, 11)] }],
    })
    // The borders become key frames of the task's track; from then on nothing is added.
    await patch('update', await load())
    const strip = (value: unknown) => JSON.parse(JSON.stringify(value, (name, part) => (name === 'id' ? undefined : part)))
    const before = [await load(), await inJobs()]
    expect([before[0].shapes.length, before[0].tracks.length]).toEqual([2, 1])
    await patch('update', before[0])
    expect([await load(), await inJobs()]).toEqual(before)
    await put(before[0])
    expect(strip([await load(), await inJobs()])).toEqual(strip(before))
  })
})

test('a shape that is put on a frame of another job moves there', async () => {
  const { patch, inJobs, load, box } = await setUp(8, 4, 0)
  const { shapes } = await patch('create', { shapes: [box(1, 1), box(6, 6)] })
  await patch('update', { shapes: [{ ...shapes[0], frame: 7 }] })
  expect((await inJobs()).map((job) => job.shapes.map((one: any) => one.frame))).toEqual([[], [6, 7]])
  expect((await load()).shapes).toHaveLength(2)
})

test('a track that gets longer goes on in the next job, one that gets shorter leaves it', async () => {
  const { patch, inJobs, key, car } = await setUp(8, 4, 0)
  const { tracks } = await patch('create', {
    tracks: [{ label_id: car.id, frame: 0, shapes: [key(0, 0), key(2, 2, { outside: true })] }],
  })
  expect((await inJobs()).map((job) => job.tracks.length)).toEqual([1, 0])
  await patch('update', { tracks: [{ ...tracks[0], shapes: [key(0, 0), key(6, 6)] }] })
  const [first, second] = await inJobs()
  expect(first.tracks[0].shapes.map((one: any) => [one.frame, one.points[0]])).toEqual([
    [0, 0],
    [3, 3],
  ])
  expect(second.tracks[0].shapes.map((one: any) => [one.frame, one.points[0]])).toEqual([
    [4, 4],
    [6, 6],
  ])
  await patch('update', { tracks: [second.tracks[0]].map((track) => ({ ...track, shapes: [] })) })
  expect((await inJobs()).map((job) => job.tracks.length)).toEqual([1, 0])
})

/** Where visible tracks are on a frame, as text that can be compared: rounded, sorted. */
const placesOn = (tracks: Track[], frame: number) =>
  tracks
    .flatMap((track) => (track.elements.length ? track.elements : [track]))
    .flatMap(({ shapes, label_id }) => {
      const found = findFrameShape(shapes, frame)
      return found && !found.outside
        ? [`${label_id} ${found.points.map((value) => value.toFixed(4)).join()} ${found.rotation.toFixed(3)}`]
        : []
    })
    .sort()

describe.each([
  [20, 7, 0],
  [20, 8, 3],
  [20, 6, 5],
  [20, 20, 0],
])('%i frames in jobs of %i with overlap %i', (frames, size, overlap) => {
  test('tracks cut over jobs and read from the task are where they were on every frame', async () => {
    const { put, load, inJobs, car, pose, jobs } = await setUp(frames, size, overlap)
    for (let seed = 1; seed <= 6; seed++) {
      const random = createRandom(seed + 100 * size + overlap)
      const given = (['rectangle', 'ellipse', 'cuboid', 'points', 'skeleton'] as const).map((type) => {
        const track = makeTrack(random, type, frames - 1)
        const isSkeleton = type === 'skeleton'
        return {
          ...track,
          label_id: isSkeleton ? pose.id : car.id,
          elements: track.elements.map((element, at) => ({ ...element, label_id: pose.sublabels[at]!.id })),
        }
      })
      await put({ tracks: given })
      const { tracks } = await load()
      const parts = await inJobs()
      for (let frame = 0; frame < frames; frame++) {
        const expected = placesOn(given, frame)
        expect([seed, frame, placesOn(tracks, frame)]).toEqual([seed, frame, expected])
        for (const [at, { start_frame, stop_frame }] of jobs.entries())
          if (frame >= start_frame && frame <= stop_frame)
            expect([seed, frame, at, placesOn(parts[at].tracks, frame)]).toEqual([seed, frame, at, expected])
      }
    }
  })
})

test('wrong frame numbers of a skeleton track are pulled to the earliest frame of its elements', async () => {
  const { send, jobs, pose } = await setUp(10, 0, 0)
  const point = (frame: number) => ({ type: 'points', frame, points: [1, 1] })
  const element = (at: number, frame: number, shape: number) => ({
    label_id: pose.sublabels[at]!.id,
    frame,
    shapes: [point(shape)],
  })
  const track = {
    label_id: pose.id,
    frame: 5,
    shapes: [{ type: 'skeleton', frame: 5, points: [] }],
    elements: [element(0, 6, 3), element(1, 2, 7)],
  }
  const { tracks } = await send('PATCH', `/api/jobs/${jobs[0]!.id}/annotations?action=create`, { tracks: [track] })
  const [{ frame, shapes, elements }] = tracks
  expect([frame, shapes[0].frame]).toEqual([2, 2])
  expect(elements.map((one: any) => [one.frame, one.shapes.map((key: any) => [key.frame, key.outside])])).toEqual([
    [
      2,
      [
        [2, true],
        [3, false],
      ],
    ],
    [
      2,
      [
        [2, true],
        [7, false],
      ],
    ],
  ])
})

test('a track may lose its first key frame, and all: then it is gone', async () => {
  const { send, jobs, key, car } = await setUp(10, 0, 0)
  const url = `/api/jobs/${jobs[0]!.id}/annotations`
  const made = await send('PATCH', `${url}?action=create`, {
    tracks: [{ label_id: car.id, frame: 1, shapes: [key(1, 1), key(4, 4)] }],
  })
  const [track] = made.tracks
  const changed = await send('PATCH', `${url}?action=update`, { tracks: [{ ...track, shapes: track.shapes.slice(1) }] })
  expect(changed.tracks[0].shapes.map((one: any) => [one.frame, one.outside])).toEqual([
    [1, true],
    [4, false],
  ])
  expect((await send('PATCH', `${url}?action=update`, { tracks: [{ ...track, shapes: [] }] })).tracks).toHaveLength(1)
  expect((await send('GET', url)).tracks).toEqual([])
})

test('a job is loaded by a range of frames: shapes on them, tracks that may be seen there', async () => {
  const { send, jobs, box, key, car, pose } = await setUp(20, 0, 0)
  const url = `/api/jobs/${jobs[0]!.id}/annotations`
  const track = (...shapes: any[]) => ({ label_id: car.id, frame: shapes[0].frame, shapes })
  const head = { label_id: pose.sublabels[0]!.id, frame: 0, shapes: [{ type: 'points', frame: 0, points: [1, 1] }] }
  const all = await send('PUT', url, {
    shapes: [0, 5, 9, 10, 15].map((frame) => box(frame, frame)),
    tags: [
      { label_id: car.id, frame: 4 },
      { label_id: car.id, frame: 6 },
    ],
    tracks: [
      track(key(0, 0), key(3, 3, { outside: true })),
      track(key(0, 0), key(12, 12, { outside: true })),
      track(key(11, 11)),
      track(key(2, 2)),
      { label_id: pose.id, frame: 0, shapes: [{ type: 'skeleton', frame: 0, points: [] }], elements: [head] },
    ],
  })
  const part = await send('GET', `${url}?frame_from=5&frame_to=9`)
  expect(part.shapes).toEqual([all.shapes[1], all.shapes[2]])
  expect(part.tags).toEqual([all.tags[1]])
  expect(part.tracks).toEqual([all.tracks[1], all.tracks[3], all.tracks[4]])
  expect((await send('GET', `${url}?frame_from=15`)).shapes).toEqual([all.shapes[4]])
  expect((await person.call('GET', `${url}?frame_from=x`)).status).toBe(400)
})

test('what a file has of tracks that are never seen, or not yet, is left out', async () => {
  const task = await setUp(10, 0, 0)
  const { key, car, pose, load } = task
  const point = (frame: number, outside: boolean) => ({ type: 'points', frame, points: [frame, 1], outside })
  const [head, foot] = pose.sublabels.map(({ id }) => id)
  const tracks = [
    { label_id: car.id, frame: 0, shapes: [key(0, 0, { outside: true }), key(3, 3), key(6, 6, { outside: true })] },
    { label_id: car.id, frame: 0, shapes: [key(2, 0, { outside: true })] },
    {
      label_id: pose.id,
      frame: 1,
      shapes: [{ type: 'skeleton', frame: 1, points: [] }],
      elements: [
        { label_id: head, frame: 1, shapes: [point(1, true), point(4, false)] },
        { label_id: foot, frame: 1, shapes: [point(1, true)] },
      ],
    },
  ]
  await importAnnotations({ ...(await findTask(task.id)), job: null }, { tracks }, 'replace')
  const [box, skeleton, ...rest] = (await load()).tracks
  const framesOf = ({ shapes }: any) => shapes.map((one: any) => [one.frame, one.outside])
  expect(rest).toEqual([])
  expect([box.frame, framesOf(box)]).toEqual([
    3,
    [
      [3, false],
      [6, true],
    ],
  ])
  expect([skeleton.frame, skeleton.elements.map((one: any) => [one.label_id, framesOf(one)])]).toEqual([
    1,
    [
      [
        head,
        [
          [1, true],
          [4, false],
        ],
      ],
    ],
  ])
})

test('a task takes no track that is nowhere seen, a job keeps it', async () => {
  const { put, patch, load, send, jobs, key, car, pose } = await setUp(10, 0, 0)
  const [head] = pose.sublabels
  const tracks = [
    { label_id: car.id, frame: 0, shapes: [key(3, 0, { outside: true })] },
    {
      label_id: pose.id,
      frame: 0,
      shapes: [{ type: 'skeleton', frame: 3, points: [] }],
      elements: [{ label_id: head!.id, frame: 0, shapes: [{ type: 'points', frame: 3, points: [1, 1], outside: true }] }],
    },
  ]
  expect((await put({ tracks })).tracks).toEqual([])
  expect((await patch('create', { tracks })).tracks).toEqual([])
  expect((await load()).tracks).toEqual([])
  expect((await send('PUT', `/api/jobs/${jobs[0]!.id}/annotations`, { tracks })).tracks).toHaveLength(2)
  expect((await load()).tracks).toHaveLength(2)
})
