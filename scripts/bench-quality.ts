// Measures the comparison of 100,000 shapes with 10,000 of ground truth: time and memory. `bun run bench:quality [frames]`
import { addFrames } from '../src/server/quality/compare/combine'
import { compareFrame, type FrameResult, type LabelSpace } from '../src/server/quality/compare/compare-frame'
import type { FrameMarks, Mark, MarkKind } from '../src/server/quality/compare/marks'
import { defaultParameters } from '../src/server/quality/compare/parameters'

const [shapes, truths] = [100_000, 10_000]
const frames = Number(process.argv[2] ?? 1000)
const limit = { seconds: 60, megabytes: 500 }
const [width, height] = [1920, 1080]
const labels: LabelSpace = { ids: [1, 2, 3, 4], names: ['car', 'person', 'sign', 'bus'], sublabels: new Map() }
const kinds: MarkKind[] = ['bbox', 'polygon', 'bbox', 'ellipse', 'polyline', 'points']

let seed = 42
const next = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648
  return seed / 2147483648
}
const round = (value: number) => Math.round(value * 100) / 100

const drawPoints = (kind: MarkKind, x: number, y: number, size: number): number[] => {
  if (kind === 'bbox' || kind === 'ellipse') return [x, y, round(x + size), round(y + size * 0.7)]
  return Array.from({ length: 12 }, (_, at) => {
    const angle = (at * Math.PI) / 6
    return [round(x + size / 2 + (size / 2) * Math.cos(angle)), round(y + size / 2 + (size / 2) * Math.sin(angle))]
  }).flat()
}
const makeMark = (id: number, job: number, kind: MarkKind, x: number, y: number, size: number): Mark => ({
  kind,
  ref: { obj_id: id, job_id: job, type: 'shape', shape_type: kind },
  labelId: 1 + (id % 4),
  group: 0,
  zOrder: id % 3,
  rotation: kind === 'bbox' && id % 5 === 0 ? 30 : 0,
  points: drawPoints(kind, x, y, size),
  attributes: new Map<string, string | boolean>([
    ['occluded', false],
    ['color', id % 2 ? 'red' : 'blue'],
  ]),
  elements: [],
})

/** A frame and its ground truth, part of which is drawn a little differently. */
const makePair = (frame: number): { truth: FrameMarks; given: FrameMarks } => {
  const place = () => ({ x: round(next() * (width - 200)), y: round(next() * (height - 200)), size: 20 + round(next() * 150) })
  const given: Mark[] = []
  const truth: Mark[] = []
  const [count, own] = [shapes / frames, truths / frames]
  for (let at = 0; at < count; at++) {
    const { x, y, size } = place()
    const kind = kinds[at % kinds.length]!
    given.push(makeMark(frame * count + at, 1, kind, x, y, size))
    if (at < own) truth.push(makeMark(frame * count + at, 2, kind, round(x + next() * 6), round(y + next() * 6), size))
  }
  const size = { frame, width, height }
  return { truth: { ...size, marks: truth }, given: { ...size, marks: given } }
}

const start = performance.now()
let busy = 0
let conflicts = 0
const results: FrameResult[] = []
for (let frame = 0; frame < frames; frame++) {
  const { truth, given } = makePair(frame)
  const began = performance.now()
  const result = compareFrame(truth, given, defaultParameters, labels)
  busy += performance.now() - began
  conflicts += result.conflicts.length
  results.push(result)
}
const { annotations } = addFrames(results, labels, defaultParameters)
const seconds = busy / 1000
const megabytes = process.memoryUsage.rss() / 2 ** 20
console.log(
  `${shapes} shapes against ${truths} on ${frames} frames: ${seconds.toFixed(1)} s (with making them ${((performance.now() - start) / 1000).toFixed(1)} s), ${megabytes.toFixed(0)} MB, ${conflicts} conflicts, recall ${annotations.recall.toFixed(3)}`,
)
process.exit(seconds < limit.seconds && megabytes < limit.megabytes ? 0 : 1)
