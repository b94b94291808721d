// The pages in a real browser: sign-in, lists with their address, new project and task, labels, export, delete.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { type Client, signIn, uploadMedia } from '../../scripts/client.ts'
import { openBrowser } from './browser.ts'
import { startServer, type TestServer } from './server.ts'

setDefaultTimeout(60_000)

const demo = join(import.meta.dir, '../../public/demo')

let server: TestServer
let browser: Browser
let closeBrowser: () => Promise<void>
let context: BrowserContext
let page: Page
let client: Client
/** What the browser complained about: the policy, scripts, missing files. */
const complaints: string[] = []

const byId = (id: string) => page.getByTestId(id)
const visible = (locator: Locator) => locator.waitFor({ state: 'visible' })
const open = (path: string) => page.goto(`${server.url}${path}`)
/** Waits until the text is there; says what is there instead when it never comes. */
const untilText = async (locator: Locator, text: string) => {
  await locator.filter({ hasText: text }).waitFor()
  return locator.textContent()
}

const login = async (password: string) => {
  await byId('login-username').fill('admin')
  await byId('login-password').fill(password)
  await byId('login-submit').click()
}

beforeAll(async () => {
  server = await startServer()
  client = await signIn(server.url, 'admin', server.adminPassword)
  ;({ browser, close: closeBrowser } = await openBrowser())
  context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true })
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
})
afterAll(async () => {
  await closeBrowser?.()
  await server?.stop()
})

test('a stranger is led to sign-in and back to where they wanted to go', async () => {
  const answer = await fetch(`${server.url}/jobs?sort=id`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/auth/login?next=%2Fjobs%3Fsort%3Did'])
  await open('/jobs?sort=id')
  await login('wrong')
  await visible(byId('login-error'))
  expect(await byId('login-username').inputValue()).toBe('admin')
  complaints.length = 0
  await login(server.adminPassword)
  await page.waitForURL(`${server.url}/jobs?sort=id`)
})

test('sign-in does not lead to another site', async () => {
  for (const next of ['//evil.example/x', 'https://evil.example', '/\\evil.example']) {
    const body = new URLSearchParams({ username: 'admin', password: server.adminPassword, next })
    const answer = await fetch(`${server.url}/auth/login`, { method: 'POST', body, redirect: 'manual' })
    expect([next, answer.status, answer.headers.get('location')]).toEqual([next, 303, '/'])
  }
})

test('pages answer with a strict policy and without caching; assets are kept', async () => {
  const answer = await fetch(`${server.url}//?`)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache'])
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';")
  const html = await answer.text()
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/)
  const path = /\/assets\/app\.js\?v=\w+/.exec(html)![0]
  const asset = await fetch(`${server.url}${path}`)
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  const again = await fetch(`${server.url}${path}`, { headers: { 'if-none-match': asset.headers.get('etag')! } })
  expect(again.status).toBe(304)
})

test('an empty list offers the next step; a project is made with labels and attributes', async () => {
  await open('/projects')
  await visible(byId('list-empty'))
  await byId('list-create').click()
  await byId('project-name').fill('مشروع Street <b>scenes</b>')
  await byId('label-add').click()
  await byId('label-name').fill('car')
  await byId('label-color').fill('#ff0000')
  await byId('label-attribute-add').click()
  await byId('label-attribute-name').fill('make')
  for (const value of ['red', 'blue']) {
    await byId('label-attribute-values').fill(value)
    await byId('label-attribute-values').press('Enter')
  }
  await byId('label-attribute-default').selectOption('blue')
  await byId('label-continue').click()
  await byId('label-name').fill('person')
  await byId('label-type').selectOption('rectangle')
  await byId('label-save').click()
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  expect(await byId('project-title').inputValue()).toBe('مشروع Street <b>scenes</b>')
  const { results } = await client.get('/api/labels?project_id=1')
  expect(results.map(({ name, type, color }: any) => [name, type, color === '#ff0000'])).toEqual([
    ['car', 'any', true],
    ['person', 'rectangle', false],
  ])
  expect(results[0].attributes[0]).toMatchObject({
    name: 'make',
    input_type: 'select',
    values: ['red', 'blue'],
    default_value: 'blue',
  })
})

test('labels of a project are edited in place and as raw text', async () => {
  const [label] = (await client.get('/api/labels?project_id=1')).results
  await byId(`label-${label.id}`).getByRole('button').first().click()
  await byId('label-name').fill('vehicle')
  await byId('label-save').click()
  await untilText(byId(`label-${label.id}`), 'vehicle')
  await byId('label-raw').click()
  const raw = JSON.parse(await byId('label-raw-text').inputValue())
  await byId('label-raw-text').fill(JSON.stringify([...raw, { name: 'vehicle' }]))
  await byId('label-raw-apply').click()
  await untilText(byId('label-error'), 'vehicle')
  await byId('label-raw-text').fill(JSON.stringify([...raw.slice(0, 1), { name: 'tree', type: 'polygon' }]))
  await byId('label-raw-apply').click()
  await untilText(byId('dialog'), 'person')
  await byId('dialog-ok').click()
  await byId('label-raw-text').waitFor({ state: 'detached' })
  const { results } = await client.get('/api/labels?project_id=1')
  expect(results.map((one: any) => one.name)).toEqual(['vehicle', 'tree'])
})

