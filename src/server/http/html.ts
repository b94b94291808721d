// HTML answers: one policy for scripts and styles, never cached without asking.
import { addressOf, type ListState } from '../../web/ui/list-address'

/** Everything comes from this origin and nothing is inline; pictures may also be made in the page. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

/** A whole document as an answer. `markup` comes from the page kit, which has escaped it. */
export const renderPage = async (
  markup: string | Promise<string>,
  { status = 200, cookies = [] }: { status?: number; cookies?: string[] } = {},
): Promise<Response> => {
  const response = new Response(await markup, { status, headers: pageHeaders })
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** 303 to an address of our own. */
export const redirectTo = (location: string, cookies: string[] = []): Response => {
  const response = new Response(null, { status: 303, headers: { location, 'cache-control': 'no-cache' } })
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** When rows of a page's end were removed, its address leads to the page that is the last now; null otherwise. */
export const redirectToLastPage = (state: ListState): Response | null => {
  const last = Math.max(1, Math.ceil(state.count / state.size))
  return state.page > last ? redirectTo(addressOf(state, { page: String(last) })) : null
}

/** Whether a form was sent by a page of ours: one of another site must not sign anybody in. */
export const isOwnForm = (request: Request) => {
  const origin = request.headers.get('origin')
  return !origin || (URL.canParse(origin) && new URL(origin).host === request.headers.get('host'))
}

/** The address as a path of this site, or `/` when it leads elsewhere (`//host`, `https://…`, `/\host`). */
export const ownPath = (address: string | null | undefined): string => {
  if (!address?.startsWith('/') || /^\/[/\\]/.test(address)) return '/'
  const url = URL.canParse(address, 'http://own.invalid') ? new URL(address, 'http://own.invalid') : null
  return url?.host === 'own.invalid' ? `${url.pathname}${url.search}${url.hash}` : '/'
}

/** The page that a form of this site was on. */
export const findSender = (request: Request): string => {
  const sender = request.headers.get('referer') ?? ''
  return URL.canParse(sender) ? ownPath(`${new URL(sender).pathname}${new URL(sender).search}`) : '/'
}
