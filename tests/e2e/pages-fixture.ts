// A signed-in Chromium on a server of its own, with the short words that tests of pages use.
import type { Browser, Locator, Page, Response } from 'playwright-core'
import { type Client, signIn } from '../../scripts/client.ts'
import { openBrowser } from './browser.ts'
import { startServer, type TestServer } from './server.ts'

const waitMs = 15_000

export type PagesFixture = {
  server: TestServer
  browser: Browser
  page: Page
  /** Speaks to the API as the administrator. */
  client: Client
  /** What the browser complained about: the policy, scripts, missing files. */
  complaints: string[]
  byId: (id: string) => Locator
  open: (path: string) => Promise<Response | null>
  /** Fills the sign-in form that is shown. */
  login: (password?: string) => Promise<void>
  close: () => Promise<void>
}

export const visible = (locator: Locator) => locator.waitFor({ state: 'visible' })

/** Waits until the text is there and answers all of it. */
export const untilText = async (locator: Locator, text: string) => {
  await locator.filter({ hasText: text }).waitFor()
  return locator.textContent()
}

/** `isSignedIn: false` leaves the browser a stranger; `env` adds to the environment of the server. */
export const openPages = async ({
  isSignedIn = true,
  env = {},
}: {
  isSignedIn?: boolean
  env?: Record<string, string>
} = {}): Promise<PagesFixture> => {
  const server = await startServer(env)
  const client = await signIn(server.url, 'admin', server.adminPassword)
  const { browser, close } = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true })
  context.setDefaultTimeout(waitMs)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  const byId = (id: string) => page.getByTestId(id)
  const open = (path: string) => page.goto(`${server.url}${path}`)
  const login = async (password = server.adminPassword) => {
    await byId('login-username').fill('admin')
    await byId('login-password').fill(password)
    await byId('login-submit').click()
  }
  if (isSignedIn) {
    await open('/auth/login?next=/profile')
    await login()
    await page.waitForURL(`${server.url}/profile`)
  }
  const closeAll = async () => {
    await close()
    await server.stop()
  }
  return { server, browser, page, client, complaints, byId, open, login, close: closeAll }
}
