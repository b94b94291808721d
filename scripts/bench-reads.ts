// `bun run bench:reads`: requests per second and latencies of the hottest reads with 10,000 tasks, beside a bare route. --print: only print.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Elysia } from 'elysia'
import { describeMachine } from './benching/machine.ts'
import { writeSection } from './benching/report.ts'
import { signIn } from './client.ts'
import { findFreePort, type Running, startServer, stopServer, waitUntilReady } from './server-process.ts'

const { values: flags } = parseArgs({
  options: { print: { type: 'boolean' }, tasks: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '4' } },
})
const password = 'annolith-benchmark'

/** Fills a fresh data directory through the server's own tables: projects, tasks with a job and two labels each. */
const seed = async (dataDir: string, count: number) => {
  process.env.ANNOLITH_DATA_DIR = dataDir
  const { prepareDataDir, config } = await import('../src/server/config')
  prepareDataDir(config())
  const { migrate } = await import('../src/server/db/migrate')
  await migrate()
  const { insertRows, tx, closeDb } = await import('../src/server/db/open')
  const { createUser } = await import('../src/server/users/service')
  const { projects, tasks, taskData, jobs, labels } = await import('../src/server/db/schema')
  const admin = await createUser({ username: 'admin', password, superuser: true })
  const person = await createUser({ username: 'person', password })
  const now = new Date()
  const dates = { createdDate: now, updatedDate: now }
  const each = <T>(make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
  await tx(async (t) => {
    const insert = (table: unknown, rows: Record<string, unknown>[]) => insertRows(t, table as any, rows)
    const projectIds = await insert(
      projects,
      Array.from({ length: count / 100 }, (_, i) => ({ name: `project ${i}`, ownerId: i % 2 ? admin.id : person.id, ...dates })),
    )
    const taskIds = await insert(
      tasks,
      each((i) => ({
        name: `task ${i}`,
        projectId: projectIds[i % projectIds.length],
        ownerId: i % 2 ? admin.id : person.id,
        mode: 'annotation',
        ...dates,
      })),
    )
    await insert(
      taskData,
      taskIds.map((taskId) => ({
        taskId,
        chunkSize: 36,
        size: 10,
        imageQuality: 70,
        startFrame: 0,
        stopFrame: 9,
        compressedChunkType: 'imageset',
        originalChunkType: 'imageset',
        deletedFrames: [],
        chunksUpdatedDate: now,
      })),
    )
    await insert(
      jobs,
      taskIds.map((taskId, i) => ({ taskId, startFrame: 0, stopFrame: 9, assigneeId: i % 3 ? person.id : null, ...dates })),
    )
    await insert(
      labels,
      projectIds.flatMap((projectId) => ['car', 'person'].map((name) => ({ projectId, name, color: '#112233' }))),
    )
  })
  await closeDb()
}

type Load = { perSecond: number; p50: number; p99: number }

const toMs = (text: string) => Number.parseFloat(text) * (text.endsWith('us') ? 0.001 : text.endsWith('ms') ? 1 : 1000)

/** One run of wrk; latencies in ms. */
const load = async (url: string, headers: string[], connections: number): Promise<Load> => {
  const run = Bun.spawn(
    ['wrk', '-t1', `-c${connections}`, `-d${flags.seconds}s`, '--latency', ...headers.flatMap((header) => ['-H', header]), url],
    { stdout: 'pipe', stderr: 'pipe' },
  )
  const text = await new Response(run.stdout).text()
  if ((await run.exited) !== 0 || /Non-2xx/.test(text)) throw new Error(`wrk on ${url}:\n${text}`)
  const find = (pattern: RegExp) => pattern.exec(text)![1]!
  return {
    perSecond: Number(find(/Requests\/sec:\s+([\d.]+)/)),
    p50: toMs(find(/^\s+50%\s+(\S+)/m)),
    p99: toMs(find(/^\s+99%\s+(\S+)/m)),
  }
}

const reads = [
  '/api/users/self',
  '/api/tasks?page_size=10',
  '/api/tasks?search=task+77',
  '/api/tasks?sort=name&page=3',
  '/api/tasks/5000',
  '/api/jobs?page_size=10',
  '/api/jobs/5000',
  '/api/projects?page_size=10',
  '/api/labels?task_id=5000',
  '/api/jobs/5000/annotations',
]

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
let running: Running | undefined
const rows: [string, Load, Load][] = []
try {
  await seed(dataDir, Number(flags.tasks))
  running = startServer({ dataDir, host: '127.0.0.1', port: findFreePort() })
  await waitUntilReady(running)
  const { raw } = await signIn(running.url, 'admin', password)
  const { key } = (await (
    await raw('/api/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    })
  ).json()) as { key: string }
  const headers = [`Authorization: Token ${key}`]
  const bare = new Elysia().get('/', () => 'ok').listen({ hostname: '127.0.0.1', port: 0 })
  rows.push([
    'a bare route',
    await load(`http://127.0.0.1:${bare.server!.port}/`, [], 1),
    await load(`http://127.0.0.1:${bare.server!.port}/`, [], 32),
  ])
  await bare.stop(true)
  for (const path of reads)
    rows.push([path, await load(running.url + path, headers, 1), await load(running.url + path, headers, 32)])
} finally {
  if (running) await stopServer(dataDir, running).catch(() => {})
  rmSync(dataDir, { recursive: true, force: true })
}
const limit = rows[0]![2].perSecond
const table = [
  '| GET | 1 client: p50 | 32 clients: requests/s | of the bare route | p50 | p99 |',
  '| --- | ---: | ---: | ---: | ---: | ---: |',
  ...rows.map(
    ([path, one, many]) =>
      `| ${path} | ${one.p50.toFixed(2)} ms | ${many.perSecond.toFixed(0)} | ${((many.perSecond / limit) * 100).toFixed(1)} % | ${many.p50.toFixed(1)} ms | ${many.p99.toFixed(1)} ms |`,
  ),
].join('\n')
console.log(table)
if (!flags.print) writeSection('reads', 'bun run bench:reads', describeMachine(), new Date(), table)
