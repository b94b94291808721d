// Records that wait on disk until it is their turn to be sorted.
import { type FileHandle, open, rm } from 'node:fs/promises'
import { createRecords, type RecordLayout, type Records } from './records'

export type Spool = {
  readonly count: number
  add: (records: Records, row: number) => Promise<void> | undefined
  addAll: (records: Records) => Promise<void>
  /** Blocks of at most `most` records. */
  read: (most: number) => AsyncGenerator<Records>
  remove: () => Promise<void>
}

const bufferedRecords = 1 << 14

/** Nothing is written before the buffer of some thousand records is full. */
export const openSpool = (path: string, layout: RecordLayout): Spool => {
  const width = layout.words
  const buffer = new Uint32Array(bufferedRecords * width)
  let file: FileHandle | undefined
  let waiting = 0
  let count = 0

  const write = async (words: Uint32Array) => {
    file ??= await open(path, 'wx+')
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
    for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten
  }
  const flush = async () => {
    const rows = waiting
    waiting = 0
    if (rows) await write(buffer.subarray(0, rows * width))
  }

  return {
    get count() {
      return count
    },
    add: ({ words }, row) => {
      const from = row * width
      for (let i = 0; i < width; i++) buffer[waiting * width + i] = words[from + i]!
      waiting++
      count++
      return waiting === bufferedRecords ? flush() : undefined
    },
    addAll: async (records) => {
      await flush()
      await write(records.words)
      count += records.count
    },
    read: async function* (most) {
      await flush()
      for (let done = 0; done < count; ) {
        const rows = Math.min(most, count - done)
        const records = createRecords(layout, rows)
        const bytes = new Uint8Array(records.words.buffer)
        for (let got = 0; got < bytes.length; ) {
          const { bytesRead } = await file!.read(bytes, got, bytes.length - got, done * width * 4 + got)
          if (!bytesRead) throw new Error('points that were kept aside are gone')
          got += bytesRead
        }
        done += rows
        yield records
      }
    },
    remove: async () => {
      await file?.close()
      file = undefined
      await rm(path, { force: true })
    },
  }
}
