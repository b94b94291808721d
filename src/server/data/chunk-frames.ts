// Which task frames a chunk holds.
import { refused } from '../http/errors'

type Chunked = { chunkSize: number; size: number }
/** First and last task frame, both included; `frames` when only some of them belong to it, ascending. */
export type Span = { startFrame: number; stopFrame: number; frames?: number[] | null }

const listFrames = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

const outOfRange = (first: number, last: number) => refused(`The chunk number should be in the [${first}, ${last}] range`)

/**
 * Frames of chunk `number` of the task; of a job only those in its span, with null in place of those that it leaves out. Throws 400 for a
 * chunk that has none of them.
 */
export const chunkFrames = ({ chunkSize, size }: Chunked, number: number, span?: Span): (number | null)[] => {
  const { startFrame, stopFrame } = span ?? { startFrame: 0, stopFrame: size - 1 }
  const [first, last] = [Math.floor(startFrame / chunkSize), Math.floor(stopFrame / chunkSize)]
  if (number < first || number > last) throw outOfRange(first, last)
  const all = listFrames(Math.max(startFrame, number * chunkSize), Math.min(stopFrame, (number + 1) * chunkSize - 1))
  if (!span?.frames) return all
  const own = new Set(span.frames)
  return all.map((frame) => (own.has(frame) ? frame : null))
}

/** Frames of the chunk `index` counted from the start of a job. Throws 400 when the job has fewer. */
export const jobChunkFrames = ({ chunkSize }: Chunked, index: number, { startFrame, stopFrame, frames }: Span): number[] => {
  const count = frames?.length ?? stopFrame - startFrame + 1
  const last = Math.floor((count - 1) / chunkSize)
  if (index < 0 || index > last) throw outOfRange(0, last)
  const from = index * chunkSize
  if (frames) return frames.slice(from, from + chunkSize)
  return listFrames(startFrame + from, Math.min(stopFrame, startFrame + from + chunkSize - 1))
}

/** Whether a task frame belongs to a span. */
export const isInSpan = (frame: number, { startFrame, stopFrame, frames }: Span): boolean =>
  frames ? frames.includes(frame) : frame >= startFrame && frame <= stopFrame
