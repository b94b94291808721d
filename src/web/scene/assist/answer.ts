// Answers questions about the points that were loaded last: the object at a place, the fit of a cuboid, how many points it holds.
import { type Cuboid, createCuboidTest } from '../../../formats/geometry3d/cuboid'
import { fitDefaults, fitToPoints } from '../../../formats/geometry3d/fit'
import { estimateGround } from '../../../formats/geometry3d/ground'
import { pickCuboid } from '../../../formats/geometry3d/region'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { boundAbove, indexPoints, type PointsIndex } from './points-index'
import type { Operation, Operations, PlainGround } from './protocol'

/** Objects are looked for this far around a place, metres; growing goes on to the larger one where the first is filled. */
const reaches = [8, 16]
/** Points of a region that are shown. */
const mostShown = 1500
/** Metres around an object: what is its own, and what tells of the ground. */
const besideMargin = 0.3
const groundReach = 6

const shift = (at: Vector, by: Vector, sign: 1 | -1): Vector => [at[0] + sign * by[0], at[1] + sign * by[1], at[2] + sign * by[2]]

const moveCuboid = (cuboid: Cuboid, by: Vector, sign: 1 | -1): Cuboid => ({
  ...cuboid,
  position: shift(cuboid.position, by, sign),
})

/** The plane in coordinates that begin at `origin`. */
const moveGround = ({ normal, offset }: PlainGround, origin: Vector): PlainGround => ({
  normal,
  offset: offset + normal[0] * origin[0] + normal[1] * origin[1] + normal[2] * origin[2],
})

export type Answerer = <O extends Operation>(operation: O, values: Operations[O]['ask']) => Operations[O]['answer']

export const createAnswerer = (): Answerer => {
  let index: PointsIndex = indexPoints(new Float32Array(0))
  let origin: Vector = [0, 0, 0]
  /** In the coordinates of the points. */
  let own: PlainGround | null = null
  const groundOf = (given: PlainGround | null) => (given ? moveGround(given, origin) : own)

  const handlers: { [O in Operation]: (values: Operations[O]['ask']) => Operations[O]['answer'] } = {
    load: ({ positions, origin: given }) => {
      index = indexPoints(positions)
      origin = given
      const found = estimateGround(positions)
      own = found ? { normal: found.normal, offset: found.offset } : null
      const back: Vector = [-origin[0], -origin[1], -origin[2]]
      return { count: index.count, ground: own && moveGround(own, back) }
    },
    pick: ({ at, facing, ground }) => {
      const seed = shift(at, origin, -1)
      for (const reach of reaches) {
        const near = index.collect(seed[0] - reach, seed[1] - reach, seed[0] + reach, seed[1] + reach)
        const plane = groundOf(ground)
        const found = pickCuboid(near, seed, { facing, maxSize: reach, ...(plane && { ground: plane }) })
        if (!found) return null
        const fills = found.cuboid.scale.some((length) => length > reach * 1.8)
        if (fills && reach !== reaches.at(-1)) continue
        const step = Math.ceil(found.points.length / mostShown)
        const sample = found.points.flatMap((i, at) =>
          at % step ? [] : [0, 1, 2].map((axis) => near[i * 3 + axis]! + origin[axis]!),
        )
        return { cuboid: moveCuboid(found.cuboid, origin, 1), count: found.points.length, sample }
      }
      return null
    },
    fit: ({ cuboid, mode, ground, sensor }) => {
      const rough = moveCuboid(cuboid, origin, -1)
      const near = index.collect(...boundAbove(rough, fitDefaults.reach))
      const options = { ground: groundOf(ground), sensor: shift(sensor ?? [0, 0, 0], origin, -1) }
      const found = fitToPoints(near, rough, mode, options)
      return found ? { cuboid: moveCuboid(found.cuboid, origin, 1), count: found.points.length } : null
    },
    ground: ({ beside }) => {
      const about = moveCuboid(beside, origin, -1)
      const [length, width] = about.scale
      // As high as the world: what hangs over it does not count either.
      const isOwn = createCuboidTest({ ...about, scale: [length, width, 1000] }, besideMargin)
      const near = index.collect(...boundAbove(about, groundReach))
      const kept: number[] = []
      for (let i = 0; i < near.length; i += 3)
        if (!isOwn(near[i]!, near[i + 1]!, near[i + 2]!)) kept.push(near[i]!, near[i + 1]!, near[i + 2]!)
      const found = estimateGround(Float32Array.from(kept))
      return found ? moveGround(found, [-origin[0], -origin[1], -origin[2]]) : null
    },
    count: ({ cuboids }) => cuboids.map((cuboid) => index.countIn(moveCuboid(cuboid, origin, -1))),
  }
  return (operation, values) => (handlers[operation] as (values: unknown) => never)(values)
}
