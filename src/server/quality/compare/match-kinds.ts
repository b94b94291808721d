// Which annotations of two frames show the same object: one rule for each kind.

import { listNearBoxes } from '../../../formats/geometry/near-boxes'
import { measureRunSets, subtractRunSet, uniteRunSets } from '../../../formats/geometry/run-sets'
import { readCuboid } from '../../../formats/geometry3d/cuboid'
import { measureIou3d } from '../../../formats/geometry3d/overlap'
import { type Assigned, assignPairs, type Likeness } from './assign-pairs'
import { solveAssignment } from './assignment'
import { addKeypoints, measureKeypoints } from './keypoints'
import { findReach, findSurroundings, measureLines } from './lines'
import {
  averageBoxes,
  type Box,
  type FrameMarks,
  findInstances,
  findMarkBox,
  type Mark,
  type MarkKind,
  measureBoxes,
  uniteBoxes,
} from './marks'
import type { Parameters } from './parameters'
import { fillMark } from './regions'

export type MarkPair = readonly [truth: Mark, given: Mark]
export type Matched = {
  /** Alike and with the same label. */
  matches: MarkPair[]
  /** Alike but with another label. */
  mismatches: MarkPair[]
  missing: Mark[]
  extra: Mark[]
  /** Every pair that has anything in common. */
  likenesses: { truth: Mark; given: Mark; value: number }[]
}

export type MatchOptions = Pick<
  Parameters,
  'iou_threshold' | 'oks_sigma' | 'point_size_base' | 'line_thickness' | 'panoptic_comparison'
> & {
  /** Polygons, masks and points of one group and label count as one object. */
  joinGroups: boolean
  /** Labels of the points of a skeleton, by its label, in order. */
  sublabels: ReadonlyMap<number, readonly number[]>
}

type Frames = { truth: FrameMarks; given: FrameMarks }
type Matcher = (frames: Frames, options: MatchOptions) => Matched

const ofKind = ({ marks }: FrameMarks, kind: MarkKind) => marks.filter((mark) => mark.kind === kind)

/** Hands out the marks of an assignment; an object may be made of several marks, which share its fate. */
const settle = (truths: Mark[][], givens: Mark[][], { pairs, ones, others }: Assigned, likenesses: Likeness[]): Matched => {
  const product = (one: number, other: number): MarkPair[] =>
    truths[one]!.flatMap((truth) => givens[other]!.map((given): MarkPair => [truth, given]))
  const isSame = ([one, other]: readonly [number, number]) => truths[one]![0]!.labelId === givens[other]![0]!.labelId
  return {
    matches: pairs.filter(isSame).flatMap(([one, other]) => product(one, other)),
    mismatches: pairs.filter((pair) => !isSame(pair)).flatMap(([one, other]) => product(one, other)),
    missing: ones.flatMap((one) => truths[one]!),
    extra: others.flatMap((other) => givens[other]!),
    likenesses: likenesses.flatMap(({ one, other, value }) =>
      product(one, other).map(([truth, given]) => ({ truth, given, value })),
    ),
  }
}

const matchAlone = (truths: Mark[], givens: Mark[], likenesses: Likeness[], least: number): Matched =>
  settle(
    truths.map((mark) => [mark]),
    givens.map((mark) => [mark]),
    assignPairs(truths.length, givens.length, likenesses, least),
    likenesses,
  )

const measurePairs = (
  pairs: Iterable<readonly [number, number]>,
  measure: (one: number, other: number) => number,
): Likeness[] => {
  const likenesses: Likeness[] = []
  for (const [one, other] of pairs) {
    const value = measure(one, other)
    if (value > 0) likenesses.push({ one, other, value })
  }
  return likenesses
}

function* listAll(ones: readonly unknown[], others: readonly unknown[]): Generator<[number, number]> {
  for (let one = 0; one < ones.length; one++) for (let other = 0; other < others.length; other++) yield [one, other]
}

const matchTags: Matcher = ({ truth, given }) => {
  const [truths, givens] = [ofKind(truth, 'label'), ofKind(given, 'label')]
  const likenesses = measurePairs(listAll(truths, givens), (one, other) =>
    truths[one]!.labelId === givens[other]!.labelId ? 1 : 0.5,
  )
  return matchAlone(truths, givens, likenesses, 0.5)
}

