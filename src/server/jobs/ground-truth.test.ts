import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { tx } from '../db/open'
import { validationLayouts } from '../tasks/schema'
import { chooseValidationFrames } from './choose-frames'
import { cutJobs } from './service'

let owner: Person
beforeAll(async () => {
  owner = await createPerson()
})
const create = (task: number, more: object = {}, person = owner) =>
  person.call('POST', '/api/jobs', {
    body: { type: 'ground_truth', task_id: task, frame_selection_method: 'random_uniform', ...more },
  })

describe('choosing frames', () => {
  const jobs = [
    { startFrame: 0, stopFrame: 5 },
    { startFrame: 4, stopFrame: 9 },
  ]
  const cutting = { size: 10, segmentSize: 6, overlap: 2, jobs }
  test('the old seed leaves the last frame out and means the same frames as with CVAT', () => {
    expect(chooseValidationFrames({ frame_count: 3, seed: 42 }, cutting)).toEqual([3, 5, 7])
    expect(chooseValidationFrames({ frame_count: 3, seed: 42 }, { ...cutting, size: 25 })).toEqual([11, 14, 20])
  })
  test('the same seed chooses the same; counts and shares', () => {
    const some = chooseValidationFrames({ frame_share: 0.5, random_seed: 5 }, cutting)
    expect(some).toHaveLength(5)
    expect(chooseValidationFrames({ frame_count: 5, random_seed: 5 }, cutting)).toEqual(some)
  })
  test('each job gets as many', () => {
    const chosen = chooseValidationFrames(
      { frame_selection_method: 'random_per_job', frames_per_job_count: 3, random_seed: 1 },
      cutting,
    )
    for (const { startFrame, stopFrame } of jobs)
      expect(chosen.filter((frame) => frame >= startFrame && frame <= stopFrame).length).toBeGreaterThanOrEqual(3)
    expect(chosen.filter((frame) => frame <= 5)).toHaveLength(3)
  })
})

/** What CVAT's way of drawing gives with NumPy 2.4: size, segment size, overlap, frames per job, seed, frames. */
test.each([
  [20, 5, 0, 2, 42, [2, 4, 5, 6, 11, 13, 15, 19]],
  [23, 6, 2, 2, 42, [2, 5, 9, 10, 14, 15, 20, 21]],
  [
    200,
    50,
    5,
    7,
    1,
    [
      5, 10, 26, 33, 40, 45, 49, 56, 57, 68, 78, 92, 97, 98, 99, 117, 129, 130, 142, 147, 152, 159, 172, 176, 182, 186, 192, 194,
      196, 198, 199,
    ],
  ],
  [
    300,
    100,
    10,
    20,
    5,
    [
      2, 9, 13, 21, 22, 24, 27, 28, 30, 38, 39, 40, 46, 48, 51, 57, 71, 72, 73, 75, 104, 110, 114, 116, 123, 126, 135, 136, 139,
      140, 145, 164, 166, 170, 174, 178, 183, 184, 186, 188, 190, 195, 198, 202, 205, 207, 211, 221, 225, 234, 240, 242, 245, 249,
      253, 279, 280, 281, 282, 283, 284, 285, 286, 287, 288, 289, 290, 291, 292, 293, 294, 295, 296, 298, 299,
    ],
  ],
  [64, 64, 0, 5, 1, [6, 14, 35, 45, 54]],
])('%i frames, jobs of %i, overlap %i, %i per job, seed %i', (size, segmentSize, overlap, count, seed, frames) => {
  const cutting = { size, segmentSize, overlap, jobs: cutJobs(size, segmentSize, overlap) }
  const wanted = { frame_selection_method: 'random_per_job' as const, frames_per_job_count: count, random_seed: seed }
  expect(chooseValidationFrames(wanted, cutting)).toEqual(frames)
})

test('a ground truth job holds its frames only; there is one; it can go again', async () => {
  const task = await createBareTask(owner, { frames: 10, segmentSize: 5 })
  const { status, json: job } = await create(task.id, { frame_selection_method: 'manual', frames: [7, 2] })
  expect(status).toBe(201)
  expect(job).toMatchObject({ type: 'ground_truth', start_frame: 0, stop_frame: 9, frame_count: 2, assignee: null, state: 'new' })
  expect((await owner.call('GET', `/api/jobs/${job.id}`)).json).toEqual(job)
  expect((await owner.call('GET', `/api/tasks/${task.id}`)).json.validation_mode).toBe('gt')
  const meta = (await owner.call('GET', `/api/jobs/${job.id}/data/meta`)).json
  expect(meta).toMatchObject({ size: 2, start_frame: 0, stop_frame: 9, included_frames: [2, 7] })
  expect(meta.frames.map((frame: { name: string }) => frame.name)[1]).toBe('placeholder.jpg')
  expect(meta.frames.map((frame: { name: string }) => frame.name)[2]).toBe('2.jpg')
  const frame = await owner.call('GET', `/api/jobs/${job.id}/data?type=frame&number=3`)
  expect([frame.status, frame.text]).toEqual([400, expect.stringContaining('Incorrect requested frame number')])

  const second = await create(task.id, { frame_count: 1 })
  expect([second.status, second.json]).toEqual([400, ['Task with validation mode "gt" cannot have more than 1 GT job']])
  expect((await owner.call('DELETE', `/api/jobs/${task.jobs[0]!.id}`)).status).toBe(400)
  expect((await owner.call('DELETE', `/api/jobs/${job.id}`)).status).toBe(204)
  expect((await owner.call('GET', `/api/tasks/${task.id}`)).json.validation_mode).toBeNull()
  expect((await create(task.id, { frame_count: 10 })).status).toBe(201)
})

test('the ground truth job of a task with honeypots stays', async () => {
  const task = await createBareTask(owner)
  const job = (await create(task.id, { frame_count: 1 })).json
  const own = eq(validationLayouts.taskId, task.id)
  await tx(async (t) => void (await t.update(validationLayouts).set({ mode: 'gt_pool' }).where(own)))
  expect((await owner.call('DELETE', `/api/jobs/${job.id}`)).status).toBe(400)
})

test.each([
  [{ type: 'annotation', frame_count: 1 }, 'type'],
  [{}, 'frame_count'],
  [{ frame_count: 11 }, 'frame_count'],
  [{ frame_count: 1, frame_share: 0.5 }, 'frame_count'],
  [{ frame_share: 1.5 }, 'frame_share'],
  [{ frame_selection_method: 'random_per_job' }, 'frames_per_job_count'],
  [{ frame_selection_method: 'manual' }, 'frames'],
  [{ frame_selection_method: 'manual', frames: [1, 1] }, 'frames'],
  [{ frame_selection_method: 'manual', frames: [10] }, 'frames'],
  [{ frame_selection_method: 'best' }, 'frame_selection_method'],
  [{ frame_count: 1, assignee: 999_999 }, 'assignee'],
])('%j is refused and names %s', async (more, field) => {
  const task = await createBareTask(owner)
  const { status, json } = await create(task.id, more)
  expect([status, Object.keys(json)]).toEqual([400, [field]])
  expect((await owner.call('GET', `/api/jobs?task_id=${task.id}`)).json.count).toBe(1)
})

test('strangers can neither create nor remove one', async () => {
  const stranger = await createPerson()
  const task = await createBareTask(owner)
  expect((await create(task.id, { frame_count: 1 }, stranger)).status).toBe(403)
  const job = (await create(task.id, { frame_count: 1 })).json
  expect((await stranger.call('DELETE', `/api/jobs/${job.id}`)).status).toBe(403)
  expect((await create(999_999, { frame_count: 1 })).status).toBe(404)
})
