// What the rest of the server asks of media: one frame, one chunk or a preview, each as a file that is ready to be sent.
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { config } from '../config'
import { type CacheKey, type MediaCache, openCache } from './cache'
import { nameContextImages, type Related } from './context-images'
import { isCompressedEnough, requireHeader } from './encode-image'
import type { Header } from './headers/reader'
import type { MediaJob, VideoFrame } from './jobs'
import { readVideoFrame } from './media-path'
import { offload } from './offload'
import { localPathOf, readCloudName, withLocalFiles } from './remote-file'
import {
  cloudType,
  type FrameFile,
  isCloud,
  MediaError,
  type MediaFile,
  type Quality,
  sourceFrameOf,
  type TaskMedia,
} from './task-media'

export { probeCloud } from './clouds/pcd'
export type { Related } from './context-images'
export { mediaPath, nameVideoFrame } from './media-path'
export { probeImage } from './probe-image'
export { loadIndex, probeVideo } from './probe-video'
export { cloudName, readCloudName, setFetchObject } from './remote-file'
export * from './task-media'

/** Frames of a video that are decoded together when one is missing, so that the next ones are there when they are asked for. */
const windowFrames: Record<Quality, number> = { compressed: 24, original: 8 }
/** Someone who goes through the frames in order gets this many windows at once. */
const windowsInOrder = 4

const typeOfFormat: Record<string, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
  gif: 'image/gif',
  bmp: 'image/bmp',
  avif: 'image/avif',
}
const extensionOfFormat: Record<string, CacheKey['extension']> = { jpeg: '.jpg', webp: '.webp', tiff: '.tif' }

let opened: { folder: string; cache: MediaCache } | undefined
const cacheFolder = () => join(config().dataDir, 'cache/media')
const cache = (): MediaCache => {
  const folder = cacheFolder()
  if (opened?.folder !== folder) opened = { folder, cache: openCache(folder, config().cache_bytes) }
  return opened.cache
}

/** Whether a media name means one frame of a video. */
export const isVideoFrame = (file: string) => readVideoFrame(file) !== undefined

const requireFrame = ({ frames }: TaskMedia, number: number): FrameFile => {
  const frame = frames?.[number]
  if (!frame) throw new MediaError(`there is no frame ${number}`)
  return frame
}

const keyOf = (media: TaskMedia, what: string, extension: CacheKey['extension']): CacheKey => ({
  key: `${media.taskId} ${media.version} ${media.imageQuality} ${what}`,
  extension,
})

/** Runs work on media files, given their paths in order; those from elsewhere stay on this machine as long as it takes. */
export const withFiles = <T>(files: readonly string[], work: (paths: string[]) => Promise<T>): Promise<T> =>
  withLocalFiles(cache(), cacheFolder(), files, work)

/** The file of `key`, made by the job out of media files if it is missing. */
const findOrMake = async (
  key: CacheKey,
  files: readonly string[],
  job: (target: string, paths: string[]) => MediaJob,
): Promise<MediaFile> => {
  const make = (target: string) => withFiles(files, (paths) => offload(job(target, paths), () => {}))
  return (await cache().find(key)) ?? (await cache().make([key], ([missing]) => make(missing!.temporary))[0]!)
}

/** The stored bytes as they are. */
const describeStored = async (path: string, type: string, media: TaskMedia, file: string): Promise<MediaFile> => {
  const { size, mtimeMs } = await stat(path)
  const tag = Bun.hash(`${media.taskId} ${media.version} ${file} ${mtimeMs} ${size}`).toString(36)
  return { path, type, size, etag: `"${tag}-${size.toString(36)}"` }
}

const typeOf = ({ format }: Header) => typeOfFormat[format] ?? 'application/octet-stream'

const getCloud = async (media: TaskMedia, { file, name }: FrameFile): Promise<MediaFile> =>
  describeStored(await localPathOf(cache(), file), cloudType, media, file).catch((error) => {
    if ((error as { code?: string }).code === 'ENOENT') throw new MediaError(`${name}: the file is gone`)
    throw error
  })

const getImageFrame = async (media: TaskMedia, number: number, quality: Quality): Promise<MediaFile> => {
  const frame = requireFrame(media, number)
  if (isCloud(frame)) return getCloud(media, frame)
  const compressed = keyOf(media, `compressed ${frame.file}`, '.jpg')
  // What was made of a file from elsewhere does without it.
  const made = quality === 'compressed' && readCloudName(frame.file) ? await cache().find(compressed) : undefined
  if (made) return made
  return withFiles([frame.file], async ([path]) => {
    const header = await requireHeader({ path: path!, name: frame.name })
    const isReady = quality === 'original' ? header.orientation === 1 : isCompressedEnough(header, media.imageQuality)
    if (isReady) return describeStored(await localPathOf(cache(), frame.file), typeOf(header), media, frame.file)
    if (quality === 'original') {
      const key = keyOf(media, `upright ${frame.file}`, extensionOfFormat[header.format] ?? '.png')
      return findOrMake(key, [frame.file], (target, [path]) => ({
        kind: 'upright-image',
        image: { path: path!, name: frame.name },
        target,
      }))
    }
    return findOrMake(compressed, [frame.file], (target, [path]) => ({
      kind: 'compressed-image',
      image: { path: path!, name: frame.name },
      imageQuality: media.imageQuality,
      target,
    }))
  })
}

