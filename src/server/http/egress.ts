// The one client for outgoing HTTP: names are resolved once, every address is judged, and the connection goes to what was judged.
import { lookup as systemLookup } from 'node:dns/promises'
import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import { config } from '../config'
import { mayReach, readExceptions } from './egress-address'

/** Why a request did not succeed. `refused`: the address is not allowed. */
export type EgressFault = 'refused' | 'unreachable' | 'timeout' | 'too-large' | 'redirects'

/** An outgoing request that failed; the message may be shown to users and names no address that was resolved. */
export class EgressError extends Error {
  constructor(
    readonly fault: EgressFault,
    message: string,
  ) {
    super(message)
  }
}

export type Address = { address: string; family: number }
/** Answers all addresses of a name. */
export type Resolve = (host: string) => Promise<Address[]>

export type EgressOptions = {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Bytes of the answer's body that are taken; more is an error while it is read. Default 16 MiB. */
  maxBytes?: number
  /** Time for everything, redirects and body included. Default 30 s. */
  timeoutMs?: number
  /** Default 5. */
  maxRedirects?: number
  /** Whether a certificate must be good. Default true. */
  checkCertificate?: boolean
  signal?: AbortSignal
  resolve?: Resolve
  /** Exceptions from the guard. Default: `outbound_allow` of the configuration. */
  allow?: readonly string[]
}

const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true })
const bareHost = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

/**
 * Addresses of a host that a request may be sent to. A name with one bad address is refused as a whole, since the
 * next answer of its name server may hold only that one.
 * Throws EgressError `refused` or `unreachable`.
 */
export const resolveSafely = async (
  host: string,
  resolve: Resolve = resolveBySystem,
  allow: readonly string[] = config().outbound_allow,
): Promise<Address[]> => {
  const family = isIP(host)
  const addresses = family
    ? [{ address: host, family }]
    : await resolve(host).catch(() => {
        throw new EgressError('unreachable', `The host "${host}" is not known.`)
      })
  const exceptions = readExceptions(allow)
  if (!addresses.length) throw new EgressError('unreachable', `The host "${host}" has no address.`)
  if (!addresses.every(({ address }) => mayReach(host, address, exceptions)))
    throw new EgressError('refused', `Requests to "${host}" are not allowed.`)
  return addresses
}

type LookupCallback = (error: Error | null, address: any, family?: number) => void
const answerLookup = (addresses: Address[], options: { all?: boolean }, callback: LookupCallback) =>
  options.all ? callback(null, addresses) : callback(null, addresses[0]!.address, addresses[0]!.family)

/** `lookup` for agents of other libraries: resolves and judges in one step, so that they connect to what was judged. */
export const lookupSafely = (host: string, options: { all?: boolean }, callback: LookupCallback) =>
  void resolveSafely(host).then(
    (addresses) => answerLookup(addresses, options, callback),
    (error) => callback(error, ''),
  )

const readUrl = (text: string, base?: URL): URL => {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw new EgressError('refused', 'Only http and https addresses are allowed.')
  return url
}

