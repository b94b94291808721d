// Imports an annotation file into a task or job: read and matched whole, then stored in one transaction.

import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DeclaredLabel, type Finding, nameFormat } from '../../formats/format'
import { FormatError } from '../../formats/format-error'
import { inspectDataset } from '../../formats/inspect/inspect'
import { type ImportMapping, readMapping } from '../../formats/inspect/mapping'
import type { ByteSource } from '../../formats/io/byte-source'
import { createRecordSpool, type RecordSpool } from '../../formats/io/record-spool'
import type { Shape, Tag, Track } from '../../formats/model'
import { findImporter, type Importer, importDataset } from '../../formats/registry'
import { importAnnotations, importBatches } from '../annotations/service'
import { type CloudFile, fetchCloudFile } from '../cloud-storages/service'
import { config } from '../config'
import { invalid, notFound, refused } from '../http/errors'
import { getJob } from '../jobs/service'
import type { Who } from '../policy/who'
import { getProject } from '../projects/service'
import { isRepeated, type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import { getTask } from '../tasks/service'
import { chooseOffers, createLabels } from './create-labels'
import type { ImportOptions } from './import-options'
import { openTarget } from './target'
import { createTidier } from './tidy-memory'
import { openUploaded } from './uploaded-file'

export type ImportPayload = ImportOptions & { file: string; cloud?: CloudFile }
type Target = 'task' | 'job'

/** Checks that the person may import into this and, where one is given, that the format is known. */
export const authorizeImport = async (who: Who, target: Target, id: number, format: string | undefined) => {
  const row = target === 'task' ? { ...(await getTask(who, id, 'import')), job: null } : await getJob(who, id, 'import')
  if (format === '') throw invalid({ format: 'This field is required.' })
  if (format !== undefined && !findImporter(format)) throw refused('Unknown format specified for the request')
  if (!row.data) throw refused('The task has no data to import annotations for.')
  return row
}

/** Labels are made where they belong: by those who may change the task, or the project that it is in. */
const authorizeLabels = async (who: Who, task: { id: number; projectId: number | null }) =>
  task.projectId === null ? getTask(who, task.id, 'update') : getProject(who, task.projectId, 'update')

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
  if (options.createLabels) await authorizeLabels(who, task)
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

/** Runs an import. On any error the old annotations stay as they were. */
export const runImport = async (row: RequestRow, report: Report): Promise<Result> => {
  const { file } = row.payload as ImportPayload
  try {
    return { ...(await importFile(row, report)), used: file }
  } catch (error) {
    if (!isRepeated(error)) await storage().remove(file)
    throw error
  }
}

const importFile = async (row: RequestRow, report: Report): Promise<Result> => {
  const { file, mode, masksToPolygons, cloud, mapping, createLabels: wanted } = row.payload as ImportPayload
  const format = findImporter(row.format ?? '')
  if (!format) throw notFound(`Unknown format ${row.format}`)
  const { task, job, labels, frames, parent } = await openTarget(row)
  if (cloud) await fetchCloudFile(cloud, file)
  const source = await openUploaded(file)
  const target = { labels, frames, masksToPolygons, ...(mapping && { mapping: readMapping(mapping) }) }
  if (wanted)
    target.labels = await createLabels(row, parent, await planLabels(source, { ...target, createLabels: wanted }, format))
  const tempDir = join(config().dataDir, 'cache', `import-${row.key}`)
  await mkdir(tempDir, { recursive: true })
  const spool = createRecordSpool<Finding>(tempDir)
  const tidy = createTidier()
  try {
    for await (const finding of importDataset(format, source, target)) {
      spool.append(0, finding)
      tidy(1)
      await report(source.progress(3) * 0.9, 'Reading')
    }
    const message = spool.count ? '' : await explainNothing(source, target, format)
    await report(0.9, 'Saving')
    const place = { task: task!, job }
    if (spool.count > maxAtOnce) await importBatches(place, listBatches(spool), mode, row.userId)
    else await importAnnotations(place, collect(spool.list()), mode, row.userId)
    return { message }
  } finally {
    spool.dispose()
    await rm(tempDir, { recursive: true, force: true })
  }
}

/** Annotations that are stored as one change like any other; more go in by batches. */
const maxAtOnce = 20_000
const batchSize = 5000

const collect = (findings: Iterable<Finding>) => {
  const found = { tags: [] as Tag[], shapes: [] as Shape[], tracks: [] as Track[] }
  for (const finding of findings) {
    if (finding.kind === 'shape') found.shapes.push(finding.shape)
    else if (finding.kind === 'tag') found.tags.push(finding.tag)
    else found.tracks.push(finding.track)
  }
  return found
}

function* listBatches(spool: RecordSpool<Finding>) {
  const tidy = createTidier()
  let batch: Finding[] = []
  for (const finding of spool.list()) {
    batch.push(finding)
    if (batch.length < batchSize) continue
    yield collect(batch)
    tidy(batch.length)
    batch = []
  }
  if (batch.length) yield collect(batch)
}

type ReadTarget = Pick<Awaited<ReturnType<typeof openTarget>>, 'labels' | 'frames'> & {
  masksToPolygons: boolean
  mapping?: ImportMapping
}

/** The labels to be made. Throws FormatError when the import would fail all the same: then none is made. */
const planLabels = async (
  source: ByteSource,
  target: ReadTarget & { createLabels: boolean | string[] },
  format: Importer,
): Promise<DeclaredLabel[]> => {
  const { report } = await inspectDataset(source, target, format)
  const [problem] = report.problems
  if (problem) throw new FormatError(problem.message)
  const [lost] = report.items.files
  if (lost) throw new FormatError(`Could not match item id: '${lost.name}' with any task frame`)
  return chooseOffers(report, target.createLabels)
}

/**
 * What is said of an archive that could be read and holds no annotation. When it names frames of the task, that is what it says of
 * them, as CVAT has it; otherwise nothing would be imported: throws FormatError.
 */
const explainNothing = async (source: ByteSource, target: ReadTarget, format: Importer): Promise<string> => {
  const { matched, total } = (await inspectDataset(source, target, format)).report.items
  if (matched && !target.mapping) return `The file holds no annotations: ${matched} of its ${total} items match frames.`
  const why = total ? `${matched} of its ${total} items match frames` : 'it names no item'
  throw new FormatError(`Nothing was imported: ${why}, and there is no annotation on them that ${nameFormat(format)} can carry.`)
}
