// Suspicious labels through the API: found, ranked, confirmed for good, mended in bulk with a revision; who may; bad input.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { db, tx } from '../db/open'
import { requests } from '../requests/schema'
import { tasks } from '../tasks/schema'
import { runSearch } from './service'

let owner: Person
let stranger: Person
beforeAll(async () => {
  owner = await createPerson()
  stranger = await createPerson()
})

const box = (label_id: number, frame: number, x: number, y: number, width = 60, height = 40, more: object = {}) => ({
  type: 'rectangle',
  frame,
  label_id,
  points: [x, y, x + width, y + height],
  ...more,
})

/** Two labels with thirty usual boxes each on ten frames of two jobs. */
const createTask = async () => {
  const task = await createBareTask(owner, { labels: [{ name: 'car' }, { name: 'bus' }], segmentSize: 5 })
  const [car, bus] = task.labels.map(({ id }) => id) as [number, number]
  const usual = Array.from({ length: 60 }, (_, n) =>
    box(n % 2 ? car : bus, n % 10, 20 + 90 * Math.floor(n / 10), 40 + (n % 2) * 150, 50 + (n % 7), 40 + (n % 5)),
  )
  const jobOf = (frame: number) => task.jobs[frame < 5 ? 0 : 1]!.id
  const annotate = async (extra: { frame: number }[] = [], tracks: object[] = []) => {
    for (const { id } of task.jobs) {
      const shapes = [...usual, ...extra].filter(({ frame }) => jobOf(frame) === id)
      await owner.call('PUT', `/api/jobs/${id}/annotations/`, { body: { shapes, tracks: id === task.jobs[0]!.id ? tracks : [] } })
    }
  }
  return { ...task, car, bus, annotate, jobOf }
}

const look = async (body: object) => {
  const asked = await owner.call('POST', '/api/suspects/', { body })
  expect(asked.status).toBe(202)
  const [row] = await db.select().from(requests).where(eq(requests.id, asked.json.rq_id))
  await tx(async (t) => void (await t.delete(requests).where(eq(requests.id, asked.json.rq_id))))
  return runSearch(row!, async () => {})
}
const list = async (query: string, by = owner) => (await by.call('GET', `/api/suspects/?${query}`)).json
const decide = (body: object, by = owner) => by.call('POST', '/api/suspects/decide', { body })

const huge = (label: number) => box(label, 2, 100, 100, 520, 360)
const gone = (label: number) => box(label, 7, 700, 300)

