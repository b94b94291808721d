// Pictures of classes: regions painted in the colours or numbers of their labels.

import { splitColour } from './colours'
import { encodePng } from './png-mask'
import { paintRegions, type Region } from './regions'

type Size = { width: number; height: number }

/** A PNG in RGB: every pixel has the colour of the last region that covers it, or black. */
export function drawColours(
  regions: readonly Region[],
  size: Size,
  colourOf: (region: Region, at: number) => number,
): Uint8Array {
  const colours = regions.map((region, at) => splitColour(colourOf(region, at)))
  const values = new Uint8Array(size.width * size.height * 3)
  const painted = paintRegions(regions, size)
  for (let pixel = 0; pixel < painted.length; pixel++) {
    const colour = colours[painted[pixel]! - 1]
    if (colour) values.set(colour, pixel * 3)
  }
  return encodePng({ ...size, channels: 3, values })
}

/** A grey PNG of 8 or 16 bits: every pixel has the number of the last region that covers it, or 0. */
export function drawNumbers(
  regions: readonly Region[],
  size: Size,
  bits: 8 | 16,
  numberOf: (region: Region, at: number) => number,
): Uint8Array {
  const numbers = regions.map(numberOf)
  const painted = paintRegions(regions, size)
  const values = bits === 8 ? new Uint8Array(painted.length) : new Uint16Array(painted.length)
  for (let pixel = 0; pixel < painted.length; pixel++) values[pixel] = numbers[painted[pixel]! - 1] ?? 0
  return encodePng({ ...size, channels: 1, values })
}
