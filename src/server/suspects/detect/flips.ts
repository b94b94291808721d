// One thing in a video that has another label for some frames.
import { listNearBoxes } from '../../../formats/geometry/near-boxes'
import type { Finding, Placed } from '../thing'
import { measureOverlap } from './overlap'

/** Boxes of neighbouring frames that overlap less show different things. */
const leastOverlap = 0.5
/** A label that holds for a larger part of what is on either side of it is meant. */
const longest = 0.34

type Link = { next?: Placed; isNext?: boolean }

/** For each object what it is on the following frame: the nearest, if that has none nearer. */
const linkFrames = (placed: readonly Placed[]): Map<Placed, Link> => {
  const links = new Map<Placed, Link>(placed.map((one) => [one, {}]))
  const frames = Map.groupBy(placed, ({ frame }) => frame)
  for (const [frame, ones] of frames) {
    const others = frames.get(frame + 1)
    if (!others) continue
    const toBox = ({ box: [left, top, right, bottom] }: Placed): [number, number, number, number] => [
      left,
      top,
      right - left,
      bottom - top,
    ]
    const free = { ones: new Set(ones), others: new Set(others) }
    const link = (one: Placed, other: Placed) => {
      links.get(one)!.next = other
      links.get(other)!.isNext = true
      free.ones.delete(one)
      free.others.delete(other)
    }
    // A track goes on as itself.
    const goingOn = new Map(others.flatMap((other) => (other.thing.kind === 'track' ? [[other.thing, other] as const] : [])))
    for (const one of ones) if (goingOn.has(one.thing)) link(one, goingOn.get(one.thing)!)
    const [left, right] = [[...free.ones], [...free.others]]
    const near = listNearBoxes(left.map(toBox), right.map(toBox))
      .map(([i, k]) => ({ one: left[i]!, other: right[k]!, value: measureOverlap(left[i]!.box, right[k]!.box) }))
      .filter(({ one, other, value }) => value >= leastOverlap && one.thing.type === other.thing.type)
      .sort((a, b) => b.value - a.value)
    for (const { one, other } of near) if (free.ones.has(one) && free.others.has(other)) link(one, other)
  }
  return links
}

type Run = { labelId: number; placed: Placed[] }

const listRuns = (start: Placed, links: Map<Placed, Link>): Run[] => {
  const runs: Run[] = []
  for (let at: Placed | undefined = start; at; at = links.get(at)!.next) {
    if (runs.at(-1)?.labelId !== at.thing.labelId) runs.push({ labelId: at.thing.labelId, placed: [] })
    runs.at(-1)!.placed.push(at)
  }
  return runs
}

/** Objects of one job of a video whose label differs from that of the same thing before and after. */
export const findFlips = (placed: readonly Placed[]): Finding[] => {
  const links = linkFrames(placed)
  const findings: Finding[] = []
  for (const [start, { isNext }] of links) {
    if (isNext) continue
    const runs = listRuns(start, links)
    runs.forEach(({ placed: own }, at) => {
      const [before, after] = [runs[at - 1], runs[at + 1]]
      if (!before || !after || before.labelId !== after.labelId) return
      const share = own.length / Math.min(before.placed.length, after.placed.length)
      if (share > longest) return
      for (const one of new Map(own.map((each) => [each.thing, each])).values())
        findings.push({
          thing: one.thing,
          reason: 'label_flip',
          frame: one.frame,
          score: 1 - (0.5 * share) / longest,
          details: { box: one.box, suggestion: before.labelId, count: own.length },
        })
    })
  }
  return findings
}
