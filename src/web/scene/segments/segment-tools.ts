// The tools that paint points: brush and eraser, lasso, polygon prism, growing region.
import { defineTool, type Tool, type ToolEvent } from '../../editor/tools/tool'
import type { View, ViewName } from '../workspace'
import { type Place, polygonArea, strokeArea } from './screen-area'
import { drawCircle, drawCorners, drawPath } from './screen-lines'
import type { Segmenter } from './segmenter'

type Waiting = { at: 'waiting' }
type Stroke = { at: 'painting'; view: ViewName; path: Place[] }
type Plot = { at: 'plotting'; view: ViewName; corners: Place[]; cursor: Place }
type State = Waiting | Stroke | Plot

const waiting: State = { at: 'waiting' }
/** CSS pixels between places of a line that is drawn by hand, and within which the first corner closes a polygon. */
const stepPixels = 3
const closePixels = 9
const samePixels = 2

const isNear = (a: Place, b: Place, pixels: number): boolean => Math.hypot(a.x - b.x, a.y - b.y) <= pixels

const drawingId = 'segment-tool'

export const makeSegmentTools = (segmenter: Segmenter): Tool[] => {
  const { scene } = segmenter
  const viewOf = (event: { view?: ViewName }): View => scene.views[event.view ?? 'perspective']
  const clear = () => scene.draw(drawingId, null)
  const colour = () => segmenter.editor.job.labels.get(segmenter.options.labelId)?.color ?? '#ffffff'
  const common = { cursor: 'crosshair', allViews: true, roams: false } as const

  const leave = (context: { leave: () => void }): State => {
    clear()
    context.leave()
    return waiting
  }
  const drop = (): State => {
    clear()
    return waiting
  }
  const paintArea = (title: string, view: View, area: ReturnType<typeof polygonArea>, value: number, prism = false) => {
    clear()
    void segmenter.paint(title, value, segmenter.findInArea(view, area, prism))
  }

  const makeBrush = (id: string, title: string, icon: string, erases: boolean): Tool => {
    const show = (view: View, at: Place, path: readonly Place[]) => {
      const shade = erases ? '#ffffff' : colour()
      scene.draw(drawingId, [drawCircle(view, at, segmenter.options.radius, shade), drawPath(view, path, { colour: shade })])
    }
    return defineTool<State>({
      ...common,
      id,
      title,
      icon,
      start: () => waiting,
      on(state, event, context) {
        if (event.type === 'cancel') return state.at === 'waiting' ? leave(context) : drop()
        if (event.type === 'abort') return drop()
        if (event.type === 'finish') return leave(context)
        if (!('at' in event)) return state
        const view = viewOf(event)
        if (event.type === 'down' && event.button === 'left') {
          show(view, event.at, [])
          return { at: 'painting', view: view.name, path: [event.at] }
        }
        if (state.at !== 'painting') {
          if (event.type === 'move') show(view, event.at, [])
          return state
        }
        if (view.name !== state.view) return state
        const last = state.path.at(-1)!
        const path = isNear(event.at, last, stepPixels) && event.type !== 'up' ? state.path : [...state.path, event.at]
        if (event.type === 'up') {
          paintArea(
            erases ? 'Erase labels of points' : 'Paint points',
            view,
            strokeArea(path, segmenter.options.radius),
            erases ? 0 : segmenter.value,
          )
          return waiting
        }
        show(view, event.at, path)
        return { ...state, path }
      },
      mode: (state) => (state.at === 'painting' ? 'edit' : 'draw'),
      hint: () =>
        erases
          ? 'Drag over points to take their labels away; Alt turns the view, Esc ends'
          : 'Drag over points to label them; Alt turns the view, Esc ends',
      preview: () => null,
    })
  }

  const lasso = defineTool<State>({
    ...common,
    id: 'segment-lasso',
    title: 'Lasso of points',
    icon: 'lasso-select',
    start: () => waiting,
    on(state, event, context) {
      if (event.type === 'cancel') return state.at === 'waiting' ? leave(context) : drop()
      if (event.type === 'abort') return drop()
      if (event.type === 'finish') return leave(context)
      if (!('at' in event)) return state
      const view = viewOf(event)
      if (event.type === 'down' && event.button === 'left') return { at: 'painting', view: view.name, path: [event.at] }
      if (state.at !== 'painting' || view.name !== state.view) return state
      const path = isNear(event.at, state.path.at(-1)!, stepPixels) ? state.path : [...state.path, event.at]
      if (event.type === 'up') {
        if (path.length < 3) return drop()
        paintArea('Label points in a lasso', view, polygonArea(path), segmenter.value)
        return waiting
      }
      scene.draw(drawingId, [drawPath(view, path, { closed: true, colour: colour() })])
      return { ...state, path }
    },
    mode: (state) => (state.at === 'painting' ? 'edit' : 'draw'),
    hint: () => 'Draw a line around points to label them; Alt turns the view, Esc ends',
    preview: () => null,
  })

  const showPlot = ({ view: name, corners, cursor }: Plot) => {
    const view = scene.views[name]
    scene.draw(drawingId, [
      drawPath(view, [...corners, cursor], { closed: true, colour: colour(), dashed: true }),
      drawCorners(view, corners, colour()),
    ])
  }
  const closePlot = (state: Plot): State => {
    if (state.corners.length < 3) return drop()
    paintArea('Label points in a prism', scene.views[state.view], polygonArea(state.corners), segmenter.value, true)
    return waiting
  }
  const addCorner = (state: State, event: Extract<ToolEvent, { type: 'down' }>): State => {
    const view = viewOf(event)
    if (state.at !== 'plotting' || state.view !== view.name) {
      const plot: Plot = { at: 'plotting', view: view.name, corners: [event.at], cursor: event.at }
      showPlot(plot)
      return plot
    }
    if (state.corners.length > 2 && isNear(event.at, state.corners[0]!, closePixels)) return closePlot(state)
    if (isNear(event.at, state.corners.at(-1)!, samePixels)) return state
    const plot = { ...state, corners: [...state.corners, event.at] }
    showPlot(plot)
    return plot
  }
  const prism = defineTool<State>({
    ...common,
    id: 'segment-prism',
    title: 'Polygon prism of points',
    icon: 'shapes',
    start: () => waiting,
    on(state, event, context) {
      switch (event.type) {
        case 'cancel':
          return state.at === 'waiting' ? leave(context) : drop()
        case 'abort':
          return state
        case 'down':
          if (event.button === 'left') return addCorner(state, event)
          return state.at === 'plotting' ? closePlot(state) : state
        case 'double':
          return state.at === 'plotting' ? closePlot(state) : state
        case 'finish':
          return state.at === 'plotting' ? closePlot(state) : leave(context)
        case 'step-back': {
          if (state.at !== 'plotting') return state
          const plot = { ...state, corners: state.corners.slice(0, -1) }
          if (plot.corners.length === 0) return drop()
          showPlot(plot)
          return plot
        }
        case 'move': {
          if (state.at !== 'plotting' || viewOf(event).name !== state.view) return state
          const plot = { ...state, cursor: event.at }
          showPlot(plot)
          return plot
        }
        default:
          return state
      }
    },
    mode: () => 'draw',
    hint: () => 'Click corners; a double click or N takes all points within, whatever their distance; Esc ends',
    canFinish: (state) => state.at === 'plotting',
    steps: (state) => ({ back: state.at === 'plotting', forward: false }),
    preview: () => null,
  })

  const region = defineTool<Waiting>({
    ...common,
    id: 'segment-region',
    title: 'Object around a point',
    icon: 'scan-search',
    turnsView: true,
    start: () => ({ at: 'waiting' }),
    on(state, event, context) {
      if (event.type === 'cancel' || event.type === 'finish') {
        context.leave()
        return state
      }
      if (event.type !== 'down' || event.button !== 'left') return state
      const view = viewOf(event)
      const place = scene.cloud.pick(view.castRay(event.at.x, event.at.y), pickRadians(view, event.at))
      if (place) void segmenter.paint('Label an object', segmenter.value, () => segmenter.findRegion(place))
      else context.explain('There are no points here')
      return state
    },
    mode: () => 'draw',
    hint: () => 'Click on an object or the ground to label what hangs together; Esc ends',
    preview: () => null,
  })

  return [
    makeBrush('segment-brush', 'Brush for points', 'brush', false),
    lasso,
    prism,
    region,
    makeBrush('segment-eraser', 'Eraser for points', 'eraser', true),
  ]
}

/** The angle of a few pixels around a place of a view. */
export const pickRadians = (view: View, { x, y }: Place, pixels = 6): number => {
  const { direction } = view.castRay(x, y)
  const beside = view.castRay(x + pixels, y).direction
  const cosine = direction[0] * beside[0] + direction[1] * beside[1] + direction[2] * beside[2]
  // Rays of a projection never part.
  return Math.acos(Math.min(1, cosine)) || flatRadians
}
const flatRadians = 0.02
