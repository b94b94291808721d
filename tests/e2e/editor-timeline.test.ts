// The timeline below the picture: rows, going to frames, dragging key frames, many tracks.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, BrowserContext } from 'playwright-core'
import type { Track } from '../../src/formats/model'
import { openBrowser, until } from './browser'
import { type Mock, startMock } from './editor-harness'
import { openEditorPage } from './editor-page'

setDefaultTimeout(60_000)

let browser: Browser
let closeBrowser: () => Promise<void>
let context: BrowserContext
let mock: Mock
const errors: string[] = []

beforeAll(async () => {
  ;({ browser, close: closeBrowser } = await openBrowser())
})
afterEach(async () => {
  await context.close()
  mock.close()
  expect(errors.splice(0)).toEqual([])
})
afterAll(() => closeBrowser())

/** Key frames as frames; a negative one is outside. */
const makeTrack = (id: number, keys: number[]): Track => ({
  id,
  frame: Math.abs(keys[0]!),
  label_id: 12,
  group: 0,
  source: 'manual',
  attributes: [],
  elements: [],
  shapes: keys.map((key, i) => ({
    id: id * 100 + i,
    frame: Math.abs(key),
    outside: key < 0,
    type: 'rectangle',
    points: [10 + 5 * i, 10 * id, 60 + 5 * i, 10 * id + 40],
    rotation: 0,
    occluded: false,
    z_order: 0,
    attributes: [],
  })),
})

const open = async (tracks: Track[], frames = 30) => {
  mock = await startMock({ frames, width: 320, height: 200, start: { tracks } })
  context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  page.on('pageerror', (error) => errors.push(String(error)))
  const editor = await openEditorPage(page, mock.url)
  await page.keyboard.press('Alt+t')
  await editor.byId('timeline').waitFor()
  const row = (id: number) => editor.byId(`timeline-row-${id}`)
  const keys = (id: number) => row(id).getAttribute('data-keys')
  /** Page pixels of the middle of a frame in the row that is shown at a place. */
  const locate = async (frame: number, place: number) => {
    const box = (await editor.byId('timeline-canvas').boundingBox())!
    return { x: box.x + ((frame + 0.5) / frames) * box.width, y: box.y + 20 + 22 * (place + 0.5) }
  }
  const drag = async (from: number, to: number, place: number) => {
    const [a, b] = [await locate(from, place), await locate(to, place)]
    await page.mouse.move(a.x, a.y)
    await page.mouse.down()
    await page.mouse.move((a.x + b.x) / 2, a.y)
    await page.mouse.move(b.x, b.y)
    await page.mouse.up()
  }
  return { editor, page, row, keys, locate, drag }
}

test('rows show key frames and gaps; a click goes to a frame and chooses the track', async () => {
  const { editor, page, row, locate } = await open([makeTrack(1, [0, 10, -15, 20]), makeTrack(2, [5, 25])])
  await until(() => row(1).getAttribute('data-spans'), '0-14,20-29')
  await until(() => row(2).getAttribute('data-keys'), '5,25')
  const at = await locate(12, 0)
  await page.mouse.click(at.x, at.y)
  await editor.until('frame', 12)
  await editor.until('active', 1)
  await row(2).click()
  await editor.until('active', 2)
  await editor.until('frame', 12)
  const key = await locate(25, 1)
  await page.mouse.click(key.x, key.y)
  await editor.until('frame', 25)
})

test('a key frame is dragged between its neighbours, as one step that can be undone and is saved', async () => {
  const { editor, page, keys, drag } = await open([makeTrack(1, [0, 10, 20])])
  await drag(10, 14, 0)
  await until(() => keys(1), '0,14,20')
  await drag(14, 29, 0)
  await until(() => keys(1), '0,19,20')
  await page.keyboard.press('Control+z')
  await until(() => keys(1), '0,14,20')
  await editor.save()
  expect(mock.stored.tracks[0]!.shapes.map((shape) => shape.frame)).toEqual([0, 14, 20])
})

test('the wheel with Ctrl shows fewer frames; many tracks are scrolled', async () => {
  const many = Array.from({ length: 60 }, (_, i) => makeTrack(i + 1, [0, 5]))
  const { editor, page, row, locate } = await open(many)
  await until(() => editor.byId('timeline-count').textContent(), '60 tracks')
  await until(() => row(60).count(), 0)
  const at = await locate(2, 1)
  await page.mouse.move(at.x, at.y)
  for (let i = 0; i < 60; i++) await page.mouse.wheel(0, 100)
  await row(60).waitFor()
  await until(() => row(1).count(), 0)
  await page.keyboard.down('Control')
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, -100)
  await page.keyboard.up('Control')
  // Ten frames fill the strip now: its right half belongs to frames from 5 on.
  const box = (await editor.byId('timeline-canvas').boundingBox())!
  await until(async () => {
    await page.mouse.click(box.x + box.width * 0.95, box.y + 10)
    return Number(await editor.read('frame')) < 14
  }, true)
})
