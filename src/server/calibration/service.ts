// Calibration of a task: which camera took which picture beside the clouds, and where the scanner stood on each frame.
import { resolveCalibration, type TaskCalibration } from '../../formats/calibration/task-calibration'
import {
  type CalibrationFile,
  type CalibrationRow,
  deleteCalibration,
  findCalibration,
  isInSpan,
  mediaOf,
  readCalibrationFiles,
  saveCalibration,
  sourceFrame,
  storeCalibration,
  type TaskData,
} from '../data/service'
import { tx } from '../db/open'
import { ApiError, notFound, refused } from '../http/errors'
import { isoTime } from '../http/json'
import { getJob } from '../jobs/service'
import { nameContextImages } from '../media/context-images'
import { mediaPath, probeImage, type Related, readCloudName, type TaskMedia } from '../media/media'
import type { Who } from '../policy/who'
import { storage } from '../storage/storage'
import { getTask, touchTask } from '../tasks/service'

/** What is known of the frames of a task, by task frame. */
export type Calibration = TaskCalibration & { images: Related[][] }

const none: CalibrationFile[] = []

/** The size of a picture that lies here; nothing for one in a bucket, or one that cannot be read. */
const measure = async ({ name, file }: Related) => {
  if (readCloudName(file)) return undefined
  return probeImage(await mediaPath(file), name).catch(() => undefined)
}

/** Holds the sizes that files tell against one picture of each camera, and fills in what they leave out. */
const checkSizes = async (resolved: TaskCalibration, images: Related[][]): Promise<TaskCalibration> => {
  const cameras = [...resolved.cameras]
  const problems = [...resolved.problems]
  const wrong = new Set<number>()
  for (const [at, camera] of cameras.entries()) {
    const frame = resolved.frames.findIndex((one) => one.cameras.includes(at))
    const picture = images[frame]?.[resolved.frames[frame]!.cameras.indexOf(at)]
    const size = picture && (await measure(picture))
    if (!size) continue
    if (camera.width === undefined) cameras[at] = { ...camera, width: size.width, height: size.height }
    else if (camera.width !== size.width || camera.height !== size.height) {
      wrong.add(at)
      const message = `${picture.name}: the picture has ${size.width} × ${size.height} pixels, its camera ${camera.name} ${camera.width} × ${camera.height}`
      problems.push({ file: picture.name, message })
    }
  }
  const frames = resolved.frames.map((frame) => ({
    ...frame,
    cameras: frame.cameras.map((at) => (at !== null && wrong.has(at) ? null : at)),
  }))
  return { cameras, frames, problems }
}

const resolve = async (files: readonly CalibrationFile[], data: TaskData, media: TaskMedia): Promise<Calibration> => {
  const own = media.frames ? Array.from({ length: media.size }, (_, number) => media.frames![number]!) : []
  const images = own.map(({ file }) => [...(media.related?.get(file) ?? [])])
  const frames = own.map(({ name }, number) => ({
    name,
    number: sourceFrame(data, number),
    images: images[number]!.map((image) => image.name),
  }))
  return { ...(await checkSizes(resolveCalibration(files, frames), images)), images }
}

/** What was worked out last, by the files and the media. */
const kept = new Map<string, Promise<Calibration>>()
const mostKept = 8

/** Also what the media cache counts by; frames that were appended change it too. */
const keyOf = (row: CalibrationRow | undefined, media: TaskMedia) => `${row?.file ?? ''} ${media.version} ${media.size}`

const resolveRow = async (row: CalibrationRow | undefined, data: TaskData, media: TaskMedia): Promise<Calibration> => {
  if (!row) return resolve(none, data, media)
  const files = await readCalibrationFiles(row).catch(() => undefined)
  const known = await resolve(files ?? none, data, media)
  if (files) return known
  const file = row.names[0] ?? row.file
  return { ...known, problems: [{ file, message: `${file}: the calibration files are gone from the storage` }] }
}

const load = (row: CalibrationRow | undefined, data: TaskData, media: TaskMedia): Promise<Calibration> => {
  const key = `${media.taskId} ${keyOf(row, media)}`
  const known = kept.get(key) ?? resolveRow(row, data, media)
  kept.delete(key)
  kept.set(key, known)
  known.catch(() => kept.delete(key))
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!)
  return known
}

/** Cameras and poses of all frames of a task; nothing while no calibration is there. For exports and other features. */
export const loadCalibration = async (data: TaskData): Promise<Calibration | undefined> => {
  const row = await findCalibration(data.taskId)
  return row && load(row, data, await mediaOf(data))
}

