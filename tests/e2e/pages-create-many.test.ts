// Several tasks at once in a real browser: names by a template, progress one by one, failures that stop nothing, cancelling, trying again.
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Route } from 'playwright-core'
import sharp from 'sharp'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText } from './pages-fixture.ts'

setDefaultTimeout(90_000)

const base = mkdtempSync(join(tmpdir(), 'annolith-pages-many-'))
const share = join(base, 'share')
const own = join(base, 'own')
const clip = join(import.meta.dir, '../../public/demo/bigbuckbunny.mp4')

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let project = 0

const put = async (path: string) => {
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#5a8' } })
  await Bun.write(path, await picture.png().toBuffer())
}

beforeAll(async () => {
  mkdirSync(share, { recursive: true })
  for (const name of ['clips/a.mp4', 'clips/b.mp4', 'alone.mp4']) await Bun.write(join(share, name), Bun.file(clip))
  for (const name of ['stills/1.png', 'stills/2.png', 'loose.png']) await put(join(share, name))
  for (const name of ['days/monday/1.png', 'days/monday/2.png', 'days/tuesday/1.png']) await put(join(own, name))
  pages = await openPages({ env: { ANNOLITH_SHARE_DIR: share } })
  ;({ page, client, byId, open } = pages)
  project = (await client.send('POST', '/api/projects', { name: 'Many', labels: [{ name: 'car' }] })).id
})
afterAll(async () => {
  await pages?.close()
  rmSync(base, { recursive: true, force: true })
})

const line = (path: string) => page.locator(`li[data-path="${path}"]`)
const rows = () => byId('many-row')
const statesOf = () => rows().evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.state))
const namesOf = async (): Promise<string[]> =>
  (await client.get(`/api/tasks?project_id=${project}&page_size=all&sort=id`)).results.map(({ name }: any) => name)
const video = async (name: string) => ({ name, mimeType: 'video/mp4', buffer: Buffer.from(await Bun.file(clip).bytes()) })
const countText = (count: number) => `Submit ${count} tasks`

beforeEach(async () => {
  // No page that shows pictures of tasks while those are deleted.
  await open('/about')
  for (const { id } of (await client.get(`/api/tasks?project_id=${project}&page_size=all`)).results)
    await client.send('DELETE', `/api/tasks/${id}`)
  await open(`/tasks/create?project_id=${project}`)
  await byId('task-many').check()
})

test('one task per video: the name is shown live, bad extensions are named, a bad file stops none of the others', async () => {
  await until(() => byId('task-name').inputValue(), '{{file_name}}')
  await byId('task-name').fill('Cam {{index}}: {{file_name}}')
  await byId('task-files').setInputFiles([
    await video('first.mp4'),
    { name: 'broken.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no video at all') },
    await video('last.mp4'),
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
  ])
  await untilText(byId('task-name-example'), 'Cam 0: first.mp4')
  await untilText(byId('task-submit-many'), countText(3))
  await byId('task-submit-many').click()
  await untilText(byId('task-error'), '.txt (notes.txt)')
  await byId('task-file-list').locator('[data-name="notes.txt"]').getByRole('button').click()
  await byId('task-submit-many').click()
  await until(statesOf, ['done', 'failed', 'done'])
  await untilText(rows().nth(1), 'broken.mp4')
  await untilText(byId('many-count'), '2 of 3 done, 1 failed')
  expect(await namesOf()).toEqual(['Cam 0: first.mp4', 'Cam 2: last.mp4'])
  await byId('many-ok').click()
  await page.waitForURL(`${pages.server.url}/projects/${project}`)
})

/** Lets the making of tasks wait until `release` is called; `begun` counts those that wait or waited. */
const holdTasks = async () => {
  const gate = Promise.withResolvers<void>()
  const held = { begun: 0, release: gate.resolve }
  await page.route('**/api/tasks', async (route: Route) => {
    if (route.request().method() === 'POST') {
      held.begun++
      await gate.promise
    }
    await route.continue()
  })
  return held
}

test('what waits is cancelled and made after all; closing the tab asks while uploads run', async () => {
  await byId('task-files').setInputFiles(await Promise.all(['a', 'b', 'c', 'd'].map((name) => video(`${name}.mp4`))))
  await untilText(byId('task-submit-many'), countText(4))
  const held = await holdTasks()
  await byId('task-submit-many').click()
  await until(() => held.begun, 2)
  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await byId('many-cancel').click()
  await until(statesOf, ['uploading', 'uploading', 'cancelled', 'cancelled'])
  held.release()
  await until(statesOf, ['done', 'done', 'cancelled', 'cancelled'])
  expect(held.begun).toBe(2)
  await byId('many-retry-cancelled').click()
  await until(statesOf, ['done', 'done', 'done', 'done'])
  await page.unroute('**/api/tasks')
  expect((await namesOf()).toSorted()).toEqual(['a.mp4', 'b.mp4', 'c.mp4', 'd.mp4'])
})

test('what failed is tried again', async () => {
  let refused = 0
  await page.route('**/api/tasks', async (route) => {
    if (route.request().postDataJSON()?.name === 'two.mp4' && !refused++)
      await route.fulfill({ status: 400, json: { name: ['Not now.'] } })
    else await route.continue()
  })
  await byId('task-files').setInputFiles([await video('one.mp4'), await video('two.mp4')])
  await untilText(byId('task-submit-many'), countText(2))
  await byId('task-submit-many').click()
  await until(statesOf, ['done', 'failed'])
  await untilText(rows().nth(1), 'Not now.')
  await byId('many-retry-failed').click()
  await until(statesOf, ['done', 'done'])
  await page.unroute('**/api/tasks')
  expect((await namesOf()).toSorted()).toEqual(['one.mp4', 'two.mp4'])
})

test('one task per folder of pictures', async () => {
  await byId('task-folder').setInputFiles(join(own, 'days'))
  await untilText(byId('task-submit-many'), countText(2))
  await byId('task-submit-many').click()
  await until(statesOf, ['done', 'done'])
  const { results } = await client.get(`/api/tasks?project_id=${project}&sort=name`)
  expect(results.map(({ name, size }: any) => [name, size])).toEqual([['monday', 2], ['tuesday', 1]]) // biome-ignore format: pairs
})

test('from the share: videos and folders, loose pictures are named', async () => {
  await byId('task-source-share').click()
  for (const path of ['clips/', 'stills/', 'alone.mp4', 'loose.png']) await line(path).getByRole('checkbox').check()
  await byId('task-submit-many').click()
  await untilText(byId('task-error'), '.png (loose.png)')
  await line('loose.png').getByRole('checkbox').uncheck()
  await untilText(byId('task-submit-many'), countText(4))
  await byId('task-submit-many').click()
  await until(async () => (await statesOf()).filter((state) => state === 'done').length, 4)
  expect((await namesOf()).toSorted()).toEqual(['a.mp4', 'alone.mp4', 'b.mp4', 'stills'])
})

test('the policy of the pages was kept', () =>
  expect(pages.complaints.filter((text) => !/status of 40[04]/.test(text))).toEqual([]))
