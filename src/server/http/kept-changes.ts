// Changes of the last hours, so that a page can tell the person of one and offer to undo it.

const maxKept = 500

/** Of many changes the newest stay. Each is found by its key, by the person who made it only. */
export const createChangeBook = <T extends { userId: number }>() => {
  const changes = new Map<string, T>()
  return {
    keep: (change: T): string => {
      const key = crypto.randomUUID()
      changes.set(key, change)
      if (changes.size > maxKept) changes.delete(changes.keys().next().value!)
      return key
    },
    find: (key: string, userId: number): T | null => {
      const change = changes.get(key)
      return change?.userId === userId ? change : null
    },
    forget: (key: string) => void changes.delete(key),
  }
}
