// Merge, split, group, join, select, slice and partial redraw: events to states to what is asked for.
import { expect, test } from 'bun:test'
import type { EditorObject } from '../document/object'
import { makeShape, makeTrack } from '../document/sample'
import { measureArea } from '../view/geometry'
import { groupTool, joinTool, mergeTool, splitTool } from './pick-tools'
import { click, down, move, playTool, up } from './play-tool'
import { reshapeTool, startReshape } from './reshape-tool'
import { selectTool } from './select-tool'
import { sliceTool } from './slice-tool'
import { copyBorder, snapPoint } from './snap'
import type { Target, ToolContext, ToolEvent } from './tool'

const flags = { locked: false, hidden: false, pinned: false, color: null }
const shape = (clientId: number, part: Partial<ReturnType<typeof makeShape>> = {}): EditorObject => ({
  kind: 'shape',
  data: makeShape({ points: [40 * clientId, 10, 40 * clientId + 20, 30], ...part }),
  clientId,
  ...flags,
})
const targetOf = (object: EditorObject): Target => {
  const body = object.kind === 'shape' ? object.data : { ...makeShape(), points: [120, 60, 140, 80] }
  return { clientId: object.clientId, type: body.type, body, locked: object.locked, pinned: false }
}
const stage = (...objects: EditorObject[]) => ({ objects, targets: objects.map(targetOf) })
const finish: ToolEvent = { type: 'finish' }

test('clicks gather, a second one lets go; finishing groups all', () => {
  const played = playTool(
    groupTool,
    [...click(50, 20), ...click(90, 20), ...click(50, 20), ...click(130, 20), finish],
    stage(shape(1), shape(2), shape(3)),
  )
  expect(played.intents).toMatchObject([
    { type: 'rewrite', changes: [{ clientId: 2, content: { data: { group: 9 } } }, { clientId: 3 }] },
  ])
  expect(playTool(groupTool, [finish], stage(shape(1))).said).toHaveLength(1)
})

test('what is selected is gathered already', () => {
  const { targets, objects } = stage(shape(1), shape(2))
  expect(playTool(groupTool, [finish], { targets, objects, selected: targets }).intents).toMatchObject([
    { changes: [{ clientId: 1 }, { clientId: 2 }] },
  ])
})

test('merging asks for one label and different frames', () => {
  const objects = [shape(1), shape(2, { frame: 3 }), shape(3, { label_id: 2 })]
  const merged = playTool(mergeTool, [...click(50, 20), ...click(90, 20), finish], stage(...objects))
  expect(merged.intents).toMatchObject([
    {
      changes: [
        { clientId: 1, content: null },
        { clientId: 2, content: null },
      ],
      adds: [{ kind: 'track' }],
    },
  ])
  expect(playTool(mergeTool, [...click(50, 20), ...click(130, 20)], stage(...objects)).said).toEqual([
    'Only objects with the same label can be merged',
  ])
})

test('splitting works on tracks only, joining on masks only', () => {
  const track = { kind: 'track', data: makeTrack(), clientId: 3, ...flags } as EditorObject
  expect(playTool(splitTool, click(50, 20), stage(shape(1), track)).said).toEqual(['Only tracks can be split'])
  expect(playTool(splitTool, click(130, 70), stage(shape(1), track)).said).toEqual([
    'A track can be split after its first key frame only',
  ])
  expect(playTool(joinTool, click(50, 20), stage(shape(1))).said).toEqual(['Only masks can be joined'])
  expect(playTool(joinTool, click(50, 20), stage({ ...shape(1), locked: true })).said).toEqual(['Locked: L unlocks it'])
})

test('a straight drag selects by a box, a round one by its line', () => {
  const { targets } = stage(shape(1), shape(2))
  expect(playTool(selectTool, [down(30, 0), move(60, 20), up(110, 50)], { targets }).calls).toEqual(['leave', 'select 1 2'])
  const round: ToolEvent[] = [down(30, 5), move(75, 5), move(75, 40), move(30, 40), up(30, 20)]
  expect(playTool(selectTool, round, { targets }).calls).toEqual(['leave', 'select 1'])
})

