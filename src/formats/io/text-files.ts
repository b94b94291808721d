// Text files of an archive that grow side by side while the frames are walked, and are written at the end.

import { createSpool, type Spool } from './spool'
import type { ArchiveEntry } from './zip-writer'

export type TextFiles = {
  /** Appends to a file, which comes into being with its first piece, be it empty; `head` then stands before it. */
  append(name: string, text: string, head?: string): void
  /** The files as entries, in the order in which they came up. */
  entries(): ArchiveEntry[]
  /** Frees the memory and the temporary files. */
  dispose(): void
}

export function createTextFiles(tempDir: string): TextFiles {
  const spools = new Map<string, Spool>()
  return {
    append: (name, text, head = '') => {
      let spool = spools.get(name)
      if (!spool) {
        spools.set(name, (spool = createSpool(tempDir, 1 << 20)))
        spool.append(head)
      }
      if (text !== '') spool.append(text)
    },
    entries: () => [...spools].map(([name, spool]) => ({ name, content: spool.read() })),
    dispose: () => {
      for (const spool of spools.values()) spool.dispose()
    },
  }
}
