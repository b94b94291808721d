// The terminal console: `annolith admin`, on the machine of the server or from elsewhere.
import type { Api } from './api'
import { captureOutput } from './capture-output'
import { startConsole } from './console'
import { ConsoleError } from './console-error'
import type { Pane } from './pane'
import { createPanes } from './panes'
import { createStatusReader } from './read-status'
import { checkAccess, createRemoteApi, readServerUrl, readToken } from './remote-api'
import { openScreen } from './screen'

export { ConsoleError } from './console-error'

/** Throws ConsoleError where the console cannot run. */
export const refuseTerminal = () => {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new ConsoleError('annolith admin needs a terminal; for scripts there is “annolith user”')
  if (process.env.TERM === 'dumb')
    throw new ConsoleError('annolith admin needs a terminal that can move the cursor, and TERM is “dumb”')
}

const signals = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 } as const

export type ConsoleOptions = {
  /** Draws ASCII only. */
  isAscii?: boolean
  /** Called after the terminal was given back. */
  close?: () => Promise<unknown>
}

/** Over a network, and under a limit of requests, it is enough to look half as often. */
const slowDown = (pane: Pane): Pane => ({ ...pane, refreshSeconds: Math.max(3, pane.refreshSeconds * 2) })

/**
 * Shows the console until the person quits. However it ends, by a signal or a crash too, the terminal is given back as it was.
 * Throws ConsoleError where there is no terminal for it.
 */
export const runConsole = async (api: Api, { isAscii, close }: ConsoleOptions = {}): Promise<void> => {
  refuseTerminal()
  const running = startConsole({
    panes: createPanes(api).map((pane) => (api.place ? slowDown(pane) : pane)),
    openScreen: (hearing) => openScreen(hearing, isAscii || undefined),
    readStatus: createStatusReader(api),
    statusSeconds: api.place ? 5 : 1,
  })
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
    await close?.()
  }
}

export type RemoteFlags = { url: string; token_file?: string; allow_http?: boolean; ascii?: boolean }

/** The console of a server elsewhere. Throws ConsoleError when it does not answer or does not take the token. */
export const runRemoteConsole = async (flags: RemoteFlags): Promise<void> => {
  const api = createRemoteApi({ url: readServerUrl(flags.url, flags.allow_http), token: readToken(flags.token_file) })
  await checkAccess(api)
  await runConsole(api, { isAscii: flags.ascii })
}
