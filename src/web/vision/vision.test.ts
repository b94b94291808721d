// Scissors, GrabCut and trackers on drawn pictures whose answer is known.
import { beforeAll, expect, test } from 'bun:test'
import { awaitCv, type Cv, type Picture, type Rect } from './cv'
import { grabCut } from './grab-cut'
import { openScissors } from './scissors'
import { followByFlow, openMilTracker } from './tracking'

let cv: Cv
beforeAll(async () => {
  const module = (await import('@techstark/opencv-js')) as { default?: unknown }
  cv = await awaitCv(module.default ?? module)
}, 30_000)

const hash = (a: number, b: number) => ((a * 73856093) ^ (b * 19349663)) >>> 8

/** A box, of one colour or of patches that are told apart, on a quiet background: enough for edges, colours and flow. */
const draw = (box: Rect, width = 320, height = 240, isPlain = false): Picture => {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isInside = x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height
      const [u, v] = [Math.floor(((x - box.x) / box.width) * 14), Math.floor(((y - box.y) / box.height) * 11)]
      const shade = isInside ? 150 + (isPlain ? 0 : hash(u, v) % 100) : 30
      data.set(isInside ? [shade, shade - 60, 40, 255] : [20, 40, shade + ((x * 13 + y * 7) % 5), 255], (y * width + x) * 4)
    }
  return { data, width, height }
}

const box: Rect = { x: 90, y: 60, width: 120, height: 90 }

test('scissors follow the border of a box instead of cutting through it', () => {
  const scissors = openScissors(cv, draw(box, 320, 240, true))
  scissors.seed(90, 60)
  const path = scissors.findPath(209, 149, 0)
  expect(path.slice(0, 2)).toEqual([90, 60])
  expect(path.slice(-2)).toEqual([209, 149])
  let off = 0
  for (let i = 0; i < path.length; i += 2) {
    const [x, y] = [path[i]!, path[i + 1]!]
    const toBorder = Math.min(Math.abs(x - 90), Math.abs(x - 209), Math.abs(y - 60), Math.abs(y - 149))
    if (toBorder > 3) off += 1
  }
  expect(off).toBeLessThan(path.length / 2 / 10)
  expect(scissors.findPath(209, 149, 3).length).toBeLessThan(path.length / 4)
  scissors.close()
})

test('scissors lead straight to what lies beyond their window, and stay inside the picture', () => {
  const scissors = openScissors(cv, draw(box, 1400, 200))
  scissors.seed(-5, 10)
  expect(scissors.findPath(1300, 20, 0)).toEqual([0, 10, 1300, 20])
  scissors.seed(1399, 199)
  expect(scissors.findPath(5000, 5000, 0).slice(-2)).toEqual([1399, 199])
  scissors.close()
})

const areaOf = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0)

test('GrabCut finds the object in a loose box, as mask and as outline', () => {
  const { mask, rect, polygon } = grabCut(cv, draw(box), {
    box: { x: 70, y: 40, width: 160, height: 130 },
    inside: [150, 100],
    outside: [75, 45],
    tolerance: 2,
  })
  expect(mask).toHaveLength(rect.width * rect.height)
  expect(Math.abs(areaOf(mask) - 120 * 90)).toBeLessThan(120 * 90 * 0.05)
  const [xs, ys] = [polygon.filter((_, i) => i % 2 === 0), polygon.filter((_, i) => i % 2 === 1)]
  for (const [found, wanted] of [
    [Math.min(...xs), 90],
    [Math.max(...xs), 209],
    [Math.min(...ys), 60],
    [Math.max(...ys), 149],
  ] as const)
    expect(Math.abs(found - wanted)).toBeLessThanOrEqual(3)
})

test('GrabCut works at the border of the picture and on large boxes', () => {
  const large = draw({ x: 0, y: 0, width: 900, height: 500 }, 1200, 800)
  const { mask, rect } = grabCut(cv, large, {
    box: { x: -10, y: -10, width: 1000, height: 600 },
    inside: [400, 200],
    outside: [950, 550],
    tolerance: 2,
  })
  expect([rect.x, rect.y]).toEqual([0, 0])
  expect(Math.abs(areaOf(mask) - 450_000)).toBeLessThan(450_000 * 0.05)
})

test('flow tells how an object moved and grew', () => {
  const motion = followByFlow(cv, draw(box), draw({ x: 97, y: 57, width: 126, height: 94 }), box)!
  expect(Math.abs(motion.dx - 10)).toBeLessThan(1.5)
  expect(Math.abs(motion.dy - -1)).toBeLessThan(1.5)
  expect(Math.abs(motion.scale - 1.05)).toBeLessThan(0.02)
  expect(motion.confidence).toBeGreaterThan(0.3)
})

test('flow says that it lost an object which is gone', () => {
  const noise = draw(box)
  for (let i = 0; i < noise.data.length; i++) if (i % 4 !== 3) noise.data[i] = (i * 2654435761) % 251
  const lost = followByFlow(cv, draw(box), noise, box)
  expect(lost === null || lost.confidence < 0.2).toBe(true)
})

test('the MIL tracker follows over several pictures', () => {
  const tracker = openMilTracker(cv, draw(box), box)
  let x = box.x
  for (const step of [1, 2, 3]) x += tracker.follow(draw({ ...box, x: box.x + 5 * step }))!.dx
  expect(Math.abs(x - (box.x + 15))).toBeLessThanOrEqual(8)
  tracker.close()
})
