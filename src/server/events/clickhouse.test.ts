// Copies to ClickHouse: the statements that it gets, that nothing is sent twice or lost, and that an outage stops nothing else.
// With TEST_CLICKHOUSE_URL=http://user:password@host:port the same goes to a real server.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '../../../tests/api'
import { createClient } from '@clickhouse/client'
import { eq } from 'drizzle-orm'
import { config, setConfig } from '../config'
import { eventDb, eventTx } from '../db/open-events'
import { appendEvents } from './append'
import { openClickHouse } from './clickhouse'
import { forgetAllEvents } from './service'
import { eventCursors } from './store-schema'

type Asked = { query: string; params: URLSearchParams; headers: Headers; body: string }

/** Answers as the HTTP interface does, remembers what it was asked, and refuses while `isBroken`. */
const startStandIn = () => {
  const asked: Asked[] = []
  const state = { isBroken: false, losesAnswers: false }
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const params = new URL(request.url).searchParams
      const text = await request.text()
      const one = { query: params.get('query') ?? text, params, headers: request.headers, body: text }
      if (state.isBroken) return new Response('Code: 242. DB::Exception: Table is read only', { status: 500 })
      asked.push(one)
      if (state.losesAnswers && one.query.startsWith('INSERT'))
        return new Response('Code: 209. DB::Exception: Timeout', { status: 500 })
      return new Response('', { headers: { 'x-clickhouse-query-id': crypto.randomUUID() } })
    },
  })
  return { asked, state, url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}

const kept = config()
const folder = mkdtempSync(join(tmpdir(), 'annolith-clickhouse-'))
let standIn: ReturnType<typeof startStandIn>
beforeAll(() => {
  writeFileSync(join(folder, 'password'), 'hush\n')
})
beforeEach(async () => {
  await forgetAllEvents()
  standIn?.stop()
  standIn = startStandIn()
  setConfig({
    ...kept,
    clickhouse_url: standIn.url,
    clickhouse_user: 'annolith',
    clickhouse_database: 'facts',
    clickhouse_password_file: join(folder, 'password'),
  })
})
afterAll(() => {
  standIn.stop()
  setConfig(kept)
  rmSync(folder, { recursive: true })
})

/** Later than when the rows were written, so that they have settled. */
const later = () => Date.now() + 60_000

const write = (count: number, from = 0) =>
  eventTx((t) =>
    appendEvents(
      t,
      Array.from({ length: count }, (_, i) => ({
        scope: 'change:frame',
        objName: `"quoted"\n${from + i}`,
        objId: String(from + i),
        source: 'client',
        timestamp: new Date(1_700_000_000_123 + from + i),
        keptDate: new Date(),
        duration: 5,
        jobId: 7,
        userId: 3,
        userName: 'ann',
        payload: { n: from + i },
      })),
    ),
  )

const inserts = () => standIn.asked.filter(({ query }) => query.startsWith('INSERT'))
const numbersOf = ({ body }: Asked) =>
  body
    .trim()
    .split('\n')
    .map((line) => Number(JSON.parse(line).obj_id))
const sentNumbers = () => inserts().flatMap(numbersOf)

test('makes database and table, then sends rows as they are', async () => {
  await write(2)
  const sink = openClickHouse()
  expect(await sink.ship(later())).toBe(true)
  expect(await sink.ship(later())).toBe(false)
  const [database, table, insert, ...more] = standIn.asked
  expect(more).toEqual([])
  expect(database!.query).toStartWith('CREATE DATABASE IF NOT EXISTS facts')
  expect(table!.query).toStartWith('CREATE TABLE IF NOT EXISTS events')
  expect([table!.params.get('database'), insert!.params.get('database')]).toEqual(['facts', 'facts'])
  expect(insert!.query).toStartWith('INSERT INTO events FORMAT JSONEachRow')
  expect(insert!.headers.get('authorization')).toBe(`Basic ${btoa('annolith:hush')}`)
  expect(JSON.parse(insert!.body.split('\n')[1]!)).toEqual({
    id: expect.any(Number),
    scope: 'change:frame',
    obj_name: '"quoted"\n1',
    obj_id: '1',
    obj_val: null,
    source: 'client',
    timestamp: '2023-11-14 22:13:20.124',
    count: null,
    duration: 5,
    project_id: null,
    task_id: null,
    job_id: 7,
    user_id: 3,
    user_name: 'ann',
    user_email: null,
    org_id: null,
    org_slug: null,
    payload: '{"n":1}',
  })
  await sink.close()
})

