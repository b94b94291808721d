// What holds for every kind of shape, and what is special about some.
import { expect, test } from 'bun:test'
import { shapeTypes } from '../../../formats/model'
import { measureDistance } from '../view/geometry'
import { isCovered, readMask } from './mask'
import { shapeKinds } from './registry'
import type { Body } from './shape-kind'

const size = { width: 400, height: 300 }

const samples: Record<(typeof shapeTypes)[number], Body> = {
  rectangle: { type: 'rectangle', points: [50, 60, 150, 120], rotation: 0 },
  polygon: { type: 'polygon', points: [50, 60, 150, 60, 150, 120, 50, 120], rotation: 0 },
  polyline: { type: 'polyline', points: [50, 60, 150, 60, 150, 120], rotation: 0 },
  points: { type: 'points', points: [50, 60, 150, 120], rotation: 0 },
  ellipse: { type: 'ellipse', points: [100, 90, 150, 60], rotation: 0 },
  cuboid: { type: 'cuboid', points: [50, 60, 50, 110, 120, 60, 120, 110, 150, 70, 150, 120, 80, 70, 80, 120], rotation: 0 },
  mask: { type: 'mask', points: [0, 3, 2, 1, 50, 60, 52, 61], rotation: 0 },
  skeleton: {
    type: 'skeleton',
    points: [],
    rotation: 0,
    elements: [
      { type: 'points', points: [50, 60], rotation: 0 },
      { type: 'points', points: [150, 120], rotation: 0 },
    ],
  },
}

for (const type of shapeTypes) {
  const kind = shapeKinds[type]
  const body = samples[type]

  test(`${type}: is registered under its own name and bounded`, () => {
    expect(kind.kind).toBe(type)
    const box = kind.bounds(body)
    expect(box.right).toBeGreaterThan(box.left)
    expect(box.bottom).toBeGreaterThan(box.top)
  })

  test(`${type}: a move keeps the size and stops at the border`, () => {
    const moved = kind.translate(body, 1000, -1000, size)
    const [before, after] = [kind.bounds(body), kind.bounds(moved)]
    expect(after.right - after.left).toBeCloseTo(before.right - before.left)
    expect(after).toMatchObject({ right: size.width, top: 0 })
    expect(kind.translate(moved, -1000, 1000, size)).not.toEqual(moved)
    expect(samples[type]).toEqual(body)
  })

  test(`${type}: is hit on itself, missed far away`, () => {
    const [x, y] = type === 'skeleton' ? [100, 90] : type === 'mask' ? [51, 60] : kind.filled ? [100, 90] : [50, 60]
    expect(kind.hit(body, { x: x!, y: y! }, 5)).toBeLessThan(5)
    expect(kind.hit(body, { x: 390, y: 290 }, 5)).toBe(Infinity)
  })
}

test('a turned box keeps the opposite corner in place while a corner is dragged', () => {
  const body: Body = { type: 'rectangle', points: [100, 100, 200, 150], rotation: 30 }
  const corner = (of: Body, id: string) => shapeKinds.rectangle.handles(of, 20).find((handle) => handle.id === id)!
  const still = corner(body, 'top-left')
  const to = { x: 230, y: 200 }
  const next = shapeKinds.rectangle.moveHandle(body, 'bottom-right', { to, shift: false, size })
  expect(measureDistance(corner(next, 'top-left'), still)).toBeLessThan(0.02)
  expect(measureDistance(corner(next, 'bottom-right'), to)).toBeLessThan(0.02)
})

test('dragging a side past the other one turns the box inside out, not negative', () => {
  const next = shapeKinds.rectangle.moveHandle(samples.rectangle, 'right', { to: { x: 10, y: 90 }, shift: false, size })
  expect(next.points).toEqual([10, 60, 50, 120])
})

test.each([
  [{ x: 200, y: 90 }, false, 90],
  [{ x: 100, y: 190 }, false, 180],
  [{ x: 0, y: 90 }, false, 270],
  [{ x: 131, y: 40 }, true, 30],
])('the rotation handle at %j (Shift %p) turns to %d degrees', (to, shift, angle) => {
  expect(shapeKinds.ellipse.moveHandle(samples.ellipse, 'rotate', { to, shift, size }).rotation).toBe(angle)
})

test('a polygon offers vertices and long enough edges as handles, inserts and deletes points', () => {
  const kind = shapeKinds.polygon
  expect(kind.handles(samples.polygon, 20).map((handle) => handle.id)).toEqual([
    'point-0',
    'point-1',
    'point-2',
    'point-3',
    'edge-0',
    'edge-1',
    'edge-2',
    'edge-3',
    'direction',
  ])
  expect(kind.handles(samples.polygon, 80).map((handle) => handle.id)).toEqual([
    'point-0',
    'point-1',
    'point-2',
    'point-3',
    'edge-0',
    'edge-2',
  ])
  const more = kind.moveHandle(samples.polygon, 'edge-3', { to: { x: 40.126, y: 90 }, shift: false, size })
  expect(more.points).toEqual([50, 60, 150, 60, 150, 120, 50, 120, 40.13, 90])
  expect(kind.removePoint(more, 'point-4')).toEqual(samples.polygon)
})

test('a mask is read from its runs, rows of its box', () => {
  expect([...readMask(samples.mask.points).bits]).toEqual([1, 1, 1, 0, 0, 1])
  expect(isCovered(samples.mask, 50.5, 61.5)).toBe(false)
  expect(isCovered(samples.mask, 52.5, 61.5)).toBe(true)
  expect(shapeKinds.mask.area(samples.mask)).toBe(4)
  expect(shapeKinds.mask.translate(samples.mask, 2.4, 1, size).points.slice(-4)).toEqual([52, 61, 54, 62])
})
