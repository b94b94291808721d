// Which frames a job has and how to step through them: deleted and not included ones are passed over.

export type FrameList = {
  readonly start: number
  readonly stop: number
  readonly frames: readonly number[]
  has: (frame: number) => boolean
  /** The frame `steps` places further, stopped at the ends. */
  step: (frame: number, steps: number) => number
  /** The frame of the list nearest to any number. */
  nearest: (frame: number) => number
  /** Next frame in a direction that passes the test, or null. */
  find: (frame: number, direction: 1 | -1, test: (frame: number) => boolean) => number | null
}

export const listFrames = (
  start: number,
  stop: number,
  deleted: readonly number[],
  included?: readonly number[] | null,
): FrameList => {
  const gone = new Set(deleted)
  const wanted = included && included.length > 0 ? new Set(included) : null
  const frames: number[] = []
  for (let frame = start; frame <= stop; frame++) if (!gone.has(frame) && (!wanted || wanted.has(frame))) frames.push(frame)
  if (frames.length === 0) frames.push(start)
  const places = new Map(frames.map((frame, index) => [frame, index]))
  const indexNear = (frame: number): number => {
    const exact = places.get(frame)
    if (exact !== undefined) return exact
    const after = frames.findIndex((one) => one > frame)
    return after === -1 ? frames.length - 1 : after
  }
  return {
    start: frames[0]!,
    stop: frames.at(-1)!,
    frames,
    has: (frame) => places.has(frame),
    step: (frame, steps) => frames[Math.min(Math.max(indexNear(frame) + steps, 0), frames.length - 1)]!,
    nearest: (frame) => frames[indexNear(frame)]!,
    find: (frame, direction, test) => {
      for (let i = indexNear(frame) + direction; i >= 0 && i < frames.length; i += direction)
        if (test(frames[i]!)) return frames[i]!
      return null
    },
  }
}
