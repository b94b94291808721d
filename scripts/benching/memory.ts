// A server for one benchmark, and what each of its steps takes: time, and the peak of the server's resident memory.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromRoot } from '../build/paths.ts'
import { type Client, signIn } from '../client.ts'
import { findFreePort, startServer, stopServer, waitUntilReady } from '../server-process.ts'

const password = 'annolith-benchmark'

const readPeakMb = (pid: number) => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

export type MemoryBench = {
  /** Where the benchmark puts its files; removed at the end. */
  folder: string
  client: Client
  /** Does one step and prints a row of it: what, seconds, MB. */
  measure: (what: string, act: () => Promise<unknown>) => Promise<void>
}

/** Starts the program (the built one, or its source) on an empty database, runs the benchmark and prints the table of all steps. */
export const benchMemory = async (fromSource: boolean, run: (bench: MemoryBench) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'annolith-bench-'))
  const dataDir = join(folder, 'data')
  const source = join(folder, 'annolith')
  writeFileSync(source, `#!/bin/sh\nexec ${process.execPath} ${fromRoot('src/main.ts')} "$@"\n`, { mode: 0o755 })
  const server = startServer({
    dataDir,
    host: '127.0.0.1',
    port: findFreePort(),
    env: { ANNOLITH_ADMIN_PASSWORD: password },
    ...(fromSource && { binary: source }),
  })
  const rows: string[] = []
  const measure: MemoryBench['measure'] = async (what, act) => {
    // 5 sets the high-water mark back to what is resident now.
    writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
    const started = performance.now()
    await act()
    const row = `| ${what} | ${((performance.now() - started) / 1000).toFixed(1)} s | ${readPeakMb(server.pid).toFixed(0)} MB |`
    rows.push(row)
    console.log(row)
  }
  try {
    if (!(await waitUntilReady(server))) throw new Error(`the program did not answer; see ${dataDir}/annolith.log`)
    await run({ folder, client: await signIn(server.url, 'admin', password), measure })
    console.log(['', '| what | time | peak of resident memory |', '|---|---:|---:|', ...rows].join('\n'))
  } finally {
    await stopServer(dataDir, server)
    rmSync(folder, { recursive: true, force: true })
  }
}
