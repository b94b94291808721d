// What is drawn on the clouds of a job beyond cuboids: frames as they are loaded, changes that are pending, and sending them.
import type { CloudChange, GroundShape } from '../../editor/document/cloud-change'
import type { SideBook } from '../../editor/document/side-book'
import { ApiError } from '../../editor/save/api'
import type { ChangeJournal } from './change-journal'
import type { CloudApi, StoredFrame } from './cloud-api'
import { type Clashes, FrameBook, isSameShape } from './frame-book'

export type BookPorts = {
  api: CloudApi
  journal: ChangeJournal
  /** Asks what becomes of changes that clash with somebody else's. */
  askClash: (clashes: Clashes) => Promise<'mine' | 'theirs'>
  /** Told of a failed save, and when work begins and ends. */
  onFailure: (error: unknown) => void
  onWork: (by: 1 | -1) => void
  /** The number of pending changes may be another. */
  onPending: () => void
}

/** What a frame's views are told: single changes, or that everything may be another. */
export type BookNews = { frame: number; changes: readonly CloudChange[] | null }

const framesASave = 50
const keptFrames = 12

export class CloudBook implements SideBook {
  private readonly frames = new Map<number, FrameBook>()
  private readonly loading = new Map<number, Promise<FrameBook>>()
  private readonly listeners = new Set<(news: BookNews) => void>()
  private running: Promise<void> | null = null

  constructor(private readonly ports: BookPorts) {}

  subscribe(listener: (news: BookNews) => void): void {
    this.listeners.add(listener)
  }

  private tell(frame: number, changes: readonly CloudChange[] | null): void {
    for (const listener of this.listeners) listener({ frame, changes })
  }

  frame(number: number): FrameBook {
    const found = this.frames.get(number) ?? new FrameBook(number)
    this.frames.delete(number)
    this.frames.set(number, found)
    return found
  }

  /** The frame with what the server holds of it. */
  open(number: number): Promise<FrameBook> {
    const frame = this.frame(number)
    if (frame.isLoaded) return Promise.resolve(frame)
    const waiting = this.loading.get(number)
    if (waiting) return waiting
    const load = this.ports.api
      .load(number)
      .then((stored) => {
        // Frames that nobody looks at and that have nothing pending are loaded again when they are wanted.
        for (const other of this.frames.values())
          if (this.frames.size > keptFrames && other !== frame && other.pendingCount === 0) this.frames.delete(other.frame)
        frame.adopt(stored)
        return frame
      })
      .finally(() => this.loading.delete(number))
    this.loading.set(number, load)
    return load
  }

  get pendingCount(): number {
    let count = 0
    for (const frame of this.frames.values()) count += frame.pendingCount
    return count
  }

  /** Changes of which the state is no longer what they begin with are left out. */
  apply(changes: readonly CloudChange[]): void {
    const done: CloudChange[] = []
    for (const change of changes) {
      const frame = this.frame(change.frame)
      if (change.kind === 'shape') {
        if (frame.isLoaded && !isSameShape(frame.shape(change.uid), change.before)) continue
        frame.putShape(change.uid, change.after)
      } else frame.addPoints(change)
      done.push(change)
    }
    if (done.length === 0) return
    this.ports.journal.add(done)
    for (const [frame, own] of Map.groupBy(done, (change) => change.frame)) this.tell(frame, own)
    this.ports.onPending()
  }

  /** Somebody else saved: frames without pending changes are loaded again, the others when they are sent. */
  async refresh(revision: number, numbers: readonly number[] | null): Promise<void> {
    for (const frame of [...this.frames.values()]) {
      if (!frame.isLoaded || frame.revision >= revision) continue
      if (numbers && !numbers.includes(frame.frame)) {
        if (frame.revision === revision - 1) frame.revision = revision
        continue
      }
      if (frame.pendingCount > 0) continue
      const stored = await this.ports.api.load(frame.frame).catch(() => null)
      if (!stored || frame.pendingCount > 0) continue
      frame.adopt(stored)
      this.tell(frame.frame, null)
    }
  }

  async reload(): Promise<void> {
    for (const frame of [...this.frames.values()]) {
      if (!frame.isLoaded || frame.pendingCount > 0) continue
      const stored = await this.ports.api.load(frame.frame)
      if (stored.revision <= frame.revision || frame.pendingCount > 0) continue
      frame.adopt(stored)
      this.tell(frame.frame, null)
    }
  }

  save(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = null
    })
    return this.running
  }

  private async run(): Promise<void> {
    if (this.pendingCount === 0) return
    this.ports.onWork(1)
    try {
      while (this.pendingCount > 0) {
        const waiting = [...this.frames.values()].filter((frame) => frame.pendingCount > 0).slice(0, framesASave)
        // What a step of another session changed on a frame that was never shown.
        for (const frame of waiting) await this.open(frame.frame)
        if (!(await this.send(waiting.filter((frame) => frame.pendingCount > 0)))) return
      }
    } catch (error) {
      this.ports.onFailure(error)
    } finally {
      this.ports.onWork(-1)
      this.ports.onPending()
    }
  }

  /** False when it cannot go on. */
  private async send(frames: FrameBook[]): Promise<boolean> {
    if (frames.length === 0) return true
    const mark = this.ports.journal.mark()
    const revision = Math.min(...frames.map((frame) => frame.revision))
    const sent = frames.map((frame) => frame.pack())
    try {
      const saved = await this.ports.api.save(sent, revision)
      // Frames that were up to date still are.
      for (const other of this.frames.values()) if (other.revision === revision) other.revision = saved
      for (const [i, frame] of frames.entries()) frame.settle(sent[i]!, saved)
      if (frames.length < framesASave) this.ports.journal.forget(mark)
      this.ports.onPending()
      return true
    } catch (error) {
      for (const frame of frames) frame.unpack()
      if (!(error instanceof ApiError) || error.reason !== 'stale') throw error
      await this.merge(frames)
      return true
    }
  }

  /** Brings pending changes together with what somebody else saved; asks where both changed the same. */
  private async merge(frames: FrameBook[]): Promise<void> {
    const theirs: StoredFrame[] = []
    for (const { frame } of frames) theirs.push(await this.ports.api.load(frame))
    const clashes = frames.map((frame, i) => frame.findClashes(theirs[i]!))
    const all: Clashes = {
      points: clashes.reduce((sum, { points }) => sum + points, 0),
      shapes: clashes.flatMap(({ shapes }) => shapes),
    }
    const choice = all.points > 0 || all.shapes.length > 0 ? await this.ports.askClash(all) : 'mine'
    for (const [i, frame] of frames.entries()) {
      if (choice === 'theirs') frame.yield(theirs[i]!, clashes[i]!)
      frame.adopt(theirs[i]!)
      this.tell(frame.frame, null)
    }
    this.ports.onPending()
  }

  listShapes(frame: number): GroundShape[] {
    return this.frames.get(frame)?.listShapes() ?? []
  }

  async restore(
    root: HTMLElement,
    session: { session: string; owner: string; startedAt: number },
    onAsk: () => void,
  ): Promise<void> {
    for (const changes of await this.ports.journal.open(root, session, onAsk)) this.apply(changes)
    this.ports.onPending()
  }
}
