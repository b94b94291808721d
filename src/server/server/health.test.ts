// What the server tells machines that look after it: health in one word a part, and numbers for Prometheus.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { call, createBareTask, createPerson } from '../../../tests/api'
import { createApp } from '../app'
import { config, setConfig } from '../config'

const initial = config()
let app: ReturnType<typeof createApp>
let url: string
beforeAll(() => {
  app = createApp()
  app.listen({ hostname: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${app.server!.port}`
})
afterAll(async () => {
  setConfig(initial)
  await app.stop(true)
})

test('every part that works says so', async () => {
  const { status, json } = await call('GET', '/api/server/health?format=json')
  expect(status).toBe(200)
  expect(json).toEqual({
    DatabaseBackend: 'working',
    MigrationsHealthCheck: 'working',
    QueueBackend: 'working',
    DiskUsage: 'working',
  })
})

test('a full disk fails the check, but the server stays ready for requests', async () => {
  setConfig({ ...initial, disk_usage_max: 0 })
  const health = await call('GET', '/api/server/health')
  expect([health.status, health.json.DiskUsage]).toEqual([500, expect.stringContaining('% of the disk')])
  expect(await call('GET', '/readyz')).toMatchObject({ status: 200, json: { status: 'ok' } })
  setConfig(initial)
})

test('metrics tell routes with their times, queues, disk and saves', async () => {
  const person = await createPerson()
  const { jobs, labels } = await createBareTask(person)
  const shape = { type: 'rectangle', frame: 0, label_id: labels[0]!.id, points: [1, 1, 5, 5] }
  expect(
    (
      await person.call('PATCH', `/api/jobs/${jobs[0]!.id}/annotations?action=create`, {
        body: { shapes: [shape], tags: [], tracks: [] },
      })
    ).status,
  ).toBe(200)
  const answer = await fetch(`${url}/metrics`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')])
  const text = await answer.text()
  const read = (line: RegExp) => Number(line.exec(text)?.[1] ?? Number.NaN)
  expect(
    read(
      /^annolith_http_request_duration_seconds_count\{method="PATCH",route="\/api\/jobs\/:id\/annotations\/?",status="200"\} (\d+)/m,
    ),
  ).toBeGreaterThan(0)
  expect(read(/^annolith_saves_total (\d+)/m)).toBeGreaterThan(0)
  expect(read(/^annolith_chores\{lane="export",state="waiting"\} (\d+)/m)).toBeGreaterThanOrEqual(0)
  expect(read(/^annolith_disk_bytes\{what="free"\} (\d+)/m)).toBeGreaterThan(0)
  expect(read(/^process_resident_memory_bytes (\d+)/m)).toBeGreaterThan(1e6)
})

test('addresses that nothing serves count together, so that strangers cannot make up routes', async () => {
  await fetch(`${url}/api/made-up-${crypto.randomUUID()}`)
  const text = await (await fetch(`${url}/metrics`)).text()
  expect(text).toContain('route="unknown",status="404"')
  expect(text).not.toContain('made-up')
})

test('metrics are closed to who comes through a proxy, unless a token is configured and sent', async () => {
  const ask = async (headers: Record<string, string>) => (await fetch(`${url}/metrics`, { headers })).status
  expect(await ask({ 'x-forwarded-for': '203.0.113.7' })).toBe(403)
  setConfig({ ...initial, metrics_token: 'let-me-see' })
  expect([
    await ask({}),
    await ask({ authorization: 'Bearer wrong' }),
    await ask({ authorization: 'Bearer let-me-see' }),
  ]).toEqual([403, 403, 200])
  setConfig(initial)
})
