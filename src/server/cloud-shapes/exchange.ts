// Exports and imports of what is drawn on point clouds, as requests of their own: CVAT's formats know nothing of it.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cloudFormats, findCloudFormat } from '../../formats/cloud-shapes/formats'
import type { CloudContent, CloudFormat } from '../../formats/cloud-shapes/model'
import { FormatError } from '../../formats/format-error'
import { openBlob } from '../../formats/io/byte-source'
import { openDatasetFiles } from '../../formats/io/dataset-files'
import { writeZip } from '../../formats/io/zip-writer'
import type { Label } from '../../formats/model'
import { actAs } from '../auth/service'
import { config } from '../config'
import { type Tx, tx } from '../db/open'
import { ApiError, forbidden, invalid, refused } from '../http/errors'
import { findJob, getJob, type Job } from '../jobs/service'
import type { Who } from '../policy/who'
import { findAsker, type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import { findTask, getTask, type TaskRow } from '../tasks/service'
import { paintSegments, settleSegments } from './paint'
import { hasFrame, openPlace, readFrames, targetOf } from './places'
import type { FrameContent } from './read-body'
import { readContent } from './read-body'
import { settleSave, tellSaved } from './save'
import { clearShapes, loadFrame, lockRevision, putShapes, replaceSegments } from './store'

export type Target = 'task' | 'job'
export const importModes = ['replace', 'append'] as const
type Mode = (typeof importModes)[number]

const requireFormat = (name: string | undefined): CloudFormat => {
  if (!name) throw invalid({ format: 'This field is required.' })
  return (
    findCloudFormat(name) ??
    (() => {
      throw invalid({ format: `"${name}" is not one of ${cloudFormats.map((format) => format.name).join(', ')}.` })
    })()
  )
}

const findPlace = async (who: Who, target: Target, id: number, action: 'export' | 'import'): Promise<TaskRow> => {
  const row = target === 'task' ? await getTask(who, id, action) : await getJob(who, id, action)
  if (!row.data) throw refused('The task has no data.')
  if (row.task.dimension !== '3d') throw refused('The task has no point clouds.')
  return row
}

const describe = ({ task }: TaskRow, target: Target, id: number) => ({
  target,
  projectId: task.projectId,
  taskId: task.id,
  jobId: target === 'job' ? id : null,
  orgId: task.organizationId,
})

/** The request that exports what is drawn on the clouds of a task or job. */
export const planExport = async (
  who: Who,
  target: Target,
  id: number,
  options: { format?: string; saveClouds: boolean },
): Promise<NewRequest> => {
  const { name } = requireFormat(options.format)
  const row = await findPlace(who, target, id, 'export')
  return {
    id: requestId({ action: 'export', target, target_id: id, user_id: who.user.id, subresource: 'cloud-shapes', format: name }),
    action: 'export',
    subresource: 'cloud-shapes',
    ...describe(row, target, id),
    format: name,
    chore: 'export-cloud-shapes',
    payload: { saveClouds: options.saveClouds },
  }
}

/** Throws unless the person may export what is drawn here. */
export const authorizeExport = (who: Who, target: Target, id: number) => findPlace(who, target, id, 'export')

/** Throws unless the person may import such a file here. */
export const authorizeImport = async (who: Who, target: Target, id: number, format: string | undefined) => {
  if (format) requireFormat(format)
  return findPlace(who, target, id, 'import')
}

/** The request that imports an uploaded file, which lies in storage under `file`. */
export const planImport = async (
  who: Who,
  target: Target,
  id: number,
  file: string,
  options: { format?: string; mode?: string },
): Promise<NewRequest> => {
  const { name } = requireFormat(options.format)
  const mode = importModes.find((one) => one === (options.mode || 'replace'))
  if (!mode) throw invalid({ mode: `"${options.mode}" is not a valid choice.` })
  const row = await findPlace(who, target, id, 'import')
  return {
    id: requestId({ action: 'import', target, target_id: id, user_id: who.user.id, subresource: 'cloud-shapes' }),
    action: 'import',
    subresource: 'cloud-shapes',
    ...describe(row, target, id),
    format: name,
    chore: 'import-cloud-shapes',
    payload: { file, mode },
  }
}

const findSource = async (row: RequestRow): Promise<{ found: TaskRow; job: Job | null }> => {
  if (row.jobId === null) return { found: await findTask(row.taskId!), job: null }
  const found = await findJob(row.jobId)
  return { found, job: found.job }
}

const stamp = (date: Date) => date.toISOString().slice(0, 19).replace(/[-T:]/g, '_')

/** Writes the archive under a temporary name and moves it into the results. */
export const runCloudExport = async (row: RequestRow, report: Report): Promise<Result> => {
  const format = requireFormat(row.format ?? undefined)
  const { found, job } = await findSource(row)
  const place = await openPlace(found, job, 'export')
  const tempDir = join(config().dataDir, 'cache', `export-${row.key}`)
  await mkdir(tempDir, { recursive: true })
  try {
    const tempFile = join(tempDir, 'result.zip')
    const sink = Bun.file(tempFile).writer({ highWaterMark: 1 << 20 })
    async function* counted() {
      let done = 0
      for await (const frame of readFrames(place, row.payload.saveClouds === true)) {
        yield frame
        await report(++done / place.frames.length)
      }
    }
    const dataset = { name: found.task.name, labels: place.labels, frames: counted() }
    for await (const bytes of writeZip(format.write(dataset), new Date())) {
      sink.write(bytes)
      await sink.flush()
    }
    await sink.end()
    const file = `results/${row.key}.zip`
    await storage().adopt(file, tempFile)
    const owner = job ? job.id : found.task.name
    return { file, name: `${row.target}_${owner}_cloud-shapes_${stamp(new Date())}_${format.name}.zip`.toLowerCase() }
  } finally {
    await rm(tempDir, { recursive: true, force: true })
  }
}

/** Names become ids; the shapes get names of their own where they have none. */
const nameBack = ({ frame, segments, shapes }: CloudContent, labels: ReadonlyMap<string, Label>) => ({
  frame,
  segments: segments.map(({ label, instance, rows }) => ({ labelId: labels.get(label)!.id, instance, rows })),
  shapes: shapes.map(({ uid, type, label, points, attributes }) => {
    const owner = labels.get(label)!
    const specs = new Map(owner.attributes.map(({ name, id }) => [name, id]))
    return {
      ...(/^[\w-]{1,64}$/.test(uid) && { uid }),
      type,
      label_id: owner.id,
      points,
      attributes: attributes.map(({ name, value }) => ({ spec_id: specs.get(name)!, value })),
    }
  }),
})

const saveFrame = async (t: Tx, jobId: number, content: FrameContent, mode: Mode, hasShapes: boolean) => {
  const { frame, segments, shapes } = content
  if (mode === 'append') {
    const there = await loadFrame(t, jobId, frame)
    await replaceSegments(t, jobId, frame, paintSegments(there.segments, segments))
  } else {
    // A format without shapes says nothing of those that are there.
    if (hasShapes) await clearShapes(t, jobId, [frame])
    await replaceSegments(t, jobId, frame, settleSegments(segments))
  }
  await putShapes(t, jobId, shapes)
}

/** Reads everything, then saves it in one transaction: on any error all stays as it was. */
export const runCloudImport = async (row: RequestRow, report: Report): Promise<Result> => {
  const { file, mode } = row.payload as { file: string; mode: Mode }
  try {
    const format = requireFormat(row.format ?? undefined)
    const { found, job } = await findSource(row)
    const asker = await findAsker(row)
    if (!asker) throw forbidden()
    const who: Who = { ...(await actAs(asker.user)), ...asker }
    const place = await openPlace(found, job, 'import')
    const files = await openDatasetFiles(openBlob(Bun.file(storage().localPath(file))))
    const labels = new Map(place.labels.map((label) => [label.name, label]))
    const byId = new Map(place.labels.map((label) => [label.id, label]))
    const contents: FrameContent[] = []
    for await (const content of format.read(files, await targetOf(place))) {
      const { shapes, segments, frame } = nameBack(content, labels)
      const limits = { labels: byId, allows: () => true, range: 'the task', countPoints: async () => 0 }
      const [checked] = await readContent({ frames: [{ frame, shapes }] }, limits).catch((error) => {
        if (!(error instanceof ApiError)) throw error
        const [field, reason] = Object.entries(error.body)[0] ?? ['', '']
        throw new FormatError(String(reason), { item: String(frame), field: field.replace('frames[0].', '') })
      })
      contents.push({ frame, segments, shapes: checked!.shapes })
      await report((0.8 * contents.length) / Math.max(1, place.frames.length), 'Reading')
    }
    if (!contents.length) throw new FormatError('Nothing was imported: the archive has no frame of this task')
    const told: [Awaited<ReturnType<typeof findJob>>, number, number[]][] = []
    await tx(async (t) => {
      for (const { id } of place.jobs) {
        const target = await findJob(id, t)
        const own = contents.filter(({ frame }) => hasFrame(target.job, frame))
        if (!own.length) continue
        const revision = (await lockRevision(t, id)) + 1
        for (const content of own) await saveFrame(t, id, content, mode, format.shapes.length > 0)
        const frames = own.map(({ frame }) => frame)
        await settleSave(t, who, target, revision, { frames, counts: { imported: own.length } })
        told.push([target, revision, frames])
      }
    })
    for (const [target, revision, frames] of told) tellSaved(who, target, revision, frames)
    return { message: '' }
  } finally {
    await storage().remove(file)
  }
}
