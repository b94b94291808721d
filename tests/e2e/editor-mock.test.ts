// The whole 2D editor in Chromium against a small server of the tests: drawing, editing, saving, conflicts, recovery.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser, until } from './browser'
import { type Mock, type MockOptions, makeShape, startMock } from './editor-harness'
import { type EditorPage, openEditorPage } from './editor-page'

setDefaultTimeout(60_000)

let browser: Browser
let closeBrowser: () => Promise<void>
let mock: Mock
const contexts: BrowserContext[] = []
const errors: string[] = []

const openPage = async (context?: BrowserContext): Promise<EditorPage> => {
  const owner = context ?? (await browser.newContext({ viewport: { width: 1280, height: 720 } }))
  if (!context) contexts.push(owner)
  const page = await owner.newPage()
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|TypeError|ReferenceError/.test(message.text()))
      errors.push(message.text())
  })
  return openEditorPage(page, mock.url)
}

const open = async (options: MockOptions = {}, context?: BrowserContext): Promise<EditorPage> => {
  mock = await startMock(options)
  return openPage(context)
}

/** Points within half a picture pixel: the mouse moves in whole screen pixels. */
const expectNear = (points: readonly number[] | undefined, wanted: readonly number[], by = 1): void => {
  expect(points?.length).toBe(wanted.length)
  for (const [i, value] of wanted.entries()) expect(Math.abs(points![i]! - value)).toBeLessThanOrEqual(by)
}

beforeAll(async () => {
  ;({ browser, close: closeBrowser } = await openBrowser())
})

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()))
  mock.close()
  expect(errors.splice(0)).toEqual([])
})

afterAll(() => closeBrowser())

test('draws a rectangle, stores it, and finds it again', async () => {
  const editor = await open()
  await editor.draw('rectangle', 'person')
  await editor.click(100, 120)
  await editor.click(300, 260)
  const [drawn] = await editor.untilCount(1)
  expect(drawn).toMatchObject({ id: '', shape: 'rectangle', label: 'person' })
  expectNear(drawn?.points, [100, 120, 300, 260])
  await editor.until('mode', 'idle')
  await editor.until('unsaved', 1)
  await editor.save()
  expect(mock.stored.shapes).toHaveLength(1)
  expect(mock.stored.shapes[0]).toMatchObject({
    type: 'rectangle',
    label_id: 12,
    frame: 0,
    source: 'manual',
    points: drawn!.points,
  })
  await until(() => editor.read('revision'), '2')
  const again = await openPage(contexts[0])
  const [loaded] = await again.untilCount(1)
  expect(loaded).toMatchObject({ id: '1000', points: drawn!.points })
})

test('draws by dragging, clamps to the picture, and refuses nothing-sized boxes', async () => {
  const editor = await open()
  await editor.draw('rectangle', 'car')
  await editor.drag([1200, 600], [1400, 800])
  const [drawn] = await editor.untilCount(1)
  expectNear(drawn?.points, [1200, 600, 1280, 720])
  await editor.page.keyboard.press('n')
  await editor.until('mode', 'draw')
  await editor.click(50, 50)
  await editor.click(50, 50)
  await editor.until('mode', 'draw')
  await editor.untilCount(1)
  await editor.page.keyboard.press('Escape')
  await editor.until('mode', 'idle')
  await editor.untilCount(1)
})

test('closes a polygon by N, by the first point, and by double click', async () => {
  const editor = await open()
  await editor.draw('polygon', 'car')
  await editor.clickAll([
    [100, 100],
    [200, 100],
    [200, 200],
  ])
  await editor.page.keyboard.press('n')
  await editor.untilCount(1)
  await editor.page.keyboard.press('n')
  await editor.until('mode', 'draw')
  await editor.clickAll([
    [300, 100],
    [400, 100],
    [400, 200],
    [300, 200],
    [300, 100],
  ])
  const [, second] = await editor.untilCount(2)
  expectNear(second?.points, [300, 100, 400, 100, 400, 200, 300, 200])
  await editor.page.keyboard.press('n')
  await editor.clickAll([
    [500, 100],
    [600, 100],
  ])
  const last = await editor.locate(600, 200)
  await editor.page.mouse.dblclick(last.x, last.y)
  const [, , third] = await editor.untilCount(3)
  expectNear(third?.points, [500, 100, 600, 100, 600, 200])
})

