// Errors of scripts in pages are told to the server, for whoever looks after it. What people do in pages is not.
import { ApiFailure, ownHeaders } from './api'

const settleMs = 1000
const maxPerPage = 10
const maxText = 2000

type Failure = { message: string; stack: string }

const describe = (reason: unknown): Failure =>
  reason instanceof Error
    ? { message: reason.message, stack: (reason.stack ?? '').slice(0, maxText) }
    : { message: String(reason).slice(0, maxText), stack: '' }

/** Each error once, with the path of its page and without its query. */
export const startExceptions = () => {
  // Only for signed-in people: others may not report.
  if (!document.querySelector('[data-testid="user-menu"]')) return
  const seen = new Set<string>()
  let waiting: object[] = []
  const send = () => {
    const body = JSON.stringify({ timestamp: new Date().toISOString(), events: waiting, previous_event: null })
    waiting = []
    const headers = { ...ownHeaders(), 'content-type': 'application/json' }
    void fetch('/api/events', { method: 'POST', headers, body, keepalive: true }).catch(() => {})
  }
  const note = (reason: unknown) => {
    // What the server refused, or a broken connection, is no error of the script.
    if (reason instanceof TypeError && /fetch/i.test(reason.message)) return
    if (reason instanceof ApiFailure) return
    if (reason instanceof DOMException && reason.name === 'AbortError') return
    const failure = describe(reason)
    const key = failure.message + failure.stack
    if (seen.has(key) || seen.size >= maxPerPage) return
    seen.add(key)
    if (!waiting.length) setTimeout(send, settleMs)
    const payload = JSON.stringify({ ...failure, page: location.pathname })
    waiting.push({ scope: 'send:exception', timestamp: new Date().toISOString(), payload })
  }
  window.addEventListener('error', (event) => event.error && note(event.error))
  window.addEventListener('unhandledrejection', (event) => note(event.reason))
}
