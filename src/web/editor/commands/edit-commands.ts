// Commands that make other shapes of chosen ones: combining, converting, turning, resizing, propagating.
import { straightenCuboid } from '../../../formats/geometry/cuboid'
import type { Shape } from '../../../formats/model'
import type { Intent } from '../document/intent'
import type { EditorObject } from '../document/object'
import { type Combination, combineAreas, isArea } from '../document/operations/combine'
import { type ConvertTo, convertShape } from '../document/operations/convert'
import { switchOrientation } from '../document/operations/orient'
import { growBody } from '../document/operations/scale'
import { bodyOf } from '../document/scene'
import type { Editor } from '../editor'
import { openPropagate } from '../tools/panels/propagate-dialog'
import type { Command } from './command'

const object = (command: Omit<Command, 'group'>): Command => ({ ...command, group: 'Objects' })

type ShapeObject = EditorObject & { kind: 'shape'; data: Shape }

/** Chosen shapes that may be changed, the active one last. */
const freeShapes = (editor: Editor): ShapeObject[] => {
  const { activeId } = editor.state
  const ids = editor.chosenIds.filter((id) => id !== activeId)
  return [...ids, ...(activeId === null ? [] : [activeId])].flatMap((id) => {
    const one = editor.document.get(id)
    return one?.kind === 'shape' && !one.locked ? [one as ShapeObject] : []
  })
}

const areas = (editor: Editor): ShapeObject[] => freeShapes(editor).filter((one) => isArea(one.data))
const isIdle = (editor: Editor): boolean => editor.stage.mode === 'idle'
const hasAreas = (editor: Editor): boolean => isIdle(editor) && areas(editor).length > 1

const titles: Record<Combination, string> = { union: 'Unite', difference: 'Subtract', intersection: 'Intersect' }

/** The active area is the one that stays; a difference takes the others from it and leaves them where they are. */
export const combine = (editor: Editor, how: Combination): void => {
  const chosen = areas(editor).reverse()
  const [first, ...others] = chosen
  if (!first) return
  const label = editor.job.labels.get(first.data.label_id)
  const outcome = combineAreas(
    chosen.map((one) => one.data),
    how,
    label,
    editor.state.size,
  )
  if ('refusal' in outcome) {
    editor.explain(outcome.refusal)
    return
  }
  const [kept, ...more] = outcome.done.shapes
  const gone = how === 'difference' ? [] : others
  const changes = [
    { clientId: first.clientId, content: { kind: 'shape' as const, data: kept! } },
    ...gone.map(({ clientId }) => ({ clientId, content: null })),
  ]
  editor.do({ type: 'rewrite', title: titles[how], changes, adds: more.map((data) => ({ kind: 'shape', data })) })
  editor.activate(first.clientId)
  if (outcome.done.becameMask) editor.explain('A result with holes, or of a mask, is a mask')
}

export const convert = (editor: Editor, to: ConvertTo): void => {
  const outcomes = freeShapes(editor).map((one) => ({
    one,
    outcome: convertShape(one.data, to, editor.job.labels.get(one.data.label_id), editor.state.size),
  }))
  const done = outcomes.flatMap(({ one, outcome }) =>
    'done' in outcome ? [{ clientId: one.clientId, shapes: outcome.done }] : [],
  )
  const refusal = outcomes.flatMap(({ outcome }) => ('refusal' in outcome ? [outcome.refusal] : []))[0]
  if (refusal && done.length === 0) editor.explain(refusal)
  if (done.length === 0) return
  const changes = done.map(({ clientId, shapes }) => ({ clientId, content: { kind: 'shape' as const, data: shapes[0]! } }))
  const adds = done.flatMap(({ shapes }) => shapes.slice(1).map((data) => ({ kind: 'shape' as const, data })))
  editor.do({ type: 'rewrite', title: `Convert to ${to}`, changes, adds })
}

const canConvert =
  (to: ConvertTo) =>
  (editor: Editor): boolean =>
    isIdle(editor) && freeShapes(editor).some((one) => one.data.type !== to && (to === 'rectangle' || isArea(one.data)))

