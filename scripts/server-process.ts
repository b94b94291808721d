// Starts the executable in the background, finds it again by its pid file, waits until it answers, and ends it.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { binaryPath } from './build/paths.ts'

export type Running = { pid: number; url: string }
export type StartOptions = { dataDir: string; host: string; port: number; env?: Record<string, string>; binary?: string }

/** A port of loopback that nobody listens on just now. */
export const findFreePort = (): number => {
  const listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  const { port } = listener
  listener.stop(true)
  return port
}

const pidFile = (dataDir: string) => join(dataDir, 'annolith.pid')
export const logFile = (dataDir: string) => join(dataDir, 'annolith.log')

/** Address under which a server that listens on `host` is reached from this machine. */
export const toUrl = (host: string, port: number | string) => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

export const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    // A zombie still takes signals, but it has ended.
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '')
  } catch {
    return false
  }
}

/** Arguments of a process that runs our executable on this data directory, else undefined: pids are used again for others. */
const readArguments = (pid: number, dataDir: string, binary: string): string[] | undefined => {
  try {
    const program = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '')
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return program === binary && argv[argv.indexOf('--data-dir') + 1] === dataDir ? argv : undefined
  } catch {
    return undefined
  }
}

/** The server that the pid file of `dataDir` names, when it runs and is ours. */
export const findRunning = (dataDir: string, binary = binaryPath): Running | undefined => {
  if (!existsSync(pidFile(dataDir))) return undefined
  const pid = Number(readFileSync(pidFile(dataDir), 'utf8').trim())
  const argv = Number.isInteger(pid) && pid > 1 && isAlive(pid) ? readArguments(pid, dataDir, binary) : undefined
  if (!argv) return undefined
  return { pid, url: toUrl(argv[argv.indexOf('--host') + 1]!, argv[argv.indexOf('--port') + 1]!) }
}

export const isAnswering = async (url: string) => {
  try {
    return (await fetch(`${url}/api/server/about`, { signal: AbortSignal.timeout(2000) })).status === 200
  } catch {
    return false
  }
}

/** Waits until the server answers; false when its process ended or `seconds` have passed. */
export const waitUntilReady = async ({ pid, url }: Running, seconds = 60): Promise<boolean> => {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await Bun.sleep(50)) {
    if (!isAlive(pid)) return false
    if (await isAnswering(url)) return true
  }
  return false
}

/** Starts `annolith serve`, detached; its output goes to annolith.log and its pid to annolith.pid in the data directory. */
export const startServer = ({ dataDir, host, port, env = {}, binary = binaryPath }: StartOptions): Running => {
  mkdirSync(dataDir, { recursive: true })
  const log = openSync(logFile(dataDir), 'a', 0o600)
  const child = spawn(binary, ['serve', '--data-dir', dataDir, '--host', host, '--port', String(port)], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...env },
  })
  closeSync(log)
  child.unref()
  if (!child.pid) throw new Error(`${binary} could not be started`)
  writeFileSync(pidFile(dataDir), `${child.pid}\n`)
  return { pid: child.pid, url: toUrl(host, port) }
}

/** Asks the server to end and waits; after `seconds` it is killed. Returns whether it ended by itself. */
export const stopServer = async (dataDir: string, { pid }: Running, seconds = 15): Promise<boolean> => {
  process.kill(pid, 'SIGTERM')
  for (const deadline = Date.now() + seconds * 1000; isAlive(pid) && Date.now() < deadline; ) await Bun.sleep(50)
  const ended = !isAlive(pid)
  if (!ended) process.kill(pid, 'SIGKILL')
  rmSync(pidFile(dataDir), { force: true })
  return ended
}
