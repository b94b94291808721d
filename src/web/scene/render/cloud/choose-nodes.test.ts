// Which nodes are shown: parents first, near ones finer, nothing outside the view, never more than the budget.
import { describe, expect, test } from 'bun:test'
import type { Plane } from '../../../../formats/geometry3d/frustum'
import type { TileNode } from '../../../../server/media/clouds/tiles/tile-file'
import { chooseNodes, type SeeingView } from './choose-nodes'
import { readTree } from './cloud-tree'

/** A full octree over a cube of 64 m, 100 points in each node. */
const makeTree = (levels: number) => {
  const nodes: TileNode[] = [{ parent: -1, octant: 0, level: 0, points: 100, offset: 0, bytes: 0 }]
  for (let at = 0; at < nodes.length; at++)
    if (nodes[at]!.level < levels - 1)
      for (let octant = 0; octant < 8; octant++)
        nodes.push({ parent: at, octant, level: nodes[at]!.level + 1, points: 100, offset: 0, bytes: 0 })
  return readTree({ nodes, cube: { min: [0, 0, 0], side: 64 }, cells: 8 })
}

const everywhere: readonly Plane[] = []
const look = (part: Partial<SeeingView> = {}): SeeingView => ({ planes: everywhere, eye: [0, 0, 0], scale: 500, ...part })
const rich = { budget: Infinity, leastGap: 0 }

describe('the tree', () => {
  test('cubes are halved from level to level, octants tell where', () => {
    const { nodes } = makeTree(2)
    expect(nodes[0]).toMatchObject({ box: { min: [0, 0, 0], max: [64, 64, 64] }, spacing: 8, children: [1, 2, 3, 4, 5, 6, 7, 8] })
    expect(nodes[1 + 0b101]).toMatchObject({ box: { min: [32, 0, 32], max: [64, 32, 64] }, spacing: 4, parent: 0 })
  })
})

describe('choosing', () => {
  const tree = makeTree(4)

  test('without limits everything is taken once, parents before children', () => {
    const { nodes: chosen } = chooseNodes([{ tree, views: [look()] }], rich)
    expect(chosen).toHaveLength(tree.nodes.length)
    const seen = new Set<number>()
    for (const { node, share } of chosen) {
      expect(share).toBe(1)
      const { parent } = tree.nodes[node]!
      expect(parent < 0 || seen.has(parent)).toBe(true)
      seen.add(node)
    }
    expect(seen.size).toBe(tree.nodes.length)
  })

  test('the budget is spent exactly, the last node in part', () => {
    const { nodes: chosen } = chooseNodes([{ tree, views: [look()] }], { budget: 1234, leastGap: 0 })
    expect(chosen.reduce((sum, { share }) => sum + 100 * share, 0)).toBeCloseTo(1234, 6)
    expect(chosen.at(-1)!.share).toBeCloseTo(0.34, 6)
    expect(chosen.slice(0, -1).every(({ share }) => share === 1)).toBe(true)
  })

  test('it is told whether something was left out', () => {
    const cut = (budget: number) => chooseNodes([{ tree, views: [look()] }], { budget, leastGap: 0 }).isCut
    const all = tree.nodes.length * 100
    expect([cut(all), cut(Infinity), cut(all - 1), cut(500), cut(550)]).toEqual([false, false, true, true, true])
  })

  test('what several views see counts for each of them', () => {
    const { nodes: chosen } = chooseNodes([{ tree, views: [look(), look({ eye: [64, 64, 64] })] }], { budget: 1000, leastGap: 0 })
    expect(chosen.reduce((sum, { share }) => sum + 200 * share, 0)).toBeCloseTo(1000, 6)
  })

  test('near nodes are refined before far ones', () => {
    const { nodes: chosen } = chooseNodes([{ tree, views: [look()] }], { budget: 2000, leastGap: 0 })
    const far = ({ node }: { node: number }) => Math.hypot(...tree.nodes[node]!.box.min)
    const deep = chosen.filter(({ node }) => tree.nodes[node]!.spacing <= 1)
    expect(deep.length).toBeGreaterThan(0)
    // Whatever is left out of that level lies further away than what is shown of it.
    const deepest = new Set(deep.map(({ node }) => node))
    const left = tree.nodes.flatMap(({ spacing, parent }, node) =>
      spacing <= 1 && deepest.has(tree.nodes[parent]!.children[0]!) && !deepest.has(node) ? [{ node }] : [],
    )
    for (const one of left) expect(far(one)).toBeGreaterThanOrEqual(Math.min(...deep.map(far)))
  })

  test('nothing outside of the view, nothing finer than its pixels', () => {
    const half: Plane[] = [{ normal: [-1, 0, 0], offset: 20 }]
    const { nodes: chosen } = chooseNodes([{ tree, views: [look({ planes: half })] }], rich)
    expect(chosen.every(({ node }) => tree.nodes[node]!.box.min[0] <= 20)).toBe(true)
    expect(chosen.length).toBeLessThan(tree.nodes.length)
    // Parallel: 8 m are 16 pixels, 4 m are 8, 2 m are 4.
    const { nodes: coarse } = chooseNodes([{ tree, views: [look({ eye: null, scale: 2 })] }], { budget: Infinity, leastGap: 10 })
    expect(new Set(coarse.map(({ node }) => tree.nodes[node]!.spacing))).toEqual(new Set([8, 4]))
    expect(chooseNodes([{ tree, views: [look({ planes: [{ normal: [1, 0, 0], offset: -100 }] })] }], rich).nodes).toEqual([])
  })

  test('several clouds share one budget, root by root', () => {
    const sources = [0, 1, 2].map(() => ({ tree, views: [look()] }))
    const { nodes: chosen } = chooseNodes(sources, { budget: 300, leastGap: 0 })
    expect(chosen.map(({ tree: at, node }) => [at, node]).sort()).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ])
  })
})
