// The views of the 3D workspace: cameras by mouse, touch and keys, tiles and their borders, what is written where there is no WebGL.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Cuboid } from '../../src/formats/geometry3d/cuboid'
import { until } from './browser.ts'
import { createSceneTask, openSceneWorld, type SceneTask, type SceneWorld } from './scene-page.ts'

setDefaultTimeout(120_000)

let world: SceneWorld
let task: SceneTask
const car: Cuboid = { position: [6, 4, -1], rotation: [0, 0, 0.4], scale: [4, 1.8, 1.6] }
const far: Cuboid = { position: [-6, -4, -1], rotation: [0, 0, 0], scale: [4, 1.8, 1.6] }

beforeAll(async () => {
  world = await openSceneWorld()
  task = await createSceneTask(world.client, { frames: [[car, far], [car]] })
  const shape = (cuboid: Cuboid) => ({
    ...{
      type: 'cuboid',
      frame: 0,
      label_id: task.labels.get('car'),
      group: 0,
      source: 'manual',
      occluded: false,
      outside: false,
    },
    ...{ z_order: 0, rotation: 0, attributes: [] },
    points: [...cuboid.position, ...cuboid.rotation, ...cuboid.scale, 0, 0, 0, 0, 0, 0, 0],
  })
  await world.client.send('PUT', `/api/jobs/${task.job}/annotations`, {
    ...{ version: 0, tags: [], tracks: [] },
    shapes: [shape(car), shape(far)],
  })
})
afterAll(async () => {
  await world?.close()
})

type Page = Awaited<ReturnType<SceneWorld['open']>>

/** Waits until a view has another matrix, and gives it. */
const untilMoved = async (page: Page, before: number[], view: 'perspective' | 'top' = 'perspective'): Promise<number[]> => {
  await until(async () => (await page.matrixOf(view)).join() !== before.join(), true)
  await page.settle()
  return page.matrixOf(view)
}

/** Metres from the camera to a place, as clip space tells. */
const depthOf = (m: number[], [x, y, z]: readonly number[]) => m[3]! * x! + m[7]! * y! + m[11]! * z! + m[15]!

test('a drag turns the view, a right drag moves it, the wheel comes nearer to the pointer; nothing is edited', async () => {
  const page = await world.open(task)
  await page.untilCount(2)
  const box = (await page.view('perspective').boundingBox())!
  const middle = { x: box.x + box.width / 2, y: box.y + box.height * 0.2 }
  let m = await page.matrixOf('perspective')
  await page.dragTo(middle, { x: middle.x + 120, y: middle.y + 20 })
  m = await untilMoved(page, m)
  const spot = await page.locateIn('perspective', car.position)
  await page.page.mouse.move(middle.x, middle.y)
  await page.page.mouse.down({ button: 'right' })
  await page.page.mouse.move(middle.x + 30, middle.y + 10)
  await page.page.mouse.move(middle.x + 60, middle.y + 20)
  await page.page.mouse.up({ button: 'right' })
  m = await untilMoved(page, m)
  const moved = await page.locateIn('perspective', car.position)
  expect(moved.x - spot.x).toBeGreaterThan(30)
  expect(moved.y - spot.y).toBeGreaterThan(8)
  await page.page.mouse.move(moved.x, moved.y)
  const before = depthOf(m, car.position)
  await page.page.mouse.wheel(0, -300)
  m = await untilMoved(page, m)
  expect(depthOf(m, car.position)).toBeLessThan(before * 0.8)
  const after = await page.locateIn('perspective', car.position)
  expect(Math.hypot(after.x - moved.x, after.y - moved.y)).toBeLessThan(12)
  expect(await page.read('unsaved')).toBe('0')
  expect(await page.byId('object-menu').count()).toBeGreaterThan(0)
})

test('keys and pads turn, move and zoom the camera, and tell their keys', async () => {
  const page = await world.open(task)
  await page.untilCount(2)
  let m = await page.matrixOf('perspective')
  const keys = [
    'Shift+ArrowUp',
    'Shift+ArrowLeft',
    'Alt+u',
    'Alt+o',
    'Alt+j',
    'Alt+l',
    'Alt+i',
    'Alt+k',
    'Shift+ArrowRight',
    'Shift+ArrowDown',
  ]
  for (const key of keys) {
    await page.page.keyboard.press(key)
    m = await untilMoved(page, m)
  }
  for (const pad of ['camera-tilt-up', 'camera-turn-left', 'camera-up', 'camera-right', 'zoom-in']) {
    await page.byId(`pad-${pad}`).click()
    m = await untilMoved(page, m)
  }
  expect(await page.byId('pad-camera-up').getAttribute('data-keys')).toBe('Alt+U')
  expect(await page.byId('pad-camera-turn-left').getAttribute('data-keys')).toBe('Shift+Left')
})

