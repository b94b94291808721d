// A task as entries of a backup, in CVAT's order: data, task.json, annotations.json, guide.
import type { ArchiveEntry } from '../../formats/io/zip-writer'
import { savedShapesFile, writeSavedShapes } from '../cloud-shapes/service'
import { findCalibration, readCalibrationFiles } from '../data/service'
import type { Job } from '../jobs/service'
import { describeLabel } from './describe-labels'
import { writeGuide } from './guide'
import {
  annotationsFile,
  type BackupData,
  type BackupJob,
  type BackupTask,
  backupVersion,
  calibrationFolder,
  taskFile,
} from './layout'
import { type MediaPlan, planMedia } from './media-entries'
import type { BackupSource } from './source'
import { writeAnnotations } from './write-annotations'

/** Source frames that a task shows: the `n`-th is `start + n · step`. */
type Range = { start: number; stop: number; step: number; filter: string }

const readRange = ({ data }: BackupSource): Range => ({
  start: data.startFrame,
  stop: data.stopFrame,
  step: Number(/^step=(\d+)$/.exec(data.frameFilter)?.[1] ?? 1),
  filter: data.frameFilter,
})

const showRange = ({ start, stop, filter }: Range) => ({
  start_frame: start,
  stop_frame: stop,
  ...(filter && { frame_filter: filter }),
})

/** The range as it counts in the backup. */
const rangeInBackup = (source: BackupSource, { kind }: MediaPlan): Range =>
  kind === 'all' ? readRange(source) : { start: 0, stop: source.data.size - 1, step: 1, filter: '' }

const listFrames = (job: Job): number[] =>
  job.frames ?? Array.from({ length: job.stopFrame - job.startFrame + 1 }, (_, i) => job.startFrame + i)

const namesFiles = ({ task, layout, names }: BackupSource, job: Job) =>
  names !== undefined && (layout?.mode === 'gt_pool' || (task.segmentSize === 0 && job.frames === null))

const types = { annotation: 'annotation', ground_truth: 'ground_truth', replica: 'consensus_replica' } as const

const describeJob = (source: BackupSource, job: Job, range: Range): BackupJob => ({
  start_frame: job.startFrame,
  stop_frame: job.stopFrame,
  frames: (job.frames ?? []).map((frame) => range.start + frame * range.step),
  status: job.status,
  type: types[job.type],
  ...(namesFiles(source, job) && { files: listFrames(job).map((frame) => source.names![frame]!) }),
})

const describeData = (source: BackupSource, plan: MediaPlan): BackupData => {
  const { task, data, layout, names } = source
  const own = readRange(source)
  const range = rangeInBackup(source, plan)
  const isReduced = own.start !== range.start || own.step !== range.step || own.stop !== range.stop
  return {
    chunk_size: data.chunkSize,
    image_quality: data.imageQuality,
    ...showRange(range),
    storage_method: data.storageMethod,
    storage: plan.isLightweight ? 'cloud_storage' : 'local',
    sorting_method: data.sortingMethod,
    chunk_type: data.compressedChunkType,
    deleted_frames: data.deletedFrames,
    ...(task.segmentSize === 0 && names && { custom_segments: true as const }),
    ...(layout?.mode === 'gt_pool' && {
      validation_layout: {
        mode: 'gt_pool' as const,
        frames: layout.frames.map((frame) => names![frame]!),
        frames_per_job_count: layout.framesPerJob ?? 0,
        ...(layout.disabledFrames.length && { disabled_frames: layout.disabledFrames.map((frame) => names![frame]!) }),
      },
    }),
    ...(plan.isLightweight && source.bucket && { cloud_storage: source.bucket }),
    ...(isReduced && { used_frames: showRange(own) }),
  }
}

const describeTask = (source: BackupSource, plan: MediaPlan): BackupTask => {
  const { task, labels, jobs } = source
  const range = rangeInBackup(source, plan)
  return {
    name: task.name,
    bug_tracker: task.bugTracker,
    status: task.status,
    subset: task.subset,
    ...(task.consensusReplicas > 0 && { consensus_replicas: task.consensusReplicas }),
    labels: labels.map(describeLabel),
    version: backupVersion,
    data: describeData(source, plan),
    jobs: jobs.map((job) => describeJob(source, job, range)),
  }
}

/** Names of entries are numbers, as those of the files may be paths of any kind: they lie in the first one. */
async function* writeCalibration(taskId: number, folder: string): AsyncGenerator<ArchiveEntry> {
  const row = await findCalibration(taskId)
  if (!row) return
  const files = await readCalibrationFiles(row)
  yield { name: `${folder}${calibrationFolder}/names.json`, content: JSON.stringify(files.map(({ name }) => name)) }
  for (const [i, { text }] of files.entries()) yield { name: `${folder}${calibrationFolder}/${i}`, content: text }
}

/** @param folder of the task in the archive, with `/` at its end, or empty */
export async function* writeTask(source: BackupSource, folder: string, lightweight: boolean): AsyncGenerator<ArchiveEntry> {
  const plan = await planMedia(source, folder, lightweight)
  yield* plan.entries()
  yield { name: folder + taskFile, content: JSON.stringify(describeTask(source, plan)) }
  yield { name: folder + annotationsFile, content: writeAnnotations(source.jobs, source.labels) }
  const drawn = await writeSavedShapes(source.jobs, source.labels)
  if (drawn) yield { name: folder + savedShapesFile, content: drawn }
  yield* writeCalibration(source.task.id, folder)
  yield* writeGuide({ taskId: source.task.id }, folder)
}
