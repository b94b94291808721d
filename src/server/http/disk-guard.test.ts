// A nearly full disk: whatever makes files is refused with 507 and clear words, while saving, signing in and deleting go on.
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { app, call, createBareTask, createPerson, password } from '../../../tests/api'
import { config, setConfig } from '../config'
import { readDisk } from '../storage/disk-use'
import { fillingRoutes, isFilling } from './disk-guard'

const initial = config()
beforeEach(() => setConfig(initial))
afterEach(() => setConfig(initial))
const fill = () => setConfig({ ...initial, disk_usage_max: 0 })

test('every line of the table names a route that exists', () => {
  const routes = app.routes.map(({ method, path }) => ({ method, path: path.replace(/\/$/, '') }))
  const dead = fillingRoutes.filter(
    ([, verb, pattern]) => !routes.some(({ method, path }) => method === verb && pattern.test(path)),
  )
  expect(dead.map(([what]) => what)).toEqual([])
})

test('every route that takes pieces of files is in the table', () => {
  const pieces = app.routes.filter(({ method, path }) => method === 'PATCH' && path.endsWith(':upload'))
  expect(pieces.length).toBeGreaterThan(8)
  expect(pieces.filter(({ method, path }) => !isFilling(method, path)).map(({ path }) => path)).toEqual([])
})

test('new tasks, uploads, imports and exports are refused', async () => {
  const person = await createPerson()
  const { id, jobs } = await createBareTask(person)
  fill()
  const { percent } = await readDisk()
  const tus = { 'upload-length': '10', 'tus-resumable': '1.0.0', 'upload-metadata': `filename ${btoa('a.zip')}` }
  const tries: [string, string, object][] = [
    ['POST', '/api/tasks', { body: { name: 'more', labels: [{ name: 'a' }] } }],
    ['POST', '/api/tasks/', { body: { name: 'more', labels: [{ name: 'a' }] } }],
    ['POST', `/api/tasks/${id}/data/`, { headers: tus }],
    ['POST', `/api/tasks/${id}/annotations?format=CVAT%201.1`, { headers: tus }],
    ['PATCH', `/api/tasks/${id}/data/1_x`, { body: 'x', headers: { 'upload-offset': '0' } }],
    ['POST', `/api/jobs/${jobs[0]!.id}/dataset/export?format=COCO%201.0&save_images=false`, {}],
    ['POST', `/api/tasks/${id}/backup/export`, {}],
    ['POST', '/api/projects/backup', { headers: tus }],
  ]
  for (const [method, path, options] of tries) {
    const { status, json } = await person.call(method, path, options)
    expect({ path, status, detail: json?.detail }).toEqual({
      path,
      status: 507,
      detail: expect.stringContaining(`${percent} % are used, the limit is 0 %`),
    })
  }
})

test('annotations are saved, people sign in, things are deleted and pages say why nothing can be added', async () => {
  const person = await createPerson()
  const { id, jobs, labels } = await createBareTask(person)
  const page = (accept = 'en') => person.call('GET', '/tasks', { headers: { accept: 'text/html', 'accept-language': accept } })
  expect((await page()).text).not.toContain('disk-banner')
  fill()
  const shape = { type: 'rectangle', frame: 0, label_id: labels[0]!.id, points: [1, 1, 5, 5] }
  const save = { body: { shapes: [shape], tags: [], tracks: [] } }
  expect((await person.call('PATCH', `/api/jobs/${jobs[0]!.id}/annotations?action=create`, save)).status).toBe(200)
  expect((await person.call('PUT', `/api/jobs/${jobs[0]!.id}/annotations`, save)).status).toBe(200)
  expect((await call('POST', '/api/auth/login', { body: { username: person.username, password } })).status).toBe(200)
  const english = await page()
  expect([english.status, english.text]).toEqual([200, expect.stringContaining('data-testid="disk-banner"')])
  expect(english.text).not.toContain('disk-banner-storage')
  expect((await page('de')).text).toContain('fast voll')
  expect((await person.call('DELETE', `/api/tasks/${id}`)).status).toBe(204)
})

test('a limit of 100 refuses nothing', async () => {
  const person = await createPerson()
  setConfig({ ...initial, disk_usage_max: 100 })
  expect((await person.call('POST', '/api/tasks', { body: { name: 'more', labels: [{ name: 'a' }] } })).status).toBe(201)
})
