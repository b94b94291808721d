// Points as they come from the server, are found, collected and coloured; budgets, memory and the queue of loads.
import { describe, expect, test } from 'bun:test'
import type { Cuboid } from '../../../../formats/geometry3d/cuboid'
import { createDraw } from '../../../../formats/geometry3d/ground'
import type { TileAttribute } from '../../../../server/media/clouds/tiles/tile-file'
import { createMeeting, filterPoints, groupNodes } from './collect-points'
import { decodeNode, findStep } from './decode-node'
import { findFacts } from './frame-facts'
import { createLoadQueue, type Wish } from './load-queue'
import { createNodeMemory } from './node-memory'
import { pickPoint } from './pick-point'
import { createBudget } from './point-budget'
import { createTints } from './tints'

const attributes: TileAttribute[] = [
  { name: 'position', type: 'float32', components: 3 },
  { name: 'row', type: 'uint32', components: 1 },
  { name: 'intensity', type: 'float32', components: 1 },
  { name: 'classes', type: 'uint8', components: 4 },
]

/** Point i lies at (i, 2i, 100 − i), has row 100 + i, intensity i / 2, echo i % 5 + 1. */
const encode = (count: number): ArrayBuffer => {
  const words = new Uint32Array(count * 6)
  const floats = new Float32Array(words.buffer)
  for (let i = 0; i < count; i++) {
    floats.set([i, 2 * i, 100 - i], i * 3)
    words[count * 3 + i] = 100 + i
    floats[count * 4 + i] = i / 2
    words[count * 5 + i] = ((i % 5) + 1) | (7 << 8)
  }
  return words.buffer
}
const makeNode = (count: number) => decodeNode(encode(count), attributes, count)

describe('nodes', () => {
  test.each([1, 2, 3, 7, 100, 4096])('%d points: each once, with what belongs to it', (count) => {
    const { positions, rows, intensity, classes, box } = makeNode(count)
    expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => 100 + i))
    for (const [at, row] of rows.entries()) {
      const i = row - 100
      expect([...positions.subarray(at * 3, at * 3 + 3)]).toEqual([i, 2 * i, 100 - i])
      expect([intensity![at], classes![at * 4], classes![at * 4 + 1]]).toEqual([i / 2, (i % 5) + 1, 7])
    }
    expect([...box.min, ...box.max]).toEqual([0, 0, 101 - count, count - 1, 2 * (count - 1), 100])
  })

  test('each beginning is spread over the whole', () => {
    const count = 5000
    const step = findStep(count)
    const tenths = new Set(Array.from({ length: 40 }, (_, i) => Math.floor((((i * step) % count) / count) * 10)))
    expect(tenths.size).toBe(10)
    const { rows } = makeNode(count)
    expect(new Set([...rows.subarray(0, 40)].map((row) => Math.floor(((row - 100) / count) * 10))).size).toBe(10)
  })

  test('another number of bytes is refused', () => {
    expect(() => decodeNode(encode(5), attributes, 6)).toThrow('another number of points')
  })
})

