// The cursor: chooses, moves and reshapes objects, pans by dragging the background, selects by a Shift-drawn box.
import { straightenCuboid } from '../../../formats/geometry/cuboid'
import type { Intent } from '../document/intent'
import { reverseBody } from '../document/operations/orient'
import { limitMove } from '../shapes/define-shape'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { type Box, joinBoxes, measureDistance, type Point } from '../view/geometry'
import { startReshape } from './reshape-tool'
import { snapPoint } from './snap'
import { defineTool, type Mode, type Target, type ToolContext, type ToolEvent } from './tool'

type State =
  | { at: 'idle' }
  | { at: 'pressed'; target: Target; from: Point }
  | { at: 'dragging'; target: Target; from: Point; body: Body }
  /** Several selected ones: a press on one of them, then all that are free go along. */
  | { at: 'holding'; target: Target; from: Point }
  | { at: 'carrying'; free: Target[]; from: Point; moved: { clientId: number; body: Body }[] }
  | { at: 'reshaping'; target: Target; handle: string; from: Point; body: Body; moved: boolean }
  | { at: 'panning'; from: Point; moved: boolean }
  | { at: 'boxing'; from: Point; to: Point }

const dragDistance = 3

const boxOf = (a: Point, b: Point): Box => ({
  left: Math.min(a.x, b.x),
  top: Math.min(a.y, b.y),
  right: Math.max(a.x, b.x),
  bottom: Math.max(a.y, b.y),
})

const describeSize = (body: Body): string => {
  const box = shapeKinds[body.type].bounds({ ...body, rotation: 0 })
  const turned = body.rotation === 0 ? '' : `  ${body.rotation.toFixed(1)}°`
  return `${(box.right - box.left).toFixed(1)} × ${(box.bottom - box.top).toFixed(1)}${turned}`
}

const planPlace = (target: Target, body: Body, title: string): Intent[] => {
  const same = body.rotation === target.body.rotation && body.points.every((value, i) => value === target.body.points[i])
  const moved = body.elements?.some((part, i) => part.points.some((v, j) => v !== target.body.elements?.[i]?.points[j]))
  if (same && body.points.length === target.body.points.length && !moved) return []
  const { points, rotation, elements } = body
  const position = { points, rotation, ...(elements && target.type === 'skeleton' ? { elements: elements as never } : {}) }
  return [{ type: 'place', clientId: target.clientId, position, title }]
}

const place = (target: Target, body: Body, title: string, context: ToolContext): void => {
  const intents = planPlace(target, body, title)
  if (intents.length > 0) context.dispatch(...intents)
}

const translate = (target: Target, from: Point, to: Point, context: ToolContext): Body =>
  shapeKinds[target.type].translate(target.body, to.x - from.x, to.y - from.y, context.size)

const isLine = (target: Target): boolean => ['polygon', 'polyline', 'points'].includes(target.type)

/** Lines snap to their neighbours while a vertex is dragged. */
const aim = (target: Target, handle: string, at: Point, context: ToolContext): Point =>
  isLine(target) && handle !== 'rotate' ? snapPoint(at, context, target.clientId) : at

/** Shift and a double click: a mask is painted on, the perspective of a cuboid is taken out. */
const openSpecial = (target: Target, context: ToolContext): boolean => {
  if (target.locked) return false
  if (target.type === 'mask') {
    context.editMask(target.clientId)
    return true
  }
  if (target.type !== 'cuboid') return false
  place(target, { ...target.body, points: straightenCuboid(target.body.points) }, 'Reset perspective', context)
  return true
}

type Down = Extract<ToolEvent, { type: 'down' }>

/** A press on a handle: reshapes, deletes the point (Alt), or draws on from it (Shift). */
const pressHandle = ({ target, handle }: { target: Target; handle: string }, event: Down, context: ToolContext): State => {
  if (handle === 'direction') {
    place(target, reverseBody(target.body), 'Switch orientation', context)
    return { at: 'idle' }
  }
  const deletes = event.alt || (event.ctrl && target.type === 'points')
  if (deletes) {
    const shorter = shapeKinds[target.type].removePoint(target.body, handle)
    if (shorter) place(target, shorter, 'Delete point', context)
    else context.explain('No point can be taken away here')
    return { at: 'idle' }
  }
  if (event.shift && isLine(target) && handle.startsWith('point-')) {
    context.hand('reshape', startReshape(target.clientId, target.body, Number(handle.slice(6))))
    return { at: 'idle' }
  }
  return { at: 'reshaping', target, handle, from: event.at, body: target.body, moved: false }
}

type Carrying = Extract<State, { at: 'carrying' }>

/** All go the same way, no further than the first that meets the border. */
const carry = (state: Carrying, to: Point, context: ToolContext): Carrying => {
  const box = joinBoxes(state.free.map((target) => shapeKinds[target.type].bounds(target.body)))
  const by = limitMove(box, to.x - state.from.x, to.y - state.from.y, context.size)
  const end = { x: state.from.x + by.x, y: state.from.y + by.y }
  return {
    ...state,
    moved: state.free.map((one) => ({ clientId: one.clientId, body: translate(one, state.from, end, context) })),
  }
}

