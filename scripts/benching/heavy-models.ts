// Models of the size of those that people use: an interactor like MobileSAM (40 GFLOP to look, 3 to answer), a detector like YOLO nano (8).
import { join } from 'node:path'
import { createGraph } from './write-onnx.ts'

const side = 64
const depth = 256

const writeEncoder = (path: string) => {
  const { conv, node, save } = createGraph()
  let seen = conv('image', 3, depth, 16, 16)
  for (let i = 0; i < 8; i++) seen = node('Tanh', [conv(seen, depth, depth, 3)], {}, i === 7 ? 'image_embeddings' : undefined)
  save(path, { image: [1, 3, 1024, 1024] }, { image_embeddings: [1, depth, side, side] })
}

/** Near the points, where the features say so. */
const writeDecoder = (path: string) => {
  const { conv, node, floats, integers, save } = createGraph()
  const half = node('Tanh', [conv('image_embeddings', depth, 128, 3)])
  const plane = conv(node('Tanh', [conv(half, 128, 64, 3)]), 64, 1, 1)
  const cells = floats([1, side * side, 1, 2], (i) => ((i & 1 ? Math.floor(i / 2 / side) : (i >> 1) % side) + 0.5) * 16)
  const apart = node('Sub', [cells, node('Unsqueeze', ['point_coords', integers([1])])])
  const distance = node('ReduceSum', [node('Mul', [apart, apart]), integers([3])], { keepdims: 0 })
  const near = node('Exp', [node('Div', [distance, floats([1], () => -40_000)])])
  const weights = node('Unsqueeze', [node('Sub', ['point_labels', floats([1], () => 0.4)]), integers([1])])
  const prompt = node('ReduceSum', [node('Mul', [near, weights]), integers([2])], { keepdims: 0 })
  const low = node('Add', [plane, node('Reshape', [prompt, integers([1, 1, side, side])])])
  const shifted = node('Sub', [low, floats([1], () => 0.3)])
  node('Resize', [shifted, '', '', integers([1, 1, 256, 256])], {}, 'masks')
  save(
    path,
    { image_embeddings: [1, depth, side, side], point_coords: [1, 'n', 2], point_labels: [1, 'n'] },
    { masks: [1, 1, 256, 256] },
  )
}

const writeDetector = (path: string) => {
  const { conv, node, floats, integers, save } = createGraph()
  let seen = conv('images', 3, 64, 8, 8)
  for (let i = 0; i < 18; i++) seen = node('Tanh', [conv(seen, 64, 64, 3)])
  const rows = node('Reshape', [node('Sigmoid', [conv(seen, 64, 6, 1)]), integers([1, 6, 6400])])
  node('Mul', [rows, floats([1, 6, 1], (i) => (i < 4 ? 600 : 0.6))], {}, 'output0')
  const notes = { task: 'detect', names: "{0: 'thing', 1: 'other'}", imgsz: '[640, 640]' }
  save(path, { images: [1, 3, 640, 640] }, { output0: [1, 6, 6400] }, notes)
}

/** Puts interactor `looker` and detector `finder` into a folder of models. */
export const writeHeavyModels = (folder: string) => {
  writeEncoder(join(folder, 'looker.encoder.onnx'))
  writeDecoder(join(folder, 'looker.decoder.onnx'))
  writeDetector(join(folder, 'finder.onnx'))
}
