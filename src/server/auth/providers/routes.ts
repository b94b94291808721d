// /api/auth/providers: which sign-in providers there are, the way to one, and the way back.

import { Elysia, t } from 'elysia'
import { config } from '../../config'
import { found } from '../../http/errors'
import { redirectTo } from '../../http/html'
import { log } from '../../log'
import type { Provider, ProviderKind } from '../../sign-in-providers'
import { readOrigin } from '../context'
import { startSession, writeCookie } from '../cookies'
import { isAdmitted, readCookies } from '../identify'
import { admit, type Profile } from './admit'
import { checkFlow, claim, flowCookie, flowSeconds, park, type Redirector, readFlow, writeFlow } from './flow'
import { oidc } from './oidc'
import { describeSaml, saml } from './saml'

/** Directories have no way of their own: their people use the form with name and password. */
const redirectors: Record<ProviderKind, Redirector | null> = { oidc, saml, ldap: null }

const findProvider = (name: string): { provider: Provider; redirector: Redirector } => {
  const provider = found(config().providers.find((provider) => provider.name === name))
  return { provider, redirector: found(redirectors[provider.kind]) }
}

const baseOf = (request: Request, provider: Provider) => `${readOrigin(request)}/api/auth/providers/${provider.name}`

/** Back to the form, which says what happened: `provider` failed, or the address must be confirmed, or the account is shut. */
const refuse = (problem: 'provider' | 'verify' | 'inactive', provider: Provider, error?: unknown) => {
  if (error) log().error(`sign-in provider ${provider.name}: ${(error as Error).message}`)
  return redirectTo(`/auth/login?problem=${problem}`)
}

const enter = async (request: Request, provider: Provider, profile: Profile, next: string) => {
  const origin = readOrigin(request)
  const user = await admit(provider, profile)
  if (!isAdmitted(user)) return refuse(user.isActive ? 'verify' : 'inactive', provider)
  return redirectTo(next, [...(await startSession(origin, user.id)), writeCookie(origin, flowCookie, '', 0, ' HttpOnly;')])
}

const params = t.Object({ name: t.String() })

export const providers = new Elysia({ prefix: '/api/auth/providers', tags: ['auth'] })
  .get('/', () =>
    config().providers.map(({ name, kind, title }) => ({
      name,
      kind,
      title,
      url: redirectors[kind] ? `/api/auth/providers/${name}/start` : null,
    })),
  )
  .get(
    '/:name/start',
    async ({ params, query, request }) => {
      const { provider, redirector } = findProvider(params.name)
      try {
        const { location, memo } = await redirector.start(provider, `${baseOf(request, provider)}/callback`)
        const value = await writeFlow(provider, query.next, memo)
        return redirectTo(location, [writeCookie(readOrigin(request), flowCookie, value, flowSeconds, ' HttpOnly;')])
      } catch (error) {
        return refuse('provider', provider, error)
      }
    },
    { params, query: t.Object({ next: t.Optional(t.String()) }, { additionalProperties: true }) },
  )
  .get(
    '/:name/callback',
    async ({ params, request }) => {
      const { provider, redirector } = findProvider(params.name)
      try {
        const flow = await readFlow(provider, readCookies(request)[flowCookie])
        const answer = new URL(request.url).searchParams
        const callback = `${baseOf(request, provider)}/callback`
        const { profile, check } = await redirector.read(provider, callback, answer, flow.memo)
        checkFlow(check, flow)
        return await enter(request, provider, profile, flow.next)
      } catch (error) {
        return refuse('provider', provider, error)
      }
    },
    { params },
  )
  // A form posted from the provider's site brings no cookies of ours. So the person waits until the browser itself asks.
  .post(
    '/:name/callback',
    async ({ params, request, body }) => {
      const { provider, redirector } = findProvider(params.name)
      try {
        const answer = new URLSearchParams(body as Record<string, string>)
        const base = baseOf(request, provider)
        const { profile, check } = await redirector.read(provider, `${base}/callback`, answer, null)
        return redirectTo(`${base}/finish?word=${await park(provider, profile, check)}`)
      } catch (error) {
        return refuse('provider', provider, error)
      }
    },
    { params, body: t.Record(t.String(), t.String()) },
  )
  .get(
    '/:name/finish',
    async ({ params, request, query }) => {
      const { provider } = findProvider(params.name)
      try {
        const flow = await readFlow(provider, readCookies(request)[flowCookie])
        return await enter(request, provider, await claim(provider, query.word, flow), flow.next)
      } catch (error) {
        return refuse('provider', provider, error)
      }
    },
    { params, query: t.Object({ word: t.String() }, { additionalProperties: true }) },
  )
  .get(
    '/:name/metadata',
    async ({ params, request }) => {
      const { provider } = findProvider(params.name)
      found(provider.kind === 'saml' ? provider : null)
      const xml = await describeSaml(provider, `${baseOf(request, provider)}/callback`)
      return new Response(xml, { headers: { 'content-type': 'application/samlmetadata+xml' } })
    },
    { params },
  )
