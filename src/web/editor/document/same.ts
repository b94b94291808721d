// Compares annotations by value, so that an edit that is undone is no longer a change.
import type { Content } from './object'

const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, i) => isSame(value, b[i]))
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  keys.delete('id')
  for (const key of keys) if (!isSame(left[key], right[key])) return false
  return true
}

/** Equal in everything but ids. */
export const isSameContent = (a: Content, b: Content): boolean => a.kind === b.kind && isSame(a.data, b.data)
