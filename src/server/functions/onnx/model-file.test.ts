// What is read from model files and the texts beside them, and what is said of bad ones.
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeModel } from './describe-model'
import { ModelError } from './model-error'
import { type ModelFile, readModelFile } from './model-file'
import { parseModelYaml } from './model-yaml'
import { parsePythonLiteral } from './python-literal'

const fixtures = join(import.meta.dir, '../../../../tests/fixtures/models')
const folder = mkdtempSync(join(tmpdir(), 'annolith-model-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Fields of the wire format: a number, or bytes of a text or message. */
const field = (number: number, value: number | string | Uint8Array): Uint8Array => {
  const varint = (rest: number): number[] => (rest < 128 ? [rest] : [(rest % 128) + 128, ...varint(Math.floor(rest / 128))])
  if (typeof value === 'number') return Uint8Array.from([...varint(number * 8), ...varint(value)])
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  return new Uint8Array(Buffer.concat([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]))
}
const message = (...fields: Uint8Array[]) => new Uint8Array(Buffer.concat(fields))
const valueInfo = (name: string, sizes: number[]) => {
  const shape = message(...sizes.map((size) => field(1, message(field(1, size)))))
  return message(field(1, name), field(2, message(field(1, message(field(1, 1), field(2, shape))))))
}
const weights = (name: string, location?: string) =>
  message(field(8, name), ...(location ? [field(13, message(field(1, 'location'), field(2, location)))] : []))
const write = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const writeModel = (name: string, graph: Uint8Array[], ...more: Uint8Array[]) =>
  write(name, message(field(1, 8), ...more, field(7, message(...graph))))

test('inputs, outputs and notes of a real file', async () => {
  const model = await readModelFile(join(fixtures, 'blobs-seg.onnx'))
  expect(model).toMatchObject({ irVersion: 8, producer: 'fixtures', opsets: { 'ai.onnx': 17 } })
  expect(model.inputs).toEqual([{ name: 'images', type: 'float32', shape: [1, 3, 64, 64] }])
  expect(model.outputs.map(({ name, shape }) => [name, ...shape])).toEqual([
    ['output0', 1, 10, 64],
    ['output1', 1, 4, 16, 16],
  ])
  expect(model.notes).toMatchObject({ task: 'segment', names: "{0: 'red', 1: 'blue'}", imgsz: '[64, 64]' })
  const free = await readModelFile(join(fixtures, 'bright.onnx'))
  expect(free.inputs[0]!.shape).toEqual(['batch', 3, 'height', 'width'])
})

test('weights among the inputs are none, and large ones are passed over', async () => {
  const big = message(field(8, 'w'), field(9, new Uint8Array(20 << 20)))
  const path = writeModel('old.onnx', [
    field(11, valueInfo('x', [1, 3, 8, 8])),
    field(11, valueInfo('w', [5])),
    field(5, big),
    field(12, valueInfo('y', [1, 2])),
  ])
  const before = process.memoryUsage().arrayBuffers
  const model = await readModelFile(path)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20)
  expect(model.inputs.map(({ name }) => name)).toEqual(['x'])
})

describe('bad files are named', () => {
  const graph = [field(11, valueInfo('x', [1])), field(12, valueInfo('y', [1]))]
  const good = message(field(1, 8), field(7, message(...graph)))
  test.each([
    ['empty', new Uint8Array(), 'is empty'],
    ['a text', new TextEncoder().encode('this is no model at all, but a long enough text'), 'is no ONNX model'],
    ['cut off', good.subarray(0, good.length - 3), 'ends before it is complete'],
    ['no graph', field(1, 8), 'is no ONNX model'],
    ['no outputs', message(field(1, 8), field(7, message(graph[0]!))), 'has no inputs or no outputs'],
    [
      'a length beyond the end',
      message(field(1, 8), Uint8Array.from([58, 255, 255, 255, 255, 15])),
      'ends before it is complete',
    ],
    ['an endless number', Uint8Array.from([8, ...Array(12).fill(255)]), 'is no ONNX model'],
    ['a huge text', message(field(1, 8), field(2, 'x'.repeat(5 << 20))), 'holds a text of 5242880 bytes'],
    [
      'weights elsewhere',
      message(field(1, 8), field(7, message(...graph, field(5, weights('w', '../../secrets/key'))))),
      'keeps weights in "../../secrets/key"',
    ],
    [
      'hidden weights',
      message(field(1, 8), field(7, message(...graph, field(5, weights('w', '/etc/passwd'))))),
      'keeps weights in "/etc/passwd"',
    ],
  ])('%s', async (name, bytes, said) => {
    const error = await readModelFile(write('bad.onnx', bytes), `${name}.onnx`).catch((reason) => reason)
    expect(error).toBeInstanceOf(ModelError)
    expect(error.message).toContain(`${name}.onnx ${said}`)
  })
  test('a missing one, and every cut of a good one', async () => {
    await expect(readModelFile(join(folder, 'none.onnx'))).rejects.toThrow('none.onnx does not exist')
    const whole = readFileSync(join(fixtures, 'bright.onnx'))
    for (let length = 0; length < whole.length; length += 7) {
      const error = await readModelFile(write('cut.onnx', whole.subarray(0, length))).catch((reason) => reason)
      if (error instanceof Error) expect(error).toBeInstanceOf(ModelError)
    }
  })
})

test('notes as Python writes them', () => {
  expect(parsePythonLiteral(`{0: 'person', 1: "cat's", 10: 'a\\'b'}`)).toEqual(
    new Map([
      ['0', 'person'],
      ['1', "cat's"],
      ['10', "a'b"],
    ]),
  )
  expect(parsePythonLiteral('[640, 480]')).toEqual([640, 480])
  expect(parsePythonLiteral('(17, 3,)')).toEqual([17, 3])
  expect(parsePythonLiteral(' {"a": [True, None, -1.5e3]} ')).toEqual(new Map([['a', [true, null, -1500]]]))
  for (const bad of ['', '[1', '{0 "a"}', "'open", '[1] 2', 'import os', '['.repeat(20)])
    expect(() => parsePythonLiteral(bad)).toThrow(SyntaxError)
})

const file = (changes: Partial<ModelFile> = {}): ModelFile => ({
  irVersion: 8,
  producer: '',
  modelVersion: 1,
  about: '',
  opsets: {},
  inputs: [{ name: 'images', type: 'float32', shape: [1, 3, 64, 32] }],
  outputs: [{ name: 'y', type: 'float32', shape: [1, 6, 100] }],
  notes: {},
  externalFiles: [],
  ...changes,
})

describe('what notes and YAML say together', () => {
  const names = "{0: 'a', 1: 'b'}"
  test('notes of Ultralytics are enough', () => {
    const { spec } = describeModel({ main: file({ notes: { task: 'detect', names, imgsz: '[64, 32]' } }) }, {})
    expect(spec).toMatchObject({ family: 'yolo-detect', threshold: 0.25, overlap: 0.7, most: 300 })
    expect(spec.labels.map(({ name, type }) => [name, type])).toEqual([
      ['a', 'rectangle'],
      ['b', 'rectangle'],
    ])
    expect(spec.input).toMatchObject({ width: 32, height: 64, layout: 'nchw', channels: 'rgb', fit: 'letterbox', pad: 114 })
    const end = describeModel({ main: file({ notes: { task: 'detect', names, end2end: 'True' } }) }, {}).spec
    expect([end.rows, end.overlap]).toEqual(['end-to-end', null])
    const pose = describeModel({ main: file({ notes: { task: 'pose', names: "{0: 'person'}", kpt_shape: '[17, 3]' } }) }, {}).spec
    expect(pose.labels[0]!.sublabels!.map(({ name }) => name).slice(0, 2)).toEqual(['nose', 'left_eye'])
  })
  test('YAML goes before notes, and free sizes are filled in', () => {
    const yaml = parseModelYaml(
      'family: classify\nlabels: [x, y, z]\ninput:\n  size: 96\n  channels: bgr\n  mean: [123, 117, 104]\n  std: 58',
      'm.yaml',
    )
    const free = file({ inputs: [{ name: 'in', type: 'float32', shape: ['n', 'h', 'w', 3] }], notes: { task: 'detect', names } })
    const { spec } = describeModel({ main: free }, yaml)
    expect(spec).toMatchObject({ family: 'classify', most: 5, threshold: 0.5 })
    expect(spec.input).toMatchObject({
      width: 96,
      height: 96,
      layout: 'nhwc',
      channels: 'bgr',
      scale: 1,
      mean: [123, 117, 104],
      deviation: [58, 58, 58],
    })
  })
  test('encoder and decoder are put together by names and shapes', async () => {
    const [encoder, decoder] = [
      await readModelFile(join(fixtures, 'spot2/encoder.onnx')),
      await readModelFile(join(fixtures, 'spot2/decoder.onnx')),
    ]
    const { spec } = describeModel({ encoder, decoder }, {})
    expect(spec.decoder!.embeddings).toEqual({
      image_embed: 'image_embed',
      high_res_feats_0: 'high_res_feats_0',
      high_res_feats_1: 'high_res_feats_1',
    })
    expect(spec.input.fit).toBe('stretch')
    const renamed = { ...encoder, outputs: encoder.outputs.map((output) => ({ ...output, name: `${output.name}_out` })) }
    expect(describeModel({ encoder: renamed, decoder }, {}).spec.decoder!.embeddings.high_res_feats_0).toBe(
      'high_res_feats_0_out',
    )
    expect(() => describeModel({ encoder: { ...encoder, outputs: [] }, decoder }, {})).toThrow(
      'which is no output of the encoder',
    )
  })
  test('EfficientSAM: stretched pictures of plain shares', () => {
    const value = (name: string, shape: (number | string)[], type = 'float32') => ({ name, type, shape })
    const encoder = file({
      inputs: [value('batched_images', ['b', 3, 'h', 'w'])],
      outputs: [value('image_embeddings', ['b', 256, 64, 64])],
    })
    const prompts = [value('batched_point_coords', [1, 1, 'n', 2]), value('batched_point_labels', [1, 1, 'n'])]
    const decoder = file({
      inputs: [value('image_embeddings', ['b', 256, 64, 64]), ...prompts, value('orig_im_size', [2], 'int64')],
      outputs: [value('output_masks', [1, 1, 3, 'h', 'w']), value('iou_predictions', [1, 1, 3])],
    })
    const { spec } = describeModel({ encoder, decoder }, {})
    expect(spec.input).toMatchObject({ width: 1024, height: 1024, fit: 'stretch', mean: [0, 0, 0], deviation: [1, 1, 1] })
    expect(spec.input.scale).toBeCloseTo(1 / 255)
  })
  test.each([
    ['nothing says what it finds', file(), '', 'does not say what it finds'],
    ['no labels', file(), 'family: boxes', 'does not name its labels'],
    [
      'several inputs',
      file({ inputs: [...file().inputs, ...file().inputs] }),
      'family: boxes\nlabels: [a]',
      'one picture is expected',
    ],
    ['another size', file(), 'family: boxes\nlabels: [a]\ninput:\n  size: 640', 'the model takes 32 × 64'],
    [
      'a batch',
      file({ inputs: [{ name: 'i', type: 'float32', shape: [8, 3, 64, 64] }] }),
      'family: boxes\nlabels: [a]',
      'takes 8 pictures at once',
    ],
    [
      'no picture',
      file({ inputs: [{ name: 'i', type: 'float32', shape: [1, 5, 64, 64] }] }),
      'family: boxes\nlabels: [a]',
      'pictures have 1 or 3 channels',
    ],
    ['an output that is not there', file(), 'family: boxes\nlabels: [a]\noutputs:\n  boxes: z', 'has no output "z"; there are y'],
    ['bad notes', file({ notes: { names: '{0: ' } }), '', 'its note "names" cannot be understood'],
    ['half a pair', file(), 'family: sam', 'needs an encoder and a decoder'],
  ])('%s', (_, main, yaml, said) => expect(() => describeModel({ main }, parseModelYaml(yaml, 'm.yaml'))).toThrow(said))
})

describe('bad YAML is told by file and key', () => {
  test.each([
    ['labels: a', 'm.yaml: labels must be a list'],
    ['labels: [a, a]', 'm.yaml: labels must be names that differ'],
    ['labels: {0: a, 2: b}', 'm.yaml: labels must be numbered from 0 without gaps'],
    ['family: yolo', 'm.yaml: family must be one of yolo-detect'],
    ['colour: red', 'm.yaml: unknown key "colour"; known are name'],
    ['input:\n  size: 3', 'm.yaml: input.size must be a number from 8 to 8192'],
    ['input:\n  sizes: 3', 'm.yaml: unknown key "input.sizes"; known are size'],
    ['input:\n  std: [1, x, 2]', 'm.yaml: input.std must be a number'],
    ['threshold: 2', 'm.yaml: threshold must be a number from 0 to 1'],
    ['- a', 'm.yaml: must be keys with values'],
    ['outputs:\n  box: y', 'm.yaml: outputs must be one of boxes'],
    ['a: [', 'm.yaml: is no YAML'],
  ])('%s', (text, said) => {
    expect(() => parseModelYaml(text, 'm.yaml')).toThrow(said)
    expect(() => parseModelYaml(text, 'm.yaml')).toThrow(ModelError)
  })
  test('an empty one says nothing', () => expect(parseModelYaml('', 'm.yaml')).toEqual({}))
})