/** The video that a task frame comes from and its number there; undefined for a picture of its own. */
const videoOf = (media: TaskMedia, number: number): VideoFrame | undefined => {
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

const getVideoFrame = async (media: TaskMedia, number: number, quality: Quality, alone = false): Promise<MediaFile> => {
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

/**
 * One frame by its number in the task. Pictures: the original bytes (upright), or a JPEG of the task's quality.
 * Video: a PNG of the original, or a JPEG. Point clouds: the PCD. Throws MediaError when there is no such frame or it cannot be decoded.
 */
export const getFrame = (media: TaskMedia, number: number, quality: Quality): Promise<MediaFile> =>
  videoOf(media, number) || media.video ? getVideoFrame(media, number, quality) : getImageFrame(media, number, quality)

const getImageChunk = (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality, isPicked: boolean) => {
  const frames = numbers.map((number) => (number === null ? null : requireFrame(media, number)))
  if (frames.some((frame) => frame && isVideoFrame(frame.file))) return getVideoZip(media, numbers, quality, isPicked)
  const key = keyOf(
    media,
    `chunk ${quality}${isPicked ? ' picked' : ''} ${JSON.stringify(frames.map((frame) => frame && [frame.file, extname(frame.name)]))}`,
    '.zip',
  )
  const files = frames.flatMap((frame) => frame?.file ?? [])
  return findOrMake(key, files, (target, paths) => {
    const rest = paths.values()
    return {
      kind: 'image-chunk',
      images: frames.map((frame) => frame && { path: rest.next().value!, name: frame.name, pixels: frame.width * frame.height }),
      quality,
      isPicked,
      imageQuality: media.imageQuality,
      target,
    }
  })
}

/** Frames of one or several videos as pictures. */
const getVideoZip = (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality, isPicked: boolean) => {
  const frames = numbers.map((number) => (number === null ? null : requireVideo(media, number)))
  const listed = frames.map((frame) => frame && (media.video ? frame.frame : [frame.file, frame.frame]))
  const key = keyOf(media, `chunk ${quality}${isPicked ? ' picked' : ''} ${JSON.stringify(listed)}`, '.zip')
  const { version, imageQuality } = media
  return findOrMake(key, [], (target) => ({ kind: 'video-zip', version, frames, quality, isPicked, imageQuality, target }))
}

const getVideoChunk = (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality, isPicked: boolean) => {
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

/**
 * The given task frames as one file, in order: a zip of pictures (`000000.jpeg` …, originals with their own extension), or an
 * mp4 where the task's chunk type is video. A null stands for a frame outside the job: one black pixel (always a zip).
 * `isPicked` for a job that has only some of the frames: always a zip, in which clients look for `.jpeg` whatever the bytes are.
 */
export const getChunk = async (
  media: TaskMedia,
  numbers: readonly (number | null)[],
  quality: Quality,
  isPicked = false,
): Promise<MediaFile> => {
  if (!numbers.length) throw new MediaError('the chunk has no frames')
  return (media.video ? getVideoChunk : getImageChunk)(media, numbers, quality, isPicked)
}

/** A JPEG of one frame that fits into 256 × 256 pixels; a point cloud is seen from above. */
export const getPreview = async (media: TaskMedia, number: number): Promise<MediaFile> => {
  const frame = media.video ? undefined : requireFrame(media, number)
  const key = keyOf(media, `preview ${frame ? frame.file : sourceFrameOf(media, number)}`, '.jpg')
  const found = await cache().find(key)
  if (found) return found
  if (!frame || isVideoFrame(frame.file)) {
    const { path } = await getVideoFrame(media, number, 'compressed', true)
    return findOrMake(key, [], (target) => ({ kind: 'preview', image: { path, name: frame?.name ?? media.video!.name }, target }))
  }
  const kind = isCloud(frame) ? 'cloud-preview' : 'preview'
  return findOrMake(key, [frame.file], (target, [path]) => ({ kind, image: { path: path!, name: frame.name }, target }))
}

/** Pictures that are shown beside a frame, as a zip of JPEGs named like the files. */
export const getContextImages = async (media: TaskMedia, related: readonly Related[]): Promise<MediaFile> => {
  const names = nameContextImages(related.map(({ name }) => name))
  const key = keyOf(media, `context ${JSON.stringify(related.map(({ file }, i) => [file, names[i]]))}`, '.zip')
  return findOrMake(
    key,
    related.map(({ file }) => file),
    (target, paths) => ({
      kind: 'context-zip',
      images: related.map(({ name }, i) => ({ path: paths[i]!, name, entry: names[i]! })),
      target,
    }),
  )
}

/** The pyramid of a huge picture, as a zip that `readTile` looks into. Takes seconds the first time. */
export const getTilePyramid = (media: TaskMedia, number: number): Promise<MediaFile> => {
  const frame = requireFrame(media, number)
  return findOrMake(keyOf(media, `tiles ${frame.file}`, '.zip'), [frame.file], (target, [path]) => ({
    kind: 'tiles',
    image: { path: path!, name: frame.name },
    imageQuality: media.imageQuality,
    target,
  }))
}
