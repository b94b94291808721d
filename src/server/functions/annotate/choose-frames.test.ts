// Requests for some frames only: those that a search finds, and those without annotations.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createPerson, type Person } from '../../../../tests/api'
import { config, setConfig } from '../../config'
import { getOwner, paint, taskOf } from '../../data/task-fixture'
import { runRequest } from '../../requests/service'
import { type NuclioServer, startNuclio } from '../testing/nuclio-server'
import { runAnnotation } from './run'

let nuclio: NuclioServer
let owner: Person
let key: string
const original = config()

beforeAll(async () => {
  nuclio = startNuclio()
  setConfig(Object.freeze({ ...original, outbound_allow: ['127.0.0.1'], nuclio_url: [nuclio.url] }))
  owner = await getOwner()
  const admin = await createPerson({ superuser: true })
  const body = {
    provider: 'http',
    name: 'some frames',
    url: `${nuclio.url}/detector`,
    kind: 'detector',
    visibility: 'public',
    labels_v2: [{ name: 'car' }, { name: 'tree' }, { name: 'unmapped' }],
  }
  key = `http-${(await admin.call('POST', '/api/functions', { body })).json.id}`
})
afterAll(async () => {
  setConfig(original)
  await nuclio.stop()
})

const makeTask = async () => {
  const files: [string, Uint8Array][] = []
  for (const name of ['day-1.png', 'day-2.png', 'night-1.png', 'night-2.png']) files.push([name, await paint('png', 0x102030)])
  return taskOf(files, {}, { labels: [{ name: 'car' }, { name: 'tree' }], segment_size: 2 })
}
const start = (task: number, body: object) =>
  owner.call('POST', '/api/lambda/requests', { body: { function: key, task, mapping: { car: { name: 'car' } }, ...body } })
const annotate = async (task: number, body: object) => {
  const { status, json, text } = await start(task, body)
  expect([status, text]).toEqual([200, text])
  await runRequest(json.id, (row, report) => runAnnotation(row, report, new AbortController().signal))
  const done = (await owner.call('GET', `/api/lambda/requests/${encodeURIComponent(json.id)}`)).json
  expect([done.status, done.exc_info]).toEqual(['finished', null])
}
const framesOf = async (task: number): Promise<Record<number, number>> => {
  const { shapes } = (await owner.call('GET', `/api/tasks/${task}/annotations`)).json
  const counts: Record<number, number> = {}
  for (const { frame } of shapes) counts[frame] = (counts[frame] ?? 0) + 1
  return counts
}

test('a search chooses frames; then those without annotations; then none is left', async () => {
  const task = await makeTask()
  await annotate(task, { filter: 'name:night*' })
  expect(await framesOf(task)).toEqual({ 2: 2, 3: 2 })
  const both = await start(task, { filter: 'name:night*', unannotated: true })
  expect([both.status, both.json]).toEqual([400, { filter: ['No frame fits.'] }])
  await annotate(task, { filter: 'name:*1*', unannotated: true })
  expect(await framesOf(task)).toEqual({ 0: 2, 2: 2, 3: 2 })
  await annotate(task, { unannotated: true })
  expect(await framesOf(task)).toEqual({ 0: 2, 1: 2, 2: 2, 3: 2 })
  const none = await start(task, { unannotated: true })
  expect([none.status, none.json]).toEqual([400, { unannotated: ['Every frame is annotated already.'] }])
})

test('within a job only its frames count; tags and tracks are annotations, too', async () => {
  const task = await makeTask()
  const job = (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results[0].id
  const label_id = (await owner.call('GET', `/api/labels?task_id=${task}`)).json.results[0].id
  const tag = { frame: 0, label_id, group: 0, attributes: [] }
  expect(
    (await owner.call('PATCH', `/api/jobs/${job}/annotations?action=create`, { body: { tags: [tag], shapes: [], tracks: [] } }))
      .status,
  ).toBe(200)
  await annotate(task, { job, unannotated: true })
  expect(await framesOf(task)).toEqual({ 1: 2 })
})

test('what cannot be read is refused by name', async () => {
  const task = await makeTask()
  expect((await start(task, { filter: 7 })).json).toEqual({ filter: ['Not a valid string.'] })
  expect((await start(task, { filter: 'name:(' })).status).toBe(400)
  expect((await start(task, { filter: 'name:night*', cleanup: true })).json.cleanup).toBeDefined()
})
