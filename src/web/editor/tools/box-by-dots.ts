// Boxes, ellipses and cuboids drawn by dots instead of two corners.
import { buildCuboidFromCorners } from '../../../formats/geometry/cuboid'
import { fitBox, fitEllipse } from '../../../formats/geometry/fit'
import { boundPoints } from '../view/geometry'
import { makeDotTool } from './dot-tool'

/** Topmost, leftmost, bottommost and rightmost point of a thing, in any order. */
export const extremeTool = makeDotTool({
  id: 'rectangle-extreme',
  kind: 'rectangle',
  title: 'Rectangle by 4 extreme points',
  least: 2,
  full: 4,
  make: (points) => {
    const { left, top, right, bottom } = boundPoints(points)
    return { points: [left, top, right, bottom], rotation: 0 }
  },
  hints: {
    first: 'Click the topmost, leftmost, bottommost and rightmost point, in any order',
    next: 'Click the next outermost point, right click takes back',
    enough: 'Click the next outermost point, right click takes back',
  },
})

const contourHints = (least: number) => ({
  first: `Click at least ${least} points on the contour`,
  next: `Click at least ${least} points on the contour, right click takes back`,
  enough: 'N or double click finishes, more points fit better, right click takes back',
})

export const turnedRectangleTool = makeDotTool({
  id: 'rectangle-contour',
  kind: 'rectangle',
  title: 'Turned rectangle by points of its contour',
  least: 3,
  make: (points) => {
    const box = fitBox(points)
    if (!box) return null
    const { x, y, halfWidth, halfHeight, rotation } = box
    return { points: [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], rotation: Math.round(rotation * 10) / 10 }
  },
  hints: contourHints(3),
})

export const turnedEllipseTool = makeDotTool({
  id: 'ellipse-contour',
  kind: 'ellipse',
  title: 'Turned ellipse by points of its contour',
  least: 5,
  make: (points) => {
    const found = fitEllipse(points)
    if (!found) return null
    const { x, y, halfWidth, halfHeight, rotation } = found
    return { points: [x, y, x + halfWidth, y - halfHeight], rotation: Math.round(rotation * 10) / 10 }
  },
  hints: contourHints(5),
})

export const cuboidCornersTool = makeDotTool({
  id: 'cuboid-corners',
  kind: 'cuboid',
  title: 'Cuboid by 4 corners',
  least: 4,
  full: 4,
  make: (points) => ({ points: buildCuboidFromCorners(points), rotation: 0 }),
  hints: {
    first: 'Click three corners of the front one after the other, then where the third one lies at the back',
    next: 'Three corners of the front, then the corner behind the third; right click takes back',
    enough: '',
  },
  guide: (points) => {
    if (points.length !== 6) return [...points]
    const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0] = points
    return [ax, ay, bx, by, cx, cy, ax + cx - bx, ay + cy - by, ax, ay]
  },
})
