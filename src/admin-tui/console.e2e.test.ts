// The whole console in a pseudo-terminal on a data directory of its own: a person makes, changes and finds a user by keys.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entry, root, startTerminal, type Terminal } from './console-terminal'

setDefaultTimeout(120_000)

const dataDir = mkdtempSync(join(tmpdir(), 'annolith-console-'))
const { ANNOLITH_NATIVE_DIR: _, ...inherited } = process.env
const env = {
  ...inherited,
  ANNOLITH_DATA_DIR: dataDir,
  ANNOLITH_BACKUP_TARGET: join(dataDir, 'kept'),
  TERM: 'xterm-256color',
  LANG: 'C',
  NO_COLOR: '',
}
const name = `c${crypto.randomUUID().slice(0, 8)}`

const startProgram = (command = entry, more: Record<string, string> = {}) => startTerminal(command, { ...env, ...more })

/** Runs a script on the data directory of the console, in another process: this one has its own. */
const runScript = async (script: string): Promise<string> => {
  const child = Bun.spawn([process.execPath, '-e', script], { cwd: root, env, stderr: 'inherit' })
  return new Response(child.stdout).text()
}

/** Asks the database through the services, in another process: this one has its own data directory. */
const readUser = async (password: string): Promise<Record<string, unknown>> => {
  const script = `
    import { findUsers } from './src/server/users/service'
    import { verifyPassword } from './src/server/auth/password'
    const [user] = await findUsers(${JSON.stringify(name)})
    console.log(JSON.stringify({ ...user, fits: await verifyPassword(${JSON.stringify(password)}, user.passwordHash) }))
    process.exit(0)`
  return JSON.parse(await runScript(script))
}

