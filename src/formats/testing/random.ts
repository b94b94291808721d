// Repeatable random numbers and tracks for property tests.
import type { ShapeType, Track, TrackedShape } from '../model'

/** Numbers from 0 up to 1 (exclusive), the same for the same seed (mulberry32). */
export const createRandom = (seed: number) => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  /** A whole number from `low` to `high`, both included. */
  const integer = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return { next, integer, pick: <T>(list: readonly T[]): T => list[integer(0, list.length - 1)]! }
}
export type Random = ReturnType<typeof createRandom>

/** Numbers of a shape of a kind; lines and outlines have `corners` points. */
export const makePoints = (random: Random, type: ShapeType, corners = 5): number[] => {
  const many = (count: number) => Array.from({ length: count }, () => Math.round(random.next() * 10_000) / 10)
  if (type === 'rectangle' || type === 'ellipse') {
    const [x, y, width, height] = many(4) as [number, number, number, number]
    return [x, y, x + width + 1, y + height + 1]
  }
  if (type === 'cuboid') return many(16)
  if (type === 'skeleton') return []
  return many(type === 'points' ? 2 : 2 * corners)
}

const makeKeys = (random: Random, type: ShapeType, frames: number[]): TrackedShape[] =>
  frames.map((frame) => ({
    type,
    frame,
    points: makePoints(random, type),
    rotation: type === 'rectangle' || type === 'ellipse' ? random.integer(0, 359) : 0,
    occluded: random.next() < 0.3,
    outside: random.next() < 0.25,
    z_order: random.integer(-2, 2),
    attributes: [],
  }))

/** Some frames up to `last`, ascending and different. */
export const pickFrames = (random: Random, last: number, most = 6): number[] =>
  [...new Set(Array.from({ length: random.integer(1, most) }, () => random.integer(0, last)))].sort((a, b) => a - b)

export const makeTrack = (random: Random, type: ShapeType, last: number): Track => {
  const frames = pickFrames(random, last)
  const make = (label_id: number, shapes: TrackedShape[], elements: Track[] = []): Track => {
    return { frame: shapes[0]!.frame, label_id, group: 0, source: 'manual', attributes: [], shapes, elements }
  }
  if (type !== 'skeleton') return make(1, makeKeys(random, type, frames))
  const body = makeKeys(random, 'skeleton', [frames[0]!]).map((key) => ({ ...key, outside: false }))
  const elements = [2, 3].map((label_id) => {
    const later = pickFrames(random, last).filter((frame) => frame > frames[0]!)
    return make(label_id, makeKeys(random, 'points', [frames[0]!, ...later]))
  })
  return make(1, body, elements)
}
