// TLS by certificate files: the right one is served, a new one without a restart, and a bad one never.
import { afterAll, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { Elysia } from 'elysia'
import { readOrigin } from './auth/service'
import { ConfigError, config, readConfig, setConfig } from './config'
import { keepTls, readTls, type Tls } from './tls'

const initial = config()
const folder = mkdtempSync(join(tmpdir(), 'annolith-tls-'))
const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
afterAll(() => {
  setConfig(initial)
  rmSync(folder, { recursive: true, force: true })
})

const make = (name: string): Tls => {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
  const { exitCode, stderr } = Bun.spawnSync(
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=${name} -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`.split(
      ' ',
    ),
  )
  if (exitCode !== 0) throw new Error(stderr.toString())
  const [certText, keyText] = [cert, key].map((file) => new TextDecoder().decode(Bun.mmap(file).slice()))
  return { cert: certText!, key: keyText! }
}
const openssl = Bun.which('openssl')
const [first, second] = openssl ? [make('first'), make('second')] : []
const put = ({ cert, key }: Tls) => {
  writeFileSync(certFile, cert)
  writeFileSync(keyFile, key)
}
beforeEach(() => setConfig({ ...initial, tls_cert: certFile, tls_key: keyFile }))

/** Whose certificate a new connection sees. */
const readName = (port: number) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.end()
    })
    socket.on('error', reject)
  })

test('without files there is no TLS', () => {
  setConfig(initial)
  expect(readTls()).toBeUndefined()
})

test('one file without the other is refused', () => {
  writeFileSync(certFile, '')
  expect(() => readConfig({}, { ANNOLITH_TLS_CERT: certFile })).toThrow(/go together/)
  expect(() => readConfig({}, { ANNOLITH_TLS_CERT: certFile, ANNOLITH_TLS_KEY: '/nowhere/key' })).toThrow(
    'ANNOLITH_TLS_KEY names "/nowhere/key", which does not exist',
  )
  expect(() => readConfig({}, { ANNOLITH_TLS_KEY: keyFile })).toThrow(ConfigError)
})

test.skipIf(!openssl)('what is no certificate, and a key of another one, are refused by name', () => {
  put({ cert: 'nonsense', key: first!.key })
  expect(() => readTls()).toThrow(/ANNOLITH_TLS_CERT and ANNOLITH_TLS_KEY are no certificate with its key/)
  put({ cert: first!.cert, key: second!.key })
  expect(() => readTls()).toThrow(/the key belongs to another certificate/)
  rmSync(keyFile)
  expect(() => readTls()).toThrow(/ANNOLITH_TLS_KEY names ".*key.pem", which cannot be read/)
})

test.skipIf(!openssl)(
  'new files are served without a restart, requests under way are answered, bad files change nothing',
  async () => {
    put(first!)
    const held = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    const app = new Elysia()
      .get('/origin', ({ request }) => readOrigin(request))
      .get('/slow', async () => {
        arrived.resolve()
        await held.promise
        return 'late'
      })
    let port = 0
    const listen = (tls: Tls) => void app.listen({ hostname: '127.0.0.1', port, tls })
    listen(readTls()!)
    port = app.server!.port!
    const { reload, stop } = keepTls(app, listen, readTls(), 60_000)
    try {
      const ask = (path: string) =>
        fetch(`https://127.0.0.1:${port}${path}`, { tls: { rejectUnauthorized: false }, keepalive: false })
      expect(await readName(port)).toBe('first')
      expect(await (await ask('/origin')).text()).toBe(`https://127.0.0.1:${port}`)
      const slow = ask('/slow')
      await arrived.promise
      put({ cert: 'half a certif', key: second!.key })
      reload()
      expect(await readName(port)).toBe('first')
      put(second!)
      process.emit('SIGHUP')
      expect(await readName(port)).toBe('second')
      held.resolve()
      expect(await (await slow).text()).toBe('late')
      expect((await ask('/origin')).status).toBe(200)
    } finally {
      stop()
      await app.stop(true)
    }
  },
)
