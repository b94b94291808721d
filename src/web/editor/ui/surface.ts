// The turned picture area: all layers lie in one element that the browser turns; pointers are led back into it.
import type { Angle } from '../state'
import type { Point, Size } from '../view/geometry'

/** Size of the turned element that fills an area. */
export const turnSize = (area: Size, angle: Angle): Size =>
  angle % 180 === 0 ? area : { width: area.height, height: area.width }

/** From a point of the area to the same point in the turned element. */
export const toTurned = (at: Point, area: Size, angle: Angle): Point => {
  switch (angle) {
    case 0:
      return at
    case 90:
      return { x: at.y, y: area.width - at.x }
    case 180:
      return { x: area.width - at.x, y: area.height - at.y }
    case 270:
      return { x: area.height - at.y, y: at.x }
  }
}

/** From a point of the turned element to the same point of the area. */
export const fromTurned = (at: Point, area: Size, angle: Angle): Point => {
  switch (angle) {
    case 0:
      return at
    case 90:
      return { x: area.width - at.y, y: at.x }
    case 180:
      return { x: area.width - at.x, y: area.height - at.y }
    case 270:
      return { x: at.y, y: area.height - at.x }
  }
}

/** Puts the element over its area. */
export const placeTurned = (element: HTMLElement, area: Size, angle: Angle): void => {
  const size = turnSize(area, angle)
  element.style.width = `${size.width}px`
  element.style.height = `${size.height}px`
  const corner = fromTurned({ x: 0, y: 0 }, area, angle)
  element.style.transform = angle === 0 ? 'none' : `translate(${corner.x}px, ${corner.y}px) rotate(${angle}deg)`
}
