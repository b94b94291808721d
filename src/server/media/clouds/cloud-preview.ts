// A small picture of a point cloud: seen from above, coloured by height.
import { samplePoints } from './sample-points'

const width = 256
const height = 192
const points = 200_000
/** Part of the points on each side that may lie outside of the picture: scans have a few stray ones far away. */
const cut = 0.01
const margin = 6
const background = [24, 26, 33]
/** From low to high: blue, teal, green, yellow. */
const ramp = [
  [68, 90, 200],
  [38, 160, 180],
  [90, 200, 110],
  [250, 230, 70],
]

const rangeOf = (values: Float32Array): [number, number] => {
  const sorted = values.toSorted()
  const skipped = Math.floor(sorted.length * cut)
  return [sorted[skipped] ?? 0, sorted[sorted.length - 1 - skipped] ?? 0]
}

const colorAt = (share: number): number[] => {
  const at = Math.max(0, Math.min(0.999, share)) * (ramp.length - 1)
  const [low, high] = [ramp[Math.floor(at)]!, ramp[Math.floor(at) + 1]!]
  return low.map((value, i) => value + (high[i]! - value) * (at % 1))
}

/** A JPEG of 256 × 192 pixels. Throws MediaError without the file's name. */
export const encodeCloudPreview = async (path: string): Promise<Uint8Array> => {
  const sample = await samplePoints(path, points)
  const count = sample.length / 4
  const axis = (offset: number) => Float32Array.from({ length: count }, (_, i) => sample[i * 4 + offset]!)
  const [x, y, z] = [axis(0), axis(1), axis(2)]
  const [[left, right], [near, far], [low, high]] = [rangeOf(x), rangeOf(y), rangeOf(z)]
  // Forward is up, as cars and drones look along x: y runs to the left.
  const scale = Math.min((width - 2 * margin) / Math.max(far - near, 1e-6), (height - 2 * margin) / Math.max(right - left, 1e-6))
  const pixels = Buffer.alloc(width * height * 3)
  for (let i = 0; i < pixels.length; i++) pixels[i] = background[i % 3]!
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => z[a]! - z[b]!)
  for (const i of order) {
    const column = Math.round(width / 2 - (y[i]! - (near + far) / 2) * scale)
    const row = Math.round(height / 2 - (x[i]! - (left + right) / 2) * scale)
    if (column < 0 || row < 0 || column >= width || row >= height) continue
    pixels.set(colorAt((z[i]! - low) / Math.max(high - low, 1e-6)), (row * width + column) * 3)
  }
  const { default: sharp } = await import('sharp')
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer()
}
