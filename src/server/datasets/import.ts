// Imports an annotation file into a task or job: read and matched whole, then stored in one transaction.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openBlob } from '../../formats/io/byte-source'
import { createFrameLookup, type FrameInfo } from '../../formats/match'
import type { Shape, Tag, Track } from '../../formats/model'
import { findImporter, importDataset } from '../../formats/registry'
import { importAnnotations } from '../annotations/service'
import { type CloudFile, fetchCloudFile } from '../cloud-storages/service'
import { config } from '../config'
import { findDatasetFrames, frameNames, mediaFacts } from '../data/service'
import { invalid, notFound, refused } from '../http/errors'
import { findJob, getJob } from '../jobs/service'
import { labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import { findTask, getTask, labelParent } from '../tasks/service'

export type ImportOptions = { format: string; mode: 'replace' | 'append'; masksToPolygons: boolean }
type Target = 'task' | 'job'

/** Checks that the person may import into this and, where one is given, that the format is known. */
export const authorizeImport = async (who: Who, target: Target, id: number, format: string | undefined) => {
  const row = target === 'task' ? { ...(await getTask(who, id, 'import')), job: null } : await getJob(who, id, 'import')
  if (format === '') throw invalid({ format: 'This field is required.' })
  if (format !== undefined && !findImporter(format)) throw refused('Unknown format specified for the request')
  if (!row.data) throw refused('The task has no data to import annotations for.')
  return row
}

/** The request that imports an uploaded file, which lies in storage under `file`. */
export const planImport = async (
  who: Who,
  target: Target,
  id: number,
  file: string,
  options: ImportOptions,
  /** Set when the file has to be fetched first. */
  cloud?: CloudFile,
): Promise<NewRequest> => {
  const { task } = await authorizeImport(who, target, id, options.format)
  return {
    id: requestId({ action: 'import', target, target_id: id, user_id: who.user.id, subresource: 'annotations' }),
    action: 'import',
    target,
    subresource: 'annotations',
    projectId: task.projectId,
    taskId: task.id,
    jobId: target === 'job' ? id : null,
    orgId: task.organizationId,
    format: options.format,
    chore: 'import-annotations',
    payload: { ...options, file, ...(cloud && { cloud }) },
  }
}

/** Brings a file from a cloud storage into the storage under `file`. */
const fetchFile = async (cloud: CloudFile, file: string) => {
  const folder = join(config().dataDir, 'cache/fetched')
  await mkdir(folder, { recursive: true })
  const path = join(folder, crypto.randomUUID())
  await fetchCloudFile(cloud, path, config().upload_bytes)
  await storage().adopt(file, path)
}

/** Runs an import. On any error the old annotations stay as they were. */
export const runImport = async (row: RequestRow, report: Report): Promise<Result> => {
  const { file, mode, masksToPolygons, cloud } = row.payload as ImportOptions & { file: string; cloud?: CloudFile }
  const format = findImporter(row.format ?? '')
  if (!format) throw notFound(`Unknown format ${row.format}`)
  const { task, job } = row.jobId === null ? { ...(await findTask(row.taskId!)), job: null } : await findJob(row.jobId)
  const { startFrame, step } = await mediaFacts(task.id)
  const { isImported } = await findDatasetFrames(task.id, job)
  const frames: FrameInfo[] = []
  for await (const { number, name, width, height } of frameNames(task.id))
    if (isImported(number)) frames.push({ frame: number, name, width, height })
  const target = {
    labels: await labelsOf(labelParent(task)),
    frames: createFrameLookup({ frames, startFrame, step }),
    masksToPolygons,
  }
  const found = { tags: [] as Tag[], shapes: [] as Shape[], tracks: [] as Track[] }
  if (cloud) await fetchFile(cloud, file)
  const source = openBlob(Bun.file(storage().localPath(file)))
  for await (const finding of importDataset(format, source, target)) {
    if (finding.kind === 'shape') found.shapes.push(finding.shape)
    else if (finding.kind === 'tag') found.tags.push(finding.tag)
    else found.tracks.push(finding.track)
    await report(0.5)
  }
  await importAnnotations({ task, job }, found, mode, row.userId)
  await storage().remove(file)
  return {}
}
