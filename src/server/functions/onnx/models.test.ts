// Every family of models against what NumPy and onnxruntime in Python say (tests/fixtures/models/make_models.py).
import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readPixels } from '../../media/read-pixels'
import { type Answer, type Ask, type ModelRef, openModel } from './answer'
import { describeModel } from './describe-model'
import { fitPicture } from './fit'
import { readModelFile } from './model-file'
import { parseModelYaml } from './model-yaml'
import { fillInput, shapeInput } from './pixels'

const folder = join(import.meta.dir, '../../../../tests/fixtures/models')
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
const readFixture = (name: string) => new Uint8Array(readFileSync(join(folder, name)))
const blobs = { key: 'blobs', bytes: readFixture('blobs.png') }

const read = (name: string) => readModelFile(join(folder, name))
const load = async (name: string): Promise<ModelRef> => {
  const yamlFile = [`${name}.yaml`, `${name}/model.yaml`].map((file) => join(folder, file)).find((file) => existsSync(file))
  const yaml = yamlFile ? parseModelYaml(readFileSync(yamlFile, 'utf8'), `${name}.yaml`) : {}
  const pair = [`${name}.`, `${name}/`].find((prefix) => existsSync(join(folder, `${prefix}encoder.onnx`)))
  const names = pair ? { encoder: `${pair}encoder.onnx`, decoder: `${pair}decoder.onnx` } : { main: `${name}.onnx` }
  const parts =
    'main' in names
      ? { main: await read(names.main!) }
      : { encoder: await read(names.encoder!), decoder: await read(names.decoder!) }
  const { spec } = describeModel(parts as Parameters<typeof describeModel>[0], yaml)
  const files = Object.fromEntries(Object.entries(names).map(([part, file]) => [part, join(folder, file!)]))
  return { key: name, name, files: files as ModelRef['files'], spec }
}

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})
const open = async (name: string) => {
  const model = await openModel(await load(name), 1)
  closing.push(model.close)
  return async (ask: Ask): Promise<any> => {
    const answer: Answer = await model.ask(ask)
    return 'value' in answer ? answer.value : answer
  }
}

/** Equal but for rounding: whole numbers to the last, others to 1e-4 (of pixels) or 1e-5 (of scores). */
const expectSame = (found: any, wanted: any, path = '') => {
  if (typeof wanted === 'number') {
    const allowed = Number.isInteger(wanted) && path.includes('runs') ? 0 : path.endsWith('score') ? 1e-5 : 1e-4
    if (!(Math.abs(found - wanted) <= allowed)) throw new Error(`${path}: ${found} instead of ${wanted}`)
  } else if (Array.isArray(wanted)) {
    expect([path, found?.length]).toEqual([path, wanted.length])
    for (const [i, value] of wanted.entries()) expectSame(found[i], value, `${path}[${i}]`)
  } else if (wanted && typeof wanted === 'object') {
    expect([path, Object.keys(found).sort()]).toEqual([path, Object.keys(wanted).sort()])
    for (const [key, value] of Object.entries(wanted))
      expectSame(found[key], value, `${path}.${key === 'points' && wanted.type === 'mask' ? 'runs' : key}`)
  } else expect([path, found]).toEqual([path, wanted])
}

test('a picture becomes the very numbers that NumPy makes of it', async () => {
  const { spec } = await load('blobs-v8')
  const pixels = await readPixels(blobs.bytes)
  const filled = fillInput(pixels, fitPicture(pixels, spec.input, spec.input.fit), spec.input)
  expect(shapeInput(spec.input)).toEqual(expected.input.dims)
  const values = [...filled].filter((_, i) => i % 61 === 0)
  expect(values).toHaveLength(expected.input.values.length)
  values.forEach((value, i) => {
    expect(Math.abs(value - expected.input.values[i])).toBeLessThan(2e-6)
  })
})

const detectors = [
  'blobs-v8',
  'blobs-half',
  'blobs-v5',
  'blobs-end2end',
  'blobs-seg',
  'blobs-pose',
  'blobs-obb',
  'blobs-boxes',
  'bright',
  'classes',
]
describe('detectors', () => {
  test.each(detectors)('%s finds what the reference finds', async (name) => {
    const ask = await open(name)
    const found = await ask({ do: 'detect', picture: blobs, threshold: null })
    expect(found.length).toBeGreaterThan(1)
    expectSame(found, expected[name], name)
  })
  test('a classifier tags, by the threshold that is asked for', async () => {
    const ask = await open('colours-cls')
    const wanted = expected['colours-cls']
    expectSame(await ask({ do: 'detect', picture: blobs, threshold: 0.1 }), wanted, 'cls')
    expect(await ask({ do: 'detect', picture: blobs, threshold: wanted[0].score + 0.01 })).toEqual([])
  })
})

describe('interactors', () => {
  test.each(['spot', 'spot2', 'rawspot'])('%s draws the mask that the reference draws', async (name) => {
    const ask = await open(name)
    for (const [i, prompt] of expected.prompts.entries()) {
      const [drawn] = await ask({ do: 'interact', picture: blobs, ...prompt })
      expect(drawn.points).toEqual(expected[name][i].points)
      expect(drawn.score).toBeCloseTo(expected[name][i].score, 5)
    }
  })
  test('a picture is looked at once: later questions need its key only', async () => {
    const ask = await open('spot')
    const prompt = expected.prompts[0]
    const key = { key: 'blobs' }
    expect(await ask({ do: 'interact', picture: key, ...prompt })).toEqual({ needs: 'picture' })
    await ask({ do: 'embed', picture: blobs })
    const [drawn] = await ask({ do: 'interact', picture: key, ...prompt })
    expect(drawn.points).toEqual(expected.spot[0].points)
  })
  test('the embedding of a picture has the names of the inputs of the decoder', async () => {
    const ask = await open('spot2')
    const { tensors, facts } = await ask({ do: 'embed', picture: blobs })
    expect(Object.keys(tensors).sort()).toEqual(['high_res_feats_0', 'high_res_feats_1', 'image_embed'])
    expect([tensors.image_embed.dims, tensors.image_embed.data.length]).toEqual([[1, 4, 16, 16], 4096])
    expect(facts).toMatchObject({ picture: { width: 96, height: 64 }, input: { width: 64, height: 64 } })
  })
})

test('a tracker finds the object where it moved to, and says when it is gone', async () => {
  const ask = await open('follow')
  const { box, points, score } = expected.follow
  const { states } = await ask({ do: 'start-tracking', picture: blobs, shapes: [{ type: 'rectangle', points: box }] })
  const moved = { key: 'moved', bytes: readFixture('blobs-moved.png') }
  const answer = await ask({ do: 'track', picture: moved, states: JSON.parse(JSON.stringify(states)) })
  expect(score).toBeGreaterThan(0.6)
  expectSame(answer.shapes, [{ type: 'rectangle', points }], 'follow')
  expect(answer.states[0].box).toEqual(answer.shapes[0].points)
  await expect(ask({ do: 'track', picture: moved, states: [{ box: [1, 2], template: 'x' }] })).rejects.toThrow(
    'a state that it did not give',
  )
})
