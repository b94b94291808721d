// The batch view: a track over many frames side by side, dragged in each picture and edited together; judged by what the server holds.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { type Cuboid, readCuboid, writeCuboid } from '../../src/formats/geometry3d/cuboid'
import { placeCrops } from '../../src/web/scene/batch/cell-layout.ts'
import { findOutline, toPixels } from '../../src/web/scene/batch/views.ts'
import { until } from './browser.ts'
import { createSceneTask, openSceneWorld, type ScenePage, type SceneTask, type SceneWorld } from './scene-page.ts'

const ground = -1.8
const scale = [4, 1.8, 1.5] as const
const driving = (frame: number): Cuboid => ({ position: [-8 + 2 * frame, 6, ground + scale[2] / 2], rotation: [0, 0, 0], scale })
const frames = Array.from({ length: 8 }, (_, frame) => [driving(frame)])

let world: SceneWorld
let task: SceneTask
let page: ScenePage

/** What an annotator begins with: key frames on the first and the last frame, all a little off. */
const rough = (frame: number): Cuboid => {
  const { position } = driving(frame)
  return { position: [position[0] + 0.3, position[1] - 0.2, position[2] + 0.15], rotation: [0, 0, 0.1], scale: [4.4, 2.1, 1.7] }
}
const openTrack = async (keys: readonly number[], cuboid = rough) => {
  const shapes = keys.map((frame) => ({
    type: 'cuboid',
    frame,
    points: writeCuboid(cuboid(frame)),
    outside: false,
    occluded: false,
    z_order: 0,
    attributes: [],
  }))
  const label_id = task.labels.get('car')!
  await world.client.send('PUT', `/api/jobs/${task.job}/annotations/`, {
    shapes: [],
    tags: [],
    tracks: [{ frame: keys[0], label_id, group: 0, attributes: [], shapes }],
  })
  page = await world.open(task)
  await page.settle()
  await page.byId('object-1').click({ position: { x: 30, y: 8 } })
  await page.until('active', '1')
  await page.page.keyboard.press('a')
  await page.page.keyboard.press('b')
  await page.byId('batch-view').waitFor()
  for (const frame of frames.keys()) await cellIs(frame, 'state', 'ready')
}
const cell = (frame: number) => page.byId(`batch-cell-${frame}`)
const cellIs = (frame: number, name: string, value: string) =>
  page.page.waitForSelector(`[data-testid="batch-cell-${frame}"][data-${name}="${value}"]`, {
    state: 'attached',
    timeout: 20_000,
  })
const read = async (frame: number): Promise<Cuboid> =>
  readCuboid(((await cell(frame).getAttribute('data-cuboid')) ?? '').split(',').map(Number))
const press = (key: string) => page.page.keyboard.press(key)
const done = () => page.page.waitForSelector('[data-testid="batch-view"][data-busy="false"]', { state: 'attached' })

const isNear = (one: Cuboid, other: Cuboid, within = 0.01) =>
  [0, 1, 2].every(
    (axis) =>
      Math.abs(one.position[axis]! - other.position[axis]!) < within && Math.abs(one.scale[axis]! - other.scale[axis]!) < within,
  ) && Math.abs(Math.sin(one.rotation[2] - other.rotation[2])) < 0.01

const storedKeys = async (): Promise<Map<number, Cuboid & { outside: boolean; occluded: boolean }>> => {
  const { tracks } = await page.annotations()
  return new Map(
    tracks[0].shapes.map(({ frame, points, outside, occluded }: any) => [frame, { ...readCuboid(points), outside, occluded }]),
  )
}
const accept = async () => {
  await page.byId('batch-accept').click()
  await page.byId('batch-view').waitFor({ state: 'detached' })
  await page.save()
}
/** Pixels of the page of a place in a picture of a cell. */
const locate = async (frame: number, side: 'top' | 'side' | 'front', at: 'middle' | 'ahead' | 'handle' | 'above') => {
  const canvas = page.byId(`batch-canvas-${frame}`)
  await canvas.scrollIntoViewIfNeeded()
  const box = (await canvas.boundingBox())!
  const about = await read(frame)
  const { crop, left, top } = placeCrops(about, box.width, box.height).find((one) => one.crop.side === side)!
  const spot = {
    middle: [0, 0, 0],
    ahead: [about.scale[0] / 2, 0, 0],
    above: [0, 0, about.scale[2] / 2],
  } as const
  const [x, y] = at === 'handle' ? findOutline(crop, about).handle! : toPixels(crop, spot[at])
  return { x: box.x + left + x, y: box.y + top + y, metre: crop.pixelsPerMetre }
}
const drag = async (from: { x: number; y: number }, dx: number, dy: number) => {
  const { mouse } = page.page
  await mouse.move(from.x, from.y)
  await mouse.down()
  await mouse.move(from.x + dx / 2, from.y + dy / 2)
  await mouse.move(from.x + dx, from.y + dy)
  await mouse.up()
}

