// Records that are written in any order and read back by their frame, or as they came: on disk, with 16 bytes a record in memory.

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type RecordSpool<T> = {
  readonly count: number
  append(frame: number, record: T): void
  /** In the order in which they came. */
  list(): Generator<T>
  /** By frame; those of one frame as they came. */
  listByFrame(): Generator<T>
  /** Removes the file. */
  dispose(): void
}

const blockBytes = 1 << 20

/** Keeps JSON values in a file of its own below `tempDir`. */
export function createRecordSpool<T>(tempDir: string): RecordSpool<T> {
  const folder = mkdtempSync(join(tempDir, 'records-'))
  const handle = openSync(join(folder, 'records'), 'wx+', 0o600)
  let pending: Buffer = Buffer.allocUnsafe(blockBytes)
  let pendingBytes = 0
  let fileBytes = 0
  let count = 0
  let isSorted = true
  let offsets = new Float64Array(1024)
  let frames = new Float64Array(1024)

  const flush = () => {
    for (let at = 0; at < pendingBytes; ) at += writeSync(handle, pending, at, pendingBytes - at)
    fileBytes += pendingBytes
    pendingBytes = 0
  }
  const append = (frame: number, record: T) => {
    const text = JSON.stringify(record)
    // UTF-8 takes at most three bytes for a unit of UTF-16.
    const most = text.length * 3
    if (pendingBytes + most > pending.length) {
      flush()
      if (most > pending.length) pending = Buffer.allocUnsafe(most)
    }
    if (count === offsets.length) {
      offsets = grow(offsets)
      frames = grow(frames)
    }
    offsets[count] = fileBytes + pendingBytes
    frames[count] = frame
    isSorted &&= count === 0 || frames[count - 1]! <= frame
    pendingBytes += pending.write(text, pendingBytes)
    count++
  }

  function* read(order: Iterable<number>): Generator<T> {
    flush()
    let block: Buffer = Buffer.alloc(0)
    let start = 0
    for (const at of order) {
      const from = offsets[at]!
      const to = at + 1 < count ? offsets[at + 1]! : fileBytes
      if (from < start || to > start + block.length) {
        const length = Math.min(Math.max(to - from, blockBytes / 4), fileBytes - from)
        block = Buffer.allocUnsafe(length)
        for (let got = 0; got < length; ) got += readSync(handle, block, got, length - got, from + got)
        start = from
      }
      yield JSON.parse(block.toString('utf8', from - start, to - start))
    }
  }

  return {
    get count() {
      return count
    },
    append,
    list: () => read(countUp(count)),
    listByFrame: () => {
      if (isSorted) return read(countUp(count))
      const order = Uint32Array.from({ length: count }, (_, at) => at)
      return read(order.sort((a, b) => frames[a]! - frames[b]! || a - b))
    },
    dispose: () => {
      closeSync(handle)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function grow(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2)
  larger.set(array)
  return larger
}

function* countUp(count: number): Generator<number> {
  for (let at = 0; at < count; at++) yield at
}
