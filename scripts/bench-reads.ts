// `bun run bench:reads`: requests per second and latencies of the hottest reads with 10,000 tasks, beside a bare route. --print: only print.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Elysia } from 'elysia'
import { describeMachine } from './benching/machine.ts'
import { writeSection } from './benching/report.ts'
import { benchPassword as password, seedTasks as seed } from './benching/seed-tasks.ts'
import { signIn } from './client.ts'
import { findFreePort, type Running, startServer, stopServer, waitUntilReady } from './server-process.ts'

const { values: flags } = parseArgs({
  options: { print: { type: 'boolean' }, tasks: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '4' } },
})
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
