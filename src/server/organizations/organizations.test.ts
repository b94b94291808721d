// Organizations and their members: who may change whom, handing over, leaving, what the console does, what is written down.
import { beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { createPerson, type Person } from '../../../tests/api'
import { db } from '../db/open'
import { events } from '../events/schema'
import { listMembers, putMember, type Role, removeMember } from './service'

let made = 0
const people: Record<string, Person> = {}
let organization: { id: number; slug: string }

const createOrganization = async (owner: Person) =>
  (await owner.call('POST', '/api/organizations', { body: { slug: `o${process.pid % 1000}-${Date.now() % 1e6}-${++made}` } }))
    .json

const membershipOf = async (person: Person) => {
  const members = await listMembers(organization.id)
  return members.find(({ user }) => user.id === person.user.id)!.membership
}
const change = async (who: Person, whom: Person, role: string) =>
  who.call('PATCH', `/api/memberships/${(await membershipOf(whom)).id}`, { body: { role } })
const remove = async (who: Person, whom: Person) => who.call('DELETE', `/api/memberships/${(await membershipOf(whom)).id}`)

beforeAll(async () => {
  for (const name of ['owner', 'maintainer', 'maintainer2', 'supervisor', 'worker', 'worker2', 'stranger', 'admin'])
    people[name] = await createPerson({ superuser: name === 'admin' })
  organization = await createOrganization(people.owner!)
  for (const name of ['maintainer', 'maintainer2', 'supervisor', 'worker', 'worker2'])
    await putMember(organization.id, people[name]!.user.id, name.replace('2', '') as Role)
})

//  who          whom         new role     status
const changes = `
    worker       worker2      supervisor   403
    supervisor   worker       supervisor   403
    maintainer   maintainer2  worker       403
    maintainer   owner        worker       403
    maintainer   worker       maintainer   403
    maintainer   worker       owner        403
    maintainer   worker       supervisor   200
    maintainer   worker       worker       200
    owner        maintainer2  supervisor   200
    owner        maintainer2  maintainer   200
    owner        owner        maintainer   403
    maintainer   maintainer   worker       403
    worker       worker       supervisor   403
    admin        owner        worker       403
    admin        worker       supervisor   200
    admin        worker       worker       200
    stranger     worker       supervisor   403`

test.each(
  changes
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/)),
)('%s changes %s to %s: %s', async (who, whom, role, status) => {
  const answer = await change(people[who!]!, people[whom!]!, role!)
  expect(answer.status).toBe(Number(status))
  if (status === '200') expect(answer.json.role).toBe(role)
})

describe('memberships', () => {
  test('CVE-2024-47172: an unknown field is 403 even for an administrator; nothing at all still needs the right to look', async () => {
    const { id } = await membershipOf(people.worker!)
    expect((await people.admin!.call('PATCH', `/api/memberships/${id}`, { body: { foo: 'bar' } })).status).toBe(403)
    expect((await people.stranger!.call('PATCH', `/api/memberships/${id}`, { body: {} })).status).toBe(403)
    const headers = { 'content-type': 'application/json' }
    expect((await people.worker!.call('PATCH', `/api/memberships/${id}`, { headers })).status).toBe(200)
    expect((await people.owner!.call('PATCH', `/api/memberships/${id}`, { body: { role: 'king' } })).status).toBe(400)
  })

  test('without context one lists only one’s own, in the organization all, elsewhere none', async () => {
    const list = async (who: Person, query: string) => (await who.call('GET', `/api/memberships?page_size=all&${query}`)).json
    expect((await list(people.worker!, '')).results.map((row: any) => row.user.id)).toEqual([people.worker!.user.id])
    const all = await list(people.worker!, `org=${organization.slug}`)
    expect(all.results.map((row: any) => row.id)).toEqual(
      all.results.map((row: any) => row.id).sort((a: number, b: number) => b - a),
    )
    expect(all.count).toBe(6)
    expect((await list(people.admin!, 'org_id=')).results).toEqual([])
    expect((await people.stranger!.call('GET', `/api/memberships?org=${organization.slug}`)).status).toBe(403)
    expect((await list(people.owner!, `org=${organization.slug}&role=supervisor`)).count).toBe(1)
    expect((await list(people.owner!, `org=${organization.slug}&user=${people.worker!.username}`)).count).toBe(1)
  })

  test('who may take whom out, and who may leave', async () => {
    expect((await remove(people.worker!, people.worker2!)).status).toBe(403)
    expect((await remove(people.supervisor!, people.worker2!)).status).toBe(403)
    expect((await remove(people.maintainer!, people.maintainer2!)).status).toBe(403)
    expect((await remove(people.maintainer!, people.owner!)).status).toBe(403)
    expect((await remove(people.owner!, people.owner!)).status).toBe(403)
    expect((await remove(people.admin!, people.owner!)).status).toBe(403)
    expect((await remove(people.worker2!, people.worker2!)).status).toBe(204)
    expect((await people.worker2!.call('GET', `/api/organizations/${organization.id}`)).status).toBe(404)
    expect((await remove(people.maintainer!, people.supervisor!)).status).toBe(204)
    await putMember(organization.id, people.supervisor!.user.id, 'supervisor')
  })

  test('the owner hands over and is a maintainer then; nobody else can', async () => {
    expect((await change(people.maintainer!, people.maintainer2!, 'owner')).status).toBe(403)
    expect((await change(people.owner!, people.maintainer!, 'owner')).json.role).toBe('owner')
    expect((await membershipOf(people.owner!)).role).toBe('maintainer')
    const seen = (await people.worker!.call('GET', `/api/organizations/${organization.id}`)).json
    expect(seen.owner.id).toBe(people.maintainer!.user.id)
    expect((await change(people.owner!, people.maintainer!, 'worker')).status).toBe(403)
    expect((await change(people.maintainer!, people.owner!, 'owner')).status).toBe(200)
    const owners = (await listMembers(organization.id)).filter(({ membership }) => membership.role === 'owner')
    expect(owners.map(({ user }) => user.id)).toEqual([people.owner!.user.id])
  })
})

