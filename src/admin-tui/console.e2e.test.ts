// The whole console in a pseudo-terminal on a data directory of its own: a person makes, changes and finds a user by keys.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVirtualTerminal } from './virtual-terminal'

setDefaultTimeout(120_000)

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-console-'))
const env = { ...process.env, ANNOLITH_DATA_DIR: dataDir, TERM: 'xterm-256color', LANG: 'C', NO_COLOR: '' }
const name = `console-${crypto.randomUUID().slice(0, 8)}`

const root = join(import.meta.dir, '../..')
const entry = [process.execPath, join(import.meta.dir, 'console-entry.ts')]

const startProgram = (command = entry, more: Record<string, string> = {}) => {
  const seen = createVirtualTerminal(80, 24)
  const terminal = new Bun.Terminal({ cols: 80, rows: 24, data: (_, bytes) => seen.write(bytes) })
  const program = Bun.spawn(command, { terminal, cwd: root, env: { ...env, ...more } })
  const giveUp = AbortSignal.timeout(60_000)
  return {
    seen,
    program,
    close: () => terminal.close(),
    /** Types, then waits until all of `texts` are on the screen. */
    type: async (keys: string, ...texts: string[]) => {
      terminal.write(keys)
      return seen.waitFor((screen) => texts.every((text) => screen.includes(text)), giveUp)
    },
    typeUntil: (keys: string, isSeen: (screen: string) => boolean) => {
      terminal.write(keys)
      return seen.waitFor(isSeen, giveUp)
    },
  }
}

/** Asks the database through the services, in another process: this one has its own data directory. */
const readUser = async (password: string): Promise<Record<string, unknown>> => {
  const script = `
    import { findUsers } from './src/server/users/service'
    import { verifyPassword } from './src/server/auth/password'
    const [user] = await findUsers(${JSON.stringify(name)})
    console.log(JSON.stringify({ ...user, fits: await verifyPassword(${JSON.stringify(password)}, user.passwordHash) }))
    process.exit(0)`
  const child = Bun.spawn([process.execPath, '-e', script], { cwd: root, env, stderr: 'inherit' })
  return JSON.parse(await new Response(child.stdout).text())
}

let running: ReturnType<typeof startProgram>
beforeAll(() => {
  running = startProgram()
})
afterAll(async () => {
  running.program.kill()
  await running.program.exited
  running.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('a new user is made by keys, with the mistakes that people make', async () => {
  const { type } = running
  const start = await type('', '1 Users', 'n new user', 'q quit')
  expect(start.split('\n')).toHaveLength(24)
  // Typed ahead without waiting for the form.
  await type(`n${name}\tann@example.org\tshort`, 'New user', name, 'ann@example.org', '•••••')
  expect(running.seen.read()).not.toContain('short')
  await type('\rshirt\r', 'Administrator', ' yes')
  await type('\r', 'The two are not the same.')
  await type('\x15short\r\r', 'This password is too short.')
  await type('\x15a good secret\r\x15a good secret\r\r', `User “${name}” was made.`)
  await type('/', 'filter:')
  const found = await type(`${name}\r`, `Users /${name}`, `│${name}`, 'active', '1 of')
  expect(found).toContain('user  active   never')
  expect(await readUser('a good secret')).toMatchObject({
    username: name,
    email: 'ann@example.org',
    isActive: true,
    isSuperuser: false,
    fits: true,
  })
})

test('what endangers somebody is asked first and done on a yes', async () => {
  const { type, typeUntil } = running
  await type('d', `Deactivate “${name}”?`, 'y yes')
  await type('n', 'Nothing was changed.')
  await type('d', `Deactivate “${name}”?`)
  await type('y', `“${name}” was deactivated.`, 'inactive never')
  expect(await readUser('')).toMatchObject({ isActive: false })
  await type('d', '“deactivate” does not apply to this row.')
  await type('p', 'New password of', 'Once more')
  await type('another secret\ranother secret\r', `“${name}” has a new password`)
  expect(await readUser('another secret')).toMatchObject({ isActive: false, fits: true })
  await type('a', 'can sign in again')
  await typeUntil('m', (screen) => screen.includes(`Make “${name}” an administrator?`))
  await type('y', 'is an administrator now.', 'admin active')
  expect(await readUser('')).toMatchObject({ isActive: true, isSuperuser: true })
})

test('help, commands and the other panes', async () => {
  const { type, typeUntil } = running
  await type('?', '─ Help ─', 'unmake admin', 'Everywhere')
  await typeUntil('\x1b', (screen) => !screen.includes('─ Help ─'))
  await type(':nonsense\r', '“:nonsense” is no command')
  await type(':que\r', '─ Queues ─', 'annotation', 'consensus')
  await type('4', '─ Storage ─', 'cache')
  await type('2', '─ Organizations ─')
  await type('n', 'New organization')
  await typeUntil(`${name.slice(-8)}\r\r${name}`, (screen) => new RegExp(`Owner +${name}`).test(screen))
  await type('\r', `${name} owns it.`, 'owner')
})

test('quitting gives the terminal back and ends with 0', async () => {
  expect(running.seen.isAlternate()).toBe(true)
  expect(running.seen.isCursorShown()).toBe(false)
  await running.typeUntil(':quit\r', () => !running.seen.isAlternate())
  expect(await running.program.exited).toBe(0)
  expect(running.seen.isCursorShown()).toBe(true)
})

test('a signal gives the terminal back, too', async () => {
  const other = startProgram()
  await other.type('', 'q quit')
  other.program.kill('SIGTERM')
  expect(await other.program.exited).toBe(143)
  await other.typeUntil('', () => !other.seen.isAlternate() && other.seen.isCursorShown())
  other.close()
})

test.each([
  ['an error that nobody catches', "setTimeout(() => { throw new Error('boom') })", 'xterm-256color'],
  ['a promise that nobody awaits', "Promise.reject(new Error('boom'))", 'xterm-256color'],
  ['an error on a Linux console', "setTimeout(() => { throw new Error('boom') })", 'linux'],
])('%s gives the terminal back and is told', async (_, crash, TERM) => {
  const script = `process.stdin.on('data', (bytes) => { if (String(bytes) === 'x') ${crash} }); await import('./src/admin-tui/console-entry')`
  const other = startProgram([process.execPath, '-e', script], { TERM })
  await other.type('', 'q quit')
  await other.typeUntil('x', (screen) => screen.includes('boom') && !other.seen.isAlternate() && other.seen.isCursorShown())
  expect(await other.program.exited).toBe(1)
  other.close()
})

test('without a terminal it says what to use instead', async () => {
  const child = Bun.spawn(entry, { env, stdin: 'ignore', stderr: 'pipe' })
  expect(await new Response(child.stderr).text()).toContain('annolith admin needs a terminal')
  expect(await child.exited).toBe(1)
})
