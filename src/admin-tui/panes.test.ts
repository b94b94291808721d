// The real panes against the real services: what their actions change, and that their keys are not taken twice.
import { beforeAll, describe, expect, test } from 'bun:test'
import { verifyPassword } from '../server/auth/service'
import { config, explainConfig, prepareDataDir } from '../server/config'
import { migrate } from '../server/db/migrate'
import { type Chore, get, work } from '../server/queue/queue'
import { getRequest, runRequest, startRequest } from '../server/requests/service'
import { StorageError } from '../server/storage/storage'
import { findUsers } from '../server/users/service'
import { detailsBindings, listBindings } from './bindings'
import { describeError } from './describe-error'
import { drawDetailLines } from './draw-pane'
import type { Pane } from './pane'
import { panes } from './panes'
import { administrator } from './read-queue'

const mark = crypto.randomUUID().slice(0, 8)
const paneOf = (name: string): Pane => panes.find((pane) => pane.name === name)!
const actionOf = (pane: string, key: string) => paneOf(pane).actions.find((action) => action.key === key)!
const findRow = async (pane: string, holds: string) =>
  (await paneOf(pane).load('')).rows.find(
    (row) => paneOf(pane).columns.some(({ show }) => show(row) === holds) || paneOf(pane).id(row) === holds,
  )
const readDetails = async (pane: string, row: unknown) =>
  drawDetailLines(await paneOf(pane).details(row), 200)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n')

beforeAll(async () => {
  prepareDataDir(config())
  await migrate()
})

test.each(panes.map((pane) => [pane.name, pane] as const))('keys of %s are free and taken once', (_, pane) => {
  const general = [...listBindings, ...detailsBindings].flatMap(({ keys }) => keys)
  const own = pane.actions.map(({ key }) => key)
  expect(own.filter((key) => general.includes(key))).toEqual([])
  expect(new Set(own).size).toBe(own.length)
})

describe('users', () => {
  const username = `pane-${mark}`
  const create = (values: Record<string, string>) =>
    actionOf('users', 'n').run(undefined, {
      username,
      email: 'A@example.org',
      password: 'a good secret',
      superuser: 'no',
      ...values,
    })

  test('a refusal is told by field', async () => {
    const error = await create({ password: '123' }).catch((reason) => reason)
    expect(describeError(error).fields.password).toContain('too short')
    const taken = await create({ username: 'no spaces allowed' }).catch((reason) => reason)
    expect(Object.keys(describeError(taken).fields)).toEqual(['username'])
  })
  test('are made, changed and shown', async () => {
    const { select } = await create({})
    const row = async () => (await findRow('users', username)) as Awaited<ReturnType<typeof findUsers>>[number]
    expect(String((await row()).id)).toBe(select!)
    await actionOf('users', 'd').run(await row(), {})
    expect(await readDetails('users', await row())).toContain('inactive: cannot sign in')
    expect(actionOf('users', 'd').isOffered!(await row())).toBe(false)
    await actionOf('users', 'a').run(await row(), {})
    await actionOf('users', 'm').run(await row(), {})
    expect(await row()).toMatchObject({ isActive: true, isSuperuser: true })
    await actionOf('users', 'p').run(await row(), { password: 'quite another one' })
    expect(await verifyPassword('quite another one', (await row()).passwordHash)).toBe(true)
  })
  test('taking the last administrator away is warned about', async () => {
    const admins = (await findUsers()).filter(({ isSuperuser, isActive }) => isSuperuser && isActive)
    const preparation = await actionOf('users', 'u').prepare!((await findRow('users', username)) as never)
    const isLast = admins.length === 1
    expect(preparation).toMatchObject({ kind: 'question', text: expect.stringContaining(username) })
    expect('warning' in preparation && preparation.warning !== undefined).toBe(isLast)
  })
})

