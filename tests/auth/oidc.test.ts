// Sign-in by OpenID Connect against npm's oidc-provider, which runs on a free port of this machine.
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createServer, type Server } from 'node:http'
import { eq } from 'drizzle-orm'
import { Provider as OidcProvider } from 'oidc-provider'
import { config, setConfig } from '../../src/server/config'
import { db, tx } from '../../src/server/db/open'
import { parseProviders } from '../../src/server/sign-in-providers'
import { identities, users } from '../../src/server/users/schema'
import { call, createPerson, origin } from '../api'
import { createBrowser } from './browser'

/** What the provider knows of each login, by test. */
const accounts = new Map<string, Record<string, unknown>>()
const initial = config()
let server: Server
let issuer: string

beforeAll(async () => {
  server = createServer((request, response) => handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const provider = new OidcProvider(issuer, {
    clients: [
      {
        client_id: 'annolith',
        client_secret: 'a secret with blanks & signs',
        redirect_uris: [`${origin}/api/auth/providers/corp/callback`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['preferred_username', 'given_name', 'family_name', 'groups'],
    },
    pkce: { required: () => true },
    cookies: { keys: ['test'] },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) }),
    ttl: { Session: 600, Grant: 600, Interaction: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  } as any)
  provider.on('server_error', (_context: unknown, error: Error) => console.error(error))
  handle = provider.callback()
})
let handle: (request: any, response: any) => unknown
afterAll(() => {
  setConfig(initial)
  server.closeAllConnections()
  server.close()
})

const configure = (more: object = {}, changes: Partial<ReturnType<typeof config>> = {}) => {
  const corp = {
    name: 'corp',
    kind: 'oidc',
    title: 'Corporation',
    issuer,
    client_id: 'annolith',
    client_secret: 'a secret with blanks & signs',
    group_map: 'labellers=worker',
    ...more,
  }
  setConfig({ ...initial, public_url: origin, ...changes, providers: parseProviders(JSON.stringify([corp])) })
}
beforeEach(() => configure())

let made = 0
const createAccount = (claims: Record<string, unknown> = {}) => {
  const id = `oidc-${process.pid}-${Date.now().toString(36)}-${++made}`
  accounts.set(id, {
    preferred_username: id,
    email: `${id}@corp.example`,
    email_verified: true,
    given_name: 'Cora',
    family_name: 'Orp',
    groups: [],
    ...claims,
  })
  return id
}

const signIn = async (id: string, browser = createBrowser(), next = '/tasks?page=2') => {
  const form = await browser.open(`${origin}/api/auth/providers/corp/start?next=${encodeURIComponent(next)}`)
  const consent = await browser.submit(form, { login: id, password: 'any' })
  const end = consent.url.origin === origin ? consent : await browser.submit(consent)
  const self = await call('GET', '/api/users/self', { headers: browser.headers() })
  return { end: end.url.href, self: self.status === 200 ? self.json : null, browser }
}

test('the list of providers tells names and addresses, no secrets', async () => {
  const { json, text } = await call('GET', '/api/auth/providers')
  expect(json).toEqual([{ name: 'corp', kind: 'oidc', title: 'Corporation', url: '/api/auth/providers/corp/start' }])
  expect(text).not.toContain('secret')
  expect((await call('GET', '/api/auth/providers/other/start')).status).toBe(404)
})

test('the first sign-in makes an account, later ones find it even under new names', async () => {
  const id = createAccount()
  const first = await signIn(id)
  expect(first.end).toBe(`${origin}/tasks?page=2`)
  expect(first.self).toMatchObject({
    username: id,
    email: `${id}@corp.example`,
    first_name: 'Cora',
    groups: ['user'],
    email_verified: true,
    created_via: 'sso',
    is_superuser: false,
  })
  accounts.set(id, { preferred_username: 'renamed', email: 'renamed@corp.example', email_verified: true })
  expect((await signIn(id)).self.id).toBe(first.self.id)
  // Nobody signs in to such an account by a password.
  expect((await call('POST', '/api/auth/login', { body: { username: id, password: 'any' } })).status).toBe(400)
})

test('groups are mapped, and nobody becomes an administrator by them', async () => {
  expect((await signIn(createAccount({ groups: ['labellers', 'admin'] }))).self.groups).toEqual(['worker'])
  expect(() => parseProviders('[{"name":"x","kind":"oidc","issuer":"i","client_id":"c","group_map":"boss=admin"}]')).toThrow(
    'admin',
  )
})

test('an unproven address leads to no existing account, a proven one does', async () => {
  const person = await createPerson()
  const stranger = await signIn(createAccount({ email: person.user.email, email_verified: false }))
  expect(stranger.self.id).not.toBe(person.user.id)
  expect(stranger.self.email).toBe('')
  const same = await signIn(createAccount({ email: person.user.email }))
  expect(same.self.id).toBe(person.user.id)
})

test('accounts that somebody registered with the address, unproven ones and administrators’ are never taken over', async () => {
  const admin = await createPerson({ superuser: true })
  const registered = await createPerson()
  const unproven = await createPerson()
  await tx(async (t) => {
    await t.update(users).set({ createdVia: 'registration' }).where(eq(users.id, registered.user.id))
    await t.update(users).set({ emailVerified: false }).where(eq(users.id, unproven.user.id))
  })
  for (const { user } of [admin, registered, unproven]) {
    const { self } = await signIn(createAccount({ email: user.email, preferred_username: user.username }))
    expect(self.id).not.toBe(user.id)
    expect([self.username, self.email, self.is_superuser]).toEqual([`${user.username}-2`, '', false])
  }
})

test('the proven address of an invitation takes the account that it prepared', async () => {
  const owner = await createPerson()
  const slug = `s${process.pid % 1000}-${Date.now() % 1e6}`
  await owner.call('POST', '/api/organizations', { body: { slug } })
  const id = createAccount()
  const body = { role: 'worker', email: `${id}@corp.example` }
  const invitation = (await owner.call('POST', `/api/invitations?org=${slug}`, { body })).json
  const { self, browser } = await signIn(id)
  expect(self.id).toBe(invitation.user.id)
  const headers = { ...browser.headers(), origin, 'x-csrftoken': browser.cookies(origin).get('csrftoken')! }
  expect((await call('POST', `/api/invitations/${invitation.key}/accept`, { headers })).json).toEqual({ organization_slug: slug })
})

test('shut accounts stay shut', async () => {
  const id = createAccount()
  const { self } = await signIn(id)
  await tx((t) => t.update(users).set({ isActive: false }).where(eq(users.id, self.id)))
  const again = await signIn(id)
  expect([again.end, again.self]).toEqual([`${origin}/auth/login?problem=inactive`, null])
  configure({}, { email_verification: 'mandatory' })
  const unproven = await signIn(createAccount({ email_verified: false }))
  expect([unproven.end, unproven.self]).toEqual([`${origin}/auth/login?problem=verify`, null])
})

test('an answer in another browser, with another state or without a flow signs nobody in', async () => {
  const browser = createBrowser()
  const id = createAccount()
  const before = await db.select().from(identities)
  const failed = `${origin}/auth/login?problem=provider`
  expect((await browser.open(`${origin}/api/auth/providers/corp/callback?code=x&state=y`)).url.href).toBe(failed)
  const form = await browser.open(`${origin}/api/auth/providers/corp/start`)
  browser.forget(origin)
  const consent = await browser.submit(form, { login: id, password: 'any' })
  expect((await browser.submit(consent)).url.href).toBe(failed)
  browser.forget(issuer)
  await browser.open(`${origin}/api/auth/providers/corp/start`)
  expect((await browser.open(`${origin}/api/auth/providers/corp/callback?code=x&state=forged`)).url.href).toBe(failed)
  expect(await db.select().from(identities)).toEqual(before)
  expect((await call('GET', '/api/users/self', { headers: browser.headers() })).status).toBe(401)
})

test('the way never leads to another site', async () => {
  expect((await signIn(createAccount(), createBrowser(), 'https://evil.example/')).end).toBe(`${origin}/`)
  expect((await signIn(createAccount(), createBrowser(), '//evil.example/')).end).toBe(`${origin}/`)
})

test('a provider that is away is no fault of ours', async () => {
  configure({ issuer: 'http://127.0.0.1:9' })
  expect((await createBrowser().open(`${origin}/api/auth/providers/corp/start`)).url.href).toBe(
    `${origin}/auth/login?problem=provider`,
  )
})
