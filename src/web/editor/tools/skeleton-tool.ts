// Draws a skeleton by a box into which the drawing of its label is scaled.
import type { Label } from '../../../formats/model'
import type { Body } from '../shapes/shape-kind'
import { findEdges, layTemplate } from '../shapes/skeleton-template'
import type { Point } from '../view/geometry'
import { makeBoxGestureTool } from './box-gesture'
import { finishDrawing } from './finish-drawing'
import type { ToolContext } from './tool'

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

const finish = (from: Point, to: Point, context: ToolContext): boolean => {
  const { label } = context.template
  const elements = label ? lay(from, to, label) : []
  if (elements.length === 0) {
    context.explain('The drawing of this label has no points')
    return false
  }
  if (Math.abs(to.x - from.x) < 1 || Math.abs(to.y - from.y) < 1) {
    context.explain('Sides must be at least 1 pixel long')
    return false
  }
  finishDrawing({ type: 'skeleton', points: [], rotation: 0 }, context, elements)
  return true
}

export const skeletonTool = makeBoxGestureTool({
  id: 'skeleton',
  title: 'Skeleton',
  icon: 'waypoints',
  draws: 'skeleton',
  hints: ['Drag the box into which the skeleton is laid', 'Release or click the opposite corner, Esc cancels'],
  finish,
  preview: (from, to, { template }) => (template.label ? { body: makeBody(from, to, template.label) } : null),
})
