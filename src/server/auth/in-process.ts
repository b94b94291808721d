// Requests that the program sends to itself, as the console on the server's machine does: who asks is known without credentials.
import type { Who } from '../policy/who'

/** By identity: nothing that comes over the network can get into it. */
const senders = new WeakMap<Request, Who>()

/** The same request, to be handled as sent by `who`. */
export const sendAs = (who: Who, request: Request): Request => {
  senders.set(request, who)
  return request
}
export const findSender = (request: Request): Who | undefined => senders.get(request)
