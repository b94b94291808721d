// Frames of a video by number: decodes on from where it stands when that is shorter than starting at a key frame.

/** A decoded picture of the video; `time` in seconds. */
export type Sample<P> = { time: number; toPicture: () => P | Promise<P>; close: () => void }

export type VideoTimes = {
  /** Seconds at which frames are shown, ascending. */
  times: readonly number[]
  /** Places in `times` that can be decoded without the frames before them, ascending; the first one counts as such. */
  keys: readonly number[]
}

export type ReaderPorts<P> = VideoTimes & {
  /** Samples as they are shown, from the one at this time on. */
  read: (time: number) => AsyncGenerator<Sample<P>, unknown, void>
  /** Takes pictures that nobody asked for yet, on the way backwards. */
  offer?: (at: number, picture: P) => void
}

/** Going back, so many frames before the wanted one are kept from the decoding that is needed anyway. */
const keptBefore = 8

/** Place of the last number that is not greater, or -1. */
export const placeBefore = (numbers: readonly number[], value: number): number => {
  let low = 0
  let high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** The frame that is shown at a time; times of two programs may differ by rounding. */
export const placeOfTime = (times: readonly number[], time: number): number => {
  const before = placeBefore(times, time)
  if (before < 0) return 0
  const next = times[before + 1]
  return next !== undefined && next - time < time - times[before]! ? before + 1 : before
}

type Request<P> = { promise: Promise<P>; resolve: (picture: P) => void; reject: (error: unknown) => void }

const openRequest = <P>(): Request<P> => {
  const { promise, resolve, reject } = Promise.withResolvers<P>()
  return { promise, resolve, reject }
}

/** One decoder, many wishes: the first wish comes first, those that lie ahead are met on the way. */
export class FrameReader<P> {
  private readonly requests = new Map<number, Request<P>>()
  /** Where the decoder stands: the next frame that it gives. */
  private run: { samples: AsyncGenerator<Sample<P>, unknown, void>; at: number } | null = null
  private isRunning = false

  constructor(private readonly ports: ReaderPorts<P>) {}

  /** The picture at a place of `times`. An aborted wish is rejected with the reason of its signal. */
  get(at: number, signal?: AbortSignal): Promise<P> {
    const request = this.requests.get(at) ?? openRequest<P>()
    this.requests.set(at, request)
    const drop = () => {
      if (this.requests.get(at) !== request) return
      this.requests.delete(at)
      request.reject(signal!.reason)
    }
    if (signal?.aborted) drop()
    signal?.addEventListener('abort', drop, { once: true })
    void this.pump()
    return request.promise.finally(() => signal?.removeEventListener('abort', drop))
  }

  async close(): Promise<void> {
    for (const { reject } of this.requests.values()) reject(new Error('The video was closed'))
    this.requests.clear()
    await this.run?.samples.return(undefined)
    this.run = null
  }

  private keyBefore(at: number): number {
    return this.ports.keys[placeBefore(this.ports.keys, at)] ?? 0
  }

  /** Whether going on from here is the shortest way. */
  private isAhead(at: number): boolean {
    return this.run !== null && at >= this.run.at && this.keyBefore(at) <= this.run.at
  }

  private choose(): number {
    const wanted = [...this.requests.keys()]
    const first = wanted[0]!
    return this.isAhead(first) ? first : (wanted.filter((at) => this.isAhead(at)).sort((a, b) => a - b)[0] ?? first)
  }

  private async seek(at: number): Promise<void> {
    const goesBack = this.run !== null && at < this.run.at
    await this.run?.samples.return(undefined)
    const start = goesBack ? Math.max(this.keyBefore(at), at - keptBefore) : at
    this.run = { samples: this.ports.read(this.ports.times[start]!), at: start }
  }

  private async pump(): Promise<void> {
    if (this.isRunning) return
    this.isRunning = true
    try {
      while (this.requests.size > 0) await this.advance(this.choose())
    } catch (error) {
      for (const { reject } of this.requests.values()) reject(error)
      this.requests.clear()
      this.run = null
    } finally {
      this.isRunning = false
    }
  }

  /** One sample further on the way to a frame. */
  private async advance(target: number): Promise<void> {
    if (!this.isAhead(target)) await this.seek(target)
    const run = this.run
    if (!run) return
    const { value: sample, done } = await run.samples.next()
    const at = done ? Number.POSITIVE_INFINITY : placeOfTime(this.ports.times, (sample as Sample<P>).time)
    run.at = at + 1
    if (!done) await this.deliver(at, sample as Sample<P>, target)
    if (at <= target) return
    this.requests.get(target)?.reject(new Error(`Frame ${target} is not in the video`))
    this.requests.delete(target)
  }

  private async deliver(at: number, sample: Sample<P>, target: number): Promise<void> {
    try {
      const isSpare = at < target && target - at <= keptBefore && this.ports.offer !== undefined
      if (!this.requests.has(at) && !isSpare) return
      const picture = await sample.toPicture()
      // The wish may have gone while the picture was made.
      const request = this.requests.get(at)
      this.requests.delete(at)
      if (request) request.resolve(picture)
      else this.ports.offer?.(at, picture)
    } finally {
      sample.close()
    }
  }
}
