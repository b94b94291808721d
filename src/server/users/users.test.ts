// People: who sees and changes what of whom, rights that only administrators give, what stays of somebody who is removed.
import { afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { and, eq } from 'drizzle-orm'
import { createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { db } from '../db/open'
import { events } from '../events/schema'
import { putMember } from '../organizations/service'
import { countAdministrators, findUsers, setActive, setSuperuser } from './service'

const initial = config()
afterEach(() => setConfig(initial))

let admin: Person
let person: Person
beforeAll(async () => {
  admin = await createPerson({ superuser: true })
  person = await createPerson()
})
const patch = (who: Person, whom: Person, body: object) => who.call('PATCH', `/api/users/${whom.user.id}`, { body })
const scopesOf = async (id: number) =>
  (
    await db
      .select()
      .from(events)
      .where(and(eq(events.objId, String(id)), eq(events.source, 'server')))
      .orderBy(events.id)
  )
    .filter(({ scope }) => scope.endsWith(':user'))
    .map(({ scope, objName, userId }) => [scope, objName, userId])

describe('what is seen', () => {
  test('oneself in full, others not at all, colleagues by name', async () => {
    const colleague = await createPerson()
    const slug = `u${process.pid % 1000}-${Date.now() % 1e6}`
    const org = (await person.call('POST', '/api/organizations', { body: { slug } })).json
    await putMember(org.id, colleague.user.id, 'worker')
    const self = (await person.call('GET', '/api/users/self')).json
    expect(self).toMatchObject({ username: person.username, groups: ['user'], email_verified: true, created_via: null })
    expect((await person.call('GET', `/api/users/${admin.user.id}`)).status).toBe(403)
    const seen = (await colleague.call('GET', `/api/users/${person.user.id}?org=${slug}`)).json
    expect(Object.keys(seen).sort()).toEqual(['first_name', 'id', 'last_name', 'url', 'username'])
    const list = (await colleague.call('GET', `/api/users?org=${slug}`)).json.results
    expect(list.map((row: any) => Object.keys(row).length)).toEqual([5, 5])
    expect((await admin.call('GET', `/api/users?org=${slug}`)).json.results[0].email).toBeString()
  })

  test('clients of older versions get no fields that they do not know', async () => {
    setConfig({ ...initial, compat_version: '2.42.0' })
    const self = (await (await createPerson()).call('GET', '/api/users/self')).json
    expect(Object.keys(self)).not.toContain('email_verified')
    expect(self.has_analytics_access).toBe(false)
  })
})

describe('what is changed', () => {
  test('the profile of 2.80', async () => {
    const profile = {
      cvat_usage_reason: 'work_project',
      primary_role: 'annotator',
      planned_activities: ['annotate_data', 'review_quality'],
      data_types: ['image'],
      discovery_source: 'a friend',
    }
    expect((await patch(person, person, profile)).json).toMatchObject(profile)
    expect((await patch(person, person, { primary_role: 'lead' })).json).toMatchObject({ ...profile, primary_role: 'lead' })
    expect((await patch(person, person, { cvat_usage_reason: 'fun' })).status).toBe(400)
    expect((await patch(person, person, { planned_activities: ['sleep'] })).status).toBe(400)
  })

  test('CVE-2026-23526: rights come from administrators only, staff included, and are written down', async () => {
    const staff = await createPerson()
    expect((await patch(admin, staff, { is_staff: true })).json).toMatchObject({ is_staff: true, is_superuser: false })
    for (const body of [
      { is_superuser: true },
      { groups: ['admin'] },
      { is_staff: false },
      { is_active: true },
      { groups: ['user'] },
    ])
      expect([body, (await patch(staff, staff, body)).status]).toEqual([body, 403])
    expect((await patch(staff, person, { is_superuser: true })).status).toBe(403)
    expect((await patch(admin, staff, { groups: ['nope'] })).json).toEqual({ groups: ['Object with name=nope does not exist.'] })
    expect((await patch(admin, staff, { is_superuser: true })).json).toMatchObject({ is_staff: true, groups: ['admin', 'user'] })
    expect((await patch(admin, staff, { groups: ['worker'] })).json).toMatchObject({
      is_superuser: false,
      is_staff: false,
      groups: ['worker'],
    })
    expect((await patch(admin, admin, { groups: ['user'] })).status).toBe(400)
    const log = await scopesOf(staff.user.id)
    const superuserRows = log.filter(([, name]) => name === 'is_superuser')
    expect(superuserRows).toEqual([
      ['update:user', 'is_superuser', admin.user.id],
      ['update:user', 'is_superuser', admin.user.id],
    ])
  })

  test('a taken name, a bad or taken address are 400', async () => {
    expect((await patch(person, person, { username: admin.username })).json.username).toBeArray()
    expect((await patch(person, person, { username: 'no blanks' })).json.username).toBeArray()
    expect((await patch(person, person, { email: 'nonsense' })).json.email).toBeArray()
    expect((await patch(person, person, { email: admin.user.email.toUpperCase() })).json.email).toBeArray()
  })

  test('a new address of one’s own is unproven; where proof is a must the old one stays until then', async () => {
    const mover = await createPerson()
    const next = `new-${mover.user.email}`
    expect((await patch(mover, mover, { email: next })).json).toMatchObject({ email: next, email_verified: false })
    expect((await patch(admin, mover, { email: mover.user.email })).json).toMatchObject({ email_verified: true })
    setConfig({ ...initial, email_verification: 'mandatory' })
    expect((await patch(mover, mover, { email: next })).json).toMatchObject({ email: mover.user.email, email_verified: true })
    expect((await mover.call('GET', '/api/users/self')).status).toBe(200)
  })
})

test('a removed person leaves objects without an owner', async () => {
  const leaver = await createPerson()
  const project = (await leaver.call('POST', '/api/projects', { body: { name: 'p', labels: [{ name: 'a' }] } })).json
  const task = (await leaver.call('POST', '/api/tasks', { body: { name: 't', labels: [{ name: 'a' }] } })).json
  const slug = `l${process.pid % 1000}-${Date.now() % 1e6}`
  const org = (await leaver.call('POST', '/api/organizations', { body: { slug } })).json
  expect((await person.call('DELETE', `/api/users/${leaver.user.id}`)).status).toBe(403)
  expect((await admin.call('DELETE', `/api/users/${leaver.user.id}`)).status).toBe(204)
  expect((await leaver.call('GET', '/api/users/self')).status).toBe(401)
  for (const path of [`/api/projects/${project.id}`, `/api/tasks/${task.id}`, `/api/organizations/${org.id}`]) {
    const { status, json } = await admin.call('GET', path)
    expect([path, status, json.owner]).toEqual([path, 200, null])
  }
  expect((await scopesOf(leaver.user.id)).at(-1)).toEqual(['delete:user', leaver.username, admin.user.id])
})

test('the console finds people by address; the last administrator stays', async () => {
  expect((await findUsers(person.user.email.slice(0, -4).toUpperCase())).map(({ id }) => id)).toEqual([person.user.id])
  const administrators = (await findUsers('', 100_000)).filter((user) => user.isSuperuser && user.isActive)
  expect(await countAdministrators()).toBe(administrators.length)
  for (const { id } of administrators) if (id !== admin.user.id) await setSuperuser(id, false)
  expect(await countAdministrators()).toBe(1)
  expect(setSuperuser(admin.user.id, false)).rejects.toThrow('last administrator')
  expect(setActive(admin.user.id, false)).rejects.toThrow('last administrator')
  expect((await admin.call('DELETE', `/api/users/${admin.user.id}`)).status).toBe(400)
  for (const { id } of administrators) if (id !== admin.user.id) await setSuperuser(id, true)
})

test('growth: one row of one’s own, whose flags change; others do not see it', async () => {
  const { results, count } = (await person.call('GET', '/api/growth')).json
  expect(count).toBe(1)
  expect(results[0]).toMatchObject({ github_prompt_shown: false, github_prompt_enabled: false, owner: { id: person.user.id } })
  const path = `/api/growth/${results[0].id}`
  expect((await person.call('PATCH', path, { body: { github_prompt_shown: true } })).json.github_prompt_shown).toBe(true)
  expect((await person.call('PATCH', path, { body: {} })).json.github_prompt_shown).toBe(true)
  expect((await person.call('GET', path)).json.github_prompt_shown).toBe(true)
  for (const method of ['GET', 'PATCH'])
    expect((await admin.call(method, path, method === 'PATCH' ? { body: {} } : {})).status).toBe(404)
  expect((await person.call('GET', '/api/growth')).json.count).toBe(1)
})
