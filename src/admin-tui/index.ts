// The terminal console: `annolith admin`.
import { config } from '../server/config'
import { closeDb } from '../server/db/open'
import { closeQueue } from '../server/queue/queue'
import { captureOutput } from './capture-output'
import { startConsole } from './console'
import { panes } from './panes'
import { readStatus } from './read-status'
import { openScreen } from './screen'

/** Where the console cannot run. */
export class ConsoleError extends Error {}

const refuseTerminal = () => {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new ConsoleError('annolith admin needs a terminal; for scripts there is “annolith user”')
  if (process.env.TERM === 'dumb')
    throw new ConsoleError('annolith admin needs a terminal that can move the cursor, and TERM is “dumb”')
}

const signals = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const

/**
 * Shows the console until the person quits, then closes the database and the queue. The configuration must be set and the
 * migrations done. However it ends, by a signal or a crash too, the terminal is given back as it was.
 */
export const runConsole = async (): Promise<void> => {
  refuseTerminal()
  config()
  const running = startConsole({ panes, openScreen, readStatus })
  const releaseOutput = captureOutput(running.notice)
  const { promise: crashed, reject: crash } = Promise.withResolvers<never>()
  const leaves = Object.entries(signals).map(([signal, code]) => {
    const leave = () => {
      running.close()
      releaseOutput()
      process.exit(code)
    }
    process.on(signal, leave)
    return () => process.off(signal, leave)
  })
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  // The terminal went away without a signal.
  const { promise: closed, resolve: hangUp } = Promise.withResolvers<void>()
  process.stdin.once('end', hangUp)
  try {
    await Promise.race([running.ended, closed, crashed])
  } finally {
    running.close()
    releaseOutput()
    for (const forget of leaves) forget()
    process.off('uncaughtException', crash)
    process.off('unhandledRejection', crash)
    process.stdin.pause()
    await Promise.allSettled([closeQueue(), closeDb()])
  }
}
