// What the page asks the worker that holds the points of the shown frame, and what it answers. All places are those of the cloud's file.
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import type { FitMode } from '../../../formats/geometry3d/fit'
import type { Ground } from '../../../formats/geometry3d/ground'
import type { Vector } from '../../../formats/geometry3d/rotation'

export type PlainGround = Pick<Ground, 'normal' | 'offset'>

export type Picked = { cuboid: Cuboid; count: number }
/** With some of its points, x y z each. */
export type Region = Picked & { sample: number[] }

/** Operation → what is sent and what comes back. Points are handed over less `origin`. */
export type Operations = {
  load: { ask: { positions: Float32Array; origin: Vector }; answer: { count: number; ground: PlainGround | null } }
  /** The object at a place; null where there is none. `facing` in radians. */
  pick: { ask: { at: Vector; facing: number; ground: PlainGround | null }; answer: Region | null }
  fit: {
    ask: { cuboid: Cuboid; mode: FitMode; ground: PlainGround | null; sensor: Vector | null }
    answer: Picked | null
  }
  /** The ground around an object, told by the points beside it: its own sides would lift it. */
  ground: { ask: { beside: Cuboid }; answer: PlainGround | null }
  count: { ask: { cuboids: Cuboid[] }; answer: number[] }
}
export type Operation = keyof Operations

export type Ask = { [O in Operation]: { id: number; operation: O; values: Operations[O]['ask'] } }[Operation]
export type Answer = { id: number; value: Operations[Operation]['answer'] } | { id: number; problem: string }
