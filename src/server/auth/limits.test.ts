// Limits of what strangers may send, and whose word about the client's address counts.
import { afterAll, afterEach, beforeAll, beforeEach, expect, setSystemTime, test } from 'bun:test'
import { connect } from 'node:net'
import '../../../tests/api'
import { createApp } from '../app'
import { ConfigError, config, readConfig, setConfig } from '../config'
import { countRequest } from './request-rate'

const initial = config()
let app: ReturnType<typeof createApp>
let url: string
beforeAll(() => {
  app = createApp()
  app.listen({ hostname: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${app.server!.port}`
})
// The clock stands still: no minute ends between two requests.
beforeEach(() => void setSystemTime(new Date('2026-01-01T12:00:30Z')))
afterEach(() => {
  setSystemTime()
  setConfig(initial)
})
afterAll(() => app.stop(true))

const askLogo = async (headers: Record<string, string>) =>
  ((await (await fetch(`${url}/api/server/about`, { headers })).json()) as { logo_url: string }).logo_url

test('X-Forwarded-Proto counts only from a trusted proxy, once some are named', async () => {
  const headers = { 'x-forwarded-proto': 'https' }
  expect(await askLogo(headers)).toStartWith('https://')
  setConfig({ ...initial, trusted_proxies: ['203.0.113.7', '10.0.0.0/8', 'fd00::/8'] })
  expect(await askLogo(headers)).toStartWith('http://')
  setConfig({ ...initial, trusted_proxies: ['127.0.0.0/8'] })
  expect(await askLogo(headers)).toStartWith('https://')
})

test('so does the header with the address of the client', async () => {
  const ask = (client: string) =>
    fetch(`${url}/api/server/about`, { headers: { 'x-real-ip': client } }).then(({ status }) => status)
  const limited = { ...initial, client_address_header: 'X-Real-IP', requests_per_minute: 1_000_000 }
  setConfig({ ...limited, trusted_proxies: ['127.0.0.1'] })
  expect(await ask('203.0.113.1')).toBe(200)
  // Nobody has sent more than a few: a limit of one holds each address apart.
  setConfig({ ...limited, requests_per_minute: 1, trusted_proxies: ['127.0.0.1'] })
  expect(await ask('203.0.113.2')).toBe(200)
  setConfig({ ...limited, requests_per_minute: 1, trusted_proxies: ['10.0.0.1'] })
  await ask('203.0.113.3')
  expect(await ask('203.0.113.4')).toBe(429)
})

test('who sends too much is told when to come back; probes are never refused', async () => {
  setConfig({ ...initial, requests_per_minute: 1 })
  const ask = (path: string) => fetch(url + path)
  await ask('/api/server/about')
  const refused = await ask('/api/server/about')
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)])
  expect(await refused.json()).toEqual({ detail: expect.stringContaining('at most 1 in a minute') })
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  expect((await ask('/healthz')).status).toBe(200)
})

test('counts are of an address, and start anew with the minute', () => {
  const start = 60_000_000
  expect([1, 2, 3].map(() => countRequest('a', 2, start + 15_000))).toEqual([0, 0, 45])
  expect(countRequest('b', 2, start + 15_000)).toBe(0)
  expect(countRequest('a', 2, start + 60_000)).toBe(0)
})

test('a body that is too large is refused, with or without its length', async () => {
  setConfig({ ...initial, body_bytes: 1024 })
  const body = JSON.stringify({ username: 'x'.repeat(2000), password: 'y' })
  const headers = { 'content-type': 'application/json' }
  const whole = await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body })
  expect([whole.status, await whole.json()]).toEqual([413, { detail: 'The request body is larger than 1024 bytes.' }])
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(app.server!.port!, '127.0.0.1', () => {
      const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
      socket.write(
        `POST /api/auth/login HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunk}`,
      )
    })
    let text = ''
    socket.on('data', (part) => {
      text += part
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
  expect(answer).toStartWith('HTTP/1.1 413')
})

test.each(['10.0.0.0/33', 'proxy.example.org', '10.0.0.1/8/8', 'fd00::/129', '10.0.0.0/'])(
  'trusted_proxies refuses %s',
  (text) => {
    expect(() => readConfig({}, { ANNOLITH_TRUSTED_PROXIES: `127.0.0.1,${text}` })).toThrow(ConfigError)
    expect(readConfig({}, { ANNOLITH_TRUSTED_PROXIES: '127.0.0.1, fd00::/8' }).trusted_proxies).toEqual(['127.0.0.1', 'fd00::/8'])
  },
)