test('moves, resizes, undoes and redoes by hand', async () => {
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 180] })] } })
  await editor.moveTo(150, 140)
  await editor.until('active', 1)
  await editor.drag([150, 140], [250, 240])
  const [moved] = await editor.untilCount(1)
  expectNear(moved?.points, [200, 200, 300, 280], 1.5)
  const corner = await editor.handle('bottom-right')
  await editor.page.mouse.move(corner.x, corner.y)
  await editor.page.mouse.down()
  const to = await editor.locate(400, 380)
  await editor.page.mouse.move(to.x, to.y)
  await editor.until('mode', 'resize')
  await editor.page.mouse.up()
  await editor.until('mode', 'idle')
  expectNear((await editor.objects())[0]?.points, [...moved!.points.slice(0, 2), 400, 380], 1.5)
  await editor.page.keyboard.press('Control+z')
  await editor.page.keyboard.press('Control+z')
  await editor.until('unsaved', 0)
  expect((await editor.objects())[0]?.points).toEqual([100, 100, 200, 180])
  await editor.page.keyboard.press('Control+y')
  await editor.until('unsaved', 1)
  expect((await editor.objects())[0]?.points).toEqual(moved!.points)
})

test('reshapes a polygon: moves, inserts and deletes a point', async () => {
  const editor = await open({
    start: { shapes: [makeShape({ type: 'polygon', points: [200, 200, 500, 200, 500, 400, 200, 400] })] },
  })
  await editor.moveTo(350, 300)
  await editor.until('active', 1)
  const dragHandle = async (name: string, x: number, y: number) => {
    const from = await editor.handle(name)
    const to = await editor.locate(x, y)
    await editor.page.mouse.move(from.x, from.y)
    await editor.page.mouse.down()
    await editor.page.mouse.move(to.x, to.y)
    await editor.page.mouse.up()
    await editor.until('mode', 'idle')
  }
  await dragHandle('point-0', 150, 150)
  await dragHandle('edge-1', 600, 300)
  expectNear((await editor.objects())[0]?.points, [150, 150, 500, 200, 600, 300, 500, 400, 200, 400], 1.5)
  const gone = await editor.handle('point-3')
  await editor.page.mouse.move(gone.x, gone.y)
  await editor.page.keyboard.down('Alt')
  await editor.page.mouse.down()
  await editor.page.mouse.up()
  await editor.page.keyboard.up('Alt')
  await editor.page.waitForFunction(() => document.querySelector('[data-handle="point-4"]') === null)
  expect((await editor.objects())[0]?.points).toHaveLength(8)
})

test('keyboard alone: selects, nudges, relabels, locks, hides, copies and deletes', async () => {
  const shapes = [
    makeShape({ id: 1, type: 'rectangle', points: [100, 100, 200, 180] }),
    makeShape({ id: 2, type: 'rectangle', points: [300, 100, 400, 180] }),
  ]
  const editor = await open({ start: { shapes } })
  const { keyboard } = editor.page
  await keyboard.press('Tab')
  await editor.until('active', 1)
  await keyboard.press('Tab')
  await editor.until('active', 2)
  await keyboard.press('ArrowRight')
  await keyboard.press('Shift+ArrowDown')
  await editor.until('unsaved', 1)
  expect((await editor.objects())[1]?.points).toEqual([301, 110, 401, 190])
  await keyboard.press('Control+2')
  await keyboard.press('q')
  await keyboard.press('l')
  await editor.page.waitForSelector('[data-client-id="2"][data-locked="true"]', { state: 'attached' })
  expect((await editor.objects())[1]).toMatchObject({ label: 'person', data: { occluded: 'true' } })
  await keyboard.press('Delete')
  await keyboard.press('ArrowLeft')
  expect((await editor.objects())[1]?.points).toEqual([301, 110, 401, 190])
  await keyboard.press('l')
  await keyboard.press('h')
  await editor.page.waitForSelector('[data-client-id="2"][data-hidden="true"]', { state: 'attached' })
  await keyboard.press('h')
  await keyboard.press('Control+c')
  await keyboard.press('Control+v')
  await editor.until('mode', 'paste')
  await editor.click(700, 400)
  const copies = await editor.untilCount(3)
  expect(copies[2]).toMatchObject({ shape: 'rectangle', label: 'person' })
  await keyboard.press('Delete')
  await editor.untilCount(2)
  await keyboard.press('Escape')
  await editor.until('active', '')
  await editor.save()
  expect(mock.stored.shapes.map((shape) => [shape.id, shape.label_id, shape.occluded])).toEqual([
    [1, 11, false],
    [2, 12, true],
  ])
})

