// Figures from the text of /metrics: rates and latencies between two looks, restarts, and what consoles ask themselves.
import { expect, test } from 'bun:test'
import { readFigures, readQuantile, sample } from './sample-figures'

const write = (more: Record<string, number>) =>
  Object.entries(more)
    .map(([name, value]) => `${name} ${value}`)
    .join('\n')

const request = (route: string, le: string) =>
  `annolith_http_request_duration_seconds_bucket{le="${le}",method="GET",route="${route}",status="200"}`
const total = (route: string) => `annolith_http_request_duration_seconds_count{method="GET",route="${route}",status="200"}`

const before = `# HELP anything
${write({
  [request('/api/tasks', '0.01')]: 100,
  [request('/api/tasks', '0.1')]: 100,
  [request('/api/tasks', '+Inf')]: 100,
  [total('/api/tasks')]: 100,
  [total('/api/admin/status')]: 5,
  process_start_time_seconds: 1000,
  annolith_saves_total: 7,
  process_cpu_seconds_total: 3,
})}`
const after = write({
  [request('/api/tasks', '0.01')]: 150,
  [request('/api/tasks', '0.1')]: 200,
  [request('/api/tasks', '+Inf')]: 200,
  [total('/api/tasks')]: 200,
  [request('/api/admin/status', '0.01')]: 9000,
  [total('/api/admin/status')]: 9000,
  process_start_time_seconds: 1000,
  annolith_saves_total: 17,
  process_cpu_seconds_total: 4,
  process_resident_memory_bytes: 123,
  'annolith_chores{lane="import",state="waiting"}': 2,
  'annolith_chores{lane="export",state="waiting"}': 3,
  'annolith_chores{lane="export",state="failed"}': 50,
  'annolith_chore_oldest_seconds{lane="import"}': 12,
  'annolith_chore_oldest_seconds{lane="export"}': 40,
})

test('rates are what grew in a second; consoles do not count', () => {
  const figures = sample(readFigures(before, 10), readFigures(after, 14))
  expect(figures).toMatchObject({
    requestsPerSecond: 25,
    savesPerSecond: 2.5,
    cpuPercent: 25,
    memory: 123,
    waiting: 5,
    oldest: 40,
  })
  expect(figures.p50).toBeCloseTo(0.01, 5)
  expect(figures.p99).toBeCloseTo(0.01 + 0.09 * (49 / 50), 5)
})

test('without an earlier look, and after a restart, nothing has grown', () => {
  const none = { requestsPerSecond: 0, savesPerSecond: 0, cpuPercent: 0, p50: 0, p99: 0, memory: 123 }
  expect(sample(undefined, readFigures(after, 1))).toMatchObject(none)
  const restarted = after.replace('process_start_time_seconds 1000', 'process_start_time_seconds 5000')
  expect(sample(readFigures(before, 1), readFigures(restarted, 2))).toMatchObject(none)
})

test('a quantile beyond the last bound is that bound', () => {
  expect(
    readQuantile(
      [
        [1, 0],
        [10, 0],
        [Infinity, 4],
      ],
      0.5,
    ),
  ).toBe(10)
  expect(readQuantile([], 0.5)).toBe(0)
})

test('labels with quotes and braces are read', () => {
  const { readings } = readFigures('a{b="x\\"}y",c="z"} 3', 0)
  expect(readings.get('a')).toEqual([{ labels: { b: 'x\\"}y', c: 'z' }, value: 3 }])
})
