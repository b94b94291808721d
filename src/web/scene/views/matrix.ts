// Matrices of cameras: 16 numbers, columns first, as WebGL takes them.
import type { Vector } from '../../../formats/geometry3d/rotation'

export type Matrix4 = readonly number[]

/** Axes of a camera in the world, each of length 1. */
export type Axes = { right: Vector; up: Vector; back: Vector }

export const addVectors = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const subtractVectors = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
export const scaleVector = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by]
export const dotVectors = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
export const crossVectors = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
export const normaliseVector = (a: Vector): Vector => scaleVector(a, 1 / (Math.hypot(...a) || 1))

export const multiplyMatrix = (a: Matrix4, b: Matrix4): number[] => {
  const product = new Array<number>(16)
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++) {
      let sum = 0
      for (let i = 0; i < 4; i++) sum += a[i * 4 + row]! * b[column * 4 + i]!
      product[column * 4 + row] = sum
    }
  return product
}

/** x, y, z, w of a place. */
export const transformPoint = (m: Matrix4, [x, y, z]: Vector): [number, number, number, number] => [
  m[0]! * x + m[4]! * y + m[8]! * z + m[12]!,
  m[1]! * x + m[5]! * y + m[9]! * z + m[13]!,
  m[2]! * x + m[6]! * y + m[10]! * z + m[14]!,
  m[3]! * x + m[7]! * y + m[11]! * z + m[15]!,
]

export const createTranslation = ([x, y, z]: Vector): number[] => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1]

/** World to camera. */
export const createView = (eye: Vector, { right, up, back }: Axes): number[] => [
  ...[right[0], up[0], back[0], 0],
  ...[right[1], up[1], back[1], 0],
  ...[right[2], up[2], back[2], 0],
  ...[-dotVectors(right, eye), -dotVectors(up, eye), -dotVectors(back, eye), 1],
]

/** `fov`: upright angle of view, radians; `aspect`: width by height. */
export const createPerspective = (fov: number, aspect: number, near: number, far: number): number[] => {
  const f = 1 / Math.tan(fov / 2)
  return [f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, (far + near) / (near - far), -1, 0, 0, (2 * far * near) / (near - far), 0]
}

export const createOrthographic = (halfWidth: number, halfHeight: number, near: number, far: number): number[] => [
  ...[1 / halfWidth, 0, 0, 0],
  ...[0, 1 / halfHeight, 0, 0],
  ...[0, 0, -2 / (far - near), 0],
  ...[0, 0, -(far + near) / (far - near), 1],
]

/** The part of a line in clip space that lies before the camera; null when none does. */
export const clipLine = (a: readonly number[], b: readonly number[]): [number[], number[]] | null => {
  const least = 1e-4
  const [wa, wb] = [a[3]!, b[3]!]
  if (wa < least && wb < least) return null
  const at = (from: readonly number[], to: readonly number[], share: number) => from.map((v, i) => v + (to[i]! - v) * share)
  if (wa < least) return [at(a, b, (least - wa) / (wb - wa)), [...b]]
  if (wb < least) return [[...a], at(a, b, (least - wa) / (wb - wa))]
  return [[...a], [...b]]
}

/** The part of a polygon in clip space that lies before the camera. */
export const clipPolygon = (corners: readonly (readonly number[])[]): (readonly number[])[] => {
  const least = 1e-4
  return corners.flatMap((a, i) => {
    const b = corners[(i + 1) % corners.length]!
    const kept = a[3]! >= least ? [a] : []
    if (a[3]! >= least === b[3]! >= least) return kept
    const share = (least - a[3]!) / (b[3]! - a[3]!)
    return [...kept, a.map((v, at) => v + (b[at]! - v) * share)]
  })
}
