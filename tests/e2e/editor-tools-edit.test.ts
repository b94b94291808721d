// Operations on objects by mouse and keyboard: merging, splitting, grouping, joining, slicing, combining, copying, moving several.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Track } from '../../src/formats/model'
import { makeShape } from './editor-harness'
import type { EditorPage } from './editor-page'
import { areaOf, countPixels, expectNear, fullMask, openTools, shapeOf } from './editor-tools-fixture'

setDefaultTimeout(60_000)

let tools: Awaited<ReturnType<typeof openTools>>
beforeAll(async () => {
  tools = await openTools()
})
afterEach(() => tools.finish())
afterAll(() => tools.close())

const rectangle = (id: number, x: number, y: number, part: Partial<Parameters<typeof makeShape>[0]> = {}) =>
  makeShape({ id, type: 'rectangle', points: [x, y, x + 100, y + 80], ...part })
const polygon = (id: number, x: number, y: number, w = 200, h = 200) =>
  makeShape({ id, type: 'polygon', points: [x, y, x + w, y, x + w, y + h, x, y + h] })

const key = { type: 'rectangle' as const, rotation: 0, occluded: false, outside: false, z_order: 0, attributes: [] }
const track = (id: number, y: number): Track => ({
  id,
  frame: 0,
  label_id: 11,
  group: 0,
  source: 'manual',
  attributes: [{ spec_id: 101, value: 'red' }],
  elements: [],
  shapes: [
    { ...key, id: id * 10, frame: 0, points: [100, y, 200, y + 80] },
    { ...key, id: id * 10 + 1, frame: 4, points: [500, y, 600, y + 80] },
  ],
})

const go = async (editor: EditorPage, frame: number) => {
  await editor.byId('player-frame').fill(String(frame))
  await editor.page.keyboard.press('Enter')
  await editor.until('frame', frame)
  await editor.ready()
}

/** Chooses a command by its name in the palette. */
const command = async (editor: EditorPage, title: string) => {
  await editor.page.keyboard.press('Control+k')
  await editor.byId('palette-input').fill(title)
  await editor.page.locator('[role="option"]', { hasText: title }).first().waitFor()
  await editor.page.keyboard.press('Enter')
  await editor.byId('palette-input').waitFor({ state: 'detached' })
}

test('M merges shapes of two frames into a track, outside between them', async () => {
  const start = { shapes: [rectangle(1, 100, 100), rectangle(2, 300, 100, { frame: 3 })] }
  const { editor, mock } = await tools.open({ start })
  await editor.page.keyboard.press('m')
  await editor.until('mode', 'merge')
  await editor.click(150, 140)
  await go(editor, 3)
  await editor.click(350, 140)
  await editor.page.keyboard.press('m')
  await editor.until('mode', 'idle')
  await editor.save()
  expect(mock.stored.shapes).toEqual([])
  expect(mock.stored.tracks[0]!.shapes.map((one) => [one.frame, one.outside])).toEqual([
    [0, false],
    [1, true],
    [3, false],
    [4, true],
  ])
})

test('merging different labels is refused in words', async () => {
  const start = { shapes: [rectangle(1, 100, 100), rectangle(2, 300, 100, { label_id: 12 })] }
  const { editor, mock } = await tools.open({ start })
  await editor.page.keyboard.press('m')
  await editor.clickAll([
    [150, 140],
    [350, 140],
  ])
  await editor.page.waitForFunction(() =>
    document.querySelector('[data-testid="status-hint"]')?.textContent?.includes('same label'),
  )
  await editor.page.keyboard.press('Escape')
  await editor.until('mode', 'idle')
  expect(mock.stored.shapes).toHaveLength(2)
})

