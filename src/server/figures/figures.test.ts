// What a server counts is kept minute by minute for a day, each server for itself, and is the same as /metrics tells.
import { beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createPerson } from '../../../tests/api'
import { eventDb, eventTx } from '../db/open-events'
import { noteAnswer, noteStart, writeMetrics } from '../http/metrics'
import { collectFigures, findPercentile } from './collect'
import { gather } from './history'
import { keepSample } from './keep'
import { serverSamples } from './schema'
import { type Figures, listServers, nameServer, readHistory } from './service'

const answer = (status: number) => {
  const request = new Request('http://localhost/x')
  noteStart(request)
  noteAnswer(request, '/x', status)
}
const minuteMs = 60_000
const noFigures = {} as Figures

beforeAll(async () => {
  await createPerson()
})

test('percentiles are those that Prometheus computes from the same buckets', () => {
  const after = new Map([
    [0.1, 50],
    [0.5, 90],
    [1, 100],
    [Number.POSITIVE_INFINITY, 100],
  ])
  expect(findPercentile(new Map(), after, 0.5)).toBe(100)
  expect(findPercentile(new Map(), after, 0.9)).toBe(500)
  expect(findPercentile(new Map(), after, 0.95)).toBe(750)
  expect(findPercentile(after, after, 0.5)).toBeNull()
  const slow = new Map([
    [0.1, 0],
    [Number.POSITIVE_INFINITY, 4],
  ])
  expect(findPercentile(new Map(), slow, 0.5)).toBe(100)
})

test('rates are of the span, and what is now is as /metrics tells', async () => {
  const first = await collectFigures(undefined, 1_000_000)
  expect([first.figures.requests, first.figures.p50]).toEqual([null, null])
  for (let i = 0; i < 30; i++) answer(200)
  for (let i = 0; i < 6; i++) answer(503)
  const { figures } = await collectFigures(first.totals, 1_000_000 + minuteMs)
  expect([figures.requests, figures.errors]).toEqual([36 / 60, 6 / 60])
  expect(figures.p99).toBeGreaterThan(0)
  const told = await writeMetrics()
  const counted = [...told.matchAll(/^annolith_http_request_duration_seconds_count\{.*\} (\d+)$/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  )
  expect((await collectFigures()).totals.requests).toBe(counted)
  expect(figures.memory).toBeGreaterThan(10_000_000)
  expect(figures.disk).toBeWithin(0, 1)
})

test('a sample is kept each minute and forgotten after a day; other servers have their own', async () => {
  const now = Date.now()
  const other = 'elsewhere:8080'
  await eventTx(async (t) => {
    for (const minutes of [5, 1, 25 * 60])
      await t.insert(serverSamples).values({
        key: `${other} ${minutes}`,
        server: other,
        at: now - minutes * minuteMs,
        figures: { ...noFigures, memory: minutes },
      })
  })
  await keepSample(now - minuteMs)
  answer(200)
  await keepSample(now)
  // Other tests of this run may have kept samples too.
  expect(await listServers(now)).toEqual(expect.arrayContaining([other, nameServer()]))
  expect((await readHistory(other, 1, now)).figures.memory).toEqual([5, 1])
  const mine = await readHistory(nameServer(), 1, now)
  expect(mine.times.length).toBeGreaterThanOrEqual(2)
  expect(mine.figures.requests.at(-1)).toBeGreaterThan(0)
  const left = await eventDb.select({ at: serverSamples.at }).from(serverSamples).where(eq(serverSamples.server, other))
  expect(left.length).toBe(2)
})

test('many samples become as many places as a chart can show; peaks stay', () => {
  const samples = Array.from({ length: 1440 }, (_, i) => ({
    at: i * minuteMs,
    figures: { ...noFigures, memory: i % 2, p99: i === 700 ? 900 : 1, p50: null },
  }))
  const { times, figures } = gather(samples, 1440 * minuteMs)
  expect([times.length, times.at(-1)]).toEqual([240, 1439 * minuteMs])
  expect([Math.max(...(figures.p99 as number[])), figures.memory[0], figures.p50[0]]).toEqual([900, 0.5, null])
})
