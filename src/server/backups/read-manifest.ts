// Reads task.json and project.json of a backup. Whatever is wrong is told with the file and the field.
import { FormatError } from '../../formats/format-error'
import type { DatasetFile } from '../../formats/io/dataset-files'
import { asBoolean, asNumber, asNumbers, asObject, asText, createMemberReader, type Members } from '../../formats/json-values'
import type { ChunkType } from '../data/schema'
import type { LabelInput } from '../labels/service'
import { type BackupBucket, type BackupJob, backupVersion } from './layout'

const sortingMethods = ['lexicographical', 'natural', 'predefined', 'random'] as const
export type SortingMethod = (typeof sortingMethods)[number]

export type JobPlan = Omit<BackupJob, 'frames'> & { frames: number[] | null }

/** Source frames that a task uses. */
export type FrameUse = {
  startFrame: number /** Undefined: to the end. */
  stopFrame: number | undefined
  frameFilter: string
  step: number
}

export type DataPlan = {
  chunkSize: number | undefined
  imageQuality: number
  storageMethod: string
  isInBucket: boolean
  bucket: BackupBucket | undefined
  sortingMethod: SortingMethod
  chunkType: ChunkType | undefined
  deletedFrames: number[]
  hasOwnSegments: boolean
  use: FrameUse
  /** What the task says of its source, when that is more than the backup holds. */
  shownUse: FrameUse | undefined
  pool: { files: string[]; framesPerJob: number; disabledFiles: string[] } | undefined
}

export type TaskPlan = {
  name: string
  bugTracker: string
  status: string
  subset: string
  replicas: number
  labels: LabelInput[]
  data: DataPlan
  jobs: JobPlan[]
}
export type ProjectPlan = { name: string; bugTracker: string; status: string; labels: LabelInput[] }

const maxBytes = 1 << 28

const readObject = async (file: DatasetFile): Promise<Members> => {
  const bytes = await file.bytes(maxBytes)
  try {
    return createMemberReader(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), { file: file.name })
  } catch (error) {
    if (error instanceof FormatError) throw error
    throw new FormatError('The file is not JSON', { file: file.name })
  }
}

const asCount = (value: unknown) => {
  const number = asNumber(value)
  return number !== undefined && Number.isInteger(number) && number >= 0 && number < 2 ** 31 ? number : undefined
}
const asFrames = (value: unknown) =>
  asNumbers(value)?.every((one) => asCount(one) !== undefined) ? (value as number[]) : undefined
const asList = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : undefined)
const asTexts = (value: unknown) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? (value as string[]) : undefined
const asChoice =
  <C extends string>(...choices: C[]) =>
  (value: unknown) =>
    choices.find((choice) => choice === value)
const asShortText = (length: number) => (value: unknown) => {
  const text = asText(value)
  return text !== undefined && text.length <= length ? text : undefined
}

const checkVersion = (members: Members) => {
  const version = members.require('version', asText)
  if (version !== backupVersion) throw members.fail('version', `Version ${version} of backups is not supported`)
}

const readEach = <T>(members: Members, name: string, read: (one: Members) => T): T[] =>
  (members.get(name, asList) ?? []).map((entry, i) => {
    const { file, item } = members.place
    return read(createMemberReader(entry, { file, item: `${item ? `${item}.` : ''}${name}[${i}]` }))
  })

const readAttribute = (one: Members) => ({
  name: one.require('name', asText),
  mutable: one.get('mutable', asBoolean) ?? false,
  input_type: one.require('input_type', asText),
  default_value: one.get('default_value', asText),
  values: one.get('values', asList)?.map(String) ?? [],
})
const readLabel = (one: Members): LabelInput => ({
  name: one.require('name', asShortText(64)),
  color: one.get('color', asText),
  type: one.get('type', asText) ?? 'any',
  attributes: readEach(one, 'attributes', readAttribute),
  sublabels: readEach(one, 'sublabels', readLabel),
  svg: one.get('svg', asText),
})

const statuses = asChoice('annotation', 'validation', 'completed')

const readJob = (one: Members): JobPlan => {
  const start = one.require('start_frame', asCount)
  const stop = one.require('stop_frame', asCount)
  if (stop < start) throw one.fail('stop_frame', `lies before start_frame (${start})`)
  const frames = one.get('frames', asFrames)
  const type = one.get('type', asChoice('annotation', 'ground_truth', 'consensus_replica')) ?? 'annotation'
  return {
    start_frame: start,
    stop_frame: stop,
    frames: frames?.length ? frames : null,
    status: one.get('status', statuses) ?? 'annotation',
    type,
    files: one.get('files', asTexts),
  }
}

