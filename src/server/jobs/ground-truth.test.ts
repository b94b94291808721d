import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { tx } from '../db/open'
import { validationLayouts } from '../tasks/schema'
import { chooseValidationFrames } from './choose-frames'

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
  test('the old seed leaves the last frame out and means the same frames as with CVAT', () => {
    expect(chooseValidationFrames({ frame_count: 3, seed: 42 }, 10, jobs)).toEqual([3, 5, 7])
    expect(chooseValidationFrames({ frame_count: 3, seed: 42 }, 25, jobs)).toEqual([11, 14, 20])
  })
  test('the same seed chooses the same; counts and shares', () => {
    const some = chooseValidationFrames({ frame_share: 0.5, random_seed: 5 }, 10, jobs)
    expect(some).toHaveLength(5)
    expect(chooseValidationFrames({ frame_count: 5, random_seed: 5 }, 10, jobs)).toEqual(some)
  })
  test('each job gets as many', () => {
    const chosen = chooseValidationFrames(
      { frame_selection_method: 'random_per_job', frames_per_job_count: 3, random_seed: 1 },
      10,
      jobs,
    )
    for (const { startFrame, stopFrame } of jobs)
      expect(chosen.filter((frame) => frame >= startFrame && frame <= stopFrame).length).toBeGreaterThanOrEqual(3)
    expect(chosen.filter((frame) => frame <= 5)).toHaveLength(3)
  })
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