describe('looking', () => {
  test('clean annotations give nothing; wrong ones are ranked with words, place and address', async () => {
    const task = await createTask()
    await task.annotate()
    await look({ task_id: task.id })
    expect(await list(`task_id=${task.id}`)).toMatchObject({ count: 0, last_run: { objects: 60 } })
    await task.annotate([huge(task.car), gone(task.bus)])
    expect((await look({ task_id: task.id })).message).toBe('2 of 62 objects look suspicious')
    const { results, reasons } = await list(`task_id=${task.id}`)
    expect(results.map(({ reason }: any) => reason)).toEqual(['outside_picture', 'size_outlier'])
    expect(reasons).toEqual([{ reason: 'size_outlier', count: 1 }, { reason: 'outside_picture', count: 1 }]) // biome-ignore format: pairs
    expect(results[1]).toMatchObject({
      type: 'shape',
      frame: 2,
      job_id: task.jobs[0]!.id,
      label: { name: 'car' },
      box: [100, 100, 620, 460],
      status: 'open',
      words: expect.stringContaining('times as large as “car” usually is'),
      url: `/tasks/${task.id}/jobs/${task.jobs[0]!.id}?frame=2&type=shape&serverID=${results[1].object_id}`,
    })
    expect((await list(`task_id=${task.id}&reason=size_outlier`)).count).toBe(1)
    expect((await list(`task_id=${task.id}&label_id=${task.bus}`)).results).toMatchObject([{ reason: 'outside_picture' }])
  })

  test('a confirmation survives the next look, until the object changes; what is mended by hand is fixed', async () => {
    const task = await createTask()
    await task.annotate([huge(task.car), gone(task.bus)])
    await look({ task_id: task.id })
    const { results } = await list(`task_id=${task.id}`)
    const wide = results.find(({ reason }: any) => reason === 'size_outlier')
    const body = { task_id: task.id, action: 'confirm', ids: [wide.id] }
    expect((await decide(body)).json).toEqual({ count: 1, skipped: { forbidden: 0, unfit: 0 }, jobs: 1 })
    expect((await list(`task_id=${task.id}`)).count).toBe(2)
    expect((await decide({ ...body, count: 1 })).json).toMatchObject({ count: 1, problems: [] })
    await look({ task_id: task.id })
    expect((await list(`task_id=${task.id}`)).results.map(({ reason }: any) => reason)).toEqual(['outside_picture'])
    expect((await list(`task_id=${task.id}&status=confirmed`)).results).toMatchObject([
      { id: wide.id, decided_by: { username: owner.username } },
    ])
    // The same object at another place is another thing to confirm; the box outside is moved in.
    const path = (frame: number) => `/api/jobs/${task.jobOf(frame)}/annotations/?action=update`
    const outside = results.find(({ reason }: any) => reason === 'outside_picture')
    const update = (id: number, shape: { frame: number }) =>
      owner.call('PATCH', path(shape.frame), { body: { shapes: [{ id, ...shape }] } })
    await update(wide.object_id, box(task.car, 2, 90, 100, 520, 360))
    await update(outside.object_id, box(task.bus, 7, 300, 400))
    await look({ task_id: task.id })
    expect((await list(`task_id=${task.id}`)).results.map(({ id }: any) => id)).toEqual([wide.id])
    expect((await list(`task_id=${task.id}&status=fixed`)).results.map(({ id }: any) => id)).toEqual([outside.id])
    await decide({ task_id: task.id, action: 'confirm', count: 1 })
    await decide({ task_id: task.id, action: 'reopen', status: 'confirmed', count: 1 })
    expect((await list(`task_id=${task.id}`)).count).toBe(1)
  })

  test('all tasks of a project together', async () => {
    const project = (
      await owner.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }, { name: 'bus' }] } })
    ).json
    const ids: number[] = []
    for (let n = 0; n < 2; n++) {
      const task = await createTask()
      await owner.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: project.id } })
      const labels = (await owner.call('GET', `/api/labels?project_id=${project.id}&sort=id`)).json.results
      const shapes = Array.from({ length: 12 }, (_, k) => box(labels[0].id, k % 5, 10 + 45 * k, 30, 50, 40 + (k % 3)))
      await owner.call('PUT', `/api/jobs/${task.jobs[0]!.id}/annotations/`, {
        body: { shapes: n ? [...shapes, box(labels[0].id, 1, 10, 100, 600, 370)] : shapes },
      })
      ids.push(task.id)
    }
    // Alone the task has too few cars to tell.
    await look({ task_id: ids[1] })
    expect((await list(`task_id=${ids[1]}`)).count).toBe(0)
    await look({ project_id: project.id })
    expect((await list(`project_id=${project.id}`)).results).toMatchObject([{ task_id: ids[1], reason: 'size_outlier' }])
    expect((await list(`task_id=${ids[1]}`)).count).toBe(1)
    expect((await list(`task_id=${ids[0]}`)).count).toBe(0)
  })

  test('tracks, deleted frames and labels that change for a moment', async () => {
    const task = await createBareTask(owner, { labels: [{ name: 'car' }, { name: 'bus' }], frames: 30 })
    await tx(async (t) => void (await t.update(tasks).set({ mode: 'interpolation' }).where(eq(tasks.id, task.id))))
    const [car, bus] = task.labels.map(({ id }) => id) as [number, number]
    const key = (frame: number, x: number) => ({ type: 'rectangle', frame, points: [x, 200, x + 50, 240], outside: false })
    const keys = Array.from({ length: 10 }, (_, n) => key(3 * n, n === 5 ? 500 : 20 + 6 * n))
    const shapes = Array.from({ length: 30 }, (_, frame) => box(frame === 14 ? bus : car, frame, 100 + 3 * frame, 20))
    await owner.call('PUT', `/api/jobs/${task.jobs[0]!.id}/annotations/`, {
      body: { shapes, tracks: [{ frame: 0, label_id: car, shapes: keys }] },
    })
    await look({ task_id: task.id })
    const found = async () =>
      (await list(`task_id=${task.id}`)).results
        .map(({ type, frame, reason, suggested_label }: any) => [type, frame, reason, suggested_label?.name])
        .sort()
    expect(await found()).toEqual([
      ['shape', 14, 'label_flip', 'car'],
      ['track', 15, 'off_track', undefined],
    ])
    const planned = await decide({ task_id: task.id, action: 'relabel' })
    expect(planned.json).toEqual({ count: 1, skipped: { forbidden: 0, unfit: 1 }, jobs: 1 })
    const done = await decide({ task_id: task.id, action: 'relabel', count: 1 })
    expect(done.json).toMatchObject({ count: 1, steps: [{ job_id: task.jobs[0]!.id }] })
    const stored = (await owner.call('GET', `/api/jobs/${task.jobs[0]!.id}/annotations/`)).json.shapes
    expect(stored.every(({ label_id }: any) => label_id === car)).toBe(true)
    await owner.call('PATCH', `/api/jobs/${task.jobs[0]!.id}/data/meta`, { body: { deleted_frames: [15] } })
    await look({ task_id: task.id })
    expect(await found()).toEqual([])
  })
})

