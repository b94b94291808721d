// Draws a part of a polygon or polyline anew from one of its vertices, or adds points; started by Shift and a click on a vertex.

import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { measureLength, reversePoints } from '../view/contour'
import { clampToSize, measureArea, measureDistance, measureToLine, type Point, roundPoints } from '../view/geometry'
import { defineTool, type ToolContext, type ToolEvent } from './tool'

type Common = { clientId: number; body: Body; from: number; points: number[]; cursor: Point }

type State =
  | ({ at: 'drawing' } & Common)
  /** Two outlines are possible: the one under the pointer is kept. */
  | ({ at: 'choosing'; options: [number[], number[]]; parts: [number[], number[]] } & Common)
  | { at: 'done' }

const closeDistance = 8
const sameDistance = 2
const slideDistance = 15

export const startReshape = (clientId: number, body: Body, vertex: number): State => {
  const at = { x: body.points[2 * vertex]!, y: body.points[2 * vertex + 1]! }
  return { at: 'drawing', clientId, body, from: vertex, points: [], cursor: at }
}

const vertexAt = (body: Body, at: Point, context: ToolContext): number | null => {
  let best: { i: number; distance: number } | null = null
  for (let i = 0; i < body.points.length / 2; i++) {
    const distance = measureDistance(at, { x: body.points[2 * i]!, y: body.points[2 * i + 1]! }) * context.scale
    if (distance <= closeDistance && (!best || distance < best.distance)) best = { i, distance }
  }
  return best?.i ?? null
}

/** Vertices of a closed outline from one to another, going up. */
const arc = (points: readonly number[], from: number, to: number): number[] => {
  const count = points.length / 2
  const walked: number[] = []
  for (let i = from; ; i = (i + 1) % count) {
    walked.push(points[2 * i]!, points[2 * i + 1]!)
    if (i === to) return walked
  }
}

const place = (state: Common, points: number[], context: ToolContext): State => {
  const body = { ...state.body, points: roundPoints(points) }
  const refusal = shapeKinds[body.type].refuse(body)
  if (refusal) {
    context.explain(refusal)
    return state.points.length > 0 ? { ...state, at: 'drawing' } : { at: 'done' }
  }
  context.dispatch({
    type: 'place',
    clientId: state.clientId,
    position: { points: body.points, rotation: 0 },
    title: `Redraw part of ${body.type}`,
  })
  context.leave()
  context.activate(state.clientId)
  return { at: 'done' }
}

/** Ends on a vertex: what lies between goes. A polygon has two parts that may go: the smaller one, or the one not clicked. */
const endAt = (state: Common, to: number, context: ToolContext): State => {
  const { points } = state.body
  if (state.body.type === 'polyline') {
    const [low, high] = state.from < to ? [state.from, to] : [to, state.from]
    const drawn = state.from < to ? state.points : reversePoints(state.points)
    return place(state, [...points.slice(0, 2 * low + 2), ...drawn, ...points.slice(2 * high)], context)
  }
  const ahead = arc(points, state.from, to)
  const behind = arc(points, to, state.from)
  const options: [number[], number[]] = [
    [...ahead, ...reversePoints(state.points)],
    [...behind, ...state.points],
  ]
  const [area0, area1] = [measureArea(options[0]), measureArea(options[1])]
  const [length0, length1] = [measureLength(ahead), measureLength(behind)]
  const agree = area0 > area1 === length0 > length1 && area0 !== area1
  if (context.intelligentCrop && agree) return place(state, area0 > area1 ? options[0] : options[1], context)
  return { ...state, at: 'choosing', options, parts: [ahead, behind] }
}

const pickOption = (state: Extract<State, { at: 'choosing' }>): number[] => {
  const near = state.parts.map((part) => measureToLine(state.cursor, part, false))
  return near[0]! <= near[1]! ? state.options[0] : state.options[1]
}

