// HTTP functions through the API: every kind, liars, quotas, whole tasks and jobs, and what nobody else may see.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { getOwner, paint, taskOf } from '../data/task-fixture'
import { runRequest } from '../requests/service'
import { runAnnotation } from './annotate/run'
import { maxFound } from './check-found'
import { type NuclioServer, startNuclio } from './testing/nuclio-server'

let nuclio: NuclioServer
let owner: Person
let admin: Person
let stranger: Person
let task: number
let labels: Record<string, { id: number; attributes: { id: number }[] }>
const original = config()

const taskLabels = [
  { name: 'car', attributes: [{ name: 'color', input_type: 'select', mutable: false, values: ['red', 'green'] }] },
  { name: 'tree' },
]
const functionLabels = [
  { name: 'car', attributes: [{ name: 'color', input_type: 'select', values: ['red', 'green'] }] },
  { name: 'tree' },
  { name: 'unmapped' },
]

let made = 0
/** A function at a path of the test server, public; its id for calls. */
const functionAt = async (path: string, kind = 'detector', more: object = {}): Promise<string> => {
  const body = {
    provider: 'http',
    name: `f${++made} ${path}`,
    url: nuclio.url + path,
    kind,
    visibility: 'public',
    labels_v2: functionLabels,
    ...more,
  }
  const { status, json, text } = await admin.call('POST', '/api/functions', { body })
  expect([status, text]).toEqual([201, text])
  return `http-${json.id}`
}
const ask = (id: string, body: object, person = owner) =>
  person.call('POST', `/api/lambda/functions/${id}`, { body: { task, frame: 0, ...body } })
const request = (body: object, person = owner) => person.call('POST', '/api/lambda/requests', { body: { task, ...body } })
const annotationsOf = async (id = task) => (await owner.call('GET', `/api/tasks/${id}/annotations`)).json
const clear = (id = task) => owner.call('DELETE', `/api/tasks/${id}/annotations`)
/** Does the work of a request here instead of in a worker; how it ended. */
const run = async (id: string, person = owner) => {
  const signal = new AbortController().signal
  await runRequest(id, (row, report) => runAnnotation(row, report, signal))
  return (await person.call('GET', `/api/lambda/requests/${encodeURIComponent(id)}`)).json
}
const start = async (body: object, person = owner) => {
  const { status, json, text } = await request(body, person)
  if (status !== 200) throw new Error(`${status} ${text}`)
  return json.id as string
}
const pictures = async (count: number): Promise<[string, Uint8Array][]> => {
  const files: [string, Uint8Array][] = []
  for (let i = 0; i < count; i++) files.push([`${i}.png`, await paint('png', 0x102030 * (i + 1))])
  return files
}

beforeAll(async () => {
  nuclio = startNuclio()
  setConfig(Object.freeze({ ...original, outbound_allow: ['127.0.0.1'], function_timeout: 2, nuclio_url: [nuclio.url] }))
  owner = await getOwner()
  admin = await createPerson({ superuser: true })
  stranger = await createPerson()
  task = await taskOf(await pictures(4), {}, { labels: taskLabels, segment_size: 2 })
  const { results } = (await owner.call('GET', `/api/labels?task_id=${task}`)).json
  labels = Object.fromEntries(results.map((label: any) => [label.name, label]))
})
afterAll(async () => {
  setConfig(original)
  await nuclio.stop()
})

