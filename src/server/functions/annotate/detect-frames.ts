// Runs a detector or classifier over the frames of a task or job.

import { FunctionError } from '../contract'
import { type Detection, detectOnFrame } from '../detect'
import type { AutoAnnotations } from '../to-annotations'

/** Frames that a function is asked about at the same time, so that one is read while another is looked at. */
const atOnce = 2
/** Objects that one run may find. */
const maxObjects = 2_000_000

/** Everything that was found, in order of frames. The first failure ends it. */
export const detectFrames = async (
  detection: Detection,
  frames: readonly number[],
  report: (share: number) => Promise<void>,
  signal: AbortSignal,
): Promise<AutoAnnotations> => {
  const found = new Array<AutoAnnotations>(frames.length)
  let [next, done, objects] = [0, 0, 0]
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const work = async () => {
    while (next < frames.length) {
      either.throwIfAborted()
      const at = next++
      const own = await detectOnFrame(detection, frames[at]!, either)
      found[at] = own
      objects += own.tags.length + own.shapes.length
      if (objects > maxObjects)
        throw new FunctionError('answer', `"${detection.info.name}" found more than ${maxObjects} objects.`)
      await report(++done / frames.length)
    }
  }
  const running = Array.from({ length: atOnce }, () =>
    work().catch((error) => {
      failure.abort(error)
      throw error
    }),
  )
  await Promise.allSettled(running)
  await Promise.all(running)
  return { tags: found.flatMap(({ tags }) => tags), shapes: found.flatMap(({ shapes }) => shapes) }
}
