// What the drawing of a skeleton label says: the order of its points and which of them are joined.

import type { Label } from './model'

export type SkeletonPlan = {
  /** In the order of the node numbers of the drawing; those without a node follow as they are. */
  sublabels: Label[]
  /** Pairs of node numbers, from 1, in drawing order. */
  joints: [from: number, to: number][]
}

export function readSkeletonPlan({ sublabels, svg = '' }: Label): SkeletonPlan {
  const nodes = new Map<number, number>()
  const joints: [number, number][] = []
  for (const [tag] of svg.matchAll(/<[a-z][^<>]*>/gi)) {
    const [node, label] = [readId(tag, 'data-node-id'), readId(tag, 'data-label-id')]
    if (node !== undefined && label !== undefined) nodes.set(label, node)
    const [from, to] = [readId(tag, 'data-node-from'), readId(tag, 'data-node-to')]
    if (from !== undefined && to !== undefined) joints.push([from, to])
  }
  const rank = ({ id }: Label) => nodes.get(id) ?? Number.MAX_SAFE_INTEGER
  return { sublabels: sublabels.toSorted((a, b) => rank(a) - rank(b)), joints }
}

function readId(tag: string, name: string): number | undefined {
  const text = new RegExp(`\\s${name}="(\\d{1,15})"`).exec(tag)?.[1]
  return text === undefined ? undefined : Number(text)
}
