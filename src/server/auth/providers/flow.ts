// The way to a sign-in provider and back: what must be remembered meanwhile, in a signed cookie of the browser that set out.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ownPath } from '../../http/html'
import { readKey, seal, unseal } from '../../seal'
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

/** The same on all servers, any of which people may come back to. */
const keyName = 'sign-in'
const sign = async (text: string) =>
  createHmac('sha256', await readKey(keyName))
    .update(text)
    .digest('base64url')

export type Flow = { provider: string; next: string; memo: Memo; expires: number }

export const writeFlow = async (provider: Provider, next: string | undefined, memo: Memo): Promise<string> => {
  const flow: Flow = { provider: provider.name, next: ownPath(next), memo, expires: Date.now() + flowSeconds * 1000 }
  const text = Buffer.from(JSON.stringify(flow)).toString('base64url')
  return `${text}.${await sign(text)}`
}

/** The flow of a cookie, if we wrote it, for this provider, not too long ago. */
export const readFlow = async (provider: Provider, cookie: string | undefined): Promise<Flow> => {
  const [text = '', signature = ''] = (cookie ?? '').split('.')
  const expected = await sign(text)
  const isOurs = signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  if (!isOurs) throw new Error('the browser did not set out from here')
  const flow = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Flow
  if (flow.provider !== provider.name || flow.expires < Date.now()) throw new Error('the way took too long')
  return flow
}

type Parked = { provider: string; profile: Profile; check: Memo; expires: number }
const parkedMs = 60_000
/** Words that were used here, until nobody could use them any more. */
const used = new Map<string, number>()

/** Seals who came back into the word with which the browser asks, along with its cookie. */
export const park = async (provider: Provider, profile: Profile, check: Memo): Promise<string> => {
  const parked: Parked = { provider: provider.name, profile, check, expires: Date.now() + parkedMs }
  return Buffer.from(seal(await readKey(keyName), JSON.stringify(parked)), 'base64').toString('base64url')
}

/** Throws unless the answer belongs to this flow. */
export const checkFlow = (check: Memo, flow: Flow) => {
  if (Object.entries(check).some(([name, value]) => flow.memo[name] !== value))
    throw new Error('another browser set out on this way')
}

const openWord = async (word: string): Promise<Parked> => {
  try {
    return JSON.parse(unseal(await readKey(keyName), Buffer.from(word, 'base64url').toString('base64')))
  } catch {
    throw new Error('nobody came back with this word')
  }
}

/** Who came back, to the browser that set out: its cookie is gone after it, and a word counts once. */
export const claim = async (provider: Provider, word: string, flow: Flow): Promise<Profile> => {
  const found = await openWord(word)
  const now = Date.now()
  for (const [one, expires] of used) if (expires < now) used.delete(one)
  if (used.has(word) || found.provider !== provider.name || found.expires < now)
    throw new Error('nobody came back with this word')
  used.set(word, found.expires)
  checkFlow(found.check, flow)
  return found.profile
}
