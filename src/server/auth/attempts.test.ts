// The limit of sign-ins: windows that slide, and accounts that nobody can lock for their people.
import { afterEach, expect, test } from 'bun:test'
import { call, createPerson, password } from '../../../tests/api'
import { config, setConfig } from '../config'
import { createWindow, limitAttempts, TooManyAttempts } from './attempts'

const initial = config()
afterEach(() => setConfig(initial))

test('a window slides', () => {
  let now = 0
  const window = createWindow(
    () => 2,
    () => 10,
    () => now,
  )
  window.add('a')
  now = 4000
  window.add('a')
  expect([window.waitFor('a'), window.waitFor('b')]).toEqual([6, 0])
  now = 10_000
  expect(window.waitFor('a')).toBe(0)
  window.add('a')
  expect(window.waitFor('a')).toBe(4)
  window.takeBack('a')
  expect(window.waitFor('a')).toBe(0)
  window.add('a')
  window.clear('a')
  expect(window.waitFor('a')).toBe(0)
})

test('no limit when it is switched off', () => {
  const window = createWindow(
    () => 0,
    () => 10,
  )
  for (let i = 0; i < 100; i++) window.add('a')
  expect(window.waitFor('a')).toBe(0)
})

const fails = async () => null
const works = async () => 'in'

test('an account waits after failures; an address that it knows goes on, and makes no room for others', async () => {
  setConfig({ ...initial, sign_in_attempts: 3, sign_in_window: 100 })
  await limitAttempts('ann', '10.0.0.1', works)
  for (let i = 0; i < 3; i++) await limitAttempts('ann', '10.0.0.9', fails)
  expect(limitAttempts('ann', '10.0.0.8', works)).rejects.toBeInstanceOf(TooManyAttempts)
  expect(await limitAttempts('ann', '10.0.0.1', works)).toBe('in')
  expect(limitAttempts('ann', '10.0.0.8', works)).rejects.toBeInstanceOf(TooManyAttempts)
})

test('success starts anew', async () => {
  setConfig({ ...initial, sign_in_attempts: 3, sign_in_window: 100 })
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 2; i++) expect(await limitAttempts('eve', '', fails)).toBeNull()
    expect(await limitAttempts('eve', '', works)).toBe('in')
  }
})

test('tries at the same time count before they fail', async () => {
  setConfig({ ...initial, sign_in_attempts: 3, sign_in_window: 100 })
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => limitAttempts('bob', '', fails)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
})

test('an address waits after failures with many names, and success with one’s own account does not free it', async () => {
  setConfig({ ...initial, sign_in_attempts: 2, sign_in_window: 100 })
  for (let i = 0; i < 5; i++) await limitAttempts(`name-${i}`, '10.0.0.3', fails)
  await limitAttempts('own', '10.0.0.3', works)
  for (let i = 5; i < 10; i++) await limitAttempts(`name-${i}`, '10.0.0.3', fails)
  expect(limitAttempts('own', '10.0.0.3', works)).rejects.toBeInstanceOf(TooManyAttempts)
  expect(await limitAttempts('own', '10.0.0.4', works)).toBe('in')
})

test('sign-in and Basic answer 429 with Retry-After, for known and unknown names alike', async () => {
  setConfig({ ...initial, sign_in_attempts: 3, sign_in_window: 100, client_address_header: 'x-real-ip' })
  const person = await createPerson()
  for (const username of [person.username, `nobody-${process.pid}`]) {
    const attempt = (given: string, address: string) =>
      call('POST', '/api/auth/login', { body: { username, password: given }, headers: { 'x-real-ip': address } })
    for (let i = 0; i < 3; i++) expect((await attempt(`wrong-${i}`, `10.1.0.${i}`)).status).toBe(400)
    const refused = await attempt(password, '10.1.0.7')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 101)
    const authorization = `Basic ${btoa(`${username}:${password}`)}`
    const basic = await call('GET', '/api/users/self', { headers: { authorization, 'x-real-ip': '10.1.0.8' } })
    expect([basic.status, basic.headers.has('retry-after')]).toEqual([429, true])
  }
})

test('Basic with wrong passwords is limited, also for a password that was right before; right ones at the same time are one try', async () => {
  setConfig({ ...initial, sign_in_attempts: 3, sign_in_window: 100, client_address_header: 'x-real-ip' })
  const person = await createPerson()
  const ask = async (given: string, address: string) => {
    const authorization = `Basic ${btoa(`${person.username}:${given}`)}`
    return (await call('GET', '/api/users/self', { headers: { authorization, 'x-real-ip': address } })).status
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(password, '10.2.0.1')))
  expect(new Set(answers)).toEqual(new Set([200]))
  const statuses: number[] = []
  for (let i = 0; i < 4; i++) statuses.push(await ask(`wrong-${i}`, '10.2.0.2'))
  expect(statuses).toEqual([401, 401, 401, 429])
  // Whoever guesses right now must not see it, while the person themselves goes on.
  expect(await ask(password, '10.2.0.1')).toBe(200)
  expect([await ask(password, '10.2.0.2'), await ask(password, '10.2.0.1')]).toEqual([429, 200])
})