const readUse = (members: Members): FrameUse => {
  const frameFilter = members.get('frame_filter', asText) ?? ''
  const [, step] = /^\s*step\s*=\s*([1-9]\d{0,8})\s*$/.exec(frameFilter) ?? []
  if (frameFilter && !step) throw members.fail('frame_filter', 'must be "step=N" with N from 1')
  const stopFrame = members.get('stop_frame', asCount)
  const startFrame = members.get('start_frame', asCount) ?? 0
  if (stopFrame !== undefined && stopFrame < startFrame)
    throw members.fail('stop_frame', `lies before start_frame (${startFrame})`)
  return { startFrame, stopFrame, frameFilter: step ? `step=${step}` : '', step: Number(step ?? 1) }
}

const readInside = (members: Members, name: string): Members | undefined => {
  const value = members.get(name, asObject)
  return value && createMemberReader(value, { file: members.place.file, item: name })
}

const readPool = (data: Members): DataPlan['pool'] => {
  const layout = readInside(data, 'validation_layout')
  if (layout?.get('mode', asText) !== 'gt_pool') return undefined
  return {
    files: layout.require('frames', asTexts),
    framesPerJob: layout.require('frames_per_job_count', asCount),
    disabledFiles: layout.get('disabled_frames', asTexts) ?? [],
  }
}

const readBucket = (data: Members): BackupBucket | undefined => {
  const bucket = readInside(data, 'cloud_storage')
  return (
    bucket && {
      id: bucket.require('id', asCount),
      provider_type: bucket.require('provider_type', asText),
      resource: bucket.require('resource', asText),
    }
  )
}

const readData = (members: Members): DataPlan => {
  const data = createMemberReader(members.require('data', asObject), { file: members.place.file, item: 'data' })
  const shown = readInside(data, 'used_frames')
  const quality = data.get('image_quality', asCount) ?? 70
  if (quality < 1 || quality > 100) throw data.fail('image_quality', 'must be from 1 to 100')
  return {
    chunkSize: data.get('chunk_size', asCount) || undefined,
    imageQuality: quality,
    storageMethod: data.get('storage_method', asChoice('cache', 'file_system')) ?? 'cache',
    isInBucket: data.get('storage', asChoice('local', 'share', 'cloud_storage')) === 'cloud_storage',
    bucket: readBucket(data),
    sortingMethod: data.get('sorting_method', asChoice(...sortingMethods)) ?? 'lexicographical',
    chunkType: data.get('chunk_type', asChoice('imageset', 'video', 'list')),
    deletedFrames: data.get('deleted_frames', asFrames) ?? [],
    hasOwnSegments: data.get('custom_segments', asBoolean) ?? false,
    use: readUse(data),
    shownUse: shown && readUse(shown),
    pool: readPool(data),
  }
}

/** Throws FormatError. */
export const readTaskPlan = async (file: DatasetFile): Promise<TaskPlan> => {
  const task = await readObject(file)
  checkVersion(task)
  const jobs = readEach(task, 'jobs', readJob)
  if (!jobs.some(({ type }) => type === 'annotation')) throw task.fail('jobs', 'there is no job to annotate')
  const replicas = task.get('consensus_replicas', asCount) ?? 0
  if (replicas > 20) throw task.fail('consensus_replicas', 'at most 20 are allowed')
  return {
    name: task.require('name', asShortText(256)),
    bugTracker: task.get('bug_tracker', asShortText(2000)) ?? '',
    status: task.get('status', statuses) ?? 'annotation',
    subset: task.get('subset', asShortText(64)) ?? '',
    replicas,
    labels: readEach(task, 'labels', readLabel),
    data: readData(task),
    jobs,
  }
}

/** Throws FormatError. */
export const readProjectPlan = async (file: DatasetFile): Promise<ProjectPlan> => {
  const project = await readObject(file)
  checkVersion(project)
  return {
    name: project.require('name', asShortText(256)),
    bugTracker: project.get('bug_tracker', asShortText(2000)) ?? '',
    status: project.get('status', statuses) ?? 'annotation',
    labels: readEach(project, 'labels', readLabel),
  }
}
