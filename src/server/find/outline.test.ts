// Boxes, outlines and the parts of pictures that show them.
import { expect, test } from 'bun:test'
import { boundsOf, cropAround, outlineOf } from './outline'

const shape = (type: string, points: number[], rotation = 0) => ({ type, points: JSON.stringify(points), rotation })

test('a turned box takes up more than it measures', () => {
  expect(boundsOf(shape('rectangle', [0, 0, 10, 20]))).toEqual([0, 0, 10, 20])
  const [left, top, right, bottom] = boundsOf(shape('rectangle', [0, 0, 10, 20], 90))!
  expect([left, top, right, bottom].map(Math.round)).toEqual([-5, 5, 15, 15])
  expect(boundsOf(shape('ellipse', [10, 10, 14, 8]))).toEqual([6, 8, 14, 12])
  expect(boundsOf(shape('skeleton', []))).toBeNull()
  expect(boundsOf(shape('mask', [0, 4, 5, 5, 6, 6]))).toEqual([5, 5, 7, 7])
  expect(outlineOf(shape('mask', [0, 4, 5, 5, 6, 6])).closed).toHaveLength(1)
})

test('a crop is four by three around the object and never leaves the picture', () => {
  const picture = { width: 1000, height: 800 }
  expect(cropAround([400, 400, 500, 475], picture)).toEqual({ left: 376, top: 382, width: 148, height: 111 })
  for (const box of [
    [0, 0, 1, 1],
    [990, 790, 1000, 800],
    [-50, -50, 20, 20],
    [0, 0, 1000, 800],
    [0, 0, 1000, 3],
    [1200, 900, 1300, 950],
  ] as const) {
    const { left, top, width, height } = cropAround([...box], picture)
    expect(left).toBeGreaterThanOrEqual(0)
    expect(top).toBeGreaterThanOrEqual(0)
    expect(left + width).toBeLessThanOrEqual(1000)
    expect(top + height).toBeLessThanOrEqual(800)
    expect(Math.min(width, height)).toBeGreaterThan(0)
  }
  expect(cropAround([0, 0, 5, 5], { width: 3, height: 2 })).toEqual({ left: 0, top: 0, width: 3, height: 2 })
})