test('steps through frames by key, field and slider, and shows the frame in the address', async () => {
  const editor = await open({
    frames: 30,
    width: 320,
    height: 200,
    start: { shapes: [makeShape({ type: 'rectangle', points: [10, 10, 60, 60], frame: 22 })] },
  })
  const { keyboard } = editor.page
  await keyboard.press('f')
  await editor.until('frame', 1)
  await keyboard.press('v')
  await editor.until('frame', 11)
  await keyboard.press('c')
  await keyboard.press('d')
  await editor.until('frame', 0)
  await keyboard.press('ArrowRight')
  await editor.until('frame', 22)
  expect(await editor.untilCount(1)).toHaveLength(1)
  expect(new URL(editor.page.url()).searchParams.get('frame')).toBe('22')
  await keyboard.press('`')
  await keyboard.type('7')
  await keyboard.press('Enter')
  await editor.until('frame', 7)
  await keyboard.press('f')
  await editor.until('frame', 8)
  await editor.byId('player-last').click()
  await editor.until('frame', 29)
  await editor.byId('player-slider').fill('3')
  await editor.until('frame', 3)
  await editor.untilCount(0)
})

test('zooms about the cursor and pans, keeping the attributes exact', async () => {
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 180] })] } })
  const before = await editor.locate(640, 360)
  await editor.page.mouse.move(before.x, before.y)
  const scale = Number(await editor.read('scale'))
  await editor.page.mouse.wheel(0, -200)
  await editor.page.waitForFunction(
    (old) => Number((document.querySelector('[data-testid="editor"]') as HTMLElement).dataset.scale) > old,
    scale,
  )
  const after = await editor.locate(640, 360)
  expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(0.01)
  await editor.drag([700, 500], [600, 400])
  const panned = await editor.locate(700, 500)
  const start = await editor.locate(600, 400)
  expect(panned.x - start.x).toBeGreaterThan(0)
  await editor.untilCount(1)
  await editor.until('unsaved', 0)
})