/** Remembers what is expensive to make. */
const remember = <K, V>(make: (key: K) => V) => {
  const known = new Map<K, V>()
  return (key: K): V => {
    const there = known.get(key)
    if (there !== undefined) return there
    const made = make(key)
    known.set(key, made)
    return made
  }
}

/** Box as it lies, and the circle around a turned one. */
const reachOf = (mark: Mark): Box => {
  const [x, y, width, height] = findMarkBox(mark)!
  if (!mark.rotation) return [x, y, width, height]
  const reach = Math.hypot(width, height) / 2
  return [x + width / 2 - reach, y + height / 2 - reach, 2 * reach, 2 * reach]
}
const listNear = (truths: Mark[], givens: Mark[]) => listNearBoxes(truths.map(reachOf), givens.map(reachOf), 2)

const matchBoxes: Matcher = ({ truth, given }, { iou_threshold }) => {
  const [truths, givens] = [ofKind(truth, 'bbox'), ofKind(given, 'bbox')]
  const fill = remember((mark: Mark) => fillMark(mark, truth))
  const likenesses = measurePairs(listNear(truths, givens), (one, other) => {
    const [a, b] = [truths[one]!, givens[other]!]
    return a.rotation === b.rotation ? measureBoxes(findMarkBox(a)!, findMarkBox(b)!) : measureRunSets(fill(a), fill(b))
  })
  return matchAlone(truths, givens, likenesses, iou_threshold)
}

const matchEllipses: Matcher = ({ truth, given }, { iou_threshold }) => {
  const [truths, givens] = [ofKind(truth, 'ellipse'), ofKind(given, 'ellipse')]
  const fill = remember((mark: Mark) => fillMark(mark, truth))
  const likenesses = measurePairs(listNear(truths, givens), (one, other) =>
    measureRunSets(fill(truths[one]!), fill(givens[other]!)),
  )
  return matchAlone(truths, givens, likenesses, iou_threshold)
}

/** Cuboids in space by the volume that they share; seen from above their circles tell which ones can touch at all. */
const matchCuboids: Matcher = ({ truth, given }, { iou_threshold }) => {
  const [truths, givens] = [ofKind(truth, 'cuboid_3d'), ofKind(given, 'cuboid_3d')]
  const read = remember(({ points }: Mark) => readCuboid(points))
  const surround = (mark: Mark): Box => {
    const { position, scale } = read(mark)
    const reach = Math.hypot(...scale) / 2
    return [position[0] - reach, position[1] - reach, 2 * reach, 2 * reach]
  }
  const likenesses = measurePairs(listNearBoxes(truths.map(surround), givens.map(surround)), (one, other) =>
    measureIou3d(read(truths[one]!), read(givens[other]!)),
  )
  return matchAlone(truths, givens, likenesses, iou_threshold)
}

/** Objects of polygons and masks: marks of one group and label, or each alone. */
const findSegments = (marks: Mark[], joinGroups: boolean): Mark[][] => {
  if (!joinGroups) return marks.map((mark) => [mark])
  return findInstances(marks).flatMap((group) => {
    const byLabel = Map.groupBy(group, ({ labelId }) => labelId)
    return [...byLabel].sort(([a], [b]) => a - b).map(([, members]) => members)
  })
}

