// Plain forms of signed-in people: they work without scripts, are refused from other sites, and count once however often they are sent.
import { createHash } from 'node:crypto'
import { ApiError } from '../http/errors'
import { runOnceForAll } from '../queue/shared'
import { readCookies } from './identify'
import { type Page, showPage, type Visit } from './page-visit'

/** A form's texts; what was sent once is a list of one. */
export type Fields = Record<string, string[]>
type Handler = (visit: Visit, fields: Fields, params: Record<string, string>) => Promise<Page | Response>

/** Belongs into every form that receiveForm() takes: the token against forgery, and the form's own number. */
export const FormToken = ({ request }: { request: Request }): JSX.Element => (
  <>
    <input type="hidden" name="csrf" value={readCookies(request).csrftoken ?? ''} autocomplete="off" />
    <input type="hidden" name="once" value={crypto.randomUUID()} autocomplete="off" />
  </>
)

const readFields = (body: unknown): Fields =>
  Object.fromEntries(Object.entries(body ?? {}).map(([name, value]) => [name, [value].flat().map(String)]))

/** The same request with the token in the header where scripts put it; origin and cookie are checked as for them. */
const carryToken = (request: Request, token: string) => {
  const headers = new Headers(request.headers)
  headers.set('x-csrftoken', token)
  return new Request(request.url, { method: request.method, headers })
}

/** Forms that were sent lately, by session and number → where they led. A form that was refused may be sent again. */
const sent = new Map<string, Promise<Response>>()
const maxSent = 2000

/** 201: something was made, and is shown in the answer itself. */
const isDone = (response: Response) => response.status === 303 || response.status === 201

const keptMs = 3_600_000
const headersKept = ['location', 'content-type', 'content-security-policy', 'cache-control']

const pack = async (response: Response): Promise<string> => {
  const headers = headersKept.flatMap((name) => (response.headers.has(name) ? [[name, response.headers.get(name)]] : []))
  return JSON.stringify({ status: response.status, headers, body: await response.clone().text() })
}
const unpack = (text: string): Response => {
  const { status, headers, body } = JSON.parse(text)
  return new Response(body || null, { status, headers })
}

/** The same form may reach another server the second time. */
const runAmongServers = async (key: string, run: () => Promise<Response>): Promise<Response> => {
  let own: Response | undefined
  // Redis may be read by others than the server: no session goes there.
  const name = createHash('sha256').update(key).digest('hex')
  const made = await runOnceForAll(
    name,
    async () => {
      own = await run()
      return isDone(own) ? pack(own) : undefined
    },
    keptMs,
  )
  return own ?? unpack(made!)
}

const runOnce = async (key: string, run: () => Promise<Response>): Promise<Response> => {
  const earlier = sent.get(key)
  if (earlier) {
    const response = await earlier
    if (isDone(response)) return response.clone()
  }
  const answer = runAmongServers(key, run)
  sent.set(key, answer)
  if (sent.size > maxSent) sent.delete(sent.keys().next().value!)
  const response = await answer
  if (!isDone(response)) sent.delete(key)
  return response.clone()
}

/** A route handler for a form of ours; refuses those of other sites with the error page. */
export const receiveForm =
  (handler: Handler) =>
  ({ request, body, params }: { request: Request; body: unknown; params?: Record<string, string> }): Promise<Response> => {
    const fields = readFields(body)
    const show = showPage((visit, names) => handler(visit, fields, names))
    const run = () => show({ request: carryToken(request, fields.csrf?.[0] ?? ''), params })
    const once = fields.once?.[0]
    const session = readCookies(request).sessionid
    return once && session ? runOnce(`${session}:${new URL(request.url).pathname}:${once}`, run) : run()
  }

/** What is wrong, for people; anything but a refusal is thrown on. */
export const wordsOf = (error: unknown): string => {
  if (!(error instanceof ApiError)) throw error
  return Object.values(error.body).flat().map(String).join(' ')
}

/** What is wrong by field, for forms that show it there. Anything but a refusal is thrown on. */
export const problemsOf = (error: unknown): Record<string, string> => {
  if (!(error instanceof ApiError)) throw error
  return Object.fromEntries(Object.entries(error.body).map(([field, text]) => [field, [text].flat().map(String).join(' ')]))
}