describe('picking', () => {
  const node = (places: number[]) => ({
    positions: Float32Array.from(places),
    box: {
      min: [0, 1, 2].map((axis) => Math.min(...places.filter((_, i) => i % 3 === axis))) as never,
      max: [0, 1, 2].map((axis) => Math.max(...places.filter((_, i) => i % 3 === axis))) as never,
    },
  })
  const ray = { origin: [0, 0, 0] as const, direction: [1, 0, 0] as const }
  const radians = Math.atan(0.01)

  test('the first point near the ray, in whatever node it lies', () => {
    const far = node([50, 0, 0, 60, 0, 0])
    const near = node([20, 0.1, 0, 30, 0, 0, 10, 5, 0])
    for (const nodes of [
      [far, near],
      [near, far],
    ])
      expect(pickPoint(nodes, ray, radians)!.map((value) => Math.round(value * 10) / 10)).toEqual([20, 0.1, 0])
  })

  test('behind, beside, left out', () => {
    expect(pickPoint([node([-5, 0, 0, -6, 0, 0])], ray, radians)).toBeNull()
    expect(pickPoint([node([10, 0.2, 0])], ray, radians)).toBeNull()
    expect(pickPoint([node([10, 0, 0, 20, 0, 0])], ray, radians, (x) => x > 15)).toEqual([20, 0, 0])
    expect(pickPoint([], ray, radians)).toBeNull()
  })

  test('the same as by looking at every point, over many rays and nodes', () => {
    const draw = createDraw(7)
    const nodes = Array.from({ length: 12 }, () => {
      const middle = [draw() * 80 - 40, draw() * 80 - 40, draw() * 10]
      return node(Array.from({ length: 300 }, (_, i) => middle[i % 3]! + draw() * 6))
    })
    const together = [node(nodes.flatMap(({ positions }) => [...positions]))]
    let hits = 0
    for (let i = 0; i < 600; i++) {
      const way = [draw() - 0.5, draw() - 0.5, draw() * 0.4 - 0.2]
      const length = Math.hypot(...way)
      const one = { origin: [0, 0, 2] as const, direction: way.map((value) => value / length) as never }
      const found = pickPoint(nodes, one, 0.02)
      expect(found).toEqual(pickPoint(together, one, 0.02))
      if (found) hits++
    }
    expect(hits).toBeGreaterThan(20)
  })
})

describe('collecting', () => {
  const cuboid: Cuboid = { position: [5, 5, 0], rotation: [0, 0, Math.PI / 4], scale: [4, 2, 2] }

  test('nodes that meet a turned cuboid: never missed, those beside it left out', () => {
    const meets = createMeeting(cuboid)
    expect(meets({ min: [4, 4, -1], max: [6, 6, 1] })).toBe(true)
    expect(meets({ min: [-100, -100, -100], max: [100, 100, 100] })).toBe(true)
    expect(meets({ min: [5.1, 5.1, 0.1], max: [5.2, 5.2, 0.2] })).toBe(true)
    // Within the box along the axes, beside the turned one.
    expect(meets({ min: [6.3, 3, -1], max: [7, 3.7, 1] })).toBe(false)
    expect(meets({ min: [4, 4, 1.1], max: [6, 6, 3] })).toBe(false)
  })

  test('points within keep their rows', () => {
    const draw = createDraw(3)
    const positions = Float32Array.from({ length: 3000 }, (_, i) => (i % 3 === 2 ? draw() * 2 - 1 : draw() * 10))
    const rows = Uint32Array.from({ length: 1000 }, (_, i) => 5000 - i)
    const found = filterPoints([{ positions, rows, count: 1000 }], cuboid, [7, 8, 9])
    const [c, s] = [Math.SQRT1_2, Math.SQRT1_2]
    const isIn = (x: number, y: number) => Math.abs(c * (x - 5) + s * (y - 5)) <= 2 && Math.abs(-s * (x - 5) + c * (y - 5)) <= 1
    const wanted = [...rows].filter((_, i) => isIn(positions[i * 3]!, positions[i * 3 + 1]!))
    expect([...found.rows]).toEqual(wanted)
    expect(wanted.length).toBeGreaterThan(20)
    expect(found.origin).toEqual([7, 8, 9])
    expect(found.positions.subarray(0, 3)).toEqual(positions.subarray((5000 - wanted[0]!) * 3, (5000 - wanted[0]!) * 3 + 3))
  })

  test('requests for all points are few, bounded, and miss nothing', () => {
    const nodes = [10, 20, 30, 5, 100, 1].map((bytes, i, all) => ({ bytes, offset: all.slice(0, i).reduce((a, b) => a + b, 0) }))
    expect(groupNodes(nodes, 60)).toEqual([[0, 1, 2], [3], [4], [5]])
    expect(groupNodes(nodes, 1e9)).toEqual([[0, 1, 2, 3, 4, 5]])
    // A gap in the file ends a request.
    expect(groupNodes([nodes[0]!, nodes[2]!], 1e9)).toEqual([[0], [1]])
    expect(groupNodes([], 10)).toEqual([])
  })
})

