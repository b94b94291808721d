// The three pictures of a cell: which of the cuboid's own axes lead right and up, and from there to pixels and back.
import { type Cuboid, createCuboidTest } from '../../../formats/geometry3d/cuboid'
import { createRotation, normaliseAngle, transposeMatrix, turnVector, type Vector } from '../../../formats/geometry3d/rotation'
import { moveAlong, moveFace } from '../../../formats/geometry3d/turn'
import { onSurface } from '../assist/points-index'

export type Side = 'top' | 'side' | 'front'
export const sides: readonly Side[] = ['top', 'side', 'front']

type Axis = 0 | 1 | 2
type Facts = { right: Axis; rightSign: 1 | -1; up: Axis; upSign: 1 | -1 }

/** From above the object looks to the right; from the side too; from behind its left is at the left. */
export const sideFacts: Record<Side, Facts> = {
  top: { right: 0, rightSign: 1, up: 1, upSign: 1 },
  side: { right: 0, rightSign: 1, up: 2, upSign: 1 },
  front: { right: 1, rightSign: -1, up: 2, upSign: 1 },
}

/** A picture of `width` × `height` pixels about the middle of a cuboid, whose axes give the directions. */
export type Crop = { side: Side; about: Cuboid; width: number; height: number; pixelsPerMetre: number }

/** Room around the object, as a part of its size and metres. */
const room = { share: 0.35, least: 0.6 }

export const makeCrop = (side: Side, about: Cuboid, width: number, height: number): Crop => {
  const { right, up } = sideFacts[side]
  const span = (axis: Axis) => about.scale[axis] + 2 * Math.max(room.least, about.scale[axis] * room.share)
  return { side, about, width, height, pixelsPerMetre: Math.min(width / span(right), height / span(up)) }
}

/** Metres along the cuboid's own axes from its middle. */
export const toOwn = ({ position, rotation }: Cuboid): ((x: number, y: number, z: number) => [number, number, number]) => {
  const back = transposeMatrix(createRotation(rotation))
  return (x, y, z) => turnVector(back, [x - position[0], y - position[1], z - position[2]])
}

/** Own coordinates to pixels from the upper left corner. */
export const toPixels = ({ side, width, height, pixelsPerMetre }: Crop, own: Vector): [x: number, y: number] => {
  const { right, rightSign, up, upSign } = sideFacts[side]
  return [width / 2 + rightSign * own[right] * pixelsPerMetre, height / 2 - upSign * own[up] * pixelsPerMetre]
}

/** What is taken hold of: the whole, one or two faces, or the heading (only from above). `x`, `y`: the face at the right or left, above or below. */
export type Grip = { kind: 'move' } | { kind: 'turn' } | { kind: 'faces'; x: -1 | 0 | 1; y: -1 | 0 | 1 }

/** Places of the corners of a cuboid in a picture, and of the handle that turns it. */
export const findOutline = (crop: Crop, cuboid: Cuboid): { corners: [number, number][]; handle: [number, number] | null } => {
  const { right, up } = sideFacts[crop.side]
  const turn = createRotation(cuboid.rotation)
  const own = toOwn(crop.about)
  const place = (signs: [number, number]): [number, number] => {
    const at: [number, number, number] = [0, 0, 0]
    at[right] = (signs[0] * cuboid.scale[right]) / 2
    at[up] = (signs[1] * cuboid.scale[up]) / 2
    const moved = turnVector(turn, at)
    return toPixels(crop, own(...(moved.map((value, axis) => value + cuboid.position[axis]!) as [number, number, number])))
  }
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map((signs) => place(signs as [number, number])) // biome-ignore format: corners
  if (crop.side !== 'top') return { corners, handle: null }
  const [ahead, middle] = [place([1, 0]), place([0, 0])]
  const length = Math.hypot(ahead[0] - middle[0], ahead[1] - middle[1]) || 1
  return {
    corners,
    handle: [ahead[0] + (14 * (ahead[0] - middle[0])) / length, ahead[1] + (14 * (ahead[1] - middle[1])) / length],
  }
}

/** Pixels within which an edge is taken hold of. */
const nearEdge = 7

