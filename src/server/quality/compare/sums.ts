// Sums in the order in which NumPy adds, so that metrics come out equal to the last digit.

/** Pairwise summation: eight running sums in blocks of 128, halves above. */
export const addPairwise = (values: ArrayLike<number>, from = 0, count = values.length): number => {
  if (count < 8) {
    let sum = 0
    for (let at = 0; at < count; at++) sum += values[from + at]!
    return sum
  }
  if (count > 128) {
    const half = Math.floor(count / 2)
    const first = half - (half % 8)
    return addPairwise(values, from, first) + addPairwise(values, from + first, count - first)
  }
  const sums = Array.from({ length: 8 }, (_, at) => values[from + at]!)
  let at = 8
  for (; at < count - (count % 8); at += 8) for (let lane = 0; lane < 8; lane++) sums[lane]! += values[from + at + lane]!
  const [a, b, c, d, e, f, g, h] = sums as [number, number, number, number, number, number, number, number]
  let sum = a + b + (c + d) + (e + f + (g + h))
  for (; at < count; at++) sum += values[from + at]!
  return sum
}

/** 0 for nothing. */
export const findMean = (values: readonly number[]): number => (values.length ? addPairwise(values) / values.length : 0)