test('Alt+M splits a track on the shown frame; undo makes it one again', async () => {
  const { editor, mock } = await tools.open({ start: { tracks: [track(1, 100)] } })
  await go(editor, 2)
  await editor.page.keyboard.press('Alt+m')
  await editor.until('mode', 'split')
  await editor.click(350, 140)
  await editor.until('mode', 'idle')
  await editor.save()
  expect(mock.stored.tracks.map((one) => one.shapes.map((shape) => [shape.frame, shape.outside, shape.points[0]]))).toEqual([
    [
      [0, false, 100],
      [2, true, 300],
    ],
    [
      [2, false, 300],
      [4, false, 500],
    ],
  ])
  await editor.page.keyboard.press('Control+z')
  await editor.until('unsaved', 2)
  await editor.save()
  expect(mock.stored.tracks.map((one) => one.shapes.map((shape) => shape.frame))).toEqual([[0, 4]])
})

test('G groups by clicks and a box, Shift+G takes out', async () => {
  const start = { shapes: [rectangle(1, 100, 100), rectangle(2, 300, 100), rectangle(3, 600, 400), rectangle(4, 800, 400)] }
  const { editor, mock } = await tools.open({ start })
  await editor.page.keyboard.press('g')
  await editor.until('mode', 'group')
  await editor.click(150, 140)
  await editor.drag([580, 380], [920, 500])
  await editor.page.keyboard.press('g')
  await editor.until('mode', 'idle')
  await editor.save()
  expect(mock.stored.shapes.map((one) => one.group)).toEqual([1, 0, 1, 1])
  await editor.moveTo(650, 440)
  await editor.until('active', 3)
  await editor.page.keyboard.press('Shift+G')
  await editor.save()
  expect(mock.stored.shapes.map((one) => one.group)).toEqual([1, 0, 0, 1])
})

test('J joins masks, Alt+J cuts one in two', async () => {
  const masks = [
    makeShape({ id: 1, type: 'mask', points: fullMask(100, 100, 299, 299) }),
    makeShape({ id: 2, type: 'mask', points: fullMask(300, 100, 499, 299) }),
  ]
  const { editor, mock } = await tools.open({ start: { shapes: masks } })
  await editor.page.keyboard.press('j')
  await editor.clickAll([
    [200, 200],
    [400, 200],
  ])
  await editor.page.keyboard.press('j')
  await editor.untilCount(1)
  await editor.save()
  expect(mock.stored.shapes.map((one) => countPixels(one.points))).toEqual([80_000])
  await editor.page.keyboard.press('Alt+j')
  await editor.until('mode', 'slice')
  await editor.clickAll([
    [200, 200],
    [200, 100],
    [220, 200],
    [200, 300],
  ])
  await editor.untilCount(2)
  await editor.save()
  const parts = mock.stored.shapes.map((one) => countPixels(one.points))
  expect(parts[0]! + parts[1]!).toBe(80_000)
  expect(Math.min(...parts)).toBeGreaterThan(18_000)
})

test('a polygon is cut along a line, a polyline at a point', async () => {
  const line = makeShape({ id: 2, type: 'polyline', points: [600, 300, 800, 300, 800, 500] })
  const { editor, mock } = await tools.open({ start: { shapes: [polygon(1, 100, 100), line] } })
  await editor.page.keyboard.press('Alt+j')
  await editor.clickAll([
    [150, 101],
    [180, 200],
    [160, 299],
  ])
  await editor.untilCount(3)
  await editor.page.keyboard.press('Alt+j')
  await editor.click(700, 300)
  await editor.untilCount(4)
  await editor.save()
  const polygons = mock.stored.shapes.filter((one) => one.type === 'polygon')
  expect(Math.abs(polygons.reduce((sum, one) => sum + areaOf(one.points), 0) - 40_000)).toBeLessThan(100)
  const lines = mock.stored.shapes.filter((one) => one.type === 'polyline')
  expect(lines.map((one) => one.points.length)).toEqual([4, 6])
})

test('areas are united, subtracted and intersected; a hole makes a mask', async () => {
  const { editor, mock } = await tools.open({ start: { shapes: [polygon(1, 100, 100), polygon(2, 200, 100)] } })
  await editor.page.keyboard.press('Control+a')
  await editor.until('selection', '1,2')
  await command(editor, 'Unite areas')
  await editor.untilCount(1)
  await editor.save()
  expect(areaOf(shapeOf(mock).points)).toBe(60_000)
  await editor.page.keyboard.press('Control+z')
  await editor.untilCount(2)
  await editor.page.keyboard.press('Control+a')
  await command(editor, 'Keep what areas share')
  await editor.untilCount(1)
  await editor.save()
  expect(areaOf(shapeOf(mock).points)).toBe(20_000)
})

