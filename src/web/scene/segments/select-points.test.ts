// Areas of a view against points whose places are known: what is in them, what is hidden, what is too high.
import { expect, test } from 'bun:test'
import type { Vector } from '../../../formats/geometry3d/rotation'
import { createPerspective, createTranslation, createView, multiplyMatrix } from '../views/matrix'
import type { CloudPoints } from '../workspace'
import { polygonArea, strokeArea } from './screen-area'
import { selectPoints, sortRows } from './select-points'

/** An eye at (0, -20, 0) that looks along y, on a view of 400 × 400. */
const eye: Vector = [0, -20, 0]
const view = createView(eye, { right: [1, 0, 0], up: [0, 0, 1], back: [0, -1, 0] })
const matrix = multiplyMatrix(createPerspective(Math.PI / 2, 1, 0.1, 200), view)
const size = { width: 400, height: 400 }
/** Pixel of a place: at 20 m a metre is 10 pixels. */
const whole = polygonArea([
  { x: 0, y: 0 },
  { x: 400, y: 0 },
  { x: 400, y: 400 },
  { x: 0, y: 400 },
])
const cloudOf = (places: Vector[], origin: Vector = [0, 0, 0], firstRow = 0): CloudPoints => ({
  positions: Float32Array.from(places.flatMap((place) => place.map((value, axis) => value - origin[axis]!))),
  rows: Uint32Array.from(places, (_, i) => firstRow + i),
  origin,
})
const select = async (sets: CloudPoints[], more: Partial<Parameters<typeof selectPoints>[1]> = {}) =>
  selectPoints(sets, { matrix, size, area: whole, onSurface: false, ...more })

test('a brush takes what it passes over, whatever origin the points count from', async () => {
  const line = Array.from({ length: 21 }, (_, i): Vector => [i - 10, 0, 0])
  const area = strokeArea(
    [
      { x: 150, y: 200 },
      { x: 250, y: 200 },
    ],
    5.1,
  )
  for (const origin of [
    [0, 0, 0],
    [500_000, 4_000_000, 100],
  ] as Vector[]) {
    const far = multiplyMatrix(matrix, createTranslation([-origin[0], -origin[1], -origin[2]]))
    const moved = line.map(([x, y, z]): Vector => [x + origin[0], y + origin[1], z + origin[2]])
    const { rows, box } = await select([cloudOf(moved, origin)], { area, matrix: far })
    expect([...rows]).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
    expect([box!.min[0] - origin[0], box!.max[0] - origin[0]]).toEqual([-5, 5])
  }
})

test('behind the eye and beside the view nothing is taken; concave lines are honoured', async () => {
  const places: Vector[] = [
    [0, -30, 0],
    [30, 0, 0],
    [-8, 0, 8],
    [8, 0, 8],
    [0, 0, 8],
    [0, 0, -8],
  ]
  expect([...(await select([cloudOf(places)])).rows]).toEqual([2, 3, 4, 5])
  // A V, open at the top.
  const area = polygonArea([
    { x: 100, y: 100 },
    { x: 200, y: 300 },
    { x: 300, y: 100 },
    { x: 300, y: 400 },
    { x: 100, y: 400 },
  ])
  expect([...(await select([cloudOf(places)], { area })).rows]).toEqual([])
  expect([
    ...(
      await select(
        [
          cloudOf([
            [-9, 0, 5],
            [0, 0, 5],
            [9, 0, 5],
          ]),
        ],
        { area },
      )
    ).rows,
  ]).toEqual([0, 2])
})

test('on the surface a wall hides what is behind it, also through its gaps, not what stands beside it', async () => {
  const wall = Array.from({ length: 400 }, (_, i): Vector => [-4 + (i % 20) * 0.4, 0, -4 + Math.floor(i / 20) * 0.4])
  const behind = wall.map(([x, , z]): Vector => [x * 1.2, 10, z * 1.2])
  const beside: Vector[] = [[20, 10, 0]]
  const { rows } = await select([cloudOf(wall), cloudOf(behind, [0, 0, 0], 400), cloudOf(beside, [0, 0, 0], 800)], {
    onSurface: true,
  })
  expect([...rows]).toEqual([...Array.from({ length: 400 }, (_, i) => i), 800])
  const all = await select([cloudOf(wall), cloudOf(behind, [0, 0, 0], 400)])
  expect(all.rows).toHaveLength(800)
})

test('the far side of a thing and the ground behind it are hidden by its near side', async () => {
  const side = (y: number) =>
    Array.from({ length: 400 }, (_, i): Vector => [-4 + (i % 20) * 0.4, y, -4 + Math.floor(i / 20) * 0.4])
  const ground = Array.from({ length: 900 }, (_, i): Vector => [((i % 30) - 15) / 5, Math.floor(i / 30) * 0.2 + 2, -3])
  const sets = [
    cloudOf(side(0)),
    cloudOf(
      side(1).map(([x, y, z]): Vector => [x * 0.8, y, z * 0.8]),
      [0, 0, 0],
      400,
    ),
    cloudOf(ground, [0, 0, 0], 800),
  ]
  expect([...(await select(sets, { onSurface: true })).rows]).toEqual(Array.from({ length: 400 }, (_, i) => i))
})

test('ground that falls away below a low view stays one surface', async () => {
  const ground = Array.from({ length: 2000 }, (_, i): Vector => [((i % 20) - 10) / 4, Math.floor(i / 20) * 0.2 - 10, -4])
  const { rows } = await select([cloudOf(ground)], { onSurface: true })
  expect(rows.length).toBe((await select([cloudOf(ground)])).rows.length)
})

test('heights count from the ground', async () => {
  const pillar = Array.from({ length: 11 }, (_, i): Vector => [0, 0, i - 5])
  const ground = { normal: [0, 0, 1] as Vector, offset: 5 }
  const { rows } = await select([cloudOf(pillar, [0, 0, 3])], { heights: { ground, from: 2, to: 4 } })
  expect([...rows]).toEqual([2, 3, 4])
})

test('rows come in order, each once', () => {
  expect([...sortRows([5, 1, 5, 300, 20, 1])]).toEqual([1, 5, 20, 300])
  expect([...sortRows([])]).toEqual([])
})
