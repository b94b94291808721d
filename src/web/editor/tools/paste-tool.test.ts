// Copies follow the pointer together and land where it clicks.
import { expect, test } from 'bun:test'
import type { Content } from '../document/object'
import { makeShape } from '../document/sample'
import { pasteTool } from './paste-tool'
import { down, move, playTool } from './play-tool'

const paste: Content[] = [
  { kind: 'shape', data: makeShape({ points: [0, 0, 20, 20], label_id: 3 }) },
  { kind: 'shape', data: makeShape({ points: [40, 0, 60, 20] }) },
]

test('a click places all of them around the pointer, with their labels', () => {
  const { intents, calls } = playTool(pasteTool, [move(90, 50), down(100, 60)], { paste })
  expect(intents).toMatchObject([
    {
      type: 'put',
      contents: [{ data: { points: [70, 50, 90, 70], label_id: 3 } }, { data: { points: [110, 50, 130, 70], label_id: 1 } }],
    },
  ])
  expect(calls).toEqual(['leave'])
})

test('Ctrl keeps placing, Escape stops, the border holds', () => {
  const played = playTool(
    pasteTool,
    [down(100, 60, { ctrl: true }), down(999, 999, { ctrl: true }), { type: 'cancel' }, move(1, 1)],
    { paste: paste.slice(0, 1) },
  )
  expect(played.intents).toMatchObject([
    { contents: [{ data: { points: [90, 50, 110, 70] } }] },
    { contents: [{ data: { points: [180, 80, 200, 100] } }] },
  ])
  expect(played.calls).toEqual(['leave'])
})

test('the ghosts are shown', () => {
  expect(playTool(pasteTool, [move(100, 60)], { paste }).preview).toMatchObject({
    body: { points: [70, 50, 90, 70] },
    more: [{ points: [110, 50, 130, 70] }],
  })
})

test('a mask larger than the picture is cropped to it', () => {
  const mask: Content = { kind: 'shape', data: makeShape({ type: 'mask', points: [0, 300 * 10, 0, 0, 299, 9] }) }
  const { intents } = playTool(pasteTool, [down(100, 50)], { paste: [mask] })
  expect(intents).toMatchObject([{ contents: [{ data: { points: [0, 2000, 0, 45, 199, 54] } }] }])
})
