// Each question of the doctor answers well on a healthy server, and names the trouble that is planted for it.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBareTask, createPerson } from '../../../tests/api'
import { type Config, config, prepareDataDir, setConfig } from '../config'
import { migrate } from '../db/migrate'
import { tx } from '../db/open'
import { eventTx } from '../db/open-events'
import { serverSamples } from '../figures/schema'
import * as queue from '../queue/queue'
import { requests } from '../requests/schema'
import { openTarget, placeOf, writeSnapshot } from '../snapshots/service'
import { createUser } from '../users/service'
import { type Check, checks, type Diagnosis, examine } from './service'

const initial = config()
const withConfig = async <T>(changes: Partial<Config>, work: () => Promise<T>): Promise<T> => {
  setConfig({ ...initial, ...changes })
  try {
    return await work()
  } finally {
    setConfig(initial)
  }
}

const ask = async (id: string, isFixing = false): Promise<Diagnosis> => {
  const check = checks.find((one) => one.id === id)
  if (!check) throw new Error(`there is no question ${id}`)
  for await (const diagnosis of examine(isFixing, [check])) return diagnosis
  throw new Error('no answer')
}

beforeAll(async () => {
  prepareDataDir(initial)
  await migrate()
  await createUser({ username: 'doctor_admin', password: 'good-enough-1', superuser: true })
  await queue.stats(1)
})
afterAll(() => queue.closeQueue())

test('there are thirty questions or more, each with an id of its own', () => {
  expect(checks.length).toBeGreaterThanOrEqual(30)
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
})