test('a polygon becomes a mask and comes back', async () => {
  const { editor, mock } = await tools.open({ start: { shapes: [polygon(1, 100, 100)] } })
  await editor.moveTo(150, 150)
  await editor.until('active', 1)
  await command(editor, 'Convert to mask')
  await editor.page.waitForSelector('[data-client-id="1"][data-shape="mask"]', { state: 'attached' })
  await editor.save()
  expect(countPixels(shapeOf(mock).points)).toBe(40_000)
  await command(editor, 'Convert to polygon')
  await editor.page.waitForSelector('[data-client-id="1"][data-shape="polygon"]', { state: 'attached' })
  await editor.save()
  expect(Math.abs(areaOf(shapeOf(mock).points) - 40_000)).toBeLessThan(1_000)
})

test('several objects move together and are undone as one; locked ones stay', async () => {
  const { editor, mock } = await tools.open({
    start: { shapes: [rectangle(1, 100, 100), rectangle(2, 300, 100), rectangle(3, 500, 100)] },
  })
  await editor.moveTo(550, 140)
  await editor.until('active', 3)
  await editor.page.keyboard.press('l')
  await editor.page.waitForSelector('[data-client-id="3"][data-locked="true"]', { state: 'attached' })
  await editor.page.keyboard.press('Control+a')
  await editor.until('selection', '1,2,3')
  await editor.drag([150, 140], [150, 340])
  await editor.until('unsaved', 2)
  await editor.save()
  expectNear(
    mock.stored.shapes.map((one) => one.points[1]!),
    [300, 300, 100],
  )
  await editor.page.keyboard.press('Control+z')
  await editor.until('unsaved', 2)
  await editor.save()
  expect(mock.stored.shapes.map((one) => one.points[1])).toEqual([100, 100, 100])
})

test('a line around objects selects those wholly inside; Shift and click add and take away', async () => {
  const { editor } = await tools.open({
    start: { shapes: [rectangle(1, 100, 100), rectangle(2, 300, 100), rectangle(3, 500, 100)] },
  })
  await editor.byId('tool-select').click()
  await editor.drag([80, 80], [450, 220])
  await editor.until('selection', '1,2')
  await editor.page.keyboard.down('Shift')
  await editor.click(550, 140)
  await editor.until('selection', '1,2,3')
  await editor.click(150, 140)
  await editor.page.keyboard.up('Shift')
  await editor.until('selection', '2,3')
  await editor.page.keyboard.press('Delete')
  const left = await editor.untilCount(1)
  expect(left[0]?.clientId).toBe('1')
})

test('arrows move by 1 and 10, with Ctrl they resize', async () => {
  const { editor, mock } = await tools.open({ start: { shapes: [rectangle(1, 100, 100)] } })
  await editor.click(150, 140)
  for (const keys of [
    'ArrowRight',
    'Shift+ArrowDown',
    'Control+ArrowRight',
    'Control+ArrowRight',
    'Control+Shift+ArrowDown',
    'Control+ArrowUp',
  ]) {
    await editor.page.keyboard.press(keys)
  }
  await editor.save()
  expect(shapeOf(mock).points).toEqual([101, 110, 203, 199])
})

test('Ctrl+B propagates forward and backward, refused where there is no frame', async () => {
  const { editor, mock } = await tools.open({ start: { shapes: [rectangle(1, 100, 100, { frame: 2 })] } })
  await go(editor, 2)
  await editor.moveTo(150, 140)
  await editor.until('active', 1)
  await editor.page.keyboard.press('Control+b')
  await editor.byId('propagate-direction').selectOption('backward')
  await editor.byId('propagate-count').fill('1')
  await editor.byId('dialog-ok').click()
  await editor.until('unsaved', 1)
  await editor.page.keyboard.press('Control+b')
  await editor.byId('propagate-count').fill('99')
  await editor.byId('dialog-ok').click()
  await editor.until('unsaved', 3)
  await editor.save()
  expect(mock.stored.shapes.map((one) => one.frame).sort()).toEqual([1, 2, 3, 4])
  await editor.page.keyboard.press('Control+z')
  await editor.until('unsaved', 2)
})

