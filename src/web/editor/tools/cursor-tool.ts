// The cursor: chooses, moves and reshapes objects, pans by dragging the background, selects by a Shift-drawn box.
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { type Box, measureDistance, type Point } from '../view/geometry'
import { defineTool, type Mode, type Target, type ToolContext } from './tool'

type State =
  | { at: 'idle' }
  | { at: 'pressed'; target: Target; from: Point }
  | { at: 'dragging'; target: Target; from: Point; body: Body }
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

const place = (target: Target, body: Body, title: string, context: ToolContext): void => {
  const same = body.rotation === target.body.rotation && body.points.every((value, i) => value === target.body.points[i])
  const moved = body.elements?.some((part, i) => part.points.some((v, j) => v !== target.body.elements?.[i]?.points[j]))
  if (same && body.points.length === target.body.points.length && !moved) return
  const { points, rotation, elements } = body
  const position = { points, rotation, ...(elements && target.type === 'skeleton' ? { elements: elements as never } : {}) }
  context.dispatch({ type: 'place', clientId: target.clientId, position, title })
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
    if (event.type === 'finish' || event.type === 'step-back') return state
    switch (state.at) {
      case 'idle': {
        if (event.type === 'double') {
          const target = context.targetAt(event.at)
          context.zoomTo(target ? shapeKinds[target.type].bounds(target.body) : null)
          return state
        }
        if (event.type !== 'down' || event.button === 'right') return state
        const grip = context.handleAt(event.at)
        if (grip && event.alt) {
          const shorter = shapeKinds[grip.target.type].removePoint(grip.target.body, grip.handle)
          if (shorter) place(grip.target, shorter, 'Delete point', context)
          else context.explain('No point can be taken away here')
          return state
        }
        if (grip) {
          const { target, handle } = grip
          return { at: 'reshaping', target, handle, from: event.at, body: target.body, moved: false }
        }
        const target = context.targetAt(event.at)
        if (target && event.ctrl) {
          context.toggleSelected(target.clientId)
          return state
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
        if (state.target.locked || state.target.pinned) {
          const why = state.target.locked ? 'Locked: L unlocks it' : 'Pinned: P lets it move'
          context.explain(why)
          return { at: 'panning', from: event.at, moved: true }
        }
        const body = shapeKinds[state.target.type].translate(
          state.target.body,
          event.at.x - state.from.x,
          event.at.y - state.from.y,
          context.size,
        )
        return { at: 'dragging', target: state.target, from: state.from, body }
      }
      case 'dragging': {
        if (event.type !== 'move' && event.type !== 'up') return state
        const kind = shapeKinds[state.target.type]
        const body = kind.translate(state.target.body, event.at.x - state.from.x, event.at.y - state.from.y, context.size)
        if (event.type === 'move') return { ...state, body }
        place(state.target, body, `Move ${state.target.type}`, context)
        return { at: 'idle' }
      }
      case 'reshaping': {
        if (event.type !== 'move' && event.type !== 'up') return state
        const moved = state.moved || measureDistance(event.at, state.from) * context.scale >= 1
        if (!moved) return event.type === 'up' ? { at: 'idle' } : state
        const kind = shapeKinds[state.target.type]
        const body = kind.moveHandle(state.target.body, state.handle, { to: event.at, shift: event.shift, size: context.size })
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
    if (state.at === 'dragging') return 'Release to place, Esc puts it back'
    return 'Drag to move, N draws again, Tab goes through objects, F1 shows all keys'
  },
  preview: (state) => {
    if (state.at === 'boxing') return { box: boxOf(state.from, state.to) }
    if (state.at !== 'dragging' && state.at !== 'reshaping') return null
    const text = state.at === 'reshaping' ? describeSize(state.body) : undefined
    return { clientId: state.target.clientId, body: state.body, ...(text && { text }) }
  },
})
