// Runs dist/annolith as a newcomer has it: copied alone into an empty folder, with a home, a temporary folder and data of its own.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Subprocess } from 'bun'
import { type Client, signIn } from '../../scripts/client'
import { findFreePort, waitUntilReady } from '../../scripts/server-process'

const built = join(import.meta.dir, '../../dist/annolith')

export type Program = {
  /** Holds `program/annolith`, `home`, `tmp` and `data`. */
  folder: string
  dataDir: string
  start: (args: string[], env?: Record<string, string>) => Subprocess<'ignore', 'pipe', 'pipe'>
  /** Runs to the end. */
  run: (args: string[], env?: Record<string, string>) => Promise<{ exitCode: number; out: string; err: string }>
  command: (args: string[], env?: Record<string, string>) => { cmd: string[]; cwd: string; env: Record<string, string> }
  remove: () => void
}

export const copyProgram = (): Program => {
  if (!existsSync(built)) throw new Error('dist/annolith does not exist; run scripts/up --build-only')
  const folder = mkdtempSync(join(tmpdir(), 'annolith-appliance-'))
  for (const name of ['program', 'home', 'tmp']) mkdirSync(join(folder, name))
  copyFileSync(built, join(folder, 'program/annolith'))
  const dataDir = join(folder, 'data')
  const base = {
    PATH: process.env.PATH ?? '',
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    ANNOLITH_DATA_DIR: dataDir,
    ANNOLITH_PASSWORD_HASHER: 'md5',
    ANNOLITH_ADMIN_PASSWORD: 'appliance-admin',
  }
  const command: Program['command'] = (args, env = {}) => ({
    cmd: [join(folder, 'program/annolith'), ...args],
    cwd: join(folder, 'program'),
    env: { ...base, ...env },
  })
  const start: Program['start'] = (args, env) => {
    const { cmd, ...options } = command(args, env)
    return Bun.spawn(cmd, { ...options, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
  }
  const run: Program['run'] = async (args, env) => {
    const child = start(args, env)
    const [exitCode, out, err] = await Promise.all([
      child.exited,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ])
    return { exitCode, out, err }
  }
  return { folder, dataDir, start, run, command, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export type ServedProgram = {
  program: Program
  server: ReturnType<Program['start']>
  url: string
  client: Client
  stop: () => Promise<void>
}

/** The program in an empty folder, answering on a free port, with its administrator signed in. */
export const serveProgram = async (): Promise<ServedProgram> => {
  const program = copyProgram()
  const port = findFreePort()
  const url = `http://127.0.0.1:${port}`
  const server = program.start(['serve', '--port', String(port)])
  const stop = async () => {
    server.kill('SIGKILL')
    await server.exited
    program.remove()
  }
  if (await waitUntilReady({ pid: server.pid, url }))
    return { program, server, url, client: await signIn(url, 'admin', 'appliance-admin'), stop }
  server.kill('SIGKILL')
  const said = await new Response(server.stderr).text()
  await stop()
  throw new Error(`the server did not start: ${said}`)
}

export { findFreePort }
