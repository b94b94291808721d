// Choosing, moving, reshaping, panning and boxing with the cursor.
import { expect, test } from 'bun:test'
import { cursorTool } from './cursor-tool'
import { double, down, move, playTool, up } from './play-tool'
import type { Target } from './tool'

const makeTarget = (part: Partial<Target> = {}): Target => ({
  clientId: 4,
  type: 'rectangle',
  body: { type: 'rectangle', points: [20, 20, 60, 50], rotation: 0 },
  locked: false,
  pinned: false,
  ...part,
})
const stage = { targets: [makeTarget()] }

test('a press chooses, a drag moves as one step', () => {
  const played = playTool(cursorTool, [down(30, 30), move(40, 30), move(50, 35), up(50, 35)], stage)
  expect(played.path).toBe('idle pressed dragging idle')
  expect(played.calls).toEqual(['activate 4'])
  expect(played.intents).toEqual([
    { type: 'place', clientId: 4, position: { points: [40, 25, 80, 55], rotation: 0 }, title: 'Move rectangle' },
  ])
})

test('a drag stops at the border of the picture', () => {
  const { intents } = playTool(cursorTool, [down(30, 30), move(999, 999), up(999, 999)], stage)
  expect(intents).toMatchObject([{ position: { points: [160, 70, 200, 100] } }])
})

test('a click or a tremble moves nothing', () => {
  expect(playTool(cursorTool, [down(30, 30), move(31, 30), up(31, 30)], stage).intents).toEqual([])
})

test.each([
  ['locked', makeTarget({ locked: true })],
  ['pinned', makeTarget({ pinned: true })],
])('a %s object pans instead of moving', (word, target) => {
  const played = playTool(cursorTool, [down(30, 30), move(40, 30), move(50, 30), up(50, 30)], { targets: [target] })
  expect(played.intents).toEqual([])
  expect(played.calls).toEqual(['activate 4', 'pan 10 0'])
  expect(played.said[0]?.toLowerCase()).toContain(word)
})

test('Escape puts a dragged object back', () => {
  const played = playTool(cursorTool, [down(30, 30), move(50, 30), { type: 'cancel' }, up(50, 30)], stage)
  expect(played).toMatchObject({ intents: [], path: 'idle pressed dragging idle' })
})

test('a handle reshapes; too small is refused', () => {
  const handle = { target: makeTarget(), handle: 'bottom-right', at: { x: 60, y: 50 } }
  const grown = playTool(cursorTool, [down(60, 50), move(80, 70), up(80, 70)], { ...stage, handle })
  expect(grown.intents).toMatchObject([{ position: { points: [20, 20, 80, 70] }, title: 'Reshape rectangle' }])
  const crushed = playTool(cursorTool, [down(60, 50), move(20, 70), up(20, 70)], { ...stage, handle })
  expect(crushed.intents).toEqual([])
  expect(crushed.said).toHaveLength(1)
})

test('Alt and a click on a point deletes it, down to three', () => {
  const body = { type: 'polygon' as const, points: [0, 0, 10, 0, 10, 10, 0, 10], rotation: 0 }
  const handle = { target: makeTarget({ type: 'polygon', body }), handle: 'point-1', at: { x: 10, y: 0 } }
  expect(playTool(cursorTool, [down(10, 0, { alt: true })], { handle }).intents).toMatchObject([
    { position: { points: [0, 0, 10, 10, 0, 10] } },
  ])
  const least = { ...handle, target: makeTarget({ type: 'polygon', body: { ...body, points: body.points.slice(2) } }) }
  expect(playTool(cursorTool, [down(10, 0, { alt: true })], { handle: least }).intents).toEqual([])
})

test('the background pans, boxes with Shift, and drops the selection on a click', () => {
  expect(playTool(cursorTool, [down(100, 80), move(110, 85), up(110, 85)], stage).calls).toEqual(['pan 10 5'])
  expect(playTool(cursorTool, [down(100, 80, { shift: true }), move(10, 5), up(10, 5)], stage).calls).toEqual(['box 10 5 100 80'])
  expect(playTool(cursorTool, [down(100, 80), up(100, 80)], stage).calls).toEqual(['activate null'])
})

test('Ctrl and a click gathers, a double click zooms', () => {
  expect(playTool(cursorTool, [down(30, 30, { ctrl: true })], stage).calls).toEqual(['toggle 4'])
  expect(playTool(cursorTool, [double(30, 30)], stage).calls).toEqual(['zoom 20 20 60 50'])
  expect(playTool(cursorTool, [double(150, 90)], stage).calls).toEqual(['zoom out'])
})

test('several selected ones go along, no further than the first at the border; locked and pinned stay', () => {
  const second = makeTarget({ clientId: 5, body: { type: 'rectangle', points: [120, 20, 160, 50], rotation: 0 } })
  const locked = makeTarget({ clientId: 6, locked: true, body: { type: 'rectangle', points: [80, 60, 90, 70], rotation: 0 } })
  const selected = [makeTarget(), second, locked]
  const played = playTool(cursorTool, [down(30, 30), move(60, 30), up(100, 30)], { targets: selected, selected })
  expect(played.path).toBe('idle holding carrying idle')
  expect(played.intents).toMatchObject([
    { clientId: 4, position: { points: [60, 20, 100, 50] } },
    { clientId: 5, position: { points: [160, 20, 200, 50] } },
  ])
  expect(playTool(cursorTool, [down(30, 30), up(30, 30)], { targets: selected, selected }).calls).toEqual(['activate 4'])
})

test('Shift gathers objects, draws on from a vertex, opens a mask', () => {
  expect(playTool(cursorTool, [down(30, 30, { shift: true })], stage).calls).toEqual(['toggle 4'])
  const body = { type: 'polygon' as const, points: [0, 0, 10, 0, 10, 10], rotation: 0 }
  const handle = { target: makeTarget({ type: 'polygon', body }), handle: 'point-1', at: { x: 10, y: 0 } }
  expect(playTool(cursorTool, [down(10, 0, { shift: true })], { handle }).calls).toEqual(['hand reshape'])
  const mask = makeTarget({ type: 'mask', body: { type: 'mask', points: [20, 20, 60, 50], rotation: 0 } })
  const twice = { type: 'double' as const, at: { x: 30, y: 30 }, shift: true, ctrl: false, alt: false }
  expect(playTool(cursorTool, [twice], { targets: [mask] }).calls).toEqual(['edit mask 4'])
})

test('the arrow at the first point turns the direction', () => {
  const body = { type: 'polygon' as const, points: [0, 0, 90, 0, 90, 90], rotation: 0 }
  const handle = { target: makeTarget({ type: 'polygon', body }), handle: 'direction', at: { x: 15, y: 0 } }
  expect(playTool(cursorTool, [down(15, 0)], { handle }).intents).toMatchObject([{ position: { points: [0, 0, 90, 90, 90, 0] } }])
})
