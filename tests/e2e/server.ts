// The server for browser tests: bundles built when they are missing or old, then the same real process that the other tests use.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { adminPassword, startServer as startProcess } from '../server.ts'

const root = join(import.meta.dir, '../..')

export type TestServer = {
  url: string
  adminPassword: string
  dataDir: string
  /** What the server has written so far. */
  log: () => string
  stop: () => Promise<void>
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

/** A running server with the user `admin` and no data. `env` adds to its environment. */
export const startServer = async (env: Record<string, string> = {}): Promise<TestServer> => {
  await buildBundles()
  const { url, dataDir, log, remove } = await startProcess(env)
  return { url, adminPassword, dataDir, log, stop: remove }
}
