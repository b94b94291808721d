// Object stores for tests: moto, azurite and gcp-storage-emulator on free ports of this machine.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ObjectLocation } from './object-store'

const root = join(import.meta.dir, '../../..')
const fromVenv = (name: string) => join(root, '.tools/venv/bin', name)

export type StandIn = {
  /** Where a bucket of this name is. */
  locate: (bucket: string) => ObjectLocation
  createBucket: (bucket: string) => Promise<void>
  stop: () => Promise<void>
}

const findPort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

const startProgram = async (argv: (port: number) => string[], env: Record<string, string> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'annolith-store-'))
  const port = await findPort()
  const child = Bun.spawn(argv(port), {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'ignore',
  })
  const stop = async () => {
    child.kill('SIGKILL')
    await child.exited
    rmSync(folder, { recursive: true, force: true })
  }
  const endpoint = `http://127.0.0.1:${port}`
  while (child.exitCode === null) {
    if (await fetch(endpoint).catch(() => undefined)) return { endpoint, stop }
    await Bun.sleep(50)
  }
  await stop()
  throw new Error(`${argv(0).join(' ')} ended at once`)
}

const require2xx = async (response: Promise<Response>) => {
  const { ok, status } = await response
  if (!ok) throw new Error(`The stand-in answered ${status}`)
}

/** moto as S3. It checks no credentials. */
const startS3 = async (): Promise<StandIn> => {
  const { endpoint, stop } = await startProgram((port) => [fromVenv('moto_server'), '-H', '127.0.0.1', '-p', String(port)])
  return {
    stop,
    locate: (bucket) => ({ provider: 's3', bucket, endpoint, credentials: { key: 'a-key', secret: 'a-secret' } }),
    createBucket: (bucket) => require2xx(fetch(`${endpoint}/${bucket}`, { method: 'PUT' })),
  }
}

/** azurite as Azure. It checks signatures. */
const startAzure = async (): Promise<StandIn> => {
  const account = 'annolithtests'
  const accountKey = randomBytes(32).toString('base64')
  const main = join(root, 'node_modules/azurite/dist/src/blob/main.js')
  const { endpoint, stop } = await startProgram(
    (port) => [
      ...[process.execPath, main, '--blobPort', String(port)],
      ...['--inMemoryPersistence', '--skipApiVersionCheck', '--silent', '--disableTelemetry'],
    ],
    { AZURITE_ACCOUNTS: `${account}:${accountKey}` },
  )
  const locate = (bucket: string) =>
    ({ provider: 'azure', bucket, account, accountKey, endpoint: `${endpoint}/${account}` }) as const
  const { signAzure } = await import('./azure-signature')
  return {
    stop,
    locate,
    createBucket: (bucket) => {
      const url = new URL(`${endpoint}/${account}/${bucket}?restype=container`)
      const headers: Record<string, string> = { 'x-ms-version': '2021-08-06', 'x-ms-date': new Date().toUTCString() }
      const authorization = signAzure({ method: 'PUT', url, headers, bodyBytes: 0 }, account, accountKey)
      return require2xx(fetch(url, { method: 'PUT', headers: { ...headers, authorization } }))
    },
  }
}

/** gcp-storage-emulator. It checks no tokens and answers listings in one page. */
const startGcs = async (): Promise<StandIn> => {
  const { endpoint, stop } = await startProgram((port) => [
    ...[fromVenv('gcp-storage-emulator'), 'start', '--host', '127.0.0.1', '--port', String(port), '--in-memory', '--quiet'],
  ])
  return {
    stop,
    locate: (bucket) => ({ provider: 'gcs', bucket, endpoint }),
    createBucket: (bucket) =>
      require2xx(
        fetch(`${endpoint}/storage/v1/b`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: bucket }),
        }),
      ),
  }
}

/** Each with the file that must be there; `scripts/test` installs them. */
export const standIns = {
  s3: { start: startS3, program: fromVenv('moto_server') },
  azure: { start: startAzure, program: join(root, 'node_modules/azurite/package.json') },
  gcs: { start: startGcs, program: fromVenv('gcp-storage-emulator') },
} as const

/** Whether a stand-in is installed; says what is missing. */
export const isInstalled = (name: keyof typeof standIns) => {
  const { program } = standIns[name]
  if (!existsSync(program)) console.warn(`skipped: ${name} stores are not tested, ${program} is missing`)
  return existsSync(program)
}
