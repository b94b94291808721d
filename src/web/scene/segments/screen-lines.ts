// Lines that stand on the screen, drawn as lines in space just before the eye.
import type { Drawing, View } from '../workspace'
import type { Place } from './screen-area'

/** Metres from where rays begin. */
const away = 1

const lift = (view: View, { x, y }: Place): number[] => {
  const { origin, direction } = view.castRay(x, y)
  return [0, 1, 2].map((axis) => origin[axis]! + direction[axis]! * away)
}

export const drawPath = (
  view: View,
  path: readonly Place[],
  { closed = false, colour = '#ffffff', dashed = false } = {},
): Drawing => {
  const places = path.map((place) => lift(view, place))
  const lines: number[] = []
  for (let i = 0; i + 1 < places.length; i++) lines.push(...places[i]!, ...places[i + 1]!)
  if (closed && places.length > 2) lines.push(...places.at(-1)!, ...places[0]!)
  return { lines, colour, dashed, views: [view.name] }
}

export const drawCircle = (view: View, { x, y }: Place, radius: number, colour = '#ffffff'): Drawing => {
  const corners = Array.from({ length: 33 }, (_, i) => {
    const angle = (i / 32) * 2 * Math.PI
    return { x: x + Math.cos(angle) * radius, y: y + Math.sin(angle) * radius }
  })
  return drawPath(view, corners, { colour })
}

export const drawCorners = (view: View, corners: readonly Place[], colour = '#ffffff'): Drawing => ({
  dots: corners.flatMap((corner) => lift(view, corner)),
  dotSize: 7,
  colour,
  views: [view.name],
})