let running: Terminal
beforeAll(() => {
  running = startProgram()
})
afterAll(async () => {
  await running.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('a new user is made by keys, with the mistakes that people make', async () => {
  const { type } = running
  const start = await type('', '1 Overview', 'Latency, 99 %', 'no server runs', 'q quit')
  expect(start.split('\n')).toHaveLength(24)
  await type('2', '─ Users ─', 'n new user')
  // Typed ahead without waiting for the form.
  await type(`n${name}\tann@example.org\tshort`, 'New user', name, 'ann@example.org', '•••••')
  expect(running.seen.read()).not.toContain('short')
  await type('\rshirt\r', 'Administrator', ' yes')
  await type('\r', 'The two are not the same.')
  await type('\x15short\r\r', 'This password is too short.')
  await type('\x15a good secret\r\x15a good secret\r\r', `User “${name}” was made.`)
  await type('/', 'filter:')
  const found = await type(`${name}\r`, `Users /${name}`, `│ ${name}`, 'active', '1 of')
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

test('several users are marked, deactivated after a yes, and brought back', async () => {
  const { type, typeUntil, seen } = running
  for (const letter of ['a', 'b', 'c'])
    await type(`n${name}-${letter}\t\ta good secret\ta good secret\r\r`, `User “${name}-${letter}” was made.`)
  await type(`/${name}- state:active\r`, '3 of', `${name}-c`)
  await type('*', '3 marked of 3')
  await type('d', 'deactivate (3)', 'Deactivate 3 users?', 'y yes')
  await type('y', 'deactivate: 3 rows. z undoes it.', 'Nothing holds')
  await typeUntil('\x1b', (screen) => !screen.includes('─ Users /'))
  await typeUntil('z', (screen) => screen.includes('Undone: deactivate, 3 rows.') && !screen.includes('inactive'))
  // The order turns round with the title of its column, by the mouse as well.
  const isFirst = (letter: string) => (screen: string) => screen.split('\n')[3]!.includes(letter)
  await type(`/${name}-\r`, '3 of')
  await typeUntil('>', (screen) => screen.includes('User↑') && isFirst(`${name}-a`)(screen))
  await typeUntil('=', (screen) => screen.includes('User↓') && isFirst(`${name}-c`)(screen))
  running.click(4, 2)
  await typeUntil('', (screen) => screen.includes('User↑') && isFirst(`${name}-a`)(screen))
  running.click(6, 4)
  await typeUntil('', () => seen.read().includes(`─ ${name}-b ─`))
  await type('X', 'for good', `Type ${name}-b to go on:`)
  await type(`${name}-b\r`, `“${name}-b” was removed.`)
  await typeUntil('\x1b', (screen) => !screen.includes('─ Users /'))
})

test('help, commands and the other panes', async () => {
  const { type, typeUntil } = running
  await type('?', '─ Help ─', 'unmake admin', 'Everywhere')
  await typeUntil('\x1b', (screen) => !screen.includes('─ Help ─'))
  await type(':nonsense\r', '“:nonsense” is no command')
  await type(':back', ':backups', 'open Backups')
  await type('\x7f\x7f\x7f\x7fque\r', '─ Queues ─', 'annotation', 'consensus')
  await type('8', '─ Storage ─', 'cache')
  await type('3', '─ Organizations ─')
  await type('n', 'New organization')
  await typeUntil(`${name.slice(-8)}\r\r${name}`, (screen) => new RegExp(`Owner +${name}`).test(screen))
  await type('\r', `${name} owns it.`, 'owner')
  await type('m', '─ Members /organization:', 'owner')
  for (const [command, title, seen] of [
    [':audit', '─ Audit ─', 'create:organization'],
    [':config', '─ Configuration ─', 'password_hasher'],
    [':health', '─ Health ─', 'questions:'],
    [':log', '─ Log ─', 'has logged nothing'],
    [':clouds', '─ Cloud storages ─', 'No cloud storage'],
    [':models', '─ Models ─', 'There are no models'],
    [':webhooks', '─ Webhooks ─', 'webhooks'],
  ] as const)
    await type(`${command}\r`, title, seen)
})

test('a failed chore is run again, a waiting one is taken out', async () => {
  const { type } = running
  const id = `chore-${name}`
  await runScript(`
    import { add, closeQueue, work } from './src/server/queue/queue'
    const failed = Promise.withResolvers()
    await add('scan-watch', { watchId: 0 }, { id: '${id}' })
    const doWork = async () => { throw new Error('broken for good') }
    const onFailed = (chore) => chore.id === '${id}' && failed.resolve()
    const worker = await work(doWork, { lanes: ['cleanup'], concurrency: 1, onFailed })
    await failed.promise
    await worker.stop()
    await closeQueue()
    process.exit(0)`)
  await type(':queues error:broken\r', '─ Queues /error:broken ─', 'scan-watch', 'failed')
  await type('/', 'filter:')
  await type('\x15scan-watch\r', '─ Queues /scan-watch ─', 'broken for good')
  await type('r', 'waits to be run again.', 'waiting')
  await type('c', 'Take scan-watch out of the lane “cleanup”?')
  await type('y', 'was taken out of the queue.')
})

test('a backup is made and checked, caches are freed', async () => {
  const { type } = running
  await Bun.write(join(dataDir, 'cache/media/1/chunk.bin'), new Uint8Array(3_000_000))
  await type(':backups\r', '─ Backups ─', 'There is no backup here yet')
  await type('b', 'Make a backup in', 'y yes')
  await type('y', 'Done: ', 'Holds')
  await type('c', 'is whole', 'whole')
  await type(':storage\r', '─ Storage ─', 'cache')
  await type('c', 'Free the cache', 'y yes')
  await type('y', '2.9 MB in', 'were freed.')
  expect(await Bun.file(join(dataDir, 'cache/media/1/chunk.bin')).exists()).toBe(false)
})

test('only what changed is drawn, and Esc may be followed by a key at once', async () => {
  const { type, typeUntil, seen } = running
  await type(':users\r', '─ Users ─', name)
  await type('?', '─ Help ─')
  await type('\x1b3', '─ Organizations ─')
  const readClock = () => /\d\d:\d\d:\d\d\s*$/.exec(seen.read())?.[0]
  const untilNextSecond = (now = readClock()) => typeUntil('', () => readClock() !== now)
  await untilNextSecond()
  const before = seen.countWritten()
  for (let second = 0; second < 3; second++) await untilNextSecond()
  const after = seen.countWritten()
  expect(after.clears).toBe(before.clears)
  // A whole screen would be more than this each time.
  expect(after.bytes - before.bytes).toBeLessThan(80 * 24)
})

test('without colours and in ASCII', async () => {
  const other = startProgram([...entry, '--ascii'], { NO_COLOR: '1' })
  const screen = await other.type('', '1 Overview', '+- Requests -', 'q quit')
  expect(screen).toMatch(/^[\x20-\x7e\n]*$/)
  expect(other.seen.readColours()).toEqual([])
  await other.close()
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
  await other.typeUntil('', () => !other.seen.isAlternate() && other.seen.isCursorShown() && !other.seen.hasMouse())
  await other.close()
})

test.each([
  ['an error that nobody catches', "setTimeout(() => { throw new Error('boom') })", 'xterm-256color'],
  ['a promise that nobody awaits', "Promise.reject(new Error('boom'))", 'xterm-256color'],
  ['an error on a Linux console', "setTimeout(() => { throw new Error('boom') })", 'linux'],
])('%s gives the terminal back and is told', async (_, crash, TERM) => {
  const script = `process.stdin.on('data', (bytes) => { if (String(bytes) === 'x') ${crash} }); process.argv = ['bun', 'main.ts', 'admin']; await import('./src/main')`
  const other = startProgram([process.execPath, '-e', script], { TERM })
  await other.type('', 'q quit')
  await other.typeUntil('x', (screen) => screen.includes('boom') && !other.seen.isAlternate() && other.seen.isCursorShown())
  expect(await other.program.exited).toBe(1)
  await other.close()
})

test('without a terminal it says what to use instead', async () => {
  const child = Bun.spawn(entry, { env, stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' })
  expect(await new Response(child.stderr).text()).toContain('annolith admin needs a terminal')
  expect(await child.exited).toBe(1)
})
