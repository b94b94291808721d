// Which task frames a chunk holds.
import { refused } from '../http/errors'

type Chunked = { chunkSize: number; size: number }
/** First and last task frame, both included. */
export type Span = { startFrame: number; stopFrame: number }

const listFrames = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

const outOfRange = (first: number, last: number) => refused(`The chunk number should be in the [${first}, ${last}] range`)

/** Frames of chunk `number` of the task; of a job only those in its span. Throws 400 for a chunk that has none of them. */
export const chunkFrames = ({ chunkSize, size }: Chunked, number: number, span?: Span): number[] => {
  const { startFrame, stopFrame } = span ?? { startFrame: 0, stopFrame: size - 1 }
  const [first, last] = [Math.floor(startFrame / chunkSize), Math.floor(stopFrame / chunkSize)]
  if (number < first || number > last) throw outOfRange(first, last)
  return listFrames(Math.max(startFrame, number * chunkSize), Math.min(stopFrame, (number + 1) * chunkSize - 1))
}

/** Frames of the chunk `index` counted from the start of a job. Throws 400 when the job has fewer. */
export const jobChunkFrames = ({ chunkSize }: Chunked, index: number, { startFrame, stopFrame }: Span): number[] => {
  const last = Math.floor((stopFrame - startFrame) / chunkSize)
  if (index < 0 || index > last) throw outOfRange(0, last)
  const from = startFrame + index * chunkSize
  return listFrames(from, Math.min(stopFrame, from + chunkSize - 1))
}
