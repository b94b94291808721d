// Cutting tracks: on every frame of the range the part is where the whole was, for all kinds, at any border.
import { describe, expect, test } from 'bun:test'
import type { Track, TrackedShape } from '../model'
import { createRandom, makeTrack } from '../testing/random'
import { cutTrack } from './cut-track'
import { findFrameShape } from './interpolation'

const last = 20
const place = (shapes: readonly TrackedShape[], frame: number) => {
  const found = findFrameShape(shapes, frame)
  return found && !found.outside ? found : undefined
}

const expectSame = (part: readonly TrackedShape[], whole: readonly TrackedShape[], frame: number, what: string) => {
  const [one, other] = [place(part, frame), place(whole, frame)]
  expect([what, one === undefined]).toEqual([what, other === undefined])
  if (!one || !other) return
  expect([one.occluded, one.z_order, one.type]).toEqual([other.occluded, other.z_order, other.type])
  for (const [at, value] of other.points.entries()) expect(one.points[at]).toBeCloseTo(value, 6)
  const turn = Math.abs(one.rotation - other.rotation) % 360
  expect(Math.min(turn, 360 - turn)).toBeCloseTo(0, 6)
}

/** Kinds whose way between two frames does not depend on where it begins. */
describe.each(['rectangle', 'ellipse', 'points', 'cuboid', 'skeleton', 'mask'] as const)('%s', (type) => {
  test('any part is where the whole was', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = createRandom(seed)
      const track = makeTrack(random, type, last)
      const start = random.integer(0, last)
      const stop = random.integer(start, last)
      const part = cutTrack(track, start, stop)
      const isSeen = (one: Track) =>
        (one.elements.length ? one.elements : [one]).some(({ shapes }) => {
          for (let frame = start; frame <= stop; frame++) if (place(shapes, frame)) return true
          return false
        })
      expect([seed, part !== undefined]).toEqual([seed, isSeen(track)])
      if (!part) continue
      const frames = [part, ...part.elements].flatMap(({ shapes }) => shapes.map(({ frame }) => frame))
      expect(frames.every((frame) => frame >= start && frame <= stop)).toBe(true)
      expect(part.shapes[0]!.frame).toBe(part.frame)
      for (let frame = start; frame <= stop; frame++) {
        const what = `seed ${seed} from ${start} to ${stop} at ${frame}`
        if (!track.elements.length) expectSame(part.shapes, track.shapes, frame, what)
        for (const [at, element] of track.elements.entries()) expectSame(part.elements[at]!.shapes, element.shapes, frame, what)
      }
    }
  })
})

describe.each(['polygon', 'polyline'] as const)('%s', (type) => {
  test('key frames and borders are where the whole was', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = createRandom(seed)
      const track = makeTrack(random, type, last)
      const start = random.integer(0, last)
      const stop = random.integer(start, last)
      const part = cutTrack(track, start, stop)
      if (!part) continue
      for (const { frame } of part.shapes) expectSame(part.shapes, track.shapes, frame, `seed ${seed} at ${frame}`)
      for (const frame of [start, stop]) expectSame(part.shapes, track.shapes, frame, `seed ${seed} at ${frame}`)
    }
  })
})

const key = (frame: number, points: number[], more: Partial<TrackedShape> = {}): TrackedShape => {
  return { type: 'rectangle', frame, points, rotation: 0, occluded: false, outside: false, z_order: 0, attributes: [], ...more }
}
const trackOf = (...shapes: TrackedShape[]): Track => {
  return { id: 5, frame: shapes[0]!.frame, label_id: 1, group: 2, source: 'manual', attributes: [], shapes, elements: [] }
}

test('new key frames at both borders have no id, stored ones keep theirs', () => {
  const part = cutTrack(
    trackOf(key(0, [0, 0, 2, 2], { id: 1 }), key(5, [5, 5, 7, 7], { id: 2 }), key(10, [0, 0, 2, 2], { id: 3 })),
    3,
    8,
  )!
  expect(part.shapes.map(({ id, frame, points }) => [id, frame, points])).toEqual([
    [undefined, 3, [3, 3, 5, 5]],
    [2, 5, [5, 5, 7, 7]],
    [undefined, 8, [2, 2, 4, 4]],
  ])
  expect([part.id, part.frame, part.group]).toEqual([5, 3, 2])
})

test('what turns in place gets its border too, what stands still needs none', () => {
  const turning = cutTrack(trackOf(key(0, [0, 0, 2, 2]), key(10, [0, 0, 2, 2], { rotation: 100 })), 0, 4)!
  expect(turning.shapes.map(({ frame, rotation }) => [frame, rotation])).toEqual([
    [0, 0],
    [4, 40],
  ])
  expect(cutTrack(trackOf(key(0, [0, 0, 2, 2]), key(10, [0, 0, 2, 2])), 0, 4)!.shapes).toHaveLength(1)
})

test('an element that is not to be seen yet is outside from the beginning', () => {
  const point = (frame: number, outside: boolean) => key(frame, [frame, 1], { type: 'points', outside })
  const element = (label_id: number, ...shapes: TrackedShape[]) => ({ ...trackOf(...shapes), label_id })
  const skeleton = {
    ...trackOf(key(0, [], { type: 'skeleton' })),
    elements: [element(2, point(0, false)), element(3, point(0, true), point(8, false))],
  }
  const part = cutTrack(skeleton, 4, 9)!
  expect(part.elements.map(({ frame, shapes }) => [frame, shapes.map((one) => [one.frame, one.outside])])).toEqual([
    [4, [[4, false]]],
    [
      4,
      [
        [4, true],
        [8, false],
      ],
    ],
  ])
  expect(cutTrack(skeleton, 1, 5)!.elements[1]!.shapes.map((one) => [one.frame, one.outside])).toEqual([[1, true]])
})
