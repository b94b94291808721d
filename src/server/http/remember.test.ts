// Kept answers: the same text for the same question, and never an old one.
import { expect, test } from 'bun:test'
import { createPerson } from '../../../tests/api'

test('an answer follows every change, whoever makes it, and is nobody else’s', async () => {
  const [one, other] = [await createPerson(), await createPerson()]
  const { id } = (await one.call('POST', '/api/tasks', { body: { name: 'first', labels: [{ name: 'a' }] } })).json
  const path = `/api/tasks/${id}`
  const answers = [await one.call('GET', path), await one.call('GET', path)]
  expect(answers[0]!.text).toBe(answers[1]!.text)
  expect(answers[0]!.headers.get('x-request-id')).not.toBe(answers[1]!.headers.get('x-request-id'))
  expect((await other.call('GET', path)).status).toBe(403)
  for (const name of ['second', 'third']) {
    await one.call('PATCH', path, { body: { name } })
    expect((await one.call('GET', path)).json.name).toBe(name)
    expect((await one.call('GET', `/api/tasks?search=${name}`)).json.results.map((task: any) => task.id)).toContain(id)
  }
  expect((await one.call('GET', path, { headers: { accept: 'application/json' } })).headers.get('content-type')).toBe(
    'application/json',
  )
  expect((await one.call('GET', path)).headers.get('content-type')).toBe('application/vnd.cvat+json')
  await one.call('DELETE', path)
  expect((await one.call('GET', path)).status).toBe(404)
  expect((await one.call('GET', '/api/tasks')).json.count).toBe(0)
})

test('addresses of the answer follow the Host of the question', async () => {
  const person = await createPerson()
  const { id } = (await person.call('POST', '/api/tasks', { body: { name: 'x', labels: [{ name: 'a' }] } })).json
  for (const host of ['localhost', 'other.example'])
    expect((await person.call('GET', `/api/tasks/${id}`, { headers: { host } })).json.url).toBe(`http://${host}/api/tasks/${id}`)
})
