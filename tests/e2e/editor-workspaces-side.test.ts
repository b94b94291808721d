// Filters, layers, frames, dialogs, appearance, languages, fingers: what stands beside the picture, in Chromium.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser'
import { makeShape } from './editor-harness'
import { boxAt, makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

const red = [
  { spec_id: 101, value: 'red' },
  { spec_id: 102, value: 'false' },
]
const blue = [
  { spec_id: 101, value: 'blue' },
  { spec_id: 102, value: 'false' },
]

test('a filter by attribute hides the others, steers the frames, and is remembered', async () => {
  const shapes = [
    boxAt(1, 100, 100, { attributes: red }),
    boxAt(2, 300, 100, { attributes: blue }),
    boxAt(3, 100, 100, { attributes: red, frame: 2 }),
    boxAt(4, 100, 100, { attributes: blue, frame: 5 }),
  ]
  const editor = await fixture.open({ frames: 8, start: { shapes } })
  await editor.byId('editor-filter').click()
  await editor.byId('filter-field').selectOption('attribute:car.colour')
  await editor.byId('filter-operator').selectOption('equal')
  await editor.byId('filter-value').selectOption('blue')
  await editor.byId('filter-apply').click()
  const [left] = await editor.untilCount(1)
  expect(left?.id).toBe('2')
  await until(() => editor.byId('editor-filter').getAttribute('aria-pressed'), 'true')
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('frame', 5)
  await editor.byId('player-prev').click({ button: 'right' })
  await editor.byId('player-mode-filter').click()
  await editor.page.keyboard.press('d')
  await editor.until('frame', 0)
  await editor.byId('editor-filter').click()
  await editor.byId('list-clear').click()
  await editor.untilCount(2)
  await editor.byId('editor-filter').click()
  await editor.byId('list-filter-recent').selectOption({ index: 1 })
  await editor.byId('filter-apply').click()
  await editor.untilCount(1)
})

test('a filter of nested groups, with not, and between', async () => {
  const shapes = [
    boxAt(1, 100, 100),
    makeShape({ id: 2, type: 'rectangle', points: [300, 100, 360, 160] }),
    boxAt(3, 500, 100, { label_id: 12 }),
  ]
  const editor = await fixture.open({ start: { shapes } })
  await editor.byId('editor-filter').click()
  await editor.byId('filter-field').selectOption('width')
  await editor.byId('filter-operator').selectOption('between')
  await editor.byId('filter-value').fill('90, 110')
  await editor.byId('filter-group').click()
  const inner = editor.byId('filter-node').nth(1)
  await inner.locator('[data-testid="filter-add"]').click()
  await inner.locator('[data-testid="filter-field"]').selectOption('label')
  await inner.locator('[data-testid="filter-value"]').selectOption('person')
  await inner.locator('[data-testid="filter-not"]').first().check()
  await editor.byId('filter-apply').click()
  const [left] = await editor.untilCount(1)
  expect(left?.id).toBe('1')
})

test('frames without objects are found, a frame by a part of its name, and by its number', async () => {
  const shapes = [0, 1, 2, 4].map((frame) => boxAt(frame + 1, 100, 100, { frame }))
  const editor = await fixture.open({ frames: 30, start: { shapes } })
  await editor.byId('player-next').click({ button: 'right' })
  await editor.byId('player-mode-empty').click()
  await editor.byId('player-next').click()
  await editor.until('frame', 3)
  await editor.byId('player-next').click()
  await editor.until('frame', 5)
  await editor.byId('player-filename').click()
  await editor.byId('frame-search-open').click()
  await editor.byId('frame-search').fill('_0012')
  await until(() => editor.page.locator('.ed-options [role="option"]').count(), 1)
  await editor.page.keyboard.press('Enter')
  await editor.until('frame', 12)
})

test('a deleted frame is passed over, reached by number, restored by undo', async () => {
  const editor = await fixture.open({ frames: 6 })
  const { deleted } = fixture.mock.extras
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.byId('player-delete-frame').click()
  await editor.byId('dialog-ok').click()
  await until(() => [...deleted], [1])
  await editor.byId('frame-deleted').waitFor()
  await editor.page.keyboard.press('d')
  await editor.until('frame', 0)
  await editor.page.keyboard.press('f')
  await editor.until('frame', 2)
  await editor.byId('player-frame').fill('1')
  await editor.page.keyboard.press('Enter')
  await editor.until('frame', 1)
  await editor.page.keyboard.press('Control+z')
  await until(() => [...deleted], [])
  await editor.byId('frame-deleted').waitFor({ state: 'hidden' })
  await editor.until('unsaved', 0)
})

test('layers: hidden one by one, shown up to one, numbered without gaps', async () => {
  const shapes = [boxAt(1, 100, 100), boxAt(2, 300, 100, { z_order: 3 }), boxAt(3, 500, 100, { z_order: 7 })]
  const editor = await fixture.open({ start: { shapes } })
  const hidden = async () => (await editor.objects()).map((object) => object.data.hidden)
  await editor.byId('side-layers').click()
  await editor.byId('layer-3').locator('[data-testid="layer-hide"]').click()
  await until(hidden, ['false', 'true', 'false'])
  await editor.page.keyboard.press('Control+z')
  await until(hidden, ['false', 'false', 'false'])
  await editor.byId('layers-top').focus()
  await editor.page.keyboard.press('Home')
  await until(hidden, ['false', 'true', 'true'])
  await editor.page.keyboard.press('End')
  await until(hidden, ['false', 'false', 'false'])
  await editor.byId('layers-compact').click()
  await until(async () => (await editor.objects()).map((object) => object.data.z), ['0', '1', '2'])
  await editor.save()
  expect(fixture.mock.stored.shapes.map((shape) => shape.z_order)).toEqual([0, 1, 2])
})

test('statistics count per label, the job tells about itself', async () => {
  const shapes = [
    boxAt(1, 100, 100),
    boxAt(2, 300, 100),
    boxAt(3, 500, 100, { label_id: 12, type: 'polygon', points: [1, 1, 50, 1, 50, 50] }),
  ]
  const editor = await fixture.open({ frames: 4, start: { shapes } })
  await editor.byId('editor-statistics').click()
  const cell = (label: string, column: string) =>
    editor.byId(`statistics-${label}`).locator(`[data-column="${column}"]`).textContent()
  await editor.byId('statistics-car').waitFor()
  expect(await cell('car', 'rectangle-shapes')).toBe('2')
  expect(await cell('person', 'polygon-shapes')).toBe('1')
  expect(await cell('total', 'total')).toBe('3')
  await editor.byId('dialog-ok').click()
  await editor.byId('editor-info').click()
  expect(await editor.byId('info-dialog').textContent()).toContain('Last frame3')
  await editor.byId('dialog-ok').click()
})

test('the guide opens once by itself, without what would run in it', async () => {
  const guide = '# Cars\n\nDraw **all**. <img src=x onerror=alert(1)> [bad](javascript:alert(1))\n\n- one\n- two'
  const editor = await fixture.open({ guide })
  await editor.byId('guide-dialog').waitFor()
  expect(await editor.page.locator('.ed-markdown strong').textContent()).toBe('all')
  expect(await editor.page.locator('.ed-markdown img, .ed-markdown a').count()).toBe(0)
  await editor.byId('dialog-ok').click()
  await editor.page.reload()
  await editor.ready()
  await editor.byId('editor-guide').click()
  await editor.byId('guide-dialog').waitFor()
  await editor.byId('dialog-ok').click()
})

test('pictures beside the frame are shown, closed and opened again', async () => {
  const editor = await fixture.open({ frames: 2, context: { 0: ['left.jpg', 'right.jpg'] } })
  await editor.byId('context-0').waitFor()
  await until(() => editor.byId('context-1').locator('figcaption span').first().textContent(), 'right.jpg')
  await until(
    () =>
      editor
        .byId('context-1')
        .locator('img')
        .evaluate((image) => (image as HTMLImageElement).naturalWidth),
    1280,
  )
  for (const _ of [0, 1]) await editor.page.locator('.ed-context-tile button[aria-label="Close"]').first().click()
  await editor.byId('context-open').click()
  await editor.byId('context-0').waitFor()
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await until(() => editor.byId('context-0').count(), 0)
})

test('chapters: marks, keys and the menu', async () => {
  const chapters = [
    { id: 1, start: 0, stop: 3, metadata: { title: 'Arrival' } },
    { id: 2, start: 4, stop: 9, metadata: { title: 'Leaving' } },
  ]
  const editor = await fixture.open({ frames: 10, chapters })
  await editor.byId('player-next').click({ button: 'right' })
  await editor.byId('chapter-2').click()
  await editor.until('frame', 4)
  await editor.byId('player-prev').click({ button: 'right' })
  await editor.byId('player-mode-chapter').click()
  await editor.byId('player-prev').click()
  await editor.until('frame', 0)
})

test('the picture turns, and points lie where they are drawn', async () => {
  const editor = await fixture.open({ frames: 2 })
  await editor.page.keyboard.press('Control+r')
  await editor.until('angle', 90)
  await editor.byId('tool-rectangle').click()
  await editor.byId('draw-shape').click()
  const area = (await editor.byId('canvas').boundingBox())!
  // Turned to the right, the top left of the picture lies at the top right.
  const at = (x: number, y: number) => ({ x: area.x + area.width * x, y: area.y + area.height * y })
  const [from, to] = [at(0.55, 0.3), at(0.45, 0.6)]
  await editor.page.mouse.move(from.x, from.y)
  await editor.page.mouse.down()
  await editor.page.mouse.move(to.x, to.y, { steps: 3 })
  await editor.page.mouse.up()
  const [drawn] = await editor.untilCount(1)
  const [left, top, right, bottom] = drawn!.points as [number, number, number, number]
  expect(right - left).toBeGreaterThan(bottom - top)
  expect(left).toBeLessThan(640)
  expect(top).toBeLessThan(360)
  expect(bottom).toBeGreaterThan(360)
  const handle = await editor.handle('right')
  expect(handle.y).toBeGreaterThan(area.y + area.height * 0.58)
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.until('angle', 0)
})

test('two fingers zoom and move; one draws', async () => {
  const editor = await fixture.open({}, '', { hasTouch: true })
  const client = await editor.page.context().newCDPSession(editor.page)
  const area = (await editor.byId('canvas').boundingBox())!
  const centre = { x: area.x + area.width / 2, y: area.y + area.height / 2 }
  const before = Number(await editor.read('scale'))
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: [number, number][]) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y], id) => ({ x: centre.x + x, y: centre.y + y, id })),
    })
  await touch('touchStart', [[-50, 0]])
  await touch('touchStart', [
    [-50, 0],
    [50, 0],
  ])
  await touch('touchMove', [
    [-100, 0],
    [100, 0],
  ])
  await touch('touchEnd', [])
  await until(async () => Math.round((Number(await editor.read('scale')) / before) * 10) / 10, 2)
  await editor.byId('tool-rectangle').click()
  await editor.byId('draw-shape').click()
  await touch('touchStart', [[-80, -60]])
  await touch('touchMove', [[0, 0]])
  await touch('touchMove', [[80, 60]])
  await touch('touchEnd', [])
  await editor.untilCount(1)
  await editor.until('mode', 'idle')
})

