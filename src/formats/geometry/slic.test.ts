// Superpixels keep to the edges of a picture, are connected, and cover it.
import { expect, test } from 'bun:test'
import { cutSuperpixels, pickRegions, toLab } from './slic'

/** Left half red, right half blue, with a green square in the middle of the left. */
const paint = (width: number, height: number) => {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isGreen = x >= 20 && x < 32 && y >= 20 && y < 32
      data[(y * width + x) * 3 + (isGreen ? 1 : x < width / 2 ? 0 : 2)] = 220
    }
  return { data, width, height }
}

test('colours as people see them', () => {
  const lab = toLab({ data: new Uint8Array([255, 255, 255, 0, 0, 0, 255, 0, 0]), width: 3, height: 1 })
  const wanted = [100, 0, 0, 0, 0, 0, 53.24, 80.09, 67.2]
  for (const [i, value] of wanted.entries()) expect(lab[i]!).toBeCloseTo(value, 1)
})

test('no region crosses an edge, each is connected, all pixels belong to one', () => {
  const [width, height] = [97, 64]
  const pixels = paint(width, height)
  const { labels, count } = cutSuperpixels(pixels, 12)
  expect(count).toBeGreaterThan(20)
  expect(new Set(labels).size).toBe(count)
  const colors = new Map<number, Set<string>>()
  for (const [i, label] of labels.entries()) {
    const color = pixels.data.subarray(i * 3, i * 3 + 3).join()
    colors.set(label, (colors.get(label) ?? new Set()).add(color))
  }
  expect([...colors.values()].filter((own) => own.size > 1)).toEqual([])
  const seen = new Set<number>()
  const visited = new Uint8Array(labels.length)
  for (let start = 0; start < labels.length; start++) {
    if (visited[start]) continue
    expect(seen.has(labels[start]!)).toBe(false)
    seen.add(labels[start]!)
    const queue = [start]
    visited[start] = 1
    for (let pixel = queue.pop(); pixel !== undefined; pixel = queue.pop()) {
      const x = pixel % width
      for (const next of [x ? pixel - 1 : -1, x < width - 1 ? pixel + 1 : -1, pixel - width, pixel + width]) {
        if (next < 0 || next >= labels.length || visited[next] || labels[next] !== labels[start]) continue
        visited[next] = 1
        queue.push(next)
      }
    }
  }
})

test('points pick regions, other points take them away', () => {
  const [width, height] = [97, 64]
  const regions = cutSuperpixels(paint(width, height), 12)
  const picked = pickRegions(
    regions,
    width,
    [
      [26, 26],
      [80, 40],
    ],
    [[80, 40]],
  )
  const inside = Array.from(picked, (value, i) => [value, i % width, Math.floor(i / width)] as const).filter(([value]) => value)
  expect(inside.length).toBeGreaterThan(20)
  expect(inside.every(([, x, y]) => x >= 20 && x < 32 && y >= 20 && y < 32)).toBe(true)
})

test('pictures smaller than a region', () => {
  expect(cutSuperpixels({ data: new Uint8Array(3), width: 1, height: 1 }, 20)).toEqual({ labels: new Int32Array([0]), count: 1 })
})
