// Drawing with every tool of the rail, by mouse and keyboard, judged by what the server was sent.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
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

/** Takes a tool in a way to draw. */
const take = async (editor: EditorPage, tool: string, method: string, label = 'car', as = 'shape') => {
  await editor.byId(`tool-${tool}`).click()
  await editor.byId('draw-label').selectOption(label)
  await editor.byId('draw-method').selectOption(method)
  await editor.byId(`draw-${as}`).click()
  await editor.until('mode', 'draw')
}

test('a rectangle by four extreme points', async () => {
  const { editor, mock } = await tools.open()
  await take(editor, 'rectangle', 'extreme')
  await editor.clickAll([
    [300, 100],
    [200, 200],
    [310, 320],
    [420, 210],
  ])
  await editor.untilCount(1)
  await editor.save()
  expectNear(shapeOf(mock).points, [200, 100, 420, 320])
})

test('a turned rectangle by points of its contour, and a turned ellipse', async () => {
  const { editor, mock } = await tools.open()
  await take(editor, 'rectangle', 'contour')
  await editor.clickAll([
    [300, 100],
    [400, 200],
    [300, 300],
    [200, 200],
  ])
  await editor.page.keyboard.press('n')
  await editor.untilCount(1)
  await take(editor, 'ellipse', 'contour')
  await editor.clickAll([0, 1, 2, 3, 4, 5].map((t) => [800 + 150 * Math.cos(t), 300 + 60 * Math.sin(t)]))
  await editor.page.keyboard.press('n')
  await editor.untilCount(2)
  await editor.save()
  const [box, ellipse] = mock.stored.shapes
  expect([45, 135]).toContain(Math.round(box!.rotation))
  expectNear([box!.points[2]! - box!.points[0]!], [141.4], 3)
  expectNear(ellipse!.points, [800, 300, 950, 240], 3)
})

test('a cuboid by the box of its front, and by four corners; its edges and the perspective', async () => {
  const { editor, mock } = await tools.open()
  await editor.draw('cuboid', 'car')
  await editor.drag([200, 300], [400, 500])
  await editor.untilCount(1)
  await take(editor, 'cuboid', 'corners')
  await editor.clickAll([
    [600, 500],
    [800, 500],
    [800, 300],
    [860, 240],
  ])
  await editor.untilCount(2)
  await editor.save()
  expectNear(mock.stored.shapes[0]!.points, [200, 300, 200, 500, 400, 300, 400, 500, 420, 280, 420, 480, 220, 280, 220, 480])
  expectNear(mock.stored.shapes[1]!.points.slice(0, 10), [600, 300, 600, 500, 800, 300, 800, 500, 860, 240])
  await editor.moveTo(250, 400)
  await editor.until('active', 1)
  const from = await editor.handle('dorsal-right')
  await editor.page.mouse.move(from.x, from.y)
  await editor.page.mouse.down()
  await editor.page.mouse.move(from.x + 20, from.y)
  await editor.page.mouse.move(from.x + 40, from.y)
  await editor.page.mouse.up()
  await editor.until('unsaved', 1)
  await editor.save()
  expect(mock.stored.shapes[0]!.points.slice(0, 8)).toEqual(expect.arrayContaining([400, 500]))
  expect(mock.stored.shapes[0]!.points[8]).toBeGreaterThan(440)
})

