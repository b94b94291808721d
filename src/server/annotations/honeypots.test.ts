// Annotations of tasks with honeypots: what validation frames have is shown on their honeypots, edited in the ground truth job alone, and no tracks.
import { beforeAll, expect, test } from 'bun:test'
import { createPerson, type Person } from '../../../tests/api'
import { ingestTask } from '../data/service'
import { runRequest } from '../requests/service'
import { loadPool } from './limits'

let owner: Person
beforeAll(async () => {
  owner = await createPerson()
})

/** A black picture of 2 × 2 pixels. */
const paint = () => {
  const bmp = new Uint8Array(70)
  bmp.set([0x42, 0x4d, 70])
  for (const [at, value] of [[10, 54], [14, 40], [18, 2], [22, 2], [26, 1], [28, 24]]) bmp[at!] = value! // biome-ignore format: header
  return bmp
}

const params = {
  mode: 'gt_pool',
  frame_selection_method: 'manual',
  frames: ['0.bmp', '1.bmp'],
  frames_per_job_count: 1,
  random_seed: 5,
}

/** A task of 8 pictures: 2 in the pool, the others in 2 jobs, each with one honeypot. */
const setUp = async () => {
  const body = { name: 'honeypots', labels: [{ name: 'car' }], segment_size: 3 }
  const { id } = (await owner.call('POST', '/api/tasks', { body })).json
  const form = new FormData()
  const fields = { image_quality: '70', sorting_method: 'random', validation_params: JSON.stringify(params) }
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  for (let i = 0; i < 8; i++) form.set(`client_files[${i}]`, new File([paint()], `${i}.bmp`))
  const { rq_id } = (await owner.call('POST', `/api/tasks/${id}/data/`, { body: form })).json
  await runRequest(rq_id, ingestTask)
  const [label] = (await owner.call('GET', `/api/labels?task_id=${id}`)).json.results
  const jobs = (await owner.call('GET', `/api/jobs?task_id=${id}&sort=id`)).json.results as any[]
  const pool = (await loadPool(id))!
  const box = (frame: number, x: number) => ({ type: 'rectangle', frame, label_id: label.id, points: [x, 0, x + 1, 1] })
  const track = (frame: number) => ({ label_id: label.id, frame, shapes: [{ type: 'rectangle', frame, points: [0, 0, 1, 1] }] })
  const task = `/api/tasks/${id}/annotations`
  const own = jobs.filter(({ type }) => type === 'annotation')
  const truth = jobs.find(({ type }) => type === 'ground_truth')
  const urlOf = (job: { id: number }) => `/api/jobs/${job.id}/annotations`
  const load = async (url = task) => (await owner.call('GET', url)).json
  return { box, track, pool, task, own, truth, urlOf, load, label }
}
const framesOf = (shapes: { frame: number }[]) => shapes.map(({ frame }) => frame).sort((a, b) => a - b)

test('what a task is told of a validation frame is shown on its honeypots, whatever they had', async () => {
  const { box, pool, task, load, truth, urlOf } = await setUp()
  expect([pool.frames.size, pool.honeypots.length]).toEqual([2, 2])
  const [honeypot, shown] = pool.honeypots[0]!
  const copies = pool.honeypots.filter(([, of]) => of === shown).map(([frame]) => frame)
  const replaced = await owner.call('PUT', task, { body: { shapes: [box(shown, 3), box(honeypot, 8)] } })
  expect(replaced.status).toBe(200)
  const { shapes } = await load()
  expect(framesOf(shapes)).toEqual([...copies, shown].sort((a, b) => a - b))
  expect(shapes.every(({ points }: any) => points[0] === 3)).toBe(true)
  expect(framesOf((await load(urlOf(truth))).shapes)).toEqual([shown])
})

test('objects of validation frames are changed and deleted in the ground truth job only; a refusal changes nothing', async () => {
  const { box, pool, task, load, truth, own, urlOf } = await setUp()
  const [honeypot, shown] = pool.honeypots[0]!
  await owner.call('PUT', task, { body: { shapes: [box(shown, 3)] } })
  const before = await load()
  const real = (await load(urlOf(truth))).shapes[0]
  for (const action of ['update', 'delete']) {
    const refused = await owner.call('PATCH', `${task}?action=${action}`, { body: { shapes: [{ ...real, occluded: true }] } })
    expect([action, refused.status, refused.text]).toEqual([
      action,
      400,
      expect.stringContaining('can only be edited via task import or the GT job'),
    ])
  }
  // An object of another frame may not be put on one of them either.
  const copy = before.shapes.find(({ frame }: any) => frame === honeypot)
  const moved = await owner.call('PATCH', `${task}?action=update`, { body: { shapes: [{ ...copy, frame: shown }] } })
  expect([moved.status, moved.text]).toEqual([400, expect.stringContaining('the GT job')])
  expect(await load()).toEqual(before)

  const changed = await owner.call('PATCH', `${urlOf(truth)}?action=update`, { body: { shapes: [{ ...real, occluded: true }] } })
  expect([changed.status, changed.json.shapes[0].occluded]).toEqual([200, true])
  // What annotators draw on a honeypot is theirs: that is what it is for.
  const holder = own.find(({ start_frame, stop_frame }) => honeypot >= start_frame && honeypot <= stop_frame)
  const drawn = await owner.call('PATCH', `${urlOf(holder)}?action=create`, { body: { shapes: [box(honeypot, 9)] } })
  expect(drawn.status).toBe(200)
})

test('tracks are refused by the task and each of its jobs, naming the field', async () => {
  const { box, track, task, load, truth, own, urlOf } = await setUp()
  await owner.call('PUT', urlOf(own[0]), { body: { shapes: [box(own[0].start_frame, 1)] } })
  const before = await load()
  const targets = [
    [task, own[0].start_frame],
    [urlOf(own[0]), own[0].start_frame],
    [urlOf(own[1]), own[1].start_frame],
    [urlOf(truth), truth.start_frame],
  ] as const
  for (const [url, frame] of targets)
    for (const [method, path] of [
      ['PUT', url],
      ['PATCH', `${url}?action=create`],
    ] as const) {
      const { status, json } = await owner.call(method, path, { body: { shapes: [box(frame, 5)], tracks: [track(frame)] } })
      expect([path, status, JSON.stringify(json)]).toEqual([path, 400, expect.stringMatching(/tracks.*not supported.*gt_pool/)])
    }
  expect(await load()).toEqual(before)
})
