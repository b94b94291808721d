// Sign-in by SAML against an identity provider made of npm's samlp, on a free port of this machine.
import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import samlp from 'samlp'
import { config, setConfig } from '../../src/server/config'
import { db } from '../../src/server/db/open'
import { parseProviders } from '../../src/server/sign-in-providers'
import { identities } from '../../src/server/users/schema'
import { call, createPerson, origin } from '../api'
import { createBrowser, type Page } from './browser'

const initial = config()
const folder = mkdtempSync(join(tmpdir(), 'annolith-saml-'))
const callback = `${origin}/api/auth/providers/house/callback`
const failed = `${origin}/auth/login?problem=provider`

/** Who is signed in at the provider, and how it answers. */
const person = { id: '', attributes: {} as Record<string, unknown> }
type Answer = { audience?: string; lifetimeInSeconds?: number; key?: string; format?: string; signResponse?: boolean }
let answer: Answer = {}
let server: Server
let entryPoint: string
const keys: Record<string, { key: string; cert: string }> = {}

const makeKey = (name: string) => {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
  const { exitCode, stderr } = Bun.spawnSync([
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    cert,
  ])
  if (exitCode) throw new Error(stderr.toString())
  keys[name] = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

/** What samlp asks of a person: names and attributes. */
const mapProfile = Object.assign(
  () => ({
    getClaims: () => person.attributes,
    getNameIdentifier: () => ({
      nameIdentifier: person.id,
      nameIdentifierFormat: answer.format ?? 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    }),
  }),
  { prototype: {} },
)

beforeAll(async () => {
  for (const name of ['idp', 'other']) makeKey(name)
  server = createServer((request: any, response: any) => {
    request.query = Object.fromEntries(new URL(request.url, 'http://idp.example').searchParams)
    response.set = (name: string, value: string) => response.setHeader(name, value)
    response.send = (text: string) => response.end(text)
    samlp.auth({
      issuer: 'urn:house',
      cert: keys[answer.key ?? 'idp']!.cert,
      key: keys[answer.key ?? 'idp']!.key,
      audience: answer.audience ?? `${origin}/api/auth/providers/house/metadata`,
      recipient: callback,
      destination: callback,
      lifetimeInSeconds: answer.lifetimeInSeconds ?? 300,
      signatureAlgorithm: 'rsa-sha256',
      digestAlgorithm: 'sha256',
      signResponse: answer.signResponse ?? false,
      getPostURL: (_audience: string, _document: unknown, _request: unknown, done: (error: null, url: string) => void) =>
        done(null, callback),
      getUserFromRequest: () => person,
      profileMapper: mapProfile,
    })(request, response, (error: Error) => {
      response.statusCode = 500
      response.end(String(error?.stack))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  entryPoint = `http://127.0.0.1:${(server.address() as { port: number }).port}/sso`
})
afterAll(() => {
  setConfig(initial)
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const configure = (more: object = {}) => {
  const house = {
    name: 'house',
    kind: 'saml',
    title: 'House',
    entry_point: entryPoint,
    idp_cert: keys.idp!.cert,
    idp_issuer: 'urn:house',
    ...more,
  }
  setConfig({ ...initial, public_url: origin, providers: parseProviders(JSON.stringify([house])) })
}
beforeEach(() => {
  answer = {}
  configure()
  become({})
})

let made = 0
const become = (attributes: Record<string, unknown>) => {
  person.id = `saml-${process.pid}-${Date.now().toString(36)}-${++made}`
  person.attributes = { username: person.id, email: `${person.id}@house.example`, firstName: 'Sam', lastName: 'L', ...attributes }
}

/** Goes to the provider and stops at the form by which it posts its answer. */
const reachForm = (browser: ReturnType<typeof createBrowser>) =>
  browser.open(`${origin}/api/auth/providers/house/start?next=/projects`)
const signIn = async (browser = createBrowser()) => {
  const end = await browser.submit(await reachForm(browser))
  const self = await call('GET', '/api/users/self', { headers: browser.headers() })
  return { end: end.url.href, self: self.status === 200 ? self.json : null }
}
const responseInput = /<input[^>]*name="SAMLResponse"[^>]*>/
const readResponse = (page: Page) =>
  Buffer.from(/value="([^"]+)"/.exec(responseInput.exec(page.text)![0])![1]!, 'base64').toString('utf8')
const withResponse = (page: Page, xml: string): Page => ({
  ...page,
  text: page.text.replace(responseInput, `<input name="SAMLResponse" value="${Buffer.from(xml).toString('base64')}">`),
})

test('the first sign-in makes an account, the next finds it', async () => {
  const first = await signIn()
  expect(first.end).toBe(`${origin}/projects`)
  expect(first.self).toMatchObject({
    username: person.id,
    first_name: 'Sam',
    groups: ['user'],
    created_via: 'sso',
    email_verified: false,
  })
  expect((await signIn()).self.id).toBe(first.self.id)
})

test('a signed envelope is fine, too', async () => {
  answer = { signResponse: true }
  expect((await signIn()).self.username).toBe(person.id)
})

test('an address leads to an account only where the provider is trusted with addresses', async () => {
  const known = await createPerson()
  become({ email: known.user.email })
  expect((await signIn()).self.id).not.toBe(known.user.id)
  configure({ trust_email: true })
  become({ email: known.user.email })
  expect((await signIn()).self.id).toBe(known.user.id)
})

test('the metadata name our address', async () => {
  const { status, text, headers } = await call('GET', '/api/auth/providers/house/metadata')
  expect([status, headers.get('content-type')]).toEqual([200, 'application/samlmetadata+xml'])
  expect(text).toContain(callback)
})

const bad: [string, () => void][] = [
  ['a foreign key', () => void (answer = { key: 'other' })],
  ['another audience', () => void (answer = { audience: 'urn:somebody-else' })],
  ['a time that is over', () => void (answer = { lifetimeInSeconds: -600 })],
  ['a name that does not last', () => void (answer = { format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' })],
  ['another issuer', () => configure({ idp_issuer: 'urn:elsewhere' })],
]
test.each(bad)('refused: %s', async (_, prepare) => {
  prepare()
  const before = await db.select().from(identities)
  expect(await signIn()).toEqual({ end: failed, self: null })
  expect(await db.select().from(identities)).toEqual(before)
})

test('refused: a changed, an unsigned and a wrapped answer', async () => {
  const forge: ((xml: string) => string)[] = [
    (xml) => xml.replaceAll(person.id, 'admin'),
    (xml) => xml.replace(/<Signature[\s\S]*<\/Signature>/, ''),
    // The signed assertion stays as it was, behind an unsigned one of the forger's.
    (xml) => {
      const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)![0]
      const evil = assertion
        .replace(/<Signature[\s\S]*<\/Signature>/, '')
        .replaceAll(person.id, 'admin')
        .replace(/ID="[^"]+"/, 'ID="_evil"')
      return xml.replace(assertion, evil + assertion)
    },
  ]
  for (const change of forge) {
    const browser = createBrowser()
    const form = await reachForm(browser)
    const changed = change(readResponse(form))
    expect(changed).not.toBe(readResponse(form))
    expect((await browser.submit(withResponse(form, changed))).url.href).toBe(failed)
  }
})

test('refused: an answer twice, an answer that nobody asked for, an answer in the browser of somebody else', async () => {
  const browser = createBrowser()
  const form = await reachForm(browser)
  expect((await browser.submit(form)).url.href).toBe(`${origin}/projects`)
  expect((await browser.submit(form)).url.href).toBe(failed)
  const [mine, theirs] = [createBrowser(), createBrowser()]
  const attack = await reachForm(mine)
  await reachForm(theirs)
  expect((await theirs.submit(attack)).url.href).toBe(failed)
  expect((await call('GET', '/api/users/self', { headers: theirs.headers() })).status).toBe(401)
  const empty: Page = {
    url: new URL(entryPoint),
    status: 200,
    text: `<form action="${callback}"><input name="SAMLResponse" value=""></form>`,
  }
  expect((await createBrowser().submit(empty)).url.href).toBe(failed)
})

test('a certificate may stand in a file', async () => {
  const file = join(folder, 'kept.pem')
  writeFileSync(file, keys.idp!.cert)
  configure({ name: 'house', idp_cert: file })
  expect((await signIn()).self.username).toBe(person.id)
})
