// What is drawn on clouds goes out and comes back: SemanticKITTI bit by bit, our own layout without loss, on tasks whose jobs overlap.
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { unzipSync, zipSync } from 'fflate'
import { createPerson } from '../../../tests/api'
import { get, getOwner, kittiOf, pcdOf, taskOf } from '../data/task-fixture'
import { runRequest } from '../requests/service'
import { storage } from '../storage/storage'
import { runCloudExport, runCloudImport } from './service'

setDefaultTimeout(30_000)

const labels = [
  { name: 'road', color: '#102030' },
  {
    name: 'my thing: "x"',
    attributes: [{ name: 'size', mutable: false, input_type: 'text', default_value: 's', values: ['s'] }],
  },
]
const points = Array.from({ length: 40 }, (_, i) => [i / 2, -1 - i, 0.25, i / 40])

const makeTask = async (more: Record<string, unknown> = {}, files?: [string, Uint8Array][]) => {
  const task = await taskOf(
    files ?? [
      ['000007.bin', kittiOf(points)],
      ['000008.bin', kittiOf(points.slice(0, 30))],
      ['000009.bin', kittiOf(points)],
    ],
    {},
    { labels, ...more },
  )
  const jobs = (await get(`/api/jobs?task_id=${task}&sort=id`)).json.results.map(({ id }: { id: number }) => id) as number[]
  const named = (await get(`/api/labels?task_id=${task}`)).json.results as any[]
  return { task, jobs, idOf: (name: string) => named.find((one) => one.name === name).id as number, person: await getOwner() }
}
type Made = Awaited<ReturnType<typeof makeTask>>

const patch = async ({ person }: Made, job: number, frames: unknown[]) => {
  const answer = await person.call('PATCH', `/api/jobs/${job}/cloud-shapes`, { body: { frames } })
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)])
}

const exportFrom = async ({ person }: Made, place: string, format: string, more = '') => {
  const path = `/api/${place}/cloud-shapes/export?format=${encodeURIComponent(format)}${more}`
  const started = await person.call('POST', path)
  expect([started.status, started.text]).toEqual([202, expect.any(String)])
  await runRequest(started.json.rq_id, runCloudExport)
  const request = (await get(`/api/requests/${encodeURIComponent(started.json.rq_id)}`)).json
  expect([request.status, request.message]).toEqual(['finished', ''])
  expect(request.operation.type).toBe('export:cloud-shapes')
  const bytes = await storage().get(`results/${new URL(request.result_url).searchParams.get('key')}.zip`)
  return { bytes, files: unzipSync(bytes) }
}

const importInto = async ({ person }: Made, place: string, format: string, bytes: Uint8Array, more = '') => {
  const body = new FormData()
  body.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), 'x.zip')
  const started = await person.call('POST', `/api/${place}/cloud-shapes/import?format=${encodeURIComponent(format)}${more}`, {
    body,
  })
  if (started.status !== 202) return { status: `refused ${started.status}`, message: started.text }
  await runRequest(started.json.rq_id, runCloudImport)
  return (await get(`/api/requests/${encodeURIComponent(started.json.rq_id)}`)).json as { status: string; message: string }
}

/** Labels and instances of a frame's points as a job has them: `name/instance` → runs; and its shapes. */
const readJob = async (made: Made, job: number) => {
  const { frames } = (await get(`/api/jobs/${job}/cloud-shapes`)).json
  const name = (id: number) => [labels[0]!.name, labels[1]!.name].find((one) => made.idOf(one) === id)
  return Object.fromEntries(
    frames.map(({ frame, segments, shapes }: any) => [
      frame,
      {
        segments: Object.fromEntries(segments.map((one: any) => [`${name(one.label_id)}/${one.instance}`, one.runs])),
        shapes: shapes.map(({ type, label_id, points, attributes }: any) => [
          type,
          name(label_id),
          points,
          attributes.map(({ value }: any) => value),
        ]),
      },
    ]),
  )
}