/** What finishing means: points are simply added; the end of a polyline is extended; a polygon goes on to the vertex it came from. */
const finish = (state: Common, context: ToolContext): State => {
  const { points } = state.body
  if (state.points.length === 0) {
    context.leave()
    return { at: 'done' }
  }
  if (state.body.type === 'points') return place(state, [...points, ...state.points], context)
  const last = points.length / 2 - 1
  if (state.body.type === 'polyline' && state.from === last) return place(state, [...points, ...state.points], context)
  if (state.body.type === 'polyline' && state.from === 0) {
    return place(state, [...reversePoints(state.points), ...points], context)
  }
  context.explain('End on a point of the contour')
  return { ...state, at: 'drawing' }
}

const addPoint = (state: Extract<State, { at: 'drawing' }>, given: Point, context: ToolContext): State => {
  const at = clampToSize(given, context.size)
  const end = state.body.type === 'points' ? null : vertexAt(state.body, at, context)
  if (end !== null && (end !== state.from || state.points.length >= 4)) {
    if (end === state.from) return state
    return endAt(state, end, context)
  }
  const previous = state.points.length > 0 ? state.points : state.body.points.slice(2 * state.from, 2 * state.from + 2)
  const last = { x: previous.at(-2)!, y: previous.at(-1)! }
  if (measureDistance(at, last) * context.scale <= sameDistance) return state
  return { ...state, points: [...state.points, at.x, at.y], cursor: at }
}

const onDrawing = (state: Extract<State, { at: 'drawing' }>, event: ToolEvent, context: ToolContext): State => {
  const stepBack = (): State => ({ ...state, points: state.points.slice(0, -2) })
  switch (event.type) {
    case 'finish':
    case 'double':
      return finish(state, context)
    case 'step-back':
      return stepBack()
    case 'down':
      return event.button === 'right' ? stepBack() : addPoint(state, event.at, context)
    case 'move': {
      const previous = state.points.length > 0 ? state.points : state.body.points.slice(2 * state.from, 2 * state.from + 2)
      const last = { x: previous.at(-2)!, y: previous.at(-1)! }
      const slides = event.shift && measureDistance(event.at, last) * context.scale >= slideDistance && state.points.length > 0
      return slides ? addPoint(state, event.at, context) : { ...state, cursor: event.at }
    }
    default:
      return state
  }
}

export const reshapeTool = defineTool<State>({
  id: 'reshape',
  title: 'Redraw a part',
  icon: 'spline',
  cursor: 'crosshair',
  rail: 'cursor',
  start: () => ({ at: 'done' }),
  on(state, event, context) {
    if (event.type === 'cancel') {
      context.leave()
      if (state.at !== 'done') context.activate(state.clientId)
      return { at: 'done' }
    }
    if (state.at === 'drawing') return onDrawing(state, event, context)
    if (state.at === 'choosing') {
      if (event.type === 'move') return { ...state, cursor: event.at }
      if (event.type === 'down' && event.button === 'left') {
        const moved = { ...state, cursor: event.at }
        return place(moved, pickOption(moved), context)
      }
    }
    return state
  },
  mode: () => 'edit',
  hint: (state) => {
    if (state.at === 'choosing') return 'Click the part of the contour to keep'
    if (state.at === 'drawing' && state.body.type === 'points') return 'Click more points, N finishes, Esc cancels'
    return 'Click the new points, end on a point of the contour; right click takes back, Esc cancels'
  },
  preview: (state) => {
    if (state.at === 'done') return null
    const { clientId, body } = state
    if (state.at === 'choosing') return { clientId, body: { ...body, points: pickOption(state) } }
    const start = body.points.slice(2 * state.from, 2 * state.from + 2)
    if (body.type === 'points') {
      return { clientId, body: { ...body, points: [...body.points, ...state.points] }, vertices: state.points, crosshair: true }
    }
    const line = [...start, ...state.points, state.cursor.x, state.cursor.y]
    return { clientId, body, line, vertices: [...start, ...state.points], targets: body.points, crosshair: true }
  },
  canFinish: (state) => state.at === 'drawing' && state.points.length > 0,
})