test('German: chosen in the settings, kept, and every control has its German name', async () => {
  const editor = await fixture.open({ start: { shapes: [boxAt(1, 100, 100)] } })
  await editor.page.keyboard.press('F2')
  await editor.byId('settings-workspace').click()
  await editor.byId('setting-language').selectOption('de')
  await editor.page.waitForFunction(() => document.documentElement.lang === 'de' && document.querySelector('[data-busy="false"]'))
  await editor.ready()
  await until(() => editor.byId('editor-state').textContent(), 'Gesichert')
  await until(() => editor.byId('side-objects').textContent(), 'Objekte')
  expect(await editor.byId('editor-undo').getAttribute('aria-label')).toBe('Nichts rückgängig zu machen')
  await editor.page.keyboard.press('Control+k')
  await editor.byId('palette-input').fill('statistik')
  await editor.page.keyboard.press('Enter')
  await editor.byId('statistics-car').waitFor()
  await editor.byId('dialog-ok').click()
  await editor.page.keyboard.press('F2')
  await editor.byId('settings-workspace').click()
  await editor.byId('setting-language').selectOption('en')
  await editor.page.waitForFunction(() => document.documentElement.lang === 'en' && document.querySelector('[data-busy="false"]'))
  await editor.ready()
})

test('text, appearance and the picture follow the settings', async () => {
  const editor = await fixture.open({ start: { shapes: [boxAt(1, 100, 100, { attributes: blue })] } })
  const text = async () => (await editor.objects())[0]?.data.text
  await until(text, '')
  await editor.page.keyboard.press('F2')
  await editor.byId('settings-workspace').click()
  for (const id of ['always', 'attributes', 'source', 'dimensions', 'layer']) await editor.byId(`setting-text-${id}`).check()
  await editor.byId('setting-text-id').uncheck()
  await until(text, 'car (manual)\n100.0 × 80.0\nlayer 0\ncolour: blue\nparked: false')
  await editor.byId('settings-image').click()
  await editor.byId('setting-brightness').fill('150')
  await editor.byId('setting-gamma').fill('1.5')
  const look = () =>
    editor.page
      .locator('.ed-surface > canvas')
      .first()
      .evaluate((canvas) => (canvas as HTMLElement).style.filter)
  await until(look, 'brightness(150%) url("#ed-gamma")')
  await editor.byId('setting-equalize').check()
  await editor.byId('setting-grid').check()
  await until(() => editor.byId('grid').isVisible(), true)
  await editor.byId('settings-close').click()
  await editor.byId('side-appearance').click()
  await editor.byId('appearance-outline').check()
  await editor.byId('appearance-color-by').selectOption('instance')
  await until(async () => (await editor.objects())[0]?.data.color !== '#e5484d', true)
})