test('copies reach another job of this browser', async () => {
  const { editor } = await tools.open({ start: { shapes: [rectangle(1, 100, 100, { label_id: 12 })] } })
  await editor.moveTo(150, 140)
  await editor.until('active', 1)
  await editor.page.keyboard.press('Control+c')
  await editor.page.reload()
  await editor.ready()
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.page.keyboard.press('Control+v')
  await editor.until('mode', 'paste')
  await editor.click(640, 360)
  const [pasted] = await editor.untilCount(1)
  expect(pasted?.label).toBe('person')
  expectNear(pasted?.points, [590, 320, 690, 400])
})

test('deleting a track asks; ending it here keeps what lies before', async () => {
  const { editor, mock } = await tools.open({ start: { tracks: [track(1, 100), track(2, 400)] } })
  await go(editor, 2)
  await editor.moveTo(350, 140)
  await editor.until('active', 1)
  await editor.page.keyboard.press('Delete')
  await editor.byId('dialog-end').click()
  await editor.until('unsaved', 1)
  await editor.moveTo(350, 440)
  await editor.until('active', 2)
  await editor.page.keyboard.press('Delete')
  await editor.byId('dialog-ok').click()
  await editor.until('unsaved', 2)
  await editor.save()
  expect(mock.stored.tracks.map((one) => one.shapes.map((shape) => [shape.frame, shape.outside]))).toEqual([
    [
      [0, false],
      [2, true],
    ],
  ])
})

test('two tracks are swapped from here, key frames thinned', async () => {
  const dense = track(3, 600)
  dense.shapes = [0, 1, 2, 3, 4].map((frame) => ({
    ...key,
    id: 300 + frame,
    frame,
    points: [100 * frame, 600, 100 * frame + 100, 680],
  }))
  const { editor, mock } = await tools.open({ start: { tracks: [track(1, 100), track(2, 400), dense] } })
  await go(editor, 2)
  await editor.page.keyboard.down('Control')
  await editor.click(350, 140)
  await editor.click(350, 440)
  await editor.page.keyboard.up('Control')
  await editor.until('selection', '1,2')
  await command(editor, 'Swap two tracks from here')
  await editor.until('unsaved', 2)
  await editor.page.keyboard.press('Escape')
  await editor.moveTo(250, 640)
  await editor.until('active', 3)
  await command(editor, 'Thin key frames')
  await editor.until('unsaved', 3)
  await editor.save()
  expect(mock.stored.tracks[0]!.shapes.map((one) => [one.frame, one.points[1]])).toEqual([
    [0, 100],
    [2, 400],
    [4, 400],
  ])
  expect(mock.stored.tracks[2]!.shapes.map((one) => one.frame)).toEqual([0, 4])
})

test('a part of a polygon is drawn anew from one of its points to another; the smaller rest goes', async () => {
  const { editor, mock } = await tools.open({ start: { shapes: [polygon(1, 100, 100)] } })
  await editor.moveTo(150, 150)
  await editor.until('active', 1)
  const from = await editor.handle('point-1')
  await editor.page.keyboard.down('Shift')
  await editor.page.mouse.move(from.x, from.y)
  await editor.page.mouse.down()
  await editor.page.mouse.up()
  await editor.page.keyboard.up('Shift')
  await editor.until('mode', 'edit')
  await editor.clickAll([
    [400, 200],
    [300, 300],
  ])
  await editor.until('mode', 'idle')
  await editor.save()
  expect(shapeOf(mock).points).toHaveLength(10)
  expect(areaOf(shapeOf(mock).points)).toBeGreaterThan(49_000)
})

