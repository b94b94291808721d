// Shapes with an area as the pixels that they cover.
import { encodeCocoCounts } from '../../../formats/geometry/coco-rle'
import { rasterisePolygon } from '../../../formats/geometry/polygon'
import { roundToHundredths } from '../../../formats/geometry/rounding'
import { readRunSet } from '../../../formats/geometry/run-sets'
import type { Mark } from './marks'

type Size = { width: number; height: number }
/** Corners of the polygon that stands for an ellipse. */
const ellipsePoints = 720

/** Corners of a box from its top left on. */
const listCorners = ([left, top, right, bottom]: readonly number[]) => [
  left!,
  top!,
  right!,
  top!,
  right!,
  bottom!,
  left!,
  bottom!,
]

const traceEllipse = ([left, top, right, bottom]: readonly number[]): number[] => {
  const [centerX, centerY] = [0.5 * (left! + right!), 0.5 * (top! + bottom!)]
  const [halfWidth, halfHeight] = [0.5 * (right! - left!), 0.5 * (bottom! - top!)]
  const points: number[] = []
  const step = (2 * Math.PI) / (ellipsePoints - 1)
  for (let at = 0; at < ellipsePoints; at++) {
    const angle = at === ellipsePoints - 1 ? 2 * Math.PI : at * step
    points.push(centerX + halfWidth * Math.cos(angle), centerY + halfHeight * Math.sin(angle))
  }
  return points
}

const turn = (points: number[], degrees: number, centerX: number, centerY: number): number[] => {
  const angle = (degrees / 180) * Math.PI
  if (!angle) return points
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const turned: number[] = []
  for (let at = 0; at + 1 < points.length; at += 2) {
    const [dx, dy] = [points[at]! - centerX, points[at + 1]! - centerY]
    turned.push(dx * cos - dy * sin + centerX, dx * sin + dy * cos + centerY)
  }
  return turned
}

/** The outline of a box or ellipse, to hundredths. `straight` leaves out its rotation. */
export const outlineOf = ({ kind, points, rotation }: Pick<Mark, 'kind' | 'points' | 'rotation'>, straight = false): number[] => {
  const outline = kind === 'ellipse' ? traceEllipse(points) : listCorners(points)
  const [left, top, right, bottom] = points
  const turned = straight ? outline : turn(outline, rotation, (left! + right!) / 2, (top! + bottom!) / 2)
  return straight ? turned : turned.map(roundToHundredths)
}

/** Pixels of an outline. */
export const fillOutline = (points: readonly number[], { width, height }: Size): number[] =>
  readRunSet(rasterisePolygon(points, width, height))

/** Pixels of a mark that has an area. `straight` leaves out the rotation of boxes and ellipses. */
export const fillMark = (mark: Mark, size: Size, straight = false): number[] => {
  if (mark.kind === 'mask') return readRunSet(encodeCocoCounts(mark.points, size.width, size.height))
  return fillOutline(mark.kind === 'polygon' ? mark.points : outlineOf(mark, straight), size)
}
