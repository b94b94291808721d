// The points around an object on many frames: fetched a few frames at a time, bounded, kept while the batch view is open.
import { type Cuboid, createCuboidTest, listCorners } from '../../../formats/geometry3d/cuboid'
import type { CloudPoints, CloudSource } from '../workspace'
import { growCuboid } from './batch-edits'

/** Metres around the object: the ground beside it is told by them too. */
const reach = 4
/** Metres around a cuboid that are looked at; nearer to the edge of what was fetched, more is fetched. */
const leastReach = 1.2
const mostPoints = 60_000
const atOnce = 3

export type Fetched = { at: 'waiting' } | { at: 'ready'; points: CloudPoints } | { at: 'failed'; reason: string }

type Entry = { box: Cuboid; state: Fetched }

export class FramePoints {
  private readonly entries = new Map<number, Entry>()
  private readonly waiting: number[] = []
  private running = 0
  private closed = false

  constructor(
    private readonly cloud: CloudSource,
    /** Told when the points of a frame came, or did not. */
    private readonly onChange: (frame: number) => void,
  ) {}

  get(frame: number): Fetched {
    return this.entries.get(frame)?.state ?? { at: 'waiting' }
  }

  /** Sees to it that points around a cuboid are there; those of before are shown until then. */
  want(frame: number, cuboid: Cuboid): void {
    const known = this.entries.get(frame)
    if (known) {
      const isIn = createCuboidTest(known.box)
      const near = listCorners(growCuboid(cuboid, leastReach))
      if (known.state.at !== 'failed' && near.every((corner) => isIn(...corner))) return
    }
    const grown = growCuboid(cuboid, reach)
    this.entries.set(frame, { box: grown, state: known?.state.at === 'ready' ? known.state : { at: 'waiting' } })
    if (!this.waiting.includes(frame)) this.waiting.push(frame)
    this.work()
  }

  /** Forgets the points of all other frames. */
  keep(frames: ReadonlySet<number>): void {
    for (const frame of this.entries.keys()) if (!frames.has(frame)) this.entries.delete(frame)
    const stay = this.waiting.filter((frame) => frames.has(frame))
    this.waiting.splice(0, this.waiting.length, ...stay)
  }

  close(): void {
    this.closed = true
    this.waiting.length = 0
    this.entries.clear()
  }

  private work(): void {
    while (this.running < atOnce && this.waiting.length > 0) {
      const frame = this.waiting.shift()!
      this.running += 1
      void this.fetch(frame).finally(() => {
        this.running -= 1
        this.work()
      })
    }
  }

  private async fetch(frame: number): Promise<void> {
    const entry = this.entries.get(frame)
    if (!entry) return
    let state: Fetched
    try {
      state = { at: 'ready', points: await this.collect(frame, entry.box) }
    } catch (error) {
      state = { at: 'failed', reason: (error as Error).message }
    }
    if (this.closed || this.entries.get(frame) !== entry) return
    entry.state = state
    this.onChange(frame)
  }

  private async collect(frame: number, box: Cuboid): Promise<CloudPoints> {
    const { cloud } = this
    if (cloud.collectFrame) return thinPoints(await cloud.collectFrame(frame, box, mostPoints))
    if (cloud.frame === frame) return thinPoints(await cloud.collect(box))
    throw new Error('Points of other frames cannot be read')
  }
}

/** At most as many as a cell can use, evenly taken; always a copy, so that nothing larger is kept alive. */
export const thinPoints = ({ positions, rows, origin }: CloudPoints, most = mostPoints): CloudPoints => {
  const count = positions.length / 3
  const step = Math.max(1, Math.ceil(count / most))
  if (step === 1) return { positions: positions.slice(), rows: rows.slice(), origin }
  const kept = Math.ceil(count / step)
  const thinned = new Float32Array(kept * 3)
  const numbers = new Uint32Array(kept)
  for (let i = 0; i < kept; i++) {
    thinned.set(positions.subarray(i * step * 3, i * step * 3 + 3), i * 3)
    numbers[i] = rows[i * step] ?? 0
  }
  return { positions: thinned, rows: numbers, origin }
}
