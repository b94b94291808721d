// Clicks and boxes tell a model which object is meant; what it finds is shown at once and accepted with N.
import { decodeMask } from '../../../formats/geometry/mask'
import { tracePolygons } from '../../../formats/geometry/outline'
import { measureArea } from '../../../formats/geometry/polygon'
import { simplifyPolygon } from '../../../formats/geometry/simplify'
import type { Body } from '../shapes/shape-kind'
import { defineTool, type ToolContext } from '../tools/tool'
import { clampToSize, measureDistance, type Point, roundPoints } from '../view/geometry'
import type { Found } from './model-api'
import type { Prompts } from './prompter'

type State =
  | { at: 'waiting' }
  /** The pointer is down: a box when it moves far enough, else a click. */
  | ({ at: 'pressing'; from: Point; to: Point; found: Found | null; isAsking: boolean; isLate: boolean } & Prompts)
  /** `isLate`: clicks that were held back with Ctrl have not been asked about. */
  | ({ at: 'refining'; found: Found | null; isAsking: boolean; isLate: boolean } & Prompts)

const waiting: State = { at: 'waiting' }
const nothing = { inside: [], outside: [], box: null, found: null, isAsking: false, isLate: false } as const
const leastBox = 6
const pointReach = 8

const promptsOf = ({ inside, outside, box }: Prompts): Prompts => ({ inside, outside, box })
const isEmpty = ({ inside, outside, box }: Prompts) => inside.length + outside.length === 0 && !box

/** Place of a point that is near, in pairs; -1 when there is none. */
const findNear = (points: readonly number[], { x, y }: Point, reach: number): number => {
  for (let at = 0; at < points.length; at += 2) if (Math.hypot(points[at]! - x, points[at + 1]! - y) <= reach) return at
  return -1
}
const without = (points: readonly number[], at: number) => points.filter((_, i) => i !== at && i !== at + 1)

/** The mask as it is, or the outline of its largest part with as many points as the settings ask for. */
export const toBody = (found: Found, as: 'mask' | 'polygon', approximation: number): Body | null => {
  if (found.type !== 'mask') return { type: found.type, points: roundPoints(found.points), rotation: 0 }
  if (as === 'mask') return { type: 'mask', points: found.points, rotation: 0 }
  const [largest] = tracePolygons(decodeMask(found.points))
    .map((outline) => outline.slice(0, -2))
    .sort((a, b) => measureArea(b) - measureArea(a))
  if (!largest || largest.length < 6) return null
  return { type: 'polygon', points: roundPoints(simplifyPolygon(largest, (14 - approximation) / 4)), rotation: 0 }
}

/** Asks anew, unless Ctrl holds it back or too little is known yet. */
const refine = (prompts: Prompts, found: Found | null, holdsBack: boolean, context: ToolContext): State => {
  if (isEmpty(prompts)) return waiting
  const { model } = context
  const isEnough = prompts.box !== null || prompts.inside.length / 2 >= (model?.minPoints ?? 1)
  const asks = isEnough && !holdsBack
  if (asks) context.prompt(promptsOf(prompts))
  return { at: 'refining', ...promptsOf(prompts), found, isAsking: asks, isLate: isEnough && holdsBack }
}

const click = (
  state: Extract<State, { at: 'pressing' }>,
  at: Point,
  isInside: boolean,
  holdsBack: boolean,
  context: ToolContext,
): State => {
  const reach = pointReach / context.scale
  const { inside, outside, box, found } = state
  const [near, far] = [findNear(inside, at, reach), findNear(outside, at, reach)]
  if (near >= 0) return refine({ inside: without(inside, near), outside, box }, found, holdsBack, context)
  if (far >= 0) return refine({ inside, outside: without(outside, far), box }, found, holdsBack, context)
  if (!isInside && !context.model?.takesNegative) {
    context.explain('This model takes no points outside of the object')
    return { ...state, at: 'refining' }
  }
  const more = [at.x, at.y]
  return refine(
    { inside: isInside ? [...inside, ...more] : inside, outside: isInside ? outside : [...outside, ...more], box },
    found,
    holdsBack,
    context,
  )
}

const press = (state: State, at: Point): State => ({
  ...nothing,
  ...(state.at === 'waiting' ? {} : state),
  at: 'pressing',
  from: at,
  to: at,
})