const lane = [0, 0, 0, 10, 0.5, -0.25]

describe('SemanticKITTI', () => {
  test('class in the lower half, instance in the upper; clouds point for point; back into another task', async () => {
    const made = await makeTask()
    const own = made.idOf(labels[1]!.name)
    const operations = [
      { label_id: made.idOf('road'), runs: [0, 10] },
      { label_id: own, instance: 65_535, runs: [20, 2] },
    ]
    await patch(made, made.jobs[0]!, [{ frame: 0, operations }])
    const { bytes, files } = await exportFrom(made, `tasks/${made.task}`, 'SemanticKITTI 1.0', '&save_clouds=true')
    expect(Object.keys(files).sort()).toEqual([
      'semantic-kitti.yaml',
      ...['000007', '000008', '000009'].map((name) => `sequences/00/labels/${name}.label`),
      ...['000007', '000008', '000009'].map((name) => `sequences/00/velodyne/${name}.bin`),
    ])
    const values = new Uint32Array(files['sequences/00/labels/000007.label']!.slice().buffer)
    expect(values).toHaveLength(40)
    expect([values[0]! & 0xffff, values[9], values[10], values[20]! & 0xffff, values[21]! >>> 16]).toEqual([
      40, 40, 0, 1000, 65_535,
    ])
    const map = Bun.YAML.parse(new TextDecoder().decode(files['semantic-kitti.yaml'])) as any
    expect(map.labels).toEqual({ 0: 'unlabeled', 40: 'road', 1000: 'my thing: "x"' })
    expect(map.color_map[40]).toEqual([0x30, 0x20, 0x10])
    expect(Buffer.compare(files['sequences/00/velodyne/000008.bin']!, kittiOf(points.slice(0, 30)))).toBe(0)

    const other = await makeTask()
    expect(await importInto(other, `tasks/${other.task}`, 'SemanticKITTI 1.0', bytes)).toMatchObject({ status: 'finished' })
    expect(await readJob(other, other.jobs[0]!)).toEqual(await readJob(made, made.jobs[0]!))
  })

  test('points without a place keep their rows', async () => {
    const made = await makeTask({}, [
      [
        'a.pcd',
        pcdOf([
          [1, 2, 3],
          [Number.NaN, 0, 0],
          [4, 5, 6],
          [Number.NaN, 0, 0],
        ]),
      ],
    ])
    const { files } = await exportFrom(made, `jobs/${made.jobs[0]}`, 'SemanticKITTI 1.0', '&save_clouds=1')
    const values = new Float32Array(files['sequences/00/velodyne/000000.bin']!.slice().buffer)
    expect([...values]).toEqual([1, 2, 3, 0, ...Array(4).fill(Number.NaN), 4, 5, 6, 0, ...Array(4).fill(Number.NaN)])
    expect(files['sequences/00/labels/000000.label']).toHaveLength(16)
  })

  test("archives as the dataset's tools know them: without a map, several sequences' folders, unlabelled points", async () => {
    const made = await makeTask()
    const values = Uint32Array.from({ length: 30 }, (_, i) => (i < 5 ? 40 + 2 * 65_536 : 0))
    const bytes = zipSync({ 'dataset/sequences/08/labels/000001.label': new Uint8Array(values.buffer) })
    expect(await importInto(made, `jobs/${made.jobs[0]}`, 'SemanticKITTI 1.0', bytes)).toMatchObject({ status: 'finished' })
    expect(await readJob(made, made.jobs[0]!)).toEqual({ 1: { segments: { 'road/2': [0, 5] }, shapes: [] } })
  })

  test('what does not fit is named, and nothing changes', async () => {
    const made = await makeTask()
    await patch(made, made.jobs[0]!, [{ frame: 0, operations: [{ label_id: made.idOf('road'), runs: [0, 3] }] }])
    const before = await readJob(made, made.jobs[0]!)
    const put = (count: number, value: number) => new Uint8Array(new Uint32Array(count).fill(value).buffer)
    const cases: [Record<string, Uint8Array>, RegExp][] = [
      [{ 'sequences/00/labels/000007.label': put(39, 40) }, /000007\.label: 39 points are labelled, the cloud has 40/],
      [{ 'sequences/00/labels/000007.label': put(40, 10) }, /class 10 is "car", the task has no such label/],
      [{ 'sequences/00/labels/000007.label': put(40, 7) }, /class 7 is in no table/],
      [{ 'sequences/00/labels/123456.label': put(40, 40) }, /123456\.label: There is no frame/],
      [{ 'x.yaml': new TextEncoder().encode('a: ['), 'labels/000007.label': put(40, 40) }, /x\.yaml: The YAML is malformed/],
      [{ 'readme.txt': new Uint8Array(1) }, /no labels/],
    ]
    for (const [files, reason] of cases) {
      const { status, message } = await importInto(made, `jobs/${made.jobs[0]}`, 'SemanticKITTI 1.0', zipSync(files))
      expect([status, message]).toEqual(['failed', expect.stringMatching(reason)])
    }
    expect(await readJob(made, made.jobs[0]!)).toEqual(before)
  })
})

