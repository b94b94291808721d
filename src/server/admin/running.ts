// Which server runs on this data directory, and where it answers: for a console beside it.
import { readFile } from 'node:fs/promises'
import { findAnnounced } from '../announced'
import { config } from '../config'
import { writeMetrics } from '../http/metrics'

/** Resident bytes of a process; undefined where /proc does not say. */
const readMemory = async (pid: number): Promise<number | undefined> => {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(text) ?? []
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

export type Running = { pid: number; bytes: number | undefined; url: string | undefined }

/** The server that holds the lock of the data directory, which may be this process. */
export const findServer = async (dataDir = config().dataDir): Promise<Running | undefined> => {
  const found = findAnnounced(dataDir)
  return found && { ...found, bytes: await readMemory(found.pid) }
}

const patienceMs = 2000

/** What the server on this data directory counts, in the text format of Prometheus; '' when none runs that could be asked. */
export const readServerMetrics = async (): Promise<string> => {
  const server = await findServer()
  if (!server) return ''
  if (server.pid === process.pid) return writeMetrics()
  if (!server.url) return ''
  const { metrics_token, tls_cert } = config()
  const answer = await fetch(`${server.url}/metrics`, {
    headers: metrics_token ? { authorization: `Bearer ${metrics_token}` } : {},
    signal: AbortSignal.timeout(patienceMs),
    // This machine asks itself; the certificate names the public address.
    ...(tls_cert && { tls: { rejectUnauthorized: false } }),
  }).catch(() => undefined)
  return answer?.ok ? answer.text() : ''
}
