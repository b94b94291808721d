// What is worked out from some points of a frame: the ground, and between which values most of them lie.
import { estimateGround, type Ground } from '../../../../formats/geometry3d/ground'
import type { Vector } from '../../../../formats/geometry3d/rotation'
import type { NodePoints } from './decode-node'

export type FrameFacts = {
  /** In the points' own coordinates. */
  ground: Ground | null
  /** The middle 96 percent. */
  height: [number, number]
  distance: [number, number]
  intensity: [number, number] | null
}

/** Enough to tell; more would be felt. */
const judgedPoints = 40_000

/** A street is mostly flat: its colours are for what stands on it. */
const leastHeights = 3

const findMiddle = (values: Float32Array, least = 0): [number, number] => {
  const sorted = values.slice().sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const low = at(0.02)
  const high = Math.max(at(0.98), Math.min(at(1), low + least))
  return high > low ? [low, high] : [low - 0.5, low + 0.5]
}

/** Any beginning of the points is a fair sample of them. */
export const findFacts = ({ positions, intensity, count }: NodePoints, sensor: Vector): FrameFacts => {
  const judged = Math.min(count, judgedPoints)
  const places = positions.subarray(0, judged * 3)
  const heights = new Float32Array(judged)
  const distances = new Float32Array(judged)
  for (let i = 0; i < judged; i++) {
    const [x, y, z] = [places[i * 3]!, places[i * 3 + 1]!, places[i * 3 + 2]!]
    heights[i] = z
    distances[i] = Math.hypot(x - sensor[0], y - sensor[1], z - sensor[2])
  }
  return {
    ground: estimateGround(places) ?? null,
    height: findMiddle(heights, leastHeights),
    distance: findMiddle(distances),
    intensity: intensity ? findMiddle(intensity.subarray(0, judged)) : null,
  }
}

type Idle = (run: () => void, options: { timeout: number }) => number

/** Runs work when the browser has nothing better to do. */
export const whenIdle = (run: () => void): void => {
  const idle = (globalThis as { requestIdleCallback?: Idle }).requestIdleCallback
  if (idle) idle(run, { timeout: 500 })
  else setTimeout(run, 20)
}
