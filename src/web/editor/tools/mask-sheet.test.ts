// Painting on tiles gives the API's runs, across tile borders and the edges of the picture.
import { expect, test } from 'bun:test'
import { countMaskPixels, decodeMask } from '../../../formats/geometry/mask'
import { emptySheet, isSheetEmpty, paintPolygon, paintRuns, paintStroke, readSheet, type Stroke, tileSize } from './mask-sheet'

const size = { width: 600, height: 400 }
const dot = (x: number, y: number, width: number, form: Stroke['form'] = 'circle'): Stroke => ({
  line: [x, y, x, y],
  size: width,
  form,
})

test('one pixel is one run', () => {
  expect(readSheet(paintStroke(emptySheet(size), dot(5.5, 7.5, 1), 1))).toEqual([0, 1, 5, 7, 5, 7])
  expect(readSheet(paintStroke(emptySheet(size), dot(5.9, 7.9, 1), 1))).toEqual([0, 1, 5, 7, 5, 7])
})

test('a square of ten covers a hundred pixels, a circle nearly its area, on both sides of a tile border', () => {
  const square = readSheet(paintStroke(emptySheet(size), dot(tileSize, tileSize, 10, 'square'), 1))!
  expect(square).toEqual([0, 100, tileSize - 5, tileSize - 5, tileSize + 4, tileSize + 4])
  const circle = decodeMask(readSheet(paintStroke(emptySheet(size), dot(tileSize, 200, 40), 1))!)
  expect(Math.abs(countMaskPixels(circle) - Math.PI * 400)).toBeLessThan(20)
})

test('a stroke leaves no gaps, in any direction', () => {
  for (const [x, y] of [
    [100, 0],
    [0, 100],
    [70, 70],
    [-80, 33],
  ] as const) {
    for (const form of ['circle', 'square'] as const) {
      const swept = paintStroke(emptySheet(size), { line: [200.3, 150.1, 200.3 + x, 150.1 + y], size: 8, form }, 1)
      let stepped = emptySheet(size)
      for (let i = 0; i <= 400; i++) stepped = paintStroke(stepped, dot(200.3 + (x * i) / 400, 150.1 + (y * i) / 400, 8, form), 1)
      const a = countMaskPixels(decodeMask(readSheet(swept)!))
      const b = countMaskPixels(decodeMask(readSheet(stepped)!))
      expect(Math.abs(a - b)).toBeLessThanOrEqual(b * 0.01 + 2)
    }
  }
})

test('what lies beyond the picture is cut off; the eraser empties', () => {
  const drawn = paintStroke(emptySheet(size), dot(0, 0, 20, 'square'), 1)
  expect(readSheet(drawn)).toEqual([0, 100, 0, 0, 9, 9])
  const wiped = paintStroke(drawn, dot(0, 0, 20, 'square'), 0)
  expect([isSheetEmpty(wiped), readSheet(wiped), isSheetEmpty(drawn)]).toEqual([true, null, false])
})

test('polygons add and take away; runs come back as they were', () => {
  const ring = paintPolygon(
    paintPolygon(emptySheet(size), [10, 10, 310, 10, 310, 110, 10, 110], 1),
    [20, 20, 300, 20, 300, 100, 20, 100],
    0,
  )
  const runs = readSheet(ring)!
  expect(countMaskPixels(decodeMask(runs))).toBe(300 * 100 - 280 * 80)
  expect(readSheet(paintRuns(emptySheet(size), runs, 1))).toEqual(runs)
  expect(readSheet(paintRuns(ring, runs, 0))).toBeNull()
})

test('strokes on a picture of 4000 × 3000 copy few tiles', () => {
  let sheet = emptySheet({ width: 4000, height: 3000 })
  const before = sheet
  for (let i = 0; i < 300; i++)
    sheet = paintStroke(sheet, { line: [i * 10, 1500, i * 10 + 10, 1500], size: 30, form: 'circle' }, 1)
  expect([before.tiles.size, sheet.tiles.size]).toEqual([0, 12])
})
