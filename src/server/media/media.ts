// What the rest of the server asks of media: one frame, one chunk or a preview, each as a file that is ready to be sent.
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { config } from '../config'
import { type CacheKey, type MediaCache, openCache } from './cache'
import { isCompressedEnough, requireHeader } from './encode-image'
import type { Header } from './headers/reader'
import type { MediaJob } from './jobs'
import { offload } from './offload'
import { localPathOf, readCloudName, withLocalFiles } from './remote-file'
import { type FrameFile, MediaError, type MediaFile, type Quality, sourceFrameOf, type TaskMedia } from './task-media'

export { mediaPath } from './media-path'
export { probeImage } from './probe-image'
export { probeVideo } from './probe-video'
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
const describeStored = async (path: string, header: Header, media: TaskMedia, file: string): Promise<MediaFile> => {
  const { size, mtimeMs } = await stat(path)
  const tag = Bun.hash(`${media.taskId} ${media.version} ${file} ${mtimeMs} ${size}`).toString(36)
  return { path, type: typeOfFormat[header.format] ?? 'application/octet-stream', size, etag: `"${tag}-${size.toString(36)}"` }
}

const getImageFrame = async (media: TaskMedia, number: number, quality: Quality): Promise<MediaFile> => {
  const frame = requireFrame(media, number)
  const compressed = keyOf(media, `compressed ${frame.file}`, '.jpg')
  // What was made of a file from elsewhere does without it.
  const made = quality === 'compressed' && readCloudName(frame.file) ? await cache().find(compressed) : undefined
  if (made) return made
  return withFiles([frame.file], async ([path]) => {
    const header = await requireHeader({ path: path!, name: frame.name })
    const isReady = quality === 'original' ? header.orientation === 1 : isCompressedEnough(header, media.imageQuality)
    if (isReady) return describeStored(await localPathOf(cache(), frame.file), header, media, frame.file)
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

const videoFrameKey = (media: TaskMedia, number: number, quality: Quality) =>
  keyOf(media, `frame ${quality} ${sourceFrameOf(media, number)}`, quality === 'original' ? '.png' : '.jpg')

/** Task frames to decode with `number`: those after it, or those before it when someone walks backwards. */
const windowAround = (media: TaskMedia, number: number, quality: Quality): number[] => {
  const isMissing = (n: number) => n >= 0 && n < media.size && !cache().has(videoFrameKey(media, n, quality))
  const window = [number]
  const backwards = number + 1 < media.size && !isMissing(number + 1)
  const step = backwards ? -1 : 1
  const inOrder = !backwards && number > 0 && !isMissing(number - 1)
  const most = windowFrames[quality] * (inOrder ? windowsInOrder : 1)
  for (let n = number + step; window.length < most && isMissing(n); n += step) window.push(n)
  return window.sort((a, b) => a - b)
}

const getVideoFrame = async (media: TaskMedia, number: number, quality: Quality, alone = false): Promise<MediaFile> => {
  if (!(number >= 0 && number < media.size)) throw new MediaError(`there is no frame ${number}`)
  const found = await cache().find(videoFrameKey(media, number, quality))
  if (found) return found
  const window = alone ? [number] : windowAround(media, number, quality)
  const { file, name } = media.video!
  const results = cache().make(
    window.map((n) => videoFrameKey(media, n, quality)),
    (missing) =>
      offload(
        {
          kind: 'video-frames',
          video: { file, name, version: media.version },
          frames: missing.map(({ position }) => sourceFrameOf(media, window[position]!)),
          quality,
          imageQuality: media.imageQuality,
          targets: missing.map(({ temporary }) => temporary),
        },
        (part) => missing[part]?.done(),
      ),
  )
  // Only the wanted frame is waited for; a failure of the others shows when they are asked for.
  for (const result of results) result.catch(() => {})
  return results[window.indexOf(number)]!
}

/**
 * One frame by its number in the task. Pictures: the original bytes (upright), or a JPEG of the task's quality.
 * Video: a PNG of the original, or a JPEG. Throws MediaError when there is no such frame or it cannot be decoded.
 */
export const getFrame = (media: TaskMedia, number: number, quality: Quality): Promise<MediaFile> =>
  media.video ? getVideoFrame(media, number, quality) : getImageFrame(media, number, quality)

const getImageChunk = (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality) => {
  const frames = numbers.map((number) => (number === null ? null : requireFrame(media, number)))
  const key = keyOf(
    media,
    `chunk ${quality} ${JSON.stringify(frames.map((frame) => frame && [frame.file, extname(frame.name)]))}`,
    '.zip',
  )
  const files = frames.flatMap((frame) => frame?.file ?? [])
  return findOrMake(key, files, (target, paths) => {
    const rest = paths.values()
    return {
      kind: 'image-chunk',
      images: frames.map((frame) => frame && { path: rest.next().value!, name: frame.name, pixels: frame.width * frame.height }),
      quality,
      imageQuality: media.imageQuality,
      target,
    }
  })
}

const getVideoChunk = (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality) => {
  const frames = numbers.map((number) => (number === null ? null : sourceFrameOf(media, number)))
  const { file, name } = media.video!
  const common = { video: { file, name, version: media.version }, quality, imageQuality: media.imageQuality }
  const inOrder = frames.every((frame, i): frame is number => frame !== null && (i === 0 || frame > frames[i - 1]!))
  if (inOrder && media.chunkType[quality] === 'video') {
    const key = keyOf(media, `chunk ${quality} ${JSON.stringify(frames)}`, '.mp4')
    return findOrMake(key, [], (target) => ({ kind: 'video-chunk', frames, target, ...common }))
  }
  const key = keyOf(media, `chunk ${quality} ${JSON.stringify(frames)}`, '.zip')
  return findOrMake(key, [], (target) => ({ kind: 'video-zip', frames, target, ...common }))
}

/**
 * The given task frames as one file, in order: a zip of pictures (`000000.jpeg` …, originals with their own extension), or an
 * mp4 where the task's chunk type is video. A null stands for a frame outside the job: one black pixel (always a zip).
 */
export const getChunk = async (media: TaskMedia, numbers: readonly (number | null)[], quality: Quality): Promise<MediaFile> => {
  if (!numbers.length) throw new MediaError('the chunk has no frames')
  return media.video ? getVideoChunk(media, numbers, quality) : getImageChunk(media, numbers, quality)
}

/** A JPEG of one frame that fits into 256 × 256 pixels. */
export const getPreview = async (media: TaskMedia, number: number): Promise<MediaFile> => {
  const key = keyOf(media, `preview ${media.video ? sourceFrameOf(media, number) : requireFrame(media, number).file}`, '.jpg')
  const found = await cache().find(key)
  if (found) return found
  if (media.video) {
    const image = { path: (await getVideoFrame(media, number, 'compressed', true)).path, name: media.video.name }
    return findOrMake(key, [], (target) => ({ kind: 'preview', image, target }))
  }
  const { file, name } = requireFrame(media, number)
  return findOrMake(key, [file], (target, [path]) => ({ kind: 'preview', image: { path: path!, name }, target }))
}
