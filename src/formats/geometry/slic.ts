// Superpixels: a picture cut into small regions of alike colour, after Achanta et al., SLIC Superpixels (2012). Our own code.

/** RGB, 8 bits each, row by row. */
export type Pixels = { data: Uint8Array; width: number; height: number }
/** The number of its region for each pixel, 0…count - 1. */
export type Regions = { labels: Int32Array; count: number }

const white = [0.95047, 1, 1.08883] as const

const linear = Float32Array.from({ length: 256 }, (_, i) => {
  const share = i / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
})
const cube = (value: number) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116)

/** Writes CIE L*a*b* of some pixels, three floats each; distances there are those that people see. */
const writeLab = (data: Uint8Array, lab: Float32Array, from: number, to: number) => {
  for (let at = from * 3; at < to * 3; at += 3) {
    const [r, g, b] = [linear[data[at]!]!, linear[data[at + 1]!]!, linear[data[at + 2]!]!]
    const x = cube((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / white[0])
    const y = cube((0.2126729 * r + 0.7151522 * g + 0.072175 * b) / white[1])
    const z = cube((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / white[2])
    lab[at] = 116 * y - 16
    lab[at + 1] = 500 * (x - y)
    lab[at + 2] = 200 * (y - z)
  }
}

const pixelsPerTurn = 32_768

/** CIE L*a*b* of every pixel. */
export const walkLab = function* ({ data, width, height }: Pixels): Generator<void, Float32Array> {
  const lab = new Float32Array(width * height * 3)
  for (let from = 0; from < width * height; from += pixelsPerTurn) {
    writeLab(data, lab, from, Math.min(width * height, from + pixelsPerTurn))
    yield
  }
  return lab
}

const finish = <T>(walk: Generator<void, T>): T => {
  let step = walk.next()
  while (!step.done) step = walk.next()
  return step.value
}

/** The same at once. */
export const toLab = (pixels: Pixels): Float32Array => finish(walkLab(pixels))

/** L, a, b, x, y of each centre. */
const placeCentres = (lab: Float32Array, width: number, height: number, step: number): Float32Array => {
  const columns = Math.max(1, Math.round(width / step))
  const rows = Math.max(1, Math.round(height / step))
  const centres = new Float32Array(columns * rows * 5)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const x = Math.floor(((column + 0.5) * width) / columns)
      const y = Math.floor(((row + 0.5) * height) / rows)
      const at = (y * width + x) * 3
      centres.set([lab[at]!, lab[at + 1]!, lab[at + 2]!, x, y], (row * columns + column) * 5)
    }
  return centres
}

/** Gives each pixel to the nearest centre within two steps. */
const assign = function* (
  lab: Float32Array,
  width: number,
  height: number,
  centres: Float32Array,
  step: number,
  weight: number,
): Generator<void, Int32Array> {
  const labels = new Int32Array(width * height).fill(-1)
  const best = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY)
  for (let centre = 0; centre < centres.length / 5; centre++) {
    const [l, a, b, cx, cy] = centres.subarray(centre * 5, centre * 5 + 5) as unknown as [number, number, number, number, number]
    const [top, bottom] = [Math.max(0, Math.floor(cy - step)), Math.min(height - 1, Math.ceil(cy + step))]
    const [left, right] = [Math.max(0, Math.floor(cx - step)), Math.min(width - 1, Math.ceil(cx + step))]
    for (let y = top; y <= bottom; y++)
      for (let x = left; x <= right; x++) {
        const pixel = y * width + x
        const at = pixel * 3
        const color = (lab[at]! - l) ** 2 + (lab[at + 1]! - a) ** 2 + (lab[at + 2]! - b) ** 2
        const distance = color + weight * ((x - cx) ** 2 + (y - cy) ** 2)
        if (distance >= best[pixel]!) continue
        best[pixel] = distance
        labels[pixel] = centre
      }
    yield
  }
  return labels
}

const moveCentres = (lab: Float32Array, width: number, labels: Int32Array, centres: Float32Array) => {
  const sums = new Float64Array(centres.length)
  const counts = new Int32Array(centres.length / 5)
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const centre = labels[pixel]!
    if (centre < 0) continue
    counts[centre]!++
    const at = centre * 5
    for (let i = 0; i < 3; i++) sums[at + i]! += lab[pixel * 3 + i]!
    sums[at + 3]! += pixel % width
    sums[at + 4]! += Math.floor(pixel / width)
  }
  for (let centre = 0; centre < counts.length; centre++)
    if (counts[centre]) for (let i = 0; i < 5; i++) centres[centre * 5 + i] = sums[centre * 5 + i]! / counts[centre]!
}

/** Every region becomes connected: bits that are cut off, or too small, go to the region that was met before. */
const connect = function* (labels: Int32Array, width: number, height: number, smallest: number): Generator<void, Regions> {
  const done = new Int32Array(labels.length).fill(-1)
  const queue = new Int32Array(labels.length)
  let count = 0
  for (let start = 0; start < labels.length; start++) {
    if (done[start]! >= 0) continue
    // The region to the left or above, for a bit that is too small to stand alone.
    const before = start % width ? done[start - 1]! : start >= width ? done[start - width]! : -1
    let [head, tail] = [0, 1]
    queue[0] = start
    done[start] = count
    while (head < tail) {
      const pixel = queue[head++]!
      const [x, y] = [pixel % width, Math.floor(pixel / width)]
      for (const next of [
        x > 0 ? pixel - 1 : -1,
        x < width - 1 ? pixel + 1 : -1,
        y > 0 ? pixel - width : -1,
        y < height - 1 ? pixel + width : -1,
      ]) {
        if (next < 0 || done[next]! >= 0 || labels[next] !== labels[start]) continue
        done[next] = count
        queue[tail++] = next
      }
    }
    if (tail < smallest && before >= 0) for (let i = 0; i < tail; i++) done[queue[i]!] = before
    else count++
    yield
  }
  return { labels: done, count }
}

/**
 * Cuts a picture into about (width · height) / step² regions. `compactness` weighs nearness against colour: 10 follows edges, 40
 * makes near squares. Yields every now and then, so that whoever runs it can do something else meanwhile.
 */
export const walkSuperpixels = function* (pixels: Pixels, step: number, compactness = 10, rounds = 5): Generator<void, Regions> {
  const { width, height } = pixels
  const lab = yield* walkLab(pixels)
  const centres = placeCentres(lab, width, height, step)
  const weight = (compactness / step) ** 2
  let labels = yield* assign(lab, width, height, centres, step, weight)
  for (let round = 1; round < rounds; round++) {
    moveCentres(lab, width, labels, centres)
    yield
    labels = yield* assign(lab, width, height, centres, step, weight)
  }
  return yield* connect(labels, width, height, Math.max(1, Math.floor((step * step) / 4)))
}

/** The same at once. */
export const cutSuperpixels = (...wish: Parameters<typeof walkSuperpixels>): Regions => finish(walkSuperpixels(...wish))

/** The regions under some points, without those under others, as 0 or 1 for each pixel. */
export const pickRegions = (
  { labels }: Regions,
  width: number,
  positive: readonly (readonly [number, number])[],
  negative: readonly (readonly [number, number])[],
): Uint8Array => {
  const regionAt = ([x, y]: readonly [number, number]) => labels[Math.floor(y) * width + Math.floor(x)]
  const picked = new Set(positive.map(regionAt))
  for (const point of negative) picked.delete(regionAt(point))
  return Uint8Array.from(labels, (region) => (picked.has(region) ? 1 : 0))
}
