// The console of a server elsewhere: with a good token, with wrong ones, without an answer, and while the server goes away and comes back.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from '../../tests/server'
import { ConsoleError } from './console-error'
import { entry, root, startTerminal, type Terminal } from './console-terminal'
import { readServerUrl, readToken } from './remote-api'

setDefaultTimeout(120_000)

const scratch = mkdtempSync(join(tmpdir(), 'annolith-remote-'))
const mark = crypto.randomUUID().slice(0, 6)
const password = 'a good secret'
let server: Server
let token = ''
let plainToken = ''

/** Without the variables of this test's own data directory: what is asked lies elsewhere. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([key]) => !key.startsWith('ANNOLITH_') && !/^(DATABASE|REDIS)_URL$/.test(key)),
)
const more = { HOME: scratch, TERM: 'xterm-256color', LANG: 'C.UTF-8', ANNOLITH_DATA_DIR: join(scratch, 'none') }
const open = (extra: Record<string, string>, ...flags: string[]): Terminal =>
  startTerminal([...entry, '--url', server.url, ...flags], { ...env, ...more, ...extra })

const ask = async (username: string, method: string, path: string, body?: object): Promise<any> => {
  const answer = await fetch(server.url + path, {
    method,
    headers: { authorization: `Basic ${btoa(`${username}:${password}`)}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  return answer.json()
}

beforeAll(async () => {
  server = await startServer({ ANNOLITH_BACKUP_TARGET: join(scratch, 'kept') })
  const script = `
    import { createUser } from './src/server/users/service'
    for (const [username, superuser] of [['root-${mark}', true], ['worker-${mark}', false]])
      await createUser({ username, password: '${password}', superuser })
    process.exit(0)`
  const child = Bun.spawn([process.execPath, '-e', script], {
    cwd: root,
    env: { ...process.env, ANNOLITH_DATA_DIR: server.dataDir, ANNOLITH_PASSWORD_HASHER: 'md5' },
    stderr: 'inherit',
  })
  expect(await child.exited).toBe(0)
  token = (await ask(`root-${mark}`, 'POST', '/api/auth/access_tokens', { name: 'console' })).value
  plainToken = (await ask(`worker-${mark}`, 'POST', '/api/auth/access_tokens', { name: 'console' })).value
})
afterAll(async () => {
  await server.remove()
  rmSync(scratch, { recursive: true, force: true })
})

test('every pane works through the API, and nothing is written here', async () => {
  const file = join(scratch, 'token')
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  const { type, typeUntil, seen, close, program } = open({}, '--token-file', file)
  await type('', '1 Overview', server.url.replace('http://', ''), 'Memory', ' server ')
  await type(`:users worker-${mark}\r`, '─ Users /worker', `│ worker-${mark}`)
  await type('d', `Deactivate “worker-${mark}”?`)
  await type('y', 'was deactivated. z undoes it.', 'inactive')
  expect(await ask(`root-${mark}`, 'GET', `/api/users?username=worker-${mark}`)).toMatchObject({
    results: [{ is_active: false }],
  })
  await type('z', 'Undone: ', 'active')
  await type('y', 'Copied: ')
  await typeUntil('', () => /^\d+$/.test(seen.readClipboard()))
  for (const [command, title] of [
    ['organizations', 'Organizations'],
    ['projects', 'Projects'],
    ['tasks', 'Tasks'],
    ['jobs', 'Jobs'],
    ['queues', 'Queues'],
    ['log', 'Log'],
    ['members', 'Members'],
    ['invitations', 'Invitations'],
    ['audit', 'Audit'],
    ['webhooks', 'Webhooks'],
    ['deliveries', 'Deliveries'],
    ['clouds', 'Cloud storages'],
    ['models', 'Models'],
    ['configuration', 'Configuration'],
  ] as const)
    await typeUntil(`:${command}\r`, (screen) => screen.includes(`─ ${title} ─`) && !screen.includes('Loading …'))
  await type(':access\r', '─ Access ─', 'token')
  await type(':storage\r', '─ Storage ─', 'annolith.db')
  await type('e', 'were freed.')
  await type(':health\r', '─ Health ─', 'questions:', 'config-password-hasher')
  await type(':backups\r', '─ Backups ─', 'There is no backup here yet')
  await type('b', 'Make a backup in')
  await type('y', 'By version', 'Newest just now')
  await typeUntil(':quit\r', () => !seen.isAlternate())
  expect(await program.exited).toBe(0)
  expect(await Bun.file(join(scratch, 'none/annolith.db')).exists()).toBe(false)
  await close()
})

test.each([
  ['a wrong token', () => ({ ANNOLITH_TOKEN: 'anno_wrong' }), 'does not accept the token'],
  ['the token of somebody else', () => ({ ANNOLITH_TOKEN: plainToken }), 'who is no administrator'],
  ['no token', () => ({}), 'set ANNOLITH_TOKEN'],
])('%s is told before the terminal is taken', async (_, more, said) => {
  const { typeUntil, program, seen, close } = open(more() as Record<string, string>)
  // Lines may be broken anywhere.
  await typeUntil('', (screen) => screen.replaceAll('\n', '').includes(said))
  expect(await program.exited).toBe(1)
  expect(seen.isAlternate()).toBe(false)
  await close()
})

test('a server that goes away is told, and is there again when it comes back', async () => {
  const { type, typeUntil, close } = open({ ANNOLITH_TOKEN: token })
  await type(':users\r', '─ Users ─', `worker-${mark}`, 'n new user')
  await server.kill()
  await typeUntil('\x12', (screen) => screen.includes('cannot be reached') && screen.includes('could not be read anew'))
  await type('n', 'New user')
  await type(`x-${mark}\t\ta good secret\ta good secret\r\r`, `│ ${server.url} cannot be reached`)
  await typeUntil('\x1b', (screen) => !screen.includes('New user'))
  await server.restart()
  await typeUntil('\x12', (screen) => !screen.includes('cannot be reached') && !screen.includes('read anew'))
  await type('n', 'New user')
  await type(`x-${mark}\t\ta good secret\ta good secret\r\r`, `User “x-${mark}” was made.`)
  await close()
})

test('a server that is down is told at once', async () => {
  await server.stop()
  const { typeUntil, program, close } = open({ ANNOLITH_TOKEN: token })
  await typeUntil('', (screen) => screen.replaceAll('\n', '').includes('cannot be reached'))
  expect(await program.exited).toBe(1)
  await close()
})

test('a console beside a running server shows its figures and its log, of the other process', async () => {
  await server.restart()
  const other = startTerminal(entry, { ...process.env, ANNOLITH_DATA_DIR: server.dataDir, TERM: 'xterm-256color', LANG: 'C' })
  await other.type('', '1 Overview', `server ${server.pid}`, 'All is well')
  await other.typeUntil('', (screen) => /│\d+ MB/.test(screen))
  await other.close()
})

test('tokens are read from files that others cannot read, and do not travel in the clear', () => {
  const file = join(scratch, 'shared')
  writeFileSync(file, 'abc')
  chmodSync(file, 0o644)
  expect(() => readToken(file)).toThrow('can be read by others: chmod 600')
  expect(() => readToken(join(scratch, 'missing'))).toThrow('there is no token file')
  expect(() => readToken(undefined, {})).toThrow(ConsoleError)
  expect(readToken(undefined, { ANNOLITH_TOKEN: ' abc ' })).toBe('abc')
  expect(() => readServerUrl('http://annolith.example.org')).toThrow('--allow-http')
  expect(readServerUrl('http://annolith.example.org', true)).toBe('http://annolith.example.org')
  expect(readServerUrl('https://annolith.example.org/sub/')).toBe('https://annolith.example.org/sub')
  expect(readServerUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080')
  expect(() => readServerUrl('annolith.example.org')).toThrow('must be an address')
  expect(() => readServerUrl('https://me:secret@annolith.example.org')).toThrow('ANNOLITH_TOKEN')
})
