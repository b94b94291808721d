// kill -9 in the middle of an upload, a save and an export: what was acknowledged is there after the restart, the rest goes on or says why.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { type Client, signIn, uploadMedia } from '../../scripts/client'
import { adminPassword, type Server, startServer } from '../server'

let server: Server
let client: Client

beforeAll(async () => {
  server = await startServer()
  client = await signIn(server.url, 'admin', adminPassword)
})
afterAll(() => server?.remove())

const crash = async () => {
  await server.kill()
  await server.restart()
}

const picture = Bun.file(join(import.meta.dir, '../../public/demo/coffee.jpg'))
const createTask = async (): Promise<number> =>
  (await client.send('POST', '/api/tasks', { name: 'crash', labels: [{ name: 'cup' }] })).id
const createReadyTask = async (pictures: number) => {
  const id = await createTask()
  const bytes = await picture.bytes()
  await uploadMedia(
    client,
    id,
    Array.from({ length: pictures }, (_, i) => [`${String(i).padStart(4, '0')}.jpg`, new Blob([bytes])]),
  )
  const [job] = (await client.get(`/api/jobs?task_id=${id}`)).results
  const [label] = (await client.get(`/api/labels?task_id=${id}`)).results
  return { id, job: job.id as number, label: label.id as number }
}

test('an upload goes on where it was acknowledged', async () => {
  const id = await createTask()
  const bytes = await picture.bytes()
  const tus = { 'tus-resumable': '1.0.0' }
  const created = await client.raw(`/api/tasks/${id}/data/`, {
    method: 'POST',
    headers: { ...tus, 'upload-length': String(bytes.length), 'upload-metadata': `filename ${btoa('coffee.jpg')}` },
  })
  expect(created.status).toBe(201)
  const address = new URL(created.headers.get('location')!).pathname
  const patch = (offset: number, end: number) =>
    client.raw(address, {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: bytes.slice(offset, end),
    })
  const half = bytes.length >> 1
  const first = await patch(0, half)
  expect([first.status, first.headers.get('upload-offset')]).toEqual([204, String(half)])
  // The next part is cut off by the crash.
  const cut = patch(half, half + 1000).catch(() => undefined)
  await crash()
  await cut
  const head = await client.raw(address, { method: 'HEAD', headers: tus })
  const offset = Number(head.headers.get('upload-offset'))
  expect(offset).toBeGreaterThanOrEqual(half)
  expect((await patch(offset, bytes.length)).status).toBe(204)
  const finish = await client.raw(`/api/tasks/${id}/data/`, {
    method: 'POST',
    headers: { 'upload-finish': '', 'content-type': 'application/json' },
    body: JSON.stringify({ image_quality: 70 }),
  })
  expect(finish.status).toBe(202)
  await client.finish(((await finish.json()) as { rq_id: string }).rq_id)
  const stored = await client.raw(`/api/tasks/${id}/data/?type=frame&quality=original&number=0`)
  expect(Buffer.compare(await stored.bytes(), bytes)).toBe(0)
})

test('task creation that was cut off is driven again', async () => {
  const id = await createTask()
  const bytes = await picture.bytes()
  const form = new FormData()
  form.set('image_quality', '70')
  for (let i = 0; i < 60; i++) form.set(`client_files[${i}]`, new Blob([bytes]), `${i}.jpg`)
  const { rq_id } = await client.send('POST', `/api/tasks/${id}/data/`, form)
  await crash()
  await client.finish(rq_id)
  expect((await client.get(`/api/tasks/${id}`)).size).toBe(60)
})

test('every acknowledged save is there, every save is there as a whole, and a repeated one changes nothing', async () => {
  const { job, label } = await createReadyTask(1)
  const box = (x: number) => ({ type: 'rectangle', label_id: label, frame: 0, points: [x, 0, x + 1, 1] })
  let acknowledged = 0
  let sent = 0
  const save = (n: number) =>
    client.send('PATCH', `/api/jobs/${job}/annotations?action=save`, {
      save_id: `save-${n}`,
      create: { shapes: Array.from({ length: 20 }, () => box(n)) },
    })
  const saving = (async () => {
    for (;;) {
      await save(++sent)
      acknowledged = sent
    }
  })().catch(() => {})
  while (acknowledged < 20) await Bun.sleep(1)
  await crash()
  await saving
  const counts = async () => {
    const { shapes } = await client.get(`/api/jobs/${job}/annotations`)
    const found = new Map<number, number>()
    for (const { points } of shapes as { points: number[] }[]) found.set(points[0]!, (found.get(points[0]!) ?? 0) + 1)
    return found
  }
  const found = await counts()
  for (let n = 1; n <= acknowledged; n++) expect(found.get(n)).toBe(20)
  expect([...found.values()].every((count) => count === 20)).toBe(true)
  // The one without an answer is sent again, as the editor does from its journal.
  await save(sent)
  await save(sent)
  expect((await counts()).get(sent)).toBe(20)
})

test('an export that was cut off ends well or says why', async () => {
  const { id, label } = await createReadyTask(40)
  const shapes = Array.from({ length: 4000 }, (_, i) => ({
    type: 'rectangle',
    label_id: label,
    frame: i % 40,
    points: [i % 500, 1, (i % 500) + 20, 30],
  }))
  await client.send('PUT', `/api/tasks/${id}/annotations`, { shapes })
  const { rq_id } = await client.send('POST', `/api/tasks/${id}/dataset/export?format=COCO+1.0&save_images=true`)
  await crash()
  const request = await client.finish(rq_id)
  const result = await fetch(request.result_url, { headers: { authorization: `Basic ${btoa(`admin:${adminPassword}`)}` } })
  const bytes = await result.bytes()
  expect(result.status).toBe(200)
  expect(new TextDecoder().decode(bytes.slice(0, 2))).toBe('PK')
  // The end of the central directory: the archive is whole, and counts 40 pictures and one annotation file.
  const end = Buffer.from(bytes).lastIndexOf('PK\x05\x06')
  expect(Buffer.from(bytes).readUInt16LE(end + 10)).toBe(41)
})

test('the server ends cleanly after all that and starts again', async () => {
  expect(await server.stop()).toBe(0)
  await server.restart()
  expect((await client.get('/api/users/self')).username).toBe('admin')
})
