// Areas combined and converted, masks joined, shapes cut, turned, resized, copied.
import { expect, test } from 'bun:test'
import { countMaskPixels, decodeMask } from '../../../../formats/geometry/mask'
import type { Label, Shape } from '../../../../formats/model'
import { measureArea } from '../../view/geometry'
import { readClipboard, writeClipboard } from '../clipboard'
import type { Content } from '../object'
import { makeShape, sampleLabels } from '../sample'
import { combineAreas } from './combine'
import { convertShape } from './convert'
import { joinMasks } from './join'
import { switchOrientation, turnAxes } from './orient'
import { propagateShapes } from './propagate'
import { growBody } from './scale'
import { sliceShape } from './slice'

const size = { width: 200, height: 100 }
const box = (x: number, y: number, w: number, h: number, part: Partial<Shape> = {}): Shape =>
  makeShape({ type: 'polygon', points: [x, y, x + w, y, x + w, y + h, x, y + h], ...part })
const mask = (x: number, y: number, w: number, h: number, part: Partial<Shape> = {}): Shape =>
  makeShape({ type: 'mask', points: [0, w * h, x, y, x + w - 1, y + h - 1], ...part })
const done = <T>(outcome: { done: T } | { refusal: string }): T => {
  if ('refusal' in outcome) throw new Error(outcome.refusal)
  return outcome.done
}
const pixels = (shape: Shape | undefined) => countMaskPixels(decodeMask(shape!.points))
const any = sampleLabels.get(1)
const only = (type: Label['type']): Label => ({ ...any!, type })

test('union, difference and intersection of polygons', () => {
  const [a, b] = [box(0, 0, 40, 40), box(20, 0, 40, 40)]
  const area = (how: 'union' | 'difference' | 'intersection') =>
    done(combineAreas([a, b], how, any, size)).shapes.map((shape) => measureArea(shape.points))
  expect([area('union'), area('difference'), area('intersection')]).toEqual([[2400], [800], [800]])
})

test('a difference in two pieces is two shapes; nothing left is refused', () => {
  const cross = done(combineAreas([box(0, 10, 60, 20), box(20, 0, 20, 60)], 'difference', any, size))
  expect(cross.shapes.map((shape) => measureArea(shape.points))).toEqual([400, 400])
  expect(combineAreas([box(10, 10, 5, 5), box(0, 0, 60, 60)], 'difference', any, size)).toHaveProperty('refusal')
  expect(combineAreas([box(0, 0, 5, 5), box(50, 50, 5, 5)], 'intersection', any, size)).toHaveProperty('refusal')
})

test('holes become a mask, where the label allows one', () => {
  const ring = done(combineAreas([box(0, 0, 60, 60), box(20, 20, 20, 20)], 'difference', any, size))
  expect([ring.becameMask, ring.shapes[0]?.type, pixels(ring.shapes[0])]).toEqual([true, 'mask', 3200])
  expect(combineAreas([box(0, 0, 60, 60), box(20, 20, 20, 20)], 'difference', only('polygon'), size)).toHaveProperty('refusal')
})

test('masks combine as pixels, also with polygons', () => {
  const united = done(combineAreas([mask(0, 0, 20, 20), box(10, 0, 20, 20)], 'union', any, size))
  expect([united.becameMask, pixels(united.shapes[0])]).toEqual([false, 600])
  expect(pixels(done(combineAreas([box(10, 0, 20, 20), mask(0, 0, 20, 20)], 'intersection', any, size)).shapes[0])).toBe(200)
})

test('conversions keep the area and everything else', () => {
  const source = box(10, 10, 30, 20, { occluded: true, attributes: [{ spec_id: 11, value: 'blue' }] })
  const [asMask] = done(convertShape(source, 'mask', any, size))
  expect(asMask).toMatchObject({ type: 'mask', occluded: true, attributes: source.attributes })
  expect(pixels(asMask)).toBe(600)
  const [back] = done(convertShape(asMask!, 'polygon', any, size))
  expect(measureArea(back!.points)).toBe(29 * 19)
  expect(done(convertShape(asMask!, 'rectangle', any, size))[0]?.points).toEqual([10, 10, 40, 30])
  expect(convertShape(source, 'mask', only('polygon'), size)).toHaveProperty('refusal')
})

test('a mask of one pixel becomes a polygon of that pixel', () => {
  expect(done(convertShape(mask(5, 6, 1, 1), 'polygon', any, size))[0]?.points).toEqual([5, 6, 6, 6, 6, 7, 5, 7])
})

test('joined masks: union, defaults where attributes differ, topmost layer', () => {
  const value = (colour: string) => [
    { spec_id: 11, value: colour },
    { spec_id: 12, value: 'true' },
  ]
  const parts = [
    mask(0, 0, 10, 10, { attributes: value('blue'), z_order: 3 }),
    mask(5, 0, 10, 10, { attributes: value('red'), occluded: true }),
  ]
  const joined = done(
    joinMasks(
      parts.map((data): Content => ({ kind: 'shape', data })),
      sampleLabels,
    ),
  )
  expect(joined).toMatchObject({ z_order: 3, occluded: true, attributes: value('red') })
  expect(pixels(joined)).toBe(150)
  const other = [parts[0]!, mask(0, 0, 5, 5, { label_id: 2 })]
  expect(
    joinMasks(
      other.map((data): Content => ({ kind: 'shape', data })),
      sampleLabels,
    ),
  ).toHaveProperty('refusal')
})