export const cursorTool = defineTool<State>({
  id: 'cursor',
  title: 'Cursor',
  icon: 'mouse-pointer-2',
  cursor: 'default',
  start: () => ({ at: 'idle' }),
  on(state, event, context) {
    if (event.type === 'cancel') {
      if (state.at === 'idle') context.activate(null)
      return { at: 'idle' }
    }
    if (event.type === 'abort') return { at: 'idle' }
    if (!('at' in event)) return state
    switch (state.at) {
      case 'idle': {
        if (event.type === 'double') {
          const target = context.targetAt(event.at)
          if (target && event.shift && openSpecial(target, context)) return state
          context.zoomTo(target ? shapeKinds[target.type].bounds(target.body) : null)
          return state
        }
        if (event.type !== 'down' || event.button === 'right') return state
        const grip = context.handleAt(event.at)
        if (grip) return pressHandle(grip, event, context)
        const target = context.targetAt(event.at)
        if (target && (event.ctrl || event.shift)) {
          context.toggleSelected(target.clientId)
          return state
        }
        if (target && context.selected().some((one) => one.clientId === target.clientId)) {
          return { at: 'holding', target, from: event.at }
        }
        if (target) {
          context.activate(target.clientId)
          return { at: 'pressed', target, from: event.at }
        }
        return event.shift ? { at: 'boxing', from: event.at, to: event.at } : { at: 'panning', from: event.at, moved: false }
      }
      case 'pressed': {
        if (event.type === 'up') return { at: 'idle' }
        if (event.type !== 'move' || measureDistance(event.at, state.from) * context.scale < dragDistance) return state
        if (state.target.locked || state.target.pinned || state.target.fixed) {
          const why = state.target.locked ? 'Locked: L unlocks it' : 'Pinned: P lets it move'
          context.explain(state.target.fixed ? 'Shapes stay as they are in this workspace' : why)
          return { at: 'panning', from: event.at, moved: true }
        }
        const body = translate(state.target, state.from, event.at, context)
        return { at: 'dragging', target: state.target, from: state.from, body }
      }
      case 'dragging': {
        if (event.type !== 'move' && event.type !== 'up') return state
        const body = translate(state.target, state.from, event.at, context)
        if (event.type === 'move') return { ...state, body }
        place(state.target, body, `Move ${state.target.type}`, context)
        return { at: 'idle' }
      }
      case 'holding': {
        if (event.type === 'up') {
          context.activate(state.target.clientId)
          return { at: 'idle' }
        }
        if (event.type !== 'move' || measureDistance(event.at, state.from) * context.scale < dragDistance) return state
        const free = context.selected().filter((target) => !target.locked && !target.pinned)
        if (free.length === 0) {
          context.explain('All selected objects are locked or pinned')
          return { at: 'panning', from: event.at, moved: true }
        }
        return carry({ at: 'carrying', free, from: state.from, moved: [] }, event.at, context)
      }
      case 'carrying': {
        if (event.type !== 'move' && event.type !== 'up') return state
        const next = carry(state, event.at, context)
        if (event.type === 'move') return next
        const title = `Move ${state.free.length} objects`
        const intents = next.moved.flatMap(({ body }, i) => planPlace(state.free[i]!, body, title))
        if (intents.length > 0) context.dispatch(...intents)
        return { at: 'idle' }
      }
      case 'reshaping': {
        if (event.type !== 'move' && event.type !== 'up') return state
        const moved = state.moved || measureDistance(event.at, state.from) * context.scale >= 1
        if (!moved) return event.type === 'up' ? { at: 'idle' } : state
        const kind = shapeKinds[state.target.type]
        const body = kind.moveHandle(state.target.body, state.handle, {
          to: aim(state.target, state.handle, event.at, context),
          shift: event.shift,
          size: context.size,
        })
        if (event.type === 'move') return { ...state, body, moved }
        const refusal = kind.refuse(body)
        if (refusal) context.explain(refusal)
        else place(state.target, body, `${state.handle === 'rotate' ? 'Rotate' : 'Reshape'} ${state.target.type}`, context)
        return { at: 'idle' }
      }
      case 'panning': {
        if (event.type === 'move') {
          context.panBy((event.at.x - state.from.x) * context.scale, (event.at.y - state.from.y) * context.scale)
          return { ...state, moved: true }
        }
        if (event.type !== 'up') return state
        if (!state.moved) context.activate(null)
        return { at: 'idle' }
      }
      case 'boxing': {
        if (event.type === 'move') return { ...state, to: event.at }
        if (event.type !== 'up') return state
        context.selectBox(boxOf(state.from, event.at))
        return { at: 'idle' }
      }
    }
  },
  mode: (state): Mode => {
    switch (state.at) {
      case 'dragging':
      case 'carrying':
        return 'drag'
      case 'reshaping':
        if (state.handle === 'rotate') return 'rotate'
        return state.target.type === 'rectangle' || state.target.type === 'ellipse' ? 'resize' : 'edit'
      case 'panning':
        return state.moved ? 'pan' : 'idle'
      case 'boxing':
        return 'select'
      default:
        return 'idle'
    }
  },
  hint: (state) => {
    if (state.at === 'reshaping')
      return state.handle === 'rotate' ? 'Shift turns in steps of 15°' : 'Release to place, Esc puts it back'
    if (state.at === 'dragging' || state.at === 'carrying') return 'Release to place, Esc puts it back'
    return 'Drag to move, N draws again, Tab goes through objects, F1 shows all keys'
  },
  preview: (state) => {
    if (state.at === 'boxing') return { box: boxOf(state.from, state.to) }
    if (state.at === 'carrying') return { others: state.moved }
    if (state.at !== 'dragging' && state.at !== 'reshaping') return null
    const text = state.at === 'reshaping' ? describeSize(state.body) : undefined
    return { clientId: state.target.clientId, body: state.body, ...(text && { text }) }
  },
})
