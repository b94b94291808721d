// What the form of a new task asks for under quality control.
import { expect, test } from 'bun:test'
import { readQuality } from './task-quality'

const read = (fields: Record<string, string | undefined>) => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value!)
  return readQuality(form)
}
const gt = { validation_mode: 'gt', validation_method: 'random_uniform', validation_percent: '25' }
const pool = { validation_mode: 'gt_pool', validation_percent: '10', per_job_percent: '50' }

test('a form without the part, and one with nothing chosen, ask for nothing', () => {
  for (const fields of [{}, { consensus_replicas: '0', validation_mode: 'none', validation_percent: '5' }])
    expect(read(fields)).toEqual({ problem: null, task: {}, data: {} })
})

test('replicas, ground truth of the task or of each job, honeypots in random order', () => {
  expect(read({ consensus_replicas: '3' }).task).toEqual({ consensus_replicas: 3 })
  expect(read({ ...gt, validation_seed: '0' }).data.validation_params).toEqual({
    mode: 'gt',
    frame_selection_method: 'random_uniform',
    frame_share: 0.25,
    random_seed: 0,
  })
  expect(read({ ...gt, validation_method: 'random_per_job' }).data.validation_params).toMatchObject({
    frames_per_job_share: 0.25,
  })
  expect(read(pool).data).toMatchObject({
    sorting_method: 'random',
    validation_params: { mode: 'gt_pool', frame_share: 0.1, frames_per_job_share: 0.5 },
  })
})

test.each([
  [{ consensus_replicas: '1' }, 'replicas'],
  [{ consensus_replicas: '11' }, 'replicas'],
  [{ ...gt, validation_percent: '' }, 'share'],
  [{ ...gt, validation_percent: '0' }, 'share'],
  [{ ...gt, validation_percent: '101' }, 'share'],
  [{ ...pool, validation_percent: '100' }, 'less than 100'],
  [{ ...pool, per_job_percent: '0' }, 'per job'],
])('%j is refused', (fields, problem) => expect(read(fields).problem).toContain(problem))
