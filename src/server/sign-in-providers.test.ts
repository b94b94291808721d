// What an administrator may configure of sign-in providers and mail, and what is refused with words that help.
import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explainConfig, readConfig } from './config'
import { parseProviders, readGroupMap } from './sign-in-providers'

const folder = mkdtempSync(join(tmpdir(), 'annolith-providers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const oidc = { name: 'corp', kind: 'oidc', issuer: 'https://id.example', client_id: 'annolith' }
const read = (env: Record<string, string>) => readConfig({ data_dir: folder }, env)

test('tables of annolith.toml and the JSON of a variable mean the same', () => {
  const file = join(folder, 'annolith.toml')
  writeFileSync(
    file,
    `public_url = "https://a.example"

[[providers]]
name = "corp"
kind = "oidc"
issuer = "https://id.example"
client_id = "annolith"
trust_email = true
`,
  )
  const fromFile = read({}).providers
  rmSync(file)
  const text = JSON.stringify([{ ...oidc, trust_email: true }])
  expect(read({ ANNOLITH_PROVIDERS: text, ANNOLITH_PUBLIC_URL: 'https://a.example' }).providers).toEqual(fromFile)
  expect(fromFile).toEqual([{ ...oidc, title: 'corp', trust_email: 'true' }] as any)
})

const bad: [string, unknown, string][] = [
  ['no list', {}, 'JSON list'],
  ['no table', ['corp'], 'provider 1 is not a table'],
  ['a name that is no word', [{ ...oidc, name: 'a/b' }], 'needs a name'],
  ['an unknown kind', [{ ...oidc, kind: 'toString' }], 'needs a kind of oidc, ldap, saml'],
  ['a missing field', [{ ...oidc, issuer: '' }], 'provider corp needs "issuer"'],
  ['a field of another kind', [{ ...oidc, base: 'dc=x' }], 'unknown key "base"'],
  ['the same name twice', [oidc, oidc], 'is there twice'],
  ['a map to administrators', [{ ...oidc, group_map: 'boss=admin' }], 'maps a group to "admin"'],
]
test.each(bad)('refused: %s', (_, entries, words) => {
  expect(() => parseProviders(JSON.stringify(entries))).toThrow(words)
})

test('groups may be named by DNs', () => {
  expect(readGroupMap('cn=a,dc=b=worker; people = user;')).toEqual([
    ['cn=a,dc=b', 'worker'],
    ['people', 'user'],
  ])
})

test('what links must know is asked for at the start', () => {
  expect(() => read({ ANNOLITH_PROVIDERS: JSON.stringify([oidc]) })).toThrow('ANNOLITH_PUBLIC_URL')
  expect(() => read({ ANNOLITH_SMTP_URL: 'smtp://mail.example' })).toThrow('ANNOLITH_PUBLIC_URL')
  expect(() => read({ ANNOLITH_SMTP_URL: 'http://mail.example', ANNOLITH_PUBLIC_URL: 'https://a.example' })).toThrow('smtp://')
  expect(() => read({ ANNOLITH_EMAIL_VERIFICATION: 'mandatory' })).toThrow('ANNOLITH_SMTP_URL')
})

test('secrets are not shown', () => {
  const secrets = {
    ANNOLITH_PROVIDERS: JSON.stringify([{ ...oidc, client_secret: 'hush' }]),
    ANNOLITH_SMTP_URL: 'smtp://me:hush@mail.example',
    ANNOLITH_PUBLIC_URL: 'https://a.example',
    ANNOLITH_ADMIN_PASSWORD: 'hush-hush-1',
  }
  const shown = explainConfig(read(secrets))
  expect(JSON.stringify(shown)).not.toContain('hush')
  expect(shown.filter(({ value }) => value === '***').map(({ key }) => key)).toEqual(['admin_password', 'smtp_url', 'providers'])
})
