// Two servers, two workers, one PostgreSQL, one Redis and one S3, each on a host of its own, under load while parts of it are killed and cut off.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { adminPassword, type Cluster, openCluster, type Program, until } from './cluster'
import {
  type Caller,
  createTask,
  finishRequest,
  marksOf,
  readRequest,
  type Saver,
  signInAt,
  startExport,
  startReader,
  startSaver,
  startWatcher,
  type Watcher,
} from './load'

let cluster: Cluster
let caller: Caller
let task: Awaited<ReturnType<typeof createTask>>
const ending = new AbortController()
const savers: Saver[] = []
const watchers: Watcher[] = []
let reading: ReturnType<typeof startReader>
/** Ids of the exports that somebody was promised. */
const promised: string[] = []

beforeAll(async () => {
  cluster = await openCluster({ servers: 2, workers: 2 })
  console.log(`hosts are ${cluster.network.kind === 'namespaces' ? 'network namespaces' : 'addresses of loopback'}`)
  caller = await signInAt(cluster.servers, 'admin', adminPassword)
  task = await createTask(caller, 80, 20)
  for (const job of task.jobs.slice(0, 3)) savers.push(await startSaver(caller, job, ending.signal))
  // One on each server, for jobs that are saved through both.
  watchers.push(
    startWatcher(caller, task.jobs[0]!, 0),
    startWatcher(caller, task.jobs[0]!, 1),
    startWatcher(caller, task.jobs[1]!, 0),
  )
  reading = startReader(caller, task.id, 8, ending.signal)
})
afterAll(async () => {
  ending.abort()
  await Promise.all(watchers.map((watcher) => watcher.stop()))
  await cluster?.close()
})

const ready = async (server: Program) => (await caller.ask(server, '/readyz')).status
const partsNotReady = async (server: Program) => Object.keys((await (await caller.ask(server, '/readyz')).json()) as object)
const untilReady = () =>
  until(
    'all servers are ready',
    async () => (await Promise.all(cluster.servers.map(ready))).every((status) => status === 200),
    90_000,
  )
/** People go on: every saver is acknowledged something from now on. */
const untilSaved = async (times = 2) => {
  const goals = savers.map(({ saves }) => saves + times)
  await until('people save', () => savers.every(({ saves }, i) => saves >= goals[i]!), 90_000)
}
const promise = async (...formats: string[]) => {
  const ids: string[] = []
  for (const format of formats) ids.push(await startExport(caller, task.id, format))
  promised.push(...ids)
  return ids
}
const statusOf = async (id: string) => (await readRequest(caller, id)).status

test('a worker is killed in the middle of a chore: another one takes it over within seconds', async () => {
  const [first, second] = cluster.workers as [Program, Program]
  // While the second one stands still, the first one takes what comes.
  process.kill(second.pid(), 'SIGSTOP')
  const ids = await promise('Segmentation mask 1.1')
  await until('the chore has begun', async () => (await statusOf(ids[0]!)) === 'started')
  process.kill(second.pid(), 'SIGCONT')
  const { status, started_date: begun } = await readRequest(caller, ids[0]!)
  expect(status).toBe('started')
  await first.kill()
  const killed = performance.now()
  await until('another worker has begun it', async () => (await readRequest(caller, ids[0]!)).started_date !== begun)
  console.log(`the chore was taken over ${((performance.now() - killed) / 1000).toFixed(1)} s after its worker was killed`)
  await finishRequest(caller, ids[0]!)
  await untilSaved()
  await first.start()
})

test('a server is killed: people go on with the other one, which tells the truth', async () => {
  const [first, second] = cluster.servers as [Program, Program]
  const connections = watchers.map((watcher) => watcher.connections)
  await first.kill()
  await untilSaved()
  expect(await ready(second)).toBe(200)
  await until('those who watched come back', () =>
    watchers.every((watcher, i) => i === 1 || watcher.connections > connections[i]!),
  )
  await first.start()
  await untilReady()
  await untilSaved()
})

test('Redis is killed and started again: nothing that was promised is forgotten', async () => {
  const ids = await promise('COCO 1.0', 'Datumaro 1.0', 'PASCAL VOC 1.1')
  await cluster.redis.kill()
  // Saves need no Redis.
  await untilSaved()
  await until('the servers say that the queue is away', async () =>
    (await partsNotReady(cluster.servers[0]!)).includes('QueueBackend'),
  )
  expect(await ready(cluster.servers[1]!)).toBe(503)
  await cluster.redis.start()
  await untilReady()
  for (const id of ids) await finishRequest(caller, id)
  await untilSaved()
})

