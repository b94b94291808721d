// Cameras out of the numbers of calibration files, checked: what is no rotation or no lens is named.

import { FormatError, type Place } from '../format-error'
import type { Camera } from '../geometry3d/camera'
import type { Matrix, Vector } from '../geometry3d/rotation'

/** How far (of 1) rows of a rotation may be from right angles and length 1: files are rounded. */
const slack = 0.02

/** Nine numbers, row by row, as a rotation. */
export function asRotation(values: readonly number[], place: Place): Matrix {
  if (values.length !== 9) throw new FormatError(`nine numbers of a rotation are needed, not ${values.length}`, place)
  const row = (i: number) => values.slice(i * 3, i * 3 + 3)
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  for (let i = 0; i < 3; i++)
    for (let j = i; j < 3; j++)
      if (!(Math.abs(dot(row(i), row(j)) - Number(i === j)) <= slack)) throw new FormatError('this is no rotation', place)
  const [a, b, c] = [row(0), row(1), row(2)] as [number[], number[], number[]]
  const cross = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!]
  if (dot(cross, c) < 0) throw new FormatError('this is a reflection, no rotation', place)
  return values as unknown as Matrix
}

export function asVector(values: readonly number[], place: Place): Vector {
  if (values.length !== 3) throw new FormatError(`three numbers are needed, not ${values.length}`, place)
  return values as unknown as Vector
}

/** Focal lengths and the middle out of nine numbers, row by row, of a camera matrix. */
export function asIntrinsics(values: readonly number[], place: Place): Pick<Camera, 'fx' | 'fy' | 'cx' | 'cy'> {
  if (values.length !== 9) throw new FormatError(`nine numbers of a camera matrix are needed, not ${values.length}`, place)
  const [fx, skew, cx, zero, fy, cy, zero1, zero2, one] = values as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (!(fx > 0) || !(fy > 0)) throw new FormatError('the focal lengths must be above 0', place)
  if (Math.abs(skew) > slack * fx) throw new FormatError('cameras with a skew are not supported', place)
  if (Math.abs(zero) > slack || Math.abs(zero1) > slack || Math.abs(zero2) > slack || Math.abs(one - 1) > slack)
    throw new FormatError('this is no camera matrix', place)
  return { fx, fy, cx, cy }
}
