// Cuboids in a calibrated picture: rays through pixels, handles, and what dragging them does. Picture pixels, the cloud's metres.
import { type Camera, castRay, fromCamera, type Pixel, projectPoint } from '../../../formats/geometry3d/camera'
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import {
  createRotation,
  multiplyMatrices,
  readRotation,
  transposeMatrix,
  turnVector,
  type Vector,
} from '../../../formats/geometry3d/rotation'
import type { Ray } from '../workspace'

export type PicturePoint = { u: number; v: number }

/** The ray that a pixel looks along, in the cloud's coordinates. */
export const castPictureRay = (camera: Camera, { u, v }: PicturePoint): Ray => {
  const origin = fromCamera(camera, [0, 0, 0])
  return { origin, direction: turnVector(transposeMatrix(camera.rotation), castRay(camera, u, v)) }
}

/** Where a place appears; nothing outside of the picture or behind the camera. */
export const seePlace = (camera: Camera, at: Vector): Pixel | null => {
  const pixel = projectPoint(camera, at)
  if (!pixel || pixel.depth <= 0) return null
  const { width = Number.POSITIVE_INFINITY, height = Number.POSITIVE_INFINITY } = camera
  return pixel.u >= 0 && pixel.v >= 0 && pixel.u <= width && pixel.v <= height ? pixel : null
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const subtract = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
const along = ({ origin, direction }: Ray, way: number): Vector => [
  origin[0] + direction[0] * way,
  origin[1] + direction[1] * way,
  origin[2] + direction[2] * way,
]

/** Further away nothing is put by hand (metres). */
const farthest = 500

/** Where a ray meets a plane before it; nothing when it runs along it or away from it. */
export const meetPlane = (ray: Ray, through: Vector, normal: Vector): Vector | null => {
  const fall = dot(ray.direction, normal)
  const way = dot(subtract(through, ray.origin), normal) / fall
  return Number.isFinite(way) && way > 0 && way < farthest ? along(ray, way) : null
}

/** The place on a line that a ray passes nearest. */
const meetLine = (ray: Ray, through: Vector, line: Vector): Vector | null => {
  const between = subtract(through, ray.origin)
  const [a, b] = [dot(ray.direction, line), dot(between, ray.direction)]
  const bottom = 1 - a * a
  if (bottom < 1e-9) return null
  const way = (a * b - dot(between, line)) / bottom
  return [through[0] + line[0] * way, through[1] + line[1] * way, through[2] + line[2] * way]
}

/**
 * Handles by what they pull: signs of the sides that follow along the cuboid's own length, width and height, or its heading.
 * Those of length and width lie on the floor.
 */
export const handleIds = ['heading', 'top', '++', '+-', '--', '-+', '+0', '-0', '0+', '0-'] as const
export type HandleId = (typeof handleIds)[number]

const signs: Readonly<Record<string, -1 | 0 | 1>> = { '+': 1, '0': 0, '-': -1 }
const sidesOf = (id: HandleId): readonly [number, number] => [signs[id[0]!] ?? 0, signs[id[1]!] ?? 0]

/** Metres from the front to the handle that turns. */
const headingReach = ([length]: Vector) => Math.min(Math.max(length / 3, 0.4), 1.5)

const toWorld = ({ position, rotation }: Cuboid, own: Vector): Vector =>
  turnVector(createRotation(rotation), own).map((value, axis) => value + position[axis]!) as unknown as Vector
const toOwn = ({ position, rotation }: Cuboid, at: Vector): Vector =>
  turnVector(transposeMatrix(createRotation(rotation)), subtract(at, position))

export const placeHandle = (cuboid: Cuboid, id: HandleId): Vector => {
  const [length, width, height] = cuboid.scale
  if (id === 'top') return toWorld(cuboid, [0, 0, height / 2])
  if (id === 'heading') return toWorld(cuboid, [length / 2 + headingReach(cuboid.scale), 0, -height / 2])
  const [x, y] = sidesOf(id)
  return toWorld(cuboid, [(x * length) / 2, (y * width) / 2, -height / 2])
}

export type PictureHandle = PicturePoint & { id: HandleId }

export const listPictureHandles = (camera: Camera, cuboid: Cuboid): PictureHandle[] =>
  handleIds.flatMap((id) => {
    const pixel = seePlace(camera, placeHandle(cuboid, id))
    return pixel ? [{ id, u: pixel.u, v: pixel.v }] : []
  })

/** No side gets shorter (metres). */
export const leastSide = 0.05

/** A side that follows a place along its axis while the opposite one stays. */
const pullAxis = (length: number, sign: number, at: number): { length: number; shift: number } => {
  if (sign === 0) return { length, shift: 0 }
  const fixed = (-sign * length) / 2
  const next = Math.max(leastSide, (at - fixed) * sign)
  return { length: next, shift: fixed + (sign * next) / 2 }
}

const reshape = (cuboid: Cuboid, scale: Vector, shift: Vector): Cuboid => ({
  position: toWorld(cuboid, shift),
  rotation: cuboid.rotation,
  scale,
})

/** The cuboid with a handle at a pixel; nothing where the pixel looks past everything that the handle could reach. */
export const pullHandle = (camera: Camera, cuboid: Cuboid, id: HandleId, to: PicturePoint): Cuboid | null => {
  const ray = castPictureRay(camera, to)
  const [length, width, height] = cuboid.scale
  const turn = createRotation(cuboid.rotation)
  const up = turnVector(turn, [0, 0, 1])
  if (id === 'top') {
    const found = meetLine(ray, cuboid.position, up)
    if (!found) return null
    const pulled = pullAxis(height, 1, toOwn(cuboid, found)[2])
    return reshape(cuboid, [length, width, pulled.length], [0, 0, pulled.shift])
  }
  const floor = meetPlane(ray, toWorld(cuboid, [0, 0, -height / 2]), up)
  if (!floor) return null
  const [x, y] = toOwn(cuboid, floor)
  if (id === 'heading') {
    if (Math.hypot(x, y) < 1e-3) return null
    const by = Math.atan2(y, x)
    const plain = cuboid.rotation[0] === 0 && cuboid.rotation[1] === 0
    const about = multiplyMatrices(turn, createRotation([0, 0, by]))
    const rotation = readRotation(about)
    // Upright ones stay so to the last digit.
    return { ...cuboid, rotation: plain ? [0, 0, rotation[2]] : rotation }
  }
  const [along, across] = sidesOf(id)
  const [a, b] = [pullAxis(length, along, x), pullAxis(width, across, y)]
  return reshape(cuboid, [a.length, b.length, height], [a.shift, b.shift, 0])
}

/** The middle of the bottom, which a dragged body follows. */
export const bottomOf = (cuboid: Cuboid): Vector => toWorld(cuboid, [0, 0, -cuboid.scale[2] / 2])

/** The cuboid moved level so that the middle of its bottom appears at a pixel. */
export const moveBottom = (camera: Camera, cuboid: Cuboid, to: PicturePoint): Cuboid | null => {
  const bottom = bottomOf(cuboid)
  const found = meetPlane(castPictureRay(camera, to), bottom, [0, 0, 1])
  if (!found) return null
  const [x, y] = subtract(found, bottom)
  return { ...cuboid, position: [cuboid.position[0] + x, cuboid.position[1] + y, cuboid.position[2]] }
}

/** A line cut at the picture's border: what is left of it, which may be several pieces. */
export const clipToPicture = (line: readonly PicturePoint[], width: number, height: number): PicturePoint[][] => {
  const pieces: PicturePoint[][] = []
  let piece: PicturePoint[] = []
  for (let i = 0; i + 1 < line.length; i++) {
    const cut = clipSegment(line[i]!, line[i + 1]!, width, height)
    if (!cut) {
      if (piece.length) pieces.push(piece)
      piece = []
      continue
    }
    const [from, to] = cut
    const last = piece.at(-1)
    if (!last || last.u !== from.u || last.v !== from.v) {
      if (piece.length) pieces.push(piece)
      piece = [from]
    }
    piece.push(to)
  }
  if (piece.length) pieces.push(piece)
  return pieces
}

const clipSegment = (a: PicturePoint, b: PicturePoint, width: number, height: number): [PicturePoint, PicturePoint] | null => {
  const [du, dv] = [b.u - a.u, b.v - a.v]
  let [from, to] = [0, 1]
  for (const [way, room] of [
    [-du, a.u],
    [du, width - a.u],
    [-dv, a.v],
    [dv, height - a.v],
  ] as const) {
    if (way === 0) {
      if (room < 0) return null
      continue
    }
    const share = room / way
    if (way < 0) from = Math.max(from, share)
    else to = Math.min(to, share)
  }
  if (from > to) return null
  const at = (share: number): PicturePoint =>
    share === 0 ? { u: a.u, v: a.v } : share === 1 ? { u: b.u, v: b.v } : { u: a.u + du * share, v: a.v + dv * share }
  return [at(from), at(to)]
}
