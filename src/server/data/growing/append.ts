// The work of an `append-frames` request: new pictures become new frames and jobs of a task that has some already.
import { randomUUID } from 'node:crypto'
import { ApiError, conflict, invalid, notFound } from '../../http/errors'
import { listUploads, removeUploads } from '../../http/uploads'
import { isVideoFrame, MediaError } from '../../media/media'
import type { Report, RequestRow, Result } from '../../requests/service'
import { isRepeated, requestId, startRequest } from '../../requests/service'
import { storage } from '../../storage/storage'
import { findTask } from '../../tasks/service'
import { addCalibration } from '../calibration-files'
import { chooseFrames } from '../cut'
import { appendPurpose, rawFolder } from '../files'
import { adoptFiles } from '../ingest'
import type { DataParameters } from '../parameters'
import { dimensionOf, judgeMixture, type Picture, probeFiles, type Source, type SourceFile } from '../probe-files'
import { findMedia, removeOpened } from '../sources/contents/find-media'
import { gatherFiles } from '../sources/origins/gather'
import { mapSome } from '../sources/origins/raw-files'
import { findTaskData, mediaOf } from '../stored-media'
import { requireGrowable } from './growable'
import { type AppendPayload, saveAppended } from './save-appended'

export const appendId = (taskId: number) =>
  requestId({ action: 'create', target: 'task', target_id: taskId, subresource: 'append' })

type Asker = Parameters<typeof startRequest>[0]
type Start = Pick<AppendPayload, 'parameters' | 'segmentSize' | 'watch'>

/** Starts to append; throws 409 while frames are being appended to the task, so that none of two requests is lost. */
export const startAppend = async (asker: Asker, taskId: number, start: Start): Promise<string> => {
  const { task } = await findTask(taskId)
  const payload: AppendPayload = { taskId, nonce: randomUUID(), ...start }
  const row = await startRequest(asker, {
    id: appendId(taskId),
    action: 'create',
    target: 'task',
    subresource: 'append',
    taskId,
    projectId: task.projectId,
    orgId: task.organizationId,
    chore: 'append-frames',
    payload,
  })
  if ((row.payload as AppendPayload).nonce !== payload.nonce)
    throw conflict('Frames are being added to the task already; try again when that is done.')
  return row.id
}

const shownNames = 5
const nameSome = (names: string[]) =>
  names.slice(0, shownNames).join(', ') + (names.length > shownNames ? ` and ${names.length - shownNames} more` : '')
const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** What was done, in words. */
const describe = (added: number, known: string[], bad: string[]) =>
  [
    added ? `${plural(added, 'frame')} added` : 'no frame added',
    ...(known.length ? [`${plural(known.length, 'file')} skipped, whose names the task has already: ${nameSome(known)}`] : []),
    ...(bad.length ? [`${plural(bad.length, 'file')} not usable: ${nameSome(bad)}`] : []),
  ].join('; ')

/** Probes files one by one and leaves out those that are no pictures; `bad` says why, beginning with their names. */
const probeUsable = async (files: SourceFile[]): Promise<{ usable: Source[]; bad: Map<string, string> }> => {
  const bad = new Map<string, string>()
  const found = await mapSome(files, 4, async (file) => {
    try {
      const [source] = await probeFiles([file], async () => {})
      if (source!.kind !== 'video') return source!
      bad.set(file.name, `${file.name} is a video`)
    } catch (error) {
      if (!(error instanceof MediaError || error instanceof ApiError)) throw error
      bad.set(file.name, error.message)
    }
    return undefined
  })
  return { usable: found.filter((source) => source !== undefined), bad }
}

