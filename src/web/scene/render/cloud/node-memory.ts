// What is kept of the nodes of all frames, within a number of bytes: those that were used longest ago go first.

export type NodeMemory<T> = {
  /** Also counts as a use. */
  get: (key: string) => T | undefined
  has: (key: string) => boolean
  set: (key: string, value: T, bytes: number) => void
  /** Forgets the longest unused until the limit is kept; what must stay stays. */
  trim: (mustStay: (key: string) => boolean) => void
  /** Forgets what is under a beginning of keys. */
  forget: (prefix: string) => void
  readonly bytes: number
}

/** @param free told of each value that is forgotten */
export const createNodeMemory = <T>(limitBytes: number, free: (value: T) => void): NodeMemory<T> => {
  // In the order of their last use.
  const kept = new Map<string, { value: T; bytes: number }>()
  let total = 0
  const remove = (key: string) => {
    const entry = kept.get(key)
    if (!entry) return
    kept.delete(key)
    total -= entry.bytes
    free(entry.value)
  }
  return {
    get: (key) => {
      const entry = kept.get(key)
      if (!entry) return undefined
      kept.delete(key)
      kept.set(key, entry)
      return entry.value
    },
    has: (key) => kept.has(key),
    set: (key, value, bytes) => {
      remove(key)
      kept.set(key, { value, bytes })
      total += bytes
    },
    trim: (mustStay) => {
      for (const key of [...kept.keys()]) {
        if (total <= limitBytes) return
        if (!mustStay(key)) remove(key)
      }
    },
    forget: (prefix) => {
      for (const key of [...kept.keys()]) if (key.startsWith(prefix)) remove(key)
    },
    get bytes() {
      return total
    },
  }
}
