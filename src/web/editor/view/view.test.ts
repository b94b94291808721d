// Fitting, zooming about a point, and cropping.
import { expect, test } from 'bun:test'
import { cropLine, cropPolygon, isInside, measureToSegment } from './geometry'
import { fitPicture, limitScale, seenBox, toArea, toImage, zoomAt } from './view'

const size = { width: 1000, height: 500 }
const area = { width: 524, height: 424 }

test('a fitted picture is centred with a margin', () => {
  expect(fitPicture(size, area)).toEqual({ scale: 0.5, left: 12, top: 87 })
})

test('zooming keeps the point under the cursor', () => {
  const view = fitPicture(size, area)
  const at = { x: 100, y: 90 }
  const next = zoomAt(view, at, 2)
  expect(toImage(next, at)).toEqual(toImage(view, at))
  expect(toArea(next, toImage(next, at))).toEqual(at)
})

test('the scale stays between a tenth and ten times of fitting', () => {
  expect(limitScale(0.001, 0.5)).toBe(0.05)
  expect(limitScale(100, 2)).toBe(20)
  expect(limitScale(7, 0.01)).toBe(7)
})

test('the seen part of the picture', () => {
  expect(seenBox({ scale: 2, left: -100, top: 50 }, area)).toEqual({ left: 50, top: -25, right: 312, bottom: 187 })
})

test('a contour is cropped at every border it crosses', () => {
  expect(cropPolygon([-10, 10, 20, 10, 20, 30, -10, 30], { width: 100, height: 100 })).toEqual([0, 10, 20, 10, 20, 30, 0, 30])
  expect(cropPolygon([200, 200, 300, 200, 300, 300], { width: 100, height: 100 })).toEqual([])
})

test('inside and distance', () => {
  const ring = [0, 0, 10, 0, 10, 10, 5, 2, 0, 10]
  expect(isInside({ x: 5, y: 1 }, ring)).toBe(true)
  expect(isInside({ x: 5, y: 6 }, ring)).toBe(false)
  expect(measureToSegment({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(3)
  expect(measureToSegment({ x: 13, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5)
})

test('an open line is cropped to its longest part in the picture', () => {
  const size = { width: 100, height: 100 }
  expect(cropLine([-10, 50, 20, 50, 20, 80], size)).toEqual([0, 50, 20, 50, 20, 80])
  expect(cropLine([10, 50, 120, 50, 120, 60, 50, 60, 40, 60, 30, 70], size)).toEqual([100, 60, 50, 60, 40, 60, 30, 70])
  expect(cropLine([10, 10, 20, 20], size)).toEqual([10, 10, 20, 20])
  expect(cropLine([200, 10, 220, 20], size)).toEqual([])
})
