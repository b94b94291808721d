// The order in which CPython lists a set of whole numbers: CVAT draws from such lists, so a seed means the same frames only in that order.

const minSize = 8
const linearProbes = 9

/** An open hash table as CPython's `set` (Objects/setobject.c); a number is its own hash. */
export class IntSet {
  private table: (number | undefined)[] = new Array(minSize)
  private used = 0

  static from(values: Iterable<number>): IntSet {
    const set = new IntSet()
    for (const value of values) set.add(value)
    return set
  }

  /** The slot that holds the value, or the free one where it belongs. */
  private slotOf(value: number): number {
    const mask = this.table.length - 1
    let slot = value & mask
    let perturb = value
    for (;;) {
      const last = slot + linearProbes <= mask ? slot + linearProbes : slot
      for (let at = slot; at <= last; at++) if (this.table[at] === undefined || this.table[at] === value) return at
      perturb = Math.floor(perturb / 32)
      slot = (slot * 5 + 1 + perturb) & mask
    }
  }

  private resize(above: number) {
    let size = minSize
    while (size <= above) size *= 2
    const values = this.list()
    this.table = new Array(size)
    for (const value of values) this.table[this.slotOf(value)] = value
  }

  private add(value: number) {
    const slot = this.slotOf(value)
    if (this.table[slot] === value) return
    this.table[slot] = value
    this.used++
    if (this.used * 5 >= (this.table.length - 1) * 3) this.resize(this.used > 50_000 ? this.used * 2 : this.used * 4)
  }

  private copy(): IntSet {
    const copy = new IntSet()
    if (this.used * 5 >= (minSize - 1) * 3) copy.resize(this.used * 2)
    if (copy.table.length === this.table.length) copy.table = [...this.table]
    else for (const value of this.list()) copy.table[copy.slotOf(value)] = value
    copy.used = this.used
    return copy
  }

  /** The values in the order of the table. */
  list(): number[] {
    return this.table.filter((value) => value !== undefined)
  }

  /** What is left without the values of another set, in CPython's order. */
  without(others: ReadonlySet<number>): number[] {
    const isKept = (value: number) => !others.has(value)
    // Few are removed from a copy, many are left out while a new set is made.
    return this.used >> 2 > others.size ? this.copy().list().filter(isKept) : IntSet.from(this.list().filter(isKept)).list()
  }
}