/** The pictures of a request, or of a watch, where bad ones do not hold up the others. */
const probeNew = async (files: SourceFile[], isWatch: boolean, dimension: string, report: Report) => {
  const { usable, bad } = isWatch
    ? await probeUsable(files)
    : {
        usable: await probeFiles(files, (done) => report(0.5 + done * 0.4, 'Looking at the files')),
        bad: new Map<string, string>(),
      }
  if (!usable.length) return { pictures: [] as Picture[], bad }
  const media = judgeMixture(usable)
  const [film] = media.kind === 'video' ? [media.video] : media.pictures.filter(({ file }) => isVideoFrame(file))
  if (film || media.kind === 'video')
    throw new ApiError(400, { client_files: [`Only pictures can be appended: ${film!.name} is of a video.`] })
  if (dimensionOf(media) !== dimension)
    throw new ApiError(400, {
      client_files: [`The task is ${dimension.toUpperCase()}: ${media.pictures[0]!.name} does not fit.`],
    })
  return { pictures: media.pictures, bad }
}

const chooseUsed = (pictures: Picture[], parameters: DataParameters): Picture[] => {
  if (!pictures.length) return []
  const { startFrame, step, size } = chooseFrames(pictures.length, parameters)
  return Array.from({ length: size }, (_, i) => pictures[startFrame + i * step]!)
}

const append = async (row: RequestRow, report: Report, folder: string): Promise<Result> => {
  const { userId, payload } = row
  const { taskId, parameters, watch, done } = payload as AppendPayload
  // A run that was cut off after its commit has nothing left to do.
  if (done !== undefined) return { message: done }
  const { task } = await findTask(taskId)
  const data = await requireGrowable(taskId, await findTaskData(taskId))
  const names = new Set(Object.values((await mediaOf(data)).frames ?? {}).map(({ name }) => name))
  const known = new Set<string>()
  const isKnown = (name: string) => {
    if (names.has(name)) known.add(name)
    return names.has(name)
  }
  const uploads = userId === null || watch ? [] : await listUploads(userId, appendPurpose(taskId))
  const bad = new Map<string, string>()
  const options = { folder, isKnown, ...(watch && { onBad: (name: string, why: string) => void bad.set(name, why) }) }
  const gathered = await gatherFiles(options, await adoptFiles(folder, uploads), parameters, report)
  if (!gathered.files.length && !known.size && !bad.size) throw new ApiError(400, { client_files: ['No media data found.'] })
  const tell = (part: number) => report(part * 0.5, 'Looking into the files')
  const { manifest } = gathered
  const looking = { parameters, manifest, folder: `${folder}/contents`, report: tell }
  const { files, calibration, opened } = await findMedia(gathered.files, looking)
  const fresh = files.filter(({ name }) => !isKnown(name))
  const found = await probeNew(fresh, watch !== undefined, task.dimension, report)
  for (const [name, why] of found.bad) bad.set(name, why)
  const used = chooseUsed(found.pictures, parameters)
  const message = describe(used.length, [...known], watch ? [...bad.values()] : [])
  if (!used.length && !watch) throw new ApiError(400, { client_files: [`Nothing was added: ${message}.`] })
  if (known.size && parameters.jobFiles) throw invalid({ job_file_mapping: `Nothing was added: ${message}.` })
  await report(0.95, 'Writing frames and jobs')
  if (used.length) await addCalibration(taskId, calibration)
  await saveAppended(row, { pictures: used, uploads, message })
  // The frames are there; what is left over only takes room.
  await removeOpened(opened, folder).catch(() => {})
  return { message }
}

/** Leaves the task as it was before. */
const forgetFiles = async ({ userId, payload }: RequestRow, folder: string) => {
  const { taskId, watch } = payload as AppendPayload
  if (userId !== null && !watch) await removeUploads(await listUploads(userId, appendPurpose(taskId)))
  await storage().remove(folder)
}

/**
 * The work of an `append-frames` request, for runRequest. May be repeated at any time. Existing frames, jobs and annotations are never
 * touched; files whose names the task has already are passed over and told. An error names the file at fault and leaves nothing behind.
 */
export const appendFrames = async (row: RequestRow, report: Report): Promise<Result> => {
  const { taskId } = row.payload as AppendPayload
  const folder = `${rawFolder(taskId)}/appended/${row.key}`
  try {
    return await append(row, report, folder)
  } catch (error) {
    if (isRepeated(error)) throw error
    await forgetFiles(row, folder)
    throw error instanceof ApiError && error.status === 404 ? notFound('The task was removed meanwhile.') : error
  }
}
