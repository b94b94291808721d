// Tasks out of the share, other servers and buckets, and tasks that grow, in a real browser.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import sharp from 'sharp'
import { openTransport } from '../../src/server/storage/object-http.ts'
import { openObjectStore, type S3Location } from '../../src/server/storage/object-store.ts'
import { isInstalled, type StandIn, standIns } from '../../src/server/storage/stand-ins.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

setDefaultTimeout(90_000)

const base = mkdtempSync(join(tmpdir(), 'annolith-pages-growing-'))
const share = join(base, 'share')

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let site: ReturnType<typeof Bun.serve>

const picture = (shade: number) =>
  sharp({ create: { width: 48, height: 32, channels: 3, background: { r: shade, g: shade, b: 80 } } })
    .png()
    .toBuffer()
const put = async (name: string, shade: number) => void (await Bun.write(join(share, name), await picture(shade)))

beforeAll(async () => {
  for (const folder of ['street/night', 'inbox']) mkdirSync(join(share, folder), { recursive: true })
  await Promise.all(['street/a.png', 'street/b.png', 'street/night/c.png', 'street/night/d.png', 'top.png'].map((name, i) => put(name, 20 * i))) // biome-ignore format: names
  const bytes = new Uint8Array(await picture(99))
  site = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response(bytes) })
  pages = await openPages({ env: { ANNOLITH_SHARE_DIR: share, ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1' } })
  ;({ page, client, byId, open } = pages)
})
afterAll(async () => {
  await pages?.close()
  await site?.stop(true)
  rmSync(base, { recursive: true, force: true })
})

/** The line of a tree for a path. */
const line = (path: string): Locator => page.locator(`li[data-path="${path}"]`)
const startTask = async (name: string) => {
  await open('/tasks/create')
  await byId('task-name').fill(name)
  await byId('label-add').click()
  await byId('label-name').fill('car')
  await byId('label-save').click()
  await page.getByTestId(/^label-new-/).waitFor()
}
const submit = async () => {
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  return Number(page.url().split('/').at(-1))
}
const namesOf = async (task: number): Promise<string[]> =>
  (await client.get(`/api/tasks/${task}/data/meta`)).frames.map(({ name }: { name: string }) => name)
test('a task out of the share: folders are opened, ticked and partly left out', async () => {
  await startTask('Share')
  await byId('task-source-share').click()
  await line('street/').getByRole('checkbox').check()
  await line('street/').getByRole('button').first().click()
  await line('street/night/').waitFor()
  await line('street/b.png').getByRole('checkbox').uncheck()
  await line('street/night/').getByRole('button').first().click()
  await line('street/night/d.png').getByRole('checkbox').uncheck()
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('li[data-path="street/"] input')!.indeterminate)
  const task = await submit()
  expect(await namesOf(task)).toEqual(['street/a.png', 'street/night/c.png'])
  expect((await client.get(`/api/tasks/${task}/data/meta`)).storage).toBe('share')
})

test('nothing chosen is told; what fails leaves no half task behind', async () => {
  await startTask('Nothing')
  for (const [source, words] of [
    ['share', 'share'],
    ['remote', 'address'],
    ['cloud', 'cloud storage'],
  ] as const) {
    await byId(`task-source-${source}`).click()
    await byId('task-submit').click()
    await untilText(byId('task-error'), words)
  }
  await byId('task-source-remote').click()
  await byId('task-remote').fill('http://10.1.2.3/secret.png')
  await byId('task-submit').click()
  await untilText(byId('task-error'), '10.1.2.3')
  expect((await client.get('/api/tasks?name=Nothing')).count).toBe(0)
})

test('a task out of files of other servers', async () => {
  await startTask('Remote')
  await byId('task-source-remote').click()
  await byId('task-remote').fill(`http://127.0.0.1:${site.port}/one.png\nhttp://127.0.0.1:${site.port}/two.png?key=1`)
  expect(await namesOf(await submit())).toEqual(['one.png', 'two.png'])
})

