// Which nodes of clouds are shown: the coarsest first, then those whose points are furthest apart on the screen, within a budget.
import { type Box, meetsFrustum, type Plane } from '../../../../formats/geometry3d/frustum'
import type { Vector } from '../../../../formats/geometry3d/rotation'
import type { CloudTree } from './cloud-tree'

/** A view in the coordinates of a tree. */
export type SeeingView = {
  planes: readonly Plane[]
  /** Null where lines of sight are parallel. */
  eye: Vector | null
  /** Pixels of a metre: at a metre's distance, or anywhere without an eye. */
  scale: number
}

export type ChosenNode = {
  /** Number of the tree. */
  tree: number
  node: number
  /** Pixels between its points. */
  gap: number
  /** Share of its points that is drawn, above 0 to 1. */
  share: number
}

export type ChoiceLimits = {
  /** Points that are drawn, counted once for each view that sees them. */
  budget: number
  /** Pixels: what is denser on the screen is not refined. */
  leastGap: number
}

const distanceTo = ({ min, max }: Box, eye: Vector): number =>
  Math.hypot(...eye.map((value, axis) => Math.max(min[axis]! - value, 0, value - max[axis]!)))

/** Largest distance in pixels between points of a node over the views that see it, and how many do. */
const judgeNode = (box: Box, spacing: number, views: readonly SeeingView[]): { gap: number; seen: number } => {
  let gap = 0
  let seen = 0
  for (const { planes, eye, scale } of views) {
    if (!meetsFrustum(planes, box)) continue
    seen++
    // Inside of a node everything may be near.
    const away = eye ? Math.max(distanceTo(box, eye), spacing) : 1
    gap = Math.max(gap, (scale * spacing) / away)
  }
  return { gap, seen }
}

type Waiting = { tree: number; node: number; gap: number; seen: number }

/** A binary heap, widest gap on top. */
const createHeap = () => {
  const all: Waiting[] = []
  const swap = (a: number, b: number) => {
    const one = all[a]!
    all[a] = all[b]!
    all[b] = one
  }
  const add = (entry: Waiting) => {
    let at = all.push(entry) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (all[above]!.gap >= all[at]!.gap) break
      swap(above, at)
      at = above
    }
  }
  const take = (): Waiting | undefined => {
    const top = all[0]
    const last = all.pop()
    if (!top || !last || all.length === 0) return top
    all[0] = last
    for (let at = 0; ; ) {
      let widest = at
      for (const below of [2 * at + 1, 2 * at + 2]) if (below < all.length && all[below]!.gap > all[widest]!.gap) widest = below
      if (widest === at) return top
      swap(widest, at)
      at = widest
    }
  }
  return { add, take }
}

/** `nodes` in the order in which they matter, none without those above it; `isCut`: the budget was too small for what is to be seen. */
export const chooseNodes = (
  trees: readonly { tree: CloudTree; views: readonly SeeingView[] }[],
  { budget, leastGap }: ChoiceLimits,
): { nodes: ChosenNode[]; isCut: boolean } => {
  const nodes: ChosenNode[] = []
  let isCut = false
  const heap = createHeap()
  const offer = (tree: number, node: number) => {
    const source = trees[tree]!
    const { box, spacing } = source.tree.nodes[node]!
    const { gap, seen } = judgeNode(box, spacing, source.views)
    if (seen > 0) heap.add({ tree, node, gap, seen })
  }
  for (const [number, { tree }] of trees.entries()) if (tree.nodes.length > 0) offer(number, 0)
  let left = budget
  for (let next = heap.take(); next; next = heap.take()) {
    if (left <= 0) {
      isCut = true
      break
    }
    const { tree, node, gap, seen } = next
    const { points, children } = trees[tree]!.tree.nodes[node]!
    const share = Math.min(1, left / (points * seen))
    nodes.push({ tree, node, gap, share })
    if (share < 1) isCut = true
    left -= points * seen * share
    if (gap > leastGap) for (const child of children) offer(tree, child)
  }
  return { nodes, isCut }
}
