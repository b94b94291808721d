// Sign-in, policy, frame and profile in a real browser.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

setDefaultTimeout(60_000)

let pages: PagesFixture
let server: PagesFixture['server']
let page: PagesFixture['page']
let client: PagesFixture['client']
let complaints: PagesFixture['complaints']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let login: PagesFixture['login']

beforeAll(async () => {
  pages = await openPages({ isSignedIn: false })
  ;({ server, page, client, complaints, byId, open, login } = pages)
})
afterAll(() => pages?.close())

test('a stranger is led to sign-in and back to where they wanted to go', async () => {
  const answer = await fetch(`${server.url}/jobs?sort=id`, { redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/auth/login?next=%2Fjobs%3Fsort%3Did'])
  await open('/jobs?sort=id')
  await login('wrong')
  await visible(byId('login-error'))
  await until(() => byId('login-username').inputValue(), 'admin')
  complaints.length = 0
  await login()
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

test('nothing is wider than a small screen, and the theme is remembered', async () => {
  const labels = [{ name: 'a label with quite a long name' }, { name: 'b' }]
  await client.send('POST', '/api/projects', { name: 'Name '.repeat(40).trim(), labels })
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
  await until(() => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark')
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