const doTouch = ([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box) =>
  ax <= bx + bw + 2 && bx <= ax + aw + 2 && ay <= by + bh + 2 && by <= ay + ah + 2

/** What can be seen of each mark: without the pixels of those that lie above it. */
const findVisible = (segments: Mark[][], size: FrameMarks): Map<Mark, number[]> => {
  const order = segments.flat()
  const stack = order.map((mark, at) => ({ mark, at })).sort((a, b) => a.mark.zOrder - b.mark.zOrder || a.at - b.at)
  const layers = stack.map(({ mark }) => ({ mark, box: findMarkBox(mark)!, all: fillMark(mark, size) }))
  return new Map(
    layers.map(({ mark, box, all }, at) => {
      let visible = all
      for (let above = at + 1; above < layers.length && visible.length; above++)
        if (doTouch(box, layers[above]!.box)) visible = subtractRunSet(visible, layers[above]!.all)
      return [mark, visible]
    }),
  )
}

const matchSegments =
  (kinds: readonly MarkKind[]): Matcher =>
  ({ truth, given }, { iou_threshold, panoptic_comparison, joinGroups }) => {
    const list = (frame: FrameMarks) =>
      findSegments(
        kinds.flatMap((kind) => ofKind(frame, kind)),
        joinGroups,
      )
    const [truths, givens] = [list(truth), list(given)]
    const measureAll = (segments: Mark[][]) => {
      const visible = panoptic_comparison ? findVisible(segments, truth) : undefined
      const areas = remember((at: number) =>
        segments[at]!.map((mark) => visible?.get(mark) ?? fillMark(mark, truth)).reduce((a, b) => uniteRunSets(a, b)),
      )
      return { areas, boxes: segments.map((segment) => uniteBoxes(segment.map((mark) => findMarkBox(mark)!))) }
    }
    if (!truths.length || !givens.length) return settle(truths, givens, assignPairs(truths.length, givens.length, [], 1), [])
    const [ofTruth, ofGiven] = [measureAll(truths), measureAll(givens)]
    const likenesses = measurePairs(listNearBoxes(ofTruth.boxes, ofGiven.boxes, 2), (one, other) =>
      measureRunSets(ofTruth.areas(one), ofGiven.areas(other)),
    )
    return settle(truths, givens, assignPairs(truths.length, givens.length, likenesses, iou_threshold), likenesses)
  }

const matchLines: Matcher = ({ truth, given }, { iou_threshold, line_thickness }) => {
  const [truths, givens] = [ofKind(truth, 'polyline'), ofKind(given, 'polyline')]
  const scale = truth.width * truth.height
  const reach = findReach(scale, line_thickness)
  const surround = (mark: Mark): Box => {
    const { x, y, radius2 } = findSurroundings(mark.points)
    const radius = Math.sqrt(radius2) + reach / 2
    return [x - radius, y - radius, 2 * radius, 2 * radius]
  }
  const near = listNearBoxes(truths.map(surround), givens.map(surround), 2)
  const likenesses = measurePairs(near, (one, other) =>
    measureLines(truths[one]!.points, givens[other]!.points, scale, line_thickness),
  )
  return matchAlone(truths, givens, likenesses, iou_threshold)
}

/** The box around the whole object that a mark is part of. */
const findObjectBoxes = (frames: readonly FrameMarks[], joinGroups: boolean): Map<Mark, Box> => {
  const boxes = new Map<Mark, Box>()
  for (const { marks } of frames)
    for (const instance of joinGroups ? findInstances(marks) : marks.map((mark) => [mark])) {
      const box = uniteBoxes(instance.flatMap((mark) => [findMarkBox(mark)].filter((one) => one !== undefined)))
      for (const mark of instance) boxes.set(mark, box)
    }
  return boxes
}

/** Points of two objects in any order: the best pairs count, and points that are left over count as missed. */
const measurePointSets = (a: readonly number[], b: readonly number[], scale: number, sigma: number, least: number): number => {
  const [countA, countB] = [a.length >> 1, b.length >> 1]
  const size = Math.max(countA, countB)
  const costs = new Float64Array(size * size).fill(1)
  for (let i = 0; i < countA; i++)
    for (let k = 0; k < countB; k++) {
      const value = measureKeypoints(a.slice(2 * i, 2 * i + 2), b.slice(2 * k, 2 * k + 2), scale, sigma)
      if (1 - value <= 1 - least) costs[i * size + k] = 1 - value
    }
  const pairs: [number, number][] = []
  solveAssignment(costs, size, size).forEach((k, i) => {
    if (costs[i * size + k]! < 1) pairs.push([i, k])
  })
  const value = addKeypoints(a, b, pairs, scale, sigma) / (countA + countB - pairs.length)
  return Number.isFinite(value) ? value : 0
}

const matchPoints: Matcher = ({ truth, given }, { iou_threshold, oks_sigma, point_size_base, joinGroups }) => {
  const [truths, givens] = [ofKind(truth, 'points'), ofKind(given, 'points')]
  if (!truths.length || !givens.length) return matchAlone(truths, givens, [], iou_threshold)
  const boxes = findObjectBoxes([truth, given], joinGroups)
  const image = truth.width * truth.height
  const likenesses = measurePairs(listAll(truths, givens), (one, other) => {
    const [a, b] = [truths[one]!, givens[other]!]
    const [boxA, boxB] = [boxes.get(a)!, boxes.get(b)!]
    // Single points without an object around them have no size but the image's.
    if (boxA[2] * boxA[3] === 0 && boxB[2] * boxB[3] === 0) return measureKeypoints(a.points, b.points, image, oks_sigma)
    if (point_size_base === 'image_size') return measurePointSets(a.points, b.points, image, oks_sigma, iou_threshold)
    if (measureBoxes(boxA, boxB) <= 0) return 0
    const [, , width, height] = averageBoxes(boxA, boxB)
    return measurePointSets(a.points, b.points, width * height, oks_sigma, iou_threshold)
  })
  return matchAlone(truths, givens, likenesses, iou_threshold)
}

const matchSkeletons: Matcher = ({ truth, given }, { iou_threshold, oks_sigma, sublabels }) => {
  const arrange = (mark: Mark) => {
    const byLabel = new Map(mark.elements.toReversed().map((element) => [element.labelId, element]))
    const own = (sublabels.get(mark.labelId) ?? []).map((label) => byLabel.get(label))
    return {
      points: own.flatMap((element) => (element ? [element.x, element.y] : [0, 0])),
      visible: own.map((element) => element?.visibility === 'visible'),
      isThere: own.some((element) => element && element.visibility !== 'absent'),
    }
  }
  const arranged = remember(arrange)
  // A skeleton whose points are all outside is not there.
  const list = (frame: FrameMarks) => ofKind(frame, 'skeleton').filter((mark) => arranged(mark).isThere)
  const [truths, givens] = [list(truth), list(given)]
  if (!truths.length || !givens.length) return matchAlone(truths, givens, [], iou_threshold)
  const boxes = findObjectBoxes([truth, given], true)
  const boxesOf = (marks: Mark[]) => marks.map((mark) => boxes.get(mark)!)
  const likenesses = measurePairs(listNearBoxes(boxesOf(truths), boxesOf(givens)), (one, other) => {
    const [a, b] = [truths[one]!, givens[other]!]
    const [boxA, boxB] = [boxes.get(a)!, boxes.get(b)!]
    if (measureBoxes(boxA, boxB) <= 0) return 0
    const [, , width, height] = averageBoxes(boxA, boxB)
    const [ofA, ofB] = [arranged(a), arranged(b)]
    return measureKeypoints(ofA.points, ofB.points, width * height, oks_sigma, ofA.visible, ofB.visible)
  })
  return matchAlone(truths, givens, likenesses, iou_threshold)
}

/** Rule of each kind, in the order in which results are listed. Polygons and masks are compared with each other. */
export const matchers: readonly { kind: MarkKind; match: Matcher }[] = [
  { kind: 'bbox', match: matchBoxes },
  { kind: 'points', match: matchPoints },
  { kind: 'polygon', match: matchSegments(['polygon', 'mask']) },
  { kind: 'polyline', match: matchLines },
  { kind: 'skeleton', match: matchSkeletons },
  { kind: 'label', match: matchTags },
  { kind: 'ellipse', match: matchEllipses },
  { kind: 'cuboid_3d', match: matchCuboids },
]

/** The rules by kind when polygons and masks stay apart. */
export const strictMatchers: Readonly<Record<Exclude<MarkKind, 'label'>, Matcher>> = {
  bbox: matchBoxes,
  points: matchPoints,
  polygon: matchSegments(['polygon']),
  mask: matchSegments(['mask']),
  polyline: matchLines,
  skeleton: matchSkeletons,
  ellipse: matchEllipses,
  cuboid_3d: matchCuboids,
}