describe('calls', () => {
  test('a detector: labels and attributes are mapped, masks become run lengths', async () => {
    const { status, json } = await ask(await functionAt('/detector'), {})
    expect(status).toBe(200)
    const color = labels.car!.attributes[0]!.id
    expect(json.shapes.map(({ type, label_id, points, score, source }: any) => [type, label_id, points, score, source])).toEqual([
      ['rectangle', labels.car!.id, [1, 2, 30, 40], 0.9, 'auto'],
      ['rectangle', labels.car!.id, [5, 5, 9, 9], 0.3, 'auto'],
      ['mask', labels.tree!.id, [0, 4, 11, 10, 12, 11], 0.8, 'auto'],
    ])
    expect(json.shapes[0].attributes).toEqual([{ spec_id: color, value: 'green' }])
    expect(json.tags).toEqual([{ frame: 0, label_id: labels.tree!.id, source: 'auto', group: 0, attributes: [] }])
    expect(json.tracks).toEqual([])
  })

  test('a mapping, a threshold, and polygons instead of masks', async () => {
    const id = await functionAt('/detector')
    const mapping = { car: { name: 'tree' }, tree: { name: 'tree' } }
    const { json } = await ask(id, { mapping, threshold: 0.5, conv_mask_to_poly: true })
    expect(json.shapes.map(({ type, label_id }: any) => [type, label_id])).toEqual([['rectangle', labels.tree!.id]])
    expect(nuclio.asked.at(-1)!.body.threshold).toBe(0.5)
  })

  test('a region of interest is cut out, and what is found there moves back', async () => {
    const id = await functionAt('/echo', 'detector', { labels_v2: [{ name: 'car' }] })
    const whole = await ask(id, {})
    const part = await ask(id, { roi: [10, 4, 60, 48] })
    expect(whole.json.shapes[0].points).toEqual([1, 2, 30, 40])
    expect(part.json.shapes[0].points).toEqual([11, 6, 40, 44])
    const [first, second] = nuclio.asked.slice(-2).map(({ body }) => Buffer.from(body.image, 'base64'))
    expect([first!.readUInt32BE(16), first!.readUInt32BE(20)]).toEqual([64, 48])
    expect([second!.readUInt32BE(16), second!.readUInt32BE(20)]).toEqual([50, 44])
    for (const roi of [[0, 0, 65, 10], [5, 5, 5, 9], [1, 2, 3], [0, 0, 1.5, 9], 'x'])
      expect([roi, (await ask(id, { roi })).status]).toEqual([roi, 400])
  })

  test('an interactor: points or a bitmap, as CVAT answers them and as shapes', async () => {
    const id = await functionAt('/interactor', 'interactor', { min_neg_points: 0, startswith_box_optional: true })
    const { json } = await ask(id, { pos_points: [[20, 20]], neg_points: [] })
    expect(json).toEqual({
      shapes: [{ type: 'polygon', points: [19, 19, 21, 19, 20, 21] }],
      points: [
        [19, 19],
        [21, 19],
        [20, 21],
      ],
    })
    const inside = await ask(id, {
      pos_points: [[20, 20]],
      neg_points: [],
      obj_bbox: [
        [30, 40],
        [10, 5],
      ],
      roi: [8, 4, 40, 44],
    })
    expect(inside.json.shapes).toEqual(json.shapes)
    expect(nuclio.asked.at(-1)!.body).toMatchObject({
      pos_points: [[12, 16]],
      obj_bbox: [
        [2, 1],
        [22, 36],
      ],
    })
    const bitmap = await ask(await functionAt('/bitmap', 'interactor'), { pos_points: [[1, 1]], neg_points: [] })
    expect(bitmap.json.shapes).toEqual([{ type: 'mask', points: [0, 12, 0, 0, 3, 2] }])
    expect([bitmap.json.mask.length, bitmap.json.mask[0].length, bitmap.json.mask.flat().filter(Boolean).length]).toEqual([
      48, 64, 12,
    ])
  })

  test('an interactor is not asked what it does not take', async () => {
    const id = await functionAt('/interactor', 'interactor', { min_pos_points: 2 })
    expect((await ask(id, { pos_points: [[1, 1]], neg_points: [] })).json).toHaveProperty('pos_points')
    expect(
      (
        await ask(id, {
          pos_points: [
            [1, 1],
            [2, 2],
          ],
          neg_points: [[3, 3]],
        })
      ).json,
    ).toHaveProperty('neg_points')
    expect(
      (
        await ask(id, {
          pos_points: [
            [1, 1],
            [2, 2],
          ],
          neg_points: [],
          obj_bbox: [
            [1, 1],
            [5, 5],
          ],
        })
      ).json,
    ).toHaveProperty('obj_bbox')
    expect((await ask(id, { neg_points: [] })).json).toEqual({ pos_points: ['This field is required.'] })
    expect((await ask(id, { pos_points: [['a', 1]], neg_points: [] })).status).toBe(400)
  })

  test('built-in superpixels take regions in and out; what runs in the editor says so', async () => {
    const clicked = await ask('annolith.superpixels', { pos_points: [[30, 20]], neg_points: [], compact: true })
    const [mask] = clicked.json.shapes
    expect([clicked.status, Object.keys(clicked.json), mask.type]).toEqual([200, ['shapes'], 'mask'])
    const [left, top, right, bottom] = mask.points.slice(-4)
    expect([left <= 30 && right >= 30, top <= 20 && bottom >= 20]).toEqual([true, true])
    const out = await ask('annolith.superpixels', { pos_points: [[30, 20]], neg_points: [[30, 20]], compact: true })
    expect(out.json.shapes).toEqual([])
    expect((await ask('annolith.superpixels', { pos_points: [[-5, 20]], neg_points: [] })).json.detail).toContain(
      'A click on the picture',
    )
    const listed = (await owner.call('GET', '/api/lambda/functions')).json.filter((one: any) => one.provider === 'built-in')
    expect(listed.map((one: any) => [one.id, one.kind, one.runs])).toEqual([
      ['opencv.grabcut', 'interactor', 'browser'],
      ['opencv.scissors', 'interactor', 'browser'],
      ['opencv.tracker-flow', 'tracker', 'browser'],
      ['annolith.superpixels', 'interactor', 'server'],
      ['opencv.tracker-mil', 'tracker', 'browser'],
    ])
    expect(
      (
        await ask('opencv.grabcut', {
          pos_points: [],
          neg_points: [],
          obj_bbox: [
            [1, 1],
            [9, 9],
          ],
        })
      ).status,
    ).toBe(400)
  })

  test('an embedding for a decoder in the browser', async () => {
    const id = await functionAt('/blob', 'interactor')
    const { call } = owner
    const answer = await call('POST', `/api/lambda/functions/${id}/embedding`, { body: { task, frame: 0 } })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
    expect(answer.text).toContain('"tensors":[{"name":"image_embeddings","type":"float32","dims":[3],"offset":0,"bytes":12}]')
    expect((await ask(id, { pos_points: [[1, 1]], neg_points: [] })).json.detail).toContain('needs a decoder')
  })

  test('a tracker goes on with states that nobody can change or take elsewhere (CVE-2025-23045)', async () => {
    const id = await functionAt('/tracker', 'tracker', { supported_shape_types: ['rectangle'] })
    const first = await ask(id, { shapes: [{ type: 'rectangle', points: [1, 1, 9, 9] }] })
    expect(first.json.shapes).toEqual([{ type: 'rectangle', points: [1, 1, 9, 9] }])
    const next = await ask(id, { frame: 1, states: first.json.states })
    expect(next.json.shapes).toEqual([{ type: 'rectangle', points: [2, 2, 10, 10] }])
    expect((await ask(id, { frame: 2, states: next.json.states })).json.shapes[0].points).toEqual([3, 3, 11, 11])
    const [state] = next.json.states as [string]
    const twin = await functionAt('/tracker', 'tracker', { supported_shape_types: ['rectangle'] })
    const elsewhere = await taskOf(await pictures(1), {}, { labels: taskLabels })
    for (const answer of [
      await ask(id, { states: [state.replace('"at":[2', '"at":[3')] }),
      await ask(id, { states: [`x${state}`] }),
      await ask(id, { states: [7] }),
      await ask(twin, { states: [state] }),
      await ask(id, { states: [state], task: elsewhere }),
      await ask(id, { states: [state] }, admin),
    ])
      expect([answer.status, answer.json]).toEqual([400, ['Invalid or expired tracker state']])
    expect((await ask(id, { shapes: [{ type: 'polygon', points: [1, 1, 9, 9, 1, 9] }] })).status).toBe(400)
  })

  test('re-identification and attributes', async () => {
    const boxes = (...lefts: number[]) => lefts.map((left) => ({ type: 'rectangle', points: [left, 0, left + 5, 5] }))
    const reid = await functionAt('/reid', 'reid')
    const body = {
      frame: undefined,
      frame0: 0,
      frame1: 1,
      boxes0: boxes(1, 50),
      boxes1: boxes(3),
      max_distance: 5,
      threshold: 0.5,
    }
    expect((await ask(reid, body)).json).toEqual([0, -1])
    const fill = await functionAt('/attributes', 'attributes')
    const shapes = [{ type: 'rectangle', points: [1, 1, 5, 5], label_id: labels.car!.id }]
    expect((await ask(fill, { shapes })).json).toEqual({
      attributes: [[{ spec_id: labels.car!.attributes[0]!.id, value: 'green' }]],
    })
  })

  test('frames outside of a job, of no task, and tasks that are not its own', async () => {
    const id = await functionAt('/detector')
    const [job] = (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results
    expect((await ask(id, { job: job.id, frame: 1 })).status).toBe(200)
    expect((await ask(id, { job: job.id, frame: 2 })).json).toEqual(['The frame is outside the job range'])
    expect((await ask(id, { frame: 99 })).json).toEqual({ frame: [`Task #${task} has no frame 99.`] })
    expect((await ask(id, { frame: undefined })).json).toEqual({ frame: ['This field is required.'] })
    expect((await ask(id, { task: undefined })).json).toEqual({ task: ['This field is required.'] })
    const other = await taskOf(await pictures(1), {}, { labels: taskLabels })
    expect((await ask(id, { task: other, job: job.id })).json).toEqual(['Job task id does not match task id'])
    expect((await ask(id, {}, stranger)).status).toBe(403)
    expect((await ask('nothing.like.that', {})).status).toBe(404)
    expect((await ask(id, { mapping: { ufo: { name: 'car' } } })).json.mapping[0]).toContain('Unknown model label "ufo"')
  })
})

describe('a function that', () => {
  const liars: [string, string, string][] = [
    ['answers labels that it does not have', '/label', 'the label "spaceship", which the function does not have'],
    ['answers NaN', '/nan', 'it is not JSON'],
    ['answers a page', '/html', 'it is not JSON'],
    ['answers places outside of the picture', '/outside', 'lies outside of the picture (64 × 48)'],
    ['answers texts', '/text', 'points[0] is "a", not a number'],
    ['answers something else', '/object', 'it is no list'],
    ['answers too much', '/many', `more than ${maxFound}`],
    ['answers a mask that does not fill its box', '/pixels', 'has 3 pixels for a box of 10 × 10'],
    ['breaks down', '/broken', 'answered with status 500: Exception caught in handler'],
    ['is not there', '/nowhere', 'answered with status 404'],
    ['sends elsewhere', '/redirect', 'answered with status 302'],
  ]
  test.each(liars)('%s: 502 with what is wrong, nothing is stored', async (_, path, text) => {
    await clear()
    const id = await functionAt(path)
    const { status, json } = await ask(id, {})
    expect([status, json.detail]).toEqual([502, expect.stringContaining(text)])
    const ended = await run(await start({ function: id, cleanup: true }))
    expect([ended.status, ended.exc_info]).toEqual(['failed', expect.stringContaining(text)])
    expect((await annotationsOf()).shapes).toEqual([])
  })

  test('answers a gigabyte is cut off', async () => {
    const id = await functionAt('/huge')
    const before = process.memoryUsage().rss
    const { status, json } = await ask(id, {})
    expect([status, json.detail]).toEqual([502, expect.stringContaining('more than 33554432 bytes')])
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20)
  })

  test('takes too long: 504 in time', async () => {
    const id = await functionAt('/slow')
    const begun = Date.now()
    const { status, json } = await ask(id, {})
    expect([status, json.detail]).toEqual([504, expect.stringContaining('2 seconds')])
    expect(Date.now() - begun).toBeLessThan(10_000)
  })

  test('cannot be reached, or may not be: 503 (CVE-2024-40441)', async () => {
    const gone = await functionAt('/x', 'detector', { url: 'http://127.0.0.1:1/' })
    expect((await ask(gone, {})).status).toBe(503)
    const inside = await functionAt('/x', 'detector', { url: 'http://169.254.169.254/latest/meta-data' })
    const { status, json } = await ask(inside, {})
    expect([status, json.detail]).toEqual([503, expect.stringContaining('are not allowed')])
  })

  test('fails leaves what was annotated before', async () => {
    await clear()
    const shapes = [{ type: 'rectangle', frame: 0, label_id: labels.car!.id, points: [1, 1, 5, 5] }]
    await owner.call('PATCH', `/api/tasks/${task}/annotations?action=create`, { body: { shapes } })
    const ended = await run(await start({ function: await functionAt('/outside'), cleanup: true }))
    expect(ended.status).toBe('failed')
    expect((await annotationsOf()).shapes.map(({ points }: any) => points)).toEqual([[1, 1, 5, 5]])
  })
})

