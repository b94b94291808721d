// A private PostgreSQL and a private Redis on free ports, in a temporary folder, for one test run.
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAlive } from '../server-process.ts'

export type Databases = {
  /** Addresses of a fresh database and a fresh Redis database, for the next suite. */
  create: (name: string) => Promise<{ DATABASE_URL: string; REDIS_URL: string }>
  stop: () => Promise<void>
}

const findFreePort = () => {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

const findPostgres = () => {
  const programs = globSync('/usr/lib/postgresql/*/bin/initdb').sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const found = programs.at(-1) ?? Bun.which('initdb')
  if (!found) throw new Error('PostgreSQL is not installed')
  return join(found, '..')
}

const isRoot = process.getuid?.() === 0
/** initdb refuses to run as root. */
const asPostgres = (command: string[]) => (isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command)

const run = async (command: string[], cwd: string) => {
  const child = Bun.spawn(command, { cwd, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' })
  const [exitCode, log] = await Promise.all([child.exited, new Response(child.stderr).text()])
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${log.trim()}`)
}

const waitFor = async (what: string, isReady: () => Promise<boolean>) => {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await Bun.sleep(50))
    if (await isReady().catch(() => false)) return
  throw new Error(`${what} did not start within a minute`)
}

const end = async (pid: number, signal: NodeJS.Signals) => {
  if (!isAlive(pid)) return
  process.kill(pid, signal)
  for (const deadline = Date.now() + 10_000; isAlive(pid) && Date.now() < deadline; ) await Bun.sleep(20)
  if (isAlive(pid)) process.kill(pid, 'SIGKILL')
}

const startPostgres = async (home: string) => {
  const bin = findPostgres()
  const data = join(home, 'postgres')
  mkdirSync(data, { mode: 0o700 })
  if (isRoot) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(Bun.spawnSync(['id', flag, 'postgres']).stdout.toString()))
    chownSync(data, uid!, gid!)
  }
  const port = findFreePort()
  await run(
    asPostgres([join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'annolith', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']),
    data,
  )
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${data}`,
    'max_connections=200',
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
  ]
  const child = Bun.spawn(asPostgres([join(bin, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])]), {
    cwd: data,
    stdin: 'ignore',
    stdout: Bun.file(join(home, 'postgres.log')),
    stderr: Bun.file(join(home, 'postgres.log')),
  })
  const connect = ['-h', '127.0.0.1', '-p', String(port), '-U', 'annolith']
  const stop = async () => {
    const pidFile = join(data, 'postmaster.pid')
    if (existsSync(pidFile)) await end(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGINT')
    await end(child.pid, 'SIGTERM')
  }
  try {
    await waitFor('PostgreSQL', async () => (await Bun.spawn([join(bin, 'pg_isready'), '-q', ...connect]).exited) === 0)
  } catch (error) {
    await stop()
    throw error
  }
  const create = async (name: string) => {
    await run([join(bin, 'createdb'), ...connect, name], home)
    return `postgres://annolith@127.0.0.1:${port}/${name}`
  }
  return { create, stop }
}

const startRedis = async (home: string) => {
  const program = Bun.which('redis-server')
  if (!program) throw new Error('redis-server is not installed')
  const port = findFreePort()
  const flags = {
    port,
    bind: '127.0.0.1',
    dir: home,
    save: '',
    appendonly: 'no',
    databases: 64,
    'maxmemory-policy': 'noeviction',
  }
  const child = Bun.spawn([program, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])], {
    stdin: 'ignore',
    stdout: Bun.file(join(home, 'redis.log')),
    stderr: Bun.file(join(home, 'redis.log')),
  })
  const stop = () => end(child.pid, 'SIGTERM')
  const probe = async () => {
    const client = new Bun.RedisClient(`redis://127.0.0.1:${port}`, { autoReconnect: false })
    try {
      return (await client.ping()) === 'PONG'
    } finally {
      client.close()
    }
  }
  try {
    await waitFor('Redis', probe)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `redis://127.0.0.1:${port}`, stop }
}

/** Starts both; `stop` ends both and removes their folder, also when called twice. */
export const startDatabases = async (): Promise<Databases> => {
  const home = mkdtempSync(join(tmpdir(), 'annolith-databases-'))
  // The postgres user must be able to pass through.
  if (isRoot) Bun.spawnSync(['chmod', '711', home])
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    await Promise.all(stops.splice(0).map((each) => each()))
    rmSync(home, { recursive: true, force: true })
  }
  try {
    const postgres = await startPostgres(home)
    stops.push(postgres.stop)
    const redis = await startRedis(home)
    stops.push(redis.stop)
    let next = 0
    const create = async (name: string) => ({
      DATABASE_URL: await postgres.create(name.replace(/\W/g, '_')),
      REDIS_URL: `${redis.url}/${next++}`,
    })
    return { create, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