test('organizations are made, and get members with roles', async () => {
  const username = `pane-${mark}`
  await actionOf('organizations', 'n').run(undefined, { slug: mark, name: 'Name', owner: username })
  const row = () => findRow('organizations', mark)
  const second = `second-${mark}`
  await actionOf('users', 'n').run(undefined, { username: second, email: '', password: 'a good secret', superuser: 'no' })
  const offered = await actionOf('organizations', 'a').prepare!((await row()) as never)
  const options = offered.kind === 'form' ? offered.fields[0]!.options! : []
  expect(options).toContain(second)
  expect(options).not.toContain(username)
  await actionOf('organizations', 'a').run(await row(), { username: second, role: 'worker' })
  await actionOf('organizations', 'r').run(await row(), { username: second, role: 'maintainer' })
  const details = await readDetails('organizations', await row())
  expect(details).toContain('2 members')
  expect(details).toMatch(new RegExp(`owner +${username}`))
  expect(details).toMatch(new RegExp(`maintainer +${second}`))
  expect(await readDetails('users', await findRow('users', second))).toMatch(new RegExp(`maintainer +${mark}`))
  const again = await actionOf('organizations', 'n')
    .run(undefined, { slug: mark, owner: username })
    .catch((reason) => reason)
  expect(describeError(again).fields.slug).toContain('already exists')
})

test('a failed request is shown with its error, tried again, and cancelled', async () => {
  const [user] = await findUsers(`pane-${mark}`)
  const id = `action=export&target=task&target_id=1&mark=${mark}`
  const { key } = await startRequest(user!.id, { id, action: 'export', target: 'task', chore: 'export-dataset' })
  const ran = Promise.withResolvers<void>()
  const run = async (chore: Chore) => {
    if (chore.id !== key) return
    await runRequest(id, async () => {
      throw new StorageError('the disk is full')
    })
    ran.resolve()
  }
  const working = await work(run, { lanes: ['export'], concurrency: 1 })
  await ran.promise
  await working.stop()
  const row = (choreId: string) => findRow('queues', choreId)
  const details = await readDetails('queues', await row(key))
  expect(details).toMatch(/State +failed/)
  expect(details).toContain('the disk is full')
  expect(details).toContain(id)
  expect(actionOf('queues', 'c').isOffered!((await row(key)) as never)).toBe(false)
  const countOf = async (label: string) =>
    (await paneOf('queues').load(''))
      .counters!.find((counter) => counter.label === 'export')!
      .values.find((value) => value.label === label)!.value
  expect(await countOf('failed')).toBeGreaterThanOrEqual(1)

  await actionOf('queues', 'r').run(await row(key), {})
  const again = await getRequest(administrator, id)
  expect(again).toMatchObject({ status: 'queued', startedDate: null, expiryDate: null, userId: user!.id })
  expect((await get(again.key))?.state).toBe('waiting')
  expect(await countOf('waiting')).toBeGreaterThanOrEqual(1)
  expect(actionOf('queues', 'r').isOffered!((await row(key)) as never)).toBe(false)

  const waiting = await row(again.key)
  await actionOf('queues', 'c').run(waiting, {})
  expect(await get(again.key)).toBeUndefined()
  expect(await getRequest(administrator, id).catch(({ status }) => status)).toBe(404)
  const late = await actionOf('queues', 'c')
    .run(waiting, {})
    .catch((reason) => reason)
  expect(describeError(late).text).toContain('does not wait any more')
})

test('a chore that failed without a request is run again under its own id', async () => {
  const id = `failing-${mark}`
  const chore = { id, name: 'cleanup', payload: {}, state: 'failed', isObsolete: false }
  await actionOf('queues', 'r').run(chore, {})
  expect((await get(id))?.state).toBe('waiting')
  await actionOf('queues', 'c').run(await findRow('queues', id), {})
  expect((await get(id))?.state).not.toBe('waiting')
})

test('storage measures files, settings hide the password', async () => {
  await Bun.write(`${config().dataDir}/results/${mark}/a.bin`, new Uint8Array(5000))
  const results = (await findRow('storage', 'results')) as { bytes: number; files: number }
  expect(results.bytes).toBeGreaterThanOrEqual(5000)
  expect(results.files).toBeGreaterThanOrEqual(1)
  expect(await readDetails('storage', results)).toContain('Free')
  const settings = (await paneOf('settings').load('')).rows as { key: string; value: string }[]
  expect(settings.find(({ key }) => key === 'admin_password')!.value).toBe('')
  const withPassword = explainConfig({ ...config(), admin_password: 'secret' })
  expect(withPassword.find(({ key }) => key === 'admin_password')!.value).toBe('***')
})