/** In figures, for people. */
export const describeCalibration = async (data: TaskData) => {
  const row = await findCalibration(data.taskId)
  if (!row) return { files: [], cameras: 0, poses: 0, problems: [] }
  const { cameras, frames, problems } = await load(row, data, await mediaOf(data))
  return {
    files: row.names,
    cameras: new Set(cameras.map(({ name }) => name)).size,
    poses: frames.filter(({ pose }) => pose).length,
    problems,
  }
}

type Span = Parameters<typeof isInSpan>[1]
export type Shown = { etag: string; text: () => Promise<string> }

const requireData = (data: TaskData | null): TaskData => {
  if (!data) throw notFound('The task has no data.')
  return data
}

/** The answer for the frames of a span, in the order of frames; its text is made only when the client has none of this ETag. */
const show = async (data: TaskData, span: Span): Promise<Shown> => {
  const row = await findCalibration(data.taskId)
  const media = await mediaOf(data)
  const mark = JSON.stringify([keyOf(row, media), span.startFrame, span.stopFrame, span.frames ?? null])
  return {
    etag: `"${Bun.hash(mark).toString(36)}"`,
    text: async () => {
      const { cameras, frames, images, problems } = await load(row, data, media)
      const shown = frames.flatMap(({ cameras: own, pose }, frame) => {
        if (!isInSpan(frame, span)) return []
        const entries = nameContextImages(images[frame]!.map(({ name }) => name))
        return [{ frame, images: own.map((camera, i) => ({ name: images[frame]![i]!.name, entry: entries[i], camera })), pose }]
      })
      return JSON.stringify({
        files: row?.names ?? [],
        updated_date: row ? isoTime(row.updatedDate) : null,
        cameras,
        frames: shown,
        problems,
      })
    },
  }
}

export const showAllFrames = (data: TaskData): Promise<Shown> => show(data, { startFrame: 0, stopFrame: data.size - 1 })

/** Throws 403, 404. */
export const showTaskCalibration = async (who: Who, taskId: number): Promise<Shown> =>
  showAllFrames(requireData((await getTask(who, taskId)).data))

export const showJobCalibration = async (who: Who, jobId: number): Promise<Shown> => {
  const { data, job } = await getJob(who, jobId)
  return show(requireData(data), job)
}

/** Refusals that come before the body is read. */
export const requireChangeable = async (who: Who, taskId: number): Promise<TaskData> => {
  const { data, task } = await getTask(who, taskId, 'update')
  const there = requireData(data)
  if (task.dimension !== '3d') throw refused('Only tasks of point clouds have a calibration.')
  return there
}

/**
 * Puts these files in the place of those that are there. Throws 400 naming the file when one is wrong, when none of the cameras took a
 * picture of the task, or a picture has another size than its camera; nothing is changed then.
 */
export const replaceCalibration = async (data: TaskData, files: readonly CalibrationFile[]): Promise<void> => {
  const { taskId } = data
  if (!files.length) throw refused('At least one calibration file is needed.')
  const twin = files.find(({ name }, i) => files.findIndex((one) => one.name === name) !== i)
  if (twin) throw refused(`${twin.name}: two files have this name`)
  const { problems, cameras, frames } = await resolve(files, data, await mediaOf(data))
  const isKnown = cameras.length > 0 || frames.some(({ pose }) => pose)
  const names = new Set(files.map(({ name }) => name))
  // Single pictures without a camera are told, not refused.
  const fatal = problems.filter(({ file, message }) => names.has(file) || / pixels, its camera /.test(message))
  if (fatal.length || !isKnown)
    throw new ApiError(400, fatal.length ? fatal.map(({ message }) => message) : [`${files[0]!.name}: tells nothing of the frames of this task`]) // biome-ignore format: one line
  const file = await storeCalibration(taskId, files)
  const before = await tx(async (t) => {
    const now = new Date()
    await touchTask(t, taskId, now)
    return saveCalibration(t, taskId, file, files.map(({ name }) => name), now) // biome-ignore format: one line
  }).catch(async (error) => {
    await storage().remove(file)
    throw error
  })
  if (before) await storage().remove(before)
}

export const removeCalibration = async (who: Who, taskId: number): Promise<void> => {
  await getTask(who, taskId, 'update')
  const before = await tx(async (t) => {
    const file = await deleteCalibration(t, taskId)
    if (file) await touchTask(t, taskId)
    return file
  })
  if (before) await storage().remove(before)
}
