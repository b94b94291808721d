// Where something stands in space: a turn and a place, to be chained and turned round.

import {
  createQuaternionRotation,
  identity,
  type Matrix,
  multiplyMatrices,
  transposeMatrix,
  turnVector,
  type Vector,
} from '../geometry3d/rotation'

/** From its own coordinates to those it stands in: rotation · point + translation. Metres. */
export type Pose = { rotation: Matrix; translation: Vector }

export const standing: Pose = { rotation: identity, translation: [0, 0, 0] }

export function movePoint({ rotation, translation }: Pose, point: Vector): [number, number, number] {
  return turnVector(rotation, point).map((value, axis) => value + translation[axis]!) as [number, number, number]
}

/** First the last pose, then the one before it, and so on. */
export function chainPoses(...poses: Pose[]): Pose {
  return poses.reduceRight(
    (inner, outer) => ({
      rotation: multiplyMatrices(outer.rotation, inner.rotation),
      translation: movePoint(outer, inner.translation),
    }),
    standing,
  )
}

export function invertPose({ rotation, translation }: Pose): Pose {
  const back = transposeMatrix(rotation)
  return { rotation: back, translation: turnVector(back, translation).map((value) => 0 - value) as unknown as Vector }
}

/** Of a quaternion w x y z. */
export function createPose(quaternion: readonly number[], translation: Vector): Pose {
  return { rotation: createQuaternionRotation(quaternion as [number, number, number, number]), translation }
}

/** The quaternion w x y z of a rotation, of length 1 and with w ≥ 0. By the largest of its parts, so that none is lost to rounding. */
export function readQuaternion([a, b, c, d, e, f, g, h, i]: Matrix): [number, number, number, number] {
  const squares = [1 + a + e + i, 1 + a - e - i, 1 - a + e - i, 1 - a - e + i]
  const most = squares.indexOf(Math.max(...squares))
  const parts = [
    [squares[0]!, h - f, c - g, d - b],
    [h - f, squares[1]!, b + d, c + g],
    [c - g, b + d, squares[2]!, f + h],
    [d - b, c + g, f + h, squares[3]!],
  ][most]!
  const length = Math.hypot(...parts) * (parts[0]! < 0 ? -1 : 1)
  return parts.map((part) => part / length) as [number, number, number, number]
}
