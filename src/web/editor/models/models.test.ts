// The interactor as a state machine, and the questions that leave for a model.
import { expect, test } from 'bun:test'
import { encodeMask } from '../../../formats/geometry/mask'
import { click, down, move, playTool, rightDown, up } from '../tools/play-tool'
import type { ToolEvent } from '../tools/tool'
import { interactorTool, toBody } from './interactor-tool'
import type { Found, Model, Question } from './model-api'
import { Prompter, type PrompterPorts } from './prompter'

const square: Found = {
  type: 'mask',
  points: encodeMask({ left: 20, top: 30, width: 10, height: 10, data: new Uint8Array(100).fill(1) })!,
}
const answer: ToolEvent = { type: 'prompted', found: square }
const finish: ToolEvent = { type: 'finish' }
const asked = (calls: string[]) => calls.filter((call) => call.startsWith('prompt')).map((call) => JSON.parse(call.slice(7)))

test('clicks ask with all that was said, N adds what was found as semi-automatic and waits for the next', () => {
  const { intents, calls, path } = playTool(interactorTool, [...click(22, 33), answer, rightDown(60, 60), answer, finish])
  expect(asked(calls)).toEqual([
    { inside: [22, 33], outside: [], box: null },
    { inside: [22, 33], outside: [60, 60], box: null },
  ])
  expect(intents).toMatchObject([{ type: 'add', source: 'semi-auto', labelId: 7, body: { type: 'mask', points: square.points } }])
  expect(path.endsWith('waiting')).toBe(true)
})

test('a box is asked about where the model takes one, else the drag is a click', () => {
  const drag = [down(10, 20), move(60, 70), up(60, 70)]
  expect(asked(playTool(interactorTool, drag).calls)).toEqual([
    { inside: [], outside: [], box: { left: 10, top: 20, right: 60, bottom: 70 } },
  ])
  const without = playTool(interactorTool, drag, { model: { takesBox: false } })
  expect(asked(without.calls)).toEqual([{ inside: [10, 20], outside: [], box: null }])
})

test('Ctrl holds questions back until N or a click without it', () => {
  const held = [move(22, 33), down(22, 33, { ctrl: true }), { ...up(22, 33), ctrl: true } as ToolEvent]
  expect(asked(playTool(interactorTool, held).calls)).toEqual([])
  expect(asked(playTool(interactorTool, [...held, finish]).calls)).toHaveLength(1)
  expect(asked(playTool(interactorTool, [...held, ...click(80, 50)]).calls)).toEqual([
    { inside: [22, 33, 80, 50], outside: [], box: null },
  ])
})

test('a click on a point removes it; Ctrl+Z takes the last one back', () => {
  const two = [...click(22, 33), ...click(80, 50)]
  expect(asked(playTool(interactorTool, [...two, ...click(23, 34)]).calls).at(-1)).toEqual({
    inside: [80, 50],
    outside: [],
    box: null,
  })
  expect(asked(playTool(interactorTool, [...two, { type: 'step-back' }]).calls).at(-1)).toEqual({
    inside: [22, 33],
    outside: [],
    box: null,
  })
  expect(playTool(interactorTool, [...click(22, 33), { type: 'step-back' }]).state.at).toBe('waiting')
})

test('a model that wants several points is asked when it has them, one that knows no outside is not told of it', () => {
  const { calls, said } = playTool(interactorTool, [...click(22, 33), ...click(90, 90)], { model: { minPoints: 2 } })
  expect(asked(calls)).toHaveLength(1)
  const none = playTool(interactorTool, [...click(22, 33), rightDown(60, 60)], { model: { takesNegative: false } })
  expect([asked(none.calls).length, none.said]).toEqual([1, ['This model takes no points outside of the object']])
  expect(said).toEqual([])
})

test('nothing is added before the answer is there, or when there is none', () => {
  expect(playTool(interactorTool, [...click(22, 33), finish])).toMatchObject({
    intents: [],
    said: ['The model is still working'],
  })
  const nothing = playTool(interactorTool, [...click(22, 33), { type: 'prompted', found: null }, finish])
  expect(nothing).toMatchObject({ intents: [], said: ['The model found nothing there'] })
})

