// Dots, skeletons, cuboids and tags: events to states to what is asked for.
import { expect, test } from 'bun:test'
import type { Label } from '../../../formats/model'
import { cuboidCornersTool, extremeTool, turnedEllipseTool, turnedRectangleTool } from './box-by-dots'
import { cuboidTool } from './cuboid-tool'
import { click, double, down, move, playTool, rightDown, up } from './play-tool'
import { skeletonTool } from './skeleton-tool'
import { tagTool } from './tag-tool'

const add = (played: ReturnType<typeof playTool>) => {
  const [intent] = played.intents
  return intent?.type === 'add' ? intent : null
}
const clicks = (...points: [number, number][]) => points.flatMap(([x, y]) => click(x, y))

test('four extreme points make a box by themselves', () => {
  const played = playTool(extremeTool, clicks([50, 10], [20, 40], [60, 80], [90, 30]))
  expect(add(played)?.body).toEqual({ type: 'rectangle', points: [20, 10, 90, 80], rotation: 0 })
  expect(played).toMatchObject({ path: 'waiting drawing waiting', calls: ['leave'] })
})

test('a right click takes a dot back, Escape all', () => {
  const played = playTool(extremeTool, [
    ...clicks([50, 10], [20, 40], [60, 80]),
    rightDown(0, 0),
    ...clicks([99, 60]),
    { type: 'cancel' },
  ])
  expect(played).toMatchObject({ intents: [], path: 'waiting drawing waiting' })
})

test('contours: three points for a turned box, five for an ellipse, more by N or double click', () => {
  const box = add(playTool(turnedRectangleTool, [...clicks([100, 20], [130, 50], [100, 80], [70, 50]), { type: 'finish' }]))
  expect([45, 135]).toContain(Math.round(box!.body.rotation))
  const few = playTool(turnedEllipseTool, [...clicks([100, 20], [130, 50]), { type: 'finish' }])
  expect([few.intents, few.said.length]).toEqual([[], 1])
  const ring = [0, 1, 2, 3, 4, 5].map((t): [number, number] => [100 + 60 * Math.cos(t), 50 + 20 * Math.sin(t)])
  const ellipse = add(playTool(turnedEllipseTool, [...clicks(...ring), double(...ring[5]!)]))
  expect(ellipse!.body.points.map(Math.round)).toEqual([100, 50, 160, 30])
})

test('cuboids: the box of the front gets a depth, corners say where the back is', () => {
  const front = add(playTool(cuboidTool, [down(20, 40), move(60, 80), up(60, 80)]))
  expect(front!.body.points).toEqual([20, 40, 20, 80, 60, 40, 60, 80, 64, 36, 64, 76, 24, 36, 24, 76])
  const corners = add(playTool(cuboidCornersTool, clicks([20, 80], [60, 80], [60, 40], [80, 20])))
  expect(corners!.body.points).toEqual([20, 40, 20, 80, 60, 40, 60, 80, 80, 20, 80, 60, 40, 20, 40, 60])
})

const part = (id: number, name: string): Label => ({ id, name, color: '#000000', type: 'points', attributes: [], sublabels: [] })
const figure: Label = {
  ...part(9, 'figure'),
  type: 'skeleton',
  sublabels: [part(91, 'a'), part(92, 'b')],
  svg: '<circle cx="80" cy="20" data-node-id="2" data-label-name="b"></circle><circle cx="20" cy="60" data-node-id="1" data-label-id="91"></circle>',
}

test('a skeleton fills the dragged box, its points in the order of the label', () => {
  const played = playTool(skeletonTool, [down(10, 10), move(50, 60), up(110, 90)], { label: figure })
  expect(add(played)?.elements).toEqual([
    { label_id: 91, points: [10, 90] },
    { label_id: 92, points: [110, 10] },
  ])
  expect(playTool(skeletonTool, [down(10, 10), move(90, 10), up(90, 10)], { label: figure }).intents).toEqual([])
})

test('a tag is put by N and the canvas is given back', () => {
  expect(playTool(tagTool, [{ type: 'finish' }])).toMatchObject({ intents: [{ type: 'tag', labelId: 7 }], calls: ['leave'] })
  expect(playTool(tagTool, [{ type: 'cancel' }])).toMatchObject({ intents: [], calls: ['leave'] })
})