test('kinds it cannot draw yet, and tracks, survive a save untouched', async () => {
  const shapes = [
    makeShape({ id: 1, type: 'rectangle', points: [10, 10, 60, 60] }),
    makeShape({
      id: 2,
      type: 'cuboid',
      points: [200, 520, 200, 620, 320, 530, 320, 640, 380, 500, 380, 590, 270, 495, 270, 575],
    }),
    makeShape({ id: 3, type: 'mask', points: [0, 40, 20, 40, 20, 100, 100, 139, 102] }),
    makeShape({
      id: 4,
      type: 'skeleton',
      points: [],
      elements: [
        makeShape({ id: 41, type: 'points', points: [300, 300] }),
        makeShape({ id: 42, type: 'points', points: [340, 360] }),
      ],
    }),
    makeShape({ id: 5, type: 'ellipse', points: [500, 300, 560, 260], rotation: 30 }),
  ]
  const key = { type: 'rectangle' as const, rotation: 0, occluded: false, outside: false, z_order: 0, attributes: [] }
  const tracks = [
    {
      id: 9,
      frame: 0,
      label_id: 12,
      group: 0,
      source: 'manual' as const,
      attributes: [],
      elements: [],
      shapes: [
        { ...key, id: 91, frame: 0, points: [700, 100, 800, 200] },
        { ...key, id: 92, frame: 4, points: [740, 140, 840, 240] },
      ],
    },
  ]
  const tags = [{ id: 6, frame: 0, label_id: 12, group: 0, source: 'manual' as const, attributes: [] }]
  const editor = await open({ start: { shapes, tracks, tags } })
  const untouched = structuredClone({ shapes: mock.stored.shapes.slice(1), tracks: mock.stored.tracks, tags: mock.stored.tags })
  const listed = await editor.untilCount(9)
  expect(listed.filter((item) => item.data.parent === '').map((item) => item.shape)).toEqual([
    'tag',
    'rectangle',
    'cuboid',
    'mask',
    'skeleton',
    'ellipse',
    'rectangle',
  ])
  const parts = listed.filter((item) => item.data.parent === '5')
  expect(parts.map((item) => [item.shape, ...item.points])).toEqual([
    ['points', 300, 300],
    ['points', 340, 360],
  ])
  await editor.drag([35, 35], [135, 135])
  await editor.until('unsaved', 1)
  await editor.save()
  expect({ shapes: mock.stored.shapes.slice(1), tracks: mock.stored.tracks, tags: mock.stored.tags }).toEqual(untouched)
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  const [onNext] = await editor.untilCount(1)
  expect(onNext).toMatchObject({ points: [710, 110, 810, 210], data: { kind: 'track', keyframe: 'false' } })
})

test('says when the server is away, repeats, and never stores twice when an answer is lost', async () => {
  const editor = await open()
  await editor.draw('rectangle', 'car')
  await editor.drag([100, 100], [200, 200])
  await editor.untilCount(1)
  mock.setMode('lose-answer')
  await editor.page.keyboard.press('Control+s')
  await editor.page.waitForSelector('[data-testid="editor-state"][data-state="offline"]')
  await until(() => editor.read('unsaved'), '1')
  mock.setMode('work')
  await editor.until('unsaved', 0)
  expect(mock.stored.shapes).toHaveLength(1)
  expect(mock.saves).toBeGreaterThan(1)
  await editor.page.waitForSelector('[data-testid="editor-state"][data-state="saved"]')
})

for (const [choice, points] of [
  ['mine', [[150, 100, 250, 200]]],
  ['theirs', [[5, 5, 50, 50]]],
  [
    'both',
    [
      [5, 5, 50, 50],
      [150, 100, 250, 200],
    ],
  ],
] as const) {
  test(`a conflict is shown, and "${choice}" does what it says`, async () => {
    const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } })
    await editor.page.keyboard.press('Tab')
    for (let i = 0; i < 5; i++) await editor.page.keyboard.press('Shift+ArrowRight')
    await editor.until('unsaved', 1)
    mock.changeElsewhere((stored) => {
      stored.shapes[0]!.points = [5, 5, 50, 50]
      stored.shapes.push(makeShape({ id: 2, type: 'rectangle', points: [600, 600, 650, 650] }))
    })
    await editor.page.keyboard.press('Control+s')
    await editor.byId('conflict-dialog').waitFor()
    expect(mock.stored.shapes.map((shape) => shape.points)).toEqual([
      [5, 5, 50, 50],
      [600, 600, 650, 650],
    ])
    await editor.byId(`conflict-${choice}`).click()
    await editor.until('unsaved', 0)
    await editor.page.waitForSelector('[data-testid="editor-state"][data-state="saved"]')
    const stored = mock.stored.shapes.map((shape) => shape.points)
    const others = stored.filter((list) => list[0] !== 600)
    expect(others).toEqual(points as never)
    expect(stored).toContainEqual([600, 600, 650, 650])
    expect((await editor.objects()).map((item) => item.points)).toEqual(expect.arrayContaining(stored))
  })
}

/** Ends a tab as a crash does: what it still tries to send gets nowhere. */
const killTab = async (page: Page) => {
  mock.setMode('down')
  await page.close({ runBeforeUnload: false })
  mock.setMode('work')
}

