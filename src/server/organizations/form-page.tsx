// Plain forms of signed-in people: the token against forgery goes along as a field, so that they work without scripts.
import { type Page, readCookies, showPage, type Visit } from '../auth/service'
import { ApiError } from '../http/errors'

/** A form's texts; what was sent once is a list of one. */
export type Fields = Record<string, string[]>
type Handler = (visit: Visit, fields: Fields, params: Record<string, string>) => Promise<Page | Response>

/** Belongs into every form that receiveForm() takes. */
export const FormToken = ({ request }: { request: Request }): JSX.Element => (
  <input type="hidden" name="csrf" value={readCookies(request).csrftoken ?? ''} autocomplete="off" />
)

const readFields = (body: unknown): Fields =>
  Object.fromEntries(Object.entries(body ?? {}).map(([name, value]) => [name, [value].flat().map(String)]))

/** The same request with the token in the header where scripts put it; origin and cookie are checked as for them. */
const carryToken = (request: Request, token: string) => {
  const headers = new Headers(request.headers)
  headers.set('x-csrftoken', token)
  return new Request(request.url, { method: request.method, headers })
}

/** A route handler for a form of ours; refuses those of other sites with the error page. */
export const receiveForm =
  (handler: Handler) =>
  ({ request, body, params }: { request: Request; body: unknown; params?: Record<string, string> }): Promise<Response> => {
    const fields = readFields(body)
    const show = showPage((visit, names) => handler(visit, fields, names))
    return show({ request: carryToken(request, fields.csrf?.[0] ?? ''), params })
  }

/** What is wrong, for people; anything but a refusal is thrown on. */
export const wordsOf = (error: unknown): string => {
  if (!(error instanceof ApiError)) throw error
  return Object.values(error.body).flat().map(String).join(' ')
}
