// `bun run soak`: half an hour of everything at once on the compiled program; memory must stay flat and nothing may fail.
// --minutes N (30); --source: from source; --out FILE: where the report goes (dist/soak.md). Ends with 1 when it was not flat or something failed.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine } from './benching/machine.ts'
import { fromRoot } from './build/paths.ts'
import { signIn } from './client.ts'
import { findFreePort, isAlive, startServer, stopServer, waitUntilReady } from './server-process.ts'
import { actors, type Place, prepare } from './soaking/actors.ts'
import { findTrend, isFlat, type Sample } from './soaking/trend.ts'

const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    source: { type: 'boolean' },
    out: { type: 'string', default: fromRoot('dist/soak.md') },
  },
})
const minutes = Number(flags.minutes)
if (!(minutes > 0)) throw new Error('--minutes must be a number above 0')
const seconds = minutes * 60
/** In this time caches fill and threads start. */
const warmUpSeconds = Math.min(600, seconds / 3)
const sampleSeconds = 10
/** Shorter runs try the script, they say nothing about memory. */
const judgedMinutes = 10
const mib = 2 ** 20

const folder = mkdtempSync(join(tmpdir(), 'annolith-soak-'))
const dataDir = join(folder, 'data')
const password = 'annolith-soak-7'
const source = join(folder, 'annolith')
writeFileSync(source, `#!/bin/sh\nexec ${process.execPath} ${fromRoot('src/main.ts')} "$@"\n`, { mode: 0o755 })

let received = 0
const receiver = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch: async (request) => {
    await request.arrayBuffer()
    received++
    return Response.json({})
  },
})

const server = startServer({
  ...{ dataDir, host: '127.0.0.1', port: findFreePort() },
  env: {
    ANNOLITH_ADMIN_PASSWORD: password,
    ANNOLITH_PASSWORD_HASHER: 'md5',
    ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1',
    ANNOLITH_DISK_USAGE_MAX: '100',
    ANNOLITH_SIGN_IN_ATTEMPTS: '0',
    ANNOLITH_BACKUP_TARGET: join(folder, 'backups'),
    ANNOLITH_BACKUP_SCHEDULE: '*/2 * * * *',
    ANNOLITH_BACKUP_KEEP: '3',
  },
  ...(flags.source && { binary: source }),
})

/** Resident bytes of the server; models run in processes of their own, and none is loaded here. */
const readMemory = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

type Tally = { rounds: number; errors: Map<string, number>; ms: number; slowest: number }
const tallies = new Map<string, Tally>(actors.map(({ name }) => [name, { rounds: 0, errors: new Map(), ms: 0, slowest: 0 }]))
const samples: Sample[] = []
const end = new AbortController()
const started = performance.now()
const elapsed = () => (performance.now() - started) / 1000

const repeat = async (actor: (typeof actors)[number], place: Place) => {
  const tally = tallies.get(actor.name)!
  for (let round = 0; !end.signal.aborted; round++) {
    const begun = performance.now()
    await actor.act(place, round).catch((error: Error) => {
      if (end.signal.aborted) return
      tally.errors.set(error.message, (tally.errors.get(error.message) ?? 0) + 1)
    })
    const ms = performance.now() - begun
    tally.rounds++
    tally.ms += ms
    tally.slowest = Math.max(tally.slowest, ms)
    await Bun.sleep(actor.pauseMs)
  }
}

const countBackups = () => {
  try {
    return readdirSync(join(folder, 'backups/snapshots')).length
  } catch {
    return 0
  }
}

const inMib = (bytes: number) => (bytes / mib).toFixed(1)

const writeReport = (wasAlive: boolean, backups: number) => {
  const trend = findTrend(samples, warmUpSeconds)
  const errors = [...tallies].flatMap(([name, tally]) =>
    [...tally.errors].map(([message, count]) => `- ${name}, ${count} times: ${message}`),
  )
  const logged = readFileSync(join(dataDir, 'annolith.log'), 'utf8')
    .split('\n')
    .filter((line) => /^\d\d:\d\d:\d\d error/.test(line))
  const isJudged = minutes >= judgedMinutes
  const flat = !isJudged || (trend !== undefined && isFlat(trend))
  const verdicts = [
    wasAlive ? '' : 'the server ended by itself',
    errors.length ? `${errors.length} kinds of errors` : '',
    logged.length ? `${logged.length} errors in the log` : '',
    flat ? '' : 'memory is not flat',
    backups || minutes < 3 ? '' : 'no backup was made',
    received ? '' : 'no webhook arrived',
  ].filter(Boolean)
  const text = [
    `# Soak: ${minutes} minutes, ${verdicts.length ? `failed (${verdicts.join(', ')})` : 'passed'}`,
    '',
    `${new Date().toISOString().slice(0, 16)}Z, ${describeMachine()}${flags.source ? ', from source' : ''}`,
    '',
    `Memory after ${Math.round(warmUpSeconds)} s of warming up: mean ${trend ? inMib(trend.mean) : '–'} MiB, peak ${trend ? inMib(trend.peak) : '–'} MiB, ` +
      `line ${trend ? ((trend.slope * 3600) / mib).toFixed(1) : '–'} MiB an hour over ${trend?.samples ?? 0} samples${isJudged ? '' : ' (not judged: shorter than 10 minutes)'}.`,
    `Backups kept: ${backups}; webhooks received: ${received}.`,
    '',
    '| who | rounds | mean of a round | slowest | errors |',
    '|---|---:|---:|---:|---:|',
    ...[...tallies].map(
      ([name, { rounds, ms, slowest, errors }]) =>
        `| ${name} | ${rounds} | ${(ms / Math.max(1, rounds)).toFixed(0)} ms | ${slowest.toFixed(0)} ms | ${[...errors.values()].reduce((sum, n) => sum + n, 0)} |`,
    ),
    '',
    ...(errors.length ? ['## Errors', '', ...errors.slice(0, 40), ''] : []),
    ...(logged.length ? ['## Errors in the log', '', '```', ...logged.slice(0, 40), '```', ''] : []),
    '## Memory',
    '',
    '| s | MiB |',
    '|---:|---:|',
    ...samples.map(({ at, bytes }) => `| ${at.toFixed(0)} | ${inMib(bytes)} |`),
    '',
  ].join('\n')
  mkdirSync(dirname(flags.out), { recursive: true })
  writeFileSync(flags.out, text)
  console.log(text.split('## Memory')[0])
  return verdicts.length === 0
}

let passed = false
try {
  if (!(await waitUntilReady(server))) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
  const client = await signIn(server.url, 'admin', password)
  const prepared = await prepare(client, `http://127.0.0.1:${receiver.port}/`)
  const place: Place = { ...prepared, url: server.url, password, client, signal: end.signal, received: () => received }
  const running = actors.map((actor) => repeat(actor, place))
  while (elapsed() < seconds && isAlive(server.pid)) {
    samples.push({ at: elapsed(), bytes: readMemory() })
    if (samples.length % 6 === 0) console.log(`${(elapsed() / 60).toFixed(0)} min: ${inMib(samples.at(-1)!.bytes)} MiB`)
    await Bun.sleep(Math.min(sampleSeconds * 1000, Math.max(0, (seconds - elapsed()) * 1000)))
  }
  const wasAlive = isAlive(server.pid)
  end.abort()
  await Promise.race([Promise.all(running), Bun.sleep(30_000)])
  passed = writeReport(wasAlive, countBackups())
} finally {
  receiver.stop(true)
  if (isAlive(server.pid)) await stopServer(dataDir, server)
  rmSync(folder, { recursive: true, force: true })
}
process.exit(passed ? 0 : 1)
