// Colours over the usual ones: of labels for points in cuboids, then those that parts have set by rows of the file.
import { createCuboidTest, listCorners } from '../../../../formats/geometry3d/cuboid'
import type { Vector } from '../../../../formats/geometry3d/rotation'
import type { LabelBox } from '../../look/cloud-aids'
import type { PointColours } from '../../workspace'
import type { NodePoints } from './decode-node'

export type Tints = {
  /** Changes with everything that is set. */
  readonly version: number
  setColours: (part: string, colours: PointColours | null) => void
  setBoxes: (boxes: readonly LabelBox[]) => void
  /** Colours of parts belong to a frame. */
  forgetColours: () => void
  /** Four bytes for each point of a node, or null when it has none. */
  paint: (points: NodePoints, origin: Vector, withBoxes: boolean) => Uint8Array | null
}

type Painted = { from: number[]; to: number[]; isIn: (x: number, y: number, z: number) => boolean; colour: LabelBox['colour'] }

const prepareBox = ({ cuboid, colour }: LabelBox, origin: Vector): Painted => {
  const local = { ...cuboid, position: cuboid.position.map((value, axis) => value - origin[axis]!) as unknown as Vector }
  const corners = listCorners(local)
  const ends = (pick: (...values: number[]) => number) => [0, 1, 2].map((axis) => pick(...corners.map((corner) => corner[axis]!)))
  return { from: ends(Math.min), to: ends(Math.max), isIn: createCuboidTest(local), colour }
}

export const createTints = (): Tints => {
  const parts = new Map<string, PointColours>()
  let boxes: readonly LabelBox[] = []
  let prepared: { origin: string; boxes: Painted[] } | undefined
  let version = 0

  const prepare = (origin: Vector): Painted[] => {
    const key = origin.join()
    if (prepared?.origin !== key) prepared = { origin: key, boxes: boxes.map((box) => prepareBox(box, origin)) }
    return prepared.boxes
  }

  return {
    get version() {
      return version
    },
    setColours: (part, colours) => {
      if (!colours && !parts.has(part)) return
      // The last one lies on top.
      parts.delete(part)
      if (colours) parts.set(part, colours)
      version++
    },
    setBoxes: (next) => {
      if (next.length === 0 && boxes.length === 0) return
      boxes = next
      prepared = undefined
      version++
    },
    forgetColours: () => {
      if (parts.size === 0) return
      parts.clear()
      version++
    },
    paint: ({ positions, rows, count, box: { min, max } }, origin, withBoxes) => {
      const near = (withBoxes ? prepare(origin) : []).filter(({ from, to }) =>
        [0, 1, 2].every((axis) => from[axis]! <= max[axis]! && to[axis]! >= min[axis]!),
      )
      if (near.length === 0 && parts.size === 0) return null
      const out = new Uint8Array(count * 4)
      for (const { from, to, isIn, colour } of near)
        for (let i = 0; i < count; i++) {
          const [x, y, z] = [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!]
          if (x < from[0]! || x > to[0]! || y < from[1]! || y > to[1]! || z < from[2]! || z > to[2]! || !isIn(x, y, z)) continue
          for (let part = 0; part < 3; part++) out[i * 4 + part] = colour[part]!
          out[i * 4 + 3] = 255
        }
      for (const colours of parts.values())
        for (let i = 0; i < count; i++) {
          const from = rows[i]! * 4
          const opacity = colours[from + 3]
          if (!opacity) continue
          const under = out[i * 4 + 3]!
          // Half-transparent colours over an opaque one keep it opaque.
          const share = under ? opacity / 255 : 1
          for (let part = 0; part < 3; part++)
            out[i * 4 + part] = Math.round(out[i * 4 + part]! * (1 - share) + colours[from + part]! * share)
          out[i * 4 + 3] = Math.max(under, opacity)
        }
      return out
    },
  }
}
