// Whether memory is flat: the straight line through samples, after the time in which a server grows to its working size.

/** `at` in s, `bytes` resident. */
export type Sample = { at: number; bytes: number }
export type Trend = {
  samples: number
  /** Bytes a second. */
  slope: number
  /** Bytes that the line rises from the first judged sample to the last. */
  growth: number
  mean: number
  peak: number
}

/** Least squares over the samples from `fromSeconds` on; undefined when there are fewer than three. */
export const findTrend = (all: readonly Sample[], fromSeconds: number): Trend | undefined => {
  const samples = all.filter(({ at }) => at >= fromSeconds)
  if (samples.length < 3) return undefined
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [atMean, bytesMean] = [mean(samples.map(({ at }) => at)), mean(samples.map(({ bytes }) => bytes))]
  let [above, below] = [0, 0]
  for (const { at, bytes } of samples) {
    above += (at - atMean) * (bytes - bytesMean)
    below += (at - atMean) ** 2
  }
  const slope = above / Math.max(1e-9, below)
  return {
    ...{ samples: samples.length, slope, mean: bytesMean },
    growth: slope * (samples.at(-1)!.at - samples[0]!.at),
    peak: Math.max(...samples.map(({ bytes }) => bytes)),
  }
}

/** What a server may grow by while it is judged: a leak shows more, a cache that fills less. */
export const isFlat = ({ growth, mean }: Trend): boolean => growth <= Math.max(24 * 2 ** 20, mean * 0.1)