test('frames are added to a task; its jobs stay', async () => {
  await startTask('Growing')
  await byId('task-files').setInputFiles({ name: 'first.png', mimeType: 'image/png', buffer: await picture(1) })
  const task = await submit()
  await byId('task-grow-open').click()
  await byId('task-append')
    .getByTestId('task-files')
    .setInputFiles([
      { name: 'second.png', mimeType: 'image/png', buffer: await picture(2) },
      { name: 'first.png', mimeType: 'image/png', buffer: await picture(3) },
    ])
  await byId('append-submit').click()
  await untilText(byId('append-done'), '1 frame added; 1 file skipped')
  await byId('append-show').click()
  await byId('row-open').nth(1).waitFor()
  expect(await namesOf(task)).toEqual(['first.png', 'second.png'])

  await byId('task-grow-open').click()
  await byId('task-source-share').click()
  await line('top.png').getByRole('checkbox').check()
  await byId('task-copy').check()
  await byId('append-submit').click()
  await untilText(byId('append-done'), '1 frame added')
  expect(await namesOf(task)).toEqual(['first.png', 'second.png', 'top.png'])
  await byId('append-submit').click()
  await untilText(byId('append-error'), 'top.png')
})

test('a watched folder adds what arrives, is paused and removed', async () => {
  await startTask('Watching')
  await byId('task-files').setInputFiles({ name: 'first.png', mimeType: 'image/png', buffer: await picture(4) })
  const task = await submit()
  await byId('task-grow-open').click()
  await visible(byId('watch-none'))
  await byId('watch-path').fill('../outside')
  await byId('watch-add').click()
  await visible(byId('watch-error'))
  await byId('watch-path').fill('inbox')
  await byId('watch-pattern').fill('*.png')
  await byId('watch-interval').fill('5')
  await byId('watch-add').click()
  const row = byId('task-watches').locator('li[data-state]')
  await untilText(row, 'Share: /inbox/*.png')
  await put('inbox/new.png', 7)
  await until(() => namesOf(task), ['first.png', 'inbox/new.png'])
  await untilText(row, '1 frame added')
  await row.getByTestId('watch-flip').click()
  await untilText(row, 'paused')
  await row.getByTestId('row-remove').click()
  await visible(byId('watch-none'))
  expect((await client.get(`/api/tasks/${task}/watches`)).count).toBe(0)
})

test.skipIf(!isInstalled('s3'))('a task out of a bucket: manifest, folders, search and patterns', async () => {
  const standIn: StandIn = await standIns.s3.start()
  try {
    await standIn.createBucket('pictures')
    const store = await openObjectStore(standIn.locate('pictures'), { transport: openTransport })
    for (const [i, name] of ['cam/1.png', 'cam/2.png', 'other.png'].entries())
      await store.put(name, new Blob([new Uint8Array(await picture(30 * i))]))
    const lines = [{ version: '1.1' }, { type: 'images' }, { name: '2', extension: '.png', width: 48, height: 32 }]
    await store.put('cam/manifest.jsonl', new Blob([lines.map((one) => JSON.stringify(one)).join('\n')]))
    await client.send('POST', '/api/cloudstorages', {
      provider_type: 'AWS_S3_BUCKET',
      resource: 'pictures',
      display_name: 'Cameras',
      credentials_type: 'KEY_SECRET_KEY_PAIR',
      key: 'k',
      secret_key: 's',
      manifests: ['cam/manifest.jsonl'],
      specific_attributes: `endpoint_url=${encodeURIComponent((standIn.locate('pictures') as S3Location).endpoint!)}`,
    })
    const choose = async (name: string) => {
      await startTask(name)
      await byId('task-source-cloud').click()
      await byId('task-cloud').selectOption({ label: 'Cameras' })
      await line('cam/').waitFor()
    }
    await choose('Bucket folder')
    await line('cam/').getByRole('checkbox').check()
    await byId('task-advanced').click()
    await byId('task-target-storage').selectOption({ label: 'Cameras' })
    const task = await submit()
    expect((await client.get(`/api/tasks/${task}`)).target_storage).toMatchObject({ location: 'cloud_storage' })
    expect(await namesOf(task)).toEqual(['cam/1.png', 'cam/2.png'])
    expect((await client.get(`/api/tasks/${task}/data/meta`)).storage).toBe('cloud_storage')

    await choose('Bucket manifest')
    await byId('task-cloud-manifest').selectOption('cam/manifest.jsonl')
    await line('other.png').waitFor({ state: 'detached' })
    expect(await namesOf(await submit())).toEqual(['cam/2.png'])

    await choose('Bucket pattern')
    await byId('task-cloud-pattern').fill('*1.png')
    expect(await namesOf(await submit())).toEqual(['cam/1.png'])

    await choose('Bucket search')
    await byId('task-cloud-search').fill('cam/2')
    await byId('task-cloud-refresh').click()
    await line('cam/2.png').getByRole('checkbox').check()
    expect(await namesOf(await submit())).toEqual(['cam/2.png'])
  } finally {
    await standIn.stop()
  }
})
