import { expect, test } from 'bun:test'
import { measureArea } from './polygon'
import { simplifyPolygon } from './simplify'

test('points on the sides of a square go, its corners stay', () => {
  const points = [0, 0, 5, 0, 10, 0, 10, 4, 10, 10, 3, 10, 0, 10, 0, 2]
  expect(simplifyPolygon(points, 0.5)).toEqual([0, 0, 10, 0, 10, 10, 0, 10])
})

test('no point of what went lies farther away than the tolerance, so the area of a circle hardly changes', () => {
  const circle = Array.from({ length: 720 }, (_, i) => [50 + 40 * Math.cos(i / 114.6), 50 + 40 * Math.sin(i / 114.6)]).flat()
  const simple = simplifyPolygon(circle, 0.5)
  expect(simple.length / 2).toBeLessThan(60)
  expect(Math.abs(measureArea(simple) / measureArea(circle) - 1)).toBeLessThan(0.03)
})

test('what is small or flat stays, and a tolerance of nothing changes nothing', () => {
  expect(simplifyPolygon([0, 0, 1, 0, 0, 1], 9)).toEqual([0, 0, 1, 0, 0, 1])
  const flat = [0, 0, 1, 0.1, 2, 0, 1, -0.1]
  expect(simplifyPolygon(flat, 50)).toEqual(flat)
  expect(simplifyPolygon(flat, 0)).toEqual(flat)
})