test('slicing divides the area of a polygon and the pixels of a mask', () => {
  const halves = done(sliceShape(box(10, 10, 40, 40), [30, 10, 32, 25, 30, 50]))
  expect(halves.map((shape) => measureArea(shape.points)).reduce((a, b) => a + b)).toBe(1600)
  const parts = done(sliceShape(mask(10, 10, 40, 40), [30, 10, 30, 50]))
  expect(parts.map(pixels)).toEqual([800, 800])
})

test('a bent cut within one edge takes a notch', () => {
  const [notch, rest] = done(sliceShape(box(0, 0, 40, 40), [10, 0, 10, 10, 20, 10, 20, 0]))
  expect([measureArea(notch.points), measureArea(rest.points)].sort((a, b) => a - b)).toEqual([100, 1500])
})

test('cuts that leave the shape or cross themselves are refused', () => {
  expect(sliceShape(box(10, 10, 40, 40), [30, 10, 90, 30, 30, 50])).toHaveProperty('refusal')
  expect(sliceShape(box(10, 10, 40, 40), [30, 10, 45, 40, 15, 40, 40, 20, 30, 50])).toHaveProperty('refusal')
})

test('a polyline is cut at a point', () => {
  const line = makeShape({ type: 'polyline', points: [0, 0, 40, 0, 40, 40] })
  expect(done(sliceShape(line, [20, 3])).map((shape) => shape.points)).toEqual([
    [0, 0, 20, 0],
    [20, 0, 40, 0, 40, 40],
  ])
  expect(done(sliceShape(line, [40, 0])).map((shape) => shape.points)).toEqual([
    [0, 0, 40, 0],
    [40, 0, 40, 40],
  ])
  expect(sliceShape(line, [-5, 0])).toHaveProperty('refusal')
})

test('orientation: direction of lines, front of cuboids, axes of boxes', () => {
  expect(switchOrientation(box(0, 0, 2, 2))?.points).toEqual([0, 0, 0, 2, 2, 2, 2, 0])
  expect(switchOrientation(makeShape({ type: 'polyline', points: [0, 0, 1, 1, 2, 5] }))?.points).toEqual([2, 5, 1, 1, 0, 0])
  const cuboid = makeShape({ type: 'cuboid', points: [0, 0, 0, 9, 9, 0, 9, 9, 12, -2, 12, 7, 3, -2, 3, 7] })
  const turned = switchOrientation(cuboid)!
  expect(turned.points.slice(0, 4)).toEqual([9, 0, 9, 9])
  expect(switchOrientation(turned)?.points).toEqual(cuboid.points)
  const wide = makeShape({ points: [0, 0, 40, 20] })
  expect(turnAxes(wide, 1)).toMatchObject({ rotation: 90, points: [10, -10, 30, 30] })
  expect(turnAxes(turnAxes(wide, 1), 3)).toMatchObject({ rotation: 0, points: [0, 0, 40, 20] })
  const oval = makeShape({ type: 'ellipse', points: [50, 50, 80, 40] })
  expect(turnAxes(turnAxes(oval, 1), 3)).toMatchObject({ rotation: 0, points: [50, 50, 80, 40] })
})

test('keys make wider and higher, never smaller than a pixel', () => {
  expect(growBody(makeShape({ points: [10, 10, 30, 20] }), 1, 0, size)?.points).toEqual([10, 10, 31, 20])
  expect(growBody(makeShape({ points: [10, 10, 30, 20] }), 0, -10, size)).toBeNull()
  expect(growBody(makeShape({ type: 'ellipse', points: [50, 50, 60, 40] }), 10, 0, size)?.points).toEqual([55, 50, 70, 40])
  expect(growBody(box(10, 10, 20, 20), 10, 0, size)?.points).toEqual([10, 10, 40, 10, 40, 30, 10, 30])
  expect(growBody(mask(0, 0, 4, 4), 1, 0, size)).toBeNull()
})

test('copies on frames of their own size: masks are cropped, those left empty are not made', () => {
  const shapes = [makeShape({ id: 7, group: 3 }), mask(90, 90, 20, 10)]
  const sizes: Record<number, { width: number; height: number }> = {
    1: size,
    2: { width: 100, height: 95 },
    3: { width: 50, height: 50 },
  }
  const copies = propagateShapes(shapes, [1, 2, 3], (frame) => sizes[frame]!)
  expect(copies.map(({ data }) => [data.frame, (data as Shape).type])).toEqual([
    [1, 'rectangle'],
    [1, 'mask'],
    [2, 'rectangle'],
    [2, 'mask'],
    [3, 'rectangle'],
  ])
  expect(copies[0]!.data).toMatchObject({ group: 0 })
  expect('id' in copies[0]!.data).toBe(false)
  expect(pixels(copies[3]!.data as Shape)).toBe(50)
})

test('copies reach another job by the names of labels and attributes', () => {
  const content: Content = { kind: 'shape', data: makeShape({ attributes: [{ spec_id: 11, value: 'blue' }] }) }
  const there = new Map(
    [...sampleLabels.values()].map((label) => [
      label.id + 100,
      { ...label, id: label.id + 100, attributes: label.attributes.map((one) => ({ ...one, id: one.id + 100 })) },
    ]),
  )
  const [taken] = readClipboard(writeClipboard([content], sampleLabels), there)
  expect(taken?.data).toMatchObject({
    label_id: 101,
    attributes: [
      { spec_id: 111, value: 'blue' },
      { spec_id: 112, value: 'false' },
    ],
  })
  expect(readClipboard(writeClipboard([content], sampleLabels), new Map())).toEqual([])
  expect([readClipboard('hello', there), readClipboard(null, there), readClipboard('{"shapes":[]}', there)]).toEqual([[], [], []])
})
