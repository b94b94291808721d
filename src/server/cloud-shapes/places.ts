// The frames of a task or job for formats: names, point counts, labels of points and shapes by name.
import type { CloudContent, CloudFrame, CloudTarget, NamedShape } from '../../formats/cloud-shapes/model'
import type { Label } from '../../formats/model'
import { findDatasetFrames, loadTaskMedia } from '../data/service'
import { db } from '../db/open'
import { type Job, jobsOfTask } from '../jobs/service'
import { labelsOf } from '../labels/service'
import { readCloud } from '../media/clouds/stream/read-cloud'
import { withFiles } from '../media/made-files'
import { isCloud, type TaskMedia } from '../media/task-media'
import { labelParent, type TaskRow } from '../tasks/service'
import { countPoints } from './count-points'
import { paintSegments } from './paint'
import type { Segment, ShapeRow } from './rows'
import { loadFrame } from './store'
import { completeAttributes } from './write-json'

export type Place = {
  row: TaskRow
  media: TaskMedia
  labels: Label[]
  /** Those whose points and shapes count: the job itself, or those for annotating. */
  jobs: Job[]
  frames: { frame: number; name: string }[]
}

/** @param use `export`: without deleted frames */
export const openPlace = async (row: TaskRow, job: Job | null, use: 'export' | 'import'): Promise<Place> => {
  const media = await loadTaskMedia(row.task.id)
  const { isExported, isImported } = await findDatasetFrames(row.task.id, job)
  const isWanted = use === 'export' ? isExported : isImported
  const frames: Place['frames'] = []
  for (let frame = 0; frame < media.size; frame++) {
    const file = media.frames?.[frame]
    if (file && isCloud(file) && isWanted(frame)) frames.push({ frame, name: file.name })
  }
  const jobs = job ? [job] : (await jobsOfTask(row.task.id)).filter(({ type }) => type === 'annotation')
  return { row, media, labels: await labelsOf(labelParent(row.task)), jobs, frames }
}

export const hasFrame = ({ startFrame, stopFrame, frames }: Job, frame: number) =>
  frames ? frames.includes(frame) : frame >= startFrame && frame <= stopFrame

const keyOf = ({ type, labelId, points }: ShapeRow) => JSON.stringify([type, labelId, points])

/** What the jobs have on a frame as one: a point that several labelled is as the first of them says, equal shapes are one. */
const mergeFrame = async (jobs: readonly Job[], frame: number): Promise<{ segments: Segment[]; shapes: ShapeRow[] }> => {
  let segments: Segment[] = []
  const shapes = new Map<string, ShapeRow>()
  const own = jobs.filter((job) => hasFrame(job, frame))
  for (const { id } of own.toSorted((a, b) => b.id - a.id)) {
    const there = await loadFrame(db, id, frame)
    segments = segments.length ? paintSegments(segments, there.segments) : there.segments
  }
  for (const { id } of own)
    for (const shape of (await loadFrame(db, id, frame)).shapes) {
      const key = keyOf(shape)
      if (!shapes.has(key)) shapes.set(key, shape)
    }
  return { segments, shapes: [...shapes.values()] }
}

const nameContent = (
  frame: number,
  { segments, shapes }: { segments: Segment[]; shapes: ShapeRow[] },
  labels: ReadonlyMap<number, Label>,
): CloudContent => ({
  frame,
  segments: segments.flatMap(({ labelId, ...segment }) => {
    const label = labels.get(labelId)
    return label ? [{ ...segment, label: label.name }] : []
  }),
  shapes: shapes.flatMap(({ uid, type, labelId, points, attributes }): NamedShape[] => {
    const label = labels.get(labelId)
    if (!label) return []
    const names = new Map(label.attributes.map(({ id, name }) => [id, name]))
    const values = completeAttributes(label, JSON.stringify(attributes))
    return [
      {
        uid,
        type,
        label: label.name,
        points,
        attributes: values.map(({ spec_id, value }) => ({ name: names.get(spec_id)!, value })),
      },
    ]
  }),
})

/** Values of each point in the order of the file; those without a place are NaN. */
async function* readRows(path: string, name: string): AsyncGenerator<Float32Array> {
  const cloud = await readCloud(path, { name })
  let next = 0
  for await (const { count, rows, positions, intensity } of cloud) {
    const last = rows[count - 1]!
    const block = new Float32Array((last + 1 - next) * 4).fill(Number.NaN)
    for (let i = 0; i < count; i++) {
      const at = (rows[i]! - next) * 4
      for (let axis = 0; axis < 3; axis++) block[at + axis] = positions[i * 3 + axis]! + cloud.origin[axis]!
      block[at + 3] = intensity?.[i] ?? 0
    }
    yield block
    next = last + 1
  }
  if (next < cloud.declared) yield new Float32Array((cloud.declared - next) * 4).fill(Number.NaN)
}

/** The rows of a stored cloud, which stays on this machine while they are read. */
const openRows = (media: TaskMedia, frame: number) =>
  async function* () {
    const { file, name } = media.frames![frame]!
    const { promise, resolve } = Promise.withResolvers<void>()
    const path = await new Promise<string>((found, failed) => {
      withFiles([file], async ([path]) => {
        found(path!)
        await promise
      }).catch(failed)
    })
    try {
      yield* readRows(path, name)
    } finally {
      resolve()
    }
  }

export async function* readFrames(place: Place, withClouds: boolean): AsyncGenerator<CloudFrame> {
  const labels = new Map(place.labels.map((label) => [label.id, label]))
  for (const { frame, name } of place.frames)
    yield {
      ...nameContent(frame, await mergeFrame(place.jobs, frame), labels),
      name,
      count: await countPoints(place.media, frame),
      ...(withClouds && { readPoints: openRows(place.media, frame) }),
    }
}

export const targetOf = async ({ media, labels, frames }: Place): Promise<CloudTarget> => ({
  labels,
  frames: await Promise.all(frames.map(async ({ frame, name }) => ({ frame, name, count: await countPoints(media, frame) }))),
})
