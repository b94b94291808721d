// A cluster for tests and benchmarks: PostgreSQL, Redis and S3, servers and workers, each on a host of its own, which can be killed and started again.
import { chownSync, closeSync, globSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Host, type Network, openNetwork } from './network'

const root = join(import.meta.dir, '../..')
export const adminPassword = 'correct-horse-7-battery'

export type Program = {
  host: Host
  /** '' for those that answer nothing. */
  url: string
  pid: () => number
  isAlive: () => boolean
  start: () => Promise<void>
  kill: (signal?: NodeJS.Signals) => Promise<void>
  log: () => string
}

export type Cluster = {
  network: Network
  servers: Program[]
  workers: Program[]
  redis: Program
  postgres: Program
  databaseUrl: string
  /** Everything that the programs write lies below it. */
  home: string
  /** What all processes are given. */
  environment: Record<string, string>
  /** Names of all objects below a folder of the bucket. */
  listObjects: (folder: string) => Promise<string[]>
  close: () => Promise<void>
}

/** `isVolume`: all mount one data directory, instead of sharing a bucket. */
export type ClusterOptions = { servers: number; workers: number; env?: Record<string, string>; isVolume?: boolean }

const patienceMs = 60_000

export const until = async (what: string, isTrue: () => Promise<boolean> | boolean, ms = patienceMs): Promise<void> => {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await Bun.sleep(50))
    if (await Promise.resolve(isTrue()).catch(() => false)) return
  throw new Error(`${what}: not within ${ms / 1000} s`)
}

const isRoot = process.getuid?.() === 0
const asPostgres = (argv: string[]) => (isRoot ? ['runuser', '-u', 'postgres', '--', ...argv] : argv)

const findPostgres = () => {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb')
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)
  const initdb = found ?? Bun.which('initdb')
  if (!initdb) throw new Error('PostgreSQL is not installed')
  return join(initdb, '..')
}

const answers = (address: string, port: number) =>
  Bun.connect({ hostname: address, port, socket: { data() {} } }).then(
    (socket) => {
      socket.end()
      return true
    },
    () => false,
  )

/** One port for everything: each host has an address of its own. */
const ports = { postgres: 5499, redis: 6399, s3: 9099, serve: 8099 }

