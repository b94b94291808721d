// Text that is written now and read once later: in memory while small, else in a temporary file.

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export type Spool = {
  append(text: string): void
  /** Everything that was appended, in order. */
  read(): AsyncGenerator<Uint8Array>
  /** Frees the memory or the file. */
  dispose(): void
}

const blockChars = 1 << 18

/** A spool that keeps up to `memoryBytes` before it turns to a file of its own below `tempDir`. */
export function createSpool(tempDir: string, memoryBytes = 8 << 20): Spool {
  const encoder = new TextEncoder()
  let pending: string[] = []
  let pendingChars = 0
  let blocks: Uint8Array[] = []
  let blockBytes = 0
  let file: { folder: string; handle: number; size: number } | undefined

  const flush = () => {
    if (pendingChars === 0) return
    const block = encoder.encode(pending.join(''))
    pending = []
    pendingChars = 0
    blocks.push(block)
    blockBytes += block.length
    if (blockBytes > memoryBytes || file) spill()
  }
  const spill = () => {
    file ??= openFile(tempDir)
    for (const block of blocks) file.size += writeFully(file.handle, block)
    blocks = []
    blockBytes = 0
  }
  return {
    append: (text) => {
      pending.push(text)
      pendingChars += text.length
      if (pendingChars >= blockChars) flush()
    },
    read: async function* () {
      flush()
      for (let at = 0; file && at < file.size; ) {
        const block = new Uint8Array(Math.min(blockChars, file.size - at))
        at += readSync(file.handle, block, 0, block.length, at)
        yield block
      }
      yield* blocks
    },
    dispose: () => {
      blocks = []
      if (!file) return
      closeSync(file.handle)
      rmSync(file.folder, { recursive: true, force: true })
      file = undefined
    },
  }
}

function openFile(tempDir: string) {
  const folder = mkdtempSync(join(tempDir, 'spool-'))
  return { folder, handle: openSync(join(folder, 'text'), 'wx+', 0o600), size: 0 }
}

function writeFully(handle: number, bytes: Uint8Array): number {
  let written = 0
  while (written < bytes.length) written += writeSync(handle, bytes, written)
  return written
}
