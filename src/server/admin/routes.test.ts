// /api/admin: closed to everybody but administrators, and what each operation answers and changes.
import { beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app, call, createPerson, type Person } from '../../../tests/api'
import { sendAs } from '../auth/service'
import { config, setConfig } from '../config'
import { keepVariable, log, logFiles } from '../log'
import { add, get } from '../queue/queue'
import { actAsConsole } from '../users/service'

let admin: Person
let other: Person
beforeAll(async () => {
  admin = await createPerson({ superuser: true })
  other = await createPerson()
})

const ask = async (path: string) => {
  const { status, json } = await admin.call('GET', path)
  expect([path, status]).toEqual([path, 200])
  return json
}
const operations = (app.routes as { method: string; path: string }[]).filter(({ path }) => path.startsWith('/api/admin/'))

test('others are refused everywhere, whatever they send', async () => {
  expect(operations.length).toBeGreaterThan(15)
  for (const { method, path } of operations) {
    const address = path.replace(':kind', 'session').replace(':id', '1')
    const { status } = await other.call(method, address, method === 'GET' ? {} : { body: {} })
    expect([method, path, status]).toEqual([method, path, 403])
    expect([method, path, (await call(method, address)).status]).toEqual([method, path, 401])
  }
})

test('a request of this program itself is whose it says; nobody else can say so', async () => {
  const request = () => new Request('http://localhost/api/admin/status', { headers: { host: 'localhost' } })
  expect((await app.handle(sendAs(actAsConsole(), request()))).status).toBe(200)
  expect((await app.handle(request())).status).toBe(401)
})

test('accounts are made, and their ways in are listed and ended', async () => {
  const username = `made-${crypto.randomUUID().slice(0, 8)}`
  const bad = await admin.call('POST', '/api/admin/users', { body: { username, password: '1' } })
  expect([bad.status, Object.keys(bad.json)]).toEqual([400, ['password']])
  const made = await admin.call('POST', '/api/admin/users', { body: { username, password: 'a good secret' } })
  expect(made).toMatchObject({ status: 201, json: { username, is_superuser: false } })
  const { json } = await call('POST', '/api/auth/login', { body: { username, password: 'a good secret' } })
  const authorization = `Token ${json.key}`
  const { status } = await call('POST', '/api/auth/access_tokens', {
    body: { name: 'mine' },
    headers: { authorization: `Basic ${btoa(`${username}:a good secret`)}` },
  })
  expect(status).toBe(201)
  const own = async () => (await ask('/api/admin/access')).filter((one: any) => one.user.username === username)
  expect((await own()).map((one: any) => one.kind).sort()).toEqual(['key', 'session', 'token'])
  const key = (await own()).find((one: any) => one.kind === 'key')
  expect((await admin.call('DELETE', `/api/admin/access/key/${key.id}`)).status).toBe(204)
  expect((await call('GET', '/api/users/self', { headers: { authorization } })).status).toBe(401)
  expect((await admin.call('DELETE', `/api/admin/access/key/${key.id}`)).status).toBe(404)
  expect((await admin.call('DELETE', `/api/admin/users/${made.json.id}/access`)).status).toBe(204)
  expect(await own()).toEqual([])
  const changed = await admin.call('POST', `/api/admin/users/${made.json.id}/password`, { body: { password: 'another secret' } })
  expect(changed.status).toBe(204)
  expect((await call('POST', '/api/auth/login', { body: { username, password: 'another secret' } })).status).toBe(200)
})

test('an organization is made for its owner, who need not be the administrator', async () => {
  const slug = `a${crypto.randomUUID().slice(0, 10)}`
  const made = await admin.call('POST', '/api/admin/organizations', { body: { slug, owner: other.username } })
  expect(made).toMatchObject({ status: 201, json: { slug, owner: { username: other.username } } })
  const path = `/api/admin/organizations/${made.json.id}/members`
  expect((await admin.call('POST', path, { body: { username: admin.username, role: 'worker' } })).status).toBe(204)
  expect((await admin.call('POST', path, { body: { username: 'nobody at all', role: 'worker' } })).status).toBe(404)
  const members = (await admin.call('GET', `/api/memberships?org=${slug}`)).json.results
  expect(members.map((one: any) => one.role).sort()).toEqual(['owner', 'worker'])
})

