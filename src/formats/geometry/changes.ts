// Places where masks begin and end along parallel lines, collected in any order and handed out sorted.

/**
 * A list of (line, place) pairs that sorts itself by line and then by place, in time linear in the pairs when few share a line.
 * Meant to be kept and reused: its memory is not given back.
 */
export class Changes {
  private lines = new Int32Array(1024)
  private places = new Int32Array(1024)
  private sorted = new Int32Array(1024)
  private starts = new Int32Array(1024)
  private ends = new Int32Array(1024)
  private size = 0
  private firstLine = 0
  private lastLine = -1

  clear(): void {
    this.size = 0
    this.firstLine = Number.MAX_SAFE_INTEGER
    this.lastLine = -1
  }

  add(line: number, place: number): void {
    if (this.size === this.lines.length) this.grow()
    this.lines[this.size] = line
    this.places[this.size++] = place
    if (line < this.firstLine) this.firstLine = line
    if (line > this.lastLine) this.lastLine = line
  }

  /** Sorted positions (line · length + place) of all changes. */
  list(length: number): number[] {
    const count = this.sort()
    const { ends, sorted, firstLine } = this
    const positions: number[] = new Array(this.size)
    for (let line = 0, at = 0; line < count; line++) {
      const base = (line + firstLine) * length
      for (const end = ends[line]!; at < end; at++) positions[at] = base + sorted[at]!
    }
    return positions
  }

  /** Sum of the distances from every other change to the next one: the pixels between beginnings and ends. */
  countBetween(length: number): number {
    const count = this.sort()
    const { ends, sorted, firstLine } = this
    let sum = 0
    for (let line = 0, at = 0; line < count; line++) {
      const base = (line + firstLine) * length
      for (const end = ends[line]!; at < end; at++) sum += at % 2 === 0 ? -base - sorted[at]! : base + sorted[at]!
    }
    return sum
  }

  /** Orders the places by line and then by size; gives the number of lines from the first to the last. */
  private sort(): number {
    const { size, lines, places, firstLine } = this
    const count = size === 0 ? 0 : this.lastLine - firstLine + 1
    if (this.starts.length <= count) {
      this.starts = new Int32Array(2 * count)
      this.ends = new Int32Array(2 * count)
    }
    const { starts, ends, sorted } = this
    starts.fill(0, 0, count + 1)
    for (let at = 0; at < size; at++) starts[lines[at]! - firstLine + 1]!++
    for (let line = 0; line < count; line++) starts[line + 1]! += starts[line]!
    ends.set(starts.subarray(0, count))
    for (let at = 0; at < size; at++) {
      const line = lines[at]! - firstLine
      insert(sorted, starts[line]!, ends[line]!++, places[at]!)
    }
    return count
  }

  private grow(): void {
    this.lines = copyLarger(this.lines)
    this.places = copyLarger(this.places)
    this.sorted = new Int32Array(this.lines.length)
  }
}

/** Puts a place among the sorted ones between start and end. */
function insert(sorted: Int32Array, start: number, end: number, place: number): void {
  let at = end
  for (; at > start && sorted[at - 1]! > place; at--) sorted[at] = sorted[at - 1]!
  sorted[at] = place
}

function copyLarger(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
