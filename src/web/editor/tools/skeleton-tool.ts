// Draws a skeleton by a box into which the drawing of its label is scaled.
import type { Label } from '../../../formats/model'
import type { Body } from '../shapes/shape-kind'
import { findEdges, layTemplate } from '../shapes/skeleton-template'
import { clampToSize, type Point } from '../view/geometry'
import { finishDrawing } from './finish-drawing'
import { defineTool, type ToolContext } from './tool'

type State =
  | { at: 'waiting'; cursor: Point | null }
  | { at: 'pressed'; from: Point; to: Point }
  | { at: 'stretching'; from: Point; to: Point }

const dragDistance = 4

const lay = (from: Point, to: Point, label: Label) => {
  const box = {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    right: Math.max(from.x, to.x),
    bottom: Math.max(from.y, to.y),
  }
  return layTemplate(label.svg ?? '', label.sublabels, box)
}

const makeBody = (from: Point, to: Point, label: Label): Body => {
  const elements = lay(from, to, label)
  const parts = elements.map(({ points }) => ({ type: 'points' as const, points, rotation: 0 }))
  return {
    type: 'skeleton',
    points: [],
    rotation: 0,
    elements: parts,
    edges: findEdges(label.svg ?? '', label.sublabels, elements),
  }
}

const finish = (from: Point, to: Point, context: ToolContext): State => {
  const { label } = context.template
  const waiting: State = { at: 'waiting', cursor: to }
  const elements = label ? lay(from, to, label) : []
  if (elements.length === 0) {
    context.explain('The drawing of this label has no points')
    return waiting
  }
  if (Math.abs(to.x - from.x) < 1 || Math.abs(to.y - from.y) < 1) {
    context.explain('Sides must be at least 1 pixel long')
    return waiting
  }
  finishDrawing({ type: 'skeleton', points: [], rotation: 0 }, context, elements)
  return { at: 'waiting', cursor: null }
}

export const skeletonTool = defineTool<State>({
  id: 'skeleton',
  title: 'Skeleton',
  icon: 'waypoints',
  cursor: 'none',
  draws: 'skeleton',
  start: () => ({ at: 'waiting', cursor: null }),
  on(state, event, context) {
    if (event.type === 'cancel') {
      context.leave()
      return { at: 'waiting', cursor: null }
    }
    if (event.type === 'abort') return state.at === 'pressed' ? { at: 'waiting', cursor: null } : state
    if (!('at' in event) || event.type === 'double') return state
    if (event.type === 'down' && event.button === 'right') return { at: 'waiting', cursor: event.at }
    const at = clampToSize(event.at, context.size)
    switch (state.at) {
      case 'waiting':
        return event.type === 'down' ? { at: 'pressed', from: at, to: at } : { at: 'waiting', cursor: event.at }
      case 'pressed': {
        if (event.type === 'move') return { ...state, to: at }
        if (event.type !== 'up') return state
        const far = Math.hypot(at.x - state.from.x, at.y - state.from.y) * context.scale > dragDistance
        return far ? finish(state.from, at, context) : { at: 'stretching', from: state.from, to: at }
      }
      case 'stretching':
        return event.type === 'down' ? finish(state.from, at, context) : { ...state, to: at }
    }
  },
  mode: () => 'draw',
  hint: (state) =>
    state.at === 'waiting' ? 'Drag the box into which the skeleton is laid' : 'Release or click the opposite corner, Esc cancels',
  preview: (state, { template }) => {
    if (state.at === 'waiting' || !template.label) return { crosshair: true }
    const { from, to } = state
    const text = `${Math.abs(to.x - from.x).toFixed(1)} × ${Math.abs(to.y - from.y).toFixed(1)}`
    return { crosshair: true, body: makeBody(from, to, template.label), text }
  },
})
