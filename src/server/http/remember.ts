// Keeps the answers of reads that depend on the database alone, until anything at all is written to it.
import { Elysia } from 'elysia'
import { dataVersion } from '../db/open'
import { jsonType } from './json'

type Answer = { text: string; headers: Record<string, string> }
type Kept = { version: number | undefined; answers: Map<string, Answer> }
let kept: Kept = { version: undefined, answers: new Map() }
const maxAnswers = 500
const maxLength = 64 * 1024

/** Requests whose answer may be kept, with the place for it: that of the version which they read. */
const awaited = new WeakMap<Request, { key: string; answers: Map<string, Answer> }>()

/** Takes the text of an answer on its way out, and the headers that belong to it. */
export const keepAnswer = (request: Request, text: string, headers: Record<string, string> = {}) => {
  const place = awaited.get(request)
  if (place && text.length <= maxLength && place.answers.size < maxAnswers) place.answers.set(place.key, { text, headers })
}

/**
 * For features whose GET answers follow from the database, the person, the address and the organization header only.
 * Where the database cannot tell cheaply that nothing was written (PostgreSQL) nothing is kept.
 */
export const rememberAnswers = new Elysia({ name: 'remember-answers' }).onBeforeHandle({ as: 'scoped' }, (context) => {
  const { request, set, who, origin } = context as unknown as {
    request: Request
    set: { headers: Record<string, string> }
    who: { user: { id: number } }
    origin: string
  }
  const version = request.method === 'GET' ? dataVersion() : undefined
  if (version === undefined) return
  if (version !== kept.version || kept.answers.size >= maxAnswers) kept = { version, answers: new Map() }
  const type = jsonType(request)
  const key = `${who.user.id} ${type} ${origin} ${request.headers.get('x-organization')} ${request.url}`
  const known = kept.answers.get(key)
  if (known) return new Response(known.text, { headers: { ...set.headers, ...known.headers, 'content-type': type } })
  awaited.set(request, { key, answers: kept.answers })
})
