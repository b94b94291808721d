// Middle and spread that a few wrong values cannot move.

/** Of values in any order; NaN for none. */
export const findMedian = (values: readonly number[]): number => {
  if (!values.length) return Number.NaN
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** `spread` estimates the standard deviation. */
export type Middle = { median: number; spread: number; count: number }

/**
 * Median and scaled median absolute deviation: B. Iglewicz and D. C. Hoaglin, "How to Detect and Handle Outliers" (ASQC Quality
 * Press, 1993); 1.4826 makes it the standard deviation of normal values.
 */
export const findMiddle = (values: readonly number[]): Middle => {
  const median = findMedian(values)
  return { median, spread: 1.4826 * findMedian(values.map((value) => Math.abs(value - median))), count: values.length }
}

/** How many spreads a value lies off; a spread below `floor` counts as that. */
export const measureOddness = (value: number, { median, spread }: Middle, floor: number): number =>
  Math.abs(value - median) / Math.max(spread, floor)

/** Probability of at most `count` where `expected` are usual, by Poisson. */
export const measureRarity = (count: number, expected: number): number => {
  let term = Math.exp(-expected)
  let sum = term
  for (let n = 1; n <= count; n++) {
    term *= expected / n
    sum += term
  }
  return sum
}
