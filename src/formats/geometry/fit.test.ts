// Boxes and ellipses are found again from points on them.
import { expect, test } from 'bun:test'
import { fitBox, fitEllipse } from './fit'

const turn = (x: number, y: number, degrees: number): [number, number] => {
  const angle = (degrees * Math.PI) / 180
  return [100 + x * Math.cos(angle) - y * Math.sin(angle), 60 + x * Math.sin(angle) + y * Math.cos(angle)]
}

test.each([0, 10, 30, 44, 150, 175])('a box turned by %d°', (degrees) => {
  const corners = [
    turn(-40, -15, degrees),
    turn(40, -15, degrees),
    turn(40, 15, degrees),
    turn(-40, 15, degrees),
    turn(0, 3, degrees),
  ]
  const fitted = fitBox(corners.flat())!
  expect(fitted.x).toBeCloseTo(100, 6)
  expect(fitted.y).toBeCloseTo(60, 6)
  expect([fitted.halfWidth, fitted.halfHeight].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([40, 15])
  expect(Math.abs(((fitted.rotation - degrees + 270) % 180) - 90)).toBeLessThan(1e-6)
})

test('three points that span an area make a box, points on a line none', () => {
  expect(fitBox([0, 0, 10, 0, 10, 4])).toMatchObject({ halfWidth: 5, halfHeight: 2, rotation: 0 })
  expect(fitBox([0, 0, 10, 10, 20, 20])).toBeUndefined()
  expect(fitBox([0, 0, 5, 5])).toBeUndefined()
})

test.each([0, 20, 44, 140, 170])('an ellipse turned by %d° from seven of its points', (degrees) => {
  const points = [0, 0.8, 1.7, 2.5, 3.6, 4.4, 5.5].flatMap((angle) => turn(50 * Math.cos(angle), 20 * Math.sin(angle), degrees))
  const fitted = fitEllipse(points)!
  expect(fitted.x).toBeCloseTo(100, 3)
  expect(fitted.y).toBeCloseTo(60, 3)
  expect(fitted.halfWidth).toBeCloseTo(50, 3)
  expect(fitted.halfHeight).toBeCloseTo(20, 3)
  expect(Math.abs(((fitted.rotation - degrees + 270) % 180) - 90)).toBeLessThan(0.01)
})

test('a tall ellipse and a circle', () => {
  const ring = (a: number, b: number) => [0, 1, 2, 3, 4, 5].flatMap((t) => [10 + a * Math.cos(t), 20 + b * Math.sin(t)])
  expect(fitEllipse(ring(5, 30))!.halfHeight).toBeCloseTo(30, 3)
  expect(fitEllipse(ring(5, 30))!.rotation % 180).toBeCloseTo(0, 3)
  expect(fitEllipse(ring(8, 8))!.halfWidth).toBeCloseTo(8, 3)
})

test('points on a line determine no ellipse', () => {
  expect(fitEllipse([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])).toBeUndefined()
  expect(fitEllipse([0, 0, 1, 1, 2, 2, 3, 9])).toBeUndefined()
})
