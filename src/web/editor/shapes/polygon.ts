// Polygon: a closed line of at least three points.
import { defineLineShape } from './line-shape'

export const polygon = defineLineShape({
  kind: 'polygon',
  title: 'Polygon',
  icon: 'pentagon',
  filled: true,
  closed: true,
  joined: true,
  least: 3,
})