test('a point is added on an edge, deleted with Alt, made the first by its menu', async () => {
  const { editor, mock } = await tools.open({ start: { shapes: [polygon(1, 100, 100)] } })
  await editor.moveTo(150, 150)
  await editor.until('active', 1)
  const edge = await editor.handle('edge-1')
  await editor.page.mouse.move(edge.x, edge.y)
  await editor.page.mouse.down()
  await editor.page.mouse.move(edge.x + 20, edge.y)
  await editor.page.mouse.move(edge.x + 40, edge.y)
  await editor.page.mouse.up()
  await editor.until('unsaved', 1)
  const corner = await editor.handle('point-0')
  await editor.page.keyboard.down('Alt')
  await editor.page.mouse.move(corner.x, corner.y)
  await editor.page.mouse.down()
  await editor.page.mouse.up()
  await editor.page.keyboard.up('Alt')
  await editor.page.waitForFunction(
    () =>
      document.querySelector('[data-testid="objects-mirror"] [data-client-id="1"]')?.getAttribute('data-points')?.split(',')
        .length === 8,
  )
  const second = await editor.handle('point-1')
  await editor.page.mouse.click(second.x, second.y, { button: 'right' })
  await editor.byId('menu-start-point').click()
  await editor.save()
  expect(shapeOf(mock).points).toHaveLength(8)
  expect(shapeOf(mock).points[0]).toBeGreaterThan(310)
})

test('the pen draws masks by pressure', async () => {
  const { editor, mock } = await tools.open()
  await editor.draw('mask', 'car')
  await editor.byId('mask-size').fill('60')
  const at = await editor.locate(300, 300)
  const scale = Number(await editor.read('scale'))
  const session = await editor.page.context().newCDPSession(editor.page)
  const pen = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', x: number, force: number) =>
    session.send('Input.dispatchMouseEvent', {
      type,
      x,
      y: at.y,
      force,
      pointerType: 'pen',
      button: 'left',
      buttons: type === 'mouseReleased' ? 0 : 1,
      clickCount: 1,
    })
  await pen('mousePressed', at.x, 0.05)
  for (let i = 1; i <= 10; i++) await pen('mouseMoved', at.x + i * 20 * scale, 0.05 + i * 0.095)
  await pen('mouseReleased', at.x + 200 * scale, 0)
  await editor.page.keyboard.press('n')
  await editor.untilCount(1)
  await editor.save()
  const { points } = shapeOf(mock)
  const [, top = 0, right = 0, bottom = 0] = points.slice(-4)
  expect(bottom - top).toBeGreaterThan(50)
  expect(right).toBeGreaterThan(500)
  expect(countPixels(points)).toBeLessThan(0.85 * (right - points.at(-4)! + 1) * (bottom - top + 1))
})

test('attributes of several objects of one label are set at once', async () => {
  const { editor, mock } = await tools.open({ start: { shapes: [rectangle(1, 100, 100), rectangle(2, 300, 100)] } })
  await editor.page.keyboard.press('Control+a')
  await editor.until('selection', '1,2')
  await editor.byId('selection-attribute-colour').selectOption('blue')
  await editor.until('unsaved', 2)
  await editor.save()
  expect(mock.stored.shapes.map((one) => one.attributes.find((value) => value.spec_id === 101)?.value)).toEqual(['blue', 'blue'])
  await editor.page.keyboard.press('Control+z')
  await editor.until('unsaved', 2)
})

test('a label that does not fit the kind is refused, Tab goes through what lies below the pointer', async () => {
  const { editor } = await tools.open({
    start: { shapes: [rectangle(1, 100, 100), rectangle(2, 120, 110), rectangle(3, 600, 400)] },
  })
  await editor.moveTo(150, 140)
  const seen = new Set<string>()
  for (let i = 0; i < 3; i++) {
    const before = await editor.read('active')
    await editor.page.keyboard.press('Tab')
    await editor.page.waitForFunction(
      (old) => (document.querySelector('[data-testid="editor"]') as HTMLElement).dataset.active !== old,
      before,
    )
    seen.add(await editor.read('active'))
  }
  expect([...seen].sort()).toEqual(['1', '2'])
  await editor.page.keyboard.press('Control+3')
  await editor.page.waitForFunction(() => document.querySelector('[data-testid="status-hint"]')?.textContent !== '')
  expect((await editor.objects()).map((item) => item.label)).toEqual(['car', 'car', 'car'])
})
