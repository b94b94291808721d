// Outlines of masks along the borders of their pixels, so that filling them gives the very same pixels.
import type { Mask } from './mask'

/**
 * The closed outlines of a mask between covered and free pixels, corners only, in picture coordinates. Outer ones run clockwise on
 * the screen, holes the other way round; regions that touch at a corner only are told apart.
 */
export function tracePixelOutlines(mask: Mask): number[][] {
  const { width, height, data } = mask
  const isSet = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1
  const across = width + 1
  /** For every corner, the directions of border that start at it: 1 right, 2 down, 4 left, 8 up. */
  const starts = new Uint8Array(across * (height + 1))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isSet(x, y)) continue
      if (!isSet(x, y - 1)) starts[y * across + x]! |= 1
      if (!isSet(x + 1, y)) starts[y * across + x + 1]! |= 2
      if (!isSet(x, y + 1)) starts[(y + 1) * across + x + 1]! |= 4
      if (!isSet(x - 1, y)) starts[(y + 1) * across + x]! |= 8
    }
  }
  const outlines: number[][] = []
  for (let corner = 0; corner < starts.length; corner++) {
    while (starts[corner]! & 1) outlines.push(follow(starts, across, corner, mask.left, mask.top))
  }
  return outlines
}

const steps = (across: number): readonly number[] => [1, across, -1, -across]

/** Follows one border from a corner where it runs right, taking what it walks away. */
function follow(starts: Uint8Array, across: number, first: number, left: number, top: number): number[] {
  const points: number[] = []
  const moves = steps(across)
  let corner = first
  let direction = 0
  let previous = -1
  for (;;) {
    if (direction !== previous) points.push(left + (corner % across), top + Math.floor(corner / across))
    starts[corner]! &= ~(1 << direction)
    previous = direction
    corner += moves[direction]!
    // Turning right first keeps regions that meet at a corner apart.
    const turns = [(direction + 1) % 4, direction, (direction + 3) % 4]
    const next = turns.find((turn) => starts[corner]! & (1 << turn))
    if (next === undefined) return points
    direction = next
  }
}
