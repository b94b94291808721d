import { and, eq, ne } from 'drizzle-orm'
import { materialiseLabels } from '../../formats/convert/materialise'
import type { DeclaredLabel, Finding } from '../../formats/format'
import { FormatError } from '../../formats/format-error'
import { observe, type SeenLabel } from '../../formats/inspect/observe'
import { openBlob } from '../../formats/io/byte-source'
import { type DatasetFile, type DatasetFiles, openDatasetFiles } from '../../formats/io/dataset-files'
import { createFrameLookup, createLabelLookup, type LabelLookup } from '../../formats/match'
import type { Label } from '../../formats/model'
import { findImporter, type Importer, readDataset } from '../../formats/registry'
import { actAs } from '../auth/service'
import { type PreparedTask, saveTasks } from '../backups/service'
import { type CloudFile, fetchCloudFile } from '../cloud-storages/service'
import { taskData } from '../data/schema'
import { db, type Tx } from '../db/open'
import { ApiError, forbidden, invalid, notFound, refused } from '../http/errors'
import { applyLabels, type LabelInput, labelsOf } from '../labels/service'
import type { Who } from '../policy/who'
import { findProject, getProject, type Project } from '../projects/service'
import { requests } from '../requests/schema'
import { findAsker, isRepeated, type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import { tasks } from '../tasks/schema'
import { collectFrames, type FrameCollector } from './project-frames'
import { indexPictures, unpackPictures } from './project-pictures'
import { prepareSubset, sortFindings } from './project-tasks'

/** `isDone`: the tasks are there. */
type Payload = { file: string; masksToPolygons: boolean; cloud?: CloudFile; isDone?: boolean }

/** Checks that the person may import into this project and, where one is given, that the format is known. */
export const authorizeProjectImport = async (who: Who, id: number, format: string | undefined): Promise<Project> => {
  const project = await getProject(who, id, 'import')
  if (format === '') throw invalid({ format: 'This field is required.' })
  if (format !== undefined && !findImporter(format)) throw refused(`Unknown input format '${format}'`)
  return project
}

/** The pictures come with the dataset, so it cannot be a bare file. */
export const requireArchiveName = (name: string): void => {
  if (!/\.zip$/i.test(name)) throw refused('Dataset file should be zip archive')
}

export type ProjectImportOptions = { format: string; masksToPolygons: boolean }

/** The request that imports the file, which lies in storage under `file`, or is to be fetched there first. */
export const planProjectImport = async (
  who: Who,
  id: number,
  file: string,
  { format, masksToPolygons }: ProjectImportOptions,
  cloud?: CloudFile,
): Promise<NewRequest> => {
  const project = await authorizeProjectImport(who, id, format)
  const payload: Payload = { file, masksToPolygons, ...(cloud && { cloud }) }
  return {
    id: requestId({ action: 'import', target: 'project', target_id: id, subresource: 'dataset' }),
    action: 'import',
    target: 'project',
    subresource: 'dataset',
    projectId: id,
    orgId: project.organizationId,
    format,
    chore: 'import-project-dataset',
    payload,
  }
}

/** All tasks of a project are 2D, or all are 3D. */
const checkDimension = async (projectId: number, dimension: string) => {
  const [other] = await db
    .select({ dimension: tasks.dimension })
    .from(tasks)
    .innerJoin(taskData, eq(taskData.taskId, tasks.id))
    .where(and(eq(tasks.projectId, projectId), ne(tasks.dimension, dimension)))
    .limit(1)
  if (other) throw refused(`The dataset is ${dimension}, but the tasks of the project are ${other.dimension}.`)
}

/** Labels that the project gets when it has none; else its own, which must be all that the dataset uses. */
const settleLabels = (own: Label[], declared: readonly DeclaredLabel[], seen: ReadonlyMap<string, SeenLabel>): Label[] => {
  if (!own.length) return materialiseLabels(declared, seen)
  const missing = [...seen.values()].find(({ isKnown, count, label }) => !isKnown && count > 0 && label.name !== 'background')
  if (missing) throw new FormatError(`Target project does not have label with name "${missing.label.name}"`)
  return own
}

const drain = async (findings: AsyncIterable<unknown>) => {
  for await (const _ of findings) {
    // Only what the reader asks for counts.
  }
}

/** The black of masks need not be a label. */
const background: Label = { id: -1, name: 'background', color: '', type: 'any', attributes: [], sublabels: [] }
const withBackground = (labels: Label[]): LabelLookup => {
  const lookup = createLabelLookup(labels)
  const isMissing = !labels.some(({ name }) => name === background.name)
  return { ...lookup, get: (name, place) => (isMissing && name === background.name ? background : lookup.get(name, place)) }
}
const labelOf = (finding: Finding) =>
  finding.kind === 'shape' ? finding.shape.label_id : finding.kind === 'tag' ? finding.tag.label_id : finding.track.label_id
async function* keepDrawn(findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
  for await (const finding of findings) if (labelOf(finding) !== background.id) yield finding
}

/** Takes note of the files that are opened. */
const noteOpened = (files: DatasetFiles, opened: Set<string>): DatasetFiles => {
  const note = (file: DatasetFile): DatasetFile => ({
    ...file,
    stream: () => {
      opened.add(file.name)
      return file.stream()
    },
    bytes: (limit) => {
      opened.add(file.name)
      return file.bytes(limit)
    },
  })
  const list = files.list.map(note)
  const byName = new Map(list.map((file) => [file.name, file]))
  return { ...files, list, get: (name) => byName.get(name) }
}

type Read = { format: Importer; files: DatasetFiles; own: Label[]; frames: FrameCollector; masksToPolygons: boolean }

/** Reads twice: first for the frames and labels that the dataset names, then for its annotations. */
const readTwice = async ({ format, files, own, frames, masksToPolygons }: Read) => {
  const description = (await format.describe?.(files)) ?? { labels: [] }
  const watched = observe(createFrameLookup({ frames: [] }), own, description)
  const opened = new Set<string>()
  const target = { frames: frames.lookup, labels: watched.labels, masksToPolygons }
  await drain(readDataset(format, noteOpened(files, opened), target))
  const subsets = frames.settle(opened)
  const labels = settleLabels(own, description.labels, watched.seenLabels)
  const findings = readDataset(format, files, { frames: frames.replay(), labels: withBackground(labels), masksToPolygons })
  return { subsets, labels, drawn: await sortFindings(keepDrawn(findings), frames) }
}

const noPictures = 'The dataset holds no pictures that tasks could be made of: upload all of it as one zip archive.'

const prepare = async (project: Project, row: RequestRow, folder: string, report: Report) => {
  const { file, masksToPolygons } = row.payload as Payload
  const format = findImporter(row.format ?? '')
  if (!format) throw notFound(`Unknown format ${row.format}`)
  await checkDimension(project.id, format.dimension)
  const files = await openDatasetFiles(openBlob(Bun.file(await storage().local(file))))
  if (files.bare) throw refused('Dataset file should be zip archive')
  const pictures = await unpackPictures(format, files, `${folder}/pictures`, (done) => report(done * 0.6, 'Unpacking pictures'))
  const own = await labelsOf({ projectId: project.id })
  const frames = collectFrames(pictures, indexPictures(pictures))
  await report(0.6, 'Reading annotations')
  const { subsets, labels, drawn } = await readTwice({ format, files, own, frames, masksToPolygons })
  if (!pictures.length) throw new FormatError(noPictures)
  const prepared: PreparedTask[] = []
  for (const [n, subset] of subsets.entries()) {
    const staging = { files, folder: `${folder}/${n}`, dimension: format.dimension, labels, source: 'The dataset' }
    prepared.push(await prepareSubset(subset, drawn.get(subset), staging))
    await report(0.7 + (0.2 * n) / subsets.length, 'Tasks from the dataset are being created')
  }
  return { prepared, created: own.length ? [] : labels }
}

const toInput = ({ id: _, attributes, sublabels, ...label }: Label): LabelInput => ({
  ...label,
  attributes: attributes.map(({ id: _, ...attribute }) => attribute),
  sublabels: sublabels.map((sublabel) => ({ ...toInput(sublabel), id: sublabel.id })),
})

/** Runs an import. When it fails, the project is as it was. */
export const runProjectImport = async (row: RequestRow, report: Report): Promise<Result> => {
  const { file, cloud, isDone } = row.payload as Payload
  const folder = `data/import-${row.key}`
  try {
    // An earlier run was cut off after its commit.
    if (isDone) {
      await storage().remove(file)
      return {}
    }
    const asker = await findAsker(row)
    if (!asker) throw forbidden()
    const who: Who = { ...(await actAs(asker.user)), ...asker }
    const project = await findProject(row.projectId!)
    if (cloud) await fetchCloudFile(cloud, file)
    await storage().remove(folder)
    const { prepared, created } = await prepare(project, row, folder, report)
    await report(0.9, 'Writing annotations')
    const place = { who, now: new Date(), organizationId: project.organizationId, ownerId: project.ownerId }
    const begin = async (t: Tx) => {
      await applyLabels(t, { projectId: project.id }, created.map(toInput), place)
      return project.id
    }
    await saveTasks(prepared, place, begin, (t) =>
      t
        .update(requests)
        .set({ payload: { ...row.payload, isDone: true } })
        .where(eq(requests.id, row.id)),
    )
    await storage().remove(file)
    return {}
  } catch (error) {
    if (!isRepeated(error)) await storage().remove(file)
    // Files of the dataset are meant, not fields of a request.
    throw error instanceof ApiError && error.status === 404 ? new FormatError(String(Object.values(error.body).flat()[0])) : error
  } finally {
    await storage().remove(folder)
  }
}
