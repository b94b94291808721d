// Scissors and cut-outs as state machines, and the queue before the worker.
import { expect, test } from 'bun:test'
import { decodeMask } from '../../../formats/geometry/mask'
import { click, down, move, playTool, rightDown, up } from '../tools/play-tool'
import type { ToolEvent } from '../tools/tool'
import { Assist, type AssistAnswer, type AssistAsk } from './assist'
import { maskCutOutTool, polygonCutOutTool } from './cut-out-tool'
import { movePoints } from './follow'
import { scissorsTool } from './scissors-tool'

const path = (...value: number[]): ToolEvent => ({ type: 'assist', answer: { operation: 'path', value } })
const finish: ToolEvent = { type: 'finish' }

test('scissors keep the path that was shown when a click fixes it', () => {
  const { intents, calls } = playTool(scissorsTool, [
    ...click(10, 10),
    move(60, 10),
    path(10, 10, 30, 5, 60, 10),
    down(60, 10),
    move(60, 60),
    path(60, 10, 65, 30, 60, 60),
    down(60, 60),
    finish,
  ])
  expect(intents).toMatchObject([{ type: 'add', body: { type: 'polygon', points: [10, 10, 30, 5, 60, 10, 65, 30, 60, 60] } }])
  expect(calls.filter((call) => call.startsWith('assist seed'))).toHaveLength(3)
})

test('with Shift, and while the path is not there yet, the line is straight', () => {
  const { intents } = playTool(scissorsTool, [
    ...click(10, 10),
    path(10, 10, 20, 5, 40, 10),
    down(60, 10),
    move(60, 60),
    path(60, 10, 90, 30, 60, 60),
    down(60, 60, { shift: true }),
    finish,
  ])
  expect(intents).toMatchObject([{ body: { points: [10, 10, 60, 10, 60, 60] } }])
})

test('the first point closes; a right click takes the last part back and seeds anew', () => {
  const corners = [...click(10, 10), ...click(60, 10), ...click(60, 60)]
  const closed = playTool(scissorsTool, [...corners, move(11, 11), path(60, 60, 30, 40, 11, 11), down(11, 11)])
  expect(closed.intents).toMatchObject([{ body: { points: [10, 10, 60, 10, 60, 60, 30, 40] } }])
  const taken = playTool(scissorsTool, [...corners, rightDown(0, 0)])
  expect(taken.calls.at(-1)).toBe('assist seed {"x":60,"y":10}')
  expect(playTool(scissorsTool, [...click(10, 10), rightDown(0, 0)]).state.at).toBe('waiting')
})

/** A found box of 4 × 2 pixels at 20, 30. */
const found: ToolEvent = {
  type: 'assist',
  answer: {
    operation: 'cut',
    value: {
      mask: new Uint8Array([0, 1, 1, 0, 0, 1, 1, 0]),
      rect: { x: 20, y: 30, width: 4, height: 2 },
      polygon: [21, 30, 23, 30, 23, 32, 21, 32],
    },
  },
}
const box = [down(10, 20), move(60, 70), up(60, 70)]

test('a box asks once, clicks ask again with what they say, N accepts the outline', () => {
  const { intents, calls, path } = playTool(polygonCutOutTool, [
    ...box,
    found,
    ...click(30, 40),
    rightDown(55, 65),
    found,
    finish,
  ])
  const asked = calls.filter((call) => call.startsWith('assist cut')).map((call) => JSON.parse(call.slice('assist cut '.length)))
  expect(asked.map(({ inside, outside }) => [inside, outside])).toEqual([
    [[], []],
    [[30, 40], []],
    [
      [30, 40],
      [55, 65],
    ],
  ])
  expect(asked[0].box).toEqual({ x: 10, y: 20, width: 50, height: 50 })
  expect(intents).toMatchObject([{ body: { type: 'polygon', points: [21, 30, 23, 30, 23, 32, 21, 32] } }])
  expect(path).toBe('waiting boxing refining waiting')
})

test('nothing is accepted before the answer is there', () => {
  const { intents, said } = playTool(polygonCutOutTool, [...box, finish])
  expect([intents, said]).toEqual([[], ['The outline is still being worked out']])
  expect(playTool(polygonCutOutTool, [down(10, 20), up(11, 21)]).calls).toEqual([])
})

test('a mask is cropped to its pixels', () => {
  const { intents } = playTool(maskCutOutTool, [...box, found, finish])
  const { body } = intents[0] as unknown as { body: { points: number[] } }
  expect(decodeMask(body.points)).toMatchObject({ left: 21, top: 30, width: 2, height: 2 })
})

test('the picture is handed over once a frame; of many paths only the last is asked for', async () => {
  const asked: string[] = []
  const answers: AssistAnswer[] = []
  const failures: string[] = []
  let picture: object | null = { frame: 1 }
  let isBroken = false
  const assist = new Assist({
    vision: {
      ask: async (operation, values) => {
        asked.push(`${operation} ${'x' in values ? values.x : ''}`)
        await Promise.resolve()
        if (isBroken) throw new Error('out of memory')
        return (operation === 'path' ? [1, 2] : null) as never
      },
    },
    picture: () => picture,
    copy: async (one) => one as ImageBitmap,
    onAnswer: (answer) => void answers.push(answer),
    onFailure: (reason) => void failures.push(reason),
  })
  const askPath = (x: number) => assist.ask({ operation: 'path', values: { x, y: 0, tolerance: 1 } } satisfies AssistAsk)
  assist.ask({ operation: 'seed', values: { x: 5, y: 5 } })
  for (const x of [1, 2, 3]) askPath(x)
  await Bun.sleep(1)
  expect(asked).toEqual(['show ', 'seed 5', 'path 3'])
  expect(answers.map(({ operation }) => operation)).toEqual(['seed', 'path'])
  picture = { frame: 2 }
  askPath(4)
  await Bun.sleep(1)
  expect(asked.slice(3)).toEqual(['show ', 'path 4'])
  isBroken = true
  askPath(5)
  await Bun.sleep(1)
  isBroken = false
  picture = null
  askPath(6)
  await Bun.sleep(1)
  expect(failures).toEqual(['out of memory', 'The picture of this frame is not there yet'])
})

test('points move and grow about the middle of their box', () => {
  const motion = { dx: 10, dy: -5, scale: 2, confidence: 1 }
  expect(movePoints([10, 10, 30, 20], { left: 10, top: 10, right: 30, bottom: 20 }, motion)).toEqual([10, 0, 50, 20])
})
