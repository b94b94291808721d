// Merges what several people annotated on one frame: what enough of them have, as the one who is nearest to all of them drew it.
import { measureRunSets } from '../../formats/geometry/run-sets'
import {
  type FrameMarks,
  fillMark,
  fillOutline,
  findMarkBox,
  type Mark,
  type MatchOptions,
  strictMatchers,
} from '../quality/service'
import { findClusters } from './cluster'

type Value = string | number | boolean
/** A merged annotation: the mark that stands for the group, and what the group decided. */
export type Merged = {
  chosen: Mark
  labelId: number
  zOrder: number
  /** Winners of the votes about attributes. */
  attributes: Map<string, Value>
  /** The same for the points of a skeleton, by their labels. */
  elements: Map<number, Map<string, Value>>
  /** 0…1: share of people for the label times how alike their shapes are. */
  score: number
  /** How many people voted for each label. */
  votes: Map<number, number>
  sources: number
}

const countVotes = (cluster: readonly Mark[]) => {
  const votes = new Map<number, number>()
  for (const { labelId } of cluster) votes.set(labelId, (votes.get(labelId) ?? 0) + 1)
  return votes
}

type Valued = { labelId: number; attributes?: ReadonlyMap<string, Value> }

/** Attributes by vote; among equals, and where no value reaches the quorum, that of the chosen mark stays. */
const voteAttributes = (cluster: readonly Valued[], chosen: Valued, quorum: number): Map<string, Value> => {
  const merged = new Map(chosen.attributes)
  const alike = cluster.filter(({ labelId }) => labelId === chosen.labelId)
  for (const [name, own] of chosen.attributes ?? []) {
    const votes = new Map<Value, number>([[own, 0]])
    for (const { attributes } of alike) {
      const value = attributes?.get(name)
      if (value !== undefined) votes.set(value, (votes.get(value) ?? 0) + 1)
    }
    const [winner, count] = firstOfMost([...votes], ([, number]) => number)
    if (count >= quorum) merged.set(name, winner)
  }
  return merged
}

const voteElements = (cluster: readonly Mark[], chosen: Mark, quorum: number): Merged['elements'] =>
  new Map(
    chosen.elements.map((element) => {
      const alike = cluster.flatMap(({ elements }) => elements.filter(({ labelId }) => labelId === element.labelId))
      return [element.labelId, voteAttributes(alike, element, quorum)]
    }),
  )

const firstOfMost = <T>(list: readonly T[], rate: (item: T) => number): T =>
  list.reduce((best, item) => (rate(item) > rate(best) ? item : best))

/** The mark that overlaps most with the mean box of all; of a skeleton, the one most like the others. */
const chooseNearest = (cluster: readonly Mark[], likeness: (a: Mark, b: Mark) => number, size: FrameMarks): Mark => {
  if (cluster.length === 1) return cluster[0]!
  if (cluster[0]!.kind === 'skeleton')
    return firstOfMost(cluster, (mark) => cluster.reduce((sum, other) => sum + likeness(mark, other), 0))
  const boxes = cluster.map((mark) => findMarkBox(mark)!)
  const mean = (pick: (box: (typeof boxes)[number]) => number) => boxes.reduce((sum, box) => sum + pick(box), 0) / boxes.length
  const [left, top] = [mean(([x]) => x), mean(([, y]) => y)]
  const [right, bottom] = [mean(([x, , width]) => x + width), mean(([, y, , height]) => y + height)]
  const middle = fillOutline([left, top, right, top, right, bottom, left, bottom], size)
  const rates = new Map(
    cluster.map((mark, at) => {
      const [x, y, width, height] = boxes[at]!
      const own =
        mark.kind === 'points' || mark.kind === 'polyline'
          ? fillOutline([x, y, x + width, y, x + width, y + height, x, y + height], size)
          : fillMark(mark, size)
      return [mark, measureRunSets(middle, own)]
    }),
  )
  return firstOfMost(cluster, (mark) => rates.get(mark)!)
}

const mergeTags = (sources: readonly FrameMarks[], quorum: number): Merged[] => {
  const tags = sources.flatMap(({ marks }) => marks.filter(({ kind }) => kind === 'label'))
  return [...Map.groupBy(tags, ({ labelId }) => labelId)].flatMap(([labelId, cluster]) => {
    if (cluster.length < quorum) return []
    const chosen = cluster[0]!
    const attributes = voteAttributes(cluster, chosen, quorum)
    return [
      {
        chosen,
        labelId,
        zOrder: 0,
        attributes,
        elements: new Map(),
        score: cluster.length / sources.length,
        votes: countVotes(tags),
        sources: sources.length,
      },
    ]
  })
}

export type MergeOptions = MatchOptions & {
  /** How many people must agree. */
  quorum: number
}

/** Merges one frame. @param sources the frame as each person annotated it; empty where somebody has nothing */
export const mergeFrame = (sources: readonly FrameMarks[], options: MergeOptions): Merged[] => {
  const { quorum } = options
  const merged = mergeTags(sources, quorum)
  for (const [kind, match] of Object.entries(strictMatchers) as [
    keyof typeof strictMatchers,
    (typeof strictMatchers)['bbox'],
  ][]) {
    const { clusters, likeness } = findClusters(sources, kind, match, {
      ...options,
      joinGroups: false,
      panoptic_comparison: false,
    })
    for (const cluster of clusters) {
      const votes = countVotes(cluster)
      const [labelId, count] = firstOfMost([...votes], ([, number]) => number)
      if (count < quorum) continue
      const chosen = chooseNearest(cluster, likeness, sources[0]!)
      const alike = cluster.reduce((sum, mark) => sum + Math.max(0, likeness(chosen, mark)), 0) / cluster.length
      merged.push({
        chosen,
        labelId,
        zOrder: Math.max(...cluster.map(({ zOrder }) => zOrder)),
        attributes: voteAttributes(cluster, chosen, quorum),
        elements: voteElements(cluster, chosen, quorum),
        score: (count / sources.length) * alike,
        votes,
        sources: sources.length,
      })
    }
  }
  return merged
}
