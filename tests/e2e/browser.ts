// Starts the Chromium of the machine for browser tests and hands out a Playwright browser.
import { type Browser, chromium } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Debian's Chromium unless ANNOLITH_TEST_BROWSER names another executable. */
export const executablePath = process.env.ANNOLITH_TEST_BROWSER ?? '/usr/bin/chromium'

/** One headless browser; `close` ends it with all its pages. */
export const openBrowser = async (): Promise<{ browser: Browser; close: () => Promise<void> }> => {
  const browser = await chromium.launch({ executablePath, headless: true, args: flags, timeout: 30_000 })
  return { browser, close: () => browser.close() }
}
