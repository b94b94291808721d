// Every way in, and what shuts it: sessions, tokens, Basic, personal access tokens, CSRF.
import { expect, test } from 'bun:test'
import { pbkdf2Sync } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { call, createPerson, origin, password } from '../../../tests/api'
import { db, tx } from '../db/open'
import { users } from '../users/schema'
import { hashPassword, verifyPassword } from './password'

const signIn = async (login: string) => {
  const answer = await call('POST', '/api/auth/login', { body: { username: login, password } })
  const cookies = Object.fromEntries(
    answer.headers.getSetCookie().map((text) => text.split(';')[0]!.split('=') as [string, string]),
  )
  return { ...answer, cookies, cookie: `csrftoken=${cookies.csrftoken}; sessionid=${cookies.sessionid}` }
}

test('sign-in answers a key and two cookies that Python can take apart', async () => {
  const person = await createPerson()
  const { status, json, headers } = await signIn(person.username)
  expect(status).toBe(200)
  expect(json.key).toMatch(/^[0-9a-f]{40}$/)
  const cookies = headers.getSetCookie()
  expect(cookies.map((text) => text.split('=')[0])).toEqual(['csrftoken', 'sessionid'])
  // Joined with ", " each must end in a name=value attribute that is no date.
  for (const cookie of cookies) expect(cookie).toEndWith('SameSite=Lax')
  expect(headers.get('content-type')).toBe('application/vnd.cvat+json')
})

test('an e-mail address signs in too; a wrong password is a 400', async () => {
  const person = await createPerson()
  expect((await call('POST', '/api/auth/login', { body: { email: person.user.email, password } })).status).toBe(200)
  const wrong = await call('POST', '/api/auth/login', { body: { username: person.username, password: 'no' } })
  expect([wrong.status, wrong.json]).toEqual([400, { non_field_errors: ['Unable to log in with provided credentials.'] }])
})

test('Token, Basic and session know the same person; strangers and wrong credentials get 401', async () => {
  const person = await createPerson()
  const { json, cookie } = await signIn(person.username)
  const ways: Record<string, string>[] = [
    { authorization: `Token ${json.key}` },
    { authorization: `Basic ${btoa(`${person.username}:${password}`)}` },
    { cookie },
  ]
  for (const headers of ways) expect((await call('GET', '/api/users/self', { headers })).json.username).toBe(person.username)
  expect((await call('GET', '/api/users/self')).status).toBe(401)
  for (const authorization of ['Token 00', `Basic ${btoa('nobody:x')}`, 'Basic !!!', 'Bearer x'])
    expect((await call('GET', '/api/users/self', { headers: { authorization } })).status).toBe(401)
})

test('with a session a change needs the CSRF token and our Origin', async () => {
  const person = await createPerson()
  const { cookie, cookies } = await signIn(person.username)
  const change = (headers: Record<string, string>) =>
    call('PATCH', `/api/users/${person.user.id}`, { body: { first_name: 'A' }, headers: { cookie, ...headers } })
  expect((await change({})).status).toBe(403)
  expect((await change({ 'x-csrftoken': 'wrong', origin })).status).toBe(403)
  expect((await change({ 'x-csrftoken': cookies.csrftoken!, origin: 'http://evil.example' })).status).toBe(403)
  expect((await change({ 'x-csrftoken': cookies.csrftoken!, origin })).json.first_name).toBe('A')
})

test('signing out ends session and key', async () => {
  const person = await createPerson()
  const { cookie, cookies, json } = await signIn(person.username)
  const out = await call('POST', '/api/auth/logout', {
    headers: { cookie, 'x-csrftoken': cookies.csrftoken!, origin, 'content-type': 'application/json' },
  })
  expect(out.status).toBe(200)
  expect((await call('GET', '/api/users/self', { headers: { cookie } })).status).toBe(401)
  expect((await call('GET', '/api/users/self', { headers: { authorization: `Token ${json.key}` } })).status).toBe(401)
})

test('a new password ends every other way in at once', async () => {
  const person = await createPerson()
  const { json } = await signIn(person.username)
  const body = { old_password: password, new_password1: 'another-horse-8', new_password2: 'another-horse-8' }
  expect((await person.call('POST', '/api/auth/password/change', { body })).json).toEqual({
    detail: 'New password has been saved.',
  })
  expect((await person.call('GET', '/api/users/self')).status).toBe(401)
  expect((await call('GET', '/api/users/self', { headers: { authorization: `Token ${json.key}` } })).status).toBe(401)
  expect(
    (await call('POST', '/api/auth/login', { body: { username: person.username, password: 'another-horse-8' } })).status,
  ).toBe(200)
})

