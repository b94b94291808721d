// Between the editor's bodies and cuboids in space.
import { type Cuboid, listCorners, readCuboid, writeCuboid } from '../../formats/geometry3d/cuboid'
import { roundSpatial } from '../editor/document/round-body'
import type { Body } from '../editor/shapes/shape-kind'

/** Read once for each position: lists of points are never changed in place. */
const read = new WeakMap<readonly number[], Cuboid>()

export const toCuboid = (body: Pick<Body, 'type' | 'points'> | null | undefined): Cuboid | null => {
  if (body?.type !== 'cuboid' || body.points.length < 9) return null
  const known = read.get(body.points)
  if (known) return known
  const cuboid = readCuboid(body.points)
  read.set(body.points, cuboid)
  return cuboid
}

type Corners = [number, number, number][]

const corners = new WeakMap<Cuboid, Corners>()

/** As `listCorners`, worked out once for each cuboid. */
export const cornersOf = (cuboid: Cuboid): Corners => {
  const known = corners.get(cuboid)
  if (known) return known
  const made = listCorners(cuboid)
  corners.set(cuboid, made)
  return made
}

export const toBody = (cuboid: Cuboid): Body => ({ type: 'cuboid', points: roundSpatial(writeCuboid(cuboid)), rotation: 0 })
