// Starts the Chromium of the machine for browser tests and hands out a Playwright browser.
import { expect } from 'bun:test'
import { type Browser, chromium, type Page } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  // WebGL in software, which newer versions give only when asked.
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium unless ANNOLITH_TEST_BROWSER names another executable. */
export const executablePath = process.env.ANNOLITH_TEST_BROWSER ?? '/usr/bin/chromium'

/** How many times slower pages run: tests that forget to wait fail at 6 or so, whatever the machine. */
const slowness = Number(process.env.ANNOLITH_TEST_SLOWNESS ?? 1)

const slowDown = async (page: Page) => {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowness })
}

/** One headless browser; `close` ends it with all its pages. */
export const openBrowser = async (more: string[] = []): Promise<{ browser: Browser; close: () => Promise<void> }> => {
  const browser = await chromium.launch({ executablePath, headless: true, args: [...flags, ...more], timeout: 30_000 })
  if (slowness > 1) browser.on('context', (context) => context.on('page', (page) => void slowDown(page).catch(() => {})))
  return { browser, close: () => browser.close() }
}

const pollMs = 30
const patienceMs = 15_000

/** Reads again and again until the value is the wanted one; the last one read stands in the failure. */
export const until = async <T>(read: () => T | Promise<T>, wanted: NoInfer<T>): Promise<void> => {
  const deadline = Date.now() + patienceMs
  let value = await read()
  while (!Bun.deepEquals(value, wanted) && Date.now() < deadline) {
    await Bun.sleep(pollMs)
    value = await read()
  }
  expect<unknown>(value).toEqual(wanted)
}
