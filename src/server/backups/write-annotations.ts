// The annotations of a task's jobs as the text of annotations.json: labels and attributes by name, a window of frames at a time.
import { between } from 'drizzle-orm'
import type { Label } from '../../formats/model'
import { shapes, tags } from '../annotations/schema'
import {
  createCompleter,
  loadShapes,
  loadTags,
  loadTracks,
  type ShapeJson,
  type TagJson,
  type TrackJson,
} from '../annotations/service'
import { db } from '../db/open'
import type { LabelTree } from '../labels/service'

type Job = { id: number; startFrame: number; stopFrame: number }
type Row = { labelId: number; attributes: string }
type Named = { spec_id: number; value: string }

const createNames = (labels: LabelTree[]) => {
  const all = new Map<number, Label>()
  for (const label of labels) for (const one of [label, ...label.sublabels]) all.set(one.id, one)
  const complete = createCompleter(labels)
  return {
    label: (id: number) => all.get(id)!.name,
    attributes: (row: Row, which?: 'mutable' | 'immutable') => {
      const names = new Map(all.get(row.labelId)!.attributes.map(({ id, name }) => [id, name]))
      const values = JSON.parse(complete(row, which)) as Named[]
      return values.flatMap(({ spec_id, value }) => (names.has(spec_id) ? [{ value, name: names.get(spec_id)! }] : []))
    },
  }
}
type Names = ReturnType<typeof createNames>

type Body = { type: string; occluded: boolean; outside: boolean; zOrder: number; rotation: number; points: string }
const showBody = (row: Body) => ({
  type: row.type,
  occluded: row.occluded,
  outside: row.outside,
  z_order: row.zOrder,
  rotation: row.rotation,
  points: JSON.parse(row.points) as number[],
})
const showCommon = ({ frame, group, source }: { frame: number; group: number; source: string }) => ({ frame, group, source })

const showTag = (row: TagJson, names: Names) => ({
  ...showCommon(row),
  attributes: names.attributes(row),
  label: names.label(row.labelId),
})
const showElement = (row: ShapeJson, names: Names) => ({
  ...showBody(row),
  ...showCommon(row),
  // CVAT passes it over.
  ...(row.score !== 1 && { score: row.score }),
  attributes: names.attributes(row),
  label: names.label(row.labelId),
})
const showShape = (row: ShapeJson, names: Names) => ({
  ...showElement(row, names),
  elements: row.elements.map((element) => showElement(element, names)),
})
const showPath = (row: TrackJson, names: Names) => ({
  ...showCommon(row),
  shapes: row.shapes.map((key) => ({
    ...showBody(key),
    frame: key.frame,
    attributes: names.attributes({ labelId: row.labelId, attributes: key.attributes }, 'mutable'),
  })),
  attributes: names.attributes(row, 'immutable'),
  label: names.label(row.labelId),
})
const showTrack = (row: TrackJson, names: Names) => ({
  ...showPath(row, names),
  elements: row.elements.map((element) => showPath(element, names)),
})

/** Frames whose annotations are held in memory at a time. */
const framesAtOnce = 500

async function* windows({ startFrame, stopFrame }: Job) {
  for (let first = startFrame; first <= stopFrame; first += framesAtOnce)
    yield [first, Math.min(first + framesAtOnce - 1, stopFrame)] as const
}

async function* writeList<T>(pages: AsyncIterable<T[]>, show: (row: T) => unknown): AsyncGenerator<string> {
  let separator = ''
  yield '['
  for await (const rows of pages)
    for (const row of rows) {
      yield separator + JSON.stringify(show(row))
      separator = ','
    }
  yield ']'
}

async function* writeJob(job: Job, names: Names): AsyncGenerator<string> {
  async function* tagPages() {
    for await (const [first, last] of windows(job)) yield loadTags(db, [job.id], between(tags.frame, first, last))
  }
  async function* shapePages() {
    for await (const [first, last] of windows(job)) yield loadShapes(db, [job.id], between(shapes.frame, first, last))
  }
  async function* trackPages() {
    yield loadTracks(db, [job.id])
  }
  yield '{"version":0,"tags":'
  yield* writeList(tagPages(), (row) => showTag(row, names))
  yield ',"shapes":'
  yield* writeList(shapePages(), (row) => showShape(row, names))
  yield ',"tracks":'
  yield* writeList(trackPages(), (row) => showTrack(row, names))
  yield '}'
}

/** A list with one object a job, in their order. */
export async function* writeAnnotations(jobs: Job[], labels: LabelTree[]): AsyncGenerator<string> {
  const names = createNames(labels)
  let separator = '['
  for (const job of jobs) {
    yield separator
    yield* writeJob(job, names)
    separator = ','
  }
  yield jobs.length ? ']' : '[]'
}
