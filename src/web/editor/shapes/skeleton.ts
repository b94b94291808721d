// Skeleton: named points joined by the edges of its label's drawing; without edges a frame holds them together.
import { boundPoints, growBox, isInside } from '../view/geometry'
import { defineShape } from './define-shape'
import type { Body, Outline } from './shape-kind'

const seen = (body: Body) => (body.elements ?? []).filter((part) => !part.outside)

const boxOf = (body: Body) => growBox(boundPoints((body.elements ?? []).flatMap((part) => part.points)), 4)

const ringOf = (body: Body, grow = 0): number[] => {
  const { left, top, right, bottom } = growBox(boxOf(body), grow)
  return [left, top, right, top, right, bottom, left, bottom]
}

export const skeleton = defineShape({
  kind: 'skeleton',
  title: 'Skeleton',
  icon: 'waypoints',
  filled: true,
  outline: (body) => {
    const edges = body.edges ?? []
    if (edges.length === 0) return [{ points: ringOf(body), closed: true }]
    return edges.flatMap(([from, to]): Outline[] => {
      const a = body.elements?.[from]
      const b = body.elements?.[to]
      return a && b && !a.outside && !b.outside ? [{ points: [...a.points, ...b.points], closed: false }] : []
    })
  },
  dots: (body) => seen(body).flatMap((part) => part.points),
  bounds: boxOf,
  area: (body) => {
    const box = boxOf(body)
    return (box.right - box.left) * (box.bottom - box.top)
  },
  hit: (body, at, tolerance) => (isInside(at, ringOf(body, tolerance)) ? 0 : Infinity),
})
