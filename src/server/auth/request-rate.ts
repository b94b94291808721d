// How many requests an address may send in a minute, when `requests_per_minute` says so.
import { Elysia } from 'elysia'
import { config } from '../config'
import { ApiError } from '../http/errors'
import { readClientAddress, rememberServer } from './client-address'
import { findSender } from './in-process'

const minuteMs = 60_000
/** What probes ask: a limit must not make a healthy server look dead. */
const probes = new Set(['/healthz', '/readyz', '/metrics'])

let minute = 0
const counts = new Map<string, number>()

/** Counts a request of `address`; answers the seconds it has to wait, 0 when it may go on. Counts start anew with every minute. */
export const countRequest = (address: string, most: number, now = Date.now()): number => {
  const current = Math.floor(now / minuteMs)
  if (current !== minute) {
    minute = current
    counts.clear()
  }
  const count = (counts.get(address) ?? 0) + 1
  counts.set(address, count)
  return count > most ? Math.ceil(((current + 1) * minuteMs - now) / 1000) : 0
}

/** 429 with Retry-After for an address that sends too much. */
export const requestRate = new Elysia({ name: 'request-rate' }).use(rememberServer).onRequest(({ request, set }) => {
  const most = config().requests_per_minute
  if (!most || findSender(request) || probes.has(new URL(request.url).pathname)) return
  const seconds = countRequest(readClientAddress(request), most)
  if (!seconds) return
  set.headers['retry-after'] = String(seconds)
  throw new ApiError(429, { detail: `Too many requests: at most ${most} in a minute. Expected available in ${seconds} seconds.` })
})
