// Rectangle: two corners, turned about the centre.
import { defineBoxShape, turnBox } from './box-shape'

const read = ([x0 = 0, y0 = 0, x1 = 0, y1 = 0]: readonly number[]) => ({
  left: Math.min(x0, x1),
  top: Math.min(y0, y1),
  right: Math.max(x0, x1),
  bottom: Math.max(y0, y1),
})

export const rectangle = defineBoxShape({
  kind: 'rectangle',
  title: 'Rectangle',
  icon: 'square',
  read,
  write: (box) => [box.left, box.top, box.right, box.bottom],
  outline: (body) => [{ points: turnBox(read(body.points), body.rotation), closed: true }],
})
