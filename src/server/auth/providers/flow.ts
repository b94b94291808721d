// The way to a sign-in provider and back: what must be remembered meanwhile, in a signed cookie of the browser that set out.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { ownPath } from '../../http/html'
import type { Provider } from '../../sign-in-providers'
import type { Profile } from './admit'

/** What a provider's file needs to know again at the end. */
export type Memo = Record<string, string>

/** A provider that people are sent to. Libraries are loaded on first use. */
export type Redirector = {
  /** Where to send the browser. `callback`: our address that it comes back to. */
  start: (provider: Provider, callback: string) => Promise<{ location: string; memo: Memo }>
  /**
   * Who came back. Throws an Error for an answer that is not good. `memo` is null where the browser sends no cookie along
   * (a form posted by the provider): then `check` says which memo the answer belongs to.
   */
  read: (
    provider: Provider,
    callback: string,
    answer: URLSearchParams,
    memo: Memo | null,
  ) => Promise<{ profile: Profile; check: Memo }>
}

export const flowSeconds = 600
export const flowCookie = 'sso'

/** Ways under way end with the process, so the key needs to be nowhere else. */
const key = randomBytes(32)
const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url')

export type Flow = { provider: string; next: string; memo: Memo; expires: number }

export const writeFlow = (provider: Provider, next: string | undefined, memo: Memo): string => {
  const flow: Flow = { provider: provider.name, next: ownPath(next), memo, expires: Date.now() + flowSeconds * 1000 }
  const text = Buffer.from(JSON.stringify(flow)).toString('base64url')
  return `${text}.${sign(text)}`
}

/** The flow of a cookie, if we wrote it, for this provider, not too long ago. */
export const readFlow = (provider: Provider, cookie: string | undefined): Flow => {
  const [text = '', signature = ''] = (cookie ?? '').split('.')
  const expected = sign(text)
  const isOurs = signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  if (!isOurs) throw new Error('the browser did not set out from here')
  const flow = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Flow
  if (flow.provider !== provider.name || flow.expires < Date.now()) throw new Error('the way took too long')
  return flow
}

type Parked = { provider: string; profile: Profile; check: Memo; expires: number }
const parked = new Map<string, Parked>()
const parkedMs = 60_000
const maxParked = 1000

/** Keeps who came back until the browser asks with its cookie; answers the word to ask with. */
export const park = (provider: Provider, profile: Profile, check: Memo): string => {
  for (const [word, { expires }] of parked) if (expires < Date.now() || parked.size >= maxParked) parked.delete(word)
  const word = randomBytes(24).toString('base64url')
  parked.set(word, { provider: provider.name, profile, check, expires: Date.now() + parkedMs })
  return word
}

/** Throws unless the answer belongs to this flow. */
export const checkFlow = (check: Memo, flow: Flow) => {
  if (Object.entries(check).some(([name, value]) => flow.memo[name] !== value))
    throw new Error('another browser set out on this way')
}

/** Who came back, once, to the browser that set out. */
export const claim = (provider: Provider, word: string, flow: Flow): Profile => {
  const found = parked.get(word)
  parked.delete(word)
  if (!found || found.provider !== provider.name || found.expires < Date.now()) throw new Error('nobody came back with this word')
  checkFlow(found.check, flow)
  return found.profile
}
