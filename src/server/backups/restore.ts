import { eq } from 'drizzle-orm'
import { FormatError } from '../../formats/format-error'
import { openBlob } from '../../formats/io/byte-source'
import { type DatasetFile, openDatasetFiles } from '../../formats/io/dataset-files'
import { actAs } from '../auth/service'
import { savedShapesFile } from '../cloud-shapes/service'
import { type CloudFile, fetchCloudFile, getCloudStorage } from '../cloud-storages/service'
import { type Tx } from '../db/open'
import { recordChange } from '../events/service'
import { removeAssetFiles } from '../guides/service'
import { forbidden } from '../http/errors'
import { applyLabels } from '../labels/service'
import { authorize } from '../policy/can'
import type { OrgContext, Who } from '../policy/who'
import { projects } from '../projects/schema'
import { showProjects } from '../projects/service'
import { requests } from '../requests/schema'
import { findAsker, isRepeated, type NewRequest, type Report, type RequestRow, type Result, requestId } from '../requests/service'
import { storage } from '../storage/storage'
import type { BackupTarget } from './export'
import { layFrames } from './lay-frames'
import { annotationsFile, projectFile, taskFile } from './layout'
import { readBackupAnnotations } from './read-annotations'
import { readBackupCalibration } from './read-calibration'
import { type PreparedGuide, prepareGuide, saveGuide } from './read-guide'
import { type ProjectPlan, readProjectPlan, readTaskPlan, type TaskPlan } from './read-manifest'
import type { Place, PreparedTask } from './save-task'
import { type Saved, saveTasks } from './save-tasks'
import { readBucketMedia, stageMedia } from './stage-media'

type Payload = { file: string; organizationId: number | null; cloud?: CloudFile }
type Files = ReadonlyMap<string, DatasetFile>

const organizationOf = (context: OrgContext) => (context.kind === 'organization' ? context.id : null)

/** Throws 403 unless the person may create such things in this context. */
export const authorizeRestore = (who: Who, target: BackupTarget, context: OrgContext): void =>
  authorize(who, target, 'create', { organizationId: organizationOf(context), parents: [] })

/** The request that restores the file, which lies in storage under `file`, or is to be fetched there first. */
export const planRestore = (who: Who, target: BackupTarget, context: OrgContext, file: string, cloud?: CloudFile): NewRequest => {
  authorizeRestore(who, target, context)
  const organizationId = organizationOf(context)
  const payload: Payload = { file, organizationId, ...(cloud && { cloud }) }
  return {
    id: requestId({ action: 'import', target, id: crypto.randomUUID(), subresource: 'backup' }),
    action: 'import',
    target,
    subresource: 'backup',
    orgId: organizationId,
    chore: 'import-backup',
    payload,
  }
}

/** Files below a folder of the archive by what follows it. */
const filesBelow = (files: Files, folder: string): Files =>
  new Map([...files].flatMap(([name, file]) => (name.startsWith(folder) ? [[name.slice(folder.length), file]] : [])))

const requireFile = (files: Files, name: string, folder = ''): DatasetFile => {
  const file = files.get(name)
  if (!file) throw new FormatError('This file of a backup is missing', { file: folder + name })
  return file
}

/** The bucket of a lightweight backup, when it is still there and the person may see it; else one has to be connected later. */
const findBucket = async (who: Who, { data }: TaskPlan): Promise<number | null> => {
  if (!data.bucket) return null
  try {
    const { id, providerType, resource } = await getCloudStorage(who, data.bucket.id)
    return providerType === data.bucket.provider_type && resource === data.bucket.resource ? id : null
  } catch {
    return null
  }
}

const prepareTask = async (
  who: Who,
  files: Files,
  folder: string,
  target: string,
  report: (done: number) => Promise<void>,
): Promise<PreparedTask> => {
  const plan = await readTaskPlan(requireFile(files, taskFile, folder))
  const annotations = requireFile(files, annotationsFile, folder)
  const isInBucket =
    plan.data.isInBucket && ![...files.keys()].some((name) => /^data\/(?!manifest\.jsonl$|index\.json$)/.test(name))
  const media = isInBucket
    ? await readBucketMedia(files)
    : await stageMedia({ files, target, sortingMethod: plan.data.sortingMethod, report })
  return {
    plan,
    media,
    laid: layFrames(plan, media),
    annotations: { file: annotations.name, read: (labels) => readBackupAnnotations(annotations, labels) },
    cloudShapes: files.get(savedShapesFile),
    guide: await prepareGuide(files),
    calibration: await readBackupCalibration(files, folder),
    folder: isInBucket ? undefined : target,
    cloudStorageId: isInBucket ? await findBucket(who, plan) : null,
  }
}

