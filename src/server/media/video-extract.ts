// Takes chosen frames out of a video with one run of ffmpeg, as pictures or as a small video, and checks that they are the right ones.
import { ffmpegThreads, inputLimits, runFfmpeg } from './ffmpeg'
import { followTimes } from './showinfo'
import { splitImages } from './split-images'
import { MediaError } from './task-media'
import { keyBefore, type VideoIndex } from './video-index'

export type VideoSource = { path: string; name: string; index: VideoIndex }
/** `quality` is 1…100; `crf` is x264's, 0 = lossless. */
export type VideoOutput = { kind: 'png' } | { kind: 'jpeg'; quality: number } | { kind: 'mp4'; crf: number; target: string }
export type Extraction = {
  source: VideoSource
  /** Source frames, ascending, none twice. */
  frames: readonly number[]
  output: VideoOutput
  /** For pictures: called in order with the position in `frames`. */
  onImage?: (position: number, bytes: Uint8Array) => void | Promise<void>
  signal?: AbortSignal
}

const timeoutMs = 600_000
/** ffmpeg's mjpeg scale runs from 2 (best) to 31. */
const jpegScale = (quality: number) =>
  Math.max(2, Math.min(31, Math.round((quality < 50 ? 50 / quality : 2 - quality / 50) * 10)))
const exactScaling = 'accurate_rnd+full_chroma_int+bicubic'

const outputFilters: Record<VideoOutput['kind'], string[]> = {
  png: [],
  // JPEG knows only the BT.601 matrix in full range.
  jpeg: ['scale=out_color_matrix=bt601:out_range=pc', 'format=yuvj420p'],
  // H.264 in 4:2:0 needs even sides.
  mp4: ['pad=ceil(iw/2)*2:ceil(ih/2)*2', 'format=yuv420p'],
}

const outputArgs = (output: VideoOutput): string[] => {
  if (output.kind === 'png') return ['-c:v', 'png', '-compression_level', '1', '-pix_fmt', 'rgb24', '-f', 'image2pipe', 'pipe:1']
  if (output.kind === 'jpeg') return ['-c:v', 'mjpeg', '-q:v', String(jpegScale(output.quality)), '-f', 'image2pipe', 'pipe:1']
  const encoder = [
    '-c:v',
    'libx264',
    '-threads',
    ffmpegThreads,
    '-preset',
    'ultrafast',
    '-crf',
    String(output.crf),
    '-map_metadata',
    '-1',
  ]
  return [...encoder, '-movflags', '+faststart', '-f', 'mp4', '-y', output.target]
}

/** ffmpeg's expression for the wanted frames, counted from the first decoded one. */
const selectExpression = (frames: readonly number[], base: number) => {
  const wanted = frames.map((frame) => frame - base)
  const [first, last] = [wanted[0]!, wanted.at(-1)!]
  const step = wanted.length > 1 ? wanted[1]! - first : 1
  if (wanted.every((n, i) => n === first + i * step)) return `between(n,${first},${last})*not(mod(n-${first},${step}))`
  return wanted.map((n) => `eq(n,${n})`).join('+')
}

class Mismatch extends Error {}

/** Whether `time` is that of source frame `frame` and of none beside it. */
const isTimeOf = ({ times }: VideoIndex, frame: number, time: number) => {
  const at = times[frame]!
  const gap = Math.min(at - (times[frame - 1] ?? Number.NEGATIVE_INFINITY), (times[frame + 1] ?? Number.POSITIVE_INFINITY) - at)
  return Math.abs(time - at) <= Math.min(gap, 1) * 0.45
}

type Pass = { seek: boolean; published: number }

/** One run of ffmpeg. With `seek` the log is compared with the index; without, frames are counted from the start, and the last one is repeated where the file ends early. */
const runPass = async ({ source, frames, output, onImage, signal }: Extraction, pass: Pass): Promise<void> => {
  const { path, index } = source
  const first = frames[0]!
  const start = pass.seek && keyBefore(index, first) > 0 ? first : 0
  const at = start > 0 ? (index.times[start - 1]! + index.times[start]!) / 2 : 0
  const log = followTimes()
  const split = output.kind === 'mp4' ? undefined : splitImages(output.kind)
  const waiting: Uint8Array[] = []
  let position = 0

  const check = (i: number) => {
    if (pass.seek && !isTimeOf(index, frames[i]!, log.times[i]!)) throw new Mismatch()
  }
  const publish = async () => {
    while (waiting.length && (!pass.seek || log.times.length > position)) {
      check(position)
      const bytes = waiting.shift()!
      if (position >= pass.published) {
        await onImage?.(position, bytes)
        pass.published = position + 1
      }
      position++
    }
  }

  const filters = [
    ...(pass.seek ? [] : ['tpad=stop=-1:stop_mode=clone']),
    `select='${selectExpression(frames, start)}'`,
    'showinfo=checksum=0',
    'settb=1/25',
    'setpts=N',
    ...outputFilters[output.kind],
  ]
  const stop = new AbortController()
  const args = [
    ...inputLimits,
    ...(start > 0 ? ['-seek_timestamp', '1', '-ss', at.toFixed(6)] : []),
    ...['-copyts', '-i', path, '-map', '0:V:0', '-an', '-sn', '-dn', '-sws_flags', exactScaling],
    ...['-vf', filters.join(','), '-frames:v', String(frames.length), '-r', '25', ...outputArgs(output)],
  ]
  try {
    await runFfmpeg({
      args,
      timeoutMs,
      signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
      onLine: log.read,
      onOutput: async (bytes) => {
        if (split) waiting.push(...split(bytes))
        await publish()
      },
    })
  } catch (error) {
    stop.abort()
    throw error
  }
  if (pass.seek && log.times.length < frames.length) throw new Mismatch()
  await publish()
  for (let i = 0; pass.seek && i < frames.length; i++) check(i)
  if (!log.times.length) throw new MediaError(`${source.name}: frame ${first} cannot be decoded`)
  if (split && position < frames.length)
    throw new MediaError(`${source.name}: only ${position} of ${frames.length} frames could be decoded`)
}

/**
 * Takes `frames` out of a video. Seeks to them by the index; where container and index disagree, or the file has no usable key
 * frames, it decodes from the start and counts.
 */
export const extractFrames = async (extraction: Extraction): Promise<void> => {
  const { frames, source } = extraction
  if (!frames.length) throw new MediaError(`${source.name}: no frames were asked for`)
  frames.forEach((frame, i) => {
    if (!(frame < source.index.times.length)) throw new MediaError(`${source.name}: there is no frame ${frame}`)
    if (i > 0 && frame <= frames[i - 1]!) throw new MediaError(`${source.name}: frames must be asked for in order`)
  })
  const pass = { seek: source.index.exact, published: 0 }
  if (pass.seek) {
    try {
      return await runPass(extraction, pass)
    } catch (error) {
      const isDecodeError = error instanceof MediaError && error.message.startsWith('ffmpeg failed')
      if (!(error instanceof Mismatch) && !isDecodeError) throw error
    }
  }
  await runPass(extraction, { ...pass, seek: false })
}
