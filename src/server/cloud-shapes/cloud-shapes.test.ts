// Segments and shapes on point clouds: saved by operations, refused by field, gone with what they stand on, kept by backups.
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createPerson, type Person } from '../../../tests/api'
import { changeBackup, readJson, restoreBackup, takeBackup } from '../backups/testing'
import { get, getOwner, paint, pcdOf, taskOf } from '../data/task-fixture'
import { listTables } from '../db/transfer/tables'
import { listen } from '../stream/service'

setDefaultTimeout(30_000)

const cloud = (count: number) => pcdOf(Array.from({ length: count }, (_, i) => [i, i % 7, 1]))
const labels = [
  { name: 'road' },
  { name: 'car', attributes: [{ name: 'colour', mutable: false, input_type: 'text', default_value: 'red', values: ['red'] }] },
  { name: 'tree' },
]

type Made = { task: number; job: number; path: string; label: Record<string, any>; person: Person }
const makeJob = async (frames = 2, more: Record<string, unknown> = {}): Promise<Made> => {
  const files = Array.from({ length: frames }, (_, i): [string, Uint8Array] => [`${i}.pcd`, cloud(100)])
  const task = await taskOf(files, {}, { labels, ...more })
  const job = (await get(`/api/jobs?task_id=${task}&sort=id`)).json.results[0].id
  const named = (await get(`/api/labels?task_id=${task}`)).json.results as any[]
  const label = Object.fromEntries(named.map((one) => [one.name, one]))
  return { task, job, path: `/api/jobs/${job}/cloud-shapes`, label, person: await getOwner() }
}

const lane = (label: any, uid = 'lane-1') => ({ uid, type: 'polyline', label_id: label.id, points: [0, 0, 0, 5.5, 1, 0.25] })
const segmentsOf = (json: any, frame = 0) =>
  (json.frames.find((one: any) => one.frame === frame)?.segments ?? []).map(({ label_id, instance, runs, points }: any) => [
    label_id,
    instance,
    points,
    runs,
  ])

