// The text that the list of jobs becomes.
import { expect, test } from 'bun:test'
import { describeJobs } from './copy-jobs'

const job = {
  id: 7,
  task_id: 3,
  type: 'annotation',
  start_frame: 0,
  stop_frame: 9,
  stage: 'annotation',
  state: 'in progress',
  assignee: { username: 'kim' },
}

test('each job is a line with its link, range, person, stage and state', () =>
  expect(describeJobs('https://here', [job, { ...job, id: 8, type: 'ground_truth', assignee: null }])).toBe(
    [
      'Job #7\thttps://here/tasks/3/jobs/7\tframes 0–9\tkim\tannotation\tin progress',
      'Job #8 (ground truth)\thttps://here/tasks/3/jobs/8\tframes 0–9\tnobody\tannotation\tin progress',
    ].join('\n'),
  ))
