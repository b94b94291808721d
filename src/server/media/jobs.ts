// Every piece of heavy media work as plain data, so that it can run in any thread, and what does it.
import { encodeCloudPreview } from './clouds/cloud-preview'
import { writeCloudSample } from './clouds/tiles/write-sample'
import { type ContextImage, writeContextImages } from './context-images'
import { encodeCrop, type Region } from './encode-crop'
import { encodeBlackPixel, encodePreview, encodeUpright, readCompressed, requireHeader, type SourceImage } from './encode-image'
import { type ChunkImage, positionName, writeImageChunk } from './image-chunk'
import { mediaPath } from './media-path'
import { loadIndex } from './probe-video'
import { MediaError, type Quality } from './task-media'
import { extractFrames } from './video-extract'
import { writeTiles } from './write-tiles'
import { writeStoredZip } from './zip-store'

/** Media file name of a video, and the version of its task. */
type Video = { file: string; name: string; version: string }
/** One frame of a video, by its number there. */
export type VideoFrame = { file: string; name: string; frame: number }

export type MediaJob =
  | { kind: 'compressed-image'; image: SourceImage; imageQuality: number; target: string }
  | { kind: 'upright-image'; image: SourceImage; target: string }
  | { kind: 'preview'; image: SourceImage; target: string }
  | { kind: 'crop'; image: SourceImage; region: Region; target: string }
  | {
      kind: 'image-chunk'
      images: (ChunkImage | null)[]
      quality: Quality
      /** Of a job that has only some frames. */
      isPicked?: boolean
      imageQuality: number
      target: string
    }
  | { kind: 'video-frames'; video: Video; frames: number[]; quality: Quality; imageQuality: number; targets: string[] }
  | { kind: 'video-chunk'; video: Video; frames: number[]; quality: Quality; imageQuality: number; target: string }
  | {
      kind: 'video-zip'
      version: string
      frames: (VideoFrame | null)[]
      quality: Quality
      isPicked?: boolean
      imageQuality: number
      target: string
    }
  | { kind: 'cloud-preview'; image: SourceImage; target: string }
  | { kind: 'cloud-sample'; image: SourceImage; points: number; target: string }
  | { kind: 'tiles'; image: SourceImage; imageQuality: number; target: string }
  | { kind: 'context-zip'; images: ContextImage[]; target: string }

/** Called with the number of a target as soon as that file is complete. */
export type OnPart = (part: number) => void

type Runners = {
  [K in MediaJob['kind']]: (job: Extract<MediaJob, { kind: K }>, onPart: OnPart, signal?: AbortSignal) => Promise<unknown>
}

const openVideo = async ({ file, name, version }: Video) => ({
  path: await mediaPath(file),
  name,
  index: await loadIndex(file, version),
})

/** x264's scale runs from 0 (lossless) to 51; originals are kept as good as lossless. */
const crfOf = (quality: Quality, imageQuality: number) =>
  quality === 'original' ? 6 : Math.min(51, Math.ceil((51 * (100 - imageQuality)) / 100))
const pictureOutput = (quality: Quality, imageQuality: number) =>
  quality === 'original' ? ({ kind: 'png' } as const) : ({ kind: 'jpeg', quality: imageQuality } as const)

/** Frames that lie further apart than this with a key frame between them are decoded in separate runs. */
const maxGap = 60

const groupFrames = (frames: number[], keys: Uint8Array) => {
  const groups: number[][] = []
  for (const frame of frames) {
    const last = groups.at(-1)?.at(-1)
    const isFar = last === undefined || (frame - last > maxGap && keys.subarray(last + 1, frame + 1).includes(1))
    if (isFar) groups.push([frame])
    else groups.at(-1)!.push(frame)
  }
  return groups
}

const keyOfFrame = ({ file, frame }: VideoFrame) => `${frame} ${file}`

const writeVideoZip: Runners['video-zip'] = async (
  { version, frames, quality, isPicked, imageQuality, target },
  _onPart,
  signal,
) => {
  const pictures = new Map<string, Uint8Array>()
  for (const [file, own] of Map.groupBy(
    frames.filter((frame) => frame !== null),
    (frame) => frame.file,
  )) {
    const source = await openVideo({ file, name: own[0]!.name, version })
    const wanted = [...new Set(own.map(({ frame }) => frame))].sort((a, b) => a - b)
    for (const group of groupFrames(wanted, source.index.keys)) {
      const onImage = (i: number, bytes: Uint8Array) => void pictures.set(`${group[i]!} ${file}`, bytes)
      await extractFrames({ source, frames: group, output: pictureOutput(quality, imageQuality), onImage, signal })
    }
  }
  const black = frames.includes(null) ? await encodeBlackPixel(quality === 'original' && !isPicked ? 'png' : 'jpeg') : undefined
  const extension = quality === 'original' && !isPicked ? '.png' : '.jpeg'
  const entries = async function* () {
    for (const [position, frame] of frames.entries())
      yield { name: positionName(position, extension), bytes: (frame ? pictures.get(keyOfFrame(frame)) : black)! }
  }
  await writeStoredZip(target, entries())
}

const runners: Runners = {
  'compressed-image': async ({ image, imageQuality, target }) => Bun.write(target, await readCompressed(image, imageQuality)),
  'upright-image': async ({ image, target }) =>
    Bun.write(target, await encodeUpright(image, (await requireHeader(image)).format)),
  preview: async ({ image, target }) => Bun.write(target, await encodePreview(image)),
  crop: async ({ image, region, target }) => Bun.write(target, await encodeCrop(image, region)),
  'image-chunk': ({ images, quality, isPicked, imageQuality, target }) =>
    writeImageChunk(images, quality, imageQuality, target, isPicked),
  'video-frames': async ({ video, frames, quality, imageQuality, targets }, onPart, signal) => {
    const onImage = async (i: number, bytes: Uint8Array) => {
      await Bun.write(targets[i]!, bytes)
      onPart(i)
    }
    await extractFrames({ source: await openVideo(video), frames, output: pictureOutput(quality, imageQuality), onImage, signal })
  },
  'video-chunk': async ({ video, frames, quality, imageQuality, target }, _onPart, signal) =>
    extractFrames({
      source: await openVideo(video),
      frames,
      output: { kind: 'mp4', crf: crfOf(quality, imageQuality), target },
      signal,
    }),
  'video-zip': writeVideoZip,
  'cloud-preview': async ({ image: { path, name }, target }) =>
    Bun.write(
      target,
      await encodeCloudPreview(path).catch((error) => {
        throw error instanceof MediaError ? new MediaError(`${name}: ${error.message}`) : error
      }),
    ),
  'cloud-sample': ({ image: { path, name }, points, target }) => writeCloudSample(path, name, target, points),
  tiles: ({ image, imageQuality, target }) => writeTiles(image, imageQuality, target),
  'context-zip': ({ images, target }) => writeContextImages(images, target),
}

/** Does one piece of media work in this thread. */
export const runMediaJob = async (job: MediaJob, onPart: OnPart = () => {}, signal?: AbortSignal): Promise<void> => {
  await (runners[job.kind] as Runners[typeof job.kind])(job as never, onPart, signal)
}
