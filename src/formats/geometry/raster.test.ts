// Rasters and contours against vectors made with pycocotools and OpenCV.

import { describe, expect, test } from 'bun:test'
import {
  countSetPixels,
  decodeCocoCounts,
  encodeCocoCounts,
  findCountsBox,
  packCocoCounts,
  uniteCounts,
  unpackCocoCounts,
} from './coco-rle'
import { rasteriseEllipse } from './ellipse'
import vectors from './fixtures/vectors.json'
import { traceContours, tracePolygons } from './outline'
import { countPolygonPixels, measureArea, rasterisePolygon } from './polygon'
import { thinContour } from './thin-contour'

type Point = [number, number]
type Quad = [number, number, number, number]

describe('polygons', () => {
  test('rasters equal those of frPyObjects to the pixel', () => {
    expect(vectors.polygons.length).toBeGreaterThan(100)
    for (const { points, width, height, counts, area, bbox } of vectors.polygons) {
      const runs = rasterisePolygon(points, width, height)
      expect(packCocoCounts(runs)).toBe(counts)
      expect(countSetPixels(runs)).toBe(area)
      expect(countPolygonPixels(points, width, height)).toBe(area)
      if (area > 0) expect(findCountsBox(runs, height)).toEqual(bbox as Quad)
    }
  })

  test('huge coordinates cost no more than the picture', () => {
    expect(countPolygonPixels([-1e12, -1e12, 1e12, -1e12, 1e12, 1e12, -1e12, 1e12], 40, 30)).toBe(1200)
  })

  test('area by the shoelace rule does not depend on direction', () => {
    expect(measureArea([0, 0, 4, 0, 4, 3, 0, 3])).toBe(12)
    expect(measureArea([0, 3, 4, 3, 4, 0, 0, 0])).toBe(12)
  })
})

describe('ellipses', () => {
  test('differ from OpenCV by a few border pixels at most', () => {
    for (const { points, rotation, width, height, counts } of vectors.ellipses) {
      const ours = encodeCocoCounts(rasteriseEllipse(points as Quad, rotation), width, height)
      const theirs = unpackCocoCounts(counts)
      const both = countSetPixels(uniteCounts(ours, theirs))
      const differing = 2 * both - countSetPixels(ours) - countSetPixels(theirs)
      expect(differing).toBeLessThanOrEqual(6)
    }
  })
})

describe('run lengths', () => {
  test('text and numbers turn into each other', () => {
    for (const { counts } of vectors.polygons) expect(packCocoCounts(unpackCocoCounts(counts))).toBe(counts)
    expect(unpackCocoCounts(packCocoCounts([0, 1000000, 5, 3, 999]))).toEqual([0, 1000000, 5, 3, 999])
    expect(() => unpackCocoCounts('!')).toThrow(RangeError)
    expect(() => unpackCocoCounts('ooooooooo')).toThrow(RangeError)
  })

  test('API masks and COCO runs turn into each other', () => {
    for (const { counts, width, height, area } of vectors.polygons) {
      const runs = unpackCocoCounts(counts)
      const mask = decodeCocoCounts(runs, height)
      if (area === 0) expect(mask).toBeUndefined()
      else expect(encodeCocoCounts(mask!, width, height)).toEqual(runs)
    }
  })

  test('a mask that reaches out of the picture is cut off', () => {
    const runs = encodeCocoCounts([0, 16, -2, -2, 1, 1], 3, 3)
    expect(runs).toEqual([0, 2, 1, 2, 4])
    expect(encodeCocoCounts([0, 4, 9, 9, 10, 10], 3, 3)).toEqual([9])
  })

  test('a union covers both', () => {
    expect(uniteCounts([2, 3, 5], [0, 3, 4, 2, 1])).toEqual([0, 5, 2, 2, 1])
    expect(uniteCounts([10], [10])).toEqual([10])
  })

  test('broken masks are refused', () => {
    expect(() => encodeCocoCounts([3, 2, 0, 0, 1, 1], 5, 5)).toThrow(RangeError)
    expect(() => encodeCocoCounts([0, Number.NaN, 0, 0, 0, 0], 5, 5)).toThrow(RangeError)
  })
})

describe('contours', () => {
  const masks = vectors.contours.map(({ width, height, rows }) => {
    return { left: 0, top: 0, width, height, data: Uint8Array.from(rows.join(''), Number) }
  })

  test('borders equal those of OpenCV', () => {
    for (const [index, { contours }] of vectors.contours.entries()) {
      const { outer, holes } = traceContours(masks[index]!)
      const ours = [...outer.values(), ...[...holes.values()].flat()].map((contour) => JSON.stringify(contour))
      expect(ours.sort()).toEqual(contours.map((contour) => JSON.stringify(contour)).sort())
    }
  })

  test('dominant points equal those of OpenCV', () => {
    for (const { contours, thinned } of vectors.contours) {
      for (const [index, contour] of contours.entries()) {
        expect(thinContour(contour as Point[])).toEqual(thinned[index] as Point[])
      }
    }
  })

  test('the polygon of a frame leaves its opening free', () => {
    const [width, height] = [60, 50]
    const data = Uint8Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)]
      return x > 0 && x < 59 && y > 0 && y < 49 && !(x > 15 && x < 45 && y > 12 && y < 35) ? 1 : 0
    })
    const polygons = tracePolygons({ left: 100, top: 50, width, height, data })
    expect(polygons.length).toBe(1)
    expect(polygons[0]!.slice(0, 2)).toEqual(polygons[0]!.slice(-2))
    // Contours run through pixel centres, and the opening's cuts its corners.
    const [outer, opening] = [57 * 47, 30 * 23]
    expect(Math.abs(measureArea(polygons[0]!) - (outer - opening))).toBeLessThan(60)
    expect(Math.min(...polygons[0]!.filter((_, at) => at % 2 === 0))).toBe(101)
  })

  test('single pixels and lines make no polygon', () => {
    expect(tracePolygons({ left: 0, top: 0, width: 3, height: 1, data: Uint8Array.of(1, 0, 0) })).toEqual([])
    expect(tracePolygons({ left: 0, top: 0, width: 3, height: 1, data: Uint8Array.of(1, 1, 1) })).toEqual([])
  })
})