describe('the layout after Datumaro', () => {
  test('everything comes back, replaced or put on top', async () => {
    const made = await makeTask()
    const own = made.idOf(labels[1]!.name)
    const attributes = [
      {
        spec_id: (await get(`/api/labels?task_id=${made.task}`)).json.results.find((one: any) => one.id === own).attributes[0].id,
        value: 'xl',
      },
    ]
    const shapes = [
      { type: 'polyline', label_id: made.idOf('road'), points: lane },
      { type: 'polygon', label_id: own, points: [0, 0, 0, 1, 0, 0, 1, 1, 0.5], attributes },
      { type: 'points', label_id: own, points: [3, 4, 5] },
    ]
    const operations = [{ label_id: own, instance: 3, runs: [1, 2, 3, 4] }]
    await patch(made, made.jobs[0]!, [{ frame: 2, operations, shapes }])
    const { bytes, files } = await exportFrom(made, `jobs/${made.jobs[0]}`, 'Datumaro point labels 1.0', '&save_clouds=true')
    expect(files['point_clouds/default/000008.bin']).toHaveLength(30 * 16)
    const { items } = JSON.parse(new TextDecoder().decode(files['annotations/default.json']))
    expect(items.map(({ id, annotations }: any) => [id, annotations.length])).toEqual([
      ['000007', 0],
      ['000008', 0],
      ['000009', 4],
    ])

    const other = await makeTask()
    expect(await importInto(other, `tasks/${other.task}`, 'Datumaro point labels 1.0', bytes)).toMatchObject({
      status: 'finished',
    })
    const first = await readJob(made, made.jobs[0]!)
    expect((await readJob(other, other.jobs[0]!))[2]).toEqual(first[2])

    await patch(other, other.jobs[0]!, [{ frame: 2, operations: [{ label_id: other.idOf('road'), runs: [0, 40] }] }])
    expect(await importInto(other, `jobs/${other.jobs[0]}`, 'Datumaro point labels 1.0', bytes, '&mode=append')).toMatchObject({
      status: 'finished',
    })
    const [, both] = [first, await readJob(other, other.jobs[0]!)]
    expect(both[2].segments).toEqual({ 'road/0': [0, 1, 2, 3, 4, 30], 'my thing: "x"/3': [1, 2, 3, 4] })
    // Shapes that were exported with their names stay one.
    expect(both[2].shapes).toHaveLength(3)
  })

  test('bad files are named by item and field', async () => {
    const made = await makeTask()
    const dataset = (annotations: unknown[], names = ['road'], id = '000007') =>
      zipSync({
        'annotations/default.json': new TextEncoder().encode(
          JSON.stringify({ items: [{ id, annotations }], categories: { label: { labels: names.map((name) => ({ name })) } } }),
        ),
      })
    const cases: [Uint8Array, RegExp][] = [
      [
        dataset([{ type: 'point_labels', label_id: 0, rle: { counts: [0, 41] } }]),
        /item '000007', field 'annotations\[0\]\.rle\.counts': rows up to 40/,
      ],
      [dataset([{ type: 'polyline_3d', label_id: 0, points: [1, 2, null] }]), /points/],
      [dataset([{ type: 'polyline_3d', label_id: 4, points: lane }]), /there is no category 4/],
      [dataset([{ type: 'polyline_3d', label_id: 0, points: lane }], ['cat']), /no label "cat"/],
      [dataset([], ['road'], 'other'), /item 'other': There is no frame/],
    ]
    for (const [bytes, reason] of cases) {
      const { status, message } = await importInto(made, `tasks/${made.task}`, 'Datumaro point labels 1.0', bytes)
      // The categories may stand behind the items, and a dataset whose items come first is read all the same.
      expect([status, message]).toEqual(['failed', expect.stringMatching(reason)])
    }
    expect(await readJob(made, made.jobs[0]!)).toEqual({})
  })
})

