// Compares mask pictures of two archives pixel by pixel.

import type { Picture } from '../png-mask'

/** Pixels that differ in a picture of both; Infinity when size or kind differ. */
export function countDifferences(a: Picture, b: Picture): number {
  const isAlike = a.width === b.width && a.height === b.height && a.channels === b.channels
  if (!isAlike || a.values.BYTES_PER_ELEMENT !== b.values.BYTES_PER_ELEMENT) return Infinity
  let differences = 0
  for (let pixel = 0; pixel < a.width * a.height; pixel++) {
    const from = pixel * a.channels
    const differs = Array.from({ length: a.channels }, (_, at) => at).some((at) => a.values[from + at] !== b.values[from + at])
    if (differs) differences++
  }
  return differences
}

/** The same picture with its colours or numbers counted in the order in which they are met: objects have no order of their own. */
export function renumberPicture({ values, channels, ...rest }: Picture): Picture {
  const numbers = new Map<string, number>([[new Array(channels).fill(0).join(), 0]])
  const renumbered = new Uint16Array(values.length / channels)
  for (let pixel = 0; pixel < renumbered.length; pixel++) {
    const key = values.subarray(pixel * channels, (pixel + 1) * channels).join()
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    renumbered[pixel] = number
  }
  return { ...rest, channels: 1, values: renumbered }
}
