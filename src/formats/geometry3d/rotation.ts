// Rotations in space: angles about x, y and z (radians) as CVAT stores them, and matrices.

export type Vector = readonly [number, number, number]
/** Row by row. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number]

export const identity: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1]

/** −π < angle ≤ π */
export function normaliseAngle(angle: number): number {
  const turn = angle % (2 * Math.PI)
  if (turn > Math.PI) return turn - 2 * Math.PI
  return turn <= -Math.PI ? turn + 2 * Math.PI : turn
}

/** The angle a share (0…1) of the way between two, the shortest way round. */
export function interpolateAngle(from: number, to: number, share: number): number {
  return normaliseAngle(from + normaliseAngle(to - from) * share)
}

/** The matrix of three angles: about the object's x first, then its turned y and z (order `XYZ` of three.js). */
export function createRotation([rx, ry, rz]: Vector): Matrix {
  const [a, b] = [Math.cos(rx), Math.sin(rx)]
  const [c, d] = [Math.cos(ry), Math.sin(ry)]
  const [e, f] = [Math.cos(rz), Math.sin(rz)]
  return [c * e, -c * f, d, a * f + b * e * d, a * e - b * f * d, -b * c, b * f - a * e * d, b * e + a * f * d, a * c]
}

/** The angles of a matrix, as `createRotation` takes them. */
export function readRotation([m11, m12, m13, , m22, m23, , m32, m33]: Matrix): [number, number, number] {
  const ry = Math.asin(Math.max(-1, Math.min(1, m13)))
  // Looking straight along x only the sum of the others is known.
  if (Math.abs(m13) > 1 - 1e-12) return [Math.atan2(m32, m22), ry, 0]
  return [Math.atan2(-m23, m33), ry, Math.atan2(-m12, m11)]
}

/** The matrix of a quaternion of any length but 0. */
export function createQuaternionRotation([w, x, y, z]: readonly [number, number, number, number]): Matrix {
  const s = 2 / (w * w + x * x + y * y + z * z)
  return [
    ...([1 - s * (y * y + z * z), s * (x * y - w * z), s * (x * z + w * y)] as const),
    ...([s * (x * y + w * z), 1 - s * (x * x + z * z), s * (y * z - w * x)] as const),
    ...([s * (x * z - w * y), s * (y * z + w * x), 1 - s * (x * x + y * y)] as const),
  ]
}

export function turnVector(m: Matrix, [x, y, z]: Vector): [number, number, number] {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z]
}

/** Also the inverse, of a rotation. */
export function transposeMatrix(m: Matrix): Matrix {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]]
}

export function multiplyMatrices(a: Matrix, b: Matrix): Matrix {
  const cell = (row: number, column: number) =>
    a[row * 3]! * b[column]! + a[row * 3 + 1]! * b[column + 3]! + a[row * 3 + 2]! * b[column + 6]!
  return Array.from({ length: 9 }, (_, i) => cell(Math.floor(i / 3), i % 3)) as unknown as Matrix
}
