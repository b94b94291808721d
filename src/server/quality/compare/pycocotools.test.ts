// Overlap of boxes and polygons and similarity of keypoints, against what COCO's own tools say (fixtures/make_pycocotools.py).
import { expect, test } from 'bun:test'
import { countRunSet, measureRunSets } from '../../../formats/geometry/run-sets'
import figures from '../fixtures/pycocotools.json'
import { measureKeypoints } from './keypoints'
import { type Box, measureBoxes } from './marks'
import { fillOutline } from './regions'

const toBox = ([left, top, right, bottom]: number[]): Box => [left!, top!, right! - left!, bottom! - top!]

test('boxes', () => {
  expect(figures.boxes).toHaveLength(60)
  for (const { one, other, iou } of figures.boxes) {
    expect(measureBoxes(toBox(one), toBox(other))).toBeCloseTo(iou, 12)
    expect(measureBoxes(toBox(other), toBox(one))).toBeCloseTo(iou, 12)
  }
})

test('polygons, pixel by pixel', () => {
  expect(figures.polygons).toHaveLength(60)
  for (const { one, other, iou, areas } of figures.polygons) {
    const [a, b] = [fillOutline(one, figures), fillOutline(other, figures)]
    expect([countRunSet(a), countRunSet(b)]).toEqual(areas)
    expect(measureRunSets(a, b)).toBeCloseTo(iou, 12)
  }
})

test('keypoints', () => {
  expect(figures.keypoints).toHaveLength(60)
  for (const { one, other, visible, area, sigma, oks } of figures.keypoints) {
    expect(measureKeypoints(one, other, area, sigma, visible, visible)).toBeCloseTo(oks, 10)
    expect(measureKeypoints(other, one, area, sigma, visible, visible)).toBeCloseTo(oks, 10)
  }
})
