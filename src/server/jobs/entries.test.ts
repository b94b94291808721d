// What rows of jobs show besides the job, and how many jobs a task may have.
import { afterAll, expect, test } from 'bun:test'
import { createBareTask, createPerson } from '../../../tests/api'
import { config, setConfig } from '../config'
import { tx } from '../db/open'
import { countIssues, describeJobs, findJob, insertJobs } from './service'

const before = config()
afterAll(() => setConfig(before))

test('issues are counted by job, open and resolved; a job without any has none of both', async () => {
  const owner = await createPerson()
  const { jobs } = await createBareTask(owner, { frames: 4, segmentSize: 2 })
  for (const resolved of [false, true, true]) {
    const body = { job: jobs[0]!.id, frame: 0, position: [1, 1, 5, 5], message: 'x' }
    const { json } = await owner.call('POST', '/api/issues', { body })
    if (resolved) await owner.call('PATCH', `/api/issues/${json.id}`, { body: { resolved } })
  }
  const ids = jobs.map(({ id }) => id)
  expect([...(await countIssues(ids))]).toEqual([[ids[0]!, { open: 1, resolved: 2 }]])
  const rows = await Promise.all(ids.map((id) => findJob(id)))
  const entries = await describeJobs(await owner.who(), 'http://localhost', rows)
  expect(entries.map(({ issues }) => issues)).toEqual([
    { open: 1, resolved: 2 },
    { open: 0, resolved: 0 },
  ])
  expect((await owner.call('GET', `/api/jobs/${ids[0]}`)).json.issues.count).toBe(3)
})

test('only ground truth jobs can be removed, by those who may remove jobs', async () => {
  const [owner, worker] = [await createPerson(), await createPerson()]
  const task = await createBareTask(owner)
  const body = { type: 'ground_truth', task_id: task.id, frame_selection_method: 'random_uniform', frame_count: 2 }
  const truth = (await owner.call('POST', '/api/jobs', { body })).json.id
  await owner.call('PATCH', `/api/jobs/${truth}`, { body: { assignee: worker.user.id } })
  const rows = await Promise.all([task.jobs[0]!.id, truth].map((id) => findJob(id)))
  const removable = async (who: typeof owner) =>
    (await describeJobs(await who.who(), '', rows)).map(({ rights }) => rights.remove)
  expect(await removable(owner)).toEqual([false, true])
  expect(await removable(worker)).toEqual([false, false])
})

test('more jobs than the server allows are refused, replicas and those that are there counted', async () => {
  const owner = await createPerson()
  const cuts = (count: number) => Array.from({ length: count }, (_, i) => ({ startFrame: i, stopFrame: i }))
  const create = async (more = {}) =>
    (await owner.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'car' }], ...more } })).json.id as number
  const insert = (task: number, count: number) => tx((t) => insertJobs(t, task, cuts(count), new Date()))
  const problemOf = (work: Promise<unknown>) =>
    work.then(
      () => null,
      (error) => error.body.segment_size[0],
    )
  setConfig({ ...before, jobs_per_task: 5 })
  const plain = await create()
  await insert(plain, 4)
  expect(await problemOf(insert(plain, 2))).toStartWith('The task would have 6 jobs; this server allows 5 (jobs_per_task).')
  await insert(plain, 1)
  const copied = await create({ consensus_replicas: 2 })
  expect(await problemOf(insert(copied, 2))).toStartWith('The task would have 6 jobs;')
  await insert(copied, 1)
  setConfig({ ...before, jobs_per_task: 0 })
  await insert(plain, 20)
})
