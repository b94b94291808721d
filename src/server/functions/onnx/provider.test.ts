// Models in the folder as functions: dropped, added, versions, bad ones, and what they answer.
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { config, setConfig } from '../../config'
import { type Answers, type CallName, type CallOf, FunctionError } from '../contract'
import { listModels, modelsFolder } from './catalogue'
import { closeModel } from './inference'
import { onnxProvider } from './provider'
import { addModel, removeModel } from './store'

const fixtures = join(import.meta.dir, '../../../../tests/fixtures/models')
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8'))
const before = config()
const dataDir = mkdtempSync(join(tmpdir(), 'annolith-models-'))

beforeAll(() => setConfig({ ...before, dataDir }))
beforeEach(() => {
  rmSync(modelsFolder(), { recursive: true, force: true })
  mkdirSync(modelsFolder())
})
afterAll(async () => {
  await closeModel()
  setConfig(before)
  rmSync(dataDir, { recursive: true, force: true })
})

const drop = (name: string, as = name) => copyFileSync(join(fixtures, name), join(modelsFolder(), as))
const given = (...names: string[]) => names.map((name) => ({ name: name.split('/').at(-1)!, path: join(fixtures, name) }))
const find = async (id: string) => (await onnxProvider.list()).find((info) => info.id === id)!
const frame = () => {
  const image = {
    key: 'blobs',
    width: 96,
    height: 64,
    reads: 0,
    read: async () => {
      image.reads++
      return new Uint8Array(readFileSync(join(fixtures, 'blobs.png')))
    },
  }
  return image
}
const ask = async <D extends CallName>(id: string, call: CallOf<D>): Promise<Answers[D]> =>
  onnxProvider.call<D>(await find(id), call, new AbortController().signal)

test('a dropped file is a function, and goes with its file', async () => {
  expect(await onnxProvider.list()).toEqual([])
  drop('blobs-v8.onnx', 'blobs.onnx')
  drop('bright.onnx')
  drop('bright.yaml')
  expect(
    (await onnxProvider.list()).map(({ id, name, kind, version, labels }) => [id, name, kind, version, labels.length]),
  ).toEqual([
    ['blobs', 'blobs', 'detector', 1, 2],
    ['bright', 'Bright blobs', 'detector', 1, 1],
  ])
  const found = await ask('blobs', { do: 'detect', image: frame(), threshold: null })
  expect(found.map(({ label }) => label)).toEqual(expected['blobs-v8'].map(({ label }: { label: string }) => label))
  rmSync(join(modelsFolder(), 'blobs.onnx'))
  expect((await onnxProvider.list()).map(({ id }) => id)).toEqual(['bright'])
})

test('a changed file is read again', async () => {
  drop('blobs-v8.onnx', 'x.onnx')
  expect((await find('x')).kind).toBe('detector')
  drop('colours-cls.onnx', 'x.onnx')
  expect((await find('x')).kind).toBe('classifier')
  expect((await ask('x', { do: 'detect', image: frame(), threshold: 0.1 }))[0]!.type).toBe('tag')
})

test('a bad file hides nothing and is told', async () => {
  drop('bright.onnx')
  drop('colours-cls.onnx')
  writeFileSync(join(modelsFolder(), 'note.onnx'), 'no model')
  drop('spot.encoder.onnx')
  const models = await listModels()
  expect(models.map(({ id, versions: [newest] }) => [id, newest && 'problem' in newest ? newest.problem : 'fine'])).toEqual([
    ['bright', 'bright.onnx does not say what it finds; put a YAML file of the same name beside it with family and labels'],
    ['colours-cls', 'fine'],
    ['note', 'note.onnx is no ONNX model'],
    ['spot', 'spot has spot.encoder.onnx; one model is expected, or an encoder and a decoder'],
  ])
  expect((await onnxProvider.list()).map(({ id }) => id)).toEqual(['colours-cls'])
})

test('versions are kept, the newest answers, and a removed one gives way to the older', async () => {
  const first = await addModel({ id: 'finder', files: given('blobs-v8.onnx') })
  const second = await addModel({ id: 'finder', files: given('bright.onnx', 'bright.yaml'), note: 'trained again' })
  expect([first.version, second.version]).toEqual([1, 2])
  const info = await find('finder')
  expect([info.version, info.versions!.map(({ version, note }) => [version, note])]).toEqual([
    2,
    [
      [2, 'trained again'],
      [1, ''],
    ],
  ])
  const blobs = await ask('finder', { do: 'detect', image: frame(), threshold: null })
  expect(blobs.map(({ points }) => points)).toEqual(expected.bright.map(({ points }: { points: number[] }) => points))
  expect(readdirSync(modelsFolder()).sort()).toEqual(['finder', 'finder@2'])
  expect(await removeModel('finder', 2)).toBe(true)
  expect((await find('finder')).version).toBe(1)
  expect((await addModel({ id: 'finder', files: given('blobs-v5.onnx') })).version).toBe(2)
  expect(await removeModel('finder')).toBe(true)
  expect(await removeModel('finder')).toBe(false)
  expect(readdirSync(modelsFolder())).toEqual([])
})

