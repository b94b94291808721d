// /api/models over HTTP: who may do what, uploads in one piece and in several, versions, try-outs and decoders.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPerson, type Person } from '../../../../tests/api'
import { modelsFolder } from './catalogue'
import { closeModel } from './inference'

const fixtures = join(import.meta.dir, '../../../../tests/fixtures/models')
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8'))
const read = (name: string) => new Uint8Array(readFileSync(join(fixtures, name)))

let admin: Person
let person: Person
beforeAll(async () => {
  rmSync(modelsFolder(), { recursive: true, force: true })
  mkdirSync(modelsFolder(), { recursive: true })
  admin = await createPerson({ superuser: true })
  person = await createPerson()
})
afterAll(async () => {
  await closeModel()
  rmSync(modelsFolder(), { recursive: true, force: true })
})

const upload = (who: Person, name: string, files: string[], note = '') => {
  const form = new FormData()
  form.set('name', name)
  form.set('note', note)
  files.forEach((file, i) => {
    form.set(`files[${i}]`, new Blob([read(file)]), file)
  })
  return who.call('POST', '/api/models/files', { body: form })
}

test('only administrators see, add and remove files of models', async () => {
  expect((await person.call('GET', '/api/models')).status).toBe(403)
  expect((await upload(person, 'mine', ['blobs-v8.onnx'])).status).toBe(403)
  expect((await person.call('DELETE', '/api/models/mine/versions/1')).status).toBe(403)
  expect((await person.call('DELETE', '/api/models/mine/versions')).status).toBe(403)
  expect(readdirSync(modelsFolder())).toEqual([])
})

test('a model is uploaded, gets a second version, and is listed for all as a function', async () => {
  const first = await upload(admin, 'finder', ['blobs-v8.onnx'])
  expect([first.status, first.json]).toMatchObject([
    202,
    { id: 'finder', version: 1, family: 'yolo-detect', labels: ['red', 'blue'], problem: null },
  ])
  const second = await upload(admin, 'finder', ['bright.onnx', 'bright.yaml'], 'better')
  expect(second.json).toMatchObject({ version: 2, note: 'better', name: 'Bright blobs', input: { width: 96, height: 64 } })
  const { json } = await admin.call('GET', '/api/models')
  expect(json.map(({ id, versions }: any) => [id, ...versions.map(({ version }: any) => version)])).toEqual([['finder', 2, 1]])
  const functions = (await person.call('GET', '/api/lambda/functions')).json
  expect(functions.find(({ id }: { id: string }) => id === 'finder')).toMatchObject({ name: 'Bright blobs', kind: 'detector' })
})

test('a bad file is refused with its name, and nothing stays behind', async () => {
  const refused = await upload(admin, 'bad', ['bright.yaml'])
  expect([refused.status, refused.json]).toEqual([400, { files: ['bad has no .onnx file'] }])
  expect((await upload(admin, '../bad', ['blobs-v8.onnx'])).json.files[0]).toContain('is no name for a model')
  expect((await upload(admin, '', ['blobs-v8.onnx'])).json).toEqual({ name: ['This field is required.'] })
  expect((await upload(admin, 'bad', [])).json).toEqual({ files: ['No file was submitted.'] })
  expect(readdirSync(modelsFolder()).sort()).toEqual(['finder', 'finder@2'])
})

test('large files come in pieces', async () => {
  const bytes = read('colours-cls.onnx')
  const name = btoa('colours-cls.onnx')
  const started = await admin.call('POST', '/api/models/files', {
    headers: { 'upload-length': String(bytes.length), 'upload-metadata': `filename ${name}`, 'tus-resumable': '1.0.0' },
  })
  expect(started.status).toBe(201)
  const path = new URL(started.headers.get('location')!).pathname
  for (const [from, to] of [
    [0, 100],
    [100, bytes.length],
  ] as const) {
    const headers = { 'upload-offset': String(from), 'content-type': 'application/offset+octet-stream', 'tus-resumable': '1.0.0' }
    expect((await admin.call('PATCH', path, { body: bytes.slice(from, to), headers })).status).toBe(204)
  }
  const ended = await admin.call('POST', '/api/models/files', { body: { name: 'colours' }, headers: { 'upload-finish': 'true' } })
  expect([ended.status, ended.json]).toMatchObject([202, { id: 'colours', family: 'classify', kind: 'classifier' }])
})

test('everybody may try a function out with a picture of their own', async () => {
  const tried = await person.call('POST', '/api/models/finder/try', {
    body: read('blobs.png'),
    headers: { 'content-type': 'image/png' },
  })
  expect(tried.json).toMatchObject({ id: 'finder', version: 2, width: 96, height: 64 })
  expect(tried.json.found.map(({ points }: any) => points)).toEqual(expected.bright.map(({ points }: any) => points))
  const high = await person.call('POST', '/api/models/colours/try?threshold=1', {
    body: read('blobs.png'),
    headers: { 'content-type': 'image/png' },
  })
  expect(high.json.found).toEqual([])
  const bad = await person.call('POST', '/api/models/finder/try', {
    body: 'no picture',
    headers: { 'content-type': 'image/png' },
  })
  expect([bad.status, bad.json.picture[0]]).toEqual([400, expect.stringContaining('no picture that can be read')])
  expect((await person.call('POST', '/api/models/finder/try?threshold=x', { body: read('blobs.png') })).json).toEqual({
    threshold: ['A number from 0 to 1 is required.'],
  })
  expect((await person.call('POST', '/api/models/none/try', { body: read('blobs.png') })).status).toBe(404)
})

test('browsers get the decoder of an interactor once', async () => {
  expect((await upload(admin, 'spot', ['spot.encoder.onnx', 'spot.decoder.onnx'])).status).toBe(202)
  const path = '/api/models/spot/versions/1/decoder'
  const answer = await person.call('GET', path)
  expect([answer.status, answer.headers.get('content-type'), answer.text.length > 1000]).toEqual([
    200,
    'application/octet-stream',
    true,
  ])
  const again = await person.call('GET', path, { headers: { 'if-none-match': answer.headers.get('etag')! } })
  expect([again.status, again.text]).toEqual([304, ''])
  for (const missing of [
    '/api/models/spot/versions/2/decoder',
    '/api/models/finder/versions/2/decoder',
    '/api/models/none/versions/1/decoder',
  ])
    expect((await person.call('GET', missing)).status).toBe(404)
  const tried = await person.call('POST', '/api/models/spot/try?point=17,17', { body: read('blobs.png') })
  expect(tried.json.found[0].points).toEqual(expected.spot[0].points)
})

test('versions and models are removed', async () => {
  expect((await admin.call('DELETE', '/api/models/finder/versions/2')).status).toBe(204)
  expect((await admin.call('DELETE', '/api/models/finder/versions/2')).status).toBe(404)
  expect((await admin.call('DELETE', '/api/models/finder/versions')).status).toBe(204)
  expect((await admin.call('GET', '/api/models')).json.map(({ id }: { id: string }) => id)).toEqual(['colours', 'spot'])
})