test('everything has a name in every workspace, and nothing is cut at 1280 × 720 and at 150 %', async () => {
  for (const viewport of [
    { width: 1280, height: 720 },
    { width: 853, height: 480 },
  ]) {
    const editor = await fixture.open({ guide: 'x', start: { shapes: [boxAt(1, 100, 100)] } }, '?frame=0', { viewport })
    await editor.byId('guide-dialog').waitFor()
    await editor.byId('dialog-ok').click()
    for (const workspace of ['standard', 'attributes', 'tags', 'single_shape', 'review']) {
      await editor.byId('editor-workspace').selectOption(workspace)
      await editor.until('workspace', workspace)
      const unnamed = await editor.root.evaluate((root) =>
        [...root.querySelectorAll('button, select, input, a, textarea')]
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
      const cut = await editor.page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement
        const outside = [...document.querySelectorAll('.ed-header button, .ed-header select, .ed-header a')].filter((one) => {
          const box = one.getBoundingClientRect()
          return one.checkVisibility() && (box.right > window.innerWidth + 1 || box.left < -1)
        })
        const seen = [
          ...document.querySelectorAll('.ed-header button, .ed-header select, .ed-header a, .ed-header input'),
        ].filter((one) => one.checkVisibility())
        // What lies below another control cannot be used.
        const covered = seen.filter((one) => {
          const box = one.getBoundingClientRect()
          const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
          return top !== null && !one.contains(top) && !top.contains(one) && !top.closest('label')?.contains(one)
        })
        return [scrollWidth > clientWidth, [...outside, ...covered].map((one) => one.outerHTML)]
      })
      expect(cut).toEqual([false, []])
    }
    await editor.page.keyboard.press('Escape')
    await fixture.check()
  }
})