describe('mending', () => {
  test('doubles are deleted at once, by a revision that can be undone', async () => {
    const task = await createTask()
    const doubles = [1, 2, 8].map((frame) => box(task.car, frame, 400, 400, 60, 45))
    await task.annotate([...doubles, ...doubles.map((shape) => ({ ...shape, points: shape.points.map((value) => value + 1) }))])
    await look({ task_id: task.id })
    const { results } = await list(`task_id=${task.id}&reason=duplicate`)
    expect(results).toHaveLength(3)
    const body = { task_id: task.id, action: 'delete', reason: 'duplicate' }
    expect((await decide(body)).json).toMatchObject({ count: 3, jobs: 2 })
    const outdated = await decide({ ...body, count: 2 })
    expect([outdated.status, outdated.text]).toEqual([409, expect.stringContaining('There are 3 now, not 2')])
    const { json } = await decide({ ...body, count: 3 })
    expect(json).toMatchObject({ count: 3, problems: [] })
    expect((await list(`task_id=${task.id}&reason=duplicate&status=fixed`)).count).toBe(3)
    const count = async () => (await owner.call('GET', `/api/tasks/${task.id}/annotations/`)).json.shapes.length
    expect(await count()).toBe(63)
    expect((await owner.call('POST', '/api/find/undo', { body: { steps: json.steps } })).status).toBe(200)
    expect(await count()).toBe(66)
    // They are back, and so is the suspicion.
    await look({ task_id: task.id })
    expect((await list(`task_id=${task.id}&reason=duplicate`)).count).toBe(3)
  })

  test('a label for all that are chosen', async () => {
    const task = await createTask()
    await task.annotate([huge(task.car)])
    await look({ task_id: task.id })
    const [{ id, object_id }] = (await list(`task_id=${task.id}`)).results
    const body = { task_id: task.id, action: 'relabel', ids: [id] }
    expect((await decide({ ...body, label: 'tram' })).json).toMatchObject({ count: 0, skipped: { unfit: 1 } })
    expect((await decide({ ...body, label: 'bus', count: 1 })).json).toMatchObject({ count: 1 })
    const shapes = (await owner.call('GET', `/api/jobs/${task.jobs[0]!.id}/annotations/`)).json.shapes
    expect(shapes.find((shape: any) => shape.id === object_id).label_id).toBe(task.bus)
  })
})

describe('bad input', () => {
  test('fields and places', async () => {
    const task = await createTask()
    const refuse = async (method: string, path: string, body?: object) => {
      const { status, text } = await owner.call(method, path, body ? { body } : {})
      return [status, text] as const
    }
    expect(await refuse('POST', '/api/suspects/', {})).toEqual([400, expect.stringContaining('task_id, project_id required')])
    expect(await refuse('POST', '/api/suspects/', { task_id: 1, project_id: 1 })).toEqual([
      400,
      expect.stringContaining('Only 1 of'),
    ])
    expect(await refuse('GET', `/api/suspects/?task_id=${task.id}&reason=ugly`)).toEqual([
      400,
      expect.stringContaining('"reason"'),
    ])
    expect(await refuse('GET', `/api/suspects/?task_id=${task.id}&status=ugly`)).toEqual([
      400,
      expect.stringContaining('"status"'),
    ])
    expect(await refuse('GET', '/api/suspects/?task_id=x')).toEqual([400, expect.stringContaining('"task_id"')])
    expect(await refuse('POST', '/api/suspects/decide', { task_id: task.id, action: 'burn' })).toEqual([
      400,
      expect.stringContaining('action'),
    ])
    expect((await owner.call('GET', '/api/suspects/999999/thumbnail')).status).toBe(404)
    expect((await owner.call('GET', '/api/suspects/?task_id=99999999')).status).toBe(404)
    await tx(async (t) => void (await t.update(tasks).set({ dimension: '3d' }).where(eq(tasks.id, task.id))))
    expect(await refuse('POST', '/api/suspects/', { task_id: task.id })).toEqual([400, expect.stringContaining('2d')])
  })

  test('who may not see the task sees nothing of it, who may not annotate changes nothing', async () => {
    const task = await createTask()
    await task.annotate([huge(task.car)])
    await look({ task_id: task.id })
    const [{ id }] = (await list(`task_id=${task.id}`)).results
    for (const [method, path, body] of [
      ['GET', `/api/suspects/?task_id=${task.id}`],
      ['GET', `/api/suspects/${id}/thumbnail`],
      ['POST', '/api/suspects/', { task_id: task.id }],
      ['POST', '/api/suspects/decide', { task_id: task.id, action: 'delete', count: 1 }],
    ] as const)
      expect([path, (await stranger.call(method, path, body ? { body } : {})).status]).toEqual([path, 403])
    // An id of another task is not among those of this one.
    const own = await createTask()
    expect((await decide({ task_id: own.id, action: 'delete', ids: [id] })).json.count).toBe(0)
    // Who works on one job sees and decides only what is in it.
    await owner.call('PATCH', `/api/jobs/${task.jobs[1]!.id}`, { body: { assignee: stranger.user.id } })
    expect((await list(`task_id=${task.id}`, stranger)).count ?? 0).toBe(0)
    expect((await stranger.call('GET', `/api/suspects/${id}/thumbnail`)).status).not.toBe(200)
    expect((await decide({ task_id: task.id, action: 'confirm', count: 1 }, stranger)).status).not.toBe(200)
    expect((await list(`task_id=${task.id}`)).results[0].status).toBe('open')
  })
})
