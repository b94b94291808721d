// How far people agree beyond chance: Cohen's kappa, Fleiss' kappa and Krippendorff's alpha. Pure functions over what people said.

/** What one person said about one thing; undefined where they said nothing. */
export type Rating = string | undefined

/**
 * Cohen's kappa of two people who judged the same things: (p₀ - pₑ) / (1 - pₑ). Null when nobody judged anything in common or
 * chance alone would make them agree always.
 * J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960) 37–46.
 */
export const measureCohen = (pairs: readonly (readonly [Rating, Rating])[]): number | null => {
  const judged = pairs.filter((pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== undefined)
  if (!judged.length) return null
  const [first, second] = [new Map<string, number>(), new Map<string, number>()]
  let agreed = 0
  for (const [a, b] of judged) {
    if (a === b) agreed++
    first.set(a, (first.get(a) ?? 0) + 1)
    second.set(b, (second.get(b) ?? 0) + 1)
  }
  const observed = agreed / judged.length
  let expected = 0
  for (const [value, count] of first) expected += (count * (second.get(value) ?? 0)) / judged.length ** 2
  return expected === 1 ? null : (observed - expected) / (1 - expected)
}

/**
 * Fleiss' kappa: rows are things, numbers how many people chose each value. All rows must add up to the same number of people, at
 * least two. Null for no rows or when only one value was ever chosen. Throws RangeError for uneven rows.
 * J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971) 378–382.
 */
export const measureFleiss = (rows: readonly (readonly number[])[]): number | null => {
  if (!rows.length) return null
  const people = rows[0]!.reduce((a, b) => a + b, 0)
  if (people < 2 || rows.some((row) => row.reduce((a, b) => a + b, 0) !== people))
    throw new RangeError('every row needs the same number of ratings, two at least')
  const shares = rows[0]!.map((_, at) => rows.reduce((sum, row) => sum + row[at]!, 0) / (rows.length * people))
  const expected = shares.reduce((sum, share) => sum + share * share, 0)
  const observed =
    rows.reduce((sum, row) => sum + (row.reduce((squares, n) => squares + n * n, 0) - people) / (people * (people - 1)), 0) /
    rows.length
  return expected === 1 ? null : (observed - expected) / (1 - expected)
}

export type Scale = 'nominal' | 'interval'

/**
 * Krippendorff's alpha, 1 - Dₒ/Dₑ: any number of people, who need not have judged everything. Each row is what was said about one
 * thing. `interval` compares texts as numbers. Null when fewer than two values can be paired or all are equal.
 * K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), https://repository.upenn.edu/asc_papers/43.
 */
export const measureKrippendorff = (rows: readonly (readonly Rating[])[], scale: Scale = 'nominal'): number | null => {
  const units = rows.map((row) => row.filter((value) => value !== undefined)).filter((row) => row.length > 1)
  const distance = (a: string, b: string) => (scale === 'interval' ? (Number(a) - Number(b)) ** 2 : a === b ? 0 : 1)
  const totals = new Map<string, number>()
  let observed = 0
  for (const unit of units) {
    const counts = new Map<string, number>()
    for (const value of unit) counts.set(value, (counts.get(value) ?? 0) + 1)
    for (const [a, countA] of counts) {
      totals.set(a, (totals.get(a) ?? 0) + countA)
      for (const [b, countB] of counts) if (a !== b) observed += (countA * countB * distance(a, b)) / (unit.length - 1)
    }
  }
  const count = [...totals.values()].reduce((a, b) => a + b, 0)
  if (count < 2) return null
  let expected = 0
  for (const [a, countA] of totals)
    for (const [b, countB] of totals) if (a !== b) expected += (countA * countB * distance(a, b)) / (count - 1)
  return expected === 0 ? null : 1 - observed / expected
}
