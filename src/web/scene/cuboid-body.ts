// Between the editor's bodies and cuboids in space.
import { type Cuboid, readCuboid, writeCuboid } from '../../formats/geometry3d/cuboid'
import { roundSpatial } from '../editor/document/round-body'
import type { Body } from '../editor/shapes/shape-kind'

export const toCuboid = (body: Pick<Body, 'type' | 'points'> | null | undefined): Cuboid | null =>
  body?.type === 'cuboid' && body.points.length >= 9 ? readCuboid(body.points) : null

export const toBody = (cuboid: Cuboid): Body => ({ type: 'cuboid', points: roundSpatial(writeCuboid(cuboid)), rotation: 0 })