const freeItems = (editor: Editor) =>
  editor.chosenIds.flatMap((id) => {
    const item = editor.scene.items.get(id)
    const body = item && bodyOf(item)
    return item && body && !item.object.locked ? [{ clientId: id, body }] : []
  })

const place = (clientId: number, body: NonNullable<ReturnType<typeof bodyOf>>, title: string): Intent => {
  const { points, rotation, elements } = body
  const parts = body.type === 'skeleton' && elements ? { elements: elements as never } : {}
  return { type: 'place', clientId, position: { points, rotation, ...parts }, title }
}

const turn = (editor: Editor): void => {
  const intents = freeItems(editor).flatMap(({ clientId, body }) => {
    const turned = switchOrientation(body)
    return turned ? [place(clientId, turned, 'Switch orientation')] : []
  })
  editor.do(...intents)
}

const resize = (editor: Editor, dx: number, dy: number): void => {
  const intents = freeItems(editor).flatMap(({ clientId, body }) => {
    const grown = growBody(body, dx, dy, editor.state.size)
    return grown ? [place(clientId, grown, `Resize ${body.type}`)] : []
  })
  editor.do(...intents)
}

const arrows: [string, string, number, number][] = [
  ['Left', 'narrower', -1, 0],
  ['Right', 'wider', 1, 0],
  ['Up', 'lower', 0, -1],
  ['Down', 'higher', 0, 1],
]

const hasFree = (editor: Editor): boolean => isIdle(editor) && freeItems(editor).length > 0

const resizing = arrows.flatMap(([key, word, dx, dy]) => [
  object({
    id: `resize-${word}`,
    title: `1 pixel ${word}`,
    keys: [`Ctrl+${key}`],
    run: (e) => resize(e, dx, dy),
    enabled: hasFree,
  }),
  object({
    id: `resize-${word}-far`,
    title: `10 pixels ${word}`,
    keys: [`Ctrl+Shift+${key}`],
    run: (e) => resize(e, 10 * dx, 10 * dy),
    enabled: hasFree,
  }),
])

const cuboids = (editor: Editor) => freeItems(editor).filter(({ body }) => body.type === 'cuboid')

const straighten = (editor: Editor): void => {
  editor.do(
    ...cuboids(editor).map(({ clientId, body }) =>
      place(clientId, { ...body, points: straightenCuboid(body.points) }, 'Reset perspective'),
    ),
  )
}

const hasCuboid = (editor: Editor): boolean => isIdle(editor) && cuboids(editor).length > 0

const hasOriented = (editor: Editor): boolean =>
  isIdle(editor) && freeItems(editor).some(({ body }) => switchOrientation(body) !== null)

const hasBody = (editor: Editor): boolean => isIdle(editor) && editor.chosenIds.some((id) => editor.scene.items.get(id)?.body)

export const editCommands: Command[] = [
  ...resizing,
  object({ id: 'propagate', title: 'Propagate to other frames', keys: ['Ctrl+B'], run: openPropagate, enabled: hasBody }),
  object({ id: 'switch-orientation', title: 'Switch orientation', keys: [], run: turn, enabled: hasOriented }),
  object({ id: 'reset-perspective', title: 'Reset perspective', keys: [], run: straighten, enabled: hasCuboid }),
  object({ id: 'unite', title: 'Unite areas', keys: [], run: (e) => combine(e, 'union'), enabled: hasAreas }),
  object({
    id: 'subtract',
    title: 'Subtract the other areas from the last chosen',
    keys: [],
    run: (e) => combine(e, 'difference'),
    enabled: hasAreas,
  }),
  object({
    id: 'intersect',
    title: 'Keep what areas share',
    keys: [],
    run: (e) => combine(e, 'intersection'),
    enabled: hasAreas,
  }),
  object({ id: 'to-mask', title: 'Convert to mask', keys: [], run: (e) => convert(e, 'mask'), enabled: canConvert('mask') }),
  object({
    id: 'to-polygon',
    title: 'Convert to polygon',
    keys: [],
    run: (e) => convert(e, 'polygon'),
    enabled: canConvert('polygon'),
  }),
  object({
    id: 'to-rectangle',
    title: 'Convert to rectangle',
    keys: [],
    run: (e) => convert(e, 'rectangle'),
    enabled: canConvert('rectangle'),
  }),
]