test('PostgreSQL cannot be reached for ten seconds: what was promised is done, and the servers answer again by themselves', async () => {
  const pids = [...cluster.servers, ...cluster.workers].map((program) => program.pid())
  const ids = await promise('YOLO 1.1', 'CVAT for images 1.1')
  await cluster.network.cut(cluster.postgres.host)
  const cutAt = Date.now()
  await until('the servers say that the database is away', async () => {
    const parts = await Promise.all(cluster.servers.map(partsNotReady))
    return parts.every((names) => names.includes('DatabaseBackend'))
  })
  expect(await Promise.all(cluster.servers.map(async ({ url }) => (await fetch(`${url}/healthz`)).status))).toEqual([200, 200])
  await Bun.sleep(Math.max(0, cutAt + 10_000 - Date.now()))
  await cluster.network.mend(cluster.postgres.host)
  await untilReady()
  await untilSaved()
  for (const id of ids) await finishRequest(caller, id)
  expect([...cluster.servers, ...cluster.workers].map((program) => program.isAlive() && program.pid())).toEqual(pids)
})

test('PostgreSQL is stopped and started again: work whose connections were torn is run again, not given up', async () => {
  const ids = await promise('LabelMe 3.0', 'CamVid 1.0')
  await until('the work has begun', async () => (await Promise.all(ids.map(statusOf))).some((status) => status !== 'queued'))
  await cluster.postgres.kill('SIGINT')
  await until('the servers say that the database is away', async () => (await ready(cluster.servers[0]!)) === 503)
  await cluster.postgres.start()
  await untilReady()
  await untilSaved()
  for (const id of ids) await finishRequest(caller, id)
})

test('after all of it: no acknowledged save is lost or there twice, whichever server is asked', async () => {
  ending.abort()
  await Promise.all(savers.map(({ done }) => done))
  await reading.done
  for (const server of cluster.servers)
    for (const { job, saved, saves, revision } of savers) {
      const { shapes } = (await (await caller.ask(server, `/api/jobs/${job.id}/annotations`)).json()) as { shapes: any[] }
      const own = shapes.filter(({ type }) => type === 'rectangle')
      expect(marksOf(own)).toEqual([...saved].sort((a, b) => a - b))
      const log = (await (await caller.ask(server, `/api/jobs/${job.id}/revisions?page_size=1`)).json()) as any
      expect([log.count, log.results[0].revision]).toEqual([revision, revision])
      // The polygons came with the first one.
      expect(revision).toBe(saves + 1)
    }
  expect(savers.reduce((sum, { saved }) => sum + saved.size, 0)).toBeGreaterThan(100)
  expect([reading.reader.chunks > 20, reading.reader.refused]).toEqual([true, []])
})

test('everybody who watched was told every revision, once and in order', async () => {
  const followed = [savers[0]!, savers[0]!, savers[1]!]
  for (const [i, watcher] of watchers.entries()) {
    const last = followed[i]!.revision
    await watcher.untilRevision(last)
    const first = watcher.revisions[0]!
    expect(watcher.revisions).toEqual(Array.from({ length: last - first + 1 }, (_, n) => first + n))
  }
  expect(Math.max(...watchers.map((watcher) => watcher.connections))).toBeGreaterThan(1)
})

test('every chore was finished once: one record, one line in the log, one file that all servers send', async () => {
  const sql = new Bun.SQL(cluster.databaseUrl)
  try {
    const results: string[] = []
    for (const id of promised) {
      const rows = await sql`select status, result_file from requests where id = ${id}`
      expect(rows.map((row: any) => row.status)).toEqual(['finished'])
      results.push(rows[0].result_file)
      const ends = async () =>
        Number((await sql`select count(*) as n from event_log where scope like 'completed:request%' and obj_id = ${id}`)[0].n)
      await until('the line of the log is there', async () => (await ends()) > 0)
      expect([id, await ends()]).toEqual([id, 1])
      const { result_url } = await readRequest(caller, id)
      const { pathname, search } = new URL(result_url)
      const files = await Promise.all(
        cluster.servers.map(async (server) => (await caller.ask(server, pathname + search)).bytes()),
      )
      expect(Buffer.compare(files[0]!, files[1]!)).toBe(0)
      expect([id, Buffer.from(files[0]!.slice(0, 4)).toString('latin1')]).toEqual([id, 'PK\x03\x04'])
    }
    expect((await cluster.listObjects('results')).sort()).toEqual([...results].sort())
    const open = await sql`select count(*) as n from requests where status in ('queued', 'started')`
    expect(Number(open[0].n)).toBe(0)
  } finally {
    await sql.end()
  }
})

test('scheduled work of two servers is done once', async () => {
  const redis = new Bun.RedisClient(`redis://${cluster.redis.host.address}:6399`)
  try {
    expect(((await redis.send('KEYS', ['annolith:turn:*'])) as string[]).length).toBe(1)
  } finally {
    redis.close()
  }
})