describe('saving', () => {
  test('operations paint over one another; each point has one label and instance', async () => {
    const { path, label, person } = await makeJob()
    const empty = await person.call('GET', path)
    expect([empty.status, empty.json, empty.headers.get('etag')]).toEqual([200, { revision: 0, frames: [] }, '"0"'])
    const [road, car] = [label.road.id, label.car.id]
    const first = [
      { label_id: road, runs: [0, 60] },
      { label_id: car, instance: 3, runs: [10, 5, 5, 10] },
      { label_id: null, runs: [50, 5] },
    ]
    const saved = await person.call('PATCH', path, { body: { frames: [{ frame: 0, operations: first }] } })
    expect([saved.status, saved.json, saved.headers.get('etag')]).toEqual([200, { revision: 1 }, '"1"'])
    const { json } = await person.call('GET', path)
    expect(segmentsOf(json).toSorted()).toEqual(
      [
        [road, 0, 40, [0, 10, 5, 5, 10, 20, 5, 5]],
        [car, 3, 15, [10, 5, 5, 10]],
      ].toSorted(),
    )
    const second = [{ label_id: car, instance: 4, runs: [12, 10] }]
    await person.call('PATCH', path, { body: { frames: [{ frame: 0, operations: second }] } })
    const after = await person.call('GET', `${path}?frame=0`)
    expect(segmentsOf(after.json).toSorted()).toEqual(
      [
        [road, 0, 35, [0, 10, 20, 20, 5, 5]],
        [car, 3, 10, [10, 2, 10, 8]],
        [car, 4, 10, [12, 10]],
      ].toSorted(),
    )
    expect((await person.call('GET', `${path}?frame=1`)).json.frames).toEqual([])
  })

  test('shapes keep their names: put again they change, and they go by name', async () => {
    const { path, label, person } = await makeJob()
    const area = { type: 'polygon', label_id: label.car.id, points: [0, 0, 0, 1, 0, 0, 1, 1, 0] }
    const put = { frames: [{ frame: 1, shapes: [lane(label.road), area] }] }
    expect((await person.call('PATCH', path, { body: put })).status).toBe(200)
    const [one, other] = (await person.call('GET', `${path}?frame_from=1`)).json.frames[0].shapes
    expect(one).toMatchObject({ uid: 'lane-1', type: 'polyline', label_id: label.road.id, points: [0, 0, 0, 5.5, 1, 0.25] })
    expect(other.uid).toMatch(/^[0-9a-f-]{36}$/)
    expect(other.attributes).toEqual([{ spec_id: label.car.attributes[0].id, value: 'red' }])
    const moved = { ...lane(label.tree), points: [1, 2, 3, 4, 5, 6] }
    const change = {
      frames: [
        { frame: 0, shapes: [moved] },
        { frame: 1, removed: [other.uid, 'never-there'] },
      ],
    }
    expect((await person.call('PATCH', path, { body: change })).status).toBe(200)
    const { json } = await person.call('GET', path)
    expect(json.frames).toEqual([
      { frame: 0, segments: [], shapes: [expect.objectContaining({ id: one.id, uid: 'lane-1', points: [1, 2, 3, 4, 5, 6] })] },
    ])
  })

  test('PUT replaces everything; where segments overlap the last one wins', async () => {
    const { path, label, person } = await makeJob()
    const [road, car] = [label.road.id, label.car.id]
    await person.call('PATCH', path, { body: { frames: [{ frame: 1, shapes: [lane(label.road)] }] } })
    const segments = [
      { label_id: road, runs: [0, 50] },
      { label_id: car, runs: [40, 20] },
    ]
    const put = await person.call('PUT', path, { body: { frames: [{ frame: 0, segments, shapes: [] }] } })
    expect(put.json).toEqual({ revision: 2 })
    const { json } = await person.call('GET', path)
    expect(json.frames.map(({ frame }: any) => frame)).toEqual([0])
    expect(segmentsOf(json).map(([, , points]: any) => points)).toEqual([40, 20])
  })

  test('a stale save is refused and writes nothing', async () => {
    const { path, label, person } = await makeJob()
    const body = { frames: [{ frame: 0, operations: [{ label_id: label.road.id, runs: [0, 5] }] }] }
    expect((await person.call('PATCH', path, { body, headers: { 'if-match': '"0"' } })).status).toBe(200)
    for (const method of ['PATCH', 'PUT'] as const) {
      const stale = await person.call(method, path, { body: { frames: [] }, headers: { 'if-match': '"0"' } })
      expect([stale.status, stale.json]).toEqual([
        412,
        { detail: 'The point clouds have changed since they were loaded.', revision: 1 },
      ])
    }
    expect((await person.call('GET', path)).json.revision).toBe(1)
  })

  test('annotations, their revision and statistics know nothing of it; the job is in progress', async () => {
    const { path, job, task, label, person } = await makeJob()
    const before = await person.call('GET', `/api/jobs/${job}/annotations`)
    await person.call('PATCH', path, { body: { frames: [{ frame: 0, shapes: [lane(label.road)] }] } })
    const after = await person.call('GET', `/api/jobs/${job}/annotations`)
    expect([after.text, after.headers.get('etag')]).toEqual([before.text, before.headers.get('etag')])
    expect((await person.call('GET', `/api/tasks/${task}/annotations`)).json.shapes).toEqual([])
    expect((await person.call('GET', `/api/jobs/${job}`)).json.state).toBe('in progress')
  })

  test('those who watch the job are told', async () => {
    const { path, job, label, person } = await makeJob()
    const events: any[] = []
    const stop = listen([`job:${job}`], (event) => events.push(event))
    await person.call('PATCH', path, { body: { frames: [{ frame: 1, shapes: [lane(label.road)] }] } })
    stop()
    expect(events.map(({ type, data }) => [type, data.revision, data.frames])).toEqual([['cloud', 1, [1]]])
  })
})