/** Serious findings of axe-core in a theme, once its colours have come. */
const findBarriers = async (colorScheme: 'light' | 'dark'): Promise<unknown> => {
  await page.page.emulateMedia({ colorScheme })
  await page.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  await page.page.waitForFunction(() => document.getAnimations().length === 0)
  const session = await page.page.context().newCDPSession(page.page)
  await session.send('Runtime.evaluate', {
    expression: await Bun.file(join(import.meta.dir, '../../node_modules/axe-core/axe.min.js')).text(),
  })
  const { result } = await session.send('Runtime.evaluate', {
    expression:
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }).then(({ violations }) => JSON.stringify(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])))",
    awaitPromise: true,
    returnByValue: true,
  })
  return JSON.parse(result.value)
}

beforeAll(async () => {
  world = await openSceneWorld()
  task = await createSceneTask(world.client, { frames, ground, groundPoints: 6000, pointsPerBox: 4000 })
}, 120_000)
afterAll(() => world?.close())

test('all frames are fitted to their points with one step', async () => {
  await openTrack([0, 7])
  await page.byId('batch-all').click()
  await page.byId('batch-scope').filter({ hasText: '8 of 8' }).waitFor()
  await page.byId('batch-fit-all').click()
  for (const frame of frames.keys()) await until(async () => isNear(await read(frame), driving(frame)), true)
  await done()
  await accept()
  const keys = await storedKeys()
  expect([...keys.keys()]).toEqual([...frames.keys()])
  for (const [frame, cuboid] of keys) expect(isNear(cuboid, driving(frame))).toBe(true)
  // One step takes all of it back.
  await press('Control+z')
  await until(async () => isNear(readCuboid((await page.objects())[0]!.points), rough(0)), true)
  await page.save()
  expect([...(await storedKeys()).keys()]).toEqual([0, 7])
}, 90_000)

describe('drags', () => {
  test('move, resize and turn the key frame of the cell, in each picture', async () => {
    await openTrack([0, 7], driving)
    const from = await locate(3, 'top', 'middle')
    await drag(from, from.metre * 0.5, -from.metre * 0.25)
    await until(async () => isNear(await read(3), { ...driving(3), position: [-1.5, 6.25, driving(3).position[2]] }), true)
    const front = await locate(3, 'side', 'ahead')
    await drag(front, front.metre * 0.4, 0)
    await until(async () => isNear(await read(3), { ...driving(3), position: [-1.3, 6.25, driving(3).position[2]], scale: [4.4, 1.8, 1.5] }), true) // biome-ignore format: one line
    const roof = await locate(3, 'front', 'above')
    await drag(roof, 0, -roof.metre * 0.2)
    await until(async () => Math.abs((await read(3)).scale[2] - 1.7) < 0.01, true)
    const handle = await locate(5, 'top', 'handle')
    const middle = await locate(5, 'top', 'middle')
    await drag(handle, middle.x - handle.x, handle.x - middle.x - (handle.x - middle.x) * 2)
    await until(async () => Math.abs((await read(5)).rotation[2] - Math.PI / 2) < 0.01, true)
    await accept()
    const keys = await storedKeys()
    expect([...keys.keys()]).toEqual([0, 3, 5, 7])
    const changed: Cuboid = {
      position: [-1.3, 6.25, driving(3).position[2] + 0.1],
      rotation: [0, 0, 0],
      scale: [4.4, 1.8, 1.7],
    }
    expect(isNear(keys.get(3)!, changed, 0.012)).toBe(true)
    for (const frame of [0, 7]) expect(isNear(keys.get(frame)!, driving(frame), 1e-6)).toBe(true)
  }, 90_000)
})

