// Tracks, groups, copies and propagation in the 3D workspace, judged by what the server stores.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { type Cuboid, readCuboid } from '../../src/formats/geometry3d/cuboid'
import { until } from './browser.ts'
import { createSceneTask, openSceneWorld, type ScenePage, type SceneWorld } from './scene-page.ts'

setDefaultTimeout(120_000)

let world: SceneWorld
const base: Cuboid = { position: [6, 4, -1], rotation: [0, 0, 0], scale: [4, 1.8, 1.6] }
/** The truth: it drives on 2 m a frame. */
const at = (frame: number): Cuboid => ({ ...base, position: [6 - 2 * frame, 4, -1] })
const labels = [
  { name: 'car', color: '#e5a03c', attributes: [] },
  { name: 'person', color: '#4cc38a', attributes: [] },
]

beforeAll(async () => {
  world = await openSceneWorld()
})
afterAll(async () => {
  await world?.close()
})

const points = ({ position, rotation, scale }: Cuboid) => [...position, ...rotation, ...scale, 0, 0, 0, 0, 0, 0, 0]
const body = (cuboid: Cuboid) => ({
  ...{ type: 'cuboid', occluded: false, outside: false, z_order: 0, rotation: 0, attributes: [] },
  points: points(cuboid),
})

type Given = { frame?: number; label?: string; cuboid: Cuboid }

const openWith = async (shapes: Given[], tracks: Given[] = [], frames = 5): Promise<ScenePage> => {
  const task = await createSceneTask(world.client, { labels, frames: Array.from({ length: frames }, (_, i) => [at(i)]) })
  const common = { group: 0, source: 'manual' }
  const id = (name = 'car') => task.labels.get(name)!
  await world.client.send('PUT', `/api/jobs/${task.job}/annotations`, {
    ...{ version: 0, tags: [] },
    shapes: shapes.map(({ frame = 0, label, cuboid }) => ({ ...common, ...body(cuboid), frame, label_id: id(label) })),
    tracks: tracks.map(({ frame = 0, label, cuboid }) => ({
      ...{ ...common, frame, label_id: id(label), attributes: [], elements: [] },
      shapes: [{ ...body(cuboid), frame }],
    })),
  })
  const page = await world.open(task)
  await page.untilCount(shapes.filter(({ frame = 0 }) => frame === 0).length + tracks.length)
  return page
}

const choose = async (page: ScenePage, clientId = 1) => {
  await page
    .byId(`object-${clientId}`)
    .getByTestId('object-label')
    .evaluate((one) => (one.parentElement as HTMLElement).click())
  await page.until('active', clientId)
  await page.untilView('top')
  await page.settle()
}

const goTo = async (page: ScenePage, frame: number) => {
  const by = frame - Number(await page.read('frame'))
  for (let i = 0; i < Math.abs(by); i++) {
    await page.page.keyboard.press(by > 0 ? 'f' : 'd')
    await page.until('frame', Number(frame) - Math.sign(by) * (Math.abs(by) - 1 - i))
    await page.ready()
  }
  await page.settle()
}

const expectNear = (found: readonly number[], wanted: readonly number[], within = 0.01) => {
  for (const [i, value] of wanted.entries())
    expect([i, Math.abs(found[i]! - value) <= within ? value : found[i]]).toEqual([i, value])
}

test('a track drawn once follows its key frames; the turn between goes the shortest way across ±π', async () => {
  const page = await openWith([], [{ cuboid: { ...at(0), rotation: [0, 0, 3.1] } }])
  await goTo(page, 4)
  await choose(page)
  await page.byId('object-1').getByTestId('object-details').click()
  await page.type(1, 'object-position-x', -2)
  await page.type(1, 'object-rotation-z', (-3.1 * 180) / Math.PI)
  await page.save()
  const { tracks } = await page.annotations()
  expect(tracks[0].shapes.map(({ frame }: { frame: number }) => frame)).toEqual([0, 4])
  expectNear(tracks[0].shapes[1].points, points({ ...at(4), rotation: [0, 0, -3.1] }))
  await page.page.keyboard.press('Escape')
  await goTo(page, 2)
  const [middle] = await page.objects()
  expectNear(middle!.points, [2, 4, -1])
  expect(Math.cos(middle!.points[5]!)).toBeCloseTo(-1, 3)
  expect(middle!.data.keyframe).toBe('false')
})

