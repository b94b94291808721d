// NumPy's seeded choice (`Generator(MT19937(seed)).choice(n, k, replace=False, shuffle=False)`), so that a seed means the same frames as with CVAT.

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

/** A source of choices; the same seed gives the same ones in the same order. */
export const createChooser = (seed: number) => {
  const next = createTwister(seed)
  /** `count` different numbers from 0 to `size` - 1, in the order in which they were drawn. */
  return (size: number, count: number): number[] => {
    // As NumPy: many out of a large range are taken from its shuffled end, else Floyd's algorithm.
    if (size > 10_000 && count > Math.floor(size / 20)) {
      const all = Uint32Array.from({ length: size }, (_, i) => i)
      for (let i = size - 1; i >= Math.max(size - count, 1); i--) {
        const j = drawUpTo(next, i)
        ;[all[i], all[j]] = [all[j]!, all[i]!]
      }
      return [...all.subarray(size - count)]
    }
    const chosen = new Set<number>()
    for (let last = size - count; last < size; last++) {
      const drawn = drawUpTo(next, last)
      chosen.add(chosen.has(drawn) ? last : drawn)
    }
    return [...chosen]
  }
}