describe('what is refused, by field', () => {
  const bad: [string, (label: any) => unknown, string, RegExp][] = [
    [
      'rows beyond the cloud',
      (l) => ({ frame: 0, operations: [{ label_id: l.road.id, runs: [90, 11] }] }),
      'frames[0].operations[0].runs',
      /rows up to 100 are named, the cloud has 100 points/,
    ],
    [
      'an unknown label',
      () => ({ frame: 0, operations: [{ label_id: 999_999, runs: [0, 1] }] }),
      'frames[0].operations[0].label_id',
      /does not belong/,
    ],
    [
      'half a run',
      (l) => ({ frame: 0, operations: [{ label_id: l.road.id, runs: [0] }] }),
      'frames[0].operations[0].runs',
      /pairs/,
    ],
    [
      'a run below zero',
      (l) => ({ frame: 0, operations: [{ label_id: l.road.id, runs: [5, -1] }] }),
      'frames[0].operations[0].runs',
      /\[1\]/,
    ],
    [
      'an instance that is too large',
      (l) => ({ frame: 0, operations: [{ label_id: l.road.id, instance: 65_536, runs: [0, 1] }] }),
      'frames[0].operations[0].instance',
      /0 to 65535/,
    ],
    ['a frame of no job', () => ({ frame: 7 }), 'frames[0].frame', /outside of job/],
    [
      'a coordinate that is none',
      (l) => ({ frame: 0, shapes: [{ ...lane(l.road), points: [0, 0, 0, 1, 1, null] }] }),
      'frames[0].shapes[0].points',
      /\[5\] must be a finite number/,
    ],
    [
      'too few vertices',
      (l) => ({ frame: 0, shapes: [{ ...lane(l.road), type: 'polygon' }] }),
      'frames[0].shapes[0].points',
      /3 to/,
    ],
    [
      'an unknown kind',
      (l) => ({ frame: 0, shapes: [{ ...lane(l.road), type: 'mask' }] }),
      'frames[0].shapes[0].type',
      /not a valid choice/,
    ],
    ['a name twice', (l) => ({ frame: 0, shapes: [lane(l.road), lane(l.car)] }), 'frames[0].shapes[1].uid', /two shapes/],
    ['a name with strange letters', (l) => ({ frame: 0, shapes: [lane(l.road, '<b>')] }), 'frames[0].shapes[0].uid', /letters/],
    [
      'an attribute of another label',
      (l) => ({ frame: 0, shapes: [{ ...lane(l.road), attributes: [{ spec_id: l.car.attributes[0].id, value: 'x' }] }] }),
      'frames[0].shapes[0].attributes[0].spec_id',
      /does not belong/,
    ],
  ]
  test('each names what is wrong, and nothing is stored', async () => {
    const { path, label, person } = await makeJob()
    const good = { frame: 1, shapes: [lane(label.road, 'good')] }
    for (const [what, make, field, reason] of bad) {
      const frame = make(label) as { frame: number }
      const answer = await person.call('PATCH', path, { body: { frames: [frame, good] } })
      expect([what, answer.status, Object.keys(answer.json ?? {})]).toEqual([what, 400, [field]])
      expect(String(answer.json[field])).toMatch(reason)
    }
    expect((await person.call('PATCH', path, { body: { frames: [good, good] } })).json).toHaveProperty(['frames[1].frame'])
    expect((await person.call('PATCH', path, { body: [] })).status).toBe(400)
    expect((await person.call('GET', path)).json).toEqual({ revision: 0, frames: [] })
  })

  test('frames that are no clouds have no points', async () => {
    const person = await getOwner()
    const task = await taskOf([['a.png', await paint('png')]])
    const job = (await get(`/api/jobs?task_id=${task}`)).json.results[0].id
    const [label] = (await get(`/api/labels?task_id=${task}`)).json.results
    const body = { frames: [{ frame: 0, operations: [{ label_id: label.id, runs: [0, 1] }] }] }
    const answer = await person.call('PATCH', `/api/jobs/${job}/cloud-shapes`, { body })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('frame 0 is no point cloud')])
  })

  test('strangers see nothing, workers of others change nothing', async () => {
    const { path } = await makeJob()
    const stranger = await createPerson()
    for (const method of ['GET', 'PATCH', 'PUT'] as const)
      expect((await stranger.call(method, path, method === 'GET' ? {} : { body: { frames: [] } })).status).toBe(403)
    expect((await stranger.call('GET', '/api/jobs/99999999/cloud-shapes')).status).toBe(404)
  })
})

describe('what it stands on', () => {
  test('a label takes its points and shapes with it, and saves before that are stale', async () => {
    const { path, task, label, person } = await makeJob()
    const operations = [
      { label_id: label.road.id, runs: [0, 5] },
      { label_id: label.tree.id, runs: [5, 5] },
    ]
    await person.call('PATCH', path, { body: { frames: [{ frame: 0, operations, shapes: [lane(label.road)] }] } })
    const gone = { labels: [{ id: label.road.id, deleted: true }] }
    expect((await person.call('PATCH', `/api/tasks/${task}`, { body: gone })).status).toBe(200)
    const { json } = await person.call('GET', path)
    expect(json.revision).toBe(2)
    expect(json.frames).toEqual([{ frame: 0, segments: [expect.objectContaining({ label_id: label.tree.id })], shapes: [] }])
    const stale = await person.call('PATCH', path, { body: { frames: [] }, headers: { 'if-match': '"1"' } })
    expect(stale.status).toBe(412)
  })

  test('in a project they have its labels of the same names', async () => {
    const { path, task, label, person } = await makeJob()
    const attributes = [{ spec_id: label.car.attributes[0].id, value: 'blue' }]
    const operations = [{ label_id: label.car.id, instance: 2, runs: [3, 4] }]
    const shapes = [{ ...lane(label.car), attributes }]
    await person.call('PATCH', path, { body: { frames: [{ frame: 0, operations, shapes }] } })
    const project = (await person.call('POST', '/api/projects', { body: { name: 'p', labels } })).json.id
    expect((await person.call('PATCH', `/api/tasks/${task}`, { body: { project_id: project } })).status).toBe(200)
    const [car] = (await person.call('GET', `/api/labels?project_id=${project}`)).json.results.filter(
      ({ name }: any) => name === 'car',
    )
    const { json } = await person.call('GET', path)
    expect(segmentsOf(json)).toEqual([[car.id, 2, 4, [3, 4]]])
    expect(json.frames[0].shapes[0]).toMatchObject({
      label_id: car.id,
      attributes: [{ spec_id: car.attributes[0].id, value: 'blue' }],
    })
  })

  test('a task takes everything with it', async () => {
    const { path, task, label, person } = await makeJob()
    await person.call('PATCH', path, { body: { frames: [{ frame: 0, shapes: [lane(label.road)] }] } })
    expect((await person.call('DELETE', `/api/tasks/${task}`)).status).toBe(204)
    expect((await person.call('GET', path)).status).toBe(404)
  })
})

