// Asks a server elsewhere over HTTP with a token, which is read from the environment or a file and goes nowhere else.
import { readFileSync, statSync } from 'node:fs'
import { type Api, ApiFailure, type Carry, createApi, type NewModel, Unreachable } from './api'
import { ConsoleError } from './console-error'
import { openFile } from './open-file'

export type RemoteOptions = { url: string; token: string }

const patienceMs = 30_000

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)

/** The address of a server without a trailing slash. Throws ConsoleError when the token would travel in the clear. */
export const readServerUrl = (text: string, mayBeClear = false): string => {
  if (!URL.canParse(text) || !/^https?:\/\//.test(text))
    throw new ConsoleError(`--url must be an address such as https://annolith.example.org, not “${text}”`)
  const { protocol, hostname, username, password } = new URL(text)
  if (username || password) throw new ConsoleError('--url must not hold a name or a password; set ANNOLITH_TOKEN instead')
  if (protocol === 'http:' && !isLoopback(hostname) && !mayBeClear)
    throw new ConsoleError(
      `http:// sends the token readable by others; use https://, or --allow-http on a network that you trust`,
    )
  return text.replace(/[?#].*$/, '').replace(/\/+$/, '')
}

/** The token of ANNOLITH_TOKEN, or of a file that only its owner may read. Throws ConsoleError when there is none. */
export const readToken = (file: string | undefined, env: Record<string, string | undefined> = process.env): string => {
  const read = (path: string) => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found?.isFile()) throw new ConsoleError(`there is no token file ${path}`)
    if (found.mode & 0o077) throw new ConsoleError(`${path} can be read by others: chmod 600 ${path}`)
    return readFileSync(path, 'utf8')
  }
  const token = (file === undefined ? (env.ANNOLITH_TOKEN ?? '') : read(file)).trim()
  if (!token) throw new ConsoleError('set ANNOLITH_TOKEN to an access token of an administrator, or name a --token-file')
  if (!/^[\w.~+/=-]+$/.test(token)) throw new ConsoleError('the token holds characters that no token has')
  return token
}

/** Keys that sign-in returns have 40 hex digits; all else is a personal access token. */
const schemeOf = (token: string) => (/^[\da-f]{40}$/.test(token) ? 'Token' : 'Bearer')

const uploadModel = async (api: Omit<Api, 'addModel'>, { name, note, paths }: NewModel) => {
  const form = new FormData()
  form.set('name', name)
  form.set('note', note)
  for (const [i, path] of paths.entries()) form.set(`files[${i}]`, await openFile(path))
  return api.send('POST', '/api/models/files', form)
}

export const createRemoteApi = ({ url, token }: RemoteOptions): Api => {
  const carry: Carry = async (path, { headers, ...init }) => {
    try {
      return await fetch(url + path, {
        ...init,
        headers: { ...headers, authorization: `${schemeOf(token)} ${token}` },
        // Another host must not get the token.
        redirect: 'error',
        signal: AbortSignal.timeout(patienceMs),
      })
    } catch (error) {
      const { code, name, message } = error as { code?: string; name?: string; message: string }
      const why = name === 'TimeoutError' ? `no answer within ${patienceMs / 1000} seconds` : (reasons[code ?? ''] ?? message)
      throw new Unreachable(`${url} cannot be reached: ${why}`)
    }
  }
  return createApi(url, carry, uploadModel)
}

const reasons: Record<string, string> = {
  ConnectionRefused: 'nothing answers there',
  ECONNREFUSED: 'nothing answers there',
  UnexpectedRedirect: 'it sends elsewhere; name the address that it leads to',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by anybody who is trusted (NODE_EXTRA_CA_CERTS names who is)',
}

/** Throws ConsoleError unless the server answers and the token belongs to an administrator. */
export const checkAccess = async (api: Api): Promise<void> => {
  try {
    const self = await api.get<{ username: string; is_superuser: boolean }>('/api/users/self')
    if (typeof self?.username !== 'string') throw new ConsoleError(`${api.place} is no Annolith server`)
    if (!self.is_superuser) throw new ConsoleError(`the token belongs to “${self.username}”, who is no administrator`)
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 401) throw new ConsoleError(`${api.place} does not accept the token`)
    if (error instanceof ApiFailure) throw new ConsoleError(`${error.message} Is it an Annolith server?`)
    if (error instanceof Unreachable) throw new ConsoleError(error.message)
    throw error
  }
}
