// A real server process for tests that cross features: from source, on a free port, with a data directory of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from './appliance/program'

export const adminPassword = 'correct-horse-7'

export type Server = {
  url: string
  dataDir: string
  pid: number
  /** Everything the process has printed so far. */
  log: () => string
  /** SIGKILL, as a power cut would. */
  kill: () => Promise<void>
  /** Starts again on the same data and port after kill() or stop(). */
  restart: () => Promise<void>
  /** SIGTERM; answers the exit code. The data stay until remove(). */
  stop: () => Promise<number>
  /** Ends it and removes its data. */
  remove: () => Promise<void>
}

const entry = join(import.meta.dir, '../src/main.ts')

/** Starts `annolith serve` with an administrator `admin` and waits until it answers. */
export const startServer = async (env: Record<string, string> = {}): Promise<Server> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'annolith-server-'))
  const port = findFreePort()
  const url = `http://127.0.0.1:${port}`
  let output = ''
  let child: Bun.Subprocess

  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    for await (const part of stream) output += decoder.decode(part, { stream: true })
  }
  const start = async () => {
    const { ANNOLITH_NATIVE_DIR: _, ...inherited } = process.env
    const started = Bun.spawn([process.execPath, entry, 'serve', '--data-dir', dataDir, '--port', String(port)], {
      env: {
        ...inherited,
        ANNOLITH_LOG: 'info',
        ANNOLITH_PASSWORD_HASHER: 'md5',
        ANNOLITH_ADMIN_PASSWORD: adminPassword,
        ANNOLITH_DATA_DIR: dataDir,
        ...env,
      },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    child = started
    collect(started.stdout).catch(() => {})
    collect(started.stderr).catch(() => {})
    for (;;) {
      if (started.exitCode !== null) throw new Error(`the server ended with code ${started.exitCode}:\n${output}`)
      const answer = await fetch(`${url}/api/server/about`).catch(() => undefined)
      if (answer?.status === 200) return
      await Bun.sleep(20)
    }
  }
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal)
    return child.exited
  }
  await start()
  const server: Server = {
    url,
    dataDir,
    get pid() {
      return child.pid
    },
    log: () => output,
    kill: async () => void (await end('SIGKILL')),
    restart: start,
    stop: () => end('SIGTERM'),
    remove: async () => {
      if (child.exitCode === null && child.signalCode === null) await end('SIGTERM')
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return server
}