test('a task is made from two pictures of the disk', async () => {
  await open('/tasks/create?project_id=1')
  await byId('task-name').fill('Two pictures')
  await byId('task-advanced').click()
  await byId('task-segment').fill('1')
  await byId('task-overlap').fill('1')
  await byId('task-files').setInputFiles([join(demo, 'coffee.jpg'), join(demo, 'rocket.jpg')])
  await byId('task-submit').click()
  await untilText(byId('task-error'), 'overlap')
  await byId('task-overlap').fill('0')
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  const { results } = await client.get('/api/tasks?name=Two+pictures')
  expect([results[0].size, results[0].jobs.count, results[0].project_id, results[0].image_quality]).toEqual([2, 2, 1, 70])
  await byId('row-open').first().waitFor()
  expect(await byId('row-open').count()).toBe(2)
})

test('a file that is no picture is named in the error, and no half task stays', async () => {
  await open('/tasks/create')
  await byId('task-name').fill('Broken')
  await byId('label-add').click()
  await byId('label-name').fill('thing')
  await byId('label-save').click()
  await byId('task-files').setInputFiles({
    name: 'broken.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('this is no picture'),
  })
  await byId('task-submit').click()
  await untilText(byId('task-error'), 'broken.jpg')
  expect((await client.get('/api/tasks?name=Broken')).count).toBe(0)
})

test('a large file goes on after the connection broke', async () => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 80 }
  const picture = sharp({ create: { width: 1600, height: 1300, channels: 3, background: '#000', noise } })
  const buffer = await picture.png({ compressionLevel: 0 }).toBuffer()
  let broken = 0
  await page.route('**/data/*', async (route) => {
    if (route.request().method() === 'PATCH' && broken < 2) {
      broken++
      await route.abort('connectionreset')
    } else await route.continue()
  })
  await open('/tasks/create?project_id=1')
  await byId('task-name').fill('Large')
  await byId('task-files').setInputFiles({ name: 'ضجيج.png', mimeType: 'image/png', buffer })
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  await page.unroute('**/data/*')
  expect(broken).toBe(2)
  expect((await client.get('/api/tasks?name=Large')).results[0].size).toBe(1)
  expect(complaints.filter((text) => !text.includes('ERR_CONNECTION_RESET'))).toEqual([])
  complaints.length = 0
})

test('search, chips, sort and pages stand in the address and survive a reload', async () => {
  const labels = [{ name: 'a' }]
  for (let i = 0; i < 11; i++) await client.send('POST', '/api/tasks', { name: `Many ${String(i).padStart(2, '0')}`, labels })
  await open('/tasks')
  await page.keyboard.press('/')
  await page.keyboard.type('Many')
  await page.waitForURL(/search=Many/)
  await byId('list-page-next').click()
  await page.waitForURL(/page=2/)
  await byId('list-sort').click()
  await byId('sort-name').click()
  await page.waitForURL(/sort=name$/)
  await byId('sort-name').click()
  await page.waitForURL(/sort=-name/)
  expect(new URL(page.url()).searchParams.has('page')).toBe(false)
  await page.reload()
  expect(await byId('list-search').inputValue()).toBe('Many')
  expect(await byId('row-open').first().textContent()).toBe('Many 10')
  await byId('list-page-size').selectOption('25')
  await page.waitForURL(/page_size=25/)
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="row-open"]').length === 11)
  await page.getByRole('button', { name: 'Assigned to me' }).click()
  await visible(byId('list-empty'))
  await byId('list-clear').click()
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="row-open"]').length === 13)
  expect(await byId('list-search').inputValue()).toBe('')
})

test('the filter builder writes JSON Logic and shows it again', async () => {
  await open('/tasks')
  await byId('list-filter').click()
  await byId('filter-add').click()
  await byId('filter-field').selectOption('name')
  await byId('filter-operator').selectOption('like')
  await byId('filter-value').fill('Many 0')
  await byId('filter-apply').click()
  await page.waitForURL(/filter=/)
  expect(JSON.parse(new URL(page.url()).searchParams.get('filter')!)).toEqual({ and: [{ in: ['Many 0', { var: 'name' }] }] })
  await page.waitForFunction(() => document.querySelector('[data-testid="list-count"]')?.getAttribute('data-count') === '10')
  await byId('list-filter').click()
  expect(await byId('filter-value').inputValue()).toBe('Many 0')
  await byId('dialog-cancel').click()
})