test('drawn as a track it is one, with a key frame where it is moved by hand', async () => {
  const page = await openWith([])
  await page.place('car', [6, -6, -1.8], 'track')
  expect((await page.objects())[0]!.data.kind).toBe('track')
  await goTo(page, 3)
  await choose(page)
  const there = (await page.objects())[0]!.points
  await page.dragIn('top', there.slice(0, 3) as never, [there[0]! + 1.5, there[1]! - 0.5, there[2]!])
  await page.until('unsaved', 1)
  await page.save()
  const [track] = (await page.annotations()).tracks
  expect(track.shapes.map(({ frame }: { frame: number }) => frame)).toEqual([0, 3])
  expectNear(
    track.shapes[1].points.slice(0, 3).map((value: number, i: number) => value - track.shapes[0].points[i]),
    [1.5, -0.5, 0],
  )
  // Outside from frame 4 on, and a key frame taken away again.
  await goTo(page, 4)
  await choose(page)
  await page.page.keyboard.press('o')
  await page.until('unsaved', 1)
  await goTo(page, 3)
  await choose(page)
  await page.page.keyboard.press('k')
  await until(async () => (await page.objects())[0]!.data.keyframe, 'false')
  await page.save()
  const [after] = (await page.annotations()).tracks
  expect(after.shapes.map(({ frame, outside }: { frame: number; outside: boolean }) => [frame, outside])).toEqual([
    [0, false],
    [4, true],
  ])
})

test('M merges cuboids of two frames into a track, Alt+M splits it', async () => {
  const page = await openWith([{ cuboid: at(0) }, { cuboid: at(3), frame: 3 }])
  await page.page.keyboard.press('m')
  await page.until('mode', 'merge')
  await page.clickIn('perspective', at(0).position)
  await goTo(page, 3)
  await page.clickIn('perspective', at(3).position)
  await page.page.keyboard.press('m')
  await page.until('mode', 'idle')
  await until(async () => (await page.objects()).map(({ data }) => data.kind), ['track'])
  await page.save()
  const merged = await page.annotations()
  expect(merged.shapes).toEqual([])
  expect(merged.tracks[0].shapes.map(({ frame, outside }: any) => [frame, outside])).toEqual([
    [0, false],
    [1, true],
    [3, false],
    [4, true],
  ])
  await page.page.keyboard.press('Alt+m')
  await page.until('mode', 'split')
  await page.clickIn('perspective', at(3).position)
  await page.until('mode', 'idle')
  await page.save()
  expect((await page.annotations()).tracks).toHaveLength(2)
})

const three: Given[] = [
  { cuboid: at(0) },
  { cuboid: { ...base, position: [6, -5, -1] } },
  { cuboid: { ...base, position: [-5, 0, -1] } },
]

test('G groups what is clicked; Ctrl and clicks, or a box with Shift, choose several', async () => {
  const page = await openWith(three)
  await page.page.keyboard.press('g')
  await page.until('mode', 'group')
  for (const { cuboid } of three.slice(0, 2)) await page.clickIn('perspective', cuboid.position)
  await page.page.keyboard.press('g')
  await page.until('mode', 'idle')
  await page.save()
  expect((await page.annotations()).shapes.map(({ group }: { group: number }) => group)).toEqual([1, 1, 0])

  await page.clickIn('perspective', three[0]!.cuboid.position)
  await page.until('active', 1)
  await page.clickIn('perspective', three[2]!.cuboid.position, { modifiers: ['Control'] })
  await page.until('selection', '1,3')
  const spots = await Promise.all(three.map(({ cuboid }) => page.locateIn('perspective', cuboid.position)))
  const [left, top] = [Math.min(...spots.map(({ x }) => x)) - 150, Math.min(...spots.map(({ y }) => y)) - 90]
  const [right, bottom] = [Math.max(...spots.map(({ x }) => x)) + 150, Math.max(...spots.map(({ y }) => y)) + 90]
  await page.page.keyboard.down('Shift')
  await page.dragTo({ x: left, y: top }, { x: right, y: bottom })
  await page.page.keyboard.up('Shift')
  await page.until('selection', '1,2,3')
  await page.page.keyboard.press('Delete')
  await page.untilCount(0)
  await page.page.keyboard.press('Control+z')
  await page.untilCount(3)
})

