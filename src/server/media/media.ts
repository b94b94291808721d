// What the rest of the server asks of media: one frame, one chunk or a preview, each as a file that is ready to be sent.
import { extname } from 'node:path'
import type { CacheKey } from './cache'
import { nameContextImages, type Related } from './context-images'
import { isCompressedEnough, requireHeader } from './encode-image'
import type { Header } from './headers/reader'
import { cache, describeStored, findOrMake, keyOf, withFiles } from './made-files'
import { localPathOf, readCloudName } from './remote-file'
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
import { getVideoChunk, getVideoFrame, getVideoZip, isVideoFrame, videoOf } from './video-frames'

export { probeCloud } from './clouds/pcd'
export type { Related } from './context-images'
export { getCrop, type Region } from './crop'
export { encodeRegion } from './encode-crop'
export { canDecodePictures } from './encode-image'
export { findFfmpeg, readFfmpegVersion } from './ffmpeg'
export { withFiles } from './made-files'
export { mediaPath, nameVideoFrame, readVideoFrame } from './media-path'
export { probeImage } from './probe-image'
export { loadIndex, probeVideo } from './probe-video'
export { cloudName, readCloudName, setFetchObject } from './remote-file'
export * from './task-media'
export { isVideoFrame } from './video-frames'

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

const requireFrame = ({ frames }: TaskMedia, number: number): FrameFile => {
  const frame = frames?.[number]
  if (!frame) throw new MediaError(`there is no frame ${number}`)
  return frame
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
