// The real panes against the real services: what their actions change, and that their keys are not taken twice.
import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app, createBareTask, createPerson } from '../../tests/api'
import { verifyPassword } from '../server/auth/service'
import { config, explainConfig, setConfig } from '../server/config'
import { add, type Chore, get, work } from '../server/queue/queue'
import { getRequest, runRequest, startRequest } from '../server/requests/service'
import { StorageError } from '../server/storage/storage'
import { actAsConsole, findUserByName, findUsers } from '../server/users/service'
import { detailsBindings, listBindings } from './bindings'
import { listCommands } from './commands'
import { describeError } from './describe-error'
import { drawDetailLines } from './draw-pane'
import { createLocalApi } from './local-api'
import type { Pane, Undo } from './pane'
import { createPanes } from './panes'
import { startState } from './state'

const panes = createPanes(createLocalApi((request) => app.handle(request)))
const mark = crypto.randomUUID().slice(0, 8)
const paneOf = (name: string): Pane => panes.find((pane) => pane.name === name)!
const actionOf = (pane: string, key: string) => paneOf(pane).actions.find((action) => action.key === key)!
const rowsOf = async (pane: string, filter = ''): Promise<any[]> => (await paneOf(pane).load(filter)).rows
const findRow = async (pane: string, holds: string) =>
  (await rowsOf(pane)).find(
    (row) => paneOf(pane).columns.some(({ show }) => show(row) === holds) || paneOf(pane).id(row) === holds,
  )
const readDetails = async (pane: string, row: unknown) =>
  drawDetailLines(await paneOf(pane).details(row), 200)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n')
const run = (pane: string, key: string, row: unknown, values: Record<string, string> = {}) => actionOf(pane, key).run(row, values)
const prepare = (pane: string, key: string, row?: unknown) => actionOf(pane, key).prepare!(row, [row])
const failure = (work: Promise<unknown>) => work.then(() => expect.unreachable(), describeError)

const person = await createPerson({ superuser: true })

