// What holds for every request: problems of validation by field, and addresses with more than is asked for.
import { beforeAll, expect, test } from 'bun:test'
import { call, createPerson, type Person } from '../../../tests/api'

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
