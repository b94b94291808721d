// Points: single dots without lines.
import { defineLineShape } from './line-shape'

export const points = defineLineShape({
  kind: 'points',
  title: 'Points',
  icon: 'circle-dot',
  filled: false,
  closed: false,
  joined: false,
  least: 1,
})
