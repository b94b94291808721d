// The three projections of a cuboid, in its own axes: what each looks along, and what its handles do.
import { type Cuboid } from '../../../formats/geometry3d/cuboid'
import {
  createRotation,
  type Matrix,
  multiplyMatrices,
  readRotation,
  transposeMatrix,
  turnVector,
  type Vector,
} from '../../../formats/geometry3d/rotation'
import type { ViewName } from '../workspace'
import { type Axes, addVectors, scaleVector, subtractVectors } from './matrix'

export type ProjectionName = Exclude<ViewName, 'perspective'>

/** Numbers of the cuboid's axes: to the right, upwards, and along the look; `sign`: whether the look's axis points to the viewer. */
export type Projection = { right: 0 | 1; up: 1 | 2; along: 0 | 1 | 2; sign: 1 | -1 }

export const projections: Readonly<Record<ProjectionName, Projection>> = {
  top: { right: 0, up: 1, along: 2, sign: 1 },
  side: { right: 0, up: 2, along: 1, sign: -1 },
  front: { right: 1, up: 2, along: 0, sign: 1 },
}

export const projectionNames = Object.keys(projections) as ProjectionName[]

const unit = (axis: number): Vector => [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0]

export const axisOf = ({ rotation }: Pick<Cuboid, 'rotation'>, axis: number): Vector =>
  turnVector(createRotation(rotation), unit(axis))

export const axesOfProjection = (name: ProjectionName, cuboid: Cuboid): Axes => {
  const { right, up, along, sign } = projections[name]
  return { right: axisOf(cuboid, right), up: axisOf(cuboid, up), back: scaleVector(axisOf(cuboid, along), sign) }
}

/** Which sides of the rectangle in the view a handle moves; 0 = neither. */
export type Grip = { x: -1 | 0 | 1; y: -1 | 0 | 1 }

export const grips: Readonly<Record<string, Grip>> = {
  'top-left': { x: -1, y: 1 },
  'top-right': { x: 1, y: 1 },
  'bottom-left': { x: -1, y: -1 },
  'bottom-right': { x: 1, y: -1 },
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  top: { x: 0, y: 1 },
  bottom: { x: 0, y: -1 },
}

/** Where a handle lies in space, in the middle of the look's direction. */
export const placeGrip = (name: ProjectionName, cuboid: Cuboid, { x, y }: Grip): Vector => {
  const { right, up } = projections[name]
  const own: [number, number, number] = [0, 0, 0]
  own[right] = (x * cuboid.scale[right]) / 2
  own[up] = (y * cuboid.scale[up]) / 2
  return addVectors(cuboid.position, turnVector(createRotation(cuboid.rotation), own))
}

/** Metres; a cuboid never gets thinner. */
export const leastSize = 0.05

export const moveCuboid = (cuboid: Cuboid, by: Vector): Cuboid => ({ ...cuboid, position: addVectors(cuboid.position, by) })

/** Makes it longer or shorter along one of its axes at one end; the other end stays. Metres. */
export const growCuboid = (cuboid: Cuboid, axis: 0 | 1 | 2, end: 1 | -1, by: number): Cuboid => {
  const length = Math.max(cuboid.scale[axis] + by, leastSize)
  const scale = cuboid.scale.map((value, at) => (at === axis ? length : value)) as unknown as Vector
  const way = scaleVector(axisOf(cuboid, axis), (end * (length - cuboid.scale[axis])) / 2)
  return { ...cuboid, scale, position: addVectors(cuboid.position, way) }
}

/** Pulls a handle of a view from one place to another: the opposite side stays. */
export const pullGrip = (name: ProjectionName, cuboid: Cuboid, grip: Grip, from: Vector, to: Vector): Cuboid => {
  const { right, up } = projections[name]
  const way = turnVector(transposeMatrix(createRotation(cuboid.rotation)), subtractVectors(to, from))
  const wide = grip.x === 0 ? cuboid : growCuboid(cuboid, right, grip.x, grip.x * way[right])
  return grip.y === 0 ? wide : growCuboid(wide, up, grip.y, grip.y * way[up])
}

const aboutAxis = (axis: number, angle: number): Matrix => {
  const angles: [number, number, number] = [0, 0, 0]
  angles[axis] = angle
  return createRotation(angles)
}

/** Turns it about one of its own axes, radians. */
export const turnCuboid = (cuboid: Cuboid, axis: 0 | 1 | 2, angle: number): Cuboid => ({
  ...cuboid,
  rotation: readRotation(multiplyMatrices(createRotation(cuboid.rotation), aboutAxis(axis, angle))),
})

/** Turns it as the view shows it: counter-clockwise on the screen by an angle (radians). */
export const turnInView = (name: ProjectionName, cuboid: Cuboid, angle: number): Cuboid => {
  const { along, sign } = projections[name]
  return turnCuboid(cuboid, along, sign * angle)
}

/** Half of what the view must show along its two sides and its look, metres. */
export const measureInView = (name: ProjectionName, { scale }: Cuboid): { x: number; y: number; depth: number } => {
  const { right, up, along } = projections[name]
  return { x: scale[right] / 2, y: scale[up] / 2, depth: scale[along] / 2 }
}
