// What holds for every track, tried on many: exact key frames, shortest ways, flags from the left, deleted frames, masks as run lengths.
import { describe, expect, test } from 'bun:test'
import { shapeTypes } from '../model'
import { createRandom, makePoints, makeTrack } from '../testing/random'
import { findFrameShape, interpolateShape, walkSkeleton, walkTrack } from './interpolation'
import { decodeMask, encodeMask } from './mask'

const last = 24
const tries = 200
const kinds = shapeTypes.filter((type) => type !== 'skeleton')

describe.each(kinds)('%s', (type) => {
  test('a walk gives every frame from the first key frame on once, and what a single look gives', () => {
    for (let seed = 1; seed <= tries; seed++) {
      const { shapes } = makeTrack(createRandom(seed), type, last)
      const walked = [...walkTrack(shapes, last)]
      expect(walked.map(({ frame }) => frame)).toEqual(
        Array.from({ length: last + 1 - shapes[0]!.frame }, (_, i) => shapes[0]!.frame + i),
      )
      for (const shape of walked) expect(findFrameShape(shapes, shape.frame)).toEqual(shape)
    }
  })

  test('key frames are exact, flags come from the key frame at the left, numbers stay finite', () => {
    for (let seed = 1; seed <= tries; seed++) {
      const { shapes } = makeTrack(createRandom(seed), type, last)
      for (const shape of walkTrack(shapes, last)) {
        const left = shapes.findLast(({ frame }) => frame <= shape.frame)!
        if (shape.keyframe) expect(shape.points).toEqual(left.points)
        expect([shape.occluded, shape.outside, shape.z_order]).toEqual([left.occluded, left.outside, left.z_order])
        expect(shape.points.every(Number.isFinite)).toBe(true)
        expect(shape.rotation >= 0 && shape.rotation < 360).toBe(true)
      }
    }
  })

  test('deleted frames do not appear, and key frames on them do not count', () => {
    for (let seed = 1; seed <= tries; seed++) {
      const random = createRandom(seed)
      const { shapes } = makeTrack(random, type, last)
      const deleted = new Set(Array.from({ length: 6 }, () => random.integer(0, last)))
      const walked = [...walkTrack(shapes, last, deleted)]
      const without = [
        ...walkTrack(
          shapes.filter(({ frame }) => !deleted.has(frame)),
          last,
        ),
      ]
      expect(walked).toEqual(without.filter(({ frame }) => !deleted.has(frame)))
      for (const frame of deleted) expect(findFrameShape(shapes, frame, deleted)).toBeUndefined()
    }
  })
})

test('rotation never turns more than half way round', () => {
  for (let seed = 1; seed <= tries; seed++) {
    const random = createRandom(seed)
    const [left, right] = makeTrack(random, 'rectangle', last)
      .shapes.slice(0, 1)
      .flatMap((shape) => [
        { ...shape, frame: 0, rotation: random.integer(0, 359) },
        { ...shape, frame: 10, rotation: random.integer(0, 359) },
      ])
    const turned = (a: number, b: number) => Math.min((a - b + 360) % 360, (b - a + 360) % 360)
    const whole = turned(left!.rotation, right!.rotation)
    for (let frame = 1; frame < 10; frame++) {
      const { rotation } = interpolateShape(left!, right!, frame)
      expect(turned(left!.rotation, rotation)).toBeCloseTo((whole * frame) / 10, 6)
      expect(turned(rotation, right!.rotation)).toBeCloseTo((whole * (10 - frame)) / 10, 6)
    }
  }
})

test('polygons and polylines with different points keep a sensible number of them, and meet both ends', () => {
  for (const type of ['polygon', 'polyline'] as const)
    for (let seed = 1; seed <= tries; seed++) {
      const random = createRandom(seed)
      const shape = makeTrack(random, type, last).shapes[0]!
      const counts = [random.integer(3, 12), random.integer(3, 12)]
      const [left, right] = counts.map((count, at) => ({ ...shape, frame: at * 8, points: makePoints(random, type, count) }))
      for (let frame = 1; frame < 8; frame++) {
        const { points } = interpolateShape(left!, right!, frame)
        expect(points.length % 2).toBe(0)
        expect(points.length >= 2 && points.length / 2 <= counts[0]! + counts[1]!).toBe(true)
        const [low, high] = [Math.min(...left!.points, ...right!.points), Math.max(...left!.points, ...right!.points)]
        expect(points.every((value) => value >= low - 1e-9 && value <= high + 1e-9)).toBe(true)
      }
      // A line's ends move straight from one end to the other.
      if (type === 'polyline') {
        const half = interpolateShape(left!, right!, 4).points
        expect(half[0]).toBeCloseTo((left!.points[0]! + right!.points[0]!) / 2, 6)
        expect(half.at(-1)).toBeCloseTo((left!.points.at(-1)! + right!.points.at(-1)!) / 2, 6)
      }
    }
})

test('a moved outline moves evenly', () => {
  for (let seed = 1; seed <= tries; seed++) {
    const random = createRandom(seed)
    const shape = { ...makeTrack(random, 'polygon', last).shapes[0]!, frame: 0 }
    const moved = { ...shape, frame: 10, points: shape.points.map((value) => value + 50) }
    for (const frame of [1, 5, 9])
      for (const [at, value] of interpolateShape(shape, moved, frame).points.entries())
        expect(value).toBeCloseTo(shape.points[at]! + 5 * frame, 6)
  }
})

test('key frames of different kinds do not mix', () => {
  const random = createRandom(1)
  const [left] = makeTrack(random, 'rectangle', last).shapes
  const right = { ...left!, type: 'ellipse' as const, frame: left!.frame + 4, points: [1, 2, 3, 4] }
  expect(interpolateShape(left!, right, left!.frame + 2).points).toEqual(left!.points)
})

test('a skeleton is there from its first element on and outside when all elements are', () => {
  for (let seed = 1; seed <= tries; seed++) {
    const track = makeTrack(createRandom(seed), 'skeleton', last)
    for (const { frame, outside, elements } of walkSkeleton(track, last)) {
      const expected = track.elements.map(({ shapes }) => findFrameShape(shapes, frame))
      expect(elements.map(({ points }) => points)).toEqual(expected.map((shape) => shape!.points))
      expect(outside).toBe(expected.every((shape) => shape!.outside))
    }
  }
})

test('any picture becomes run lengths that fill their box and the same picture again', () => {
  for (let seed = 1; seed <= tries; seed++) {
    const random = createRandom(seed)
    const [width, height] = [random.integer(1, 12), random.integer(1, 12)]
    const share = random.next()
    const data = Uint8Array.from({ length: width * height }, () => (random.next() < share ? 1 : 0))
    const points = encodeMask({ left: 3, top: 4, width, height, data })
    if (!points) {
      expect(data.includes(1)).toBe(false)
      continue
    }
    const [left, top, right, bottom] = points.slice(-4) as [number, number, number, number]
    expect(points.slice(0, -4).reduce((sum, run) => sum + run, 0)).toBe((right - left + 1) * (bottom - top + 1))
    const mask = decodeMask(points)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [column, row] = [x + 3 - mask.left, y + 4 - mask.top]
        const isInside = column >= 0 && row >= 0 && column < mask.width && row < mask.height
        expect(isInside ? mask.data[row * mask.width + column] : 0).toBe(data[y * width + x]!)
      }
  }
})
