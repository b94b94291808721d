// What decoders of different exports are asked, and which of their masks is taken.
import { expect, test } from 'bun:test'
import { chooseDecoderOutputs, feedPrompt, isPromptInput, type PromptFacts, readPromptedMask } from './prompted-masks'

const facts: PromptFacts = {
  picture: { width: 8, height: 4 },
  input: { width: 16, height: 16 },
  fit: { scaleX: 2, scaleY: 2, left: 0, top: 0 },
}
const input = (name: string, shape: (number | string)[], type = 'float32') => ({ name, type, shape })
const first = [
  input('image_embeddings', [1, 256, 64, 64]),
  input('point_coords', [1, 'n', 2]),
  input('point_labels', [1, 'n']),
  input('mask_input', [1, 1, 256, 256]),
  input('has_mask_input', [1]),
  input('orig_im_size', [2]),
]

test('the first version gets a point that is none, unless there is a box', () => {
  const fed = feedPrompt(first, { positive: [[1, 2]], negative: [[3, 1]], box: null }, facts)
  expect(Object.keys(fed).sort()).toEqual(['has_mask_input', 'mask_input', 'orig_im_size', 'point_coords', 'point_labels'])
  expect(fed.point_coords).toEqual({ dims: [1, 3, 2], data: Float32Array.of(2, 4, 6, 2, 0, 0) })
  expect(fed.point_labels).toEqual({ dims: [1, 3], data: Float32Array.of(1, 0, -1) })
  expect([fed.has_mask_input!.dims, fed.mask_input!.data.length]).toEqual([[1], 65536])
  expect([...fed.orig_im_size!.data]).toEqual([4, 8])
  const boxed = feedPrompt(first, { positive: [[1, 2]], negative: [], box: [0, 1, 4, 3] }, facts)
  expect([...boxed.point_coords!.data]).toEqual([2, 4, 0, 2, 8, 6])
  expect([...boxed.point_labels!.data]).toEqual([1, 2, 3])
})

test('exports with several embeddings, and those that count one size more', () => {
  const second = [...first.slice(0, 5), input('high_res_feats_0', [1, 32, 256, 256])]
  expect([...feedPrompt(second, { positive: [[1, 2]], negative: [], box: null }, facts).point_labels!.data]).toEqual([1])
  const other = [
    input('input_points', [1, 1, 'n', 2]),
    input('input_labels', [1, 1, 'n'], 'int64'),
    input('image_embeddings', [1, 256, 64, 64]),
    input('image_positional_embeddings', [1, 256, 64, 64]),
  ]
  expect(other.filter(({ name }) => isPromptInput(name)).map(({ name }) => name)).toEqual(['input_points', 'input_labels'])
  const fed = feedPrompt(other, { positive: [[1, 2]], negative: [], box: null }, facts)
  expect([fed.input_points!.dims, fed.input_labels!.dims]).toEqual([
    [1, 1, 1, 2],
    [1, 1, 1],
  ])
  expect(() => feedPrompt(first, { positive: [], negative: [], box: null }, facts)).toThrow(RangeError)
})

test('the surest of several masks is taken, and brought from the input to the picture', () => {
  const low = new Float32Array(2 * 16).fill(-1)
  // In the second mask the left half of the input's upper half: the left half of the picture.
  for (const at of [0, 1, 4, 5]) low[16 + at] = 1
  const { mask, score } = readPromptedMask(
    { masks: { dims: [1, 2, 4, 4], data: low }, iou_predictions: { dims: [1, 2], data: Float32Array.of(0.2, 0.7) } },
    facts,
  )
  expect(score).toBeCloseTo(0.7)
  expect([...mask.data.subarray(0, 8)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0])
  const full = Float32Array.from({ length: 32 }, (_, i) => (i === 9 ? 3 : -3))
  const exact = readPromptedMask({ masks: { dims: [1, 1, 4, 8], data: full } }, facts)
  expect([exact.mask.data.indexOf(1), exact.mask.data.lastIndexOf(1), exact.score]).toEqual([9, 9, 1])
  const both = { low_res_masks: { dims: [1, 1, 4, 4], data: low.subarray(16) }, masks: { dims: [1, 1, 4, 8], data: full } }
  expect([...readPromptedMask(both, facts).mask.data.subarray(0, 8)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0])
  expect(() => readPromptedMask({ other: { dims: [1], data: new Float32Array(1) } }, facts)).toThrow('gave no masks but other')
})

test('low masks are computed rather than large ones', () => {
  expect(chooseDecoderOutputs(['masks', 'iou_predictions', 'low_res_masks'])).toEqual(['low_res_masks', 'iou_predictions'])
  expect(chooseDecoderOutputs(['iou_scores', 'pred_masks'])).toEqual(['pred_masks', 'iou_scores'])
  expect(chooseDecoderOutputs(['output'])).toEqual(['output'])
})

test('EfficientSAM counts in pixels of what it was given', () => {
  const inputs = [
    input('image_embeddings', [1, 256, 64, 64]),
    input('batched_point_coords', [1, 1, 'n', 2]),
    input('batched_point_labels', [1, 1, 'n']),
    input('orig_im_size', [2], 'int64'),
  ]
  const fed = feedPrompt(inputs, { positive: [[1, 2]], negative: [], box: null }, facts)
  expect([fed.batched_point_coords!.dims, ...fed.orig_im_size!.data]).toEqual([[1, 1, 1, 2], 16, 16])
})
