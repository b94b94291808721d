// Polyline: an open line of at least two points.
import { defineLineShape } from './line-shape'

export const polyline = defineLineShape({
  kind: 'polyline',
  title: 'Polyline',
  icon: 'spline',
  filled: false,
  closed: false,
  joined: true,
  least: 2,
})
