// Fingers on the picture: one draws, two pinch and move it without leaving anything behind.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { expectNear, openTools, shapeOf } from './editor-tools-fixture'

setDefaultTimeout(60_000)

let tools: Awaited<ReturnType<typeof openTools>>
beforeAll(async () => {
  tools = await openTools()
})
afterEach(() => tools.finish())
afterAll(() => tools.close())

type Finger = { x: number; y: number; id: number }

const openTouch = async () => {
  const { editor, mock } = await tools.open({}, { hasTouch: true })
  const session = await editor.page.context().newCDPSession(editor.page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: Finger[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints })
  const at = async (id: number, x: number, y: number): Promise<Finger> => ({ id, ...(await editor.locate(x, y)) })
  return { editor, mock, touch, at }
}

test('a finger draws a rectangle and moves it', async () => {
  const { editor, mock, touch, at } = await openTouch()
  await editor.draw('rectangle', 'car')
  await touch('touchStart', await at(1, 200, 200))
  await touch('touchMove', await at(1, 300, 260))
  await touch('touchMove', await at(1, 400, 350))
  await touch('touchEnd')
  await editor.untilCount(1)
  await touch('touchStart', await at(1, 300, 300))
  await touch('touchMove', await at(1, 350, 300))
  await touch('touchMove', await at(1, 500, 300))
  await touch('touchEnd')
  await editor.save()
  expectNear(shapeOf(mock).points, [400, 200, 600, 350], 3)
})

test('taps set the points of a polygon', async () => {
  const { editor, touch, at } = await openTouch()
  await editor.draw('polygon', 'car')
  for (const [x, y] of [
    [200, 200],
    [500, 200],
    [500, 500],
  ] as const) {
    await touch('touchStart', await at(1, x, y))
    await touch('touchEnd')
  }
  await editor.byId('editor-done').click()
  const [made] = await editor.untilCount(1)
  expectNear(made?.points, [200, 200, 500, 200, 500, 500], 2)
})

test('two fingers zoom and move the picture; a stroke they interrupt is dropped', async () => {
  const { editor, touch, at } = await openTouch()
  await editor.draw('mask', 'car')
  const before = Number(await editor.read('scale'))
  const [a, b] = [await at(1, 500, 300), await at(2, 700, 300)]
  await touch('touchStart', a)
  await touch('touchMove', { ...a, x: a.x + 20 })
  await touch('touchStart', { ...a, x: a.x + 20 }, b)
  await touch('touchMove', { ...a, x: a.x - 60 }, { ...b, x: b.x + 60 })
  await touch('touchMove', { ...a, x: a.x - 80 }, { ...b, x: b.x + 80 })
  await touch('touchEnd')
  await editor.page.waitForFunction(
    (old) => Number((document.querySelector('[data-testid="editor"]') as HTMLElement).dataset.scale) > 1.5 * old,
    before,
  )
  await editor.page.keyboard.press('n')
  await editor.page.waitForFunction(() => document.querySelector('[data-testid="status-hint"]')?.textContent?.includes('pixel'))
  expect(await editor.objects()).toEqual([])
  await editor.page.keyboard.press('Escape')
})
