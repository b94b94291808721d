// Rounding, turning and interpolation.

import { describe, expect, test } from 'bun:test'
import type { Track, TrackedShape } from '../model'
import { findEllipseBounds, normaliseRotation, turnBox } from './box'
import { interpolateCurve, interpolateOutline } from './curve'
import { findFrameShape, walkSkeleton, walkTrack } from './interpolation'
import { formatHundredths, roundToHundredths } from './rounding'

function key(frame: number, points: number[], rest: Partial<TrackedShape> = {}): TrackedShape {
  const type = 'rectangle' as const
  return { type, frame, points, rotation: 0, occluded: false, outside: false, z_order: 0, attributes: [], ...rest }
}

describe('rounding', () => {
  test('ties go to the even hundredth of the decimal value', () => {
    const cases: [number, number, string][] = [
      [192.625, 192.62, '192.62'],
      [190.875, 190.88, '190.88'],
      [1.005, 1, '1.00'],
      [1.015, 1.02, '1.02'],
      [2.675, 2.68, '2.68'],
      [-0.125, -0.12, '-0.12'],
      [33.333333, 33.33, '33.33'],
      [39.999999999999986, 40, '40.00'],
      [0.0049999, 0, '0.00'],
      [123456.785, 123456.78, '123456.78'],
    ]
    for (const [value, rounded, text] of cases) {
      expect(roundToHundredths(value)).toBeCloseTo(rounded, 10)
      expect(formatHundredths(value)).toBe(text)
    }
  })

  test('text equals toFixed away from ties', () => {
    for (let at = 0; at < 2000; at++) {
      const value = Math.sin(at) * 10 ** (at % 9)
      expect(Number(formatHundredths(value))).toBeCloseTo(Number(value.toFixed(2)), 6)
    }
  })
})

describe('turning', () => {
  test('corners turn clockwise about the centre', () => {
    const corners = turnBox([0, 0, 4, 2], 90)
    const expected = [3, -1, 3, 3, 1, 3, 1, -1]
    for (const [at, value] of corners.entries()) expect(value).toBeCloseTo(expected[at]!, 9)
    expect(turnBox([0, 0, 4, 2], 0)).toEqual([0, 0, 4, 0, 4, 2, 0, 2])
  })

  test('degrees come into 0 to 360', () => {
    expect([-90, 360, 725, 0].map(normaliseRotation)).toEqual([270, 0, 5, 0])
  })

  test('the box of an upright ellipse is centre and axes', () => {
    expect(findEllipseBounds([10, 20, 15, 18], 0)).toEqual([5, 18, 15, 22])
  })
})

describe('tracks', () => {
  test('boxes move linearly, also towards an outside key frame, and stay after the last', () => {
    const shapes = [key(0, [0, 0, 10, 10]), key(4, [4, 8, 14, 18], { outside: true }), key(6, [0, 0, 2, 2])]
    const frames = [...walkTrack(shapes, 8)]
    expect(frames.map(({ frame, outside, keyframe }) => [frame, outside, keyframe])).toEqual([
      [0, false, true],
      [1, false, false],
      [2, false, false],
      [3, false, false],
      [4, true, true],
      [5, true, false],
      [6, false, true],
      [7, false, false],
      [8, false, false],
    ])
    expect(frames[1]!.points).toEqual([1, 2, 11, 12])
    expect(frames[8]!.points).toEqual([0, 0, 2, 2])
    expect(findFrameShape(shapes, 1)).toEqual(frames[1])
    expect(findFrameShape(shapes, -1)).toBeUndefined()
  })

  test('rotation takes the shortest way', () => {
    const shapes = [key(0, [0, 0, 1, 1], { rotation: 350 }), key(2, [0, 0, 1, 1], { rotation: 10 })]
    expect([...walkTrack(shapes, 2)].map(({ rotation }) => rotation)).toEqual([350, 0, 10])
  })

  test('one point moves, several stay', () => {
    const walk = (left: number[], right: number[]) =>
      findFrameShape([key(0, left, { type: 'points' }), key(2, right, { type: 'points' })], 1)!.points
    expect(walk([0, 0], [4, 2])).toEqual([2, 1])
    expect(walk([0, 0, 1, 1], [4, 2, 5, 5])).toEqual([0, 0, 1, 1])
  })

  test('angles of a cuboid in space turn the shortest way', () => {
    const cuboid = (angle: number) => [0, 0, 0, 0, 0, angle, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    const shapes = [key(0, cuboid(3), { type: 'cuboid' }), key(2, cuboid(-3), { type: 'cuboid' })]
    expect(findFrameShape(shapes, 1)!.points[5]).toBeCloseTo(Math.PI, 9)
  })

  test('attributes that a key frame lacks are carried over', () => {
    const shapes = [
      key(0, [0, 0, 1, 1], {
        attributes: [
          { spec_id: 1, value: 'a' },
          { spec_id: 2, value: 'b' },
        ],
      }),
      key(1, [0, 0, 1, 1], { attributes: [{ spec_id: 1, value: 'c' }] }),
    ]
    expect([...walkTrack(shapes, 1)][1]!.attributes).toEqual([
      { spec_id: 1, value: 'c' },
      { spec_id: 2, value: 'b' },
    ])
  })

  test('a skeleton shows the elements that exist and is outside when all are', () => {
    const element = (label_id: number, shapes: TrackedShape[]): Track => {
      return { frame: 0, label_id, group: 0, source: 'manual', attributes: [], shapes, elements: [] }
    }
    const point = { type: 'points' as const }
    const track: Track = {
      ...element(1, [key(0, [], { type: 'skeleton' })]),
      elements: [
        element(2, [key(0, [0, 0], point), key(2, [2, 2], { ...point, outside: true })]),
        element(3, [key(1, [5, 5], { ...point, outside: true })]),
      ],
    }
    const frames = [...walkSkeleton(track, 2)]
    expect(frames.map(({ elements, outside }) => [elements.length, outside])).toEqual([
      [1, false],
      [2, false],
      [2, true],
    ])
    expect(frames[1]!.elements[0]).toMatchObject({ label_id: 2, points: [1, 1] })
  })
})

describe('curves', () => {
  test('equal numbers of points move one to one', () => {
    expect(interpolateCurve([0, 0, 10, 0], [0, 10, 10, 10], 0.5)).toEqual([0, 5, 10, 5])
  })

  test('a point that splits off appears once it is far enough from its neighbour', () => {
    const [left, right] = [
      [0, 200, 100, 190],
      [0, 220, 60, 210, 160, 200],
    ]
    expect(interpolateCurve(left, right, 0.1).length).toBe(4)
    expect(interpolateCurve(left, right, 0.4).length).toBe(6)
    expect(interpolateCurve(left, right, 0.4)).toEqual([0, 208, 24, 204, 124, 194])
  })

  test('an outline keeps its first point and is not closed', () => {
    const square = [0, 0, 10, 0, 10, 10, 0, 10]
    expect(
      interpolateOutline(
        square,
        square.map((value) => value + 4),
        0.5,
      ),
    ).toEqual(square.map((value) => value + 2))
  })
})