const release = (state: Extract<State, { at: 'pressing' }>, to: Point, holdsBack: boolean, context: ToolContext): State => {
  const { from } = state
  const isBox = measureDistance(from, to) * context.scale >= leastBox && context.model?.takesBox
  if (!isBox) return click(state, from, true, holdsBack, context)
  const box = {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    right: Math.max(from.x, to.x),
    bottom: Math.max(from.y, to.y),
  }
  return refine({ ...promptsOf(state), box }, state.found, holdsBack, context)
}

const finish = (state: State, context: ToolContext): State => {
  if (state.at !== 'refining') return state
  if (state.isLate) return refine(state, state.found, false, context)
  const body = state.found && !state.isAsking ? toBody(state.found, context.model?.as ?? 'mask', context.approximation) : null
  if (!body) {
    context.explain(state.isAsking ? 'The model is still working' : 'The model found nothing there')
    return state
  }
  const { labelId } = context.template
  context.dispatch({ type: 'add', as: 'shape', body, labelId, source: 'semi-auto' })
  // The next object of the same kind follows at once.
  return waiting
}

const takeBack = (state: State, context: ToolContext): State => {
  if (state.at !== 'refining') return state
  const { inside, outside, box, found } = state
  if (outside.length > 0) return refine({ inside, outside: outside.slice(0, -2), box }, found, false, context)
  if (inside.length > 0) return refine({ inside: inside.slice(0, -2), outside, box }, found, false, context)
  return waiting
}

export const interactorTool = defineTool<State>({
  id: 'model',
  title: 'Model that follows clicks',
  icon: 'sparkles',
  cursor: 'crosshair',
  start: () => waiting,
  on(state, event, context) {
    switch (event.type) {
      case 'cancel':
        context.forgetPrompt()
        if (state.at === 'waiting') context.leave()
        return waiting
      case 'finish':
      case 'double':
        return event.type === 'double' ? state : finish(state, context)
      case 'step-back':
        return takeBack(state, context)
      case 'down': {
        const at = clampToSize(event.at, context.size)
        if (event.button === 'left') return press(state, at)
        return click(
          { ...nothing, ...(state.at === 'waiting' ? {} : state), at: 'pressing', from: at, to: at },
          at,
          false,
          event.ctrl,
          context,
        )
      }
      case 'move':
        return state.at === 'pressing' ? { ...state, to: clampToSize(event.at, context.size) } : state
      case 'up':
        return state.at === 'pressing' ? release(state, clampToSize(event.at, context.size), event.ctrl, context) : state
      case 'abort':
        return state.at === 'pressing' ? (isEmpty(state) ? waiting : { ...state, at: 'refining' }) : state
      case 'prompted':
        return state.at === 'waiting' ? state : { ...state, found: event.found, isAsking: false }
      default:
        return state
    }
  },
  mode: () => 'draw',
  hint: (state) => {
    if (state.at === 'waiting') return 'Click on the object, or drag a box around it where the model takes one'
    if (state.isAsking) return 'The model is working…'
    if (state.isLate) return 'Ctrl holds the model back; N or the next click without Ctrl asks it'
    return 'Click adds, right click takes away, a click on a point removes it, N accepts, Esc starts anew'
  },
  preview: (state, context) => {
    if (state.at === 'waiting') return { crosshair: true }
    const isBoxing =
      state.at === 'pressing' && context.model?.takesBox && measureDistance(state.from, state.to) * context.scale >= leastBox
    const drawn = isBoxing
      ? {
          left: Math.min(state.from.x, state.to.x),
          top: Math.min(state.from.y, state.to.y),
          right: Math.max(state.from.x, state.to.x),
          bottom: Math.max(state.from.y, state.to.y),
        }
      : state.box
    const body = state.found ? toBody(state.found, context.model?.as ?? 'mask', context.approximation) : null
    return {
      ...(drawn && { box: drawn }),
      ...(body && { body }),
      vertices: [...state.inside, ...state.outside],
      text: state.isAsking ? '…' : '',
    }
  },
  canFinish: (state) => state.at === 'refining' && (state.isLate || (state.found !== null && !state.isAsking)),
  steps: (state) => ({ back: state.at === 'refining', forward: false }),
})
