// Ways to draw and to close a line of points.
import { expect, test } from 'bun:test'
import { click, double, down, move, playTool, rightDown } from './play-tool'
import { pointsTool, polygonTool, polylineTool } from './polygon-tool'
import type { ToolEvent } from './tool'

const triangle = [...click(10, 10), ...click(60, 10), ...click(60, 50)]
const drawn = (intents: unknown[]) => (intents as { body: { points: number[] } }[]).map((intent) => intent.body.points)

test.each<[string, ToolEvent[], number[][]]>([
  ['N closes', [...triangle, { type: 'finish' }], [[10, 10, 60, 10, 60, 50]]],
  ['the first point closes', [...triangle, ...click(13, 12)], [[10, 10, 60, 10, 60, 50]]],
  [
    'a double click closes, without a double point',
    [...triangle, ...click(20, 50), down(20, 50), double(20, 50)],
    [[10, 10, 60, 10, 60, 50, 20, 50]],
  ],
  ['two points are too few', [...click(10, 10), ...click(60, 10), { type: 'finish' }], []],
  ['Escape drops it', [...triangle, { type: 'cancel' }, { type: 'finish' }], []],
  [
    'a right click takes back the last point',
    [...triangle, ...click(30, 90), rightDown(0, 0), { type: 'finish' }],
    [[10, 10, 60, 10, 60, 50]],
  ],
  [
    'parts outside the picture are cropped',
    [...click(150, 20), ...click(250, 20), ...click(250, 60), ...click(150, 60), { type: 'finish' }],
    [[150, 20, 200, 20, 200, 60, 150, 60]],
  ],
])('%s', (_name, events, points) => {
  expect(drawn(playTool(polygonTool, events).intents)).toEqual(points)
})

test('Shift and moving slides points at steps on the screen', () => {
  const slide = [
    ...click(10, 10),
    move(18, 10, { shift: true }),
    move(26, 10, { shift: true }),
    move(60, 40, { shift: true }),
    { type: 'finish' as const },
  ]
  expect(drawn(playTool(polygonTool, slide).intents)).toEqual([[10, 10, 26, 10, 60, 40]])
  const closer = playTool(polygonTool, slide, { scale: 2 })
  expect(drawn(closer.intents)).toEqual([[10, 10, 18, 10, 26, 10, 60, 40]])
})

test('finishes by itself at the chosen number of points', () => {
  const played = playTool(polygonTool, [...triangle, ...click(20, 90)], { count: 4 })
  expect(drawn(played.intents)).toEqual([[10, 10, 60, 10, 60, 50, 20, 90]])
  expect(drawn(playTool(pointsTool, click(5, 5), { count: 1 }).intents)).toEqual([[5, 5]])
})

test('says when it may be finished', () => {
  expect(polygonTool.canFinish?.(playTool(polygonTool, [...click(10, 10), ...click(60, 10)]).state)).toBe(false)
  expect(polygonTool.canFinish?.(playTool(polygonTool, triangle).state)).toBe(true)
})

test('a polyline needs two points, points need one, and both stay in the picture', () => {
  expect(drawn(playTool(polylineTool, [...click(10, 10), ...click(500, 10), { type: 'finish' }]).intents)).toEqual([
    [10, 10, 200, 10],
  ])
  expect(drawn(playTool(pointsTool, [...click(10, 10), { type: 'finish' }]).intents)).toEqual([[10, 10]])
})
