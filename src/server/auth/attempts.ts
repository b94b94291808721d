// Limits how often something may be tried: a sliding window for each key, and the one for sign-ins that others cannot use to lock somebody out.
import { config } from '../config'
import { ApiError } from '../http/errors'

/** 429. `seconds` until the next try makes sense, for Retry-After. */
export class TooManyAttempts extends ApiError {
  constructor(readonly seconds: number) {
    super(429, { detail: `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.` })
  }
}

const maxKeys = 20_000

/** Puts a key last and forgets the oldest ones when there are too many. */
const touch = <V>(map: Map<string, V>, key: string, value: V) => {
  map.delete(key)
  map.set(key, value)
  if (map.size > maxKeys) map.delete(map.keys().next().value!)
}

/** Counts tries of the last `seconds`. Times are ms; `now` is for tests. */
export const createWindow = (limit: () => number, seconds: () => number, now: () => number = Date.now) => {
  const tries = new Map<string, number[]>()
  const recent = (key: string) => (tries.get(key) ?? []).filter((time) => time > now() - seconds() * 1000)
  return {
    /** Seconds to wait before the next try; 0 = go ahead. */
    waitFor: (key: string): number => {
      const times = recent(key)
      if (!limit() || times.length < limit()) return 0
      return Math.max(1, Math.ceil((times.at(-limit())! + seconds() * 1000 - now()) / 1000))
    },
    add: (key: string) => touch(tries, key, [...recent(key), now()].slice(-Math.max(1, limit()))),
    /** Takes the last try back. */
    takeBack: (key: string) => {
      const times = recent(key).slice(0, -1)
      if (times.length) tries.set(key, times)
      else tries.delete(key)
    },
    clear: (key: string) => tries.delete(key),
  }
}

/** Many people may share an address. */
const addressFactor = 5

const perAccount = createWindow(
  () => config().sign_in_attempts,
  () => config().sign_in_window,
)
const perAddress = createWindow(
  () => config().sign_in_attempts * addressFactor,
  () => config().sign_in_window,
)

/** Addresses from which an account signed in before: failures elsewhere do not stop it there. */
const trusted = new Map<string, true>()

/**
 * Runs a sign-in, which answers null for a failure. Counts a try before its outcome is known, so that tries at the same time count too.
 * Throws TooManyAttempts without running it when there were too many.
 */
export const limitAttempts = async <T>(account: string, address: string, run: () => Promise<T | null>): Promise<T | null> => {
  const pair = `${account} ${address}`
  const isTrusted = address !== '' && trusted.has(pair)
  const wait = Math.max(isTrusted ? 0 : perAccount.waitFor(account), address ? perAddress.waitFor(address) : 0)
  if (wait) throw new TooManyAttempts(wait)
  if (!isTrusted) perAccount.add(account)
  if (address) perAddress.add(address)
  const result = await run()
  if (result === null) return null
  // From where the account is known, its person does not make room for somebody who guesses elsewhere.
  if (!isTrusted) perAccount.clear(account)
  if (address) {
    perAddress.takeBack(address)
    touch(trusted, pair, true)
  }
  return result
}

/** Mails that somebody may cause for one address, in an hour. */
const mails = createWindow(
  () => 5,
  () => 3600,
)

/** Whether another mail to this address is fine; counts it. */
export const mayMail = (email: string): boolean => {
  if (mails.waitFor(email)) return false
  mails.add(email)
  return true
}
