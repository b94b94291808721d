// Finds which annotations of several people show the same object.
import type { FrameMarks, Mark, MatchOptions, strictMatchers } from '../quality/service'

type Matcher = (typeof strictMatchers)[keyof typeof strictMatchers]
type Likeness = (one: Mark, other: Mark) => number
export type Clusters = { clusters: Mark[][]; likeness: Likeness }

/**
 * Groups the marks of one kind. Each group has at most one mark of each source, and any two of its marks are at least
 * `iou_threshold` alike; unless `anyLabel`, pairs with different labels hold no group together. @param sources one frame as each person annotated it
 */
export const findClusters = (
  sources: readonly FrameMarks[],
  kind: Mark['kind'],
  match: Matcher,
  options: MatchOptions,
  anyLabel = false,
): Clusters => {
  const known = new Map<Mark, Map<Mark, number>>()
  const note = (one: Mark, other: Mark, value: number) => {
    if (!known.has(one)) known.set(one, new Map())
    known.get(one)!.set(other, value)
  }
  const likeness: Likeness = (one, other) => (one === other ? 1 : (known.get(one)?.get(other) ?? known.get(other)?.get(one) ?? 0))
  const marks = sources.map((source) => source.marks.filter((mark) => mark.kind === kind))
  const sourceOf = new Map(marks.flatMap((list, source) => list.map((mark) => [mark, source] as const)))
  const neighbours = new Map<Mark, Mark[]>([...sourceOf.keys()].map((mark) => [mark, []]))
  for (let one = 0; one < sources.length; one++)
    for (let other = one + 1; other < sources.length; other++) {
      const { matches, mismatches, likenesses } = match({ truth: sources[one]!, given: sources[other]! }, options)
      for (const { truth, given, value } of likenesses) note(truth, given, value)
      for (const [a, b] of anyLabel ? [...matches, ...mismatches] : matches) {
        neighbours.get(a)!.push(b)
        // Whichever is looked at first finds the other.
        neighbours.get(b)!.push(a)
      }
    }
  const visited = new Set<Mark>()
  const clusters: Mark[][] = []
  for (const start of sourceOf.keys()) {
    if (visited.has(start)) continue
    const cluster: Mark[] = []
    const waiting = [start]
    while (waiting.length) {
      const mark = waiting.shift()!
      if (visited.has(mark)) continue
      const isFree = cluster.every(
        (member) => sourceOf.get(member) !== sourceOf.get(mark) && likeness(member, mark) >= options.iou_threshold,
      )
      if (!isFree) continue
      visited.add(mark)
      cluster.push(mark)
      for (const next of neighbours.get(mark)!) if (!visited.has(next)) waiting.push(next)
    }
    clusters.push(cluster)
  }
  return { clusters, likeness }
}
