// Ellipse: centre, right-most x and top-most y, turned about the centre.
import { findEllipseBounds } from '../../../formats/geometry/box'
import { rotatePoint } from '../view/geometry'
import { centreOf, defineBoxShape } from './box-shape'

const steps = 48

const read = ([cx = 0, cy = 0, right = 0, top = 0]: readonly number[]) => ({
  left: 2 * cx - right,
  top,
  right,
  bottom: 2 * cy - top,
})

export const ellipse = defineBoxShape({
  kind: 'ellipse',
  title: 'Ellipse',
  icon: 'circle',
  read,
  bounds: ({ points: [cx = 0, cy = 0, right = 0, top = 0], rotation }) => {
    const [left, upper, end, lower] = findEllipseBounds([cx, cy, right, top], rotation)
    return { left, top: upper, right: end, bottom: lower }
  },
  write: (box) => {
    const centre = centreOf(box)
    return [centre.x, centre.y, box.right, box.top]
  },
  outline: (body) => {
    const box = read(body.points)
    const centre = centreOf(box)
    const points: number[] = []
    for (let i = 0; i < steps; i++) {
      const angle = (2 * Math.PI * i) / steps
      const x = centre.x + Math.cos(angle) * (box.right - centre.x)
      const y = centre.y + Math.sin(angle) * (centre.y - box.top)
      const turned = body.rotation === 0 ? { x, y } : rotatePoint({ x, y }, centre, body.rotation)
      points.push(turned.x, turned.y)
    }
    return [{ points, closed: true }]
  },
})
