// Which frames a job has and how to step through them: deleted ones are passed over, frames that are not included do not exist.

export type FrameList = {
  /** First and last, deleted ones too. */
  readonly start: number
  readonly stop: number
  /** Frames that stepping reaches. */
  readonly frames: readonly number[]
  readonly deleted: ReadonlySet<number>
  has: (frame: number) => boolean
  /** The frame `steps` places further, stopped at the ends. */
  step: (frame: number, steps: number) => number
  /** The frame of the job nearest to any number; a deleted one may be asked for by its number. */
  nearest: (frame: number) => number
  /** Next frame in a direction that passes the test, or null. */
  find: (frame: number, direction: 1 | -1, test: (frame: number) => boolean) => number | null
  /** The list with other frames deleted. */
  withDeleted: (deleted: Iterable<number>, stepsOnDeleted?: boolean) => FrameList
}

/** Place of the first number that is not smaller. */
const placeOf = (frames: readonly number[], frame: number): number => {
  let low = 0
  let high = frames.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (frames[middle]! < frame) low = middle + 1
    else high = middle
  }
  return low
}

const makeList = (all: readonly number[], deleted: ReadonlySet<number>, stepsOnDeleted: boolean): FrameList => {
  const kept = stepsOnDeleted ? all : all.filter((frame) => !deleted.has(frame))
  const frames = kept.length > 0 ? kept : all
  const last = frames.length - 1
  const known = new Set(all)
  return {
    start: all[0]!,
    stop: all.at(-1)!,
    frames,
    deleted,
    has: (frame) => known.has(frame),
    step: (frame, steps) => {
      const at = placeOf(frames, frame)
      // From a deleted frame the place found is already one step ahead.
      const between = frames[at] !== frame && steps > 0 ? 1 : 0
      return frames[Math.min(Math.max(at + steps - between, 0), last)]!
    },
    nearest: (frame) => all[Math.min(placeOf(all, frame), all.length - 1)]!,
    find: (frame, direction, test) => {
      const at = placeOf(frames, frame)
      const first = direction === 1 ? (frames[at] === frame ? at + 1 : at) : at - 1
      for (let i = first; i >= 0 && i <= last; i += direction) if (test(frames[i]!)) return frames[i]!
      return null
    },
    withDeleted: (next, steps = stepsOnDeleted) => makeList(all, new Set(next), steps),
  }
}

export const listFrames = (
  start: number,
  stop: number,
  deleted: readonly number[],
  included?: readonly number[] | null,
): FrameList => {
  const wanted = included && included.length > 0 ? new Set(included) : null
  const all: number[] = []
  for (let frame = start; frame <= stop; frame++) if (!wanted || wanted.has(frame)) all.push(frame)
  if (all.length === 0) all.push(start)
  return makeList(all, new Set(deleted), false)
}
