// The log of the server: lines of JSON for collectors, or of words for people. Secrets never get here: no bodies, no headers, no queries.
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import { config } from './config'

/** The newest lines stay in memory for the consoles. */
const keptLines = 1000
const kept: string[] = []

/** Set in the server and its threads, which inherit it: what they log is kept in a file for the consoles, too. */
export const keepVariable = 'ANNOLITH_KEEP_LOG'
const maxFileBytes = 2 * 2 ** 20
export const logFiles = (): [older: string, newer: string] => {
  const file = join(config().dataDir, 'cache/server.log')
  return [`${file}.1`, file]
}

const append = (line: string) => {
  const [older, newer] = logFiles()
  try {
    if ((statSync(newer, { throwIfNoEntry: false })?.size ?? 0) > maxFileBytes) renameSync(newer, older)
    appendFileSync(newer, line, { mode: 0o600 })
  } catch {
    // A full disk must not keep the server from telling so.
  }
}

const known = new Set(['level', 'time', 'msg', 'err'])

/** `12:00:00 error what happened key=value`, then the stack of an error. */
export const toText = (line: string): string => {
  const entry = JSON.parse(line) as { level: string; time: string; msg?: string; err?: { message?: string; stack?: string } }
  const facts = Object.entries(entry).flatMap(([key, value]) =>
    known.has(key) ? [] : `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const words = entry.msg ?? entry.err?.message ?? ''
  const stack = entry.err?.stack ? `\n${entry.err.stack}` : ''
  return `${entry.time.slice(11, 19)} ${entry.level.padEnd(5)} ${[words, ...facts].join(' ')}${stack}\n`
}

const write = (line: string) => {
  kept.push(line)
  if (kept.length > keptLines) kept.shift()
  if (process.env[keepVariable]) append(line)
  process.stderr.write(config().log_format === 'json' ? line : toText(line))
}

let opened: Logger | undefined
let openedFor: unknown

/** A line for the consoles only: of what is printed elsewhere for people. */
export const keepNote = (msg: string) => append(`${JSON.stringify({ level: 'info', time: new Date().toISOString(), msg })}\n`)

/** `log().error({ err, … }, 'what was being done')`; levels below the configured one are dropped. */
export const log = (): Logger => {
  if (!opened || openedFor !== config().log) {
    openedFor = config().log
    const options = {
      level: config().log,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level: string) => ({ level }) },
    }
    opened = pino(options, { write })
  }
  return opened
}

/** The newest lines of this process as JSON, oldest first. */
export const recentLog = (): readonly string[] => kept
