// Cuboid in a picture: four upright edges (front left, front right, back right, back left), each its top and bottom point.
import { defineShape } from './define-shape'
import type { Body, Outline } from './shape-kind'

const face = (body: Body, order: readonly number[]): Outline => ({
  points: order.flatMap((i) => [body.points[2 * i]!, body.points[2 * i + 1]!]),
  closed: true,
})

export const cuboid = defineShape({
  kind: 'cuboid',
  title: 'Cuboid',
  icon: 'box',
  filled: true,
  outline: (body) =>
    body.points.length < 16
      ? []
      : [face(body, [0, 2, 3, 1]), face(body, [2, 4, 5, 3]), face(body, [4, 6, 7, 5]), face(body, [6, 0, 1, 7])],
})
