// The frames whose points are known, the longest unwanted of which are forgotten.
import type { Material } from 'three'
import { FrameCloud } from './frame-cloud'
import type { NodeMemory } from './node-memory'
import { ShownFrame } from './shown-frame'

const keptFrames = 40

export type FrameStorePorts = {
  jobId: number
  memory: NodeMemory<() => void>
  material: Material
  /** More is known of a frame, or cannot be known. */
  onChange: () => void
  /** Points of a frame came. */
  onLoaded: () => void
  /** The first points of a frame are there. */
  onReady: (shown: ShownFrame) => void
  /** Frames that are shown, or are to be. */
  listNeeded: () => readonly number[]
}

export class FrameStore {
  private readonly frames = new Map<number, ShownFrame>()
  /** Frames that are held, and by how many. */
  private readonly held = new Map<number, number>()

  constructor(private readonly ports: FrameStorePorts) {}

  find(frame: number): ShownFrame | undefined {
    return this.frames.get(frame)
  }

  has(shown: ShownFrame): boolean {
    return this.frames.get(shown.frame) === shown
  }

  /** Asks the server for a frame that is not known yet. */
  open(frame: number): ShownFrame {
    const there = this.frames.get(frame)
    if (there) {
      // What was wanted last stands last.
      this.frames.delete(frame)
      this.frames.set(frame, there)
      return there
    }
    const { jobId, memory, material, onChange, onLoaded, onReady } = this.ports
    const made = new ShownFrame(new FrameCloud({ jobId, frame, onChange }), memory, material, onLoaded)
    this.frames.set(frame, made)
    this.trim()
    made.ready.then(
      () => onReady(made),
      () => {
        // Asked for again when it is wanted again.
        if (this.has(made)) this.drop(made)
      },
    )
    return made
  }

  /** Keeps a frame until what is answered is called. */
  hold(frame: number): () => void {
    this.held.set(frame, (this.held.get(frame) ?? 0) + 1)
    return () => {
      const times = this.held.get(frame)! - 1
      if (times > 0) this.held.set(frame, times)
      else this.held.delete(frame)
    }
  }

  private trim(): void {
    if (this.frames.size <= keptFrames) return
    const needed = new Set([...this.ports.listNeeded(), ...this.held.keys()])
    for (const shown of [...this.frames.values()].slice(0, -1)) {
      if (this.frames.size <= keptFrames) return
      if (!needed.has(shown.frame)) this.drop(shown)
    }
  }

  private drop(shown: ShownFrame): void {
    this.frames.delete(shown.frame)
    shown.dispose()
  }

  dispose(): void {
    for (const shown of [...this.frames.values()]) this.drop(shown)
  }
}