describe('colours over points', () => {
  const points = makeNode(10)
  const colourAt = (tint: Uint8Array | null, row: number) =>
    tint && [...tint.subarray(points.rows.indexOf(row) * 4).subarray(0, 4)]

  test('labels of cuboids, then parts by rows, the last on top', () => {
    const tints = createTints()
    expect(tints.paint(points, [0, 0, 0], true)).toBeNull()
    // Points 2 and 3, in coordinates of a file whose origin is taken off.
    tints.setBoxes([{ cuboid: { position: [1002.5, 5, 97.5], rotation: [0, 0, 0], scale: [1.2, 3, 3] }, colour: [1, 2, 3] }])
    const boxed = tints.paint(points, [1000, 0, 0], true)
    expect([102, 103, 104].map((row) => colourAt(boxed, row))).toEqual([
      [1, 2, 3, 255],
      [1, 2, 3, 255],
      [0, 0, 0, 0],
    ])
    expect(tints.paint(points, [0, 0, 0], false)).toBeNull()
    const colours = new Uint8Array(110 * 4)
    colours.set([50, 60, 70, 255], 103 * 4)
    const before = tints.version
    tints.setColours('a', colours)
    expect(tints.version).not.toBe(before)
    expect(colourAt(tints.paint(points, [1000, 0, 0], true), 103)).toEqual([50, 60, 70, 255])
    expect(colourAt(tints.paint(points, [1000, 0, 0], true), 102)).toEqual([1, 2, 3, 255])
    tints.forgetColours()
    expect(colourAt(tints.paint(points, [1000, 0, 0], true), 103)).toEqual([1, 2, 3, 255])
  })

  test('half-transparent colours mix with what lies below', () => {
    const tints = createTints()
    const [below, above] = [new Uint8Array(110 * 4), new Uint8Array(110 * 4)]
    below.set([200, 0, 0, 255], 105 * 4)
    above.set([0, 200, 0, 51], 105 * 4)
    tints.setColours('below', below)
    tints.setColours('above', above)
    expect(colourAt(tints.paint(points, [0, 0, 0], false), 105)).toEqual([160, 40, 0, 255])
    // Rows that the colours do not reach have none.
    tints.setColours('below', null)
    tints.setColours('above', new Uint8Array(4))
    expect(tints.paint(points, [0, 0, 0], false)!.every((value) => value === 0)).toBe(true)
  })
})

describe('the budget', () => {
  const drive = (msPerPoint: number, start: number) => {
    const budget = createBudget({ start, most: 3_000_000, mostAtRest: 4_000_000 })
    for (let i = 0; i < 200; i++) budget.noteFrame(Math.max(8, 5 + budget.moving * msPerPoint), budget.moving)
    return budget
  }
  test.each([
    ['a processor', 1 / 1500, 40_000],
    ['a processor, begun too high', 1 / 1500, 1_000_000],
    ['something slow', 1 / 200, 40_000],
  ])('%s settles at twenty pictures a second or more, and not far above', (_, cost, start) => {
    const ms = 5 + drive(cost, start).moving * cost
    expect(ms).toBeLessThanOrEqual(50)
    expect(ms).toBeGreaterThanOrEqual(20)
  })
  test('a fast card gets everything; a view with few points says nothing', () => {
    expect(drive(1 / 1_000_000, 1_000_000).moving).toBe(3_000_000)
    const budget = createBudget({ start: 40_000, most: 1e6, mostAtRest: 2e6 })
    for (let i = 0; i < 100; i++) budget.noteFrame(8, 500)
    expect(budget.moving).toBe(40_000)
    // One late picture decides nothing, nor does a tab that was hidden.
    for (const ms of [30, 30, 400, 30, 30]) budget.noteFrame(ms, 40_000)
    for (let i = 0; i < 5; i++) budget.noteFrame(60_000, 40_000)
    expect(budget.moving).toBe(40_000)
  })
  test('at rest it grows from picture to picture up to its end', () => {
    const budget = createBudget({ start: 40_000, most: 1e6, mostAtRest: 300_000 })
    expect([0, 1, 2, 3, 50].map(budget.atRest)).toEqual([40_000, 80_000, 160_000, 300_000, 300_000])
  })
})

