// Draws a shape by the corners of its box. Serves rectangle and ellipse.
import { rectangle } from '../shapes/rectangle'
import type { Body, ShapeKind } from '../shapes/shape-kind'
import { type Point, roundPoint } from '../view/geometry'
import { makeBoxGestureTool } from './box-gesture'
import { finishDrawing } from './finish-drawing'
import type { Tool } from './tool'

export type BoxTool = { kind: ShapeKind; write: (from: Point, to: Point) => number[] }

const twoCorners = (from: Point, to: Point): number[] => [
  roundPoint(Math.min(from.x, to.x)),
  roundPoint(Math.min(from.y, to.y)),
  roundPoint(Math.max(from.x, to.x)),
  roundPoint(Math.max(from.y, to.y)),
]

export const makeBoxTool = ({ kind, write }: BoxTool): Tool => {
  const makeBody = (from: Point, to: Point): Body => ({ type: kind.kind, points: write(from, to), rotation: 0 })
  return makeBoxGestureTool({
    id: kind.kind,
    title: kind.title,
    icon: kind.icon,
    draws: kind.kind,
    hints: ['Click the first corner, or drag from corner to corner', 'Click the opposite corner, Esc cancels'],
    finish: (from, to, context) => {
      const body = makeBody(from, to)
      const refusal = kind.refuse(body)
      if (refusal) context.explain(refusal)
      else finishDrawing(body, context)
      return !refusal
    },
    preview: (from, to) => ({ body: makeBody(from, to) }),
  })
}

export const rectangleTool = makeBoxTool({ kind: rectangle, write: twoCorners })
