// Agreement of people with models: what they keep, change and delete of what a version of a model found.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Person } from '../../../tests/api'
import { createPerson } from '../../../tests/api'
import { config, setConfig } from '../config'
import { getOwner, paint, taskOf } from '../data/task-fixture'
import { runAnnotation } from '../functions/service'
import { type NuclioServer, startNuclio } from '../functions/testing/nuclio-server'
import { runRequest } from '../requests/service'

let nuclio: NuclioServer
let owner: Person
let admin: Person
let task: number
let number: number
const original = config()

beforeAll(async () => {
  nuclio = startNuclio()
  setConfig(Object.freeze({ ...original, outbound_allow: ['127.0.0.1'], nuclio_url: [nuclio.url] }))
  owner = await getOwner()
  admin = await createPerson({ superuser: true })
  const files: [string, Uint8Array][] = []
  for (let i = 0; i < 4; i++) files.push([`${i}.png`, await paint('png', 0x102030 * (i + 1))])
  task = await taskOf(files, {}, { labels: [{ name: 'car' }, { name: 'tree' }], segment_size: 2 })
  const body = {
    provider: 'http',
    name: 'finder',
    url: `${nuclio.url}/detector`,
    kind: 'detector',
    visibility: 'public',
    labels_v2: [{ name: 'car' }, { name: 'tree' }, { name: 'unmapped' }],
  }
  const made = await admin.call('POST', '/api/functions', { body })
  expect(made.status).toBe(201)
  number = made.json.id
})
afterAll(async () => {
  setConfig(original)
  await nuclio.stop()
})

const annotate = async (body: object = {}) => {
  const { json, status, text } = await owner.call('POST', '/api/lambda/requests', {
    body: { function: `http-${number}`, task, ...body },
  })
  expect([status, text]).toEqual([200, text])
  await runRequest(json.id, (row, report) => runAnnotation(row, report, new AbortController().signal))
  const done = (await owner.call('GET', `/api/lambda/requests/${encodeURIComponent(json.id)}`)).json
  expect([done.status, done.exc_info]).toEqual(['finished', null])
}

const rowsOf = async (path: string): Promise<Record<string, string>[]> => {
  const { text, status } = await owner.call('GET', `${path}/analytics?csv=models`)
  expect(status).toBe(200)
  const [head, ...rows] = text.trimEnd().split('\r\n')
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [head!.split(',')[i]!, cell])))
}
const jobsOf = async () => (await owner.call('GET', `/api/jobs?task_id=${task}&sort=id`)).json.results as { id: number }[]
const boxesOf = async (job: number) =>
  (await owner.call('GET', `/api/jobs/${job}/annotations`)).json.shapes.filter(({ type }: any) => type === 'rectangle')

test('kept, changed, deleted and untouched objects are told apart, by version and label', async () => {
  expect(await rowsOf(`/tasks/${task}`)).toEqual([])
  await annotate()
  const [first] = await jobsOf()
  const boxes = await boxesOf(first!.id)
  expect(boxes).toHaveLength(4)
  const change = (action: string, shapes: unknown[]) =>
    owner.call('PATCH', `/api/jobs/${first!.id}/annotations?action=${action}`, { body: { shapes, tags: [], tracks: [] } })
  const [kept, moved, gone] = boxes
  expect((await change('update', [{ ...kept, source: 'semi-auto' }])).status).toBe(200)
  expect((await change('update', [{ ...moved, points: [2, 3, 31, 41], source: 'semi-auto' }])).status).toBe(200)
  expect((await change('delete', [gone])).status).toBe(200)
  const cars = async () => (await rowsOf(`/tasks/${task}`)).filter(({ label }) => label === 'car')
  const car = { model: 'finder', version: '1', label: 'car', found: '8', accepted: '1', edited: '1', rejected: '1', open: '5' }
  expect(await cars()).toMatchObject([{ ...car, agreement: '0.333333' }])
  expect((await rowsOf(`/jobs/${first!.id}`)).find(({ label }) => label === 'car')).toMatchObject({ found: '4', open: '1' })

  // Completing the job lets the rest of it pass.
  await owner.call('PATCH', `/api/jobs/${first!.id}`, { body: { state: 'completed' } })
  expect(await cars()).toMatchObject([{ accepted: '2', open: '4', agreement: '0.5' }])

  // Another version starts anew; what a run replaces was not judged.
  const url = `${nuclio.url}/detector?v=2`
  expect((await admin.call('PATCH', `/api/functions/${number}`, { body: { url } })).json.version).toBe(2)
  await annotate({ cleanup: true, threshold: 0.5 })
  const both = await cars()
  expect(both.map(({ version, rejected }) => [version, rejected])).toEqual([
    ['2', '0'],
    ['1', '1'],
  ])
  const page = (await owner.call('GET', `/tasks/${task}/analytics`)).text
  expect(page).toContain('Agreement with models')
})

test('what people find by a model in the editor counts too; what they draw themselves does not', async () => {
  const [, second] = await jobsOf()
  const before = (await rowsOf(`/jobs/${second!.id}`)).find(({ version, label }) => version === '2' && label === 'car')
  const { json } = await owner.call('POST', `/api/lambda/functions/http-${number}`, { body: { job: second!.id, frame: 2 } })
  const shapes = json.shapes.filter(({ type }: any) => type === 'rectangle')
  const own = shapes.map((shape: object) => ({ ...shape, source: 'manual' }))
  const body = { shapes: [...shapes, ...own], tags: [], tracks: [] }
  expect((await owner.call('PATCH', `/api/jobs/${second!.id}/annotations?action=create`, { body })).status).toBe(200)
  const after = (await rowsOf(`/jobs/${second!.id}`)).find(({ version, label }) => version === '2' && label === 'car')
  expect(Number(after!.found) - Number(before!.found)).toBe(shapes.length)
})
