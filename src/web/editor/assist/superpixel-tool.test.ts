// Strokes over superpixels make a mask, take regions away, and can be taken back.
import { expect, test } from 'bun:test'
import { decodeMask } from '../../../formats/geometry/mask'
import type { Superpixels } from '../../../formats/geometry/superpixels'
import { click, down, move, playTool, rightDown, up } from '../tools/play-tool'
import type { ToolEvent } from '../tools/tool'
import { superpixelTool } from './superpixel-tool'

/** The picture of 200 × 100 in regions of 20 × 20, found on a copy of half its size. */
const cut: Superpixels = {
  labels: Int32Array.from({ length: 100 * 50 }, (_, i) => Math.floor((i % 100) / 10) + 10 * Math.floor(i / 1000)),
  count: 50,
  width: 100,
  height: 50,
}
const answer: ToolEvent = { type: 'assist', answer: { operation: 'regions', value: cut } }
const finish: ToolEvent = { type: 'finish' }
const known = [move(5, 5), answer]
const maskOf = (intents: unknown[]) => decodeMask((intents[0] as { body: { points: number[] } }).body.points)

test('the picture is cut when the pointer comes, once', () => {
  const { calls } = playTool(superpixelTool, [move(5, 5), move(6, 5), answer, move(7, 5)])
  expect(calls).toEqual(['assist regions {"count":900,"compactness":10}'])
})

test('a stroke adds what it touches, the right button takes away', () => {
  const { intents } = playTool(superpixelTool, [
    ...known,
    down(5, 5),
    move(65, 5),
    up(65, 5),
    rightDown(30, 10),
    up(30, 10),
    finish,
  ])
  const mask = maskOf(intents)
  expect(mask).toMatchObject({ left: 0, top: 0, width: 80, height: 20 })
  expect([...mask.data.subarray(0, 80)]).toEqual(Array.from({ length: 80 }, (_, x) => (x >= 20 && x < 40 ? 0 : 1)))
  expect(mask.data.reduce((sum, one) => sum + one, 0)).toBe(60 * 20)
})

test('strokes are taken back and repeated one by one', () => {
  const two = [...known, ...click(5, 5), ...click(105, 45)]
  const back = playTool(superpixelTool, [...two, { type: 'step-back' }, finish])
  expect(maskOf(back.intents)).toMatchObject({ left: 0, top: 0, width: 20, height: 20 })
  const again = playTool(superpixelTool, [...two, { type: 'step-back' }, { type: 'step-forward' }, finish])
  expect(maskOf(again.intents)).toMatchObject({ left: 0, top: 0, width: 120, height: 60 })
})

test('Alt and a click cut finer and keep what is drawn; nothing is painted before the answer', () => {
  const { calls, intents, said } = playTool(superpixelTool, [
    ...known,
    ...click(5, 5),
    down(50, 50, { alt: true }),
    ...click(105, 45),
    finish,
  ])
  expect(calls.filter((call) => call.startsWith('assist'))).toEqual([
    'assist regions {"count":900,"compactness":10}',
    'assist regions {"count":3000,"compactness":10}',
  ])
  expect(said).toEqual(['The superpixels are still being worked out'])
  expect(maskOf(intents)).toMatchObject({ left: 0, top: 0, width: 20, height: 20 })
})

test('an empty mask is not accepted', () => {
  expect(playTool(superpixelTool, [...known, finish])).toMatchObject({ intents: [], said: ['A mask needs at least one pixel'] })
})
