// Numbers for Prometheus: requests as they are answered, and gauges that features read when they are asked.
import { readdirSync } from 'node:fs'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

const registry = new Registry()
const registers = [registry]

const requests = new Histogram({
  name: 'annolith_http_request_duration_seconds',
  help: 'Time from the arrival of a request to its answer, by route.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
})

const started = new WeakMap<Request, number>()

export const noteStart = (request: Request) => void started.set(request, performance.now())

/** Counts an answer and tells how long it took in ms; addresses that nothing serves count together. */
export const noteAnswer = (request: Request, route: string | undefined, status: number): number => {
  const ms = performance.now() - (started.get(request) ?? performance.now())
  requests.observe({ method: request.method, route: route ?? 'unknown', status }, ms / 1000)
  return ms
}

/** A number that only grows, such as `annolith_saves_total`. */
export const createCounter = (name: string, help: string) => {
  const counter = new Counter({ name, help, registers })
  return { add: (count = 1) => counter.inc(count) }
}

type Readings = Iterable<[labels: Record<string, string>, value: number]>

/**
 * Numbers that are read whenever somebody asks; a name that ends in `_total` is a counter, any other a gauge.
 * A reader that fails leaves its numbers out.
 */
export const addReadings = (
  name: string,
  help: string,
  labelNames: readonly string[],
  read: () => Readings | Promise<Readings>,
) => {
  const collect = async () => {
    metric.reset()
    const readings = await Promise.resolve()
      .then(read)
      .catch((): Readings => [])
    for (const [labels, value] of readings) metric.inc(labels, value)
  }
  const settings = { name, help, labelNames: [...labelNames], registers, collect }
  const metric: Counter | Gauge = name.endsWith('_total') ? new Counter(settings) : new Gauge(settings)
}

addReadings('process_resident_memory_bytes', 'Resident memory.', [], () => [[{}, process.memoryUsage.rss()]])
addReadings('process_cpu_seconds_total', 'Processor time of user and system.', [], () => {
  const { user, system } = process.cpuUsage()
  return [[{}, (user + system) / 1e6]]
})
addReadings('process_start_time_seconds', 'When the process started, in seconds since 1970.', [], () => [
  [{}, Math.round(Date.now() / 1000 - process.uptime())],
])
addReadings('process_open_fds', 'Open file descriptors.', [], () => [[{}, readdirSync('/proc/self/fd').length]])

/** Everything in the text format of Prometheus. */
export const writeMetrics = () => registry.metrics()
/** The same as values. */
export const readMetrics = () => registry.getMetricsAsJSON()
export const metricsType = registry.contentType
