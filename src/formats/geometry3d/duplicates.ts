// Cuboids that were drawn twice: pairs that have much in common, in space or seen from above.

import type { Cuboid } from './cuboid'
import { measureIou3d, measureIouAbove } from './overlap'

export type Likeness = 'space' | 'above'

/** Pairs (numbers in the list, the lower one first) that are at least as alike as `threshold` (0…1), the most alike first. */
export function findDuplicates(
  cuboids: readonly Cuboid[],
  threshold = 0.5,
  likeness: Likeness = 'space',
): { pair: [number, number]; iou: number }[] {
  const measure = likeness === 'space' ? measureIou3d : measureIouAbove
  const reach = cuboids.map(({ scale }) => Math.hypot(...scale) / 2)
  // By x, so that only neighbours are looked at.
  const order = cuboids.map((_, i) => i).sort((a, b) => cuboids[a]!.position[0] - cuboids[b]!.position[0])
  const widest = reach.reduce((most, one) => Math.max(most, one), 0)
  const found: { pair: [number, number]; iou: number }[] = []
  order.forEach((a, at) => {
    for (let next = at + 1; next < order.length; next++) {
      const b = order[next]!
      const [one, other] = [cuboids[a]!, cuboids[b]!]
      if (other.position[0] - one.position[0] > reach[a]! + widest) break
      const iou = measure(one, other)
      if (iou >= threshold && iou > 0) found.push({ pair: a < b ? [a, b] : [b, a], iou })
    }
  })
  return found.sort((a, b) => b.iou - a.iou || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1])
}