describe('organizations', () => {
  test('slug, name and contact change; a taken or bad slug is 400; supervisors may not', async () => {
    const own = await createOrganization(people.owner!)
    const patch = (who: Person, body: object) => who.call('PATCH', `/api/organizations/${own.id}`, { body })
    const slug = `n-${Date.now() % 1e9}`
    expect((await patch(people.owner!, { slug, contact: { email: 'a@b.example' } })).json).toMatchObject({
      slug,
      contact: { email: 'a@b.example' },
    })
    expect((await patch(people.owner!, { slug: organization.slug })).json.slug).toBeArray()
    expect((await patch(people.owner!, { slug: 'no blanks' })).status).toBe(400)
    expect((await patch(people.stranger!, { name: 'x' })).status).toBe(404)
    expect(
      (await people.supervisor!.call('PATCH', `/api/organizations/${organization.id}`, { body: { name: 'x' } })).status,
    ).toBe(403)
    expect((await people.stranger!.call('OPTIONS', `/api/organizations/${own.id}`)).status).toBe(200)
  })

  test('of several with the same slug at the same moment one wins', async () => {
    const body = { slug: `r-${Date.now() % 1e9}` }
    const answers = await Promise.all([1, 2, 3].map(() => people.owner!.call('POST', '/api/organizations', { body })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400])
  })

  test('each change is in the audit log', async () => {
    const own = await createOrganization(people.owner!)
    await people.owner!.call('PATCH', `/api/organizations/${own.id}`, { body: { name: 'renamed' } })
    await people.owner!.call('DELETE', `/api/organizations/${own.id}`)
    const rows = await db.select().from(events).where(eq(events.orgId, own.id)).orderBy(events.id)
    expect(rows.map(({ scope, objName }) => [scope, objName])).toEqual([
      ['create:organization', own.slug],
      ['update:organization', 'name'],
      ['delete:organization', 'renamed'],
    ])
    expect(new Set(rows.map(({ userId }) => userId))).toEqual(new Set([people.owner!.user.id]))
  })
})

test('the console takes members out, but no owner, and gives nobody the role of owner', async () => {
  await removeMember(organization.id, people.worker!.user.id)
  expect((await listMembers(organization.id)).some(({ user }) => user.id === people.worker!.user.id)).toBe(false)
  expect(removeMember(organization.id, people.owner!.user.id)).rejects.toThrow('owner')
  expect(putMember(organization.id, people.owner!.user.id, 'worker')).rejects.toThrow('owner')
  expect(putMember(organization.id, people.worker!.user.id, 'owner')).rejects.toThrow('owner')
})
