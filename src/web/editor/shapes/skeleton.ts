// Skeleton: named points; shown as dots in a box, until its edges are drawn from the label's template.
import { boundPoints, growBox, isInside } from '../view/geometry'
import { defineShape } from './define-shape'
import type { Body } from './shape-kind'

const dots = (body: Body): number[] => (body.elements ?? []).flatMap((part) => part.points)

const boxOf = (body: Body) => growBox(boundPoints(dots(body)), 4)

export const skeleton = defineShape({
  kind: 'skeleton',
  title: 'Skeleton',
  icon: 'waypoints',
  filled: true,
  outline: (body) => {
    const box = boxOf(body)
    return [{ points: [box.left, box.top, box.right, box.top, box.right, box.bottom, box.left, box.bottom], closed: true }]
  },
  dots,
  bounds: boxOf,
  hit: (body, at, tolerance) => {
    const box = growBox(boxOf(body), tolerance)
    const ring = [box.left, box.top, box.right, box.top, box.right, box.bottom, box.left, box.bottom]
    return isInside(at, ring) ? 0 : Infinity
  },
})
