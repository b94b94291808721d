// The layout of CVAT's backups: names of entries, and the JSON of tasks and projects.
import type { AttributeInput, LabelType } from '../../formats/model'

export const backupVersion = '1.0'
export const taskFile = 'task.json'
export const projectFile = 'project.json'
export const annotationsFile = 'annotations.json'
export const guideFile = 'annotation_guide.md'
export const assetsFolder = 'assets'
export const dataFolder = 'data'
export const manifestFile = 'manifest.jsonl'
/** Derived from the manifest; CVAT makes it again, so do we. */
export const manifestIndexFile = 'index.json'
/** Beside the folder of media, with the calibration of the cameras beside point clouds as it was given. CVAT passes it over. */
export const calibrationFolder = 'calibration'
/** Folder of the n-th task in the backup of a project. */
export const taskFolder = (n: number) => `task_${n}/`

export type BackupAttribute = {
  name: string
  mutable: boolean
  input_type: AttributeInput
  default_value: string
  values: string[]
}
export type BackupLabel = {
  name: string
  color: string
  attributes: BackupAttribute[]
  type: LabelType
  sublabels: Omit<BackupLabel, 'sublabels' | 'svg'>[]
  /** Circles name their sublabel by `data-label-name`. */
  svg?: string
}

/** A range of source frames. */
type UsedFrames = { start_frame: number; stop_frame: number; frame_filter?: string }

export type BackupBucket = { id: number; provider_type: string; resource: string }

export type BackupData = UsedFrames & {
  chunk_size: number
  image_quality: number
  storage_method: string
  storage: string
  sorting_method: string
  /** Of the compressed chunks. */
  chunk_type: string
  deleted_frames: number[]
  /** The jobs name their files. */
  custom_segments?: true
  /** Only of tasks with honeypots. `frames` are names of files; `disabled_frames`, which CVAT passes over, too. */
  validation_layout?: { mode: 'gt_pool'; frames: string[]; frames_per_job_count: number; disabled_frames?: string[] }
  /**
   * What the task says of its source when only the frames that it uses lie in the backup. CVAT passes it over and takes the frames as
   * they come.
   */
  used_frames?: UsedFrames
  /** The bucket that the files of a lightweight backup lie in; CVAT passes it over. */
  cloud_storage?: BackupBucket
}

export type BackupJob = {
  /** Task frames. */
  start_frame: number
  stop_frame: number
  /** Source frames of a job that does not hold its whole range; empty = all of it. */
  frames: number[]
  status: string
  type: 'annotation' | 'ground_truth' | 'consensus_replica'
  /** Of tasks with own segments or honeypots: the file of each frame of the job. */
  files?: string[]
}

export type BackupTask = {
  name: string
  bug_tracker: string
  status: string
  subset: string
  consensus_replicas?: number
  labels: BackupLabel[]
  version: string
  data: BackupData
  jobs: BackupJob[]
}

export type BackupProject = { name: string; bug_tracker: string; status: string; labels: BackupLabel[]; version: string }
