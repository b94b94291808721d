// What holds for every request: problems of validation by field, and addresses with more than is asked for.
import { afterEach, beforeAll, expect, test } from 'bun:test'
import { call, createPerson, type Person } from '../../../tests/api'
import { config, setConfig } from '../config'
import { recentLog } from '../log'

const initial = config()
afterEach(() => setConfig(initial))

let person: Person
beforeAll(async () => {
  person = await createPerson()
})

test.each(['constructor', 'toString', 'hasOwnProperty'])('a field called %s is refused like any other', async (field) => {
  const body = `{"target_url":"http://example.com","type":"project","events":[],"${field}":{"x":1}}`
  const headers = { 'content-type': 'application/json' }
  const { status, json } = await person.call('POST', '/api/webhooks', { body, headers })
  expect([status, Object.keys(json)]).toEqual([400, [field]])
})

test('unknown parameters in an address are ignored', async () => {
  expect((await person.call('GET', '/api/webhooks/events?type=project&nonsense=1&__proto__=true')).status).toBe(200)
  expect((await call('GET', '/api/server/health?nonsense=1')).status).toBe(200)
})

test('numbers that no integer column holds compare like others', async () => {
  const { id } = (await person.call('POST', '/api/projects', { body: { name: 'n' } })).json
  const find = async (filter: object) => {
    const { status, json } = await person.call('GET', `/api/projects?filter=${encodeURIComponent(JSON.stringify(filter))}`)
    return [status, json.results?.map((one: { id: number }) => one.id).includes(id)]
  }
  expect(await find({ '>': [{ var: 'id' }, 0.5] })).toEqual([200, true])
  expect(await find({ '<': [{ var: 'id' }, 1e30] })).toEqual([200, true])
  expect(await find({ '<=': [-1e30, { var: 'id' }, id] })).toEqual([200, true])
  expect(await find({ in: [{ var: 'id' }, [2 ** 40, id + 0.5]] })).toEqual([200, false])
  expect((await person.call('GET', `/api/tasks?project_id=${2 ** 40}`)).json.count).toBe(0)
  for (const [orgId, status] of [
    [String(2 ** 44), 404],
    ['-1', 400],
    ['1e40', 400],
  ])
    expect([orgId, (await person.call('GET', `/api/projects?org_id=${orgId}`)).status]).toEqual([orgId, status])
  const late = encodeURIComponent(JSON.stringify({ '<': [{ var: 'created_date' }, '+200000-01-01T00:00:00Z'] }))
  expect([200, 400]).toContain((await person.call('GET', `/api/projects?filter=${late}`)).status)
})

test('browsers are told to keep to HTTPS where everybody comes by it', async () => {
  const header = async () => (await call('GET', '/api/server/about')).headers.get('strict-transport-security')
  expect(await header()).toBeNull()
  setConfig({ ...initial, public_url: 'https://annotate.example' })
  expect(await header()).toBe('max-age=31536000; includeSubDomains')
})

test('what is refused leaves a line that names the address, not what was sent', async () => {
  setConfig({ ...initial, log: 'info' })
  const since = recentLog().length
  expect((await call('GET', '/api/users/self')).status).toBe(401)
  const body = { username: 'nobody-of-that-name', password: 'a-secret-of-somebody' }
  expect((await call('POST', '/api/auth/login', { body })).status).toBe(400)
  const lines = recentLog().slice(since).join('')
  expect(lines).toContain('GET /api/users/self')
  expect(lines).toContain('sign-in refused')
  expect(lines).not.toMatch(/a-secret-of-somebody|nobody-of-that-name/)
})
