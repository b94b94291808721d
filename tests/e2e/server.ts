// Starts the server from source for browser tests: free port, data directory of its own, bundles built when they are missing or old.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Glob } from 'bun'

const root = join(import.meta.dir, '../..')
const waitMs = 30_000

export type TestServer = {
  url: string
  adminPassword: string
  dataDir: string
  /** What the server has written so far. */
  log: () => string
  stop: () => Promise<void>
}

const findFreePort = () => {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

const newestOf = (pattern: string) =>
  Math.max(0, ...[...new Glob(pattern).scanSync({ cwd: root })].map((path) => statSync(join(root, path)).mtimeMs))

/** Whether any source of the bundles is younger than the bundles. */
const isStale = () => {
  const built = newestOf('public/build/{app.js,app.css}')
  return built === 0 || ['src/web/**/*.{ts,tsx,css}', 'src/server/**/*.tsx'].some((pattern) => newestOf(pattern) > built)
}

let isBuilt = false

const buildBundles = async () => {
  if (isBuilt) return
  if (isStale()) {
    const { buildWeb } = await import('../../scripts/build/web.ts')
    await buildWeb({ clean: false })
  }
  isBuilt = true
}

/**
 * A running server with the user `admin` and no data. `env` adds to its environment.
 * Throws with the server's log when it does not answer within 30 s.
 */
export const startServer = async (env: Record<string, string> = {}): Promise<TestServer> => {
  await buildBundles()
  const dataDir = mkdtempSync(join(tmpdir(), 'annolith-e2e-'))
  const port = findFreePort()
  const url = `http://127.0.0.1:${port}`
  const adminPassword = `e2e-${crypto.randomUUID()}`
  const server = Bun.spawn([process.execPath, 'src/main.ts', 'serve', '--data-dir', dataDir, '--port', String(port)], {
    cwd: root,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      TZ: 'UTC',
      ANNOLITH_PASSWORD_HASHER: 'md5',
      ANNOLITH_ADMIN_PASSWORD: adminPassword,
      ...env,
    },
  })
  let text = ''
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    for await (const part of stream) text += decoder.decode(part, { stream: true })
  }
  void collect(server.stdout)
  void collect(server.stderr)
  const stop = async () => {
    server.kill('SIGTERM')
    await server.exited
    rmSync(dataDir, { recursive: true, force: true })
  }
  for (const deadline = Date.now() + waitMs; ; await Bun.sleep(50)) {
    const answer = await fetch(`${url}/api/server/about`).catch(() => null)
    if (answer?.ok) return { url, adminPassword, dataDir, log: () => text, stop }
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`the server did not start:\n${text}`)
    }
  }
}
