// A browser for sign-in tests: cookies per site, redirects, the first form of a page. Our own address is answered without a port.
import { app, origin } from '../api'

export type Page = { url: URL; status: number; text: string }

/** Decodes what HTML writes for attributes. */
const decode = (text: string) =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')

export const createBrowser = () => {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (url: URL) => jars.get(url.origin) ?? jars.set(url.origin, new Map()).get(url.origin)!

  const send = async (url: URL, init: { method?: string; body?: URLSearchParams; from?: URL } = {}): Promise<Response> => {
    const headers: Record<string, string> = { host: url.host, accept: 'text/html' }
    const isCrossSitePost = init.method === 'POST' && init.from !== undefined && init.from.origin !== url.origin
    // SameSite=Lax: a form of another site brings no cookies.
    const cookies = isCrossSitePost ? '' : [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ')
    if (cookies) headers.cookie = cookies
    if (init.body) headers['content-type'] = 'application/x-www-form-urlencoded'
    if (init.from && init.method === 'POST') headers.origin = init.from.origin
    const { method = 'GET', body } = init
    const request = new Request(url, { method, headers, body: body?.toString(), redirect: 'manual' })
    const response = url.origin === origin ? await app.handle(request) : await fetch(request)
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0]!.split(/=(.*)/s) as [string, string]
      if (value) jarOf(url).set(name, value)
      else jarOf(url).delete(name)
    }
    return response
  }

  const open = async (url: URL, init: { method?: string; body?: URLSearchParams; from?: URL } = {}): Promise<Page> => {
    let response = await send(url, init)
    let here = url
    for (let step = 0; step < 15 && response.status >= 300 && response.status < 400; step++) {
      here = new URL(response.headers.get('location')!, here)
      // Our pages are no part of these tests: the address alone tells where the way ended.
      if (here.origin === origin && !here.pathname.startsWith('/api/')) return { url: here, status: 200, text: '' }
      response = await send(here)
    }
    return { url: here, status: response.status, text: await response.text() }
  }

  return {
    open: (address: string) => open(new URL(address)),
    /** Sends the first form of a page, with what a person typed in. */
    submit: (page: Page, typed: Record<string, string> = {}): Promise<Page> => {
      const [, attributes = '', inner = ''] = /<form([^>]*)>([\s\S]*?)<\/form>/i.exec(page.text) ?? []
      const action = decode(/action="([^"]*)"/i.exec(attributes)?.[1] ?? '')
      const fields: Record<string, string> = {}
      for (const [input] of inner.matchAll(/<input[^>]*>/gi)) {
        const name = /\sname="([^"]*)"/i.exec(input)?.[1]
        if (name) fields[name] = decode(/\svalue="([^"]*)"/i.exec(input)?.[1] ?? '')
      }
      const body = new URLSearchParams({ ...fields, ...typed })
      return open(new URL(action, page.url), { method: 'POST', body, from: page.url })
    },
    /** Headers of a request by script from our pages. */
    headers: () => ({ cookie: [...jarOf(new URL(origin))].map(([name, value]) => `${name}=${value}`).join('; ') }),
    forget: (site: string) => jars.delete(site),
    cookies: (site: string) => jarOf(new URL(site)),
  }
}
