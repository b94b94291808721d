// Files from other servers as the files of a task: fetched through the guarded client, written to storage as they come.
import { config } from '../../../config'
import { EgressError, egress } from '../../../http/egress'
import { ApiError, invalid } from '../../../http/errors'
import { readUploadName } from '../../../http/upload-names'
import type { SourceFile } from '../../probe-files'
import { copyOnce, mapSome, rawNameOf } from './raw-files'
import type { GatherOptions } from './share'

const fetchesAtOnce = 2
const fetchMs = 2 * 3_600_000

/** An address without what is secret in it. */
const showAddress = (address: string) => {
  const url = URL.parse(address)
  if (!url) return address.slice(0, 200)
  return `${url.origin}${url.pathname}`.slice(0, 200)
}

/** The name of a file at an address: the last part of its path. Throws 400 when there is none. */
export const readRemoteName = (address: string): string => {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol))
    throw invalid({ remote_files: `${showAddress(address)}: only http and https addresses are allowed.` })
  const last = url.pathname.split('/').at(-1)!
  let name = last
  try {
    name = decodeURIComponent(last)
  } catch {}
  if (!name) throw invalid({ remote_files: `${showAddress(address)}: the address ends without the name of a file.` })
  return readUploadName(name, false)
}

/** Throws 400 for addresses that cannot be fetched, and for two whose files have one name. */
export const checkRemoteFiles = (addresses: readonly string[]): void => {
  const known = new Map<string, string>()
  for (const address of addresses) {
    const name = readRemoteName(address)
    const other = known.get(name)
    if (other !== undefined)
      throw invalid({ remote_files: `${showAddress(address)} and ${showAddress(other)}: both files are called ${name}.` })
    known.set(name, address)
  }
}

/** Whether the other side ended the connection before all was there. */
const isBroken = (error: unknown) => {
  const { code, message } = error as { code?: string; message?: string }
  return message === 'aborted' || ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE'].includes(code ?? '')
}

const fetchOne = async (address: string): Promise<ReadableStream<Uint8Array>> => {
  const response = await egress(address, { maxBytes: config().upload_bytes, timeoutMs: fetchMs })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new EgressError('unreachable', `the server answered ${response.status}.`)
  }
  return response.body!
}

/** Throws 400 naming the address: refused by the guard, not there, too large, too slow. */
export const gatherRemoteFiles = async (
  { folder }: GatherOptions,
  addresses: readonly string[],
  report: (done: number, all: number) => Promise<void>,
): Promise<SourceFile[]> => {
  checkRemoteFiles(addresses)
  let done = 0
  return mapSome(addresses, fetchesAtOnce, async (address) => {
    const name = readRemoteName(address)
    try {
      const file = await copyOnce(rawNameOf(folder, 'remote', address), () => fetchOne(address))
      await report(++done, addresses.length)
      return { name, file }
    } catch (error) {
      const why = error instanceof EgressError ? error.message : isBroken(error) ? 'the connection broke.' : undefined
      if (why === undefined) throw error
      throw new ApiError(400, { remote_files: [`${showAddress(address)}: ${why}`] })
    }
  })
}