test('a click chooses, a click on nothing lets go, a right click opens the card, a double click fits', async () => {
  const page = await world.open(task)
  await page.untilCount(2)
  const over = await page.locateIn('perspective', far.position)
  await page.page.mouse.move(over.x, over.y)
  await until(() => page.view('perspective').getAttribute('data-hovered'), '2')
  await page.until('active', '')
  await page.clickIn('perspective', car.position)
  await page.until('active', 1)
  await page.untilView('top')
  const box = (await page.view('perspective').boundingBox())!
  await page.page.mouse.click(box.x + box.width / 2, box.y + 8)
  await page.until('active', '')
  await page.clickIn('perspective', far.position, { button: 'right' })
  await page.byId('card-2').waitFor()
  await page.until('active', 2)
  await page.page.keyboard.press('Escape')
  await page.byId('card-2').waitFor({ state: 'hidden' })
  const m = await page.matrixOf('perspective')
  const at = await page.locateIn('perspective', far.position)
  await page.page.mouse.dblclick(at.x, at.y)
  const near = await untilMoved(page, m)
  expect(depthOf(near, far.position)).toBeLessThan(depthOf(m, far.position) / 2)
  await page.page.mouse.dblclick(box.x + box.width / 2, box.y + 8)
  await untilMoved(page, near)
  // A card's double click fits its object.
  const whole = await page.matrixOf('perspective')
  await page
    .byId('object-1')
    .getByTestId('object-label')
    .evaluate((one) => {
      one.parentElement!.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))
    })
  expect(depthOf(await untilMoved(page, whole), car.position)).toBeLessThan(depthOf(whole, car.position) / 2)
})

test('borders of the tiles are dragged by mouse and keys, kept with the settings, and put back', async () => {
  const page = await world.open(task)
  const width = async (view: 'top' | 'side' | 'front') => (await page.view(view).boundingBox())!.width
  const height = async () => (await page.view('perspective').boundingBox())!.height
  const [first, tall] = [await width('top'), await height()]
  const border = (await page.byId('border-top').boundingBox())!
  const from = { x: border.x + border.width / 2, y: border.y + border.height / 2 }
  await page.dragTo(from, { x: from.x + 100, y: from.y })
  await until(async () => Math.abs((await width('top')) - first - 100) < 6, true)
  await page.byId('border-rows').focus()
  await page.page.keyboard.press('ArrowUp')
  await page.page.keyboard.press('ArrowUp')
  await until(async () => (await height()) < tall - 10, true)
  const settled = await height()
  await until(async () => ((await world.client.get('/api/users/self/settings')).editor?.settings?.sceneRows ?? 62) < 60, true)
  const again = await world.open(task)
  await until(async () => Math.round((await again.view('perspective').boundingBox())!.height), Math.round(settled))
  await again.page.keyboard.press('Control+k')
  await again.page.keyboard.type('Reset the layout')
  await again.page.keyboard.press('Enter')
  await until(async () => Math.round((await again.view('perspective').boundingBox())!.height), Math.round(tall))
})

test('one view is saved as a picture', async () => {
  const page = await world.open(task)
  const download = page.page.waitForEvent('download')
  await page.page.keyboard.press('Control+k')
  await page.page.keyboard.type('Save the view')
  await page.page.keyboard.press('Enter')
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^job-\d+-frame-0-\w+\.png$/)
  const bytes = await Bun.file((await file.path())!).bytes()
  expect([...bytes.slice(1, 4)]).toEqual([...new TextEncoder().encode('PNG')])
  expect(bytes.length).toBeGreaterThan(5000)
})

test('two fingers come nearer, one finger turns', async () => {
  const page = await world.open(task, { touch: true })
  await page.untilCount(2)
  const box = (await page.view('perspective').boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  const session = await page.page.context().newCDPSession(page.page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', places: [number, number][]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: places.map(([px, py], id) => ({ x: px, y: py, id })) })
  let m = await page.matrixOf('perspective')
  await touch('touchStart', [[x, y]])
  await touch('touchMove', [[x + 40, y]])
  await touch('touchMove', [[x + 90, y]])
  await touch('touchEnd', [])
  m = await untilMoved(page, m)
  const before = depthOf(m, [0, 0, -1.8])
  await touch('touchStart', [[x - 40, y]])
  await touch('touchStart', [
    [x - 40, y],
    [x + 40, y],
  ])
  await touch('touchMove', [
    [x - 80, y],
    [x + 80, y],
  ])
  await touch('touchMove', [
    [x - 120, y],
    [x + 120, y],
  ])
  await touch('touchEnd', [])
  expect(depthOf(await untilMoved(page, m), [0, 0, -1.8])).toBeLessThan(before * 0.6)
})

test('every workspace can be chosen, and what makes no sense in space is not offered', async () => {
  const page = await world.open(task)
  const names = await page
    .byId('editor-workspace')
    .locator('option')
    .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))
  expect(names).toEqual(['standard', 'attributes', 'tags', 'single_shape', 'review'])
  for (const tool of ['rectangle', 'polygon', 'mask', 'join', 'slice', 'rotate', 'model'])
    expect(await page.byId(`tool-${tool}`).count()).toBe(0)
  for (const tool of ['cursor', 'move', 'fit', 'cuboid', 'merge', 'split', 'group'])
    expect(await page.byId(`tool-${tool}`).count()).toBe(1)
  await page.page.keyboard.press('F2')
  await page.byId('settings-dialog').waitFor()
  expect(await page.byId('settings-image').count()).toBe(0)
  await page.byId('settings-workspace').click()
  await page.byId('setting-control-points').waitFor()
  expect(await page.byId('setting-bordering').count()).toBe(0)
})

