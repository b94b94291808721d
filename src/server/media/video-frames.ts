// Frames of videos: one, a window of them, or a chunk; of a task that is a video, or of several videos in one.
import type { VideoFrame } from './jobs'
import { cache, findOrMake, keyOf } from './made-files'
import { readVideoFrame } from './media-path'
import { offload } from './offload'
import { MediaError, type MediaFile, type Quality, sourceFrameOf, type TaskMedia } from './task-media'

/** Frames of a video that are decoded together when one is missing, so that the next ones are there when they are asked for. */
const windowFrames: Record<Quality, number> = { compressed: 24, original: 8 }
/** Someone who goes through the frames in order gets this many windows at once. */
const windowsInOrder = 4

/** Whether a media name means one frame of a video. */
export const isVideoFrame = (file: string) => readVideoFrame(file) !== undefined

/** The video that a task frame comes from and its number there; undefined for a picture of its own. */
export const videoOf = (media: TaskMedia, number: number): VideoFrame | undefined => {
  if (media.video) return { file: media.video.file, name: media.video.name, frame: sourceFrameOf(media, number) }
  const frame = media.frames?.[number]
  const part = frame && readVideoFrame(frame.file)
  return part && { ...part, name: frame.name }
}

const requireVideo = (media: TaskMedia, number: number): VideoFrame => {
  const source = number >= 0 && number < media.size ? videoOf(media, number) : undefined
  if (!source) throw new MediaError(`there is no frame ${number}`)
  return source
}

const videoFrameKey = (media: TaskMedia, { file, frame }: VideoFrame, quality: Quality) =>
  keyOf(media, `frame ${quality} ${frame}${media.video ? '' : ` ${file}`}`, quality === 'original' ? '.png' : '.jpg')

/** Source frames to decode with that of `number`: those after it, or those before it when someone walks backwards. */
const windowAround = (media: TaskMedia, number: number, quality: Quality): VideoFrame[] => {
  const own = requireVideo(media, number)
  const near = (n: number) => {
    const other = n >= 0 && n < media.size ? videoOf(media, n) : undefined
    return other?.file === own.file ? other : undefined
  }
  const isMissing = (n: number) => {
    const other = near(n)
    return other !== undefined && !cache().has(videoFrameKey(media, other, quality))
  }
  const window = new Map([[own.frame, own]])
  const backwards = near(number + 1) !== undefined && !isMissing(number + 1)
  const step = backwards ? -1 : 1
  const inOrder = !backwards && near(number - 1) !== undefined && !isMissing(number - 1)
  const most = windowFrames[quality] * (inOrder ? windowsInOrder : 1)
  for (let n = number + step; window.size < most && isMissing(n); n += step) {
    const other = near(n)!
    // Frames of several videos may stand in any order.
    if (window.has(other.frame) || Math.sign(other.frame - own.frame) !== step) break
    window.set(other.frame, other)
  }
  return [...window.values()].sort((a, b) => a.frame - b.frame)
}

export const getVideoFrame = async (media: TaskMedia, number: number, quality: Quality, alone = false): Promise<MediaFile> => {
  const own = requireVideo(media, number)
  const found = await cache().find(videoFrameKey(media, own, quality))
  if (found) return found
  const window = alone ? [own] : windowAround(media, number, quality)
  const { file, name } = own
  const results = cache().make(
    window.map((one) => videoFrameKey(media, one, quality)),
    (missing) =>
      offload(
        {
          kind: 'video-frames',
          video: { file, name, version: media.version },
          frames: missing.map(({ position }) => window[position]!.frame),
          quality,
          imageQuality: media.imageQuality,
          targets: missing.map(({ temporary }) => temporary),
        },
        (part) => missing[part]?.done(),
      ),
  )
  // Only the wanted frame is waited for; a failure of the others shows when they are asked for.
  for (const result of results) result.catch(() => {})
  return results[window.findIndex(({ frame }) => frame === own.frame)]!
}

/** Frames of one or several videos as pictures. */
export const getVideoZip = (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality, isPicked: boolean) => {
  const frames = numbers.map((number) => (number === null ? null : requireVideo(media, number)))
  const listed = frames.map((frame) => frame && (media.video ? frame.frame : [frame.file, frame.frame]))
  const key = keyOf(media, `chunk ${quality}${isPicked ? ' picked' : ''} ${JSON.stringify(listed)}`, '.zip')
  const { version, imageQuality } = media
  return findOrMake(key, [], (target) => ({ kind: 'video-zip', version, frames, quality, isPicked, imageQuality, target }))
}

export const getVideoChunk = (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality, isPicked: boolean) => {
  const frames = numbers.map((number) => (number === null ? null : sourceFrameOf(media, number)))
  const { file, name } = media.video!
  const inOrder = frames.every((frame, i): frame is number => frame !== null && (i === 0 || frame > frames[i - 1]!))
  if (isPicked || !inOrder || media.chunkType[quality] !== 'video') return getVideoZip(media, numbers, quality, isPicked)
  const video = { file, name, version: media.version }
  const key = keyOf(media, `chunk ${quality} ${JSON.stringify(frames)}`, '.mp4')
  return findOrMake(key, [], (target) => ({
    kind: 'video-chunk',
    video,
    frames,
    quality,
    imageQuality: media.imageQuality,
    target,
  }))
}
