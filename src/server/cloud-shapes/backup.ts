// What is drawn on the point clouds of a task's jobs as a file of a backup: labels and attributes by name, a frame at a time.

import { toRowRuns } from '../../formats/cloud-shapes/row-runs'
import { FormatError } from '../../formats/format-error'
import type { DatasetFile } from '../../formats/io/dataset-files'
import { readJsonPieces } from '../../formats/io/json-reader'
import type { Label } from '../../formats/model'
import { db, type Tx } from '../db/open'
import { ApiError } from '../http/errors'
import type { LabelTree } from '../labels/service'
import { settleSegments } from './paint'
import { readContent } from './read-body'
import { listFrames, loadFrame, lockRevision, putShapes, replaceSegments } from './store'

export const savedShapesFile = 'cloud_shapes.json'

type Json = Record<string, unknown>
type Job = { id: number; startFrame: number; stopFrame: number }

const showFrame = async (job: number, frame: number, labels: ReadonlyMap<number, Label>): Promise<string> => {
  const { segments, shapes } = await loadFrame(db, job, frame)
  const name = (id: number) => labels.get(id)?.name
  return JSON.stringify({
    frame,
    segments: segments.map(({ labelId, instance, rows }) => ({ label: name(labelId), instance, runs: toRowRuns(rows) })),
    shapes: shapes.map(({ uid, type, labelId, points, attributes }) => {
      const specs = new Map(labels.get(labelId)?.attributes.map(({ id, name }) => [id, name]))
      const values = attributes.flatMap(({ spec_id, value }) => (specs.has(spec_id) ? [{ name: specs.get(spec_id), value }] : []))
      return { uid, type, label: name(labelId), points, attributes: values }
    }),
  })
}

async function* write(jobs: readonly Job[], labels: ReadonlyMap<number, Label>): AsyncGenerator<string> {
  let separator = '['
  for (const { id } of jobs) {
    yield `${separator}{"frames":[`
    separator = ','
    for (const [i, frame] of (await listFrames(db, [id])).entries()) yield (i ? ',' : '') + (await showFrame(id, frame, labels))
    yield ']}'
  }
  yield ']'
}

/** The file's text: a list with one object a job, in their order. Undefined when there is nothing to keep. */
export const writeSavedShapes = async (
  jobs: readonly Job[],
  labels: readonly LabelTree[],
): Promise<AsyncGenerator<string> | undefined> => {
  const frames = await listFrames(
    db,
    jobs.map(({ id }) => id),
  )
  return frames.length ? write(jobs, new Map(labels.map((label) => [label.id, label]))) : undefined
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Names become ids. */
const nameBack = (frame: Json, labels: readonly Label[], fail: (reason: string) => never): Json => {
  const find = ({ label }: Json): Label =>
    labels.find(({ name }) => name === label) ?? fail(`there is no label ${JSON.stringify(label ?? null)}`)
  return {
    ...frame,
    segments: listOf(frame.segments).map((one) => ({ ...one, label_id: find(one).id })),
    shapes: listOf(frame.shapes).map((one) => {
      const label = find(one)
      const attributes = listOf(one.attributes).map(({ name, value }) => {
        const spec = label.attributes.find((attribute) => attribute.name === name)
        return { spec_id: spec?.id ?? fail(`label "${label.name}" has no attribute ${JSON.stringify(name ?? null)}`), value }
      })
      return { ...one, label_id: label.id, attributes }
    }),
  }
}

/** The list as the one member of an object, which is what the reader of pieces takes. */
async function* wrap(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const text = new TextEncoder()
  yield text.encode('{"jobs":')
  yield* stream
  yield text.encode('}')
}
const maxJobBytes = 2 ** 30
/** Clouds are not looked at here: more points than this none has. */
const mostPoints = 2 ** 31

/** What the file has of each job, in their order. */
async function* readSavedShapes(file: DatasetFile): AsyncGenerator<unknown[]> {
  const options = { file: file.name, keys: new Set(['jobs']), maxPieceBytes: maxJobBytes }
  for await (const pieces of readJsonPieces(wrap(file.stream()), options))
    for (const { value, index } of pieces) {
      if (index === undefined || !isObject(value)) throw new FormatError('a list of objects is needed', { file: file.name })
      yield listOf(value.frames)
    }
}

/** Writes what a backup has of jobs that were just made. Throws FormatError naming the file and the field. */
export const saveShapes = async (t: Tx, file: DatasetFile, own: readonly Job[], labels: readonly LabelTree[]): Promise<void> => {
  const byId = new Map(labels.map((label) => [label.id, label]))
  let at = 0
  for await (const frames of readSavedShapes(file)) {
    const job = own[at]
    if (!job) throw new FormatError(`There are more lists than the ${own.length} jobs`, { file: file.name })
    const limits = {
      labels: byId,
      allows: (frame: number) => frame >= job.startFrame && frame <= job.stopFrame,
      range: `job ${at} (frames ${job.startFrame} to ${job.stopFrame})`,
      countPoints: async () => mostPoints,
    }
    if (frames.length) await lockRevision(t, job.id)
    for (const [i, frame] of frames.entries()) {
      const fail = (reason: string): never => {
        throw new FormatError(reason, { file: file.name, field: `[${at}].frames[${i}]` })
      }
      const [content] = await readContent({ frames: [nameBack(frame as Json, labels, fail)] }, limits).catch((error) => {
        if (!(error instanceof ApiError)) throw error
        const [field, reason] = Object.entries(error.body)[0] ?? ['', '']
        return fail(`${field.replace('frames[0].', '')}: ${reason}`)
      })
      await replaceSegments(t, job.id, content!.frame, settleSegments(content!.segments))
      await putShapes(t, job.id, content!.shapes)
    }
    at++
  }
}
