// Label and instance of every point of the shown frame, one number a row, and how many points have which.

import { collectRuns } from '../../../formats/cloud-shapes/row-runs'
import type { ValueRuns } from '../../../formats/cloud-shapes/value-runs'
import { maxInstance, type PointsChange, packValue, unpackValue } from '../../editor/document/cloud-change'

/** Number of a label among those of the job in the upper half, instance in the lower one: values of changes have more bits. */
export class PointValues {
  readonly cells: Uint32Array
  readonly counts = new Map<number, number>()
  private readonly slots: Map<number, number>

  constructor(
    readonly count: number,
    private readonly labelIds: readonly number[],
  ) {
    this.cells = new Uint32Array(count)
    this.slots = new Map(labelIds.map((id, at) => [id, at + 1]))
  }

  private cellOf(value: number): number {
    if (value === 0) return 0
    const { labelId, instance } = unpackValue(value)
    return (this.slots.get(labelId) ?? 0) * (maxInstance + 1) + instance
  }

  valueOfCell(cell: number): number {
    const slot = cell >>> 16
    return slot === 0 ? 0 : packValue(this.labelIds[slot - 1]!, cell & maxInstance)
  }

  valueOf(row: number): number {
    return this.valueOfCell(this.cells[row] ?? 0)
  }

  private note(value: number, by: number): void {
    if (value === 0) return
    const count = (this.counts.get(value) ?? 0) + by
    if (count > 0) this.counts.set(value, count)
    else this.counts.delete(value)
  }

  /** Takes stretches of equal rows out of the counts. */
  private unnote(from: number, to: number): void {
    for (let row = from; row < to; ) {
      const cell = this.cells[row]!
      let end = row + 1
      while (end < to && this.cells[end] === cell) end++
      this.note(this.valueOfCell(cell), row - end)
      row = end
    }
  }

  get labelled(): number {
    let sum = 0
    for (const count of this.counts.values()) sum += count
    return sum
  }

  fill(runs: ValueRuns): void {
    this.cells.fill(0)
    this.counts.clear()
    for (let at = 0; at < runs.length; at += 3) {
      const [from, to] = [runs[at]!, Math.min(runs[at + 1]!, this.count)]
      const cell = this.cellOf(runs[at + 2]!)
      if (cell === 0 || to <= from) continue
      this.cells.fill(cell, from, to)
      this.note(runs[at + 2]!, to - from)
    }
  }

  apply({ rows, after }: PointsChange): void {
    const cell = this.cellOf(after)
    for (let at = 0; at + 1 < rows.length; at += 2) {
      const to = Math.min(rows[at + 1]!, this.count)
      this.unnote(rows[at]!, to)
      this.cells.fill(cell, rows[at]!, to)
      this.note(cell === 0 ? 0 : after, Math.max(to - rows[at]!, 0))
    }
  }

  /** Changes that give rows (ascending) a value; rows that have it already, or that may not change, are left out. */
  plan(frame: number, rows: ArrayLike<number>, after: number, mayChange: (value: number) => boolean): PointsChange[] {
    const byCell = new Map<number, number[]>()
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!
      if (row >= this.count) continue
      const cell = this.cells[row]!
      const own = byCell.get(cell)
      if (own) own.push(row)
      else byCell.set(cell, [row])
    }
    return [...byCell].flatMap(([cell, own]): PointsChange[] => {
      const before = this.valueOfCell(cell)
      return before === after || !mayChange(before) ? [] : [{ kind: 'points', frame, rows: collectRuns(own), before, after }]
    })
  }

  /** The first number that no instance of a label has. */
  nextInstance(labelId: number): number {
    let highest = 0
    for (const value of this.counts.keys()) {
      const one = unpackValue(value)
      if (one.labelId === labelId) highest = Math.max(highest, one.instance)
    }
    return Math.min(highest + 1, maxInstance)
  }
}