const scratch = mkdtempSync(join(tmpdir(), 'annolith-panes-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

test.each(panes.map((pane) => [pane.name, pane] as const))('keys and names of %s are free and taken once', (_, pane) => {
  const general = [...listBindings, ...detailsBindings].flatMap(({ keys }) => keys)
  const own = pane.actions.map(({ key }) => key)
  expect(own.filter((key) => general.includes(key))).toEqual([])
  expect(new Set(own).size).toBe(own.length)
  const state = { ...startState(panes, { columns: 80, rows: 24 }), current: pane.name }
  const names = listCommands(state).map(({ name }) => name)
  expect(names.toSorted()).toEqual([...new Set(names)].sort())
})

test.each(panes.map((pane) => [pane.name, pane] as const))('%s loads, and describes its rows', async (_, pane) => {
  const { rows } = await pane.load('')
  for (const row of rows.slice(0, 20)) {
    for (const { show } of pane.columns) expect(typeof show(row)).toBe('string')
    expect((await pane.details(row)).length).toBeGreaterThan(0)
  }
})

describe('users', () => {
  const username = `pane-${mark}`
  const create = (values: Record<string, string>) =>
    run('users', 'n', undefined, { username, email: 'A@example.org', password: 'a good secret', superuser: 'no', ...values })
  const row = () => findRow('users', username)

  test('a refusal is told by field', async () => {
    expect((await failure(create({ password: '123' }))).fields.password).toContain('too short')
    expect(Object.keys((await failure(create({ username: 'no spaces allowed' }))).fields)).toEqual(['username'])
  })
  test('are made, changed, shown, and changed back', async () => {
    const { select } = await create({})
    expect(String((await row()).id)).toBe(select!)
    const { undo } = await run('users', 'd', await row())
    expect(await readDetails('users', await row())).toContain('inactive: cannot sign in')
    expect(actionOf('users', 'd').isOffered!(await row())).toBe(false)
    await undo!.run()
    expect(await row()).toMatchObject({ is_active: true })
    await run('users', 'd', await row())
    await run('users', 'a', await row())
    const made = await run('users', 'm', await row())
    expect(await row()).toMatchObject({ is_active: true, is_superuser: true })
    await made.undo!.run()
    expect(await row()).toMatchObject({ is_superuser: false })
    await run('users', 'p', await row(), { password: 'quite another one' })
    expect(await verifyPassword('quite another one', (await findUserByName(username))!.passwordHash)).toBe(true)
  })
  test('taking the last administrator away is warned about, and refused', async () => {
    const admins = (await findUsers()).filter(({ isSuperuser, isActive }) => isSuperuser && isActive)
    const rows = (await rowsOf('users')).filter(({ id }) => admins.some((admin) => admin.id === id))
    const all = await actionOf('users', 'u').prepare!(rows[0], rows)
    expect(all).toMatchObject({ kind: 'question', warning: expect.stringContaining('last active administrator') })
    const one = await actionOf('users', 'u').prepare!(rows[0], [rows[0]])
    expect('warning' in one && one.warning !== undefined).toBe(admins.length === 1)
  })
  test('are removed only after their name was typed', async () => {
    const other = `gone-${mark}`
    await create({ username: other })
    expect(await prepare('users', 'X', await findRow('users', other))).toMatchObject({ kind: 'question', typed: other })
    await run('users', 'X', await findRow('users', other))
    expect(await findUserByName(other)).toBeUndefined()
  })
})

test('organizations are made, get members with roles, and everything is undone', async () => {
  const username = `pane-${mark}`
  await run('organizations', 'n', undefined, { slug: mark, name: 'Name', owner: username })
  const second = `second-${mark}`
  await run('users', 'n', undefined, { username: second, email: '', password: 'a good secret', superuser: 'no' })
  const offered = await prepare('members', 'a')
  expect(offered.kind === 'form' && offered.fields[1]!.options!.includes(second)).toBe(true)
  await run('members', 'a', undefined, { slug: mark, username: second, role: 'worker' })
  const member = async () => (await rowsOf('members')).find(({ user, slug }) => slug === mark && user.username === second)
  const changed = await run('members', 'r', await member(), { role: 'maintainer' })
  const details = await readDetails('organizations', await findRow('organizations', mark))
  expect(details).toContain('2 members')
  expect(details).toMatch(new RegExp(`owner +${username}`))
  expect(details).toMatch(new RegExp(`maintainer +${second}`))
  expect(await readDetails('users', await findRow('users', second))).toMatch(new RegExp(`maintainer +${mark}`))
  await changed.undo!.run()
  expect((await member()).role).toBe('worker')
  const taken = await run('members', 'd', await member())
  expect(await member()).toBeUndefined()
  await taken.undo!.run()
  expect((await member()).role).toBe('worker')
  await run('members', 'o', await member())
  expect((await findRow('organizations', mark)).owner.username).toBe(second)
  const again = await failure(run('organizations', 'n', undefined, { slug: mark, owner: username }))
  expect(again.fields.slug).toContain('already exists')
  const renamed = await run('organizations', 'e', await findRow('organizations', mark), { slug: `${mark}x`, name: 'N' })
  expect(await findRow('organizations', `${mark}x`)).toBeDefined()
  await renamed.undo!.run()
  expect(await findRow('organizations', mark)).toBeDefined()
})

test('jobs get people, states and stages, tasks and projects go', async () => {
  const { id, jobs } = await createBareTask(person, { segmentSize: 5 })
  const job = async () => (await rowsOf('jobs', `task:#${id}`)).find((one) => one.id === jobs[0]!.id)
  expect(await rowsOf('jobs', `task:#${id}`)).toHaveLength(2)
  const undos: Undo[] = []
  const change = async (key: string, values: Record<string, string>) =>
    undos.unshift((await run('jobs', key, await job(), values)).undo!)
  await change('a', { username: person.username })
  // A new stage begins with a new state.
  await change('e', { stage: 'acceptance' })
  await change('s', { state: 'completed' })
  expect(await job()).toMatchObject({ assignee: { username: person.username }, state: 'completed', stage: 'acceptance' })
  for (const undo of undos) await undo.run()
  expect(await job()).toMatchObject({ assignee: null, state: 'new', stage: 'annotation' })
  const task = (await rowsOf('tasks')).find((one) => one.id === id)
  expect(paneOf('tasks').actions.find(({ key }) => key === 't')!.goTo!(task)).toEqual({ pane: 'jobs', filter: `task:#${id}` })
  expect(await prepare('tasks', 'X', task)).toMatchObject({ typed: String(id) })
  await run('tasks', 'X', task)
  expect((await rowsOf('tasks')).some((one) => one.id === id)).toBe(false)
})

test('a failed request is shown with its error, tried again, and cancelled', async () => {
  const [user] = await findUsers(`pane-${mark}`)
  const id = `action=export&target=task&target_id=1&mark=${mark}`
  const { key } = await startRequest(user!.id, { id, action: 'export', target: 'task', chore: 'export-dataset' })
  const ran = Promise.withResolvers<void>()
  const doWork = async (chore: Chore) => {
    if (chore.id !== key) return
    await runRequest(id, async () => {
      throw new StorageError('no room on the disk')
    })
    ran.resolve()
  }
  const worker = await work(doWork, { lanes: ['export'], concurrency: 1 })
  await ran.promise
  await worker.stop()
  const row = (choreId: string) => findRow('queues', choreId)
  const details = await readDetails('queues', await row(key))
  expect(details).toMatch(/State +failed/)
  expect(details).toContain('no room on the disk')
  expect(details).toContain(id)
  expect(actionOf('queues', 'c').isOffered!(await row(key))).toBe(false)
  const { counters } = await paneOf('queues').load('')
  const lane = counters!.find(({ label }) => label === 'export')!
  expect(lane.values.find(({ label }) => label === 'failed')!.value).toBeGreaterThan(0)
  await run('queues', 'r', await row(key))
  expect(actionOf('queues', 'r').isOffered!(await row(key))).toBe(false)
  const again = await getRequest(actAsConsole(), id)
  expect(again).toMatchObject({ status: 'queued' })
  expect(await get(again.key)).toMatchObject({ state: 'waiting', name: 'export-dataset' })
  const waiting = await row(again.key)
  await run('queues', 'c', waiting)
  expect(await get(again.key)).toBeUndefined()
  expect(await getRequest(actAsConsole(), id).catch(({ status }) => status)).toBe(404)
  expect((await failure(run('queues', 'c', waiting))).text).toContain('Not found')
})

test('a chore that failed without a request is run again under its own id', async () => {
  const id = `failing-${mark}`
  await add('scan-watch', { watchId: 0 }, { id })
  const failed = Promise.withResolvers<void>()
  const doWork = async () => {
    throw new Error('broken for good')
  }
  const onFailed = (chore: Chore) => (chore.id === id ? failed.resolve() : undefined)
  const worker = await work(doWork, { lanes: ['cleanup'], concurrency: 1, onFailed })
  await failed.promise
  await worker.stop()
  const row = () => findRow('queues', id)
  expect(await row()).toMatchObject({ state: 'failed', error: 'broken for good', can_retry: true })
  await run('queues', 'r', await row())
  expect(await row()).toMatchObject({ state: 'waiting', attempts: 0 })
  await run('queues', 'c', await row())
  expect(await get(id)).toBeUndefined()
})

test('storage measures files, and frees what can be made again', async () => {
  await Bun.write(`${config().dataDir}/cache/media/${mark}/a.bin`, new Uint8Array(5000))
  await run('storage', 'm', undefined)
  const cache = await findRow('storage', 'cache')
  expect(cache.bytes).toBeGreaterThanOrEqual(5000)
  expect((await paneOf('storage').load('')).note?.text).toContain('% used')
  expect(await prepare('storage', 'c')).toMatchObject({ kind: 'question' })
  expect((await run('storage', 'c', undefined)).said).toMatch(/ in \d+ files? were freed\.$/)
  expect((await findRow('storage', 'cache')).bytes).toBeLessThan(cache.bytes)
})

test('options say where they come from, and hide the password', async () => {
  const option = await findRow('configuration', 'password_hasher')
  expect(paneOf('configuration').columns[2]!.show(option)).toBe('variable')
  expect(await readDetails('configuration', option)).toContain('set by ANNOLITH_PASSWORD_HASHER')
  expect((await findRow('configuration', 'admin_password')).value).toBe('')
  const withPassword = explainConfig({ ...config(), admin_password: 'secret' })
  expect(withPassword.find(({ key }) => key === 'admin_password')!.value).toBe('***')
})

test('webhooks are switched, asked, and their deliveries sent again', async () => {
  const hits: string[] = []
  const receiver = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      hits.push(await request.text())
      return new Response('thanks')
    },
  })
  const before = config()
  setConfig({ ...before, outbound_allow: ['127.0.0.1'] })
  try {
    const project = (await person.call('POST', '/api/projects', { body: { name: mark, labels: [] } })).json
    const body = {
      target_url: `http://127.0.0.1:${receiver.port}/`,
      type: 'project',
      project_id: project.id,
      events: ['update:project'],
      content_type: 'application/json',
    }
    const { json } = await person.call('POST', '/api/webhooks', { body })
    const row = async () => (await rowsOf('webhooks')).find(({ id }) => id === json.id)
    expect((await run('webhooks', 'p', await row())).said).toContain('answers with 200')
    const deliveries = await rowsOf('deliveries', `webhook:${json.id}`)
    expect(deliveries).toHaveLength(1)
    await run('deliveries', 'r', deliveries[0])
    expect(hits).toHaveLength(2)
    const off = await run('webhooks', 'd', await row())
    expect((await row()).is_active).toBe(false)
    await off.undo!.run()
    expect((await row()).is_active).toBe(true)
    await receiver.stop(true)
    expect((await failure(run('webhooks', 'p', await row()))).text).toContain('does not answer')
    await run('webhooks', 'X', await row())
    expect(await row()).toBeUndefined()
  } finally {
    setConfig(before)
    await receiver.stop(true)
  }
})

