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

test('K-101: the middle button moves the picture under any tool, Alt and a drag while drawing', async () => {
  const editor = await fixture.open({ start: { shapes: [boxAt(1, 100, 100)] } })
  const left = async () => Math.round(Number(await editor.read('left')))
  const pull = async (button: 'left' | 'middle', from: { x: number; y: number }) => {
    await editor.page.mouse.move(from.x, from.y)
    await editor.page.mouse.down({ button })
    await editor.page.mouse.move(from.x + 20, from.y)
    await editor.page.mouse.move(from.x + 40, from.y)
    await editor.page.mouse.up({ button })
  }
  const start = await left()
  // Over an object too, which stays where it is.
  await pull('middle', await editor.locate(150, 140))
  await until(left, start + 40)
  await editor.draw('rectangle', 'car')
  await pull('middle', await editor.locate(500, 400))
  await until(left, start + 80)
  await editor.page.keyboard.down('Alt')
  await pull('left', await editor.locate(500, 400))
  await editor.page.keyboard.up('Alt')
  await until(left, start + 120)
  await editor.page.keyboard.press('Escape')
  await editor.until('mode', 'idle')
  expect((await editor.untilCount(1))[0]?.points).toEqual([100, 100, 200, 180])
})