describe('backups', () => {
  test('the whole server keeps it, as all tables', () => {
    const names = listTables().map(({ name }) => name)
    for (const name of ['cloud_revisions', 'cloud_segments', 'cloud_shapes']) expect(names).toContain(name)
  })

  test('a task comes back with what is drawn on its clouds, job by job', async () => {
    const { path, task, label, person } = await makeJob(3, { segment_size: 2, overlap: 1 })
    const operations = [{ label_id: label.car.id, instance: 9, runs: [1, 2, 3, 4] }]
    const shapes = [{ ...lane(label.car), attributes: [{ spec_id: label.car.attributes[0].id, value: 'blue' }] }]
    await person.call('PATCH', path, { body: { frames: [{ frame: 1, operations, shapes }] } })
    const second = (await get(`/api/jobs?task_id=${task}&sort=id`)).json.results[1].id
    const later = { frames: [{ frame: 2, operations: [{ label_id: label.tree.id, runs: [7, 1] }] }] }
    await person.call('PATCH', `/api/jobs/${second}/cloud-shapes`, { body: later })
    const { bytes, files } = await takeBackup(person, 'task', task)
    expect(readJson(files['cloud_shapes.json'])).toHaveLength(2)

    const request = await restoreBackup(person, 'task', bytes)
    expect([request.status, request.message]).toEqual(['finished', ''])
    const jobs = (await get(`/api/jobs?task_id=${request.result_id}&sort=id`)).json.results
    const named = (await get(`/api/labels?task_id=${request.result_id}`)).json.results as any[]
    const idOf = (name: string) => named.find((one) => one.name === name).id
    const first = (await get(`/api/jobs/${jobs[0].id}/cloud-shapes`)).json
    expect(segmentsOf(first, 1)).toEqual([[idOf('car'), 9, 6, [1, 2, 3, 4]]])
    expect(first.frames[0].shapes).toMatchObject([{ uid: 'lane-1', attributes: [{ value: 'blue' }] }])
    expect(segmentsOf((await get(`/api/jobs/${jobs[1].id}/cloud-shapes`)).json, 2)).toEqual([[idOf('tree'), 0, 1, [7, 1]]])
  })

  test('a damaged one is refused by file and field; one without anything has no such file', async () => {
    const { path, task, label, person } = await makeJob()
    expect((await takeBackup(person, 'task', task)).files).not.toHaveProperty('cloud_shapes.json')
    await person.call('PATCH', path, { body: { frames: [{ frame: 0, shapes: [lane(label.road)] }] } })
    const { bytes } = await takeBackup(person, 'task', task)
    const cases: [unknown, RegExp][] = [
      [[{ frames: [{ frame: 0, segments: [{ label: 'nobody', runs: [0, 1] }] }] }], /there is no label "nobody"/],
      [[{ frames: [{ frame: 0, segments: [{ label: 'car', runs: [0, -1] }] }] }], /segments\[0\]\.runs/],
      [[{ frames: [{ frame: 9, shapes: [] }] }], /outside of/],
      [[{ frames: [] }, { frames: [] }], /more lists than the 1 jobs/],
    ]
    for (const [content, reason] of cases) {
      const request = await restoreBackup(person, 'task', changeBackup(bytes, { 'cloud_shapes.json': content as object }))
      expect(request.status).toBe('failed')
      expect(request.message).toMatch(/cloud_shapes\.json/)
      expect(request.message).toMatch(reason)
    }
  })
})