test('many objects at once: counted first, relabelled and deleted over the whole job, undone as one step', async () => {
  const shapes = [0, 1, 2, 3].map((frame) => boxAt(frame + 1, 100, 100, { frame, attributes: frame < 2 ? red : blue }))
  const editor = await fixture.open({ frames: 6, start: { shapes } })
  await editor.byId('editor-filter').click()
  await editor.byId('filter-field').selectOption('attribute:car.colour')
  await editor.byId('filter-value').selectOption('blue')
  await editor.byId('filter-apply').click()
  await editor.untilCount(0)
  await editor.byId('editor-menu').click()
  await editor.byId('menu-actions').click()
  await editor.byId('action-name').selectOption('relabel-filtered')
  await editor.byId('action-label').selectOption('person')
  await until(() => editor.byId('action-count').textContent(), '2 objects')
  await editor.byId('action-run').click()
  await editor.until('unsaved', 2)
  await editor.page.keyboard.press('Control+z')
  await editor.until('unsaved', 0)
  await editor.byId('editor-menu').click()
  await editor.byId('menu-remove').click()
  await editor.byId('action-from').fill('1')
  await editor.byId('action-to').fill('2')
  await until(() => editor.byId('action-count').textContent(), '2 objects')
  await editor.byId('action-run').click()
  await editor.save()
  expect(fixture.mock.stored.shapes.map((shape) => shape.frame)).toEqual([0, 3])
})