test('a killed tab gets its edits back, and they can be stored', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  contexts.push(context)
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } }, context)
  await editor.draw('polygon', 'person')
  await editor.clickAll([
    [400, 100],
    [500, 100],
    [500, 200],
  ])
  await editor.page.keyboard.press('n')
  await editor.untilCount(2)
  await editor.moveTo(150, 150)
  await editor.until('active', 1)
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('unsaved', 2)
  await editor.until('journal', 'written')
  await killTab(editor.page)
  const again = await openPage(context)
  await again.byId('restore-dialog').waitFor()
  await again.byId('dialog-ok').click()
  await again.ready()
  const restored = await again.untilCount(2)
  expect(restored[0]?.points).toEqual([101, 100, 201, 200])
  expect(restored[1]).toMatchObject({ shape: 'polygon', label: 'person' })
  await again.save()
  expect(mock.stored.shapes).toHaveLength(2)
  await again.page.close()
  const third = await openPage(context)
  await until(() => third.byId('restore-dialog').count(), 0)
})

test('a second tab leaves the edits of a living one alone', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  contexts.push(context)
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } }, context)
  await editor.page.keyboard.press('Tab')
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('unsaved', 1)
  await editor.until('journal', 'written')
  const second = await openPage(context)
  await until(() => second.byId('restore-dialog').count(), 0)
  expect((await second.objects())[0]?.points).toEqual([100, 100, 200, 200])
})

test('edits of a killed tab that clash with newer ones become a conflict', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  contexts.push(context)
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } }, context)
  await editor.page.keyboard.press('Tab')
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('unsaved', 1)
  await editor.until('journal', 'written')
  await killTab(editor.page)
  mock.changeElsewhere((stored) => {
    stored.shapes[0]!.points = [5, 5, 50, 50]
  })
  const again = await openPage(context)
  await again.byId('restore-dialog').waitFor()
  await again.byId('dialog-ok').click()
  await again.byId('conflict-dialog').waitFor()
  await again.byId('conflict-both').click()
  await again.until('unsaved', 0)
  expect(mock.stored.shapes.map((shape) => shape.points)).toEqual([
    [5, 5, 50, 50],
    [101, 100, 201, 200],
  ])
})

test('relabels and edits attributes in the side bar, hides and locks by label', async () => {
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } })
  const card = editor.byId('object-1')
  await card.locator('.ed-number').click()
  await editor.until('active', 1)
  await card.locator('[data-testid="object-details"]').click()
  await card.locator('[data-testid="object-attribute-colour"]').selectOption('blue')
  await card.locator('[data-testid="object-attribute-parked"]').check()
  await editor.save()
  expect(mock.stored.shapes[0]?.attributes).toEqual([
    { spec_id: 101, value: 'blue' },
    { spec_id: 102, value: 'true' },
  ])
  await card.locator('[data-testid="object-label"]').selectOption('person')
  await editor.save()
  expect(mock.stored.shapes[0]).toMatchObject({ id: 1, label_id: 12, attributes: [] })
  await editor.byId('side-labels').click()
  await editor.byId('label-row-12').locator('[data-testid="object-hide"]').click()
  await editor.page.waitForSelector('[data-client-id="1"][data-hidden="true"]', { state: 'attached' })
})

test('several objects: selected together, relabelled, copied and pasted as one step each', async () => {
  const boxes = [100, 300, 500].map((x, i) => makeShape({ id: i + 1, type: 'rectangle', points: [x, 100, x + 80, 160] }))
  const editor = await open({ start: { shapes: boxes } })
  const { keyboard } = editor.page
  await keyboard.press('Control+a')
  await editor.until('selection', '1,2,3')
  await editor.byId('selection-label').selectOption('person')
  await editor.until('unsaved', 3)
  await keyboard.press('Control+c')
  await keyboard.press('Control+v')
  await editor.until('mode', 'paste')
  await editor.click(600, 500)
  const all = await editor.untilCount(6)
  expect(all.slice(3).map((item) => item.label)).toEqual(['person', 'person', 'person'])
  expect(all.slice(3).map((item) => item.points[0]! - all[3]!.points[0]!)).toEqual([0, 200, 400])
  await keyboard.press('Control+z')
  await editor.untilCount(3)
  await keyboard.press('Control+z')
  await editor.until('unsaved', 0)
})