/** One exchange over a connection to one of the judged addresses, which is not used again. */
const send = (url: URL, addresses: Address[], options: EgressOptions, signal: AbortSignal) =>
  new Promise<http.IncomingMessage>((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const body = typeof options.body === 'string' ? Buffer.from(options.body) : options.body
    const request = (secure ? https : http).request({
      protocol: url.protocol,
      hostname: bareHost(url.hostname),
      port: url.port || (secure ? 443 : 80),
      path: `${url.pathname}${url.search}`,
      method: options.method ?? 'GET',
      headers: {
        'accept-encoding': 'identity',
        'user-agent': 'annolith',
        ...options.headers,
        ...(body && { 'content-length': String(body.byteLength) }),
      },
      ...(url.username && { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
      agent: false,
      rejectUnauthorized: options.checkCertificate ?? true,
      lookup: (_host: string, asked: { all?: boolean }, callback: LookupCallback) => answerLookup(addresses, asked, callback),
      signal,
    } as https.RequestOptions)
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })

const redirects = new Set([301, 302, 303, 307, 308])
const privateHeaders = new Set(['authorization', 'cookie', 'proxy-authorization'])

/** What is sent after a redirect: a GET unless 307 or 308 ask for the same again; no credentials to another origin. */
const redirected = (options: EgressOptions, status: number, sameOrigin: boolean): EgressOptions => {
  const keeps = status === 307 || status === 308 || !options.method || ['GET', 'HEAD'].includes(options.method)
  const headers = Object.entries(options.headers ?? {}).filter(
    ([name]) => (sameOrigin || !privateHeaders.has(name.toLowerCase())) && (keeps || !name.toLowerCase().startsWith('content-')),
  )
  return { ...options, headers: Object.fromEntries(headers), ...(!keeps && { method: 'GET', body: undefined }) }
}

const timeoutError = (ms: number) => new EgressError('timeout', `The answer took longer than ${ms / 1000} seconds.`)

/** The body as a stream that ends with an error when it is too large or too late. */
const boundBody = (message: http.IncomingMessage, maxBytes: number, signal: AbortSignal, done: () => void) => {
  let taken = 0
  const iterator = message[Symbol.asyncIterator]()
  const end = () => {
    done()
    message.destroy()
  }
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { value, done: ended } = await iterator.next()
        if (signal.aborted) throw signal.reason
        if (ended) {
          done()
          return controller.close()
        }
        taken += value.byteLength
        if (taken > maxBytes) throw new EgressError('too-large', `The answer has more than ${maxBytes} bytes.`)
        controller.enqueue(new Uint8Array(value))
      } catch (error) {
        end()
        controller.error(signal.aborted ? signal.reason : error)
      }
    },
    cancel: end,
  })
}

/**
 * Sends a request to somebody else's server and answers its response once the headers are there.
 * Throws EgressError; reading the body may throw one as well.
 * Source of the attacks it withstands: CVE-2022-31188, CVE-2024-37164, CVE-2023-47116 (rebinding), redirects.
 */
export const egress = async (address: string, options: EgressOptions = {}): Promise<Response> => {
  const { maxBytes = 16 * 2 ** 20, timeoutMs = 30_000, maxRedirects = 5 } = options
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(timeoutError(timeoutMs)), timeoutMs)
  const onAbort = () => abort.abort(options.signal!.reason)
  options.signal?.addEventListener('abort', onAbort, { once: true })
  if (options.signal?.aborted) onAbort()
  const done = () => {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
  }
  const untilAborted = new Promise<never>((_, reject) =>
    abort.signal.addEventListener('abort', () => reject(abort.signal.reason)),
  )
  untilAborted.catch(() => {})
  try {
    abort.signal.throwIfAborted()
    let [url, current] = [readUrl(address), options]
    for (let followed = 0; ; followed++) {
      const addresses = await Promise.race([resolveSafely(bareHost(url.hostname), options.resolve, options.allow), untilAborted])
      const message = await Promise.race([send(url, addresses, current, abort.signal), untilAborted])
      const status = message.statusCode!
      const location = message.headers.location
      if (!redirects.has(status) || location === undefined || maxRedirects === 0) {
        const headers = Object.entries(message.headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((one): [string, string] => [name, one]),
        )
        if ([204, 205, 304].includes(status) || current.method === 'HEAD') {
          message.resume()
          done()
          return new Response(null, { status, headers })
        }
        return new Response(boundBody(message, maxBytes, abort.signal, done), { status, headers })
      }
      message.destroy()
      if (followed >= maxRedirects) throw new EgressError('redirects', `There were more than ${maxRedirects} redirects.`)
      const next = readUrl(location, url)
      current = redirected(current, status, next.origin === url.origin)
      url = next
    }
  } catch (error) {
    done()
    if (abort.signal.aborted) throw abort.signal.reason
    if (error instanceof EgressError) throw error
    throw new EgressError('unreachable', `No answer: ${(error as { code?: string }).code ?? (error as Error).message}`)
  }
}
