// Shapes turned into the kinds that a format can hold.

import { expect, test } from 'bun:test'
import { countSetPixels, encodeCocoCounts } from './geometry/coco-rle'
import { toSupported } from './supported-shapes'
import { createShape } from './testing/sample'

const size = { width: 120, height: 90 }
const countPixels = (mask: number[]) => countSetPixels(encodeCocoCounts(mask, size.width, size.height))

test('a kind that can be held stays as it is', () => {
  const shape = createShape('rectangle', { rotation: 30 })
  expect(toSupported(shape, ['rectangle', 'mask'], size)).toEqual([shape])
})

test('a turned rectangle becomes its corners, which make its mask', () => {
  const shape = createShape('rectangle', { points: [20, 20, 60, 40], rotation: 90 })
  const [polygon] = toSupported(shape, ['polygon'], size)
  expect(polygon!.points.map(Math.round)).toEqual([50, 10, 50, 50, 30, 50, 30, 10])
  expect(polygon!.rotation).toBe(0)
  const [mask] = toSupported(shape, ['mask'], size)
  expect(countPixels(mask!.points)).toBe(800)
  expect(mask!.points.slice(-4)).toEqual([30, 10, 49, 49])
})

test('ellipses and masks become each what is wanted', () => {
  const ellipse = createShape('ellipse', { points: [60, 40, 80, 30] })
  const [mask] = toSupported(ellipse, ['rectangle', 'mask'], size)
  expect(Math.abs(countPixels(mask!.points) - Math.PI * 20.5 * 10.5)).toBeLessThan(12)
  expect(toSupported(mask!, ['polygon'], size)).toEqual(toSupported(ellipse, ['polygon'], size))
  const apart = createShape('mask', { points: [0, 3, 3, 6, 3, 6, 3, 3, 0, 0, 8, 2] })
  expect(toSupported(apart, ['polygon'], size).length).toBe(2)
})

test('what cannot be held is left out', () => {
  for (const type of ['polyline', 'points', 'cuboid', 'skeleton'] as const) {
    expect(toSupported(createShape(type), ['rectangle', 'polygon', 'mask'], size)).toEqual([])
  }
  const outside = createShape('polygon', { points: [200, 200, 210, 200, 210, 210] })
  expect(toSupported(outside, ['mask'], size)).toEqual([])
})
