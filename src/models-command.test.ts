// annolith models: what it prints, and what it says of wrong calls.
import { afterAll, afterEach, beforeAll, expect, spyOn, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runModelsCommand } from './models-command'
import { ConfigError } from './server/config'
import { modelsFolder } from './server/functions/onnx/catalogue'

const fixtures = join(import.meta.dir, '../tests/fixtures/models')
const picture = join(fixtures, 'blobs.png')

beforeAll(() => {
  rmSync(modelsFolder(), { recursive: true, force: true })
  mkdirSync(modelsFolder(), { recursive: true })
})
afterAll(() => rmSync(modelsFolder(), { recursive: true, force: true }))

const out = spyOn(console, 'log').mockImplementation(() => {})
const notes = spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => {
  out.mockClear()
  notes.mockClear()
})
afterAll(() => {
  out.mockRestore()
  notes.mockRestore()
})
const run = async (words: string[], flags = {}) => {
  out.mockClear()
  await runModelsCommand(words, flags)
  return out.mock.calls.map(([line]) => String(line))
}

test('a model is added, listed, tried and removed', async () => {
  expect(await run(['list'])).toEqual([])
  expect(notes.mock.calls[0]![0]).toContain('there are no models in')
  const files = [join(fixtures, 'bright.onnx'), join(fixtures, 'bright.yaml')]
  expect(await run(['add', 'blobs', ...files], { note: 'first' })).toEqual(['model blobs version 1 added'])
  await run(['add', 'blobs', ...files])
  expect((await run(['list'])).map((line) => line.split('\t'))).toEqual([
    ['blobs', '2', '1 kB', 'segment', '96×64', 'blob', '-'],
    ['blobs', '1', '1 kB', 'segment', '96×64', 'blob', 'first'],
  ])
  const found = await run(['test', 'blobs', picture], { threshold: '0.7', version: '1' })
  expect(found.map((line) => line.split('\t').slice(0, 2))).toEqual([
    ['blob', 'mask'],
    ['blob', 'mask'],
  ])
  expect(JSON.parse((await run(['test', 'blobs', picture], { json: true })).join('\n'))).toMatchObject({
    id: 'blobs',
    version: 2,
  })
  expect(await run(['remove', 'blobs'], { version: '2' })).toEqual(['model blobs version 2 removed'])
  expect(JSON.parse((await run(['list'], { json: true })).join('\n'))).toMatchObject([
    { id: 'blobs', version: 1, labels: ['blob'] },
  ])
})

test('files that are not among the models are tried where they lie', async () => {
  for (const [name, type] of [
    ['follow', 'rectangle'],
    ['spot.encoder', 'mask'],
    ['blobs-pose', 'skeleton'],
    ['blobs-obb', 'rectangle'],
  ])
    expect((await run(['test', join(fixtures, `${name}.onnx`), picture]))[0]!.split('\t')[1]).toBe(type)
})

test('a model that cannot be used is listed with the reason', async () => {
  writeFileSync(join(modelsFolder(), 'bad.onnx'), 'no model')
  expect((await run(['list']))[0]).toBe('bad\t1\t1 kB\tcannot be used: bad.onnx is no ONNX model')
})

test.each([
  [[], {}, 'annolith models list'],
  [['constructor'], {}, 'annolith models list'],
  [['add', 'x'], {}, 'annolith models add NAME'],
  [['add', 'x', '/nowhere.onnx'], {}, 'nowhere.onnx cannot be read'],
  [['test', 'none', picture], {}, 'there is no model "none"'],
  [['test', 'blobs', picture], { version: '7' }, 'there is no model "blobs" with version 7'],
  [['test', 'blobs', '/nowhere.png'], {}, '/nowhere.png does not exist'],
  [['test', 'blobs', join(fixtures, 'bright.yaml')], {}, 'not a picture'],
  [['test', 'blobs', picture], { threshold: 'high' }, '--threshold must be a number, not "high"'],
  [['remove', 'none'], {}, 'there is no model "none"'],
  [['remove', 'blobs'], { version: '0' }, '--version must be a number'],
])('%p with %p is refused in one sentence', async (words, flags, said) => {
  const error = await runModelsCommand(words, flags).catch((reason) => reason)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toContain(said)
})
