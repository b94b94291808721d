// The annotation vocabulary: plain types that the server, the editor and every dataset format speak.

import type { Pose } from './calibration/pose'
import type { Camera } from './geometry3d/camera'

export const shapeTypes = ['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'cuboid', 'mask', 'skeleton'] as const
export type ShapeType = (typeof shapeTypes)[number]

export const labelTypes = [...shapeTypes, 'any', 'tag', 'interval'] as const
export type LabelType = (typeof labelTypes)[number]

export const attributeInputs = ['checkbox', 'radio', 'number', 'text', 'select'] as const
export type AttributeInput = (typeof attributeInputs)[number]

/** Where an annotation came from, as the API stores it. */
export type Source = 'auto' | 'semi-auto' | 'manual' | 'file' | 'consensus'

export type Attribute = {
  id: number
  name: string
  mutable: boolean
  input_type: AttributeInput
  default_value: string
  values: string[]
}

export type Label = {
  id: number
  name: string
  color: string
  type: LabelType
  attributes: Attribute[]
  sublabels: Label[]
  /** SVG of a skeleton, else empty. */
  svg?: string
}

/** One attribute of one annotation; values are always text. */
export type AttributeValue = { spec_id: number; value: string }

/** What shapes of a frame and key frames of a track have in common. */
export type ShapeBody = {
  type: ShapeType
  /** Image pixels, in the layout of the shape type: rectangle x0 y0 x1 y1; polygon x y …; ellipse cx cy right top; mask runs + left top right bottom. */
  points: number[]
  /** Clockwise degrees about the centre, 0 ≤ rotation < 360. */
  rotation: number
  occluded: boolean
  outside: boolean
  z_order: number
  attributes: AttributeValue[]
}

export type Shape = ShapeBody & {
  id?: number
  /** Task frame, 0-based. */
  frame: number
  label_id: number
  /** 0 = no group. */
  group: number
  source: Source
  /** Confidence 0…1. */
  score: number
  /** Elements of a skeleton. */
  elements: Shape[]
}

export type TrackedShape = ShapeBody & { id?: number; frame: number }

export type Track = {
  id?: number
  /** Frame of the first key frame. */
  frame: number
  label_id: number
  group: number
  source: Source
  attributes: AttributeValue[]
  shapes: TrackedShape[]
  elements: Track[]
}

export type Tag = { id?: number; frame: number; label_id: number; group: number; source: Source; attributes: AttributeValue[] }

/** Everything annotated on a job or task, in the API's layout. */
export type Annotations = { version: number; tags: Tag[]; shapes: Shape[]; tracks: Track[] }

/** A picture that goes into an archive: its bytes are asked for only when they are written. */
export type ItemMedia = {
  /** File name extension with dot, as stored. */
  extension: string
  read: () => Promise<Uint8Array>
}

/** A picture beside a frame: its file name without folder but with extension, its bytes, and the camera that took it when that is known. */
export type RelatedImage = { name: string; read: ItemMedia['read']; camera?: Camera & { name: string } }

/** One frame of a dataset with what is on it. Tracks appear here as their visible shapes. */
export type Item = {
  /** Name of the frame in the task, subfolders kept, extension kept (`a/img_001.jpg`). Video frames: `frame_000000`. */
  name: string
  /** Task frame, 0-based. */
  frame: number
  /** Number of the frame in the source (start + frame · step). */
  sourceFrame: number
  /** Pixels. */
  width: number
  height: number
  subset: string
  shapes: ItemShape[]
  tags: Tag[]
  media?: ItemMedia
  /** Pictures that are shown beside a point cloud. */
  related?: readonly RelatedImage[]
  /** Where the coordinates of a point cloud stand in the world, when that is known. */
  pose?: Pose
  /** Task of the frame, in project exports. */
  task_id?: number
}

/** A shape as a format sees it; shapes of a track carry its number and whether this frame is a key frame. */
export type ItemShape = Shape & { track_id?: number; keyframe?: boolean }

export type PersonRef = { username: string; email: string }

/** The description of the exported task or job that CVAT XML writes down. */
export type DatasetInfo = {
  kind: 'task' | 'job' | 'project'
  id: number
  name: string
  mode: 'annotation' | 'interpolation'
  /** Number of frames. */
  size: number
  overlap: number
  bugtracker: string
  created: Date
  updated: Date
  subset: string
  startFrame: number
  stopFrame: number
  frameFilter: string
  segments: { id: number; start: number; stop: number; url: string }[]
  owner: PersonRef | null
  assignee: PersonRef | null
  /** Only for videos: picture size and file name. */
  video?: { width: number; height: number; source: string }
  /** Only for projects: their tasks. */
  tasks?: DatasetInfo[]
}

/** A track of a dataset: its number is that of its shapes in the items; in project exports it names its task. */
export type DatasetTrack = Track & { task_id?: number; subset?: string }

/**
 * What a writer consumes: everything known up front, and the frames as a stream that is walked once.
 * `tracks` are for the formats that hold tracks as such; `track_id` of an item's shape is the position in it.
 */
export type Dataset = { info: DatasetInfo; labels: Label[]; items: AsyncIterable<Item> | Iterable<Item>; tracks?: DatasetTrack[] }