test('a right click opens the menu of the object', async () => {
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } })
  await editor.click(150, 150, { button: 'right' })
  await editor.byId('menu-remove').click()
  await editor.untilCount(0)
})

test('redraws an object in place of its old contour', async () => {
  const editor = await open({
    start: { shapes: [makeShape({ id: 8, type: 'rectangle', points: [100, 100, 200, 200], label_id: 12 })] },
  })
  await editor.page.keyboard.press('Tab')
  await editor.page.keyboard.press('Shift+N')
  await editor.until('mode', 'draw')
  await editor.drag([300, 300], [400, 420])
  await editor.until('mode', 'idle')
  const [redrawn] = await editor.untilCount(1)
  expect(redrawn).toMatchObject({ id: '8', label: 'person' })
  expectNear(redrawn?.points, [300, 300, 400, 420])
})

test('leaving with unsaved edits asks first', async () => {
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } })
  await editor.click(150, 150)
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('unsaved', 1)
  const asked = editor.page.waitForEvent('dialog')
  await editor.page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await editor.save()
  expect(mock.stored.shapes[0]?.points).toEqual([101, 100, 201, 200])
})

test('every area is reached by keys, and the picture gets them back', async () => {
  const editor = await open({ start: { shapes: [makeShape({ type: 'rectangle', points: [100, 100, 200, 200] })] } })
  const focused = () => editor.page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
  await until(() => focused(), 'canvas')
  await editor.page.keyboard.press('F6')
  await until(() => focused(), 'editor-menu')
  await editor.page.keyboard.press('Tab')
  await until(() => focused(), 'editor-state')
  await editor.page.keyboard.press('F6')
  await until(() => focused(), 'tool-cursor')
  await editor.page.keyboard.press('F6')
  await editor.page.keyboard.press('F6')
  await until(() => focused(), 'canvas')
  const unnamed = await editor.root.evaluate((root) =>
    [...root.querySelectorAll('button, select, input, a')]
      .filter(
        (control) =>
          control.checkVisibility() &&
          !control.getAttribute('aria-label') &&
          !control.textContent?.trim() &&
          !(control as HTMLInputElement).labels?.length,
      )
      .map((control) => control.outerHTML),
  )
  expect(unnamed).toEqual([])
})

test('lists every key in the help sheet, and finishes the job from the menu', async () => {
  const editor = await open()
  await editor.page.keyboard.press('F1')
  await editor.byId('help-dialog').waitFor()
  expect(await editor.byId('help-dialog').textContent()).toContain('Next frame')
  await editor.page.keyboard.press('F1')
  await editor.byId('help-dialog').waitFor({ state: 'detached' })
  await editor.byId('editor-menu').click()
  await editor.byId('menu-finish').click()
  await editor.byId('dialog-ok').click()
  await editor.page.waitForFunction(() =>
    document.querySelector('[data-testid="status-hint"]')?.textContent?.includes('completed'),
  )
  expect(mock.job.state).toBe('completed')
})

test('ten thousand objects: listed, hit, edited, and the list keeps few rows', async () => {
  const shapes = Array.from({ length: 10_000 }, (_, i) => {
    const x = (i % 100) * 12
    const y = Math.floor(i / 100) * 7
    return makeShape({ id: i + 1, type: 'polygon', points: [x, y, x + 9, y, x + 9, y + 5, x, y + 5] })
  })
  const editor = await open({ start: { shapes } })
  await editor.page.waitForFunction(() => document.querySelector('[data-testid="objects-mirror"]')?.childElementCount === 10_000)
  await editor.ready()
  await editor.moveTo(604, 352)
  await editor.until('active', 5051)
  expect(await editor.page.locator('.ed-card').count()).toBeLessThan(60)
  await until(() => editor.byId('object-5051').count(), 1)
  await editor.page.keyboard.press('Delete')
  await editor.untilCount(9_999)
  await editor.page.keyboard.press('Control+z')
  await editor.until('unsaved', 0)
})
