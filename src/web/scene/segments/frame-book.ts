// One frame of the book: what the server holds, what is pending over it, and how the two clash.
import { compareRuns, paintAll, paintRuns, type ValueRuns, withValue } from '../../../formats/cloud-shapes/value-runs'
import type { GroundShape, PointsChange } from '../../editor/document/cloud-change'
import type { FrameChanges, StoredFrame } from './cloud-api'

const textOf = (shape: GroundShape | null | undefined): string =>
  shape ? JSON.stringify([shape.type, shape.labelId, shape.points, shape.attributes]) : ''

export const isSameShape = (a: GroundShape | null | undefined, b: GroundShape | null | undefined): boolean =>
  textOf(a) === textOf(b)

export type Clashes = { points: number; shapes: string[] }

export class FrameBook {
  /** As last loaded or saved; -1: never loaded. */
  revision = -1
  /** What the server holds. */
  runs: ValueRuns = []
  readonly stored = new Map<string, GroundShape>()
  /** Not sent yet, oldest first. */
  ops: PointsChange[] = []
  /** How many of them are on their way. */
  private sending = 0
  /** Not sent yet: null = removed. */
  readonly pending = new Map<string, GroundShape | null>()

  constructor(readonly frame: number) {}

  get isLoaded(): boolean {
    return this.revision >= 0
  }

  get pendingCount(): number {
    return this.ops.length + this.pending.size
  }

  /** As it is here: the server's, and over it what is pending. */
  get current(): ValueRuns {
    return paintRuns(this.runs, this.paint())
  }

  private paint(): ValueRuns {
    return paintAll(this.ops.map(({ rows, after }) => withValue(rows, after)))
  }

  shape(uid: string): GroundShape | null {
    return this.pending.has(uid) ? this.pending.get(uid)! : (this.stored.get(uid) ?? null)
  }

  listShapes(): GroundShape[] {
    const uids = new Set([...this.stored.keys(), ...this.pending.keys()])
    return [...uids].flatMap((uid) => this.shape(uid) ?? [])
  }

  addPoints(change: PointsChange): void {
    const last = this.ops.at(-1)
    // A step and the one that takes it back are nothing.
    if (
      last &&
      this.ops.length > this.sending &&
      last.rows === change.rows &&
      last.before === change.after &&
      last.after === change.before
    )
      this.ops.pop()
    else this.ops.push(change)
  }

  putShape(uid: string, shape: GroundShape | null): void {
    if (this.isLoaded && isSameShape(shape, this.stored.get(uid))) this.pending.delete(uid)
    else this.pending.set(uid, shape)
  }

  adopt({ revision, runs, shapes }: StoredFrame): void {
    this.revision = revision
    this.runs = runs
    this.stored.clear()
    for (const shape of shapes) this.stored.set(shape.uid, shape)
    for (const [uid, shape] of [...this.pending]) this.putShape(uid, shape)
  }

  /** What is to be sent now; `settle` or `unpack` follows. */
  pack(): FrameChanges {
    this.sending = this.ops.length
    return {
      frame: this.frame,
      paint: this.ops.map(({ rows, after }) => ({ rows, value: after })),
      shapes: [...this.pending.values()].filter((shape) => shape !== null),
      removed: [...this.pending].flatMap(([uid, shape]) => (shape ? [] : [uid])),
    }
  }

  /** What was packed was not stored. */
  unpack(): void {
    this.sending = 0
  }

  /** What was packed is stored; what came meanwhile stays pending. */
  settle(sent: FrameChanges, revision: number): void {
    this.runs = paintRuns(this.runs, paintAll(sent.paint.map(({ rows, value }) => withValue(rows, value))))
    this.ops = this.ops.slice(this.sending)
    this.sending = 0
    for (const shape of sent.shapes) {
      this.stored.set(shape.uid, shape)
      if (isSameShape(this.pending.get(shape.uid), shape)) this.pending.delete(shape.uid)
      else if (!this.pending.has(shape.uid)) this.pending.set(shape.uid, null)
    }
    for (const uid of sent.removed) {
      this.stored.delete(uid)
      if (this.pending.get(uid) === null) this.pending.delete(uid)
    }
    this.revision = revision
  }

  /** Pending changes that lie over something that somebody else changed since. */
  findClashes({ runs, shapes }: StoredFrame): Clashes {
    const first = paintAll(this.ops.map(({ rows, before }) => withValue(rows, before)).reverse())
    const last = this.paint()
    let points = 0
    compareRuns(runs, first, (from, to, theirs, before) => {
      if (theirs !== before)
        compareRuns(last, [from, to, -1], (start, end, mine) => (points += mine === theirs ? 0 : end - start))
    })
    const now = new Map(shapes.map((shape) => [shape.uid, shape]))
    const clashing = [...this.pending].filter(([uid, mine]) => {
      const theirs = now.get(uid)
      return !isSameShape(theirs, this.stored.get(uid)) && !isSameShape(theirs, mine)
    })
    return { points, shapes: clashing.map(([uid]) => uid) }
  }

  /** Gives up what clashes. */
  yield({ runs }: StoredFrame, { shapes }: Clashes): void {
    const first = paintAll(this.ops.map(({ rows, before }) => withValue(rows, before)).reverse())
    const keep: number[] = []
    compareRuns(runs, first, (from, to, theirs, before) => {
      if (theirs === before) keep.push(from, to)
    })
    this.ops = this.ops.flatMap((op) => {
      const rows: number[] = []
      compareRuns(withValue(keep, 1), withValue(op.rows, 1), (from, to, kept) => {
        if (kept) rows.push(from, to)
      })
      return rows.length ? [{ ...op, rows }] : []
    })
    for (const uid of shapes) this.pending.delete(uid)
  }
}
