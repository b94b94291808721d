// Writes ONNX files for benchmarks: as heavy as real models, with weights of no meaning.
// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
import { writeFileSync } from 'node:fs'
import { createRandom } from './pictures.ts'

type Bytes = Uint8Array
const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))])
const join = (...parts: Bytes[]): Bytes => Buffer.concat(parts)
const field = (number: number, value: number | string | Bytes): Bytes => {
  if (typeof value === 'number') return Uint8Array.from([...varint(number * 8), ...varint(value)])
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
  return join(Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes)
}

const types = { float: 1, int64: 7 } as const
/** `x: [1, 3, 'height']`: a text is a free size. */
export type Shape = Record<string, (number | string)[]>

const writeInfo = (name: string, sizes: (number | string)[]): Bytes => {
  const shape = join(...sizes.map((size) => field(1, typeof size === 'number' ? field(1, size) : field(2, size))))
  return join(field(1, name), field(2, field(1, join(field(1, types.float), field(2, shape)))))
}
const writeTensor = (name: string, dims: number[], type: keyof typeof types, data: Bytes): Bytes =>
  join(...dims.map((size) => field(1, size)), field(2, types[type]), field(8, name), field(9, data))
const writeAttribute = (name: string, value: number | number[]): Bytes =>
  typeof value === 'number'
    ? join(field(1, name), field(3, value), field(20, 2))
    : join(field(1, name), ...value.map((one) => field(8, one)), field(20, 7))

/** A graph that is put together node by node; every method answers the name of what it made. */
export const createGraph = () => {
  const [nodes, weights]: [Bytes[], Bytes[]] = [[], []]
  const random = createRandom(1)
  let count = 0
  const node = (
    op: string,
    inputs: string[],
    attributes: Record<string, number | number[]> = {},
    output = `t${++count}`,
  ): string => {
    const written = Object.entries(attributes).map(([name, values]) => field(5, writeAttribute(name, values)))
    nodes.push(join(...inputs.map((name) => field(1, name)), field(2, output), field(4, op), ...written))
    return output
  }
  const floats = (dims: number[], make: (i: number) => number): string => {
    const name = `w${++count}`
    const data = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => make(i))
    weights.push(writeTensor(name, dims, 'float', new Uint8Array(data.buffer)))
    return name
  }
  const integers = (values: number[]): string => {
    const name = `w${++count}`
    weights.push(writeTensor(name, [values.length], 'int64', new Uint8Array(BigInt64Array.from(values, BigInt).buffer)))
    return name
  }
  /** Random weights that keep the numbers at their size. */
  const conv = (input: string, from: number, to: number, side: number, stride = 1, output?: string): string => {
    const pad = stride === 1 ? side >> 1 : 0
    const spread = 2 / Math.sqrt(from * side * side)
    const kernel = floats([to, from, side, side], () => (random() - 0.5) * spread)
    return node('Conv', [input, kernel], { strides: [stride, stride], pads: [pad, pad, pad, pad] }, output)
  }
  const save = (path: string, inputs: Shape, outputs: Shape, notes: Record<string, string> = {}) => {
    const graph = join(
      ...nodes.map((bytes) => field(1, bytes)),
      field(2, 'benchmark'),
      ...weights.map((bytes) => field(5, bytes)),
      ...Object.entries(inputs).map(([name, sizes]) => field(11, writeInfo(name, sizes))),
      ...Object.entries(outputs).map(([name, sizes]) => field(12, writeInfo(name, sizes))),
    )
    const pairs = Object.entries(notes).map(([key, value]) => field(14, join(field(1, key), field(2, value))))
    writeFileSync(path, join(field(1, 8), field(7, graph), field(8, join(field(1, ''), field(2, 17))), ...pairs))
  }
  return { node, floats, integers, conv, save }
}
