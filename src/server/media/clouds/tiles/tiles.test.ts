// Octree tiles: every point exactly once, nodes bounded, spacing held, in memory and by way of the disk.
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cube, cellOf, childCube } from './octree'
import { type Hierarchy, readHierarchy } from './tile-file'
import { writeCloudTiles } from './write-tiles'

const folder = mkdtempSync(join(tmpdir(), 'cloud-tiles-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const draw = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

type Scene = (next: () => number, index: number) => [number, number, number]
const scenes: Record<string, Scene> = {
  'a street': (next) => [next() * 100 - 50, next() * 30, next() < 0.9 ? next() * 0.05 : next() * 8],
  'a full box': (next) => [next(), next(), next()],
  'a line': (_, index) => [index / 100, 0, 0],
  'two heaps far apart': (next, index) => [(index % 2) * 900 + next() * 0.01, next() * 0.01, next() * 0.01],
  'one place over and over': () => [3, 4, 5],
}

const makeCloud = async (name: string, count: number, scene: Scene, seed: number) => {
  const next = draw(seed)
  const values = new Float32Array(count * 4)
  // The number of a point is its intensity, so that each can be told from the others.
  for (let i = 0; i < count; i++) values.set([...scene(next, i), i + 1], i * 4)
  const path = join(folder, `${name}.bin`)
  await Bun.write(path, values)
  return { path, values }
}

const cubesOf = ({ nodes, cube }: Hierarchy): Cube[] => {
  const cubes: Cube[] = []
  for (const { parent, octant } of nodes) cubes.push(parent < 0 ? cube : childCube(cubes[parent]!, octant))
  return cubes
}

const pointsOf = async (path: string, { nodes }: Hierarchy) => {
  const bytes = await Bun.file(path).arrayBuffer()
  return nodes.map(({ offset, points }) => ({
    positions: new Float32Array(bytes, offset, points * 3),
    rows: new Uint32Array(bytes, offset + points * 12, points),
    numbers: new Float32Array(bytes, offset + points * 16, points),
  }))
}

describe('every point exactly once', () => {
  let seed = 0
  for (const [what, scene] of Object.entries(scenes))
    for (const [how, memoryPoints] of [
      ['in memory', 1e6],
      ['by way of the disk', 900],
    ] as const)
      test(`${what}, ${how}`, async () => {
        const name = `cloud-${++seed}`
        const [cells, leafPoints, count] = [8, 100, 12_000]
        const { path, values } = await makeCloud(name, count, scene, seed)
        const target = join(folder, `${name}.tiles`)
        await writeCloudTiles(path, target, { cells, leafPoints, memoryPoints })
        const hierarchy = await readHierarchy(target)
        const cubes = cubesOf(hierarchy)
        const seen = new Uint8Array(count)
        const nodes = await pointsOf(target, hierarchy)
        const occupied = nodes.map(() => new Set<number>())
        for (const [i, { positions, rows, numbers }] of nodes.entries()) {
          const node = hierarchy.nodes[i]!
          expect(node.parent).toBeLessThan(i)
          expect(node.points).toBeLessThanOrEqual(Math.max(cells ** 3, leafPoints))
          expect(node.bytes).toBe(node.points * 20)
          const isInner = hierarchy.nodes.some(({ parent }) => parent === i)
          const { min, side } = cubes[i]!
          for (let at = 0; at < numbers.length; at++) {
            const number = numbers[at]! - 1
            if (rows[at] !== number) throw new Error(`row ${rows[at]} is point ${number}`)
            if (seen[number]!++) throw new Error(`point ${number} is there twice`)
            const place = [...positions.subarray(at * 3, at * 3 + 3)] as [number, number, number]
            if (place.some((value, axis) => value !== values[number * 4 + axis])) throw new Error(`point ${number} was moved`)
            // Up to rounding of the cube's own corner.
            const slack = side * 1e-9 + 1e-9
            if (place.some((value, axis) => value < min[axis]! - slack || value > min[axis]! + side + slack))
              throw new Error(`point ${number} lies outside of node ${i}`)
            const cell = cellOf(cubes[i]!, cells, ...place)
            if (isInner && occupied[i]!.has(cell)) throw new Error(`node ${i} has two points in one cell`)
            occupied[i]!.add(cell)
            // Whoever leaves out a node's descendants still sees a point in the same cell of it.
            for (let up = node.parent; up >= 0; up = hierarchy.nodes[up]!.parent)
              if (!occupied[up]!.has(cellOf(cubes[up]!, cells, ...place)))
                throw new Error(`node ${up} has no point where its descendant ${i} has one`)
          }
        }
        expect(seen.every((times) => times === 1)).toBe(true)
        expect(hierarchy.points).toBe(count)
        expect(hierarchy.nodes.reduce((sum, { points }) => sum + points, 0)).toBe(count)
        expect(hierarchy.intensity).toEqual([1, count])
        expect(hierarchy.nodes.length).toBeGreaterThan(10)
        expect(readdirSync(folder).filter((file) => file.includes('.work'))).toEqual([])
      })
})

test('points without a place are left out and counted; stopping leaves nothing behind', async () => {
  const { path, values } = await makeCloud('holes', 1000, scenes['a street']!, 9)
  values[4 * 10] = Number.NaN
  values[4 * 20 + 2] = Number.POSITIVE_INFINITY
  await Bun.write(path, values)
  const target = join(folder, 'holes.tiles')
  const hierarchy = await writeCloudTiles(path, target)
  expect([hierarchy.points, hierarchy.dropped, hierarchy.rows]).toEqual([998, 2, 1000])
  // Those that are left out have their rows too, so that the others keep theirs.
  const rows = (await pointsOf(target, hierarchy)).flatMap((node) => [...node.rows]).sort((a, b) => a - b)
  expect(rows).toEqual([...Array(1000).keys()].filter((row) => row !== 10 && row !== 20))
  expect([...hierarchy.bounds.min, ...hierarchy.bounds.max].every(Number.isFinite)).toBe(true)
  const stopped = writeCloudTiles(path, join(folder, 'stopped.tiles'), { signal: AbortSignal.abort(new Error('was stopped')) })
  await expect(stopped).rejects.toThrow('was stopped')
  expect(readdirSync(folder).filter((file) => file.startsWith('stopped'))).toEqual([])
})

test('a file without any usable point is named', async () => {
  const path = join(folder, 'none.pcd')
  await Bun.write(
    path,
    'VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 2\nHEIGHT 1\nPOINTS 2\nDATA ascii\nnan nan nan\n1 inf 2\n',
  )
  await expect(writeCloudTiles(path, join(folder, 'none.tiles'), { name: 'a/none.pcd' })).rejects.toThrow(
    'a/none.pcd: no point has a finite place',
  )
})
