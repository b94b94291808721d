// What holds for every request: its id, how bodies are read, how answers and errors are written.
import { Elysia } from 'elysia'
import { config } from '../config'
import { isValueError } from '../db/dialect'
import { isConnectionLost } from '../db/is-connection-lost'
import { log } from '../log'
import { diskGuard } from './disk-guard'
import { ApiError } from './errors'
import { jsonType } from './json'
import { noteAnswer, noteStart } from './metrics'
import { keepAnswer } from './remember'

/** Throws 413 for more than `body_bytes`, also when the client does not say beforehand how much it sends. */
const readText = async (request: Request): Promise<string> => {
  const length = request.headers.get('content-length')
  const refuse = () => new ApiError(413, { detail: `The request body is larger than ${config().body_bytes} bytes.` })
  if (Number(length ?? 0) > config().body_bytes) throw refuse()
  if (length !== null || !request.body) return request.text()
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += part.length
    if (bytes > config().body_bytes) throw refuse()
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** An empty JSON body counts as `{}`: clients send the content type without a body. */
const readJson = async (request: Request): Promise<unknown> => {
  const text = await readText(request)
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ApiError(400, { detail: `JSON parse error - ${(error as Error).message}` })
  }
}

type Problem = {
  path: string
  message: string
  schema?: { type?: string; anyOf?: unknown[]; minLength?: number }
  value?: unknown
}

const describe = ({ value, message, schema }: Problem) => {
  if (value === undefined) return 'This field is required.'
  if (value === null) return 'This field may not be null.'
  if (value === '' && schema?.minLength) return 'This field may not be blank.'
  if (schema?.type === 'integer') return 'A valid integer is required.'
  return `${message}.`
}

/** Problems of validation as `{ field: [messages] }`. */
const fieldErrors = (problems: Iterable<Problem>): Record<string, string[]> => {
  // A map, since a field may be called `constructor`.
  const fields = new Map<string, Set<string>>()
  for (const problem of problems) {
    const field = problem.path.split('/')[1] || 'non_field_errors'
    fields.set(field, (fields.get(field) ?? new Set()).add(describe(problem)))
  }
  return Object.fromEntries([...fields].map(([field, texts]) => [field, [...texts]]))
}

const matcherOf = (path: string) =>
  new RegExp(
    `^${path
      .replace(/\/$/, '')
      .replace(/:[^/]+/g, '[^/]+')
      .replace(/\*/g, '.*')}/?$`,
  )

/** Methods that a path would answer, to tell 405 from 404. */
const createMethodFinder = (routes: () => { method: string; path: string }[]) => {
  let matchers: { method: string; pattern: RegExp }[] | undefined
  return (path: string) => {
    matchers ??= routes().flatMap(({ method, path }) => (path.includes('*') ? [] : [{ method, pattern: matcherOf(path) }]))
    return [...new Set(matchers.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
  }
}

/** Answers page requests that failed with HTML; set by the pages feature. */
export type ErrorPage = (request: Request, status: number, detail: string) => Response | Promise<Response>

/** Whether an address belongs to an operation that is known but not served yet. */
export type IsPlanned = (method: string, path: string) => Promise<boolean>

/** Whether everybody comes by HTTPS, so that browsers may be told to never come otherwise. */
const speaksTls = () => config().tls_cert !== '' || config().public_url.startsWith('https:')

const slowMs = 2000
/** What somebody was kept from: worth a line. */
const refusals = new Set([401, 403, 429])

/** Every answer counts; what is slow or fails is logged, everything else only for those who want every detail. */
const note = (request: Request, route: string | undefined, status: number, headers: Record<string, unknown>) => {
  const ms = noteAnswer(request, route, status)
  const level = status >= 500 || ms > slowMs ? 'warn' : refusals.has(status) ? 'info' : 'debug'
  if (log().isLevelEnabled(level))
    log()[level](
      { status, ms: Math.round(ms), request: headers['x-request-id'] },
      `${request.method} ${new URL(request.url).pathname}`,
    )
}

export const createKit = (routes: () => { method: string; path: string }[], errorPage?: ErrorPage, isPlanned?: IsPlanned) => {
  const findMethods = createMethodFinder(routes)
  return new Elysia({ name: 'kit' })
    .use(diskGuard)
    .onRequest(({ set, request }) => {
      noteStart(request)
      set.headers['x-request-id'] = crypto.randomUUID()
      set.headers['x-content-type-options'] = 'nosniff'
      set.headers['referrer-policy'] = 'same-origin'
      if (speaksTls()) set.headers['strict-transport-security'] = 'max-age=31536000; includeSubDomains'
    })
    .onParse({ as: 'global' }, ({ request, contentType }) => (contentType.endsWith('json') ? readJson(request) : undefined))
    .mapResponse({ as: 'global' }, ({ responseValue, request, set, route }) => {
      note(request, route, responseValue instanceof Response ? responseValue.status : Number(set.status ?? 200), set.headers)
      if (responseValue instanceof Response || responseValue === undefined) return responseValue as Response | undefined
      if (typeof responseValue === 'string') return
      const text = JSON.stringify(responseValue)
      if ((set.status ?? 200) === 200) keepAnswer(request, text)
      return new Response(text, {
        status: (set.status as number | undefined) ?? 200,
        headers: { ...(set.headers as Record<string, string>), 'content-type': jsonType(request) },
      })
    })
    .onError({ as: 'global' }, async ({ code, error, request, set }) => {
      const path = new URL(request.url).pathname
      const headers = { ...(set.headers as Record<string, string>) }
      const answer = (status: number, body: unknown, extra: Record<string, string> = {}) => {
        if (errorPage && !path.startsWith('/api/') && request.headers.get('accept')?.includes('text/html'))
          return errorPage(request, status, (body as { detail?: string }).detail ?? JSON.stringify(body))
        return new Response(JSON.stringify(body), {
          status,
          headers: { ...headers, ...extra, 'content-type': jsonType(request) },
        })
      }
      if (error instanceof ApiError) return answer(error.status, error.body)
      // What reading a body refuses comes wrapped.
      const { cause } = error as { cause?: unknown }
      if (code === 'PARSE' && cause instanceof ApiError) return answer(cause.status, cause.body)
      if (code === 'NOT_FOUND') {
        note(request, undefined, 404, set.headers)
        if (path.startsWith('/api/') && (await isPlanned?.(request.method, path)))
          return answer(501, { detail: 'This operation is not available yet.' })
        const methods = findMethods(path)
        if (!methods.length) return answer(404, { detail: 'Not found.' })
        if (request.method === 'OPTIONS')
          return new Response(null, { status: 200, headers: { ...headers, allow: [...methods, 'OPTIONS'].join(', ') } })
        return answer(405, { detail: `Method "${request.method}" not allowed.` }, { allow: methods.join(', ') })
      }
      if (code === 'VALIDATION') {
        const { type, all } = error as unknown as { type: string; all: Problem[] }
        // An id that is no number names nothing.
        return type === 'params' ? answer(404, { detail: 'Not found.' }) : answer(400, fieldErrors(all))
      }
      if (code === 'PARSE') return answer(400, { detail: 'The request body cannot be read.' })
      if (isConnectionLost(error)) {
        log().error(`${request.method} ${path}: the database is away`)
        return answer(503, { detail: 'The database cannot be reached at the moment.' }, { 'retry-after': '5' })
      }
      if (isValueError(error)) return answer(400, { detail: 'A value is out of range.' })
      log().error({ err: error, request: headers['x-request-id'] }, `${request.method} ${path}`)
      return answer(500, { detail: 'Internal server error.' })
    })
}
