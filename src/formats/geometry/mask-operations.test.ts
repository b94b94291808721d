// Masks taken from one another, cut, and traced along their pixels.
import { expect, test } from 'bun:test'
import { countMaskPixels, decodeMask, encodeMask, type Mask, uniteMasks } from './mask'
import { cutMask, drawPolygonMask, intersectMasks, subtractMask } from './mask-operations'
import { tracePixelOutlines } from './pixel-outline'
import { measureSignedArea } from './polygon'

const size = { width: 100, height: 80 }
const draw = (rows: string[], left = 0, top = 0): Mask => ({
  left,
  top,
  width: rows[0]!.length,
  height: rows.length,
  data: new Uint8Array([...rows.join('')].map((cell) => (cell === '#' ? 1 : 0))),
})

test('subtracting keeps what is not shared, and the same mask when nothing is', () => {
  const a = draw(['####', '####'], 10, 10)
  const rest = subtractMask(a, draw(['##'], 9, 10))
  expect([...rest.data]).toEqual([0, 1, 1, 1, 1, 1, 1, 1])
  expect(subtractMask(a, draw(['##'], 40, 10))).toBe(a)
  expect(countMaskPixels(a)).toBe(8)
  expect(encodeMask(intersectMasks(a, draw(['##'], 9, 10)))).toEqual([0, 1, 10, 10, 10, 10])
})

test('a polygon covers the pixels whose centres lie in it, within the picture', () => {
  expect(encodeMask(drawPolygonMask([10, 10, 20, 10, 20, 15, 10, 15], size)!)).toEqual([0, 50, 10, 10, 19, 14])
  expect(encodeMask(drawPolygonMask([-5, -5, 5, -5, 5, 5, -5, 5], size)!)).toEqual([0, 25, 0, 0, 4, 4])
  expect(drawPolygonMask([200, 200, 210, 200, 210, 210], size)).toBeUndefined()
})

test('cutting loses no pixel', () => {
  const whole = drawPolygonMask([10, 10, 60, 12, 55, 50, 30, 70, 8, 40], size)!
  const [inside, outside] = cutMask(whole, [0, 0, 33.3, 0, 28, 80, 0, 80])!
  expect(countMaskPixels(inside) + countMaskPixels(outside)).toBe(countMaskPixels(whole))
  expect(encodeMask(uniteMasks([inside, outside])!)).toEqual(encodeMask(whole)!)
  expect(cutMask(whole, [90, 0, 99, 0, 99, 10])).toBeUndefined()
})

test('outlines run along pixels: area and refilling agree', () => {
  const shapes = [
    draw(['#']),
    draw(['###', '#.#', '###'], 5, 6),
    draw(['##..', '##..', '..##', '..##'], 3, 3),
    draw(['#.#', '###', '.#.'], 1, 1),
    drawPolygonMask([10, 10, 60, 12, 55, 50, 30, 70, 8, 40], size)!,
  ]
  for (const shape of shapes) {
    const outlines = tracePixelOutlines(shape)
    const area = outlines.reduce((sum, ring) => sum + measureSignedArea(ring), 0)
    expect(area).toBe(countMaskPixels(shape))
  }
  expect(tracePixelOutlines(shapes[0]!)).toEqual([[0, 0, 1, 0, 1, 1, 0, 1]])
  expect(tracePixelOutlines(shapes[1]!)).toHaveLength(2)
  expect(tracePixelOutlines(shapes[2]!)).toHaveLength(2)
  const ring = tracePixelOutlines(shapes[4]!)
  expect(encodeMask(drawPolygonMask(ring[0]!, size)!)).toEqual(encodeMask(shapes[4]!)!)
  expect(decodeMask(encodeMask(shapes[4]!)!).width).toBeGreaterThan(40)
})