export const openCluster = async ({ servers, workers, env = {}, isVolume = false }: ClusterOptions): Promise<Cluster> => {
  const home = mkdtempSync(join(tmpdir(), 'annolith-hosts-'))
  Bun.spawnSync(['chmod', '711', home])
  const network = await openNetwork()
  const programs: Program[] = []

  const addProgram = async (
    name: string,
    argv: (host: Host) => string[],
    isReady: (host: Host) => Promise<boolean> | boolean,
    { env: own = {}, port }: { env?: Record<string, string>; port?: number } = {},
  ): Promise<Program> => {
    const host = await network.open(name)
    const file = join(home, `${name}.log`)
    let child: Bun.Subprocess | undefined
    const log = () => readFileSync(file, 'utf8')
    writeFileSync(file, '')
    const isAlive = () => child !== undefined && child.exitCode === null && child.signalCode === null
    const program: Program = {
      host,
      url: port ? `http://${host.address}:${port}` : '',
      pid: () => child!.pid,
      isAlive,
      log,
      start: async () => {
        const output = openSync(file, 'a')
        child = Bun.spawn(host.wrap(argv(host)), {
          cwd: home,
          env: { PATH: process.env.PATH, HOME: home, ...own },
          stdin: 'ignore',
          stdout: output,
          stderr: output,
        })
        closeSync(output)
        await until(`${name} starts`, async () => !isAlive() || (await isReady(host)))
        if (!isAlive()) throw new Error(`${name} ended at once:\n${log().slice(-2000)}`)
      },
      kill: async (signal = 'SIGKILL') => {
        child?.kill(signal)
        await child?.exited
      },
    }
    programs.push(program)
    await program.start()
    return program
  }

  const close = async () => {
    for (const program of programs.slice().reverse())
      if (program.isAlive()) await program.kill(program.url ? 'SIGTERM' : 'SIGKILL')
    await network.close()
    rmSync(home, { recursive: true, force: true })
  }

  const startPostgres = async () => {
    const bin = findPostgres()
    const data = join(home, 'postgres')
    mkdirSync(data, { mode: 0o700 })
    if (isRoot) {
      const [uid, gid] = ['-u', '-g'].map((flag) => Number(Bun.spawnSync(['id', flag, 'postgres']).stdout.toString()))
      chownSync(data, uid!, gid!)
    }
    const made = Bun.spawnSync(
      asPostgres([
        join(bin, 'initdb'),
        '-D',
        data,
        '-A',
        'trust',
        '-U',
        'annolith',
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
        '--no-sync',
      ]),
      { cwd: data },
    )
    if (made.exitCode) throw new Error(`initdb: ${made.stderr}`)
    writeFileSync(join(data, 'pg_hba.conf'), 'local all all trust\nhost all all 0.0.0.0/0 trust\n')
    const settings = (host: Host) => [
      `listen_addresses=${host.address}`,
      `port=${ports.postgres}`,
      `unix_socket_directories=${data}`,
      'max_connections=200',
      'fsync=off',
    ]
    // setpriv makes the server the child itself, so that signals reach it.
    const start = (host: Host) => {
      const argv = [join(bin, 'postgres'), '-D', data, ...settings(host).flatMap((one) => ['-c', one])]
      return isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', ...argv] : argv
    }
    return addProgram('postgres', start, (host) => answers(host.address, ports.postgres))
  }

  try {
    const postgres = await startPostgres()
    // As docs/operators/scale-out.md says.
    const redisFolder = join(home, 'redis')
    mkdirSync(redisFolder)
    const redisFlags = [
      '--appendonly',
      'yes',
      '--appendfsync',
      'everysec',
      '--maxmemory-policy',
      'noeviction',
      '--protected-mode',
      'no',
    ]
    const redis = await addProgram(
      'redis',
      ({ address }) => [
        'redis-server',
        '--port',
        String(ports.redis),
        '--bind',
        address,
        '--dir',
        redisFolder,
        '--save',
        '',
        ...redisFlags,
      ],
      ({ address }) => answers(address, ports.redis),
    )
    const s3 = await addProgram(
      's3',
      ({ address }) => [join(root, '.tools/venv/bin/moto_server'), '-H', address, '-p', String(ports.s3)],
      ({ address }) => answers(address, ports.s3),
    )
    const endpoint = `http://${s3.host.address}:${ports.s3}`
    await fetch(`${endpoint}/annolith`, { method: 'PUT' })
    const key = join(home, 'secret-key')
    writeFileSync(key, Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex'), { mode: 0o600 })
    const way = await network.reach(postgres.host, ports.postgres)
    const common = (name: string) => ({
      ANNOLITH_DATA_DIR: join(home, isVolume ? 'volume' : name),
      DATABASE_URL: `postgres://annolith@${way.address}:${way.port}/postgres`,
      REDIS_URL: `redis://${redis.host.address}:${ports.redis}/0`,
      ...(!isVolume && { ANNOLITH_STORAGE: `s3://annolith/files?endpoint=${endpoint}` }),
      ANNOLITH_SECRET_KEY_FILE: key,
      AWS_ACCESS_KEY_ID: 'a-key',
      AWS_SECRET_ACCESS_KEY: 'a-secret',
      ANNOLITH_ADMIN_PASSWORD: adminPassword,
      ANNOLITH_DISK_USAGE_MAX: '100',
      ANNOLITH_WORKER_THREADS: '2',
      ...env,
    })
    const main = join(root, 'src/main.ts')
    const addServer = (name: string) =>
      addProgram(
        name,
        ({ address }) => [process.execPath, main, 'serve', '--host', address, '--port', String(ports.serve)],
        async ({ address }) => (await fetch(`http://${address}:${ports.serve}/readyz`)).status === 200,
        { port: ports.serve, env: { ...common(name), ANNOLITH_SERVE_LANES: 'none' } },
      )
    const addWorker = async (name: string) => {
      const worker: Program = await addProgram(
        name,
        () => [process.execPath, main, 'work'],
        () => readFileSync(join(home, `${name}.log`), 'utf8').includes('annolith works on'),
        { env: common(name) },
      )
      return worker
    }
    // Two that start at once on an empty database.
    const made = await Promise.all(Array.from({ length: servers }, (_, i) => addServer(`serve${i + 1}`)))
    const working: Program[] = []
    for (let i = 0; i < workers; i++) working.push(await addWorker(`work${i + 1}`))
    const listObjects = async (folder: string) => {
      const text = await (await fetch(`${endpoint}/annolith?list-type=2&max-keys=1000&prefix=files/${folder}/`)).text()
      return [...text.matchAll(/<Key>files\/([^<]+)<\/Key>/g)].map(([, name]) => name!)
    }
    return {
      network,
      servers: made,
      workers: working,
      redis,
      postgres,
      databaseUrl: `postgres://annolith@${postgres.host.address}:${ports.postgres}/postgres`,
      home,
      environment: common('another'),
      listObjects,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
