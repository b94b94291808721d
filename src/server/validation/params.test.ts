import { expect, test } from 'bun:test'
import { ApiError } from '../http/errors'
import { readValidationParams } from './params'

const read = (validation_params: unknown, more: object = {}) =>
  readValidationParams({ validation_params, sorting_method: 'random', ...more })
const gt = { mode: 'gt', frame_selection_method: 'random_uniform' }
const pool = { mode: 'gt_pool', frame_selection_method: 'random_uniform', frame_count: 2, frames_per_job_count: 1 }

test('nothing given means no validation', () => {
  for (const value of [undefined, null, '', {}]) expect(read(value)).toBeNull()
})

test('counts, shares, seed and names are read', () => {
  expect(read({ ...gt, frame_share: 0.5, random_seed: 0 })).toMatchObject({
    method: 'random_uniform',
    frameShare: 0.5,
    randomSeed: 0,
  })
  expect(read({ mode: 'gt', frame_selection_method: 'manual', frames: ['a.png'] })).toMatchObject({ frames: ['a.png'] })
  expect(read(pool)).toMatchObject({ mode: 'gt_pool', frameCount: 2, framesPerJobCount: 1 })
})

test.each([
  [{ mode: 'best' }, 'mode', {}],
  [{ mode: 'gt' }, 'frame_selection_method', {}],
  [gt, 'frame_count', {}],
  [{ ...gt, frame_count: 0 }, 'frame_count', {}],
  [{ ...gt, frame_count: 1.5 }, 'frame_count', {}],
  [{ ...gt, frame_count: 1, frame_share: 0.5 }, 'frame_count', {}],
  [{ ...gt, frame_share: 1.1 }, 'frame_share', {}],
  [{ ...gt, frame_count: 1, random_seed: -1 }, 'random_seed', {}],
  [{ ...gt, frame_count: 1, frames: ['a'] }, 'frames', {}],
  [{ mode: 'gt', frame_selection_method: 'random_per_job' }, 'frames_per_job_count', {}],
  [{ mode: 'gt', frame_selection_method: 'manual' }, 'frames', {}],
  [{ mode: 'gt', frame_selection_method: 'manual', frames: ['a', 'a'] }, 'frames', {}],
  [{ mode: 'gt', frame_selection_method: 'manual', frames: [1] }, 'frames', {}],
  [{ ...pool, frame_selection_method: 'random_per_job' }, 'frame_selection_method', {}],
  [{ ...pool, frames_per_job_count: undefined }, 'frames_per_job_count', {}],
  [pool, 'mode', { sorting_method: 'natural' }],
  [pool, 'mode', { job_file_mapping: [['a']] }],
])('%j is refused and names %s', (value, field, more) => {
  let problem: unknown
  try {
    read(value, more)
  } catch (error) {
    problem = error
  }
  expect(problem).toBeInstanceOf(ApiError)
  expect(Object.keys((problem as any).body.validation_params)).toEqual([field])
})

test('anything but an object is refused', () => expect(() => read('gt')).toThrow(/dictionary/))
