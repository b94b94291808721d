// Exports a project, task or job: rows stream out of the database through a format's writer into a zip in storage.

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type ItemFrame, streamItems } from '../../formats/items'
import type { Dataset } from '../../formats/model'
import { type Exporter, exportDataset, findExporter } from '../../formats/registry'
import { createCompleter, loadTracks } from '../annotations/service'
import { loadCalibration } from '../calibration/service'
import { type CloudFile, putCloudFile, readCloudFile } from '../cloud-storages/service'
import { config } from '../config'
import { findDatasetFrames, frameNames, loadTaskMedia, mediaFacts, readFrame, readRelated } from '../data/service'
import { db } from '../db/open'
import { safeFileName } from '../http/downloads'
import { ApiError, invalid, refused } from '../http/errors'
import { findJob, getJob, type Job, jobsOfTask } from '../jobs/service'
import { type LabelTree, labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { findProject, getProject } from '../projects/service'
import { type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import { findTask, getTask, labelParent, type TaskRow } from '../tasks/service'
import { findPersonRef } from './person-ref'
import { listTasksWithData, openProjectDataset } from './project-dataset'
import { findEqualResult, nameResult } from './share-result'
import { streamShapes, streamTags, toTrack } from './stream-rows'
import { createTidier } from './tidy-memory'

/** `query` may name a cloud storage that the result goes to. */
export type ExportOptions = {
  format: string
  saveImages: boolean
  origin: string
  query?: { location?: string; cloud_storage_id?: string; filename?: string }
}
type Target = 'project' | 'task' | 'job'

const requireExporter = (name: string | undefined): Exporter => {
  if (!name) throw invalid({ format: 'This field is required.' })
  const format = findExporter(name)
  if (!format) throw refused('Unknown format specified for the request')
  return format
}

/** What is to be exported, as far as a request tells it; a project may be empty. Throws 404, 403, and 400 for a task without data. */
const findPlace = async (who: Who, target: Target, id: number) => {
  if (target === 'project') {
    const project = await getProject(who, id, 'export')
    const [first] = await listTasksWithData(project)
    const { organizationId: orgId, targetStorage } = project
    return { projectId: id, taskId: null, jobId: null, orgId, targetStorage, dimension: first?.task.dimension }
  }
  const { task, data } = target === 'task' ? await getTask(who, id, 'export') : await getJob(who, id, 'export')
  if (!data) throw new ApiError(400, ['The task has no data to export.'])
  const { projectId, organizationId: orgId, targetStorage, dimension } = task
  return { projectId, taskId: task.id, jobId: target === 'job' ? id : null, orgId, targetStorage, dimension }
}

/** Checks that the person may export and what they ask for exists; answers the request to start. */
export const planExport = async (who: Who, target: Target, id: number, options: ExportOptions): Promise<NewRequest> => {
  const format = requireExporter(options.format)
  const { dimension, targetStorage, ...place } = await findPlace(who, target, id)
  // CVAT's own XML holds point clouds as well.
  // A project may come to hold tasks of both dimensions; what a format cannot carry is left out.
  if (target !== 'project' && dimension && format.dimension !== dimension && !format.name.startsWith('CVAT'))
    throw invalid({ format: `${options.format} is a ${format.dimension} format, the ${target} is ${dimension}.` })
  const subresource = options.saveImages ? 'dataset' : 'annotations'
  const cloud = await readCloudFile(who, options.query ?? {}, targetStorage)
  return {
    id: requestId({ action: 'export', target, target_id: id, user_id: who.user.id, subresource, format: options.format }),
    action: 'export',
    target,
    subresource,
    ...place,
    format: options.format,
    chore: 'export-dataset',
    payload: {
      saveImages: options.saveImages,
      origin: options.origin,
      ...(cloud && { cloud }),
      ...(options.query?.filename && !cloud && { filename: options.query.filename }),
    },
  }
}

type Source = TaskRow & { job: Job | null }

/** Frames of a video leave as PNG. */
const extensionOf = (name: string) => /\.[^./]+$/.exec(name)?.[0] ?? '.PNG'

/** The whole export as a format sees it; nothing is read before it is asked for. */
export const openDataset = async ({ task, data, job }: Source, origin: string, saveImages: boolean): Promise<Dataset> => {
  const { isExported, ownsGroundTruth } = await findDatasetFrames(task.id, job)
  const all = await jobsOfTask(task.id)
  const own = job ? [job] : all.filter(({ type }) => type === 'annotation')
  const groundTruth = job || !ownsGroundTruth ? [] : all.filter(({ type }) => type === 'ground_truth')
  const jobIds = [...own, ...groundTruth].map(({ id }) => id)
  const first = job?.startFrame ?? 0
  const last = job?.stopFrame ?? data!.size - 1
  const labels: LabelTree[] = await labelsOf(labelParent(task))
  const complete = createCompleter(labels)
  const taskMedia = await loadTaskMedia(task.id)
  const facts = await mediaFacts(task.id)
  const calibration = task.dimension === '3d' && data ? await loadCalibration(data) : undefined
  async function* itemFrames(): AsyncGenerator<ItemFrame> {
    for await (const { number, name, width, height, related } of frameNames(task.id)) {
      if (!isExported(number)) continue
      const media = { extension: extensionOf(name), read: async () => (await readFrame(taskMedia, number)).bytes }
      const known = calibration?.frames[number]
      const beside = related.map((one, at) => {
        const camera = calibration?.cameras[known?.cameras[at] ?? -1]
        return { name: one.name.slice(one.name.lastIndexOf('/') + 1), read: () => readRelated(one), ...(camera && { camera }) }
      })
      yield {
        name,
        frame: number,
        sourceFrame: facts.startFrame + number * facts.step,
        width,
        height,
        subset: task.subset,
        ...(saveImages && { media }),
        ...(beside.length && { related: beside }),
        ...(known?.pose && { pose: known.pose }),
      }
    }
  }
  const tracks = (await loadTracks(db, jobIds)).map((track) => toTrack(track, complete))
  return {
    info: {
      kind: job ? 'job' : 'task',
      id: job?.id ?? task.id,
      name: task.name,
      mode: task.mode as 'annotation' | 'interpolation',
      size: last - first + 1,
      overlap: task.overlap ?? 0,
      bugtracker: task.bugTracker,
      created: job?.createdDate ?? task.createdDate,
      updated: job?.updatedDate ?? task.updatedDate,
      subset: task.subset,
      startFrame: job ? job.startFrame : facts.startFrame,
      stopFrame: job ? job.stopFrame : facts.stopFrame,
      frameFilter: data!.frameFilter,
      segments: own.map(({ id, startFrame, stopFrame }) => ({
        id,
        start: startFrame,
        stop: stopFrame,
        url: `${origin}/api/jobs/${id}`,
      })),
      owner: await findPersonRef(task.ownerId),
      assignee: await findPersonRef(job ? job.assigneeId : task.assigneeId),
      ...(facts.video && { video: { width: facts.video.width, height: facts.video.height, source: facts.video.name } }),
    },
    labels,
    tracks,
    items: streamItems({
      frames: itemFrames(),
      shapes: streamShapes(jobIds, first, last, complete),
      tags: streamTags(jobIds, first, last, complete),
      tracks,
      endFrame: last,
    }),
  }
}

const stamp = (date: Date) => date.toISOString().slice(0, 19).replace(/[-T:]/g, '_')

const openTarget = async (row: RequestRow, origin: string, saveImages: boolean, isFlat = false): Promise<Dataset> => {
  if (row.target === 'project') {
    const open = (task: TaskRow) => openDataset({ ...task, job: null }, origin, saveImages)
    return openProjectDataset(await findProject(row.projectId!), open, isFlat)
  }
  const found = row.jobId === null ? { ...(await findTask(row.taskId!)), job: null } : await findJob(row.jobId)
  return openDataset(found, origin, saveImages)
}

/** `<task>_<name>_<annotations>_<time>_<coco_1.0>.zip`, unless the person gave a name. */
const nameFile = async (row: RequestRow, format: Exporter): Promise<string> => {
  const { filename } = row.payload as ExportPayload
  if (filename) return /\.zip$/i.test(filename) ? filename : `${filename}.zip`
  const owner =
    row.target === 'project'
      ? (await findProject(row.projectId!)).name
      : row.jobId === null
        ? (await findTask(row.taskId!)).task.name
        : row.jobId
  return `${row.target}_${owner}_${row.subresource}_${stamp(new Date())}_${format.name}_${format.version}.zip`.toLowerCase()
}

type ExportPayload = { saveImages: boolean; origin: string; cloud?: CloudFile; filename?: string }

/** Runs an export: hands on the result of an equal one, else writes the zip under a temporary name and moves it into the results. */
export const runExport = async (row: RequestRow, report: Report): Promise<Result> => {
  const { cloud } = row.payload as ExportPayload
  const format = requireExporter(row.format ?? undefined)
  const shareKey = await nameResult(row)
  const name = await nameFile(row, format)
  const equal = await findEqualResult(row, shareKey)
  if (equal) {
    if (!cloud) return { file: equal, name, shareKey }
    await putCloudFile(cloud, safeFileName(name), Bun.file(await storage().local(equal)))
    return {}
  }
  const tempDir = join(config().dataDir, 'cache', `export-${row.key}`)
  await mkdir(tempDir, { recursive: true })
  try {
    const tempFile = await writeArchive(row, format, tempDir, report)
    if (cloud) {
      await putCloudFile(cloud, safeFileName(name), Bun.file(tempFile))
      return {}
    }
    const file = `results/${row.key}.zip`
    await storage().adopt(file, tempFile)
    // What changed while the archive was written may be in it or not.
    return { file, name, shareKey: (await nameResult(row)) === shareKey ? shareKey : null }
  } finally {
    await rm(tempDir, { recursive: true, force: true })
  }
}

const writeArchive = async (row: RequestRow, format: Exporter, tempDir: string, report: Report): Promise<string> => {
  const { saveImages, origin } = row.payload as ExportPayload
  const dataset = await openTarget(row, origin, saveImages, format.flat)
  const total = Math.max(1, dataset.info.size)
  async function* counted(items: Dataset['items']) {
    let done = 0
    const tidy = createTidier()
    for await (const item of items) {
      yield item
      tidy(item.shapes.length)
      await report(++done / total)
    }
  }
  const file = join(tempDir, 'result.zip')
  const sink = Bun.file(file).writer({ highWaterMark: 1 << 20 })
  for await (const bytes of exportDataset(format, { ...dataset, items: counted(dataset.items) }, { saveImages, tempDir })) {
    sink.write(bytes)
    await sink.flush()
  }
  await sink.end()
  return file
}
