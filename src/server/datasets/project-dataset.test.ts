// Exports of whole projects: subsets, equal names, tracks of several tasks.
import { beforeAll, expect, test } from 'bun:test'
import { createBareTask, createPerson, type Person } from '../../../tests/api'
import type { Item } from '../../formats/model'
import { listExporters } from '../../formats/registry'
import { findProject } from '../projects/service'
import { runRequest } from '../requests/service'
import { openDataset, runExport } from './export'
import { listTasksWithData, openProjectDataset } from './project-dataset'

let person: Person
let projectId: number

const addTask = async (subset: string, frames: number) => {
  const task = await createBareTask(person, { frames })
  expect((await person.call('PATCH', `/api/tasks/${task.id}`, { body: { project_id: projectId, subset } })).status).toBe(200)
  return task
}
const readItems = async (items: AsyncIterable<Item> | Iterable<Item>) => {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

beforeAll(async () => {
  person = await createPerson()
  projectId = (await person.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'car' }] } })).json.id
})

test.each(listExporters({ withOwn: true }))('a project without data makes an empty dataset: $name', async ({ name }) => {
  const query = `format=${encodeURIComponent(name)}&save_images=True`
  const started = await person.call('POST', `/api/projects/${projectId}/dataset/export?${query}`)
  expect(started.status).toBe(202)
  const { rq_id } = started.json
  await runRequest(rq_id, runExport)
  const request = (await person.call('GET', `/api/requests/${encodeURIComponent(rq_id)}`)).json
  expect([request.status, request.message]).toEqual(['finished', ''])
})

test('strangers and unknown formats are refused', async () => {
  const path = `/api/projects/${projectId}/dataset/export?format=`
  expect((await person.call('POST', `${path}Nothing+1.0`)).status).toBe(400)
  expect((await (await createPerson()).call('POST', `${path}COCO+1.0`)).status).toBe(403)
})

test('tasks follow one another; subsets, equal names and tracks stay apart', async () => {
  const made = [await addTask('', 2), await addTask('default', 1), await addTask('default', 2)]
  const [label] = (await person.call('GET', `/api/labels?project_id=${projectId}`)).json.results
  for (const { id } of made) {
    const track = { label_id: label.id, frame: 0, shapes: [{ type: 'rectangle', frame: 0, points: [id, 0, id + 1, 1] }] }
    expect((await person.call('PUT', `/api/tasks/${id}/annotations`, { body: { tracks: [track] } })).status).toBe(200)
  }
  const project = await findProject(projectId)
  expect((await listTasksWithData(project)).map(({ task }) => task.id)).toEqual(made.map(({ id }) => id))
  const dataset = await openProjectDataset(project, (row) => openDataset({ ...row, job: null }, 'http://x', false))
  const items = await readItems(dataset.items)
  expect(items.map(({ name, subset, task_id }) => [name, subset, task_id])).toEqual([
    ['0.jpg', 'default_1', made[0]!.id],
    ['1.jpg', 'default_1', made[0]!.id],
    ['0.jpg', 'default', made[1]!.id],
    ['0_1.jpg', 'default', made[2]!.id],
    ['1.jpg', 'default', made[2]!.id],
  ])
  expect(dataset.info).toMatchObject({ kind: 'project', size: 5, tasks: made.map(({ id }) => ({ id })) })
  for (const { task_id, shapes } of items)
    for (const shape of shapes)
      expect(dataset.tracks![shape.track_id!]).toMatchObject({ task_id, shapes: [{ points: [task_id, 0, task_id! + 1, 1] }] })
  const accepted = await person.call('POST', `/api/projects/${projectId}/dataset/export?format=COCO+1.0&save_images=False`)
  expect([accepted.status, accepted.json.rq_id]).toEqual([202, expect.stringContaining(`target=project&target_id=${projectId}`)])
})
