// Finds out what uploaded files are, from their first bytes and headers; nothing is decoded.
import { extname } from 'node:path'
import { ApiError } from '../http/errors'
import { MediaError, mediaPath, probeImage, probeVideo } from '../media/media'
import { readImageHeader } from '../media/probe-image'

/** A file of a task: the name people know and the media name. Pixels as displayed, of a picture that was looked at before. */
export type SourceFile = { name: string; file: string; width?: number; height?: number }
export type Picture = SourceFile & { kind: 'picture'; width: number; height: number }
export type Video = SourceFile & { kind: 'video'; width: number; height: number; frames: number }
export type Source = Picture | Video

/** Kinds of files that people upload and that are not taken yet, by extension. */
const unsupported: Record<string, string> = {
  ...Object.fromEntries(
    ['.zip', '.tar', '.gz', '.tgz', '.bz2', '.xz', '.7z', '.rar', '.cpio', '.zst'].map((e) => [e, 'archives']),
  ),
  ...Object.fromEntries(['.pcd', '.bin', '.ply', '.las'].map((extension) => [extension, 'point clouds'])),
  ...Object.fromEntries(['.mp3', '.wav', '.flac', '.ogg', '.m4a'].map((extension) => [extension, 'audio files'])),
  '.pdf': 'PDF documents',
  '.svg': 'SVG drawings',
}

/** Why a file of this name cannot be used; undefined when it may be. */
export const whyUnsupported = (name: string): string | undefined => {
  const kind = unsupported[extname(name).toLowerCase()]
  return kind && `${name}: ${kind} are not supported yet`
}

const pictureNames = /\.(jpe?g|jfif|png|webp|bmp|gif|tiff?|avif)$/i
const videoNames = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|m2v|ts|mts|m2ts|wmv|asf|flv|ogv|3gp)$/i

const probePicture = async (source: SourceFile, path: string): Promise<Picture> => {
  const { width, height } = await probeImage(path, source.name)
  return { ...source, kind: 'picture', width, height }
}

const probeFile = async (source: SourceFile): Promise<Source> => {
  const { width, height } = source
  if (width && height) return { ...source, kind: 'picture', width, height }
  const path = mediaPath(source.file)
  if (pictureNames.test(source.name)) return probePicture(source, path)
  if (!videoNames.test(source.name) && (await readImageHeader(path))) return probePicture(source, path)
  if (Bun.file(path).size === 0) throw new MediaError(`${source.name}: the file is empty`)
  try {
    const { width, height, frames } = await probeVideo(path, source.name, source.file)
    return { ...source, kind: 'video', width, height, frames }
  } catch (error) {
    if (!(error instanceof MediaError) || videoNames.test(source.name)) throw error
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

/** Pictures only, or exactly one video: everything else is refused with the names that do not fit. */
export const judgeMixture = (sources: Source[]): Media => {
  const videos = sources.filter((source) => source.kind === 'video')
  const pictures = sources.filter((source) => source.kind === 'picture')
  if (videos.length > 1)
    throw refuse(
      `A task takes one video, not several: ${videos
        .map(({ name }) => name)
        .slice(0, 5)
        .join(', ')}`,
    )
  if (videos.length && pictures.length)
    throw refuse(`A task takes pictures or one video, not both: ${videos[0]!.name}, ${pictures[0]!.name}`)
  const names = new Set<string>()
  for (const { name } of pictures) {
    if (names.has(name)) throw refuse(`${name}: two files have this name`)
    names.add(name)
  }
  return videos[0] ? { kind: 'video', video: videos[0] } : { kind: 'pictures', pictures }
}
