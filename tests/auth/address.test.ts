// The limit of sign-ins on a listening server, which knows its clients by their connections.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { adminPassword, type Server, startServer } from '../server'

let server: Server
beforeAll(async () => {
  server = await startServer({ DATABASE_URL: '', REDIS_URL: '', ANNOLITH_SIGN_IN_ATTEMPTS: '2', ANNOLITH_SIGN_IN_WINDOW: '3600' })
}, 60_000)
afterAll(() => server?.remove())

const signIn = (username: string, password: string, headers = {}) =>
  fetch(`${server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ username, password }),
  })

test('failures with many names are one client’s failures, whatever it says of its address; sessions go on', async () => {
  const first = await signIn('admin', adminPassword)
  const { key } = (await first.json()) as { key: string }
  const statuses: number[] = []
  for (let i = 0; i < 11; i++) statuses.push((await signIn(`name-${i}`, 'wrong', { 'x-forwarded-for': `10.0.0.${i}` })).status)
  expect(statuses).toEqual([...Array(10).fill(400), 429])
  const refused = await signIn('admin', adminPassword)
  expect([first.status, refused.status]).toEqual([200, 429])
  expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 3601)
  const self = await fetch(`${server.url}/api/users/self`, { headers: { authorization: `Token ${key}` } })
  expect(self.status).toBe(200)
})
