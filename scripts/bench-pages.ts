// `bun run bench:pages`: server time of each page with 10,000 tasks, one visitor at a time; ends with 1 when a page needs 30 ms. --print: only print, --binary PATH: another program.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine } from './benching/machine.ts'
import { writeSection } from './benching/report.ts'
import { benchPassword, seedTasks } from './benching/seed-tasks.ts'
import { findFreePort, type Running, startServer, stopServer, waitUntilReady } from './server-process.ts'

const { values: flags } = parseArgs({
  options: {
    print: { type: 'boolean' },
    tasks: { type: 'string', default: '10000' },
    visits: { type: 'string', default: '30' },
    binary: { type: 'string' },
  },
})
const limitMs = 30
const warmups = 5

const paths = [
  '/projects',
  '/projects/50',
  '/projects/50/guide',
  '/projects/50/webhooks',
  '/tasks',
  '/tasks?search=task+77',
  '/tasks?sort=name&page=300',
  '/tasks/5000',
  '/jobs',
  '/jobs?sort=-updated_date',
  '/requests',
  '/cloudstorages',
  '/models',
  '/profile',
  '/welcome',
  '/admin',
  '/admin/users',
  '/admin/audit',
  '/admin/storage',
]

/** The cookies of a session. */
const signIn = async (url: string) => {
  const answer = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: benchPassword }),
  })
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** Milliseconds from the request to the last byte, sorted. */
const visit = async (url: string, cookie: string): Promise<number[]> => {
  const times: number[] = []
  for (let i = 0; i < warmups + Number(flags.visits); i++) {
    const started = performance.now()
    const answer = await fetch(url, { headers: { cookie } })
    await answer.text()
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
    if (i >= warmups) times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)
}

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
let running: Running | undefined
const rows: [path: string, median: number, slow: number][] = []
try {
  await seedTasks(dataDir, Number(flags.tasks))
  running = startServer({ dataDir, host: '127.0.0.1', port: findFreePort(), ...(flags.binary && { binary: flags.binary }) })
  await waitUntilReady(running)
  const cookie = await signIn(running.url)
  for (const path of paths) {
    const times = await visit(running.url + path, cookie)
    rows.push([path, times[Math.floor(times.length / 2)]!, times[Math.floor(times.length * 0.9)]!])
  }
} finally {
  if (running) await stopServer(dataDir, running).catch(() => {})
  rmSync(dataDir, { recursive: true, force: true })
}
const table = [
  '| page | median | 9 of 10 |',
  '| --- | ---: | ---: |',
  ...rows.map(([path, median, slow]) => `| ${path} | ${median.toFixed(1)} ms | ${slow.toFixed(1)} ms |`),
].join('\n')
console.log(table)
if (!flags.print) writeSection('pages', 'bun run bench:pages', describeMachine(), new Date(), table)
const slowest = rows.filter(([, median]) => median >= limitMs)
if (slowest.length) console.error(`slower than ${limitMs} ms: ${slowest.map(([path]) => path).join(', ')}`)
process.exit(slowest.length ? 1 : 0)