test('a mask becomes the outline of its largest part', () => {
  expect(toBody(square, 'polygon', 13)).toMatchObject({ type: 'polygon', points: [20, 30, 20, 39, 29, 39, 29, 30] })
  expect(toBody(square, 'mask', 13)).toMatchObject({ type: 'mask', points: square.points })
})

const model = { id: 'm', kind: 'interactor', version: 1, decoder: null } as unknown as Model
const wait = () => Bun.sleep(1)

const openPrompter = (more: Partial<PrompterPorts> & { model?: Model } = {}) => {
  const said: Question[] = []
  const answers: (Found | null)[] = []
  const failures: string[] = []
  const prompter = new Prompter({
    api: {
      interact: async (_id, question) => {
        said.push(question)
        await Promise.resolve()
        return [square]
      },
      embed: async () => {
        throw new Error('not asked')
      },
    },
    chosen: () => ({ model: more.model ?? model, frame: 3, region: null, text: '' }),
    openDecoder: async () => {
      throw new Error('no decoder')
    },
    onAnswer: (found) => void answers.push(found),
    onFailure: (reason) => void failures.push(reason),
    ...more,
  })
  return { prompter, said, answers, failures }
}

test('of many questions the first and the newest are asked, and only the newest is answered', async () => {
  const { prompter, said, answers } = openPrompter()
  for (const x of [1, 2, 3, 4]) prompter.ask({ inside: [x, 0], outside: [], box: null })
  await wait()
  expect(said.map(({ pos_points }) => pos_points[0])).toEqual([
    [1, 0],
    [4, 0],
  ])
  expect(answers).toEqual([square])
})

test('what was forgotten is not answered; a failure says why', async () => {
  const { prompter, answers } = openPrompter()
  prompter.ask({ inside: [1, 0], outside: [], box: null })
  prompter.forget()
  await wait()
  expect(answers).toEqual([])
  const broken = openPrompter({
    api: {
      interact: () => Promise.reject(new Error('too hot')),
      embed: () => Promise.reject(new Error('unused')),
    },
  })
  broken.prompter.ask({ inside: [1, 0], outside: [], box: null })
  await wait()
  expect(broken.failures).toEqual(['too hot'])
})

test('a decoder in the browser answers from one embedding a frame; without one the server is asked', async () => {
  let embedded = 0
  const withDecoder = { ...model, decoder: { url: '/d', family: 'sam' } } as Model
  const prompts: unknown[] = []
  const api = {
    interact: async () => [],
    embed: async () => {
      embedded++
      return { roi: [10, 20, 50, 60], width: 40, height: 40, version: 1, tensors: {}, facts: {} } as never
    },
  }
  const openDecoder = async () => ({
    decode: async (_embedding: unknown, prompt: unknown) => {
      prompts.push(prompt)
      return { mask: { left: 1, top: 2, width: 2, height: 1, data: new Uint8Array([1, 1]) }, score: 0.5 }
    },
    runsOn: 'wasm' as const,
    close: () => {},
  })
  const { prompter, answers } = openPrompter({ model: withDecoder, api, openDecoder })
  prompter.prepare()
  prompter.ask({ inside: [12, 25], outside: [], box: { left: 10, top: 20, right: 30, bottom: 40 } })
  await wait()
  prompter.ask({ inside: [13, 25], outside: [], box: null })
  await wait()
  expect(embedded).toBe(1)
  expect(prompts[0]).toEqual({ positive: [[2, 5]], negative: [], box: [0, 0, 20, 20] })
  expect(answers[0]).toMatchObject({ type: 'mask', score: 0.5 })
  expect(answers[0]!.points.slice(-4)).toEqual([11, 22, 12, 22])
  const fallback = openPrompter({ model: withDecoder })
  fallback.prompter.ask({ inside: [1, 0], outside: [], box: null })
  await wait()
  expect(fallback.answers).toEqual([square])
})
