// The log of the server: lines of JSON for collectors, or of words for people. Secrets never get here: no bodies, no headers, no queries.
import pino, { type Logger } from 'pino'
import { config } from './config'

/** The newest lines stay in memory for the consoles. */
const keptLines = 1000
const kept: string[] = []

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
  process.stderr.write(config().log_format === 'json' ? line : toText(line))
}

let opened: Logger | undefined
let openedFor: unknown

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