test('a chore is shown, taken out, and what the log says of it', async () => {
  const id = `chore-${crypto.randomUUID()}`
  await add('cleanup', {}, { id, delayMs: 3_600_000 })
  const before = config()
  setConfig({ ...before, log: 'error' })
  process.env[keepVariable] = '1'
  log().error(`chore ${id} is told about`)
  delete process.env[keepVariable]
  setConfig(before)
  expect(logFiles()).toHaveLength(2)
  const shown = await ask(`/api/admin/queue/${id}`)
  expect(shown).toMatchObject({ id, state: 'waiting', lane: 'cleanup', can_retry: false, request: null })
  expect(shown.log.map((line: any) => line.text)).toEqual([`chore ${id} is told about`])
  expect((await ask('/api/admin/queue')).work.some((one: any) => one.id === id)).toBe(true)
  expect((await admin.call('POST', `/api/admin/queue/${id}/retry`)).status).toBe(409)
  expect((await admin.call('POST', `/api/admin/queue/${id}/cancel`)).status).toBe(204)
  expect(await get(id)).toBeUndefined()
  expect((await admin.call('POST', `/api/admin/queue/${id}/cancel`)).status).toBe(404)
})

test('storage is measured, and what is not needed is freed', async () => {
  await Bun.write(join(config().dataDir, 'cache/media/1/chunk.bin'), new Uint8Array(5000))
  const before = await ask('/api/admin/storage?again=1')
  expect(before.places.find((place: any) => place.name === 'cache').bytes).toBeGreaterThanOrEqual(5000)
  const freed = await admin.call('POST', '/api/admin/storage/free', { body: { parts: ['cache', 'expired'] } })
  expect(freed.status).toBe(200)
  expect(freed.json.bytes).toBeGreaterThanOrEqual(5000)
  expect((await admin.call('POST', '/api/admin/storage/free', { body: { parts: ['data'] } })).status).toBe(400)
})

test('a backup is made, checked and listed', async () => {
  const before = config()
  const target = mkdtempSync(join(tmpdir(), 'annolith-admin-backup-'))
  const ended = async () => {
    for (;;) {
      const shown = await ask('/api/admin/backups')
      if (shown.work.state !== 'running') return shown
      await Bun.sleep(20)
    }
  }
  try {
    expect((await admin.call('POST', '/api/admin/backups')).json).toHaveProperty('backup_target')
    const verify = await admin.call('POST', '/api/admin/backups/20200101T000000000Z/verify')
    expect([verify.status, verify.json]).toEqual([400, { backup_target: expect.anything() }])
    setConfig({ ...before, backup_target: target })
    expect((await admin.call('POST', '/api/admin/backups')).status).toBe(202)
    const made = await ended()
    expect(made).toMatchObject({ target, work: { kind: 'create', state: 'done' } })
    const [snapshot] = made.snapshots
    expect(snapshot.rows).toBeGreaterThan(0)
    expect((await admin.call('POST', `/api/admin/backups/${snapshot.id}/verify`)).status).toBe(202)
    expect((await ended()).verified).toMatchObject({ [snapshot.id]: 'whole' })
    expect((await admin.call('POST', '/api/admin/backups/20200101T000000000Z/verify')).status).toBe(404)
  } finally {
    setConfig(before)
    rmSync(target, { recursive: true, force: true })
  }
})

test('options say where they come from, and hide secrets', async () => {
  const { options } = await ask('/api/admin/configuration')
  expect(options.find((one: any) => one.key === 'cache_bytes')).toMatchObject({ source: '', variable: 'ANNOLITH_CACHE_BYTES' })
  expect(options.every((one: any) => typeof one.source === 'string')).toBe(true)
})

test('the audit log is read by pages, and the doctor answers', async () => {
  const { count, results } = await ask('/api/admin/events?search=create:user&page_size=5')
  expect(count).toBeGreaterThan(0)
  expect(results[0].scope).toBe('create:user')
  const { total, findings } = await ask('/api/admin/doctor')
  expect(total).toBeGreaterThan(10)
  expect(findings.length).toBeGreaterThan(0)
  expect((await admin.call('POST', '/api/admin/doctor/nonsense/fix')).status).toBe(404)
})

test('the status names the database; without a server of its own there are no figures', async () => {
  expect(await ask('/api/admin/status')).toMatchObject({ users: expect.any(Number), queue: { waiting: expect.any(Number) } })
  expect((await admin.call('GET', '/api/admin/metrics')).status).toBe(200)
})
