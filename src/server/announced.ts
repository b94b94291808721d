// Under which address the server on a data directory answers: written down by it, for programs beside it, which do not know its flags.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { config } from './config'
import { findHolder } from './lock'

const fileOf = (dataDir: string) => join(dataDir, 'cache/server.json')

/** Writes down under which address this process answers. */
export const announceServer = (url: string) =>
  writeFileSync(fileOf(config().dataDir), JSON.stringify({ pid: process.pid, url }), { mode: 0o600 })

/** The process that holds the data directory, with an address of this machine when it told one. */
export const findAnnounced = (dataDir = config().dataDir): { pid: number; url: string | undefined } | undefined => {
  const pid = findHolder(dataDir)
  if (pid === undefined) return undefined
  try {
    const told = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as { pid: number; url: string }
    return { pid, url: told.pid === pid ? told.url.replace(/\/\/(0\.0\.0\.0|\[?::\]?)(?=:\d+$)/, '//127.0.0.1') : undefined }
  } catch {
    // An older server does not tell.
    return { pid, url: undefined }
  }
}
