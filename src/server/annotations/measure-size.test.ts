// Sizes of every kind of shape, against what one would count on paper.
import { expect, test } from 'bun:test'
import { measureSize } from './measure-size'

const size = (type: string, points: number[], elements?: { points: number[]; outside?: boolean }[]) =>
  measureSize({
    type,
    outside: false,
    points: JSON.stringify(points),
    elements: elements?.map(({ points, outside = false }) => ({ type: 'points', outside, points: JSON.stringify(points) })),
  })

test('every kind of shape has the size that it takes up', () => {
  expect(size('rectangle', [10, 20, 40, 25])).toEqual({ width: 30, height: 5, area: 150 })
  expect(size('rectangle', [40, 25, 10, 20])).toEqual({ width: 30, height: 5, area: 150 })
  expect(size('ellipse', [10, 10, 14, 8])).toEqual({ width: 8, height: 4, area: Math.PI * 8 })
  expect(size('polygon', [0, 0, 10, 0, 0, 10])).toEqual({ width: 10, height: 10, area: 50 })
  expect(size('polyline', [5, 5, 15, 5])).toEqual({ width: 10, height: 0, area: 0 })
  expect(size('points', [5, 5, 15, 25])).toEqual({ width: 10, height: 20, area: 200 })
  // Two rows of three pixels: one not set, four set, one not set.
  expect(size('mask', [1, 4, 1, 7, 8, 9, 9])).toEqual({ width: 3, height: 2, area: 4 })
})

test('a cuboid of a picture has its box, one in space its lengths', () => {
  expect(size('cuboid', [1, 1, 1, 5, 4, 1, 4, 5, 9, 1, 9, 5, 2, 1, 2, 7])).toEqual({ width: 8, height: 6, area: 48 })
  expect(size('cuboid', [1, 2, 3, 0, 0, 1.5, 4, 2, 1.5, 0, 0, 0, 0, 0, 0, 0])).toEqual({ width: 4, height: 2, area: 8 })
})

test('a skeleton is as large as its elements that are seen', () => {
  const elements = [{ points: [10, 10] }, { points: [20, 40] }, { points: [500, 500], outside: true }]
  expect(size('skeleton', [], elements)).toEqual({ width: 10, height: 30, area: 300 })
  expect(size('skeleton', [], [])).toEqual({ width: 0, height: 0, area: 0 })
})
