// Invitations: who may send them, whom they make a member at once, what the invited and others may do with them.
import { afterEach, beforeAll, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { call, createPerson, type Person, password } from '../../../tests/api'
import { config, setConfig } from '../config'
import { db, tx } from '../db/open'
import { events } from '../events/schema'
import { putMember, type Role } from '../organizations/service'
import { users } from '../users/schema'
import { invitations } from './schema'

const initial = config()
afterEach(() => setConfig(initial))

const people: Record<string, Person> = {}
let org: { id: number; slug: string }
let made = 0
const freshAddress = () => `guest-${process.pid}-${++made}@example.com`

beforeAll(async () => {
  for (const name of ['owner', 'maintainer', 'supervisor', 'worker', 'stranger', 'admin'])
    people[name] = await createPerson({ superuser: name === 'admin' })
  const slug = `i${process.pid % 1000}-${Date.now() % 1e6}`
  org = (await people.owner!.call('POST', '/api/organizations', { body: { slug } })).json
  for (const name of ['maintainer', 'supervisor', 'worker']) await putMember(org.id, people[name]!.user.id, name as Role)
})

const invite = (who: Person, email: string, role = 'worker') =>
  who.call('POST', `/api/invitations?org=${org.slug}`, { body: { role, email } })

test('an administrator may make somebody an owner, as CVAT lets them', async () => {
  expect((await invite(people.admin!, freshAddress(), 'owner')).status).toBe(201)
})

test.each(['worker', 'supervisor', 'maintainer', 'owner'])('what a %s may invite to', async (role) => {
  const allowed = {
    worker: [],
    supervisor: [],
    maintainer: ['worker', 'supervisor'],
    owner: ['worker', 'supervisor', 'maintainer'],
  }
  for (const wanted of ['worker', 'supervisor', 'maintainer', 'owner']) {
    const { status, text } = await invite(people[role]!, freshAddress(), wanted)
    const may = (allowed[role as Role] as string[]).includes(wanted)
    expect([wanted, status]).toEqual([wanted, may ? 201 : 403])
    if (!may) expect(text).toContain('You do not have permission')
  }
})

test('a registered person is a member at once, and only once; keys are random and no log holds them', async () => {
  const guest = await createPerson()
  const { status, json } = await invite(people.owner!, guest.user.email.toUpperCase(), 'supervisor')
  expect(status).toBe(201)
  expect(json).toMatchObject({ role: 'supervisor', organization: org.id, expired: null, accepted: true })
  expect(json.organization_info).toEqual({ id: org.id, slug: org.slug })
  expect(json.key).toMatch(/^[A-Za-z0-9]{64}$/)
  const mine = (await guest.call('GET', '/api/memberships')).json.results
  expect(mine.map((row: any) => [row.role, row.is_active, row.invitation])).toEqual([['supervisor', true, json.key]])
  expect((await invite(people.owner!, guest.user.email)).json.email).toBeArray()
  expect((await guest.call('POST', `/api/invitations/${json.key}/accept`)).status).toBe(400)
  expect((await guest.call('POST', `/api/invitations/${json.key}/decline`)).status).toBe(400)
  const log = await db.select().from(events).where(eq(events.orgId, org.id))
  expect(log.length).toBeGreaterThan(1)
  expect(JSON.stringify(log)).not.toContain(json.key)
})

test('without an organization nobody invites; a bad address is 400', async () => {
  const body = { role: 'worker', email: freshAddress() }
  expect((await people.owner!.call('POST', '/api/invitations', { body })).status).toBe(403)
  expect((await people.admin!.call('POST', '/api/invitations', { body })).status).toBe(400)
  expect((await people.stranger!.call('POST', `/api/invitations?org=${org.slug}`, { body })).status).toBe(403)
  expect((await invite(people.owner!, 'nonsense')).json.email).toBeArray()
})

test('who sees which invitations; strangers get 403; filters', async () => {
  const { json } = await invite(people.maintainer!, freshAddress())
  const path = `/api/invitations/${json.key}`
  for (const [name, status] of Object.entries({ owner: 200, maintainer: 200, admin: 200, supervisor: 403, stranger: 403 }))
    expect([name, (await people[name]!.call('GET', path)).status]).toEqual([name, status])
  for (const [method, tail] of [
    ['POST', '/accept'],
    ['POST', '/decline'],
    ['POST', '/resend'],
    ['DELETE', ''],
  ] as const)
    expect((await people.stranger!.call(method, path + tail)).status).toBe(403)
  expect((await people.owner!.call('GET', '/api/invitations/none')).status).toBe(404)
  const list = async (who: Person, query: string) =>
    (await who.call('GET', `/api/invitations?org=${org.slug}&page_size=all&${query}`)).json.results
  const all = await list(people.owner!, '')
  const dates = all.map((row: any) => row.created_date)
  expect(dates).toEqual([...dates].sort().reverse())
  expect(await list(people.worker!, '')).toEqual([])
  expect(
    (await list(people.owner!, `owner=${people.maintainer!.username}`)).every(
      (row: any) => row.owner.id === people.maintainer!.user.id,
    ),
  ).toBe(true)
  expect((await list(people.owner!, `user_id=${json.user.id}`)).map((row: any) => row.key)).toEqual([json.key])
  expect((await list(people.owner!, 'accepted=false')).every((row: any) => row.accepted === false)).toBe(true)
  expect((await people.admin!.call('GET', '/api/invitations?org_id=')).json.results).toEqual([])
})

test('a list holds exactly what one may open', async () => {
  for (const name of ['owner', 'supervisor', 'stranger', 'maintainer']) await invite(people.owner!, people[name]!.user.email)
  const keys = (await db.select({ key: invitations.key }).from(invitations)).map(({ key }) => key)
  expect(keys.length).toBeGreaterThan(5)
  for (const person of Object.values(people)) {
    const open: string[] = []
    for (const key of keys) if ((await person.call('GET', `/api/invitations/${key}`)).status === 200) open.push(key)
    const listed = (await person.call('GET', '/api/invitations?page_size=all')).json.results.map((row: any) => row.key)
    expect(listed.sort()).toEqual(open.sort())
  }
})

test('where addresses are proven, an unproven one waits: it can decline, and accept after the proof', async () => {
  const guest = await createPerson()
  await tx((t) => t.update(users).set({ emailVerified: false }).where(eq(users.id, guest.user.id)))
  setConfig({ ...initial, email_verification: 'optional' })
  const first = (await invite(people.owner!, guest.user.email)).json
  expect(first.accepted).toBe(false)
  expect((await guest.call('GET', `/api/organizations/${org.id}`)).status).toBe(404)
  expect((await guest.call('POST', `/api/invitations/${first.key}/accept`)).status).toBe(403)
  expect((await guest.call('POST', `/api/invitations/${first.key}/decline`)).status).toBe(204)
  expect((await guest.call('GET', `/api/invitations/${first.key}`)).status).toBe(404)
  const second = (await invite(people.owner!, guest.user.email)).json
  await tx((t) => t.update(users).set({ emailVerified: true }).where(eq(users.id, guest.user.id)))
  expect((await people.maintainer!.call('POST', `/api/invitations/${second.key}/accept`)).status).toBe(403)
  const accepted = await guest.call('POST', `/api/invitations/${second.key}/accept`)
  expect([accepted.status, accepted.json]).toEqual([200, { organization_slug: org.slug }])
  expect((await guest.call('GET', `/api/organizations/${org.id}`)).status).toBe(200)
})

test('an expired invitation is not accepted until it is sent again', async () => {
  const guest = await createPerson()
  await tx((t) => t.update(users).set({ emailVerified: false }).where(eq(users.id, guest.user.id)))
  setConfig({ ...initial, email_verification: 'optional' })
  const { key } = (await invite(people.owner!, guest.user.email)).json
  await tx((t) => t.update(users).set({ emailVerified: true }).where(eq(users.id, guest.user.id)))
  await tx((t) =>
    t
      .update(invitations)
      .set({ sentDate: new Date(Date.now() - 8 * 86_400_000) })
      .where(eq(invitations.key, key)),
  )
  expect((await guest.call('GET', `/api/invitations/${key}`)).json.expired).toBe(true)
  expect((await guest.call('POST', `/api/invitations/${key}/accept`)).status).toBe(400)
  expect((await people.maintainer!.call('POST', `/api/invitations/${key}/resend`)).status).toBe(204)
  expect((await guest.call('POST', `/api/invitations/${key}/accept`)).status).toBe(200)
  expect((await people.maintainer!.call('POST', `/api/invitations/${key}/resend`)).status).toBe(400)
})

test('an unknown address gets an account that nobody can sign in to; taking the invitation back removes it', async () => {
  const email = freshAddress()
  const { json } = await invite(people.owner!, email)
  expect(json).toMatchObject({ accepted: false, expired: null })
  for (const tried of ['', ' ', email])
    expect((await call('POST', '/api/auth/login', { body: { username: json.user.username, password: tried } })).status).toBe(400)
  // Where registration is closed the key, which the inviter sees, opens nothing.
  const body = { username: 'guest-one', email, password1: password, password2: password, invitation: json.key }
  expect((await call('POST', '/api/auth/register', { body })).status).toBe(403)
  expect((await people.owner!.call('DELETE', `/api/invitations/${json.key}`)).status).toBe(204)
  expect(await db.select().from(users).where(eq(users.id, json.user.id))).toEqual([])
})

test('where registration is open, the key takes the prepared account; the address alone does not', async () => {
  setConfig({ ...initial, sign_up: 'open' })
  const email = freshAddress()
  const { json } = await invite(people.owner!, email, 'supervisor')
  const username = `taken-${process.pid}-${++made}`
  const body = { username, email, password1: password, password2: password }
  expect((await call('POST', '/api/auth/register', { body })).json.email).toBeArray()
  const joined = await call('POST', '/api/auth/register', { body: { ...body, invitation: json.key } })
  expect([joined.status, joined.json.username, joined.json.email]).toEqual([201, username, email])
  const headers = { authorization: `Token ${joined.json.key}` }
  const self = (await call('GET', '/api/users/self', { headers })).json
  expect([self.id, self.email_verified, self.created_via]).toEqual([json.user.id, false, 'invitation'])
  const mine = (await call('GET', '/api/memberships', { headers })).json.results
  expect(mine.map((row: any) => [row.organization, row.role, row.is_active])).toEqual([[org.id, 'supervisor', true]])
  const again = { ...body, username: `${username}-2`, invitation: json.key }
  expect((await call('POST', '/api/auth/register', { body: again })).status).toBe(400)
})

test('a member stays when the accepted invitation goes; without its sender it shows no owner', async () => {
  const sender = await createPerson()
  await putMember(org.id, sender.user.id, 'maintainer')
  const guest = await createPerson()
  const { key } = (await invite(sender, guest.user.email)).json
  expect((await people.admin!.call('DELETE', `/api/users/${sender.user.id}`)).status).toBe(204)
  expect((await people.admin!.call('GET', `/api/invitations/${key}`)).json.owner).toBeNull()
  expect((await people.maintainer!.call('DELETE', `/api/invitations/${key}`)).status).toBe(204)
  expect((await guest.call('GET', `/api/organizations/${org.id}`)).status).toBe(200)
})
