// First steps in a real browser: the set-up link, signing up, an organization, a new password.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { visible } from './pages-fixture.ts'
import { startServer, type TestServer } from './server.ts'

setDefaultTimeout(60_000)

const password = 'a good-enough pass 7'
const waitMs = 15_000

let server: TestServer
let browser: Browser
let close: () => Promise<void>
let page: Page

const byId = (id: string) => page.getByTestId(id)
const login = async (username: string, secret: string) => {
  await byId('login-username').fill(username)
  await byId('login-password').fill(secret)
  await byId('login-submit').click()
}
const openStranger = async () => {
  const context = await browser.newContext()
  context.setDefaultTimeout(waitMs)
  page = await context.newPage()
}

beforeAll(async () => {
  server = await startServer({ ANNOLITH_ADMIN_PASSWORD: '', ANNOLITH_SIGN_UP: 'open' })
  ;({ browser, close } = await openBrowser())
})
afterAll(async () => {
  await close?.()
  await server?.stop()
})

test('the link in the log makes the first administrator, once', async () => {
  const link = /http\S+\/auth\/setup\?token=\w+/.exec(server.log())![0]
  await openStranger()
  await page.goto(link)
  await byId('setup-password').fill('123')
  await byId('setup-submit').click()
  await visible(byId('setup-error'))
  await byId('setup-password').fill(password)
  await byId('setup-submit').click()
  await login('admin', password)
  await visible(byId('list-empty'))
  expect((await page.goto(link))!.status()).toBe(404)
})

test('whoever signs up sees the rules while typing and is signed in', async () => {
  await openStranger()
  await page.goto(`${server.url}/auth/login`)
  await byId('login-register').click()
  await byId('register-first-name').fill('يوسف')
  await byId('register-last-name').fill('Haddad')
  await byId('register-email').fill('yusuf@example.org')
  await byId('register-username').fill('yusuf')
  await byId('register-password').fill('1234')
  const rules = byId('register-rules').locator('[data-ok]')
  expect(await rules.evaluateAll((all) => all.map((rule) => (rule as HTMLElement).dataset.ok))).toEqual(['false', 'false'])
  await byId('register-password').fill(password)
  expect(await rules.evaluateAll((all) => all.map((rule) => (rule as HTMLElement).dataset.ok))).toEqual(['true', 'true'])
  await byId('register-submit').click()
  await page.waitForURL(`${server.url}/`)
  await byId('user-menu').click()
  await visible(page.getByText('يوسف Haddad'))
})

test('an organization is made, entered and left; what is made inside belongs to it', async () => {
  await page.goto(`${server.url}/organizations/create`)
  await byId('org-slug').fill('lab')
  await byId('org-name').fill('Vision <lab>')
  await byId('org-submit').click()
  await page.waitForURL(/\/organization$/)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Vision <lab>')
  await page.goto(`${server.url}/projects/create`)
  await byId('project-name').fill('Shared')
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  await byId('org-switch').click()
  await byId('org-switch-personal').click()
  await page.goto(`${server.url}/projects`)
  await visible(byId('list-empty'))
  await byId('org-switch').click()
  await byId('org-switch-lab').click()
  await page.waitForLoadState()
  expect(await byId('row-open').allTextContents()).toEqual(['Shared'])
})

test('a new password ends the session; the old one is refused', async () => {
  await page.goto(`${server.url}/profile`)
  await byId('password-old').fill(password)
  await byId('password-new').fill(`${password}!`)
  await byId('password-repeat').fill(`${password}!`)
  await byId('password-submit').click()
  await page.waitForURL(/\/auth\/login/)
  await login('yusuf', password)
  await visible(byId('login-error'))
  await login('yusuf', `${password}!`)
  await byId('user-menu').waitFor()
})
