// What this server counted since a moment: the same numbers as /metrics, as rates and percentiles of one span.
import { readMetrics } from '../http/metrics'
import { readDisk } from '../storage/disk-use'

/** Each figure with its unit; null when there is nothing to tell, as of latencies while nobody asks. */
export const figureUnits = {
  /** Requests a second. */
  requests: 'rate',
  /** Answers with 500 and more, a second. */
  errors: 'rate',
  /** ms below which half, 95 and 99 % of the answers were. */
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  waiting: 'count',
  running: 'count',
  failed: 'count',
  /** Seconds that the oldest waiting chore has waited. */
  oldest: 'seconds',
  /** Saves a second. */
  saves: 'rate',
  /** Media a second that were found in the cache, and that had to be made. */
  hits: 'rate',
  misses: 'rate',
  /** Share of the disk that is taken. */
  disk: 'share',
  /** Bytes. */
  memory: 'bytes',
  /** Share of one processor. */
  processor: 'share',
  files: 'count',
  /** Browsers that follow live events. */
  streams: 'count',
} as const
export type Figure = keyof typeof figureUnits
export type Figures = Record<Figure, number | null>

type Value = { labels: Record<string, string | number>; value: number; metricName?: string }
type Metrics = Map<string, Value[]>

/** Sums over all labels that a test lets through. */
const sum = (values: Value[] | undefined, isWanted: (value: Value) => boolean = () => true): number =>
  (values ?? []).reduce((total, one) => (isWanted(one) ? total + one.value : total), 0)

const latencies = 'annolith_http_request_duration_seconds'

/** Answers up to each bound in s, over all routes; in rising order. */
const readBuckets = (metrics: Metrics): Map<number, number> => {
  const buckets = new Map<number, number>()
  for (const { labels, value, metricName } of metrics.get(latencies) ?? []) {
    if (metricName !== `${latencies}_bucket`) continue
    const bound = labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le)
    buckets.set(bound, (buckets.get(bound) ?? 0) + value)
  }
  return new Map([...buckets].sort(([a], [b]) => a - b))
}

/** Totals that only grow. */
export type Totals = {
  /** ms */
  at: number
  requests: number
  errors: number
  saves: number
  hits: number
  misses: number
  processor: number
  buckets: Map<number, number>
}

const readTotals = (metrics: Metrics, at: number): Totals => {
  const answers = (metrics.get(latencies) ?? []).filter(({ metricName }) => metricName === `${latencies}_count`)
  return {
    at,
    requests: sum(answers),
    errors: sum(answers, ({ labels }) => Number(labels.status) >= 500),
    saves: sum(metrics.get('annolith_saves_total')),
    hits: sum(metrics.get('annolith_cache_hits_total')),
    misses: sum(metrics.get('annolith_cache_misses_total')),
    processor: sum(metrics.get('process_cpu_seconds_total')),
    buckets: readBuckets(metrics),
  }
}

/** ms below which a share of the answers was, between two looks, as Prometheus interpolates; null without answers. */
export const findPercentile = (before: Map<number, number>, after: Map<number, number>, share: number): number | null => {
  const counts = [...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)] as const)
  const total = counts.at(-1)?.[1] ?? 0
  if (total <= 0) return null
  const wanted = total * share
  let [from, below] = [0, 0]
  for (const [bound, count] of counts) {
    if (count >= wanted) {
      // Of what is above the last bound nothing more is known.
      if (bound === Number.POSITIVE_INFINITY) return from * 1000
      return (from + ((bound - from) * (wanted - below)) / Math.max(1, count - below)) * 1000
    }
    ;[from, below] = [bound, count]
  }
  return from * 1000
}

/** What happened since `before`, and the totals that the next span begins with. A first look has no rates. */
export const collectFigures = async (before?: Totals, now = Date.now()): Promise<{ figures: Figures; totals: Totals }> => {
  const metrics: Metrics = new Map((await readMetrics()).map(({ name, values }) => [name, values as Value[]]))
  const totals = readTotals(metrics, now)
  const seconds = before ? Math.max(0.001, (now - before.at) / 1000) : 0
  const rate = (key: 'requests' | 'errors' | 'saves' | 'hits' | 'misses' | 'processor') =>
    before ? Math.max(0, totals[key] - before[key]) / seconds : null
  const percentile = (share: number) => (before ? findPercentile(before.buckets, totals.buckets, share) : null)
  const chores = (state: string) => sum(metrics.get('annolith_chores'), ({ labels }) => labels.state === state)
  const disk = await readDisk().catch(() => undefined)
  return {
    totals,
    figures: {
      requests: rate('requests'),
      errors: rate('errors'),
      p50: percentile(0.5),
      p95: percentile(0.95),
      p99: percentile(0.99),
      waiting: chores('waiting'),
      running: chores('running'),
      failed: chores('failed'),
      oldest: Math.max(0, ...(metrics.get('annolith_chore_oldest_seconds') ?? []).map(({ value }) => value)),
      saves: rate('saves'),
      hits: rate('hits'),
      misses: rate('misses'),
      disk: disk ? disk.percent / 100 : null,
      memory: sum(metrics.get('process_resident_memory_bytes')),
      processor: rate('processor'),
      files: sum(metrics.get('process_open_fds')),
      streams: sum(metrics.get('annolith_live_streams')),
    },
  }
}
