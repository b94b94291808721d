// The second half of scripts/test: runs the suites, first on SQLite, then what touches the database on PostgreSQL and Redis; adds up.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fromRoot } from './build/paths.ts'
import { type Databases, startDatabases } from './testing/databases.ts'
import { type Counts, countTests, judgeRun } from './testing/junit.ts'
import { type Suite, suites } from './testing/suites.ts'

type Run = { name: string; argv: string[]; minutes: number; again: boolean }

const reports = fromRoot('.tools/test')
const total: Counts = { passed: 0, failed: 0 }
let databases: Databases | undefined
let running: number | undefined
const { DATABASE_URL: _, REDIS_URL: __, ...withoutDatabases } = process.env

const toRun = ({ name, tests, command, testSeconds, retries, minutes }: Suite, again?: string[]): Run => {
  const run = again ? `${name}-postgres` : name
  const paths = (again ?? tests ?? []).filter((path) => existsSync(fromRoot(path)))
  const reporter = ['--reporter=junit', `--reporter-outfile=${join(reports, `${run}.xml`)}`]
  const argv = command ?? [
    'test',
    ...(paths.length ? paths : (tests ?? [])),
    `--timeout=${(testSeconds ?? 30) * 1000}`,
    ...(retries ? [`--retry=${retries}`] : []),
    ...reporter,
  ]
  return { name: run, argv, minutes, again: again !== undefined }
}

const killGroup = (pid: number) => {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nothing of the suite is left, as it should be.
  }
}

/** Runs in a process group of its own, so that nothing which a suite started outlives it. */
const runCommand = async ({ name, argv, minutes }: Run, env: Record<string, string>): Promise<number> => {
  const log = openSync(join(reports, `${name}.log`), 'w')
  const child = spawn(process.execPath, argv, {
    cwd: fromRoot('.'),
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...withoutDatabases, ...env, JUNIT: join(reports, `${name}.xml`), FORCE_COLOR: '0' },
  })
  closeSync(log)
  running = child.pid
  const timer = setTimeout(() => killGroup(child.pid!), minutes * 60_000)
  const exitCode = await new Promise<number>((resolve) => {
    child.on('exit', (code) => resolve(code ?? 128))
    child.on('error', () => resolve(127))
  })
  clearTimeout(timer)
  if (child.pid) killGroup(child.pid)
  running = undefined
  return exitCode
}

const showLog = (name: string) => {
  const file = join(reports, `${name}.log`)
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*\((pass|skip)\)/.test(line))
  const shown = lines.slice(-400)
  if (shown.length < lines.length) console.log(`… ${lines.length - shown.length} lines before these are in ${file}`)
  console.log(shown.join('\n').trimEnd())
}

const count = (name: string, counts: Counts, seconds: number) => {
  total.passed += counts.passed
  total.failed += counts.failed
  const mark = counts.failed ? 'FAILED' : 'ok    '
  console.log(
    `${mark} ${name.padEnd(20)} ${String(counts.passed).padStart(6)} passed ${String(counts.failed).padStart(4)} failed ${seconds.toFixed(1).padStart(7)} s`,
  )
}

const runSuite = async (run: Run) => {
  const started = performance.now()
  const report = join(reports, `${run.name}.xml`)
  rmSync(report, { force: true })
  const env = run.again ? await databases!.create(run.name) : {}
  const exitCode = await runCommand(run, env)
  const counts = judgeRun(existsSync(report) ? countTests(readFileSync(report, 'utf8')) : undefined, exitCode)
  count(run.name, counts, (performance.now() - started) / 1000)
  if (counts.failed) showLog(run.name)
}

const selectRuns = (names: string[]): Run[] => {
  const all = [
    ...suites.map((suite) => toRun(suite)),
    ...suites.filter(({ again }) => again).map((suite) => toRun(suite, suite.again)),
  ]
  const unknown = names.filter((name) => !all.some((run) => run.name === name))
  if (unknown.length) {
    console.error(`unknown suite ${unknown.join(', ')}; there are: ${all.map(({ name }) => name).join(', ')}`)
    process.exit(2)
  }
  const needsBuild = suites.some(({ name, built }) => built && names.includes(name))
  return names.length ? all.filter(({ name }) => names.includes(name) || (needsBuild && name === 'build')) : all
}

const stopAll = async () => {
  if (running) killGroup(running)
  await databases?.stop()
}

const runs = selectRuns(process.argv.slice(2))
mkdirSync(reports, { recursive: true })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopAll().finally(() => process.exit(130)))

try {
  for (const run of runs.filter(({ again }) => !again)) await runSuite(run)
  const again = runs.filter((run) => run.again)
  if (again.length) databases = await startDatabases()
  for (const run of again) await runSuite(run)
} catch (error) {
  total.failed++
  console.error(`the test run broke off: ${(error as Error).stack}`)
} finally {
  await stopAll()
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed ? 1 : 0)