test('of jobs that overlap the first one decides about a point, equal shapes are one; both get what is imported', async () => {
  const made = await makeTask({ segment_size: 2, overlap: 1 })
  expect(made.jobs).toHaveLength(2)
  const own = made.idOf(labels[1]!.name)
  const shape = { type: 'polyline', label_id: own, points: lane }
  const [road, thing] = [
    { label_id: made.idOf('road'), runs: [0, 10] },
    { label_id: own, runs: [5, 10] },
  ]
  await patch(made, made.jobs[0]!, [{ frame: 1, operations: [road], shapes: [shape] }])
  await patch(made, made.jobs[1]!, [{ frame: 1, operations: [thing], shapes: [shape] }])
  const { bytes, files } = await exportFrom(made, `tasks/${made.task}`, 'SemanticKITTI 1.0')
  const values = new Uint32Array(files['sequences/00/labels/000008.label']!.slice().buffer)
  expect([values[4], values[9], values[10], values[14], values[15]]).toEqual([40, 40, 1000, 1000, 0])
  const whole = await exportFrom(made, `tasks/${made.task}`, 'Datumaro point labels 1.0')
  const { items } = JSON.parse(new TextDecoder().decode(whole.files['annotations/default.json']))
  expect(items[1].annotations.filter(({ type }: any) => type === 'polyline_3d')).toHaveLength(1)

  expect(await importInto(made, `tasks/${made.task}`, 'SemanticKITTI 1.0', bytes)).toMatchObject({ status: 'finished' })
  const [first, second] = [await readJob(made, made.jobs[0]!), await readJob(made, made.jobs[1]!)]
  expect(second[1].segments).toEqual(first[1].segments)
  // SemanticKITTI says nothing of shapes, so they stay.
  expect(first[1].shapes).toHaveLength(1)
})

test('who may not, and what is not there', async () => {
  const made = await makeTask()
  const stranger = await createPerson()
  const path = `/api/tasks/${made.task}/cloud-shapes/export?format=SemanticKITTI%201.0`
  expect((await stranger.call('POST', path)).status).toBe(403)
  expect((await made.person.call('POST', `/api/tasks/${made.task}/cloud-shapes/export?format=x`)).json).toHaveProperty('format')
  expect((await made.person.call('POST', `/api/tasks/${made.task}/cloud-shapes/export`)).status).toBe(400)
  const mode = await importInto(made, `tasks/${made.task}`, 'SemanticKITTI 1.0', zipSync({}), '&mode=other')
  expect([mode.status, mode.message]).toEqual(['refused 400', expect.stringContaining('mode')])
})
