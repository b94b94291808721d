// What an object looks like on its picture: the box that it takes up, its outline, and the part of the picture to show it in.
import { type Bounds, findBounds, findEllipseBounds, turnBox, uniteBounds } from '../../formats/geometry/box'
import { decodeMask, readMaskBox } from '../../formats/geometry/mask'
import { tracePixelOutlines } from '../../formats/geometry/pixel-outline'
import type { Region } from '../media/media'

export type Drawn = { type: string; points: string; rotation: number; outside?: boolean; elements?: Drawn[] }

/** `closed` and `open` are points `x y …` of lines, dots are single points, ellipse cx cy rx ry and degrees. Pixels of the picture. */
export type Outline = { closed: number[][]; open: number[][]; dots: number[]; ellipse?: [number, number, number, number, number] }

const nothing = (): Outline => ({ closed: [], open: [], dots: [] })

/** Larger masks are shown by their box. */
const maxMaskPixels = 250_000
const edges = [
  [0, 1, 3, 2],
  [2, 3, 5, 4],
  [4, 5, 7, 6],
  [6, 7, 1, 0],
]

/** Faces of a cuboid on a picture; of one in space, seen from above, its base. */
const outlineCuboid = (points: number[]): number[][] =>
  edges.map((face) => face.flatMap((corner) => points.slice(2 * corner, 2 * corner + 2)))

/** Whether a shape lies in space and not on a picture. */
export const isSpatial = ({ type, points }: Drawn): boolean => {
  if (type !== 'cuboid') return false
  const numbers = JSON.parse(points) as number[]
  return numbers.slice(9).every((value) => value === 0)
}

export const outlineOf = ({ type, points: text, rotation, elements }: Drawn): Outline => {
  const points = JSON.parse(text) as number[]
  switch (type) {
    case 'rectangle':
      return { ...nothing(), closed: [turnBox(points as Bounds, rotation)] }
    case 'ellipse': {
      const [cx, cy, right, top] = points as [number, number, number, number]
      return { ...nothing(), ellipse: [cx, cy, Math.abs(right - cx), Math.abs(cy - top), rotation] }
    }
    case 'mask': {
      const { left, top, width, height } = readMaskBox(points)
      const isSmall = width * height <= maxMaskPixels
      const lines = isSmall ? tracePixelOutlines(decodeMask(points)) : [turnBox([left, top, left + width, top + height], 0)]
      return { ...nothing(), closed: lines }
    }
    case 'cuboid':
      return { ...nothing(), closed: outlineCuboid(points) }
    case 'polyline':
      return { ...nothing(), open: [points] }
    case 'points':
      return { ...nothing(), dots: points }
    case 'skeleton':
      return { ...nothing(), dots: (elements ?? []).flatMap((one) => (one.outside ? [] : (JSON.parse(one.points) as number[]))) }
    default:
      return { ...nothing(), closed: [points] }
  }
}

/** The box around what is seen; null when nothing is. */
export const boundsOf = (shape: Drawn): Bounds | null => {
  const { closed, open, dots, ellipse } = outlineOf(shape)
  if (ellipse) {
    const [cx, cy, rx, ry, rotation] = ellipse
    return findEllipseBounds([cx, cy, cx + rx, cy - ry], rotation)
  }
  const boxes = [...closed, ...open, dots].filter((line) => line.length >= 2).map(findBounds)
  return boxes.length ? boxes.reduce(uniteBounds) : null
}

const aspect = 4 / 3
const leastWidth = 48

/** Where a span of `length` around `middle` lies within 0 … `limit`. */
const place = (middle: number, length: number, limit: number): [from: number, length: number] => {
  const whole = Math.max(1, Math.min(Math.round(length), limit))
  return [Math.max(0, Math.min(Math.round(middle - whole / 2), limit - whole)), whole]
}

/** The part of a picture that shows a box with some of its surroundings, four by three where there is room. */
export const cropAround = ([left, top, right, bottom]: Bounds, picture: { width: number; height: number }): Region => {
  const [wide, high] = [right - left, bottom - top]
  const margin = Math.max(10, 0.18 * Math.max(wide, high))
  const width = Math.max(wide + 2 * margin, (high + 2 * margin) * aspect, leastWidth)
  const [x, w] = place((left + right) / 2, width, picture.width)
  const [y, h] = place((top + bottom) / 2, width / aspect, picture.height)
  return { left: x, top: y, width: w, height: h }
}