test('a skeleton is laid into a box, as shape and as track; one point moves, one is occluded', async () => {
  const { editor, mock } = await tools.open()
  await editor.draw('skeleton', 'figure')
  await editor.drag([200, 100], [400, 500])
  const listed = await editor.untilCount(5)
  expect(listed.map((item) => item.shape)).toEqual(['skeleton', 'points', 'points', 'points', 'points'])
  await editor.save()
  const elements = () => shapeOf(mock).elements
  expect(elements().map((one) => one.label_id)).toEqual([31, 32, 33, 34])
  expectNear(
    elements().flatMap((one) => one.points),
    [300, 100, 200, 300, 400, 300, 300, 500],
  )
  const head = await editor.handle('point-0')
  await editor.page.mouse.move(head.x, head.y)
  await editor.page.mouse.down()
  await editor.page.mouse.move(head.x + 10, head.y)
  await editor.page.mouse.move(head.x + 20, head.y)
  await editor.page.mouse.up()
  await editor.until('unsaved', 1)
  const foot = await editor.handle('point-3')
  await editor.page.mouse.click(foot.x, foot.y, { button: 'right' })
  await editor.byId('menu-occluded').click()
  await editor.save()
  expect(elements()[0]!.points[0]).toBeGreaterThan(310)
  expect(elements().map((one) => one.occluded)).toEqual([false, false, false, true])
  await editor.byId('tool-skeleton').click()
  await editor.byId('draw-track').click()
  await editor.drag([700, 100], [900, 500])
  await editor.untilCount(10)
  await editor.save()
  const [track] = mock.stored.tracks
  expect(track!.shapes.map((key) => [key.frame, key.type])).toEqual([[0, 'skeleton']])
  expect(track!.elements.map((element) => element.shapes.length)).toEqual([1, 1, 1, 1])
})

test('a tag is put once a frame, again by N on the next', async () => {
  const { editor, mock } = await tools.open()
  await editor.byId('tool-tag').click()
  await editor.byId('draw-label').selectOption('person')
  await editor.byId('draw-shape').click()
  await editor.untilCount(1)
  await editor.page.keyboard.press('n')
  await editor.until('mode', 'idle')
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.untilCount(0)
  await editor.page.keyboard.press('n')
  await editor.untilCount(1)
  await editor.save()
  expect(mock.stored.tags.map(({ frame, label_id }) => [frame, label_id])).toEqual([
    [0, 12],
    [1, 12],
  ])
})

test('a mask by brush and eraser: size, form, steps back, finish', async () => {
  const { editor, mock } = await tools.open()
  await editor.draw('mask', 'car')
  await editor.byId('mask-size').fill('40')
  await editor.byId('mask-form').selectOption('square')
  await editor.drag([200, 200], [400, 200])
  await editor.drag([200, 400], [400, 400])
  await editor.page.keyboard.press('Control+z')
  await editor.page.keyboard.press('Shift+2')
  await editor.page.waitForSelector('[data-testid="mask-eraser"][aria-pressed="true"]')
  await editor.drag([300, 150], [300, 250])
  await editor.byId('mask-finish').click()
  const [made] = await editor.untilCount(1)
  expect(made).toMatchObject({ shape: 'mask', label: 'car' })
  await editor.save()
  const { points } = shapeOf(mock)
  expect(Math.abs(countPixels(points) - 200 * 40)).toBeLessThan(900)
  expectNear(points.slice(-4), [180, 180, 419, 219], 2)
})

test('a mask by polygons; an empty one cannot be; the next one is begun at once', async () => {
  const { editor, mock } = await tools.open()
  await editor.draw('mask', 'car')
  await editor.page.keyboard.press('n')
  await editor.page.waitForFunction(() => document.querySelector('[data-testid="status-hint"]')?.textContent?.includes('pixel'))
  await editor.page.keyboard.press('Shift+3')
  await editor.clickAll([
    [200, 200],
    [400, 200],
    [400, 400],
    [200, 400],
  ])
  await editor.byId('mask-polygon-plus').click()
  await editor.page.keyboard.press('Shift+4')
  await editor.clickAll([
    [250, 250],
    [350, 250],
    [350, 350],
    [250, 350],
  ])
  await editor.byId('mask-polygon-minus').click()
  await editor.byId('mask-continue').click()
  await editor.untilCount(1)
  await editor.until('mode', 'draw')
  await editor.page.keyboard.press('Shift+3')
  await editor.clickAll([
    [600, 200],
    [700, 200],
    [700, 300],
    [600, 300],
  ])
  await editor.page.keyboard.press('n')
  await editor.untilCount(2)
  await editor.save()
  const [ring, box] = mock.stored.shapes.map((shape) => countPixels(shape.points))
  expect(Math.abs(ring! - 30_000)).toBeLessThan(1_200)
  expect(Math.abs(box! - 10_000)).toBeLessThan(600)
})