test('weak and differing new passwords are named under new_password2', async () => {
  const person = await createPerson()
  const change = async (new_password1: string, new_password2 = new_password1) =>
    (await person.call('POST', '/api/auth/password/change', { body: { old_password: password, new_password1, new_password2 } }))
      .json
  expect(await change('k7-vq')).toEqual({ new_password2: ['This password is too short. It must contain at least 8 characters.'] })
  expect(await change('password')).toEqual({ new_password2: ['This password is too common.'] })
  expect(await change('long-enough-1', 'long-enough-2')).toEqual({ new_password2: ['The two password fields didn’t match.'] })
})

test('personal access tokens: shown once, read-only ones only read, expired and removed ones are 401', async () => {
  const person = await createPerson()
  const make = async (body: object) => (await person.call('POST', '/api/auth/access_tokens', { body })).json
  const token = await make({ name: 'full' })
  const readOnly = await make({ name: 'reader', read_only: true })
  const expired = await make({ name: 'old', expiry_date: '2020-01-01T00:00:00Z' })
  const bearer = (value: string) => ({ headers: { authorization: `Bearer ${value}` } })
  expect((await call('GET', '/api/auth/access_tokens/self', bearer(token.value))).json.name).toBe('full')
  expect((await person.call('GET', '/api/auth/access_tokens/self')).status).toBe(404)
  expect((await person.call('GET', `/api/auth/access_tokens/${token.id}`)).json.value).toBeUndefined()
  expect((await call('GET', '/api/users/self', bearer(readOnly.value))).status).toBe(200)
  expect((await call('PATCH', `/api/users/${person.user.id}`, { body: {}, ...bearer(readOnly.value) })).status).toBe(403)
  expect((await call('GET', '/api/users/self', bearer(expired.value))).status).toBe(401)
  expect((await call('POST', '/api/auth/access_tokens', { body: { name: 'no' }, ...bearer(token.value) })).status).toBe(403)
  expect((await person.call('DELETE', `/api/auth/access_tokens/${token.id}`)).status).toBe(204)
  expect((await call('GET', '/api/users/self', bearer(token.value))).status).toBe(401)
  const stranger = await createPerson()
  expect((await stranger.call('GET', `/api/auth/access_tokens/${readOnly.id}`)).status).toBe(404)
})

test('hashes that CVAT wrote are accepted and replaced at sign-in', async () => {
  const md5 = `md5$salt$${new Bun.CryptoHasher('md5').update(`salt${password}`).digest('hex')}`
  const pbkdf2 = `pbkdf2_sha256$1000$salt$${pbkdf2Sync(password, 'salt', 1000, 32, 'sha256').toString('base64')}`
  for (const stored of [md5, pbkdf2]) {
    expect(await verifyPassword(password, stored)).toBe(true)
    expect(await verifyPassword('wrong', stored)).toBe(false)
  }
  const person = await createPerson()
  await tx((t) => t.update(users).set({ passwordHash: pbkdf2 }).where(eq(users.id, person.user.id)))
  expect((await signIn(person.username)).status).toBe(200)
  const [after] = await db.select().from(users).where(eq(users.id, person.user.id))
  expect(after!.passwordHash).not.toBe(pbkdf2)
  expect(await verifyPassword(password, after!.passwordHash)).toBe(true)
  expect(await verifyPassword(password, 'nonsense')).toBe(false)
  expect(await verifyPassword(password, await hashPassword(password))).toBe(true)
})

test('deactivated people are shut out, nobody raises their own rights, registration is closed', async () => {
  const admin = await createPerson({ superuser: true })
  const person = await createPerson()
  expect((await person.call('PATCH', `/api/users/${person.user.id}`, { body: { is_superuser: true } })).status).toBe(403)
  expect((await admin.call('PATCH', `/api/users/${person.user.id}`, { body: { is_active: false } })).json.is_active).toBe(false)
  expect((await person.call('GET', '/api/users/self')).status).toBe(401)
  const register = { username: 'new', password1: 'long-enough-1', password2: 'long-enough-1' }
  expect((await call('POST', '/api/auth/register', { body: register })).status).toBe(403)
})
