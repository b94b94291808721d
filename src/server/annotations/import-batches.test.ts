// Imports that go in by batches end like others: dealt out to the jobs, one revision, all or nothing.
import { beforeEach, expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import { findJob } from '../jobs/service'
import { findTask } from '../tasks/service'
import { importBatches } from './service'

let person: Person
let task: Awaited<ReturnType<typeof createBareTask>>
beforeEach(async () => {
  person = await createPerson()
  task = await createBareTask(person, { frames: 10, segmentSize: 5 })
})

const box = (frame: number, x = 1) => ({
  type: 'rectangle',
  frame,
  label_id: task.labels[0]!.id,
  points: [x, 2, x + 3, 9],
  attributes: [],
})
const body = (...shapes: object[]) => ({ tags: [], shapes, tracks: [] })
const track = () => ({
  label_id: task.labels[0]!.id,
  frame: 0,
  shapes: [0, 7].map((frame) => ({ ...box(frame), outside: false })),
})
const load = async (path: string) => (await person.call('GET', `/api/${path}/annotations`)).json
const place = async () => ({ task: (await findTask(task.id)).task, job: null })

test('each job gets its part, and one revision however many batches there are', async () => {
  const [first, second] = task.jobs
  await importBatches(await place(), [body(box(0), box(6)), { ...body(box(9)), tracks: [track()] }, body(box(1))], 'replace')
  expect((await load(`jobs/${first!.id}`)).shapes.map(({ frame }: any) => frame)).toEqual([0, 1])
  expect((await load(`jobs/${second!.id}`)).shapes.map(({ frame }: any) => frame)).toEqual([6, 9])
  expect((await load(`tasks/${task.id}`)).tracks).toHaveLength(2)
  const log = (await person.call('GET', `/api/jobs/${second!.id}/revisions`)).json
  expect(log.results).toMatchObject([{ action: 'import', created: { shapes: 2, tracks: 1 } }])
})

test('what was there goes or stays, and comes back from the log', async () => {
  const jobId = task.jobs[0]!.id
  await importBatches(await place(), [body(box(0))], 'replace')
  await importBatches(await place(), [body(box(1)), body(box(2))], 'append')
  expect((await load(`jobs/${jobId}`)).shapes).toHaveLength(3)
  await importBatches(await place(), [body(box(4))], 'replace')
  expect((await load(`jobs/${jobId}`)).shapes).toMatchObject([{ frame: 4 }])
  expect((await person.call('POST', `/api/jobs/${jobId}/revisions/2/restore`)).status).toBe(200)
  expect((await load(`jobs/${jobId}`)).shapes).toHaveLength(3)
})

test('a job takes what is on its frames', async () => {
  const { task: row, job } = await findJob(task.jobs[1]!.id)
  await importBatches({ task: row, job }, [body(box(6))], 'replace')
  expect((await load(`tasks/${task.id}`)).shapes).toMatchObject([{ frame: 6 }])
})

test('when a batch cannot be had or stored, nothing has changed', async () => {
  await importBatches(await place(), [body(box(3))], 'replace')
  const failing = function* () {
    yield body(box(0))
    throw new Error('the disk is gone')
  }
  await expect(importBatches(await place(), failing(), 'replace')).rejects.toThrow('the disk is gone')
  await expect(importBatches(await place(), [body(box(0)), body(box(99))], 'replace')).rejects.toThrow()
  expect((await load(`tasks/${task.id}`)).shapes).toMatchObject([{ frame: 3 }])
})