test('Ctrl+E acts on one object: its copies on other frames', async () => {
  const editor = await fixture.open({ frames: 5, start: { shapes: [boxAt(1, 100, 100), boxAt(2, 400, 300)] } })
  await editor.page.keyboard.press('Tab')
  await editor.until('active', 1)
  await editor.page.keyboard.press('Control+e')
  await editor.byId('action-name').selectOption('propagate')
  await editor.byId('action-to').fill('3')
  await until(() => editor.byId('action-count').textContent(), '3 objects')
  await editor.byId('action-run').click()
  await editor.until('unsaved', 3)
  await editor.save()
  expect(fixture.mock.stored.shapes.map((shape) => [shape.frame, shape.points[0]])).toEqual([
    [0, 100],
    [0, 400],
    [1, 100],
    [2, 100],
    [3, 100],
  ])
})

test('the list is sorted, duplicates are found, details open at once', async () => {
  const shapes = [boxAt(1, 100, 100, { label_id: 12 }), boxAt(2, 300, 100), boxAt(3, 300, 100), boxAt(4, 500, 100)]
  const editor = await fixture.open({ start: { shapes } })
  const cards = () =>
    editor.page
      .locator('.ed-card')
      .evaluateAll((all) =>
        all
          .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
          .map((card) => card.getAttribute('data-testid')),
      )
  await editor.byId('objects-sort').selectOption('label')
  await until(cards, ['object-2', 'object-3', 'object-4', 'object-1'])
  await editor.byId('canvas').focus()
  await editor.page.keyboard.press('Tab')
  await editor.until('active', 1)
  await editor.page.keyboard.press('ArrowDown')
  await editor.byId('objects-sort').selectOption('updated')
  await until(async () => (await cards())[0], 'object-1')
  await until(() => editor.byId('objects-duplicates').textContent(), 'One object lies exactly on another')
  await editor.byId('objects-duplicates').click()
  await editor.until('active', 3)
  await editor.page.keyboard.press('Delete')
  await editor.untilCount(3)
  await editor.byId('objects-duplicates').waitFor({ state: 'hidden' })
  await editor.byId('objects-fold-all').click()
  await editor.byId('object-2').locator('[data-testid="object-attribute-colour"]').waitFor()
})

test('a job goes on where one stopped, and a link leads to one object', async () => {
  const shapes = [boxAt(1, 100, 100, { frame: 3 }), boxAt(2, 300, 100, { frame: 3 })]
  const editor = await fixture.open({ frames: 8, start: { shapes } })
  await editor.page.keyboard.press('v')
  await editor.until('frame', 7)
  const again = await fixture.openPage('', {}, fixture.context)
  await again.until('frame', 0)
  await again.byId('resume-continue').click()
  await again.until('frame', 7)
  const linked = await fixture.openPage('?frame=0&type=shape&serverID=2', {}, fixture.context)
  await linked.until('frame', 3)
  const [only] = await linked.untilCount(1)
  expect(only?.id).toBe('2')
  expect(await linked.byId('resume').isVisible()).toBe(false)
})
