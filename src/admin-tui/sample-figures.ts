// From the text of /metrics to figures of a moment: rates and latencies between two looks. Pure.

type Reading = { labels: Record<string, string>; value: number }
/** Readings by the name of their metric, and when they were read in seconds. */
export type Figures = { at: number; readings: Map<string, Reading[]> }

const line = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g

export const readFigures = (text: string, at: number): Figures => {
  const readings = new Map<string, Reading[]>()
  for (const one of text.split('\n')) {
    const { name, labels = '', value } = line.exec(one)?.groups ?? {}
    if (!name) continue
    const reading = {
      labels: Object.fromEntries([...labels.matchAll(label)].map(([, key, own]) => [key, own])),
      value: Number(value),
    }
    const list = readings.get(name)
    if (list) list.push(reading)
    else readings.set(name, [reading])
  }
  return { at, readings }
}

const histogram = 'annolith_http_request_duration_seconds'
/** What consoles and collectors ask is not what people wait for. */
const isForeign = ({ labels }: Reading) => !/^\/(api\/admin|metrics|healthz|readyz)/.test(labels.route ?? '')

const sum = ({ readings }: Figures, name: string, isWanted: (reading: Reading) => boolean = () => true) =>
  (readings.get(name) ?? []).reduce((total, reading) => (isWanted(reading) ? total + reading.value : total), 0)

/** Requests that took at most so many seconds, by the bounds of the buckets, in ascending order. */
const readBuckets = (figures: Figures): [bound: number, count: number][] => {
  const counts = new Map<number, number>()
  for (const reading of figures.readings.get(`${histogram}_bucket`) ?? [])
    if (isForeign(reading)) {
      const bound = reading.labels.le === '+Inf' ? Infinity : Number(reading.labels.le)
      counts.set(bound, (counts.get(bound) ?? 0) + reading.value)
    }
  return [...counts].sort(([a], [b]) => a - b)
}

/** The time within which a share of the requests was answered, straight between the bounds of its bucket; 0 without requests. */
export const readQuantile = (buckets: [bound: number, count: number][], share: number): number => {
  const total = buckets.at(-1)?.[1] ?? 0
  if (!total) return 0
  const wanted = share * total
  let [low, below] = [0, 0]
  for (const [bound, count] of buckets) {
    if (count >= wanted)
      return bound === Infinity ? low : low + ((bound - low) * (wanted - below)) / Math.max(1e-9, count - below)
    ;[low, below] = [bound, count]
  }
  return low
}

const waitingOnly = ({ labels }: Reading) => labels.state === 'waiting'

/** What happened between two looks; without an earlier one, or after a restart, rates are 0. */
export const sample = (before: Figures | undefined, now: Figures) => {
  const started = (figures: Figures) => sum(figures, 'process_start_time_seconds')
  // A restarted server counts from nothing.
  const from = before && Math.abs(started(before) - started(now)) < 2 ? before : undefined
  const seconds = from ? Math.max(0.001, now.at - from.at) : 1
  const grown = (name: string, isWanted?: (reading: Reading) => boolean) =>
    from ? Math.max(0, sum(now, name, isWanted) - sum(from, name, isWanted)) : 0
  const earlier = new Map(from ? readBuckets(from) : [])
  const buckets = readBuckets(now).map(([bound, count]): [number, number] => [
    bound,
    from ? count - (earlier.get(bound) ?? 0) : 0,
  ])
  return {
    requestsPerSecond: grown(`${histogram}_count`, isForeign) / seconds,
    p50: readQuantile(buckets, 0.5),
    p99: readQuantile(buckets, 0.99),
    savesPerSecond: grown('annolith_saves_total') / seconds,
    waiting: sum(now, 'annolith_chores', waitingOnly),
    oldest: Math.max(0, ...(now.readings.get('annolith_chore_oldest_seconds') ?? []).map(({ value }) => value)),
    memory: sum(now, 'process_resident_memory_bytes'),
    cpuPercent: (grown('process_cpu_seconds_total') / seconds) * 100,
  }
}
