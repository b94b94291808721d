// Deals out validation frames to jobs so that all are used about as often.
import type { Generator } from '../jobs/service'

/**
 * Hands out the least used frames first, in random order, none twice at once: all are used, uses differ by at most one, and jobs get
 * different ones as far as there are enough. `uses` says how often each frame is used already.
 */
export const createFrameSelector = (uses: ReadonlyMap<number, number>, { shuffle }: Pick<Generator, 'shuffle'>) => {
  const counts = [...new Set(uses.values())].sort((a, b) => a - b)
  const byCount = Map.groupBy(uses, ([, count]) => count)
  /** Frames by how often they are used, each in the order in which they are handed out. */
  const bags = new Map(counts.map((count) => [count, new Set(shuffle(byCount.get(count)!.map(([frame]) => frame)))]))
  const last = () => Math.max(...bags.keys())

  /** The next frames; `wanted` must not exceed the number of frames. */
  return (wanted: number): number[] => {
    const picked: { frame: number; count: number }[] = []
    for (let count = Math.min(...bags.keys()); picked.length < wanted && count <= last(); count++)
      for (const frame of bags.get(count) ?? []) {
        if (picked.length === wanted) break
        picked.push({ frame, count })
      }
    for (const { frame, count } of picked) {
      bags.get(count)!.delete(frame)
      if (!bags.get(count)!.size) bags.delete(count)
      const next = bags.get(count + 1)
      if (next) next.add(frame)
      else bags.set(count + 1, new Set([frame]))
    }
    return picked.map(({ frame }) => frame)
  }
}
