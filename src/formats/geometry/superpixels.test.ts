// Superpixels cover a picture, are connected, follow its edges, and are painted where they are found.
import { expect, test } from 'bun:test'
import type { Span } from './fill'
import { computeSuperpixels, fillRegion, findRegion, findRegionsAlong, type Picture } from './superpixels'

const noise = (x: number, y: number) => (((x * 73856093) ^ (y * 19349663)) >>> 8) % 16
const isInside = (x: number, y: number) => (x - 90) ** 2 + (y - 70) ** 2 < 50 ** 2

/** A noisy disc on a noisy ground, RGBA. */
const paint = (width: number, height: number, scale = 1): Picture => {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const more = noise(x, y)
      const color = isInside(x / scale, y / scale) ? [190 + more, 120 + more, 40] : [20, 60 + more, 110 + more]
      data.set([...color, 255], (y * width + x) * 4)
    }
  return { data, width, height, channels: 4 }
}

const [width, height] = [200, 150]
const cut = computeSuperpixels(paint(width, height), { count: 150, compactness: 10 })

test('every pixel belongs to one region, and each region is connected', () => {
  expect([cut.width, cut.height, cut.labels.length]).toEqual([width, height, width * height])
  expect([...cut.labels].every((region) => region >= 0 && region < cut.count)).toBe(true)
  expect(cut.count).toBeGreaterThan(100)
  expect(cut.count).toBeLessThan(220)
  const done = new Uint8Array(cut.labels.length)
  let pieces = 0
  for (let start = 0; start < done.length; start++) {
    if (done[start]) continue
    pieces++
    const open = [start]
    done[start] = 1
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const x = at % width
      for (const next of [x ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width])
        if (next >= 0 && next < done.length && !done[next] && cut.labels[next] === cut.labels[start]) {
          done[next] = 1
          open.push(next)
        }
    }
  }
  expect(pieces).toBe(cut.count)
})

test('the true outline lies on borders of regions (boundary recall), and few pixels leak over it', () => {
  const isBorder = (x: number, y: number) => {
    const own = cut.labels[y * width + x]
    return cut.labels[y * width + x + 1] !== own || cut.labels[(y + 1) * width + x] !== own
  }
  let [outline, met] = [0, 0]
  for (let y = 3; y < height - 3; y++)
    for (let x = 3; x < width - 3; x++) {
      if (isInside(x, y) === isInside(x + 1, y) && isInside(x, y) === isInside(x, y + 1)) continue
      outline++
      let isNear = false
      for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) isNear ||= isBorder(x + dx, y + dy)
      if (isNear) met++
    }
  expect(outline).toBeGreaterThan(250)
  expect(met / outline).toBeGreaterThan(0.97)
  const [inside, all] = [new Int32Array(cut.count), new Int32Array(cut.count)]
  for (const [at, region] of cut.labels.entries()) {
    all[region]!++
    if (isInside(at % width, Math.floor(at / width))) inside[region]!++
  }
  const leaked = all.reduce((sum, count, region) => sum + Math.min(inside[region]!, count - inside[region]!), 0)
  expect(leaked / (width * height)).toBeLessThan(0.01)
})

test('more compact regions are rounder', () => {
  const borderOf = ({ labels }: { labels: Int32Array }) =>
    labels.reduce((sum, region, at) => sum + (at % width && labels[at - 1] !== region ? 1 : 0), 0)
  const square = computeSuperpixels(paint(width, height), { count: 150, compactness: 60 })
  expect(borderOf(square)).toBeLessThanOrEqual(borderOf(cut))
})

test('regions of a large picture are painted exactly where they are found', () => {
  const size = { width: 1501, height: 1127 }
  const large = computeSuperpixels(paint(size.width, size.height, 7.5), { count: 60, compactness: 10 })
  expect(Math.max(large.width, large.height)).toBe(1000)
  const painted = new Int32Array(size.width * size.height).fill(-1)
  for (let region = 0; region < large.count; region++)
    fillRegion(large, size, region, ({ row, from, to }: Span) => {
      expect(painted.subarray(row * size.width + from, row * size.width + to).every((one) => one === -1)).toBe(true)
      painted.fill(region, row * size.width + from, row * size.width + to)
    })
  let wrong = 0
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) if (painted[y * size.width + x] !== findRegion(large, size, x, y)) wrong++
  expect(wrong).toBe(0)
})

test('a stroke meets every region on its way; outside there is none', () => {
  const along = findRegionsAlong(cut, { width, height }, [-20, 75, 199, 75])
  const wanted = new Set(cut.labels.subarray(75 * width, 76 * width))
  expect([...along].sort()).toEqual([...wanted].sort())
  expect(findRegion(cut, { width, height }, 200, 10)).toBe(-1)
})
