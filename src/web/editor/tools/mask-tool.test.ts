// Painting by events: strokes, polygons, steps back, and what becomes of the masks below.
import { expect, test } from 'bun:test'
import { countMaskPixels, decodeMask } from '../../../formats/geometry/mask'
import type { EditorObject } from '../document/object'
import { makeShape } from '../document/sample'
import { maskTool } from './mask-tool'
import { click, double, down, move, playTool, up } from './play-tool'
import type { Target } from './tool'

const square = { form: 'square' as const, size: 10 }
const pixels = (points: number[]) => countMaskPixels(decodeMask(points))
const drawn = (played: ReturnType<typeof playTool>) => {
  const [first] = played.intents
  return first?.type === 'add' ? first.body.points : []
}

test('a stroke becomes a mask of whole pixels', () => {
  const played = playTool(maskTool, [down(50, 50), move(90, 50), up(90, 50), { type: 'finish' }], { brush: square })
  expect(played.path).toBe('ready painting ready')
  expect(drawn(played)).toEqual([0, 500, 45, 45, 94, 54])
  expect(played.calls).toEqual(['leave'])
})

test('an empty mask cannot be, and an empty sheet cannot be erased', () => {
  const empty = playTool(maskTool, [{ type: 'finish' }])
  expect([empty.intents, empty.said]).toEqual([[], ['A mask needs at least one pixel']])
  expect(playTool(maskTool, [down(50, 50)], { brush: { act: 'eraser' } }).said).toHaveLength(1)
})

test('polygons add; the last of several points, double click and N close', () => {
  const points = [...click(20, 20), ...click(60, 20), ...click(60, 60), ...click(20, 60)]
  for (const end of [click(21, 21), [double(20, 60)], [{ type: 'finish' as const, how: 'part' as const }], []]) {
    const played = playTool(maskTool, [...points, ...end, { type: 'finish' }], { brush: { act: 'polygon-plus' } })
    expect(pixels(drawn(played))).toBe(1600)
  }
})

test('steps back and forward within the drawing', () => {
  const dab = (x: number) => [down(x, 50), up(x, 50)]
  const twice = [...dab(30), ...dab(60)]
  const once = playTool(maskTool, [...twice, { type: 'step-back' }, { type: 'finish' }], { brush: square })
  expect(pixels(drawn(once))).toBe(100)
  const again = playTool(maskTool, [...twice, { type: 'step-back' }, { type: 'step-forward' }, { type: 'finish' }], {
    brush: square,
  })
  expect(pixels(drawn(again))).toBe(200)
})

test('Escape drops all, but first only the polygon', () => {
  const played = playTool(maskTool, [...click(20, 20), { type: 'cancel' }, { type: 'cancel' }], {
    brush: { act: 'polygon-plus' },
  })
  expect(played).toMatchObject({ path: 'ready plotting ready', calls: ['leave'], intents: [] })
})

test('Alt and a right drag change the size within its limits', () => {
  const right = { type: 'down' as const, button: 'right' as const, at: { x: 50, y: 50 }, shift: false, ctrl: false, alt: true }
  const { preview } = playTool(maskTool, [right, move(70, 50), up(70, 50), move(70, 50)], { brush: square })
  expect(preview?.brush).toMatchObject({ size: 50 })
  expect(playTool(maskTool, [right, move(-90, 50)], { brush: square }).preview?.text).toBe('1 px')
})

const below = makeShape({ type: 'mask', points: [0, 400, 40, 40, 59, 59] })
const covered = makeShape({ type: 'mask', points: [0, 4, 46, 46, 47, 47] })
const locked = makeShape({ type: 'mask', points: [0, 100, 45, 45, 54, 54] })
const objects = [below, covered, locked].map(
  (data, i) =>
    ({ kind: 'shape', data, clientId: i + 1, locked: i === 2, hidden: false, pinned: false, color: null }) as EditorObject,
)
const targets = objects.map((one, i): Target => {
  const data = one.data as typeof below
  return { clientId: i + 1, type: 'mask', body: data, locked: one.locked, pinned: false }
})

test('underlying pixels go, wholly covered masks too, locked ones stay', () => {
  const played = playTool(maskTool, [down(50, 50), up(50, 50), { type: 'finish' }], {
    brush: { ...square, removeUnderlying: true },
    objects,
    targets,
  })
  const rewrite = played.intents[1]
  if (rewrite?.type !== 'rewrite') throw new Error('no rewrite')
  expect(rewrite.changes.map((one) => [one.clientId, one.content && pixels((one.content.data as typeof below).points)])).toEqual([
    [1, 300],
    [2, null],
  ])
})

test('a pen presses', () => {
  const pen = (force: number) => [{ ...down(50, 50), force }, up(50, 50), { type: 'finish' as const }]
  expect(pixels(drawn(playTool(maskTool, pen(0), { brush: { form: 'square', size: 20 } })))).toBe(25)
  expect(pixels(drawn(playTool(maskTool, pen(1), { brush: { form: 'square', size: 20 } })))).toBe(400)
})