type Prepared = { project: (ProjectPlan & { guide: PreparedGuide | undefined }) | undefined; tasks: PreparedTask[] }

const listTaskFolders = (files: Files): string[] => {
  const folders = new Map<number, string>()
  for (const name of files.keys()) {
    const [folder, number] = /^task_(\d{1,9})\//.exec(name) ?? []
    if (folder) folders.set(Number(number), folder)
  }
  return [...folders].sort(([a], [b]) => a - b).map(([, folder]) => folder)
}

const prepare = async (who: Who, files: Files, target: BackupTarget, folder: string, report: Report): Promise<Prepared> => {
  if (target === 'task') {
    const task = await prepareTask(who, files, '', `${folder}/0`, (done) => report(done * 0.8, 'Unpacking media'))
    return { project: undefined, tasks: [task] }
  }
  const plan = await readProjectPlan(requireFile(files, projectFile))
  const guide = await prepareGuide(files)
  const folders = listTaskFolders(files)
  const prepared: PreparedTask[] = []
  for (const [n, one] of folders.entries()) {
    const tell = (done: number) => report((0.8 * (n + done)) / folders.length, 'Unpacking media')
    prepared.push(await prepareTask(who, filesBelow(files, one), one, `${folder}/${n}`, tell))
  }
  return { project: { ...plan, guide }, tasks: prepared }
}

const saveProject = async (t: Tx, { guide, ...plan }: NonNullable<Prepared['project']>, place: Place): Promise<number> => {
  const { who, now, organizationId } = place
  const [project] = await t
    .insert(projects)
    .values({
      name: plan.name,
      bugTracker: plan.bugTracker,
      status: plan.status,
      ownerId: who.user.id,
      organizationId,
      createdDate: now,
      updatedDate: now,
    })
    .returning()
  await applyLabels(t, { projectId: project!.id }, plan.labels, { who, now, organizationId })
  if (guide) await saveGuide(t, { projectId: project!.id }, guide, place)
  const [after] = await showProjects(who.origin ?? '', [project!], t)
  await recordChange(t, who, { action: 'create', resource: 'project', id: project!.id, organizationId, after: after! })
  return project!.id
}

const openArchive = async (file: string): Promise<Files> => {
  const { bare, list } = await openDatasetFiles(openBlob(Bun.file(await storage().local(file))))
  if (bare) throw new FormatError('A backup must be a zip archive')
  return new Map(list.map((one) => [one.name, one]))
}

const listAssets = ({ project, tasks }: Prepared) =>
  [project?.guide, ...tasks.map(({ guide }) => guide)].flatMap((guide) => guide?.assets.map(({ uuid }) => uuid) ?? [])

const idOf = ({ projectId, taskIds }: Saved) => projectId ?? taskIds[0]!

/** Runs a restore; nothing of it stays behind when it fails. */
export const runRestore = async (row: RequestRow, report: Report): Promise<Result> => {
  const { file, organizationId, cloud } = row.payload as Payload
  const folder = `data/restore-${row.key}`
  let prepared: Prepared | undefined
  try {
    // An earlier run was cut off after its commit.
    if (row.resultId !== null) {
      await storage().remove(file)
      return { id: row.resultId }
    }
    const asker = await findAsker(row)
    if (!asker) throw forbidden()
    const who: Who = { ...(await actAs(asker.user)), ...asker }
    if (cloud) await fetchCloudFile(cloud, file)
    await storage().remove(folder)
    prepared = await prepare(who, await openArchive(file), row.target as BackupTarget, folder, report)
    await report(0.9, 'Writing annotations')
    const place: Place = { who, now: new Date(), organizationId, projectId: null }
    const { project, tasks } = prepared
    const begin = async (t: Tx) => (project ? saveProject(t, project, place) : null)
    const saved = await saveTasks(tasks, place, begin, (t, made) =>
      t
        .update(requests)
        .set({ resultId: idOf(made) })
        .where(eq(requests.id, row.id)),
    )
    await storage().remove(file)
    return { id: idOf(saved) }
  } catch (error) {
    if (prepared) await removeAssetFiles(listAssets(prepared))
    if (!isRepeated(error)) await storage().remove(file)
    throw error
  } finally {
    await storage().remove(folder)
  }
}
