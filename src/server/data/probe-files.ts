// Finds out what uploaded files are, from their first bytes and headers; nothing is decoded.
import { ApiError } from '../http/errors'
import {
  MediaError,
  mediaPath,
  nameVideoFrame,
  probeCloud,
  probeImage,
  probeVideo,
  type Related,
  readCloudName,
} from '../media/media'
import { kindOfName } from '../media/media-kinds'
import { readImageHeader } from '../media/probe-image'

/** A file of a task: the name people know and the media name. Pixels as displayed, of a picture that was looked at before. */
export type SourceFile = {
  name: string
  file: string
  width?: number
  height?: number
  /** Pictures that are shown beside it. */
  related?: Related[]
  /** Out of an archive, and kept only when it tells of clouds: calibration. */
  isAside?: true
}
/** A frame of its own: a picture, a point cloud, or one frame of several videos. */
export type Picture = SourceFile & { kind: 'picture' | 'cloud'; width: number; height: number }
export type Video = SourceFile & { kind: 'video'; width: number; height: number; frames: number }
export type Source = Picture | Video

const probePicture = async (source: SourceFile, path: string): Promise<Picture> => {
  const { width, height } = await probeImage(path, source.name)
  return { ...source, kind: 'picture', width, height }
}

const pick = ({ width, height }: { width: number; height: number }) => ({ width, height })

/** Pictures in a bucket were looked at when they were found, or are when somebody asks. */
const checkRelated = async ({ related = [] }: SourceFile) => {
  for (const { name, file } of related) if (!readCloudName(file)) await probeImage(await mediaPath(file), name)
}

const probeFile = async (source: SourceFile): Promise<Source> => {
  await checkRelated(source)
  const { width, height } = source
  if (width && height) return { ...source, kind: 'picture', width, height }
  const path = await mediaPath(source.file)
  const kind = kindOfName(source.name)
  if (kind === 'cloud') return { ...source, kind, ...pick(await probeCloud(path, source.name)) }
  if (kind === 'picture' || kind === 'pages') return probePicture(source, path)
  if (kind !== 'video' && (await readImageHeader(path))) return probePicture(source, path)
  if (Bun.file(path).size === 0) throw new MediaError(`${source.name}: the file is empty`)
  try {
    const { width, height, frames } = await probeVideo(path, source.name, source.file)
    return { ...source, kind: 'video', width, height, frames }
  } catch (error) {
    if (!(error instanceof MediaError) || kind === 'video') throw error
    throw new MediaError(`${source.name}: neither a picture nor a video of a known kind`)
  }
}

const atOnce = 8

/** Probes all files, a few at a time, in their order. Throws the error of the first bad one, which names it. */
export const probeFiles = async (files: SourceFile[], report: (done: number) => Promise<void>): Promise<Source[]> => {
  const results: Source[] = new Array(files.length)
  let next = 0
  const work = async () => {
    for (let at = next++; at < files.length; at = next++) {
      results[at] = await probeFile(files[at]!)
      if (at % 50 === 0) await report(at / files.length)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, files.length) }, work))
  } catch (error) {
    next = files.length
    throw error
  }
  return results
}

const refuse = (text: string) => new ApiError(400, { client_files: [text] })

export type Media = { kind: 'pictures'; pictures: Picture[] } | { kind: 'video'; video: Video }

/** Most frames that several videos may have together: each takes a row. */
const maxVideoFrames = 5_000_000

/** Several videos as one row of pictures, which may differ in size: `a.mp4/frame_000000.png` … */
const listVideoFrames = (videos: Video[]): Picture[] => {
  const total = videos.reduce((sum, { frames }) => sum + frames, 0)
  if (total > maxVideoFrames) throw refuse(`The videos have ${total} frames, more than ${maxVideoFrames}`)
  return videos.flatMap(({ name, file, width, height, frames }) =>
    Array.from({ length: frames }, (_, frame) => ({
      kind: 'picture' as const,
      name: `${name}/frame_${String(frame).padStart(6, '0')}.png`,
      file: nameVideoFrame(file, frame),
      width,
      height,
    })),
  )
}

const refuseTwins = (files: SourceFile[]) => {
  const names = new Set<string>()
  for (const { name } of files) {
    if (names.has(name)) throw refuse(`${name}: two files have this name`)
    names.add(name)
  }
}

/** Pictures, point clouds or videos, never two of them together: refused with names that do not fit. One video stays a video. */
export const judgeMixture = (sources: Source[]): Media => {
  const videos = sources.filter((source) => source.kind === 'video')
  const pictures = sources.filter((source) => source.kind !== 'video')
  if (!sources.length) throw refuse('No media data found')
  if (videos.length && pictures.length)
    throw refuse(`A task takes pictures or videos, not both: ${videos[0]!.name}, ${pictures[0]!.name}`)
  const other = pictures.find(({ kind }) => kind !== pictures[0]!.kind)
  if (other) throw refuse(`A task takes pictures or point clouds, not both: ${pictures[0]!.name}, ${other.name}`)
  refuseTwins(sources)
  if (videos.length === 1) return { kind: 'video', video: videos[0]! }
  return { kind: 'pictures', pictures: videos.length ? listVideoFrames(videos) : pictures }
}

/** What a task of these media is called; 3D when its frames are point clouds. */
export const dimensionOf = (media: Media): '2d' | '3d' =>
  media.kind === 'pictures' && media.pictures[0]?.kind === 'cloud' ? '3d' : '2d'
