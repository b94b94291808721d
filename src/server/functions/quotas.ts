// How much a person may ask of functions: calls in a minute, and automatic annotations at the same time.
import { createWindow, TooManyAttempts } from '../auth/service'
import { config } from '../config'
import { ApiError } from '../http/errors'

/** 429 in our own words; `seconds` until the next call makes sense. */
class TooManyCalls extends TooManyAttempts {
  constructor(seconds: number, limit: number) {
    super(seconds)
    const again = `${seconds} second${seconds === 1 ? '' : 's'}`
    ;(this as { body: unknown }).body = {
      detail: `You may call functions ${limit} times in a minute. Try again in ${again}.`,
    }
  }
}

const perMinute = createWindow(
  () => config().function_calls,
  () => 60,
)

/** Counts one call of a function. Throws 429 when the person has made too many in the last minute. */
export const countCall = (userId: number) => {
  const seconds = perMinute.waitFor(String(userId))
  if (seconds) throw new TooManyCalls(seconds, config().function_calls)
  perMinute.add(String(userId))
}

/** Throws 429 when the person has as many automatic annotations waiting or running as they may. */
export const requireRoom = (open: number) => {
  const limit = config().function_requests
  if (limit && open >= limit)
    throw new ApiError(429, {
      detail: `You have ${open} automatic annotations waiting or running, and may have ${limit}. Wait for one to end, or cancel one.`,
    })
}
