// The second half of scripts/up: builds, starts, seeds and reports; or stops.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fromRoot } from './build/paths.ts'
import { isBuilt } from './build/stamp.ts'
import { signIn } from './client.ts'
import { seedDemo } from './seed.ts'
import { findRunning, logFile, type Running, startServer, stopServer, waitUntilReady } from './server-process.ts'

const { values: flags } = parseArgs({
  options: { stop: { type: 'boolean' }, 'build-only': { type: 'boolean' }, 'no-demo': { type: 'boolean' } },
})

class Failure extends Error {}

const dataDir = resolve(process.env.ANNOLITH_DATA_DIR || fromRoot('data'))
const host = process.env.ANNOLITH_HOST || '127.0.0.1'
const port = Number(process.env.ANNOLITH_PORT || 8080)
const passwordFile = join(dataDir, 'secrets/admin-password')
const seededFile = join(dataDir, 'annolith.seeded')

const build = () => {
  const { exitCode } = Bun.spawnSync([process.execPath, fromRoot('scripts/build.ts'), '--if-changed'], {
    cwd: fromRoot('.'),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (exitCode !== 0) throw new Failure('dist/annolith could not be built')
}

/** The administrator's first password: made once, readable by the owner only. */
const readPassword = () => {
  if (!existsSync(passwordFile)) {
    mkdirSync(join(dataDir, 'secrets'), { recursive: true, mode: 0o700 })
    writeFileSync(passwordFile, `${crypto.getRandomValues(new Uint8Array(18)).toBase64({ alphabet: 'base64url' })}\n`, {
      mode: 0o600,
    })
  }
  return readFileSync(passwordFile, 'utf8').trim()
}

const readLogEnd = () =>
  existsSync(logFile(dataDir)) ? readFileSync(logFile(dataDir), 'utf8').trimEnd().split('\n').slice(-10).join('\n') : ''

/** Another server on our port would answer in our place, so that ours would seem to have started. */
const refuseTakenPort = () => {
  try {
    Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true)
  } catch (error) {
    throw new Failure(
      `port ${port} on ${host} cannot be used (${(error as { code?: string }).code}); ANNOLITH_PORT names another`,
    )
  }
}

const start = async (): Promise<Running> => {
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Failure(`ANNOLITH_PORT is not a port: ${process.env.ANNOLITH_PORT}`)
  refuseTakenPort()
  const running = startServer({ dataDir, host, port, env: { ANNOLITH_ADMIN_PASSWORD: readPassword() } })
  if (await waitUntilReady(running)) return running
  if (findRunning(dataDir)) await stopServer(dataDir, running)
  throw new Failure(`annolith did not start; the end of ${logFile(dataDir)}:\n${readLogEnd()}`)
}

const seed = async ({ url }: Running) => {
  if (flags['no-demo'] || existsSync(seededFile)) return
  try {
    await seedDemo(url, 'admin', readPassword())
    writeFileSync(seededFile, '')
  } catch (error) {
    console.error(`warning: the demo project is not complete, the next start tries again: ${(error as Error).message}`)
  }
}

const report = async ({ pid, url }: Running) => {
  const password = readPassword()
  const isValid = await signIn(url, 'admin', password).then(
    () => true,
    () => false,
  )
  console.log(`\n  address   ${url}\n  user      admin\n  password  ${isValid ? password : '(changed since the first start)'}`)
  console.log(`  data      ${dataDir}\n  process   ${pid}, ended by scripts/up --stop\n`)
}

const stop = async () => {
  const running = findRunning(dataDir)
  if (!running) return console.log(`annolith is not running on ${dataDir}`)
  const ended = await stopServer(dataDir, running)
  console.log(ended ? 'annolith has ended' : 'annolith did not end by itself and was killed')
}

const up = async () => {
  const running = findRunning(dataDir)
  if (!running) {
    build()
    const started = await start()
    await seed(started)
    console.log('annolith has started')
    return report(started)
  }
  if (!(await waitUntilReady(running, 10)))
    throw new Failure(`annolith runs as process ${running.pid}, but ${running.url} does not answer`)
  await seed(running)
  console.log(
    `annolith is already running${(await isBuilt()) ? '' : '; the sources have changed since: scripts/up --stop, then scripts/up'}`,
  )
  return report(running)
}

try {
  if (flags['build-only']) build()
  else if (flags.stop) await stop()
  else await up()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exit(1)
}