test('a backup is made and checked', async () => {
  const before = config()
  expect((await failure(Promise.resolve(prepare('backups', 'b')))).text).toContain('Set backup_target')
  setConfig({ ...before, backup_target: join(scratch, 'backups') })
  const ended = async (): Promise<any> => {
    const { note, rows } = await paneOf('backups').load('')
    if (note!.tone !== 'accent') return { note: note!.text, row: rows[0] }
    await Bun.sleep(20)
    return ended()
  }
  try {
    expect((await paneOf('backups').load('')).note?.text).toContain('no backup yet')
    await run('backups', 'b', undefined)
    const made = await ended()
    expect(made.note).toStartWith('Done: ')
    await run('backups', 'c', made.row)
    expect((await ended()).row.verified).toBe('whole')
  } finally {
    setConfig(before)
  }
})

test('ways in are listed and ended', async () => {
  const { json } = await person.call('POST', '/api/auth/access_tokens', { body: { name: `token ${mark}` } })
  const row = await findRow('access', `token ${mark}`)
  expect(row).toMatchObject({ kind: 'token', user: { username: person.username } })
  await run('access', 'd', row)
  const { status } = await person.call('GET', '/api/users/self', { headers: { authorization: `Bearer ${json.value}` } })
  expect(status).toBe(401)
})

test('what was done is in the audit log, by the console', async () => {
  const events = await rowsOf('audit', 'console')
  const scopes = new Set(events.filter(({ user_name }) => user_name === 'console').map(({ scope }) => scope))
  for (const scope of ['create:user', 'update:user', 'create:membership', 'update:job', 'delete:task', 'delete:accesstoken'])
    expect([...scopes]).toContain(scope)
})

test('the doctor asks, and what he finds is sorted by how bad it is', async () => {
  const ended = async (): Promise<any[]> => {
    const { rows, note } = await paneOf('health').load('')
    return note!.text.includes('asking') ? Bun.sleep(50).then(ended) : rows
  }
  const rows = await ended()
  const ranks = rows.map(({ state }) => ['failed', 'warning', 'ok', 'skipped'].indexOf(state))
  expect(ranks).toEqual(ranks.toSorted())
  expect(rows.length).toBeGreaterThan(10)
  const well = rows.find(({ state, can_fix }) => state === 'ok' && !can_fix)
  expect(actionOf('health', 'm').isOffered!(well)).toBe(false)
})