test('rows that have just come are left for the next time', async () => {
  await write(1)
  const sink = openClickHouse()
  expect(await sink.ship(Date.now())).toBe(false)
  expect(standIn.asked).toEqual([])
  await sink.close()
})

test('goes on where it ended, also after a restart, in batches', async () => {
  await write(6000)
  const first = openClickHouse()
  expect(await first.ship(later())).toBe(true)
  await first.close()
  const second = openClickHouse()
  expect(await second.ship(later())).toBe(true)
  await write(1, 6000)
  expect(await second.ship(later())).toBe(true)
  expect(await second.ship(later())).toBe(false)
  await second.close()
  expect(inserts().map((insert) => numbersOf(insert).length)).toEqual([5000, 1000, 1])
  expect(sentNumbers()).toEqual(Array.from({ length: 6001 }, (_, i) => i))
})

test('while it takes nothing everything is kept; afterwards it gets all of it in order', async () => {
  standIn.state.isBroken = true
  await write(3)
  const sink = openClickHouse()
  await expect(sink.ship(later())).rejects.toThrow()
  await write(3, 3)
  await expect(sink.ship(later())).rejects.toThrow()
  standIn.state.isBroken = false
  while (await sink.ship(later()));
  expect(sentNumbers()).toEqual([0, 1, 2, 3, 4, 5])
  await sink.close()
})

test('a batch of which nobody knows whether it came is sent again as it was, with the same token', async () => {
  await write(2)
  standIn.state.losesAnswers = true
  const first = openClickHouse()
  await expect(first.ship(later())).rejects.toThrow()
  await first.close()
  standIn.state.losesAnswers = false
  await write(2, 2)
  const second = openClickHouse()
  while (await second.ship(later()));
  await second.close()
  const [lost, again, next] = inserts()
  expect([numbersOf(lost!), numbersOf(again!), numbersOf(next!)]).toEqual([[0, 1], [0, 1], [2, 3]]) // biome-ignore format: batches
  const tokens = inserts().map(({ params }) => params.get('insert_deduplication_token'))
  expect(tokens[0]).toMatch(/^annolith-\d+-\d+$/)
  expect(tokens[1]).toBe(tokens[0]!)
  expect(tokens[2]).not.toBe(tokens[0]!)
})

const real = process.env.TEST_CLICKHOUSE_URL
describe.skipIf(!real)('a real server', () => {
  test('takes the table and the rows, and a batch that comes twice only once', async () => {
    const { origin, username, password } = new URL(real!)
    writeFileSync(join(folder, 'real'), decodeURIComponent(password))
    const database = `annolith_test_${Date.now()}`
    setConfig({
      ...config(),
      clickhouse_url: origin,
      clickhouse_user: username || 'default',
      clickhouse_database: database,
      clickhouse_password_file: join(folder, 'real'),
    })
    const client = createClient({ url: origin, username: username || 'default', password: decodeURIComponent(password) })
    await write(3)
    const sink = openClickHouse()
    expect(await sink.ship(later())).toBe(true)
    // As after a crash between the answer and the note of it.
    const [cursor] = await eventDb.select().from(eventCursors).where(eq(eventCursors.name, 'clickhouse'))
    await eventTx(
      async (t) =>
        void (await t
          .update(eventCursors)
          .set({ lastId: 0, sendingId: cursor!.lastId })
          .where(eq(eventCursors.name, 'clickhouse'))),
    )
    expect(await sink.ship(later())).toBe(true)
    await sink.close()
    const query = `SELECT * FROM ${database}.events ORDER BY id`
    const rows = await (await client.query({ query, format: 'JSONEachRow' })).json<any>()
    expect(rows.map(({ obj_name, timestamp, payload }) => [obj_name, timestamp, payload])).toEqual([
      ['"quoted"\n0', '2023-11-14 22:13:20.123', '{"n":0}'],
      ['"quoted"\n1', '2023-11-14 22:13:20.124', '{"n":1}'],
      ['"quoted"\n2', '2023-11-14 22:13:20.125', '{"n":2}'],
    ])
    await client.command({ query: `DROP DATABASE ${database}` })
    await client.close()
  })
})
