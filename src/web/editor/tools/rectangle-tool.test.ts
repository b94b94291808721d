// Ways to draw a box, and ways that draw nothing.
import { expect, test } from 'bun:test'
import { ellipseTool } from './ellipse-tool'
import { click, down, move, playTool, rightDown, up } from './play-tool'
import { rectangleTool } from './rectangle-tool'
import type { ToolEvent } from './tool'

const box = (...points: number[]) => [{ type: 'add', as: 'shape', labelId: 7, body: { type: 'rectangle', points, rotation: 0 } }]

test.each<[string, ToolEvent[], string, unknown[]]>([
  ['click and click', [...click(9, 8), ...click(41, 30)], 'waiting pressed stretching waiting', box(9, 8, 41, 30)],
  ['drag, from any corner', [down(41, 30), move(20, 20), up(9, 8)], 'waiting pressed waiting', box(9, 8, 41, 30)],
  [
    'beyond the border stops there',
    [down(150, 50), move(300, 300), up(300, 300)],
    'waiting pressed waiting',
    box(150, 50, 200, 100),
  ],
  [
    'keeps two decimals',
    [down(1.23456, 2.34567), move(9, 9), up(10.98765, 20)],
    'waiting pressed waiting',
    box(1.23, 2.35, 10.99, 20),
  ],
  ['Escape drops it', [...click(9, 8), { type: 'cancel' }], 'waiting pressed stretching waiting', []],
  ['a right click drops it', [...click(9, 8), rightDown(50, 50)], 'waiting pressed stretching waiting', []],
  ['N before the second corner does nothing', [...click(9, 8), { type: 'finish' }], 'waiting pressed stretching', []],
])('%s', (_name, events, path, intents) => {
  expect(playTool(rectangleTool, events)).toMatchObject({ path, intents })
})

test('a side below one pixel is refused with a sentence, and drawing goes on', () => {
  const played = playTool(rectangleTool, [...click(10, 10), move(10.5, 60), down(10.5, 60)])
  expect(played).toMatchObject({ intents: [], calls: [], path: 'waiting pressed stretching waiting' })
  expect(played.said).toEqual(['Sides must be at least 1 pixel long'])
})

test('shows the size while stretching, and hands the canvas back when done', () => {
  expect(playTool(rectangleTool, [...click(10, 10), move(30, 50)]).preview?.text).toBe('20.0 × 40.0')
  expect(playTool(rectangleTool, [...click(10, 10), ...click(30, 50)]).calls).toEqual(['leave'])
})

test('redrawing gives the object a new position', () => {
  const { intents } = playTool(rectangleTool, [down(9, 8), up(41, 30)], { redraws: 5 })
  expect(intents).toEqual([
    { type: 'place', clientId: 5, position: { points: [9, 8, 41, 30], rotation: 0 }, title: 'Redraw rectangle' },
  ])
})

test('an ellipse is stored as centre, right and top', () => {
  const { intents } = playTool(ellipseTool, [down(50, 80), move(10, 20), up(10, 20)])
  expect(intents).toMatchObject([{ body: { type: 'ellipse', points: [30, 50, 50, 20] } }])
})