/** What a pointer takes hold of; null off the cuboid. The crop is about the cuboid itself. */
export const findGrip = (crop: Crop, x: number, y: number): Grip | null => {
  const { handle } = findOutline(crop, crop.about)
  if (handle && Math.hypot(x - handle[0], y - handle[1]) <= nearEdge + 2) return { kind: 'turn' }
  const { right, up } = sideFacts[crop.side]
  const half = [crop.about.scale[right], crop.about.scale[up]].map((length) => (length / 2) * crop.pixelsPerMetre)
  const [dx, dy] = [x - crop.width / 2, y - crop.height / 2]
  if (Math.abs(dx) > half[0]! + nearEdge || Math.abs(dy) > half[1]! + nearEdge) return null
  // Of small ones the middle still moves.
  const reach = (length: number) => Math.min(nearEdge, length / 2)
  const edge = (at: number, length: number) =>
    Math.abs(Math.abs(at) - length) <= reach(length) || Math.abs(at) > length ? Math.sign(at) : 0
  const [ex, ey] = [edge(dx, half[0]!), -edge(dy, half[1]!)] as [-1 | 0 | 1, -1 | 0 | 1]
  return ex === 0 && ey === 0 ? { kind: 'move' } : { kind: 'faces', x: ex, y: (ey === 0 ? 0 : ey) as -1 | 0 | 1 }
}

/** The cuboid after a drag by pixels from where it began. Its place at the start is that of the crop. */
export const dragCuboid = (crop: Crop, grip: Grip, from: readonly [number, number], to: readonly [number, number]): Cuboid => {
  const { right, rightSign, up, upSign } = sideFacts[crop.side]
  const { about, pixelsPerMetre } = crop
  if (grip.kind === 'turn') {
    const angle = ([x, y]: readonly [number, number]) => Math.atan2(crop.height / 2 - y, x - crop.width / 2)
    const [rx, ry, rz] = about.rotation
    return { ...about, rotation: [rx, ry, normaliseAngle(rz + angle(to) - angle(from))] }
  }
  const [du, dv] = [(rightSign * (to[0] - from[0])) / pixelsPerMetre, (-upSign * (to[1] - from[1])) / pixelsPerMetre]
  if (grip.kind === 'move') {
    const own: [number, number, number] = [0, 0, 0]
    own[right] = du
    own[up] = dv
    return moveAlong(about, own)
  }
  let moved = about
  if (grip.x !== 0) {
    const side = (grip.x * rightSign) as 1 | -1
    moved = moveFace(moved, right, side, side * du)
  }
  if (grip.y !== 0) {
    const side = (grip.y * upSign) as 1 | -1
    moved = moveFace(moved, up, side, side * dv)
  }
  return moved
}

/** Pixels of the points that a crop shows: x y pairs, those in `inside` and those around it apart; `thickness` is the depth in metres. */
export const projectPoints = (
  crop: Crop,
  positions: Float32Array,
  origin: Vector,
  inside: Cuboid,
): { inside: Float32Array; around: Float32Array } => {
  const own = toOwn({
    ...crop.about,
    position: crop.about.position.map((value, axis) => value - origin[axis]!) as unknown as Vector,
  })
  const isIn = createCuboidTest(
    {
      ...inside,
      position: inside.position.map((value, axis) => value - origin[axis]!) as unknown as Vector,
    },
    onSurface,
  )
  const depth = 3 - sideFacts[crop.side].right - sideFacts[crop.side].up
  // What lies far behind or in front is left out, so that walls do not cover the object.
  const thickness = crop.about.scale[depth]! / 2 + Math.max(room.least, crop.about.scale[depth]! * room.share)
  const [inner, outer]: [number[], number[]] = [[], []]
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [positions[i]!, positions[i + 1]!, positions[i + 2]!]
    const at = own(x, y, z)
    if (Math.abs(at[depth]!) > thickness) continue
    const [px, py] = toPixels(crop, at)
    if (px < 0 || py < 0 || px >= crop.width || py >= crop.height) continue
    ;(isIn(x, y, z) ? inner : outer).push(px, py)
  }
  return { inside: Float32Array.from(inner), around: Float32Array.from(outer) }
}
