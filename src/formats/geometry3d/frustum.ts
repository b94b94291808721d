// What a view sees of space: a few planes, against which points and boxes are tested.

import { type Camera, castRay, fromCamera } from './camera'
import type { Vector } from './rotation'

/** Points with normal · point + offset ≥ 0 are on the inner side. */
export type Plane = { normal: Vector; offset: number }
export type Box = { min: Vector; max: Vector }

/**
 * The planes of a view-projection matrix (row by row, column vectors, clip space −w…w as in OpenGL): left, right, bottom, top, near, far.
 */
export function createFrustum(m: readonly number[]): Plane[] {
  const row = (at: number) => m.slice(at * 4, at * 4 + 4)
  const w = row(3)
  return [0, 1, 2].flatMap((axis) =>
    [1, -1].map((sign): Plane => {
      const [a, b, c, d] = w.map((value, i) => value + sign * row(axis)[i]!) as [number, number, number, number]
      const length = Math.hypot(a, b, c)
      return { normal: [a / length, b / length, c / length], offset: d / length }
    }),
  )
}

/** The planes between which a pinhole camera of known picture size sees, in the cloud's coordinates. Distances in metres. */
export function createCameraFrustum(camera: Camera & { width: number; height: number }, near = 0.1, far = 1000): Plane[] {
  const { width, height } = camera
  const place = (u: number, v: number, depth: number) => {
    const [x, y, z] = castRay(camera, u, v)
    return fromCamera(camera, [(x / z) * depth, (y / z) * depth, depth])
  }
  const eye = fromCamera(camera, [0, 0, 0])
  const rays = [place(0, 0, 1), place(width, 0, 1), place(width, height, 1), place(0, height, 1)]
  const middle = place(width / 2, height / 2, 1)
  const through = (a: Vector, b: Vector, c: Vector, inside: Vector): Plane => {
    const [p, q] = [[0, 1, 2].map((i) => b[i]! - a[i]!), [0, 1, 2].map((i) => c[i]! - a[i]!)] as [number[], number[]]
    const cross = [p[1]! * q[2]! - p[2]! * q[1]!, p[2]! * q[0]! - p[0]! * q[2]!, p[0]! * q[1]! - p[1]! * q[0]!]
    const length = Math.hypot(...cross)
    const normal = cross.map((value) => value / length) as unknown as Vector
    const offset = -(normal[0] * a[0] + normal[1] * a[1] + normal[2] * a[2])
    const side = normal[0] * inside[0] + normal[1] * inside[1] + normal[2] * inside[2] + offset
    return side >= 0 ? { normal, offset } : { normal: normal.map((value) => -value) as unknown as Vector, offset: -offset }
  }
  const sides = rays.map((ray, i) => through(eye, ray, rays[(i + 1) % 4]!, middle))
  const atDepth = (depth: number, inside: number) =>
    through(place(0, 0, depth), place(width, 0, depth), place(0, height, depth), place(width / 2, height / 2, inside))
  return [...sides, atDepth(near, far), atDepth(far, near)]
}

export function isInFrustum(planes: readonly Plane[], [x, y, z]: Vector): boolean {
  return planes.every(({ normal, offset }) => normal[0] * x + normal[1] * y + normal[2] * z + offset >= 0)
}

/** Whether a box may be seen: never no for one that is, now and then yes for one that lies just beside an edge. */
export function meetsFrustum(planes: readonly Plane[], { min, max }: Box): boolean {
  return planes.every(({ normal, offset }) => {
    const [x, y, z] = normal.map((value, axis) => value * (value >= 0 ? max : min)[axis]!) as [number, number, number]
    return x + y + z + offset >= 0
  })
}
