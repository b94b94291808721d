// Ground truth and reports of 3D tasks through the API: cuboids are compared by volume, shapes as well as tracks.
import { beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { db, tx } from '../db/open'
import { jobs } from '../jobs/schema'
import { requests } from '../requests/schema'
import { tasks } from '../tasks/schema'
import { runReport } from './service'

let owner: Person
beforeAll(async () => {
  owner = await createPerson()
})

const points = (x: number, y: number, yaw: number) => [x, y, 0.8, 0, 0, yaw, 4, 2, 1.6, 0, 0, 0, 0, 0, 0, 0]
const cuboid = (frame: number, label_id: number, ...place: [number, number, number]) => ({
  type: 'cuboid',
  frame,
  label_id,
  points: points(...place),
})

test('a 3D task gets a ground truth job, and a report that names what differs in space', async () => {
  const task = await createBareTask(owner, { labels: [{ name: 'car' }, { name: 'bus' }], segmentSize: 5 })
  const [car, bus] = task.labels.map(({ id }) => id) as [number, number]
  await tx(async (t) => void (await t.update(tasks).set({ dimension: '3d' }).where(eq(tasks.id, task.id))))
  const made = await owner.call('POST', '/api/jobs', {
    body: { type: 'ground_truth', task_id: task.id, frame_selection_method: 'manual', frames: [1, 2] },
  })
  expect(made.status).toBe(201)
  expect(made.json).toMatchObject({ type: 'ground_truth', dimension: '3d', frame_count: 2 })
  const put = async (job: number, body: object) => {
    const answer = await owner.call('PUT', `/api/jobs/${job}/annotations/`, { body })
    expect(answer.status).toBe(200)
    return answer.json
  }
  await put(made.json.id, {
    shapes: [cuboid(1, car, 10, 0, 3.1), cuboid(1, car, -15, 4, 0), cuboid(2, car, 11, 0, -3.1), cuboid(2, bus, 40, 40, 0)],
  })
  await tx(async (t) => {
    await t.update(jobs).set({ stage: 'acceptance', state: 'completed' }).where(eq(jobs.id, made.json.id))
  })
  const keys = [0, 4].map((frame) => ({
    type: 'cuboid',
    frame,
    points: points(9 + frame, 0, frame ? -3.1 : 3.1),
    outside: false,
    occluded: false,
    z_order: 0,
    attributes: [],
  }))
  const given = await put(task.jobs[0]!.id, {
    tracks: [{ frame: 0, label_id: car, group: 0, shapes: keys }],
    shapes: [cuboid(2, car, 40, 40, 0), cuboid(2, car, -60, 0, 0)],
  })
  const asked = await owner.call('POST', '/api/quality/reports', { body: { task_id: task.id } })
  expect(asked.status).toBe(202)
  const [row] = await db.select().from(requests).where(eq(requests.id, asked.json.rq_id))
  const { id } = await runReport(row!, async () => {})
  const found = (await owner.call('GET', `/api/quality/conflicts?report_id=${id}&warnings=true&sort=id`)).json.results
  const told = found.map(({ frame, type, annotation_ids: refs }: { frame: number; type: string; annotation_ids: unknown[] }) => [
    frame,
    type,
    refs.length,
  ])
  expect(told).toContainEqual([1, 'missing_annotation', 1])
  expect(told).toContainEqual([2, 'mismatching_label', 2])
  expect(told).toContainEqual([2, 'extra_annotation', 1])
  expect(told).toHaveLength(3)
  const wrong = found.find(({ type }: { type: string }) => type === 'mismatching_label').annotation_ids
  expect(wrong).toContainEqual({ obj_id: given.shapes[0].id, job_id: task.jobs[0]!.id, type: 'shape', shape_type: 'cuboid' })
  const data = (await owner.call('GET', `/api/quality/reports/${id}/data`)).json
  expect(data.parameters.included_annotation_types).toEqual(['cuboid_3d', 'label'])
  expect(data.comparison_summary.annotations).toMatchObject({ valid_count: 2, gt_count: 4, ds_count: 4 })
})
