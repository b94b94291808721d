// Proves that models run in the one executable: dropped into its folder they are functions, in processes that end with it.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { copyFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, uploadMedia } from '../../scripts/client.ts'
import { type ServedProgram, serveProgram } from './program.ts'

const fixtures = join(import.meta.dir, '../fixtures/models')
const expected = await Bun.file(join(fixtures, 'expected.json')).json()
let served: ServedProgram
let client: Client
let taskId: number

beforeAll(async () => {
  served = await serveProgram()
  client = served.client
  for (const name of ['bright.onnx', 'bright.yaml', 'spot.encoder.onnx', 'spot.decoder.onnx'])
    copyFileSync(join(fixtures, name), join(served.program.dataDir, 'models', name))
  const { id } = await client.send('POST', '/api/tasks', { name: 'blobs', labels: [{ name: 'blob' }] })
  taskId = id
  await uploadMedia(client, id, [['blobs.png', Bun.file(join(fixtures, 'blobs.png'))]])
})
afterAll(() => served?.stop())

/** Processes of this copy of the program that run a model. */
const listModelProcesses = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `${join(served.program.folder, 'program/annolith')}\0infer\0`
      } catch {
        return false
      }
    })

test('no model is loaded until it is asked; a detector finds what the reference finds', async () => {
  expect(listModelProcesses()).toEqual([])
  const { shapes } = await client.send('POST', '/api/lambda/functions/bright', { task: taskId, frame: 0 })
  expect(shapes.map(({ points }: { points: number[] }) => points)).toEqual(expected.bright.map(({ points }: any) => points))
  expect(listModelProcesses()).toHaveLength(1)
})

test('an interactor answers a prompt, and its native libraries lie in the data directory', async () => {
  const { positive, negative } = expected.prompts[1]
  const prompt = { task: taskId, frame: 0, pos_points: positive, neg_points: negative, compact: true }
  const { shapes } = await client.send('POST', '/api/lambda/functions/spot', prompt)
  expect(shapes[0].points).toEqual(expected.spot[1].points)
  const unpacked = readdirSync(join(served.program.dataDir, 'cache/native'), { recursive: true }) as string[]
  expect(unpacked.filter((name) => name.endsWith('libonnxruntime.so.1'))).toHaveLength(1)
  expect(readdirSync(join(served.program.folder, 'tmp'))).toEqual([])
})

test('a whole task is annotated in the background by the same process', async () => {
  const { id } = await client.send('POST', '/api/lambda/requests', { function: 'bright', task: taskId, cleanup: true })
  for (;;) {
    const { status, exc_info } = await client.get(`/api/lambda/requests/${id}`)
    if (status === 'failed') throw new Error(exc_info)
    if (status === 'finished') break
    await Bun.sleep(25)
  }
  const { shapes } = await client.get(`/api/tasks/${taskId}/annotations`)
  expect(shapes).toHaveLength(expected.bright.length)
  expect(listModelProcesses()).toHaveLength(2)
})

test('the command line adds, tries, lists and removes beside the running server', async () => {
  const { program } = served
  const added = await program.run(['models', 'add', 'found', join(fixtures, 'blobs-v8.onnx'), '--note', 'second try'])
  expect([added.exitCode, added.out]).toEqual([0, 'model found version 1 added\n'])
  const tried = await program.run(['models', 'test', 'found', join(fixtures, 'blobs.png'), '--json'])
  expect(JSON.parse(tried.out).found.map(({ label }: any) => label)).toEqual(expected['blobs-v8'].map(({ label }: any) => label))
  const listed = await program.run(['models', 'list'])
  expect(listed.out.split('\n').map((line) => line.split('\t')[0])).toEqual(['bright', 'found', 'spot', ''])
  expect((await client.get('/api/lambda/functions')).map(({ id }: any) => id)).toContain('found')
  expect((await program.run(['models', 'remove', 'found'])).exitCode).toBe(0)
  const gone = await program.run(['models', 'test', 'found', join(fixtures, 'blobs.png')])
  expect([gone.exitCode, gone.err]).toEqual([1, 'annolith: there is no model "found"\n'])
})

test('no process outlives a killed server', async () => {
  const before = listModelProcesses()
  expect(before.length).toBeGreaterThan(0)
  served.server.kill('SIGKILL')
  while (listModelProcesses().length) await Bun.sleep(10)
})