test('memory: the longest unused goes first, what must stay stays', () => {
  const freed: string[] = []
  const memory = createNodeMemory<string>(100, (value) => freed.push(value))
  for (const key of ['1 a', '1 b', '2 c']) memory.set(key, key, 40)
  memory.get('1 a')
  memory.trim((key) => key === '2 c')
  expect([freed, memory.bytes, memory.has('1 a')]).toEqual([['1 b'], 80, true])
  memory.set('1 a', 'again', 10)
  expect([freed, memory.bytes]).toEqual([['1 b', '1 a'], 50])
  memory.forget('1 ')
  expect([freed, memory.bytes]).toEqual([['1 b', '1 a', 'again'], 40])
})

describe('the queue of loads', () => {
  const makeLoads = () => {
    const started: string[] = []
    const ends = new Map<string, { resolve: () => void; reject: (error: unknown) => void; signal: AbortSignal }>()
    const wish = (key: string): Wish => ({
      key,
      load: (signal) =>
        new Promise<void>((resolve, reject) => {
          started.push(key)
          ends.set(key, { resolve, reject, signal })
          signal.addEventListener('abort', () => reject(new Error('The server cannot be reached')))
        }),
    })
    return { started, ends, wish }
  }
  const turn = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve()
  }

  test('a few at a time, in their order; new wishes take the place of old ones', async () => {
    const { started, ends, wish } = makeLoads()
    const queue = createLoadQueue(2, () => {})
    queue.want(['a', 'b', 'c'].map(wish), () => true)
    expect(started).toEqual(['a', 'b'])
    queue.want(['x', 'c'].map(wish), () => true)
    ends.get('a')!.resolve()
    await turn()
    expect(started).toEqual(['a', 'b', 'x'])
    expect(queue.isIdle).toBe(false)
  })

  test('what left the view is given up, quietly, and begun anew when it comes back', async () => {
    const { started, ends, wish } = makeLoads()
    const failed: string[] = []
    const queue = createLoadQueue(2, (key) => failed.push(key))
    queue.want(['a', 'b'].map(wish), () => true)
    queue.want([wish('c')], () => false)
    expect(ends.get('a')!.signal.aborted).toBe(true)
    queue.want([wish('a')], () => false)
    await turn()
    expect([started, failed]).toEqual([['a', 'b', 'a'], []])
  })

  test('what is demanded comes first, is not given up, and tells when it fails', async () => {
    const { started, ends, wish } = makeLoads()
    const queue = createLoadQueue(1, () => {})
    queue.want([wish('a'), wish('b')], () => true)
    const done = queue.demand(wish('d'))
    const also = queue.demand(wish('e'))
    ends.get('a')!.resolve()
    await turn()
    queue.want([], () => false)
    expect([started, ends.get('d')!.signal.aborted]).toEqual([['a', 'd'], false])
    ends.get('d')!.resolve()
    await done
    await turn()
    ends.get('e')!.reject(new Error('broken'))
    await expect(also).rejects.toThrow('broken')
    await turn()
    expect(queue.isIdle).toBe(true)
  })

  test('what failed is told once and not asked for at once again', async () => {
    const { started, ends, wish } = makeLoads()
    const failed: string[] = []
    const queue = createLoadQueue(1, (key) => failed.push(key))
    queue.want([wish('a')], () => true)
    ends.get('a')!.reject(new Error('broken'))
    await turn()
    queue.want([wish('a')], () => true)
    expect([started, failed]).toEqual([['a'], ['a']])
  })
})

test('facts of a street: its ground, and heights for what stands on it', () => {
  const draw = createDraw(5)
  const count = 4000
  const positions = Float32Array.from({ length: count * 3 }, (_, i) => {
    const isHouse = Math.floor(i / 3) % 50 === 0
    if (i % 3 === 2) return isHouse ? draw() * 8 - 1.7 : -1.7 + draw() * 0.04
    return draw() * 60 - 30
  })
  const node = { ...makeNode(1), positions, count, intensity: null }
  const { ground, height, distance, intensity } = findFacts(node, [0, 0, 0])
  expect(ground!.normal[2]).toBeGreaterThan(0.999)
  expect(ground!.offset).toBeCloseTo(1.68, 1)
  expect(height[0]).toBeCloseTo(-1.7, 1)
  expect(height[1] - height[0]).toBeGreaterThanOrEqual(2.9)
  expect(distance[1]).toBeGreaterThan(30)
  expect(intensity).toBeNull()
})
