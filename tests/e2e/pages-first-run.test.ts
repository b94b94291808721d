// A new server in a real browser: the first administrator by the link of the log, who may register, storage, first project, sample.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser, until } from './browser.ts'
import { untilText, visible } from './pages-fixture.ts'
import { startServer, type TestServer } from './server.ts'

setDefaultTimeout(60_000)

const password = 'a good-enough pass 7'

let server: TestServer
let browser: Browser
let close: () => Promise<void>
let page: Page
const complaints: string[] = []

const byId = (id: string) => page.getByTestId(id)
const open = (path: string) => page.goto(`${server.url}${path}`)
const ask = (path: string, cookie = '') => fetch(`${server.url}${path}`, { headers: { cookie }, redirect: 'manual' })
const cookies = async () => (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')

beforeAll(async () => {
  server = await startServer({ ANNOLITH_ADMIN_PASSWORD: '' })
  ;({ browser, close } = await openBrowser())
  const context = await browser.newContext()
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
})
afterAll(async () => {
  await close?.()
  await server?.stop()
})

let link = ''

test('before there is anybody, the page of signing in tells where to go', async () => {
  await open('/')
  await page.waitForURL(/\/auth\/login/)
  await untilText(byId('login-notice'), 'the link that the server wrote to its log')
  expect((await ask('/auth/setup?token=guessed')).status).toBe(404)
})

test('the link of the log makes the administrator, however often the button is pressed, and signs in', async () => {
  link = /http\S+(\/auth\/setup\?token=\w+)/.exec(server.log())![1]!
  await open(link)
  await byId('setup-username').fill('Ada Lovelace')
  await byId('setup-password').fill(password)
  await byId('setup-submit').click()
  await untilText(byId('setup-error'), 'valid username')
  await byId('setup-username').fill('ada')
  await byId('setup-password').fill('12345678')
  await byId('setup-email').fill('ada@example.com')
  await byId('setup-submit').click()
  await visible(byId('setup-error'))
  await until(() => byId('setup-email').inputValue(), 'ada@example.com')
  await byId('setup-password').fill(password)
  await byId('setup-submit').dblclick()
  await visible(byId('welcome'))
  const { count, results } = (await (await ask('/api/users', await cookies())).json()) as any
  expect([count, results[0].username, results[0].email, results[0].is_superuser]).toEqual([1, 'ada', 'ada@example.com', true])
})

test('the link is used up; the same form once more signs in, another password does not', async () => {
  expect((await ask(link)).status).toBe(404)
  const send = (secret: string) =>
    fetch(`${server.url}/auth/setup`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ token: link.split('=')[1]!, username: 'ada', password: secret }),
    })
  const again = await send(password)
  expect([again.status, again.headers.get('location')]).toEqual([303, '/welcome'])
  expect((await send('guessed-pass-1')).status).toBe(404)
})

test('who may register is chosen there', async () => {
  expect(await (await ask('/auth/login')).text()).not.toContain('login-register')
  await byId('sign-up-open').check()
  await byId('sign-up-submit').click()
  await page.waitForURL(/\/welcome\?saved=1/)
  await until(() => byId('sign-up-open').isChecked(), true)
  expect(await (await ask('/auth/login')).text()).toContain('login-register')
})

test('a storage can be connected or left for later', async () => {
  await byId('welcome-storage').click()
  await page.waitForURL(/\/cloudstorages\/create$/)
  await visible(byId('storage-name'))
  await page.goBack()
  await visible(byId('welcome'))
})

test('the first project is made, and its step is done', async () => {
  await byId('welcome-project').click()
  await byId('project-name').fill('First')
  await byId('label-add').click()
  await byId('label-name').fill('car')
  await byId('label-save').click()
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  await open('/welcome')
  await visible(page.locator('[data-testid="welcome"] li', { has: byId('welcome-project') }).locator('.text-success'))
})

test('one click makes the sample project, a double click no second one', async () => {
  await byId('welcome-sample').dblclick()
  await page.waitForURL(/\/projects\/\d+$/)
  const { results } = (await (await ask('/api/projects?search=Sample', await cookies())).json()) as any
  expect(results.length).toBe(1)
  const tasks = (await (await ask(`/api/tasks?project_id=${results[0].id}`, await cookies())).json()) as any
  expect([tasks.count, tasks.results[0].size]).toEqual([1, 4])
})

test('nothing broke a rule of the policy', () => expect(complaints.filter((text) => !/status of 40[04]/.test(text))).toEqual([]))