test('a healthy server has nothing that fails, and every finding would name what mends it', async () => {
  // A program of its own: other tests leave pictures and buckets in this one that were never there.
  const folder = mkdtempSync(join(tmpdir(), 'annolith-doctor-'))
  const env = { PATH: process.env.PATH, HOME: folder, ANNOLITH_PORT: '1', ANNOLITH_DISK_USAGE_MAX: '100' }
  const run = async (args: string[], input = '') => {
    const command = [process.execPath, join(import.meta.dir, '../../main.ts'), ...args, '--data-dir', join(folder, 'data')]
    const child = Bun.spawn(command, { env, stdin: Buffer.from(input), stdout: 'pipe', stderr: 'pipe' })
    const [out, log, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    return { out, log, code }
  }
  try {
    expect(
      await run(['user', 'create', '--username', 'admin', '--superuser', '--password-stdin'], 'good-enough-1'),
    ).toMatchObject({ code: 0 })
    const { out, code, log } = await run(['doctor', '--json'])
    const found: Diagnosis[] = JSON.parse(out)
    expect([found.filter(({ state }) => state === 'failed'), log, code]).toEqual([[], '', 0])
    expect(found.length).toBe(checks.length)
    for (const { state, mend } of found) expect(state === 'ok' || state === 'skipped' || Boolean(mend)).toBe(true)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

const planted: [id: string, state: string, words: string, Partial<Config>][] = [
  ['config-variables', 'warning', 'unknown variable', { warnings: ['unknown variable ANNOLITH_X is ignored'] }],
  ['config-public-url', 'failed', 'is no address', { public_url: 'nowhere' }],
  ['config-public-url', 'warning', 'not set', { host: '0.0.0.0' }],
  ['config-proxy-header', 'warning', 'client_address_header', { public_url: 'https://a.example' }],
  ['config-transport', 'warning', 'without TLS', { host: '0.0.0.0' }],
  ['config-sign-up', 'warning', 'anybody', { sign_up: 'open' }],
  ['config-password-hasher', 'failed', 'MD5', { password_hasher: 'md5' }],
  ['config-admin-password', 'warning', 'still configured', { admin_password: 'x' }],
  ['config-outbound', 'failed', '0.0.0.0/0', { outbound_allow: ['0.0.0.0/0'] }],
  ['config-hosts', 'failed', 'without DATABASE_URL', { redisUrl: 'redis://127.0.0.1', databaseUrl: '' }],
  ['data-directory', 'failed', 'does not exist', { dataDir: '/nonexistent/annolith' }],
  ['disk-space', 'failed', 'the limit is 1 %', { disk_usage_max: 1 }],
  ['share-directory', 'failed', 'cannot be read', { share_dir: '/nonexistent/share' }],
  ['program-ffmpeg', 'failed', 'ffmpeg', { ffmpeg: '/bin/false' }],
  ['system-threads', 'warning', '64 threads', { worker_threads: 64 }],
  ['server-public', 'failed', '', { public_url: 'http://127.0.0.1:9' }],
  ['server-certificate', 'failed', '', { public_url: 'https://127.0.0.1:9' }],
  ['mail-server', 'failed', '', { smtp_url: 'smtp://127.0.0.1:9' }],
  ['names-resolve', 'failed', 'not known', { smtp_url: 'smtp://mail.invalid' }],
  [
    'sign-in-providers',
    'failed',
    'http://127.0.0.1:9',
    { providers: [{ name: 'x', kind: 'oidc', title: 'x', issuer: 'http://127.0.0.1:9', client_id: 'x' }] },
  ],
]

for (const [id, state, words, changes] of planted)
  test(`${id} tells: ${state} (${words || 'the reason'})`, async () => {
    const found = await withConfig(changes, () => ask(id))
    expect([found.state, found.words.includes(words), Boolean(found.mend)]).toEqual([state as Diagnosis['state'], true, true])
  })

test('a server without backups is told so, and one whose backups are old or open', async () => {
  expect(await ask('backup-configured')).toMatchObject({ state: 'warning', words: expect.stringContaining('no place') })
  const folder = mkdtempSync(join(tmpdir(), 'annolith-doctor-'))
  const backups = { backup_target: folder, backup_schedule: '@hourly' }
  const askWith = (id: string, changes: Partial<Config> = {}) => withConfig({ ...backups, ...changes }, () => ask(id))
  try {
    expect(await askWith('backup-configured')).toMatchObject({
      state: 'ok',
      words: expect.stringContaining('"@hourly", next 20'),
    })
    expect(await askWith('backup-target')).toMatchObject({ state: 'ok' })
    expect(await askWith('backup-target', { backup_target: '/dev/null/x' })).toMatchObject({ state: 'failed' })
    const later = join(folder, 'later')
    expect(await askWith('backup-target', { backup_target: later })).toMatchObject({ state: 'ok' })
    expect(existsSync(later)).toBe(false)
    expect(await askWith('backup-recent')).toMatchObject({ state: 'warning', mend: 'annolith backup create' })
    const target = await openTarget(folder)
    const write = (now: Date) =>
      writeSnapshot(target, { place: placeOf(config()), dataDir: initial.dataDir, version: '0.0.1', now })
    await write(new Date(Date.now() - 14 * 3_600_000))
    expect(await askWith('backup-recent')).toMatchObject({ state: 'failed', words: 'the newest backup was made 14 hours ago' })
    expect(await askWith('backup-recent', { backup_schedule: '' })).toMatchObject({ state: 'ok' })
    await write(new Date())
    expect(await askWith('backup-recent')).toMatchObject({ state: 'ok', words: expect.stringContaining('2 backups') })
    expect(await askWith('backup-closed')).toMatchObject({ state: 'ok' })
    chmodSync(folder, 0o755)
    expect(await askWith('backup-closed')).toMatchObject({ state: 'failed', mend: `chmod o-rwx ${folder}` })
    expect(await askWith('backup-elsewhere')).toMatchObject({ state: 'warning' })
    const inside = join(initial.dataDir, 'assets')
    expect(await askWith('backup-elsewhere', { backup_target: inside })).toMatchObject({ state: 'failed' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('several hosts: what they do not share, whose clock is ahead, who does the work', async () => {
  const several = { databaseUrl: 'postgres://x', redisUrl: 'redis://x' }
  const askWith = (id: string, changes: Partial<Config> = {}) => withConfig({ ...several, ...changes }, () => ask(id))
  expect(await ask('hosts-bucket')).toMatchObject({ state: 'skipped' })
  expect(await askWith('hosts-shared')).toMatchObject({ state: 'skipped' })
  const tell = (server: string, at: number) =>
    eventTx(async (t) => void (await t.insert(serverSamples).values({ key: `${server} ${at}`, server, at, figures: {} })))
  await tell('second.example:8080', Date.now())
  expect(await askWith('hosts-shared')).toMatchObject({
    state: 'warning',
    words: expect.stringContaining('second.example run too'),
  })
  expect(await askWith('hosts-clocks')).toMatchObject({ state: 'ok' })
  await tell('third.example:8080', Date.now() + 60_000)
  expect(await askWith('hosts-clocks')).toMatchObject({
    state: 'failed',
    words: expect.stringContaining('third.example:8080 (60 s ahead)'),
  })
  expect(await askWith('hosts-lanes')).toMatchObject({ state: 'ok' })
  expect(await askWith('hosts-lanes', { serve_lanes: ['import'] })).toMatchObject({
    state: 'warning',
    words: expect.stringContaining('export'),
  })
  const key = join(initial.dataDir, 'key-of-a-test')
  writeFileSync(key, 'x'.repeat(40), { mode: 0o644 })
  expect(await askWith('hosts-secret', { secret_key_file: key })).toMatchObject({ state: 'failed', mend: `chmod o-rwx ${key}` })
  rmSync(key)
})

test('open keys are closed by fixing', async () => {
  const key = join(initial.dataDir, 'secrets/of-a-test')
  writeFileSync(key, 'x')
  chmodSync(key, 0o644)
  expect(await ask('data-secrets')).toMatchObject({ state: 'failed' })
  expect(await ask('data-secrets', true)).toMatchObject({ state: 'ok', fixed: expect.stringContaining('closed 1') })
  rmSync(key)
})

test('a configuration with passwords that all may read is named', async () => {
  const file = join(initial.dataDir, 'annolith.toml')
  writeFileSync(file, '')
  chmodSync(file, 0o644)
  expect(await withConfig({ smtp_url: 'smtp://a:b@127.0.0.1' }, () => ask('config-secrets-readable'))).toMatchObject({
    state: 'failed',
    mend: `chmod o-rwx ${file}`,
  })
  rmSync(file)
})

test('pictures that a task names and nobody finds are named', async () => {
  await createBareTask(await createPerson())
  expect(await ask('media-missing')).toMatchObject({ state: 'failed', words: expect.stringContaining('none') })
})

test('media of a task that is gone are found and removed', async () => {
  mkdirSync(join(initial.dataDir, 'data/987654/raw'), { recursive: true })
  expect(await ask('media-orphans')).toMatchObject({ state: 'warning', words: expect.stringContaining('987654') })
  expect(await ask('media-orphans', true)).toMatchObject({ state: 'ok' })
})

test('results whose time is over are removed', async () => {
  const past = new Date(Date.now() - 1000)
  await tx(async (t) => {
    await t.insert(requests).values({
      ...{ id: 'action=export&target=doctor', action: 'export', target: 'task', status: 'finished', key: 'doctor' },
      ...{ chore: 'export-dataset', payload: {}, createdDate: past, expiryDate: past },
    })
  })
  expect(await ask('requests-expired')).toMatchObject({ state: 'warning' })
  expect(await ask('requests-expired', true)).toMatchObject({ state: 'ok' })
})

test('a question that fails becomes a finding', async () => {
  const broken: Check = { id: 'x', about: 'x', look: () => Promise.reject(new Error('it broke')) }
  for await (const found of examine(false, [broken])) expect(found).toMatchObject({ state: 'failed', words: 'it broke' })
})