describe('keys and choices', () => {
  test('go through cells; size is copied to all, chosen frames are marked, undone inside', async () => {
    await openTrack([0, 2, 4, 7], driving)
    await press('Home')
    await cellIs(0, 'focus', 'true')
    await press('ArrowRight')
    await press('ArrowRight')
    await cellIs(2, 'focus', 'true')
    const front = await locate(2, 'side', 'ahead')
    await drag(front, front.metre * 0.4, 0)
    await until(async () => Math.abs((await read(2)).scale[0] - 4.4) < 0.01, true)
    await press('z')
    for (const frame of [0, 5, 7]) await until(async () => Math.abs((await read(frame)).scale[0] - 4.4) < 0.01, true)
    await press('Control+z')
    await until(async () => (await read(7)).scale[0], 4)
    await press('ArrowRight')
    await press('Space')
    await cellIs(3, 'chosen', 'true')
    await press('ArrowRight')
    await press('Space')
    await press('o')
    await cellIs(3, 'outside', 'true')
    await cellIs(4, 'outside', 'true')
    await cellIs(5, 'outside', 'false')
    await accept()
    const keys = await storedKeys()
    expect([...keys].filter(([, one]) => one.outside).map(([frame]) => frame)).toEqual([3, 4])
    expect(keys.get(5)!.outside).toBe(false)
  }, 90_000)

  test('straight between chosen frames, headings from motion, and discarding all', async () => {
    await openTrack([0, 3, 7], (frame) =>
      frame === 3 ? { ...driving(3), position: [0, 9, -1], rotation: [0, 0, 1] } : driving(frame),
    )
    await page.byId('batch-choose-0').click()
    await page.byId('batch-choose-7').click()
    await page.byId('batch-straighten').click()
    for (const frame of [2, 3, 5]) await until(async () => isNear(await read(frame), driving(frame)), true)
    await press('Escape')
    await page.byId('batch-view').waitFor({ state: 'detached' })
    await page.save()
    expect([...(await storedKeys()).keys()]).toEqual([0, 7])
    await page.page.keyboard.press('a')
    await page.page.keyboard.press('b')
    await cellIs(0, 'state', 'ready')
    await page.byId('batch-all').click()
    await page.byId('batch-turn-left').click()
    await until(async () => Math.abs((await read(4)).rotation[2] - Math.PI / 2) < 0.01, true)
    await page.byId('batch-motion').click()
    await until(async () => Math.abs((await read(4)).rotation[2]) < 0.01, true)
    await page.byId('batch-discard').click()
    await page.byId('batch-view').waitFor({ state: 'detached' })
    await page.save()
    const keys = await storedKeys()
    expect([...keys.keys()]).toEqual([0, 7])
    expect(isNear(keys.get(0)!, driving(0))).toBe(true)
  }, 90_000)

  test('as many frames as wanted, every so many', async () => {
    await openTrack([0, 7], driving)
    await page.byId('batch-count').fill('5')
    await page.byId('batch-count').press('Enter')
    await until(() => page.byId('batch-grid').locator('.sb-cell').count(), 5)
    await page.byId('batch-step').fill('3')
    await page.byId('batch-step').press('Enter')
    await until(() => page.byId('batch-grid').locator('.sb-cell').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.frame)), ['0', '3', '6']) // biome-ignore format: one line
    expect(world.complaints).toEqual([])
  }, 90_000)
})

test('axe-core finds nothing serious in the batch view and the tab, in both themes; narrow screens do not scroll sideways', async () => {
  await openTrack([0, 7], driving)
  for (const scheme of ['light', 'dark'] as const) expect(await findBarriers(scheme)).toEqual([])
  await page.page.setViewportSize({ width: 390, height: 780 })
  const isWide = () => page.page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
  expect(await isWide()).toBe(false)
  await page.page.setViewportSize({ width: 1280, height: 800 })
  await press('Escape')
  await page.byId('batch-view').waitFor({ state: 'detached' })
  await page.byId('side-part-assist').click()
  await page
    .byId('assist-points')
    .filter({ hasText: /points inside/ })
    .waitFor()
  for (const scheme of ['light', 'dark'] as const) expect(await findBarriers(scheme)).toEqual([])
}, 90_000)
