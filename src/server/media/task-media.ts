// What the media functions are told about a task, and what they answer.
import type { ChunkType } from '../data/schema'
import type { Related } from './context-images'

export type Quality = 'original' | 'compressed'

/**
 * One picture or point cloud of a task. `file` is a storage name, `share:<path>` inside the connected share, or `video:<n>:<file>` for
 * frame n of a video. Pixels as displayed; of a cloud width and height of its header.
 */
export type FrameFile = { file: string; name: string; width: number; height: number }

/** Plain data: it crosses threads. */
export type TaskMedia = {
  taskId: number
  /** Changes whenever the frames or the quality of the task change; part of every cache key and ETag. */
  version: string
  /** 1…100, of compressed frames. */
  imageQuality: number
  chunkType: { original: ChunkType; compressed: ChunkType }
  /** Frames of the task. */
  size: number
  /** Set for a video: source frame n of task frame i is startFrame + i · step. */
  video?: FrameFile & { startFrame: number; step: number }
  /** Set for pictures, by task frame. May hold only the frames that are asked for. */
  frames?: { readonly [taskFrame: number]: FrameFile }
  /** Pictures that are shown beside frames, by the `file` of the frame. */
  related?: ReadonlyMap<string, readonly Related[]>
}

/** Whether a frame is a point cloud; all of these are stored as PCD. */
export const isCloud = ({ name }: Pick<FrameFile, 'name'>) => /\.pcd$/i.test(name)
export const cloudType = 'image/x.point-cloud-data'

/** A file ready to be sent with Bun.file(path). */
export type MediaFile = {
  path: string
  /** MIME type of the bytes. */
  type: string
  /** Bytes. */
  size: number
  /** Strong ETag with quotes. */
  etag: string
}

/** Media that cannot be used; the message names the file as people know it and may be shown. */
export class MediaError extends Error {}

/** Size as displayed (orientation applied), in pixels. */
export type ImageProbe = { width: number; height: number; format: string /** EXIF orientation 1…8. */; orientation: number }

export type VideoProbe = {
  width: number
  height: number
  /** `h264`, `vp9`, … */
  codec: string
  /** Frames that are shown. */
  frames: number
  /** Seconds. */
  duration: number
}

/** Source frame number of a task frame of a video. */
export const sourceFrameOf = (media: TaskMedia, taskFrame: number) =>
  media.video ? media.video.startFrame + taskFrame * media.video.step : taskFrame