describe('whole tasks and jobs', () => {
  test('a detector goes over all frames but deleted ones; progress, then the result', async () => {
    await clear()
    await owner.call('PATCH', `/api/tasks/${task}/data/meta`, { body: { deleted_frames: [1] } })
    const id = await functionAt('/detector')
    const begun = (await request({ function: id, mapping: { car: { name: 'car' } }, threshold: 0.5 })).json
    expect(begun).toMatchObject({ status: 'queued', progress: 0, started: null, ended: null, exc_info: null })
    expect(begun.function).toMatchObject({ id, task, threshold: 0.5 })
    const ended = await run(begun.id)
    expect(ended).toMatchObject({ status: 'finished', progress: 100, exc_info: null })
    const { shapes, tags } = await annotationsOf()
    expect(shapes.map(({ frame, source }: any) => [frame, source])).toEqual([0, 2, 3].map((frame) => [frame, 'auto']))
    expect(tags).toEqual([])
    await owner.call('PATCH', `/api/tasks/${task}/data/meta`, { body: { deleted_frames: [] } })
    const listed = (await owner.call('GET', '/api/lambda/requests')).json
    expect(listed.map((one: any) => one.id)).toContain(begun.id)
    const followed = (await owner.call('GET', `/api/requests/${encodeURIComponent(begun.id)}`)).json
    expect(followed.operation).toMatchObject({ type: 'autoannotate:task', function_id: id, task_id: task })
  })

  test('a job gets what is on its frames; clean-up leaves other jobs alone; frames can be named', async () => {
    await clear()
    const id = await functionAt('/detector')
    const [first, second] = (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results
    const mapping = { car: { name: 'car' } }
    await run(await start({ function: id, mapping }))
    await run(await start({ function: id, job: second.id, task: undefined, mapping, threshold: 0.95, cleanup: true }))
    expect((await annotationsOf()).shapes.map(({ frame }: any) => frame)).toEqual([0, 0, 1, 1])
    await clear()
    await run(await start({ function: id, job: first.id, mapping, threshold: 0.5, frames: [1, 3] }))
    expect((await annotationsOf()).shapes.map(({ frame }: any) => frame)).toEqual([1])
    expect((await request({ function: id, frames: [77] })).json).toEqual({ frames: ['There are no frames to annotate.'] })
  })

  test('the same run again stores nothing twice', async () => {
    await clear()
    const id = await start({ function: await functionAt('/detector'), mapping: { car: { name: 'car' } } })
    const { requests } = await import('../requests/schema')
    const { tx } = await import('../db/open')
    const { eq } = await import('drizzle-orm')
    await run(id)
    const count = (await annotationsOf()).shapes.length
    // As if the server had ended between storing and finishing.
    await tx(async (t) => void (await t.update(requests).set({ status: 'started' }).where(eq(requests.id, id))))
    expect((await run(id)).status).toBe('finished')
    expect((await annotationsOf()).shapes.length).toBe(count)
  })

  test('re-identification joins rectangles into tracks', async () => {
    await clear()
    const at = (frame: number, left: number) => ({
      type: 'rectangle',
      frame,
      label_id: labels.car!.id,
      points: [left, 0, left + 5, 5],
    })
    const polygon = { type: 'polygon', frame: 0, label_id: labels.tree!.id, points: [0, 0, 9, 0, 9, 9] }
    const whole = await taskOf(await pictures(4), {}, { labels: taskLabels })
    const own = (await owner.call('GET', `/api/labels?task_id=${whole}`)).json.results
    const move = (shape: any) => ({ ...shape, label_id: own[shape.label_id === labels.car!.id ? 0 : 1].id })
    const body = { shapes: [at(0, 10), at(1, 12), at(2, 14), at(1, 40), polygon].map(move) }
    await owner.call('PATCH', `/api/tasks/${whole}/annotations?action=create`, { body })
    const ended = await run(await start({ function: await functionAt('/reid', 'reid'), task: whole, max_distance: 5 }))
    expect(ended).toMatchObject({ status: 'finished' })
    const { shapes, tracks } = await annotationsOf(whole)
    expect(shapes.map(({ type }: any) => type)).toEqual(['polygon'])
    const keys = tracks.map((track: any) => [
      track.source,
      track.shapes.map((key: any) => [key.frame, key.points[0], key.outside]),
    ])
    expect(keys).toEqual([
      [
        'auto',
        [
          [0, 10, false],
          [1, 12, false],
          [2, 14, false],
          [3, 14, true],
        ],
      ],
      [
        'auto',
        [
          [1, 40, false],
          [2, 40, true],
        ],
      ],
    ])
  })

  test('attribute fillers change what is there', async () => {
    await clear()
    const shapes = [0, 1].map((frame) => ({ type: 'rectangle', frame, label_id: labels.car!.id, points: [1, 1, 5, 5] }))
    await owner.call('PATCH', `/api/tasks/${task}/annotations?action=create`, { body: { shapes } })
    expect((await run(await start({ function: await functionAt('/attributes', 'attributes') }))).status).toBe('finished')
    const after = (await annotationsOf()).shapes
    expect(after.map(({ source, attributes }: any) => [source, attributes[0].value])).toEqual([
      ['semi-auto', 'green'],
      ['semi-auto', 'green'],
    ])
  })

  test('one at a time on a task; what cannot work is refused at once', async () => {
    const id = await functionAt('/detector')
    const running = await start({ function: id })
    const [job] = (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results
    expect((await request({ function: id })).status).toBe(409)
    expect((await request({ function: id, job: job.id })).status).toBe(409)
    const both = await Promise.all([0, 1, 2].map(() => request({ function: id })))
    expect(both.map(({ status }) => status)).toEqual([409, 409, 409])
    expect((await owner.call('DELETE', `/api/lambda/requests/${encodeURIComponent(running)}`)).status).toBe(204)
    const many = await Promise.all([0, 1, 2].map(() => request({ function: id })))
    expect(many.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    await owner.call('DELETE', `/api/lambda/requests/${encodeURIComponent(many.find(({ status }) => status === 200)!.json.id)}`)
    for (const [body, status] of [
      [{ function: await functionAt('/interactor', 'interactor') }, 400],
      [{ function: 'nothing.like.that' }, 404],
      [{ function: '' }, 400],
      [{}, 400],
      [{ function: id, threshold: 7 }, 400],
      [{ function: id, mapping: { car: 'car' } }, 400],
      [{ function: id, cleanup: 'yes' }, 400],
      [{ function: id, task: 999_999 }, 404],
      [{ function: id, task: 'x' }, 400],
    ] as const)
      expect([body, (await request(body)).status]).toEqual([body, status])
  })

  test.each([
    ['DELETE', '/api/lambda/requests/ID', 204],
    ['POST', '/api/requests/ID/cancel', 200],
  ] as const)('taken back while it runs by %s %s: nothing is stored', async (method, path, status) => {
    await clear()
    const id = await start({ function: await functionAt('/slow') })
    const signal = new AbortController().signal
    const begun = Promise.withResolvers<void>()
    const running = runRequest(id, (row, report) => {
      begun.resolve()
      return runAnnotation(row, report, signal)
    })
    await begun.promise
    expect((await owner.call(method, path.replace('ID', encodeURIComponent(id)))).status).toBe(status)
    await running
    expect((await owner.call('GET', `/api/lambda/requests/${encodeURIComponent(id)}`)).status).toBe(404)
    expect((await annotationsOf()).shapes).toEqual([])
  })
})

describe('others', () => {
  test('CVE-2026-73221, CVE-2026-73219: see, end and block nothing: ids cannot be guessed and tasks must be theirs', async () => {
    const id = await functionAt('/detector')
    const own = await start({ function: id })
    const path = `/api/lambda/requests/${encodeURIComponent(own)}`
    for (const [method, address] of [
      ['GET', path],
      ['DELETE', path],
      ['GET', `/api/requests/${encodeURIComponent(own)}`],
      ['POST', `/api/requests/${encodeURIComponent(own)}/cancel`],
    ] as const)
      expect([address, (await stranger.call(method, address)).status]).toEqual([address, 403])
    expect((await stranger.call('GET', '/api/lambda/requests')).json).toEqual([])
    // Guesses at the ids that CVAT makes.
    for (const guess of [`action=autoannotate&target=task&target_id=${task}`, `action=autoannotate&target=task&id=${task}`])
      expect((await stranger.call('GET', `/api/lambda/requests/${encodeURIComponent(guess)}`)).status).toBe(404)
    await owner.call('DELETE', path)
    // Nor does somebody who may not annotate the task stand in the way of who may.
    expect((await request({ function: id }, stranger)).status).toBe(403)
    const [job] = (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results
    expect((await request({ function: id, job: job.id }, stranger)).status).toBe(403)
    const mine = await request({ function: id })
    expect(mine.status).toBe(200)
    await owner.call('DELETE', `/api/lambda/requests/${encodeURIComponent(mine.json.id)}`)
  })

  test('who works on a job may annotate it, not the task', async () => {
    const id = await functionAt('/detector')
    const worker = await createPerson({ groups: ['worker'] })
    const [job] = (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results
    await owner.call('PATCH', `/api/jobs/${job.id}`, { body: { assignee: worker.user.id } })
    expect((await ask(id, { job: job.id }, worker)).status).toBe(200)
    const started = await request({ function: id, job: job.id }, worker)
    expect(started.status).toBe(200)
    expect((await request({ function: id }, worker)).status).toBe(403)
    await worker.call('DELETE', `/api/lambda/requests/${encodeURIComponent(started.json.id)}`)
    const nobody = await createPerson({ groups: [] })
    expect((await ask(id, { job: job.id }, nobody)).status).toBe(403)
  })

  test('do not see private functions, and make none that the server calls', async () => {
    const id = await functionAt('/detector', 'detector', { visibility: 'private' })
    expect((await owner.call('GET', `/api/lambda/functions/${id}`)).status).toBe(404)
    expect((await ask(id, {})).status).toBe(404)
    expect((await owner.call('GET', '/api/lambda/functions')).json.map((one: any) => one.id)).not.toContain(id)
    const number = id.replace('http-', '')
    expect((await owner.call('GET', `/api/functions/${number}`)).status).toBe(404)
    expect((await owner.call('DELETE', `/api/functions/${number}`)).status).toBe(404)
    const body = { provider: 'http', name: 'x', kind: 'detector', labels_v2: [], url: nuclio.url }
    expect((await owner.call('POST', '/api/functions', { body })).status).toBe(403)
    // Public ones are seen, but their address is not.
    const open = await functionAt('/detector')
    const shown = (await owner.call('GET', `/api/functions/${open.replace('http-', '')}`)).json
    expect([shown.name, 'url' in shown]).toEqual([expect.any(String), false])
    expect((await owner.call('PATCH', `/api/functions/${shown.id}`, { body: { name: 'mine' } })).status).toBe(403)
  })
})

describe('functions of other sources', () => {
  test('a dashboard of Nuclio, and a function.yaml in the models', async () => {
    await Bun.write(
      `${config().dataDir}/models/from-file/function.yaml`,
      `url: ${nuclio.url}/tracker
metadata:
  name: from.file
  annotations:
    type: tracker
    name: From a file
spec:
  description: follows
`,
    )
    await Bun.write(`${config().dataDir}/models/bad.function.yaml`, 'metadata: [')
    // The list of slow sources is believed for some seconds.
    setConfig(Object.freeze({ ...config(), dataDir: config().dataDir }))
    const { forgetSlowSources } = await import('./http/provider')
    forgetSlowSources()
    const listed = (await owner.call('GET', '/api/lambda/functions')).json
    const byId = Object.fromEntries(listed.map((one: any) => [one.id, one]))
    expect(byId['dashboard.detector']).toMatchObject({
      name: 'From the dashboard',
      kind: 'detector',
      description: 'what dashboard.detector does',
    })
    expect(byId['dashboard.detector'].labels_v2.map(({ name, type }: any) => [name, type])).toEqual([
      ['car', 'any'],
      ['tree', 'any'],
      ['unmapped', 'any'],
    ])
    expect(byId['from.file']).toMatchObject({ kind: 'tracker', supported_shape_types: ['rectangle'] })
    expect((await ask('dashboard.detector', {})).json.shapes).toHaveLength(3)
    expect(nuclio.asked.at(-1)!.headers.get('x-nuclio-function-name')).toBe('dashboard.detector')
    const first = await ask('from.file', { shapes: [[1, 1, 9, 9]] })
    expect(nuclio.asked.at(-1)!.body.shapes).toEqual([[1, 1, 9, 9]])
    const next = await ask('from.file', { frame: 1, states: first.json.states })
    expect(next.json.shapes).toEqual([{ type: 'rectangle', points: [2, 2, 10, 10] }])
  })

  test('keys go with calls and stay secret; another address is another version', async () => {
    const id = await functionAt('/detector', 'detector', { api_key: 'very-secret' })
    await ask(id, {})
    expect(nuclio.asked.at(-1)!.headers.get('authorization')).toBe('Bearer very-secret')
    const number = id.replace('http-', '')
    const shown = await admin.call('GET', `/api/functions/${number}`)
    expect([shown.json.version, shown.text.includes('very-secret')]).toEqual([1, false])
    const body = { url: `${nuclio.url}/echo`, note: 'retrained' }
    expect((await admin.call('PATCH', `/api/functions/${number}`, { body })).json.version).toBe(2)
    expect((await owner.call('GET', `/api/lambda/functions/${id}`)).json.version).toBe(2)
    const { listVersions } = await import('./manage')
    expect((await listVersions(id)).map(({ version, note }) => [version, note])).toEqual([
      [2, 'retrained'],
      [1, ''],
    ])
    const begun = (await request({ function: id })).json
    expect(begun.function.version).toBe(2)
    await owner.call('DELETE', `/api/lambda/requests/${encodeURIComponent(begun.id)}`)
  })

  test('a mapping is proposed', async () => {
    const id = await functionAt('/x', 'detector', { labels_v2: [{ name: 'Cars' }, { name: 'tree' }, { name: 'sky' }] })
    const { json } = await owner.call('GET', `/api/lambda/functions/${id}/mapping?task_id=${task}`)
    expect(json.mapping).toEqual({ tree: { name: 'tree', attributes: {} }, Cars: { name: 'car', attributes: {} } })
    expect((await stranger.call('GET', `/api/lambda/functions/${id}/mapping?task_id=${task}`)).status).toBe(403)
  })
})

test('quotas: calls in a minute, and annotations at once', async () => {
  const id = await functionAt('/detector')
  const busy = await createPerson()
  const before = config()
  setConfig(Object.freeze({ ...before, function_calls: 2, function_requests: 1 }))
  try {
    // Refused calls count, too, or trying would be free.
    expect([(await ask(id, {}, busy)).status, (await ask(id, {}, busy)).status]).toEqual([403, 403])
    const third = await ask(id, {}, busy)
    expect(third.status).toBe(429)
    expect(Number(third.headers.get('retry-after'))).toBeWithin(1, 61)
    expect(third.json.detail).toContain('2 times in a minute')
    const running = await start({ function: id })
    const other = await taskOf(await pictures(1), {}, { labels: taskLabels })
    const second = await request({ function: id, task: other })
    expect([second.status, second.json.detail]).toEqual([429, expect.stringContaining('may have 1')])
    await owner.call('DELETE', `/api/lambda/requests/${encodeURIComponent(running)}`)
    expect((await request({ function: id, task: other })).status).toBe(200)
  } finally {
    setConfig(before)
  }
})
