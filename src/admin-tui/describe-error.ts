// What a failed call means to the person at the console: one line, and by field where a service says so.
import { ApiFailure } from './api'

export type Refusal = { text: string; fields: Record<string, string> }

const join = (value: unknown): string => (Array.isArray(value) ? value.map(join).join(' ') : String(value))

export const describeError = (error: unknown): Refusal => {
  if (error instanceof ApiFailure) {
    const { body, status } = error
    if (status === 401) return { text: 'The server does not accept the token any more.', fields: {} }
    if (Array.isArray(body)) return { text: join(body), fields: {} }
    if (typeof body !== 'object' || body === null) return { text: error.message, fields: {} }
    if ('detail' in body) return { text: join(body.detail), fields: {} }
    const fields = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, join(value)]))
    const text = Object.entries(fields)
      .map(([name, problem]) => `${name}: ${problem}`)
      .join(' ')
    return { text: text || error.message, fields }
  }
  const text = error instanceof Error ? error.message : String(error)
  return { text: text.trim().split('\n')[0] || 'Something failed without saying why.', fields: {} }
}
