// NumPy's seeded draws (`Generator(MT19937(seed))`: choice without replacement, shuffle), so that a seed means the same frames as with CVAT.

const multiply = (a: number, b: number) => Math.imul(a, b) >>> 0
const words = 624

/** NumPy's SeedSequence (a port of Melissa O'Neill's seed_seq): 32-bit words that depend on every bit of the seed. */
const expandSeed = (seed: number, count: number): Uint32Array => {
  const entropy = seed < 2 ** 32 ? [seed >>> 0] : [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
  let hash = 0x43b0d7e5
  const hashed = (value: number) => {
    let mixed = (value ^ hash) >>> 0
    hash = multiply(hash, 0x931e8875)
    mixed = multiply(mixed, hash)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
  const mix = (x: number, y: number) => {
    const result = (multiply(0xca01f9dd, x) - multiply(0x4973f715, y)) >>> 0
    return (result ^ (result >>> 16)) >>> 0
  }
  const pool = [0, 1, 2, 3].map((i) => hashed(entropy[i] ?? 0))
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to]!, hashed(pool[from]!))
  let state = 0x8b51f9dd
  return Uint32Array.from({ length: count }, (_, i) => {
    let value = (pool[i % 4]! ^ state) >>> 0
    state = multiply(state, 0x58f38ded)
    value = multiply(value, state)
    return (value ^ (value >>> 16)) >>> 0
  })
}

/** The Mersenne Twister of 32 bits (Matsumoto and Nishimura, 1998), seeded as NumPy does. */
const createTwister = (seed: number): (() => number) => {
  const key = expandSeed(seed, words)
  key[0] = 0x80000000
  let at = words - 1
  const refill = () => {
    for (let i = 0; i < words; i++) {
      const y = (key[i]! & 0x80000000) | (key[(i + 1) % words]! & 0x7fffffff)
      key[i] = key[(i + 397) % words]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    at = 0
  }
  return () => {
    if (at >= words) refill()
    let y = key[at++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }
}

/** A number from 0 to `last`, each as likely (Lemire's method on 32 bits). */
const drawUpTo = (next: () => number, last: number): number => {
  if (last === 0) return 0
  const range = BigInt(last) + 1n
  let product = BigInt(next()) * range
  if ((product & 0xffffffffn) < range) {
    const threshold = (0xffffffffn - BigInt(last)) % range
    while ((product & 0xffffffffn) < threshold) product = BigInt(next()) * range
  }
  return Number(product >> 32n)
}

/** A number from 0 to `last`, each as likely: as many bits as it may have, until they fit. NumPy shuffles lists with it. */
const drawMasked = (next: () => number, last: number): number => {
  const mask = 2 ** (32 - Math.clz32(last)) - 1
  for (;;) {
    const drawn = (next() & mask) >>> 0
    if (drawn <= last) return drawn
  }
}

/** A source of draws; the same seed gives the same ones in the same order. */
export const createGenerator = (seed: number) => {
  const next = createTwister(seed)
  /** Swaps the items from the last one down to `first` with one at or before them. */
  const mix = <T>(items: { [at: number]: T; length: number }, first: number, draw = drawUpTo) => {
    for (let i = items.length - 1; i >= first; i--) {
      const j = draw(next, i)
      ;[items[i], items[j]] = [items[j]!, items[i]!]
    }
  }
  const pick = (size: number, count: number, isMixed: boolean): number[] => {
    // As NumPy: many out of a large range are taken from its shuffled end, else Floyd's algorithm.
    if (size > 10_000 && count > Math.floor(size / (isMixed ? 50 : 20))) {
      const all = Uint32Array.from({ length: size }, (_, i) => i)
      mix(all, Math.max(size - count, 1))
      return [...all.subarray(size - count)]
    }
    const chosen = new Set<number>()
    for (let last = size - count; last < size; last++) {
      const drawn = drawUpTo(next, last)
      chosen.add(chosen.has(drawn) ? last : drawn)
    }
    const list = [...chosen]
    if (isMixed) mix(list, 1)
    return list
  }
  return {
    /** `count` different numbers from 0 to `size` - 1 (`shuffle=False`). */
    choose: (size: number, count: number): number[] => pick(size, count, false),
    /** The same in random order (NumPy's default). */
    chooseShuffled: (size: number, count: number): number[] => pick(size, count, true),
    /** The items in random order. */
    shuffle: <T>(items: readonly T[]): T[] => {
      const mixed = [...items]
      mix(mixed, 1, drawMasked)
      return mixed
    },
  }
}
export type Generator = ReturnType<typeof createGenerator>

/** A seed for draws that nobody needs to repeat. */
export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!