test('state and assignee are saved from the row', async () => {
  const { results } = await client.get('/api/jobs?page_size=1&sort=id')
  const id = results[0].id
  await open('/jobs?sort=id')
  const row = byId(`job-${id}`)
  await row.getByTestId('row-state').selectOption('in progress')
  await row.getByTestId('row-assignee').click()
  await row.getByTestId('row-assignee').fill('adm')
  await page.getByRole('option', { name: 'admin' }).click()
  await page.reload()
  expect(await row.getByTestId('row-state').inputValue()).toBe('in progress')
  expect(await row.getByTestId('row-assignee').inputValue()).toBe('admin')
})

test('an export is followed and downloaded; the request list keeps it', async () => {
  const { results } = await client.get('/api/tasks?name=Two+pictures')
  await open('/tasks')
  const row = byId(`task-${results[0].id}`)
  await open(`/tasks?search=Two+pictures`)
  await row.getByTestId('row-menu').click()
  await byId('menu-export').click()
  await byId('export-format').selectOption('COCO 1.0')
  const [download] = await Promise.all([page.waitForEvent('download'), byId('export-submit').click()])
  expect(download.suggestedFilename()).toEndWith('.zip')
  await open('/requests')
  await untilText(byId('row-status').first(), 'finished')
  expect(await byId('row-download').count()).toBeGreaterThan(0)
})

test('annotations are imported from a file', async () => {
  const { results } = await client.get('/api/tasks?name=Two+pictures')
  const id = results[0].id
  const labelId = (await client.get(`/api/labels?task_id=${id}`)).results[0].id
  const shape = {
    type: 'rectangle',
    label_id: labelId,
    frame: 0,
    group: 0,
    occluded: false,
    attributes: [],
    points: [1, 2, 30, 40],
  }
  await client.send('PUT', `/api/tasks/${id}/annotations`, { version: 0, tags: [], tracks: [], shapes: [shape] })
  await open(`/tasks/${id}`)
  const header = byId(`task-${id}`)
  await header.getByTestId('row-menu').click()
  await byId('menu-export').click()
  await byId('export-format').selectOption('CVAT for images 1.1')
  const [download] = await Promise.all([page.waitForEvent('download'), byId('export-submit').click()])
  await client.send('DELETE', `/api/tasks/${id}/annotations`)
  await header.getByTestId('row-menu').click()
  await byId('menu-import').click()
  await byId('import-format').selectOption('CVAT 1.1')
  await byId('import-mode').selectOption('replace')
  await byId('import-file').setInputFiles({
    name: 'a.zip',
    mimeType: 'application/zip',
    buffer: await readAll(await download.createReadStream()),
  })
  await byId('import-submit').click()
  await visible(byId('toast-info').last())
  await byId('import-submit').waitFor({ state: 'detached' })
  const { shapes } = await client.get(`/api/tasks/${id}/annotations`)
  expect(shapes.map((one: any) => one.points)).toEqual([[1, 2, 30, 40]])
})

const readAll = async (stream: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

test('deleting tells what goes away; the row leaves the list', async () => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'To be deleted', labels: [{ name: 'a' }] })
  await uploadMedia(client, id, [['rocket.jpg', Bun.file(join(demo, 'rocket.jpg'))]])
  await open('/tasks')
  await byId(`task-${id}`).getByTestId('row-menu').click()
  await byId('menu-delete').click()
  expect(await untilText(byId('dialog'), 'To be deleted')).toContain('1 job with 1 frame')
  await byId('dialog-ok').click()
  await byId(`task-${id}`).waitFor({ state: 'detached' })
  expect((await client.raw(`/api/tasks/${id}`)).status).toBe(404)
})

test('nothing is wider than a small screen, and the theme is remembered', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of [
    '/tasks',
    '/projects',
    '/projects/1',
    '/jobs',
    '/requests',
    '/tasks/create',
    '/projects/create',
    '/profile',
  ]) {
    await open(path)
    expect([path, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)]).toEqual([path, true])
  }
  await byId('user-menu').click()
  await page.getByRole('menuitemradio', { name: 'Dark' }).click()
  await page.reload()
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark')
  await page.setViewportSize({ width: 1280, height: 720 })
})

test('a token is made, shown once and revoked; what is not there says so', async () => {
  await open('/profile')
  await byId('token-name').fill('script')
  await byId('token-readonly').check()
  await byId('token-create').click()
  const value = await untilText(byId('token-value'), 'anno_')
  const self = await fetch(`${server.url}/api/users/self`, { headers: { authorization: `Bearer ${value}` } })
  expect(self.status).toBe(200)
  const { results } = await client.get('/api/auth/access_tokens')
  await byId(`token-${results[0].id}-revoke`).click()
  await byId('dialog-ok').click()
  await byId(`token-${results[0].id}`).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
  const missing = await open('/tasks/999999')
  expect(missing!.status()).toBe(404)
  await visible(byId('error-page'))
})

test('signing out ends the session', async () => {
  await open('/tasks')
  await byId('user-menu').click()
  await byId('user-menu-logout').click()
  await page.waitForURL(/\/auth\/login/)
  await open('/tasks')
  expect(page.url()).toContain('/auth/login?next=')
})
