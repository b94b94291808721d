// Settings of a person: empty at first, replaced as a whole, one's own only, up to 64 KB, gone with the person.
import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { call, createPerson } from '../../../tests/api'
import { db } from '../db/open'
import { userSettings } from './schema'

const path = '/api/users/self/settings'

test('stored as a whole, for the person alone', async () => {
  const [ann, bob] = [await createPerson(), await createPerson()]
  expect((await ann.call('GET', path)).json).toEqual({})
  const first = { editor: { settings: { step: 7, theme: 'dark' } }, keys: { save: ['Ctrl+Ü'] } }
  expect((await ann.call('PUT', path, { body: first })).json).toEqual(first)
  expect((await ann.call('GET', path)).json).toEqual(first)
  expect((await bob.call('GET', path)).json).toEqual({})
  expect((await ann.call('PUT', path, { body: { other: 1 } })).status).toBe(200)
  expect((await ann.call('GET', path)).json).toEqual({ other: 1 })
  expect((await call('GET', path)).status).toBe(401)
  expect((await call('PUT', path, { body: {} })).status).toBe(401)
})

test('too much or no object is refused, and what was stored stays', async () => {
  const ann = await createPerson()
  await ann.call('PUT', path, { body: { kept: true } })
  const room = 64 * 1024 - JSON.stringify({ a: '' }).length
  // Bytes count, not letters.
  expect((await ann.call('PUT', path, { body: { a: 'ü'.repeat(room / 2 + 1) } })).status).toBe(413)
  expect((await ann.call('PUT', path, { body: [1, 2] })).status).toBe(400)
  expect((await ann.call('PUT', path, { body: '"text"', headers: { 'content-type': 'application/json' } })).status).toBe(400)
  expect((await ann.call('GET', path)).json).toEqual({ kept: true })
  expect((await ann.call('PUT', path, { body: { a: 'x'.repeat(room) } })).status).toBe(200)
})

test('a removed person leaves none', async () => {
  const [admin, ann] = [await createPerson({ superuser: true }), await createPerson()]
  await ann.call('PUT', path, { body: { a: 1 } })
  expect((await admin.call('DELETE', `/api/users/${ann.user.id}`)).status).toBe(204)
  expect(await db.select().from(userSettings).where(eq(userSettings.userId, ann.user.id))).toEqual([])
})
