// Cameras beside a point cloud: where a point in space appears in a picture, and what a cuboid looks like there.
// Models: pinhole with the Brown–Conrady distortion (rational where k4 to k6 are given), and the equidistant fisheye of Kannala and Brandt.

import { type Cuboid, cuboidEdges, listCorners } from './cuboid'
import { type Matrix, transposeMatrix, turnVector, type Vector } from './rotation'

export type CameraModel = 'pinhole' | 'fisheye'

/** Axes of the camera: x to the right, y down, z forward. */
export type Camera = {
  model: CameraModel
  /** Focal lengths and the middle, in pixels. */
  fx: number
  fy: number
  cx: number
  cy: number
  /** Pinhole: k1 k2 p1 p2 [k3 [k4 k5 k6]]; fisheye: k1 k2 k3 k4. Missing ones are 0. */
  distortion: readonly number[]
  /** From the cloud's coordinates to the camera's: rotation · point + translation. */
  rotation: Matrix
  translation: Vector
  /** Pixels of the picture, when known. */
  width?: number
  height?: number
}

export type Pixel = { u: number; v: number /** Along the camera's z. */; depth: number }

export function toCamera(
  { rotation, translation }: Pick<Camera, 'rotation' | 'translation'>,
  point: Vector,
): [number, number, number] {
  return turnVector(rotation, point).map((value, axis) => value + translation[axis]!) as [number, number, number]
}

export function fromCamera(
  { rotation, translation }: Pick<Camera, 'rotation' | 'translation'>,
  point: Vector,
): [number, number, number] {
  const [x, y, z] = point
  return turnVector(transposeMatrix(rotation), [x - translation[0], y - translation[1], z - translation[2]])
}

function bendPinhole(distortion: readonly number[], x: number, y: number): [number, number] {
  const [k1 = 0, k2 = 0, p1 = 0, p2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0] = distortion
  const r2 = x * x + y * y
  const radial = (1 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)))
  return [x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x), y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y]
}

/** How far from the middle a ray at an angle to the axis appears, for a focal length of 1. */
function bendAngle([k1 = 0, k2 = 0, k3 = 0, k4 = 0]: readonly number[], angle: number): number {
  const a2 = angle * angle
  return angle * (1 + a2 * (k1 + a2 * (k2 + a2 * (k3 + a2 * k4))))
}

/** Where the distortion turns back: what lies beyond would fold over into the picture. A radius of pinholes, an angle of fisheyes. */
const foldLimits = { pinhole: new WeakMap<readonly number[], number>(), fisheye: new WeakMap<readonly number[], number>() }
function findFold({ model, distortion }: Pick<Camera, 'model' | 'distortion'>): number {
  const known = foldLimits[model].get(distortion)
  if (known !== undefined) return known
  const [k1 = 0, k2 = 0, , , k3 = 0, k4 = 0, k5 = 0, k6 = 0] = distortion
  const radial = [k1, k2, 0, 0, k3, k4, k5, k6]
  const bend = model === 'fisheye' ? (at: number) => bendAngle(distortion, at) : (at: number) => bendPinhole(radial, at, 0)[0]
  // Further out nothing is seen: 84° of a pinhole, straight back of a fisheye.
  const most = model === 'fisheye' ? Math.PI - 1e-6 : 10
  const step = 0.005
  let limit = 0
  while (limit + step <= most && bend(limit + step) > bend(limit)) limit += step
  if (limit + step > most) limit = model === 'fisheye' ? most : Infinity
  foldLimits[model].set(distortion, limit)
  return limit
}

/** Where a point in the camera's own coordinates appears; nothing when it is behind the camera or folded over. */
export function projectInCamera(camera: Camera, [x, y, z]: Vector): Pixel | undefined {
  const { model, fx, fy, cx, cy, distortion } = camera
  if (model === 'fisheye') {
    const off = Math.hypot(x, y)
    const angle = Math.atan2(off, z)
    // A ray straight back has no side.
    if (angle > findFold(camera)) return undefined
    const stretch = off < 1e-12 ? 0 : bendAngle(distortion, angle) / off
    return { u: fx * x * stretch + cx, v: fy * y * stretch + cy, depth: z }
  }
  if (!(z > 1e-9)) return undefined
  const [a, b] = [x / z, y / z]
  if (Math.hypot(a, b) > findFold(camera)) return undefined
  const [u, v] = bendPinhole(distortion, a, b)
  return { u: fx * u + cx, v: fy * v + cy, depth: z }
}