test('pictures beside the frame share the room with the perspective view, by borders that keys move too', async () => {
  const paint = (background: string) =>
    sharp({ create: { width: 320, height: 180, channels: 3, background } })
      .png()
      .toBuffer()
  const pictures = await Promise.all(
    ['#8a5a2b', '#2b6f8a', '#4d8a2b'].map(async (colour, i) => [`camera-${i}.png`, new Uint8Array(await paint(colour))] as const),
  )
  const seen = await createSceneTask(world.client, { frames: [[car]], pictures })
  const page = await world.open(seen)
  for (const i of [0, 1, 2]) await page.byId(`context-${i}`).waitFor()
  const size = async (id: string) => (await page.byId(id).boundingBox())!
  const [before, view] = [await size('context-0'), await size('view-perspective')]
  expect(before.x).toBeGreaterThanOrEqual(view.x + view.width)
  await page.byId('border-context').focus()
  await page.page.keyboard.press('ArrowLeft')
  await until(async () => (await size('context-0')).width > before.width + 5, true)
  await page.byId('border-picture-1').focus()
  await page.page.keyboard.press('ArrowDown')
  await until(async () => (await size('context-0')).height > before.height + 5, true)
  const grip = await size('border-picture-2')
  const low = await size('context-2')
  const from = { x: grip.x + grip.width / 2, y: grip.y + grip.height / 2 }
  await page.dragTo(from, { x: from.x, y: from.y - 30 })
  await until(async () => (await size('context-2')).height > low.height + 15, true)
})

test('axe-core finds nothing serious, in both themes', async () => {
  const source = await Bun.file(join(import.meta.dir, '../../node_modules/axe-core/axe.min.js')).text()
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await world.open(task)
    await page.page.emulateMedia({ colorScheme })
    await page.clickIn('perspective', car.position)
    await page.until('active', 1)
    await page.byId('object-1').getByTestId('object-details').click()
    await page.byId('object-1').getByTestId('object-position-x').waitFor()
    const session = await page.page.context().newCDPSession(page.page)
    await session.send('Runtime.evaluate', { expression: source })
    const { result } = await session.send('Runtime.evaluate', {
      expression:
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }).then(({ violations }) => JSON.stringify(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])))",
      awaitPromise: true,
      returnByValue: true,
    })
    expect(JSON.parse(result.value)).toEqual([])
  }
})

test('a frame whose file is damaged is named, the others still open', async () => {
  const damaged = await createSceneTask(world.client, { frames: [[car], [car], [car]] })
  const file = join(world.server.dataDir, `data/${damaged.id}/raw/contents/1/0.pcd`)
  truncateSync(file, Math.floor(statSync(file).size / 2))
  const page = await world.open(damaged)
  await page.page.keyboard.press('f')
  await page.until('frame', 1)
  await page.byId('frame-failed').waitFor()
  await until(async () => (await page.byId('frame-failed').textContent())?.includes('0001'), true)
  await page.ready()
  await page.page.keyboard.press('f')
  await page.until('frame', 2)
  await page.byId('frame-failed').waitFor({ state: 'hidden' })
  await page.ready()
  // The browser itself writes down that the server refused.
  await until(() => world.complaints.some((text) => text.includes('400')), true)
  world.complaints.splice(0)
})

test('at 390 pixels nothing scrolls sideways, and all views are there', async () => {
  const page = await world.open(task, { width: 390, height: 800 })
  expect(await page.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  for (const view of ['perspective', 'top', 'side', 'front'] as const)
    expect((await page.view(view).boundingBox())!.width).toBeGreaterThan(90)
})

test('without WebGL the page says so, and objects are still listed, typed and saved', async () => {
  const bare = await openSceneWorld(['--disable-3d-apis'])
  try {
    const made = await createSceneTask(bare.client, { frames: [[car]] })
    await bare.client.send('PUT', `/api/jobs/${made.job}/annotations`, {
      ...{ version: 0, tags: [], tracks: [] },
      shapes: [
        {
          ...{ type: 'cuboid', frame: 0, label_id: made.labels.get('car'), group: 0, source: 'manual', occluded: false },
          ...{ outside: false, z_order: 0, rotation: 0, attributes: [] },
          points: [...car.position, ...car.rotation, ...car.scale, 0, 0, 0, 0, 0, 0, 0],
        },
      ],
    })
    const page = await bare.open(made)
    await page.byId('no-webgl').waitFor()
    expect(await page.byId('no-webgl').textContent()).toContain('This browser cannot draw point clouds')
    await page.untilCount(1)
    await page.clickIn('perspective', car.position)
    await page.until('active', 1)
    await page.type(1, 'object-size-x', 4.2)
    await page.save()
    expect((await page.stored())[0]!.scale).toEqual([4.2, 1.8, 1.6])
  } finally {
    await bare.close()
  }
})

test('the pages complained of nothing', () => {
  expect(world.complaints).toEqual([])
})