test('underlying pixels go; a stored mask is painted on; Escape leaves it as it was', async () => {
  const start = { shapes: [makeShape({ id: 1, type: 'mask', points: fullMask(200, 200, 399, 399) })] }
  const { editor, mock } = await tools.open({ start })
  await editor.draw('mask', 'person')
  await editor.byId('mask-remove-underlying').click()
  await editor.page.keyboard.press('Shift+3')
  await editor.clickAll([
    [300, 100],
    [600, 100],
    [600, 500],
    [300, 500],
  ])
  await editor.page.keyboard.press('n')
  await editor.untilCount(2)
  await editor.save()
  expect(Math.abs(countPixels(shapeOf(mock).points) - 20_000)).toBeLessThan(400)
  await editor.moveTo(250, 300)
  await editor.until('active', 1)
  const at = await editor.locate(250, 300)
  await editor.page.keyboard.down('Shift')
  await editor.page.mouse.dblclick(at.x, at.y)
  await editor.page.keyboard.up('Shift')
  await editor.until('mode', 'edit')
  await editor.page.keyboard.press('Shift+1')
  await editor.drag([100, 300], [220, 300])
  await editor.page.keyboard.press('n')
  await editor.until('unsaved', 1)
  await editor.save()
  expect(shapeOf(mock).points.slice(-4)[0]).toBeLessThan(101)
  const before = shapeOf(mock).points
  await editor.page.keyboard.down('Shift')
  await editor.page.mouse.dblclick(at.x, at.y)
  await editor.page.keyboard.up('Shift')
  await editor.until('mode', 'edit')
  await editor.drag([800, 600], [900, 600])
  await editor.page.keyboard.press('Escape')
  await editor.until('mode', 'idle')
  expect((await editor.objects())[0]?.points).toEqual(before)
})

test('N repeats the last way to draw; Escape creates nothing', async () => {
  const { editor } = await tools.open()
  await take(editor, 'rectangle', 'extreme', 'person')
  await editor.clickAll([
    [300, 100],
    [200, 200],
  ])
  await editor.page.keyboard.press('Escape')
  await editor.until('mode', 'idle')
  expect(await editor.objects()).toEqual([])
  await editor.page.keyboard.press('n')
  await editor.until('tool', 'rectangle-extreme')
  await editor.clickAll([
    [300, 100],
    [200, 200],
    [310, 320],
    [420, 210],
  ])
  const [made] = await editor.untilCount(1)
  expect(made?.label).toBe('person')
})

test('points snap to a neighbour, and its contour is copied through the second of three clicks', async () => {
  const ring = [300, 200, 400, 150, 500, 200, 500, 400, 300, 400]
  const { editor, mock } = await tools.open({ start: { shapes: [makeShape({ id: 1, type: 'polygon', points: ring })] } })
  await editor.draw('polygon', 'person')
  await editor.page.keyboard.press('Control+a')
  await editor.clickAll([
    [301, 201],
    [402, 151],
    [499, 402],
  ])
  await editor.clickAll([
    [700, 500],
    [600, 100],
  ])
  await editor.page.keyboard.press('n')
  await editor.untilCount(2)
  await editor.save()
  const { points } = mock.stored.shapes[1]!
  expect(points.slice(0, 8)).toEqual([300, 200, 400, 150, 500, 200, 500, 400])
  expect(points).toHaveLength(12)
  expect(areaOf(points)).toBeGreaterThan(10_000)
})
