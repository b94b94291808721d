// Proposals for what did not match: frames by the ends of their names, labels by their names without case.

import { dropExtension, type FrameInfo } from '../match'

/** What names have in common although they are spelt differently: neither case, extension nor separators. */
function simplify(name: string): string {
  return dropExtension(name)
    .toLowerCase()
    .replace(/[\s_.-]+/g, '')
}

const baseOf = (name: string) => name.slice(name.lastIndexOf('/') + 1)

/** Finds frames for names of a dataset; only frames that are alone in fitting are proposed. */
export function createFrameProposer(frames: readonly FrameInfo[]): (name: string) => string | undefined {
  const keys = [
    // The end of the path decides, then the same without case and separators, then the number alone.
    (name: string) => dropExtension(baseOf(name)),
    (name: string) => simplify(baseOf(name)),
    (name: string) => /(\d+)\D*$/.exec(dropExtension(baseOf(name)))?.[1]?.replace(/^0+(?=\d)/, ''),
  ]
  const indexes = keys.map((key) => {
    const index = new Map<string, string | null>()
    for (const { name } of frames) {
      const value = key(name)
      if (value) index.set(value, index.has(value) ? null : name)
    }
    return index
  })
  return (name) => {
    for (const [at, key] of keys.entries()) {
      const value = key(name)
      const found = value ? indexes[at]!.get(value) : undefined
      if (found) return found
    }
    return undefined
  }
}

/** The only name that is the same but for case and separators, if there is one. */
export function proposeName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase()
  const same = known.filter((one) => one.toLowerCase() === wanted)
  if (same.length === 1) return same[0]
  const alike = known.filter((one) => simplify(`${one}.x`) === simplify(`${name}.x`))
  return same.length === 0 && alike.length === 1 ? alike[0] : undefined
}