export function projectPoint(camera: Camera, point: Vector): Pixel | undefined {
  return projectInCamera(camera, toCamera(camera, point))
}

/** The direction (length 1, the camera's coordinates) that a pixel looks into: the inverse of projecting. */
export function castRay(camera: Camera, u: number, v: number): [number, number, number] {
  const [a, b] = [(u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy]
  if (camera.model === 'fisheye') {
    const radius = Math.hypot(a, b)
    const angle = unbendAngle(camera, radius)
    const side = radius < 1e-12 ? 0 : Math.sin(angle) / radius
    return [a * side, b * side, Math.cos(angle)]
  }
  const [x, y] = unbendPinhole(camera.distortion, a, b)
  const length = Math.hypot(x, y, 1)
  return [x / length, y / length, 1 / length]
}

/** The angle that is bent to a radius, by halving: up to the fold it only grows. */
function unbendAngle(camera: Camera, radius: number): number {
  let [low, high] = [0, findFold(camera)]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (bendAngle(camera.distortion, middle) < radius) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Newton's steps after some coarse ones. */
function unbendPinhole(distortion: readonly number[], a: number, b: number): [number, number] {
  let [x, y] = [a, b]
  for (let i = 0; i < 10; i++) {
    const [u, v] = bendPinhole(distortion, x, y)
    x += a - u
    y += b - v
  }
  const h = 1e-6
  for (let i = 0; i < 20; i++) {
    const [u, v] = bendPinhole(distortion, x, y)
    const [ux, vx] = bendPinhole(distortion, x + h, y).map((value, at) => (value - [u, v][at]!) / h) as [number, number]
    const [uy, vy] = bendPinhole(distortion, x, y + h).map((value, at) => (value - [u, v][at]!) / h) as [number, number]
    const determinant = ux * vy - uy * vx
    if (Math.abs(determinant) < 1e-9) break
    x += (vy * (a - u) - uy * (b - v)) / determinant
    y += (ux * (b - v) - vx * (a - u)) / determinant
  }
  return [x, y]
}

/** Nearer than this (metres) lines are cut off. */
const near = 0.05
const edgeSteps = 8

/** The edges of a cuboid in the picture, each as a line of several points since distortion bends it; cut where it is behind the camera. */
export function projectCuboid(camera: Camera, cuboid: Cuboid): Pixel[][] {
  const corners = listCorners(cuboid).map((corner) => toCamera(camera, corner))
  const lines: Pixel[][] = []
  for (const [from, to] of cuboidEdges) {
    let [a, b] = [corners[from]! as Vector, corners[to]! as Vector]
    const mix = (share: number): Vector => [0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * share) as unknown as Vector
    if (camera.model === 'pinhole') {
      if (a[2] < near && b[2] < near) continue
      if (a[2] < near || b[2] < near) {
        const cut = mix((near - a[2]) / (b[2] - a[2]))
        if (a[2] < near) a = cut
        else b = cut
      }
    }
    let line: Pixel[] = []
    for (let step = 0; step <= edgeSteps; step++) {
      const pixel = projectInCamera(camera, mix(step / edgeSteps))
      if (pixel) line.push(pixel)
      else {
        if (line.length > 1) lines.push(line)
        line = []
      }
    }
    if (line.length > 1) lines.push(line)
  }
  return lines
}

/** The upright rectangle around a cuboid in the picture, cut at its borders when its size is known; nothing when it is not seen. */
export function boundCuboid(
  camera: Camera,
  cuboid: Cuboid,
): { left: number; top: number; right: number; bottom: number } | undefined {
  const pixels = projectCuboid(camera, cuboid).flat()
  if (!pixels.length) return undefined
  const { width = Infinity, height = Infinity } = camera
  const lowest = camera.width === undefined ? -Infinity : 0
  const keep = (value: number, most: number) => Math.max(lowest, Math.min(most, value))
  const [left, right] = [Math.min(...pixels.map(({ u }) => u)), Math.max(...pixels.map(({ u }) => u))]
  const [top, bottom] = [Math.min(...pixels.map(({ v }) => v)), Math.max(...pixels.map(({ v }) => v))]
  const box = { left: keep(left, width), top: keep(top, height), right: keep(right, width), bottom: keep(bottom, height) }
  return box.right > box.left && box.bottom > box.top ? box : undefined
}