test('copies are placed by a click on the cloud, with what they had', async () => {
  const page = await openWith([{ cuboid: { ...base, rotation: [0, 0, 0.4] }, label: 'person' }])
  await choose(page)
  await page.page.keyboard.press('Control+c')
  const spot = await page.locateIn('perspective', [-4, -5, -1.8])
  await page.page.mouse.move(spot.x, spot.y)
  await page.page.keyboard.press('Control+v')
  await page.until('mode', 'paste')
  await page.page.mouse.down()
  await page.page.mouse.up()
  await page.until('mode', 'idle')
  await page.untilCount(2)
  await page.save()
  const [, copy] = await page.stored()
  expectNear(copy!.position, [-4, -5, -1], 0.15)
  expectNear([...copy!.rotation, ...copy!.scale], [0, 0, 0.4, 4, 1.8, 1.6])
  expect((await page.objects()).map(({ label }) => label)).toEqual(['person', 'person'])
  // Ctrl and the right button place and go on.
  await page.page.keyboard.press('Control+v')
  await page.until('mode', 'paste')
  for (const [i, at] of [
    [-6, 6, -1.8],
    [2, -8, -1.8],
  ].entries()) {
    await page.clickIn('perspective', at as never, { button: 'right', modifiers: ['Control'] })
    await page.untilCount(3 + i)
  }
  await page.until('mode', 'paste')
  await page.page.keyboard.press('Escape')
  await page.until('mode', 'idle')
})

test('Ctrl+B propagates forward and backward', async () => {
  const page = await openWith([{ cuboid: at(2), frame: 2 }])
  await goTo(page, 2)
  await choose(page)
  for (const [direction, count] of [
    ['forward', '1'],
    ['backward', '2'],
  ] as const) {
    await page.page.keyboard.press('Control+b')
    await page.byId('propagate-direction').selectOption(direction)
    await page.byId('propagate-count').fill(count)
    await page.byId('dialog-ok').click()
    await page.byId('dialog').waitFor({ state: 'hidden' })
  }
  await page.until('unsaved', 3)
  await page.save()
  const { shapes } = await page.annotations()
  expect(shapes.map(({ frame }: { frame: number }) => frame).sort()).toEqual([0, 1, 2, 3])
  for (const shape of shapes) expectNear(shape.points, points(at(2)))
})

test('hidden and filtered cuboids cannot be clicked; occluded, attributes of tracks and statistics as in pictures', async () => {
  const page = await openWith(three)
  await choose(page, 1)
  await page.page.keyboard.press('q')
  await until(async () => (await page.objects())[0]!.data.occluded, 'true')
  await page.page.keyboard.press('h')
  await until(async () => (await page.objects())[0]!.data.hidden, 'true')
  await page.page.keyboard.press('Escape')
  await page.until('active', '')
  await page.clickIn('perspective', at(0).position)
  await page.clickIn('perspective', three[1]!.cuboid.position)
  await page.until('active', 2)
  await page.byId('editor-statistics').click()
  await page.byId('statistics-car').waitFor()
  expect(await page.byId('statistics-car').locator('[data-column="cuboid-shapes"]').textContent()).toBe('3')
  await page.byId('dialog-ok').first().click()
  await page.save()
  expect((await page.annotations()).shapes.map(({ occluded }: any) => occluded)).toEqual([true, false, false])
  expect(readCuboid((await page.annotations()).shapes[0].points).position).toEqual([6, 4, -1])
})

test('the pages complained of nothing', () => {
  expect(world.complaints).toEqual([])
})