test('two that come at the same time are two versions', async () => {
  const added = await Promise.all([1, 2, 3].map(() => addModel({ id: 'same', files: given('blobs-v8.onnx') })))
  expect(added.map(({ version }) => version).sort()).toEqual([1, 2, 3])
})

test.each([
  ['a name', { id: '../evil', files: given('blobs-v8.onnx') }, 'is no name for a model'],
  ['no file', { id: 'x', files: [] }, 'no file was given'],
  ['no model', { id: 'x', files: given('bright.yaml') }, 'x has no .onnx file'],
  ['a gone file', { id: 'x', files: given('nothing.onnx') }, 'nothing.onnx cannot be read'],
  ['no YAML where one is needed', { id: 'x', files: given('bright.onnx') }, 'bright.onnx does not say what it finds'],
  ['two of a name', { id: 'x', files: given('bright.onnx', 'bright.onnx') }, 'two files are called bright.onnx'],
  [
    'a name that leads away',
    { id: 'x', files: [{ name: '.hidden.onnx', path: join(fixtures, 'bright.onnx') }] },
    'is no name for a file',
  ],
])('%s is refused, and nothing stays', async (_, model, said) => {
  await expect(addModel(model)).rejects.toThrow(said)
  expect(readdirSync(modelsFolder())).toEqual([])
})

test('a model that the runtime refuses does not get in', async () => {
  const path = join(dataDir, 'broken.onnx')
  const bytes = readFileSync(join(fixtures, 'blobs-v8.onnx'))
  // The name of an operator that there is not.
  const at = bytes.indexOf('AveragePool')
  bytes.write('AverigePool', at)
  writeFileSync(path, bytes)
  await expect(addModel({ id: 'broken', files: [{ name: 'broken.onnx', path }] })).rejects.toThrow(
    /broken cannot be loaded: .*AverigePool/,
  )
  expect(readdirSync(modelsFolder())).toEqual([])
})

test('a model larger than allowed is refused', async () => {
  setConfig({ ...config(), model_bytes: 1024 })
  await expect(addModel({ id: 'large', files: given('blobs-v8.onnx') })).rejects.toThrow(
    'large has 1766 bytes; at most 1024 are allowed',
  )
  setConfig({ ...config(), model_bytes: before.model_bytes })
})

test('an interactor looks at a picture once', async () => {
  drop('spot.encoder.onnx')
  drop('spot.decoder.onnx')
  const info = await find('spot')
  expect(info).toMatchObject({
    kind: 'interactor',
    interaction: { minPositivePoints: 1, decoder: { family: 'sam', url: '/api/models/spot/versions/1/decoder' } },
  })
  const image = frame()
  for (const [i, { positive, negative, box }] of expected.prompts.entries()) {
    const [drawn] = await ask('spot', { do: 'interact', image, positive, negative, box })
    expect(drawn!.points).toEqual(expected.spot[i].points)
  }
  const { tensors } = await ask('spot', { do: 'embed', image })
  expect(Object.keys(tensors)).toEqual(['image_embeddings'])
  expect(image.reads).toBe(1)
})

test('pairs are told apart by their names, whatever else these hold', async () => {
  const path = (part: string) => join(fixtures, `spot2/${part}.onnx`)
  const files = [
    { name: 'vision_encoder.onnx', path: path('encoder') },
    { name: 'prompt_encoder_mask_decoder.onnx', path: path('decoder') },
  ]
  await addModel({ id: 'spot2', files })
  const { positive, negative, box } = expected.prompts[0]
  const [drawn] = await ask('spot2', { do: 'interact', image: frame(), positive, negative, box })
  expect(drawn!.points).toEqual(expected.spot2[0].points)
})

test('a tracker goes on from its states', async () => {
  drop('follow.onnx')
  drop('follow.yaml')
  const { box } = expected.follow
  expect((await find('follow')).shapeTypes).toEqual(['rectangle'])
  const { states } = await ask('follow', { do: 'start-tracking', image: frame(), shapes: [{ type: 'rectangle', points: box }] })
  const { shapes } = await ask('follow', { do: 'track', image: frame(), states })
  expect(shapes[0]!.points.map((value, i) => Math.abs(value - box[i]) < 3)).toEqual([true, true, true, true])
})

test('faults say whose they are', async () => {
  drop('blobs-v8.onnx')
  const info = await find('blobs-v8')
  const signal = new AbortController().signal
  const faultOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'none',
      (error) => (error instanceof FunctionError ? [error.fault, error.message] : error),
    )
  expect(await faultOf(onnxProvider.call(info, { do: 'embed', image: frame() }, signal))).toEqual([
    'input',
    '"blobs-v8" cannot be asked to embed.',
  ])
  const broken = { ...frame(), read: async () => new TextEncoder().encode('none') }
  expect((await faultOf(onnxProvider.call(info, { do: 'detect', image: broken, threshold: null }, signal)))[0]).toBe('input')
  expect(
    await faultOf(onnxProvider.call({ ...info, version: 9 }, { do: 'detect', image: frame(), threshold: null }, signal)),
  ).toEqual(['unavailable', '"blobs-v8" is gone.'])
  const abort = AbortSignal.abort(new Error('not wanted'))
  await expect(onnxProvider.call(info, { do: 'detect', image: frame(), threshold: null }, abort)).rejects.toThrow('not wanted')
})
