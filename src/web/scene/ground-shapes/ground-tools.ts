// Tools that draw lines, areas and key points in space, and one that moves, inserts and removes their vertices.
import type { Vector } from '../../../formats/geometry3d/rotation'
import type { GroundShape } from '../../editor/document/cloud-change'
import { defineTool, type Tool, type ToolContext } from '../../editor/tools/tool'
import type { Place } from '../segments/screen-area'
import type { View, ViewName } from '../workspace'
import { fewest, type Grip, type GroundDrawing } from './ground-drawing'
import { listSides } from './measure-shape'

type Drafting = { at: 'waiting' } | { at: 'plotting'; vertices: Vector[] }
type Moving = { at: 'idle' } | { at: 'moving'; shape: GroundShape; vertex: number; now: GroundShape }

/** CSS pixels within which a click means the same place again. */
const samePixels = 3
const closePixels = 10

const facts: Record<GroundShape['type'], { id: string; title: string; icon: string; hint: string }> = {
  polyline: {
    id: 'ground-line',
    title: 'Line on the ground',
    icon: 'waypoints',
    hint: 'Click the vertices of the line; a double click or N ends it, Backspace takes the last one back, Esc drops it',
  },
  polygon: {
    id: 'ground-area',
    title: 'Area on the ground',
    icon: 'pentagon',
    hint: 'Click the vertices of the area; a double click or N ends it, Backspace takes the last one back, Esc drops it',
  },
  points: {
    id: 'ground-points',
    title: 'Key points',
    icon: 'circle-dot',
    hint: 'Click the key points; a double click or N ends them, Backspace takes the last one back, Esc drops them',
  },
}

const makeDrawTool = (drawing: GroundDrawing, type: GroundShape['type']): Tool => {
  const { scene } = drawing
  const viewOf = (event: { view?: ViewName }): View => scene.views[event.view ?? 'perspective']
  const show = (vertices: Vector[], cursor: Vector | null) => {
    drawing.draft = vertices.length > 0 || cursor ? { type, vertices, cursor } : null
    drawing.draw()
  }
  const rest = (): Drafting => {
    show([], null)
    return { at: 'waiting' }
  }
  const finish = (state: Drafting, context: ToolContext): Drafting => {
    if (state.at === 'waiting') {
      rest()
      context.leave()
      return state
    }
    if (state.vertices.length < fewest[type]) {
      context.explain('More vertices are needed')
      return state
    }
    drawing.draft = null
    drawing.add(type, state.vertices)
    return rest()
  }
  const isAgain = (view: View, place: Vector | undefined, at: Place, pixels: number): boolean => {
    const seen = place && view.project(place)
    return !!seen && Math.hypot(seen.x - at.x, seen.y - at.y) <= pixels
  }
  const { id, title, icon, hint } = facts[type]
  return defineTool<Drafting>({
    id,
    title,
    icon,
    cursor: 'crosshair',
    turnsView: true,
    allViews: true,
    start: () => ({ at: 'waiting' }),
    on(state, event, context) {
      const vertices = state.at === 'plotting' ? state.vertices : []
      switch (event.type) {
        case 'cancel':
          if (state.at === 'waiting') context.leave()
          return rest()
        case 'finish':
          return finish(state, context)
        case 'step-back': {
          const fewer = vertices.slice(0, -1)
          if (fewer.length === 0) return rest()
          show(fewer, null)
          return { at: 'plotting', vertices: fewer }
        }
        case 'down': {
          if (event.button === 'right') return state.at === 'plotting' ? finish(state, context) : state
          const view = viewOf(event)
          if (type === 'polygon' && vertices.length > 2 && isAgain(view, vertices[0], event.at, closePixels))
            return finish(state, context)
          if (isAgain(view, vertices.at(-1), event.at, samePixels)) return state
          const place = drawing.placeAt(view, event.at)
          if (!place) {
            context.explain('Nothing is below the pointer to stand on')
            return state
          }
          const more = [...vertices, place]
          show(more, null)
          return { at: 'plotting', vertices: more }
        }
        case 'double':
          return state.at === 'plotting' ? finish(state, context) : state
        case 'move':
          show(vertices, drawing.placeAt(viewOf(event), event.at))
          return state
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: () => hint,
    canFinish: (state) => state.at === 'plotting',
    steps: (state) => ({ back: state.at === 'plotting', forward: false }),
    preview: () => null,
  })
}

const makeEditTool = (drawing: GroundDrawing): Tool => {
  const { scene } = drawing
  const viewOf = (event: { view?: ViewName }): View => scene.views[event.view ?? 'perspective']
  /** Where the pointer is: dragging turns the view but over a vertex. */
  let over: Grip | null = null
  const rest = (): Moving => {
    drawing.preview = null
    drawing.draw()
    return { at: 'idle' }
  }
  const grab = (shape: GroundShape, grip: Grip): Moving => {
    if (grip.kind === 'vertex') return { at: 'moving', shape, vertex: grip.at, now: shape }
    const [from, to] = listSides(shape)[grip.at]!
    const middle = [0, 1, 2].map((axis) => (shape.points[from * 3 + axis]! + shape.points[to * 3 + axis]!) / 2)
    const now = { ...shape, points: shape.points.toSpliced((from + 1) * 3, 0, ...middle) }
    return { at: 'moving', shape, vertex: from + 1, now }
  }
  return defineTool<Moving>({
    id: 'ground-edit',
    title: 'Vertices of lines and areas',
    icon: 'pen-tool',
    cursor: 'default',
    allViews: true,
    get turnsView() {
      return over === null
    },
    start: () => ({ at: 'idle' }),
    on(state, event, context) {
      if (event.type === 'cancel') {
        if (state.at === 'moving') return rest()
        if (drawing.chosen === null) context.leave()
        drawing.choose(null)
        return rest()
      }
      if (event.type === 'abort') return rest()
      if (event.type === 'finish') {
        context.leave()
        return rest()
      }
      if (!('at' in event)) return state
      const view = viewOf(event)
      if (state.at === 'idle') {
        over = drawing.gripAt(view, event.at)
        if (event.type !== 'down') return state
        const shape = drawing.chosenShape
        if (over && shape) {
          if (event.button === 'left' && !event.alt) return grab(shape, over)
          if (over.kind === 'vertex') drawing.removeVertex(shape, over.at)
          over = null
          return state
        }
        if (event.button === 'left') drawing.choose(drawing.shapeAt(view, event.at)?.uid ?? null)
        return state
      }
      if (event.type === 'up') {
        const { shape, now } = state
        rest()
        if (now.points.join() !== shape.points.join())
          drawing.change(now.points.length > shape.points.length ? 'Insert a vertex' : 'Move a vertex', shape.uid, {
            points: now.points,
          })
        return { at: 'idle' }
      }
      if (event.type !== 'move') return state
      const place = drawing.placeAt(view, event.at)
      if (!place) return state
      const now = { ...state.now, points: state.now.points.toSpliced(state.vertex * 3, 3, ...place) }
      drawing.preview = now
      drawing.draw()
      return { ...state, now }
    },
    mode: (state) => (state.at === 'moving' ? 'edit' : 'idle'),
    hint: () => 'Drag vertices, or the dots between them to insert one; Alt and a click remove one, a click chooses a line',
    preview: () => null,
  })
}

export const makeGroundTools = (drawing: GroundDrawing): Tool[] => [
  makeDrawTool(drawing, 'polyline'),
  makeDrawTool(drawing, 'polygon'),
  makeDrawTool(drawing, 'points'),
  makeEditTool(drawing),
]