const square = shape(1, { type: 'polygon', points: [20, 20, 80, 20, 80, 80, 20, 80] })
const squareStage = {
  objects: [square],
  targets: [{ ...targetOf(square), body: { ...makeShape(), type: 'polygon' as const, points: [20, 20, 80, 80] } }],
}

test('a cut starts and ends on the contour', () => {
  const played = playTool(sliceTool, [...click(50, 50), ...click(50, 21), ...click(52, 50), ...click(50, 79)], squareStage)
  expect(played.path).toBe('idle starting cutting idle')
  const [intent] = played.intents
  const areas =
    intent?.type === 'rewrite' ? intent.adds!.map(({ data }) => measureArea((data as ReturnType<typeof makeShape>).points)) : []
  expect(areas.reduce((sum, area) => sum + area, 0)).toBe(3600)
  expect(playTool(sliceTool, [...click(50, 50), ...click(50, 50)], squareStage).said).toEqual(['Start on the contour'])
  expect(playTool(sliceTool, [...click(50, 50), { type: 'cancel' }, { type: 'cancel' }], squareStage)).toMatchObject({
    path: 'idle starting idle',
    calls: ['leave'],
  })
})

const reshape = (
  vertex: number,
  events: ToolEvent[],
  body = { type: 'polygon' as 'polygon' | 'polyline' | 'points', points: [20, 20, 80, 20, 80, 80, 20, 80], rotation: 0 },
  asks = false,
) => {
  const tool = { ...reshapeTool, start: () => startReshape(1, body, vertex) }
  return playTool(tool, events, { asks })
}
const placed = (played: ReturnType<typeof playTool>) => {
  const [intent] = played.intents
  return intent?.type === 'place' ? intent.position.points : null
}

test('a part is drawn anew; the smaller rest goes, or the one that is not clicked', () => {
  expect(placed(reshape(1, [...click(120, 50), ...click(80, 80)]))).toEqual([80, 80, 20, 80, 20, 20, 80, 20, 120, 50])
  const asked = reshape(1, [...click(120, 50), ...click(80, 80), move(81, 50), down(81, 50)], undefined, true)
  expect(placed(asked)).toEqual([80, 20, 80, 80, 120, 50])
  expect(asked.path).toBe('drawing choosing done')
})

test('a polyline is mended in the middle and goes on at its ends, points are added', () => {
  const line = { type: 'polyline' as const, points: [10, 10, 50, 10, 90, 10], rotation: 0 }
  expect(placed(reshape(2, [...click(60, 40), ...click(10, 10)], line))).toEqual([10, 10, 60, 40, 90, 10])
  expect(placed(reshape(2, [...click(120, 40), { type: 'finish' }], line))).toEqual([10, 10, 50, 10, 90, 10, 120, 40])
  expect(placed(reshape(0, [...click(5, 40), ...click(3, 60), { type: 'finish' }], line))).toEqual([
    3, 60, 5, 40, 10, 10, 50, 10, 90, 10,
  ])
  const dots = { type: 'points' as const, points: [10, 10, 50, 10], rotation: 0 }
  expect(placed(reshape(0, [...click(120, 40), { type: 'finish' }], dots))).toEqual([10, 10, 50, 10, 120, 40])
})

test('points snap to vertices before edges, and only when asked to', () => {
  const context = { scale: 1, bordering: true, listTargets: () => [targetOf(square)] } as unknown as ToolContext
  expect(snapPoint({ x: 23, y: 24 }, context)).toEqual({ x: 20, y: 20 })
  expect(snapPoint({ x: 50, y: 24 }, context)).toEqual({ x: 50, y: 20 })
  expect(snapPoint({ x: 50, y: 50 }, context)).toEqual({ x: 50, y: 50 })
  expect(snapPoint({ x: 23, y: 24 }, { ...context, bordering: false })).toEqual({ x: 23, y: 24 })
  expect(snapPoint({ x: 23, y: 24 }, context, 1)).toEqual({ x: 23, y: 24 })
})

test('a contour is copied the way that goes through the middle one', () => {
  expect(copyBorder(targetOf(square), 0, 1, 2)).toEqual([80, 20, 80, 80])
  expect(copyBorder(targetOf(square), 0, 3, 2)).toEqual([20, 80, 80, 80])
})
