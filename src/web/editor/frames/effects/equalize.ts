// Histogram equalisation: spreads the brightness of a picture over the whole range, colours kept.

/** New brightness by old brightness (0 to 255), from how often each occurs. */
export const makeEqualizer = (counts: ArrayLike<number>): Uint8ClampedArray => {
  let total = 0
  for (let i = 0; i < 256; i++) total += counts[i] ?? 0
  const table = new Uint8ClampedArray(256)
  let first = 0
  while (first < 255 && !counts[first]) first += 1
  const rest = total - (counts[first] ?? 0)
  if (rest <= 0) return table.map((_, i) => i)
  let below = 0
  for (let i = first + 1; i < 256; i++) {
    below += counts[i] ?? 0
    table[i] = Math.round((below / rest) * 255)
  }
  return table
}

const brightness = (data: Uint8ClampedArray, i: number): number =>
  Math.round(0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!)

/** Changes RGBA pixels in place. */
export const equalizePixels = (data: Uint8ClampedArray): void => {
  const counts = new Uint32Array(256)
  for (let i = 0; i < data.length; i += 4) counts[brightness(data, i)]! += 1
  const table = makeEqualizer(counts)
  for (let i = 0; i < data.length; i += 4) {
    const old = brightness(data, i)
    const by = table[old]! - old
    data[i] = data[i]! + by
    data[i + 1] = data[i + 1]! + by
    data[i + 2] = data[i + 2]! + by
  }
}

const known = new WeakMap<object, OffscreenCanvas>()

/** The picture with its brightness equalised; kept for as long as the picture lives. */
export const equalizePicture = <P extends CanvasImageSource & { width: number; height: number }>(picture: P): OffscreenCanvas => {
  const found = known.get(picture)
  if (found) return found
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(picture, 0, 0)
  const image = context.getImageData(0, 0, canvas.width, canvas.height)
  equalizePixels(image.data)
  context.putImageData(image, 0, 0)
  known.set(picture, canvas)
  return canvas
}
