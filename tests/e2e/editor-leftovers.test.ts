// What follows a person: preferences and keys on the server, in Chromium against the test server.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser'
import { boxAt, makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

test('preferences and keys live on the server: another browser of the person has them', async () => {
  const first = await fixture.open({ frames: 30, start: { shapes: [boxAt(1, 100, 100)] } })
  const stored = () => fixture.mock.extras.settings.stored as any
  await first.page.keyboard.press('F2')
  await first.byId('setting-step').fill('7')
  await first.byId('setting-step').press('Tab')
  await until(() => stored().editor?.settings.step, 7)
  await first.byId('settings-shortcuts').click()
  await first.byId('shortcut-occluded').click()
  await first.page.keyboard.press('Alt+q')
  await until(() => stored().keys?.occluded?.includes('Alt+Q'), true)
  // Light or dark belongs to the browser.
  expect('theme' in stored().editor.settings).toBe(false)
  await first.byId('settings-close').click()
  await until(() => first.page.evaluate(() => localStorage.getItem('annolith-unsent:admin')), '{}')

  const other = await first.page
    .context()
    .browser()!
    .newContext({ viewport: { width: 1280, height: 720 } })
  const second = await fixture.openPage('', {}, other)
  await second.page.keyboard.press('v')
  await second.until('frame', 7)
  await second.page.keyboard.press('c')
  await second.until('frame', 0)
  await second.page.keyboard.press('Tab')
  await second.page.keyboard.press('Alt+q')
  await until(async () => (await second.objects())[0]?.data.occluded, 'true')
})

test('a language chosen in another browser is the one that opens', async () => {
  const editor = await fixture.open({ settings: { editor: { settings: { language: 'de' } } } })
  await until(() => editor.byId('side-objects').textContent(), 'Objekte')
  expect(await editor.page.evaluate(() => document.documentElement.lang)).toBe('de')
})
