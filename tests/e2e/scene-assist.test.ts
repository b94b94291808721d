// Quick work in a point cloud, judged by what the server then holds: one click, fits, ground, headings, sizes, duplicates, the world.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { findFrameShape } from '../../src/formats/geometry/interpolation'
import { type Cuboid, readCuboid, writeCuboid } from '../../src/formats/geometry3d/cuboid'
import { createRotation } from '../../src/formats/geometry3d/rotation'
import { carryCuboid, measureDifference } from '../../src/formats/geometry3d/world-track'
import { until } from './browser.ts'
import { createSceneTask, openSceneWorld, type ScenePage, type SceneTask, type SceneWorld } from './scene-page.ts'

const ground = -1.8
const box = (x: number, y: number, yaw: number, scale: Cuboid['scale']): Cuboid => ({
  position: [x, y, ground + scale[2] / 2],
  rotation: [0, 0, yaw],
  scale,
})
const car = box(8, 3, 0.5, [4.4, 1.9, 1.6])
const van = box(-6, -5, -1.1, [5.2, 2.1, 2.2])
/** Drives along x, a metre a frame. */
const driving = (frame: number) => box(-10 + 2 * frame, 8, 0, [4, 1.8, 1.5])
const frames = [0, 1, 2, 3, 4].map((frame) => [car, van, driving(frame)])

let world: SceneWorld
let task: SceneTask
let page: ScenePage

const shape = (cuboid: Cuboid, frame = 0, label = 'car') => ({
  type: 'cuboid',
  frame,
  label_id: task.labels.get(label)!,
  points: writeCuboid(cuboid),
})
const track = (cuboids: [frame: number, cuboid: Cuboid][]) => ({
  frame: cuboids[0]![0],
  label_id: task.labels.get('car')!,
  group: 0,
  attributes: [],
  shapes: cuboids.map(([frame, cuboid]) => ({
    type: 'cuboid',
    frame,
    points: writeCuboid(cuboid),
    outside: false,
    occluded: false,
    z_order: 0,
    attributes: [],
  })),
})
/** Puts annotations on the server and opens the job. */
const openWith = async (body: object, at = task): Promise<ScenePage> => {
  await world.client.send('PUT', `/api/jobs/${at.job}/annotations/`, { shapes: [], tracks: [], tags: [], ...body })
  return world.open(at)
}
const press = (key: string) => page.page.keyboard.press(key)
const choose = async (clientId: number | string) => {
  await page.byId(`object-${clientId}`).click({ position: { x: 30, y: 8 } })
  await page.until('active', String(clientId))
}
/** Runs a command by its keys, one after the other. */
const keys = async (...strokes: string[]) => {
  for (const stroke of strokes) await press(stroke)
}

const expectNear = (one: Cuboid, other: Cuboid, within = 0.01) => {
  for (let axis = 0; axis < 3; axis++) {
    expect(Math.abs(one.position[axis]! - other.position[axis]!)).toBeLessThan(within)
    expect(Math.abs(one.scale[axis]! - other.scale[axis]!)).toBeLessThan(within)
  }
  expect(Math.abs(Math.sin(one.rotation[2] - other.rotation[2]))).toBeLessThan(0.01)
}

beforeAll(async () => {
  world = await openSceneWorld()
  task = await createSceneTask(world.client, { frames, ground, groundPoints: 8000, pointsPerBox: 6000 })
}, 120_000)
afterAll(() => world?.close())

/** Cuboids of the shown frame as the page has them, by client id. */
const shown = async () => (await page.objects()).map(({ points }) => readCuboid(points))
const isNear = (one: Cuboid | undefined, other: Cuboid): boolean => {
  if (!one) return false
  const near = [0, 1, 2].every(
    (axis) =>
      Math.abs(one.position[axis]! - other.position[axis]!) < 0.01 && Math.abs(one.scale[axis]! - other.scale[axis]!) < 0.01,
  )
  return near && Math.abs(Math.sin(one.rotation[2] - other.rotation[2])) < 0.01
}
/** Waits until an object of the page is where it should be. */
const untilNear = (at: number, truth: Cuboid) => until(async () => isNear((await shown())[at], truth), true)

describe('one click', () => {
  test('places fitted cuboids with the chosen label, each as one step', async () => {
    page = await openWith({})
    await page.settle()
    await page.byId('tool-one-click').click()
    await page.byId('draw-label').selectOption('car')
    await page.byId('draw-shape').click()
    for (const [count, { position, scale }] of [car, van].entries()) {
      const { x, y } = await page.locateIn('perspective', [position[0], position[1], position[2] + scale[2] / 2])
      await page.page.mouse.move(x, y)
      // Hovering shows what a click gives.
      await page.page.waitForSelector('[data-testid="editor"][data-picked]')
      expect(Number(await page.read('picked'))).toBeGreaterThan(2000)
      await page.page.mouse.click(x, y)
      await page.untilCount(count + 1)
    }
    await page.save()
    const stored = await page.stored()
    for (const [i, truth] of [car, van].entries()) expectNear(stored[i]!, truth)
    await press('Escape')
    await page.until('mode', 'idle')
    await press('Control+z')
    await page.untilCount(1)
    await page.save()
    expect(await page.stored()).toHaveLength(1)
  }, 60_000)

  test('the street is no object; a track has one key frame', async () => {
    page = await openWith({})
    await page.settle()
    await press('a')
    await press('c')
    await page.until('mode', 'draw')
    const street = await page.locateIn('perspective', [2, -9, ground])
    await page.page.mouse.click(street.x, street.y)
    await page.byId('status-hint').filter({ hasText: 'no object here' }).waitFor()
    await page.byId('tool-one-click').click()
    await page.byId('draw-track').click()
    const { x, y } = await page.locateIn('perspective', [car.position[0], car.position[1], car.position[2] + 0.8])
    await page.page.mouse.click(x, y)
    await page.untilCount(1)
    await page.save()
    const { tracks } = await page.annotations()
    expect(tracks).toHaveLength(1)
    expect(tracks[0].shapes).toHaveLength(1)
    expectNear(readCuboid(tracks[0].shapes[0].points), car)
  }, 60_000)
})

describe('a rough cuboid', () => {
  const rough: Cuboid = { position: [8.2, 2.8, ground + 1.1], rotation: [0, 0, 0.7], scale: [4.8, 2.2, 1.9] }

  test('is fitted to its points: size, place and heading, the heading alone kept, put on the ground; each is one step', async () => {
    page = await openWith({ shapes: [shape(rough), shape(rough)] })
    await choose(1)
    await keys('a', 'a')
    await untilNear(0, car)
    await press('Control+z')
    await untilNear(0, rough)
    await page.byId('side-part-assist').click()
    await page.byId('cloud-ground').click()
    await untilNear(0, { ...rough, position: [8.2, 2.8, ground + 0.95] })
    await page.save()
    const [one, other] = await page.stored()
    expectNear(one!, { ...rough, position: [8.2, 2.8, ground + 0.95] }, 0.02)
    expectNear(other!, rough)
    await page
      .byId('assist-points')
      .filter({ hasText: /points inside/ })
      .waitFor()
  }, 60_000)

  test('several at once, and locked ones stay', async () => {
    const offVan = { ...van, position: [van.position[0] + 0.2, van.position[1] - 0.2, van.position[2] + 0.1] as const }
    page = await openWith({ shapes: [shape(rough), shape(offVan)] })
    await choose(1)
    await page.byId('object-2').click({ position: { x: 30, y: 8 }, modifiers: ['Control'] })
    await page.byId('selection-label').waitFor()
    await keys('a', 'a')
    await untilNear(0, car)
    await untilNear(1, van)
    await press('Control+z')
    await untilNear(0, rough)
    await untilNear(1, offVan)
    await page.byId('object-2').getByTestId('object-lock').click()
    await choose(1)
    await page.byId('object-2').click({ position: { x: 30, y: 8 }, modifiers: ['Control'] })
    await page.byId('selection-label').waitFor()
    await keys('a', 'p')
    await until(async () => isNear((await shown())[0], rough), false)
    expect(isNear((await shown())[1], offVan)).toBe(true)
  }, 60_000)

  test('its heading turns by quarters, and what it covers stays', async () => {
    page = await openWith({ shapes: [shape(car)] })
    await choose(1)
    await keys('a', 'l')
    await untilNear(0, { ...car, rotation: [0, 0, 0.5 + Math.PI / 2], scale: [1.9, 4.4, 1.6] })
    await keys('a', 'r')
    await untilNear(0, car)
    await keys('a', 't')
    await until(async () => Math.cos((await shown())[0]!.rotation[2] - 0.5) < -0.99, true)
    expect((await shown())[0]!.scale).toEqual(car.scale)
  }, 60_000)
})

describe('tracks', () => {
  const keyed = (yaw: number) => [0, 2, 4].map((frame): [number, Cuboid] => [frame, { ...driving(frame), rotation: [0, 0, yaw] }])
  const storedKeys = async () => {
    await page.save()
    const { tracks } = await page.annotations()
    return (tracks[0].shapes as { frame: number; points: number[] }[]).map(({ frame, points }) => ({
      frame,
      cuboid: readCuboid(points),
    }))
  }

  test('headings follow the motion', async () => {
    page = await openWith({ tracks: [track(keyed(1.2))] })
    await choose(1)
    await keys('a', 'm')
    await until(async () => Math.abs((await shown())[0]!.rotation[2]) < 0.01, true)
    for (const { cuboid } of await storedKeys()) expect(Math.abs(cuboid.rotation[2])).toBeLessThan(0.001)
  }, 60_000)

  test('a locked size is set on all key frames with one step; the median too', async () => {
    page = await openWith({ tracks: [track(keyed(0))] })
    await choose(1)
    await keys('a', 'k')
    await page.byId('status-hint').filter({ hasText: 'locked along the track' }).waitFor()
    await page.type(1, 'object-size-x', 4.6)
    await until(async () => (await shown())[0]!.scale[0], 4.6)
    expect((await storedKeys()).map(({ cuboid }) => cuboid.scale[0])).toEqual([4.6, 4.6, 4.6])
    await press('Control+z')
    await until(async () => (await shown())[0]!.scale[0], 4)
    expect((await storedKeys()).map(({ cuboid }) => cuboid.scale[0])).toEqual([4, 4, 4])
    await keys('a', 'k')
    await page.byId('status-hint').filter({ hasText: 'may differ' }).waitFor()
    await page.type(1, 'object-size-x', 5)
    await until(async () => (await shown())[0]!.scale[0], 5)
    expect((await storedKeys()).map(({ cuboid }) => cuboid.scale[0])).toEqual([5, 4, 4])
    await page.byId('side-part-assist').click()
    await page.byId('cloud-size-median').click()
    await until(async () => (await shown())[0]!.scale[0], 4)
    expect((await storedKeys()).map(({ cuboid }) => cuboid.scale[0])).toEqual([4, 4, 4])
  }, 60_000)
})

test('duplicates are listed, gone to, merged and removed', async () => {
  const twin = { ...car, position: [8.1, 3, car.position[2]] as const }
  page = await openWith({ shapes: [shape(car), shape(van), shape(twin), shape({ ...van, rotation: [0, 0, -1] }, 0, 'person')] })
  await keys('a', 'd')
  await page.byId('duplicates-count').filter({ hasText: '2 pairs' }).waitFor()
  await page.byId('duplicate-1-3').getByTestId('duplicate-show').click()
  await until(() => page.read('active'), '3')
  await page.byId('duplicate-1-3').getByTestId('duplicate-remove').click()
  await page.untilCount(3)
  await page.byId('duplicate-2-4').getByTestId('duplicate-merge').click()
  await page.untilCount(2)
  await page.byId('duplicates-count').filter({ hasText: 'No duplicates' }).waitFor()
  await page.save()
  const stored = await page.stored()
  for (const [i, truth] of [car, van].entries()) expectNear(stored[i]!, truth)
}, 60_000)

describe('the way in the world', () => {
  /** The scanner drives a bend of 90° over 9 frames past a parked car. */
  const turn = (frame: number) => (frame * Math.PI) / 16
  const poseOf = (frame: number) => ({
    rotation: createRotation([0, 0, turn(frame)]),
    translation: [12 * Math.sin(turn(frame)), 12 * (1 - Math.cos(turn(frame))), 0] as const,
  })
  const parked: Cuboid = { position: [16, -3, ground + 0.8], rotation: [0, 0, 3], scale: [4.4, 1.9, 1.6] }
  const standing = { rotation: createRotation([0, 0, 0]), translation: [0, 0, 0] as const }
  const seen = (frame: number) => carryCuboid(parked, standing, poseOf(frame))
  const numbers = Array.from({ length: 9 }, (_, frame) => frame)
  let driven: SceneTask

  beforeAll(async () => {
    driven = await createSceneTask(world.client, {
      frames: numbers.map((frame) => [seen(frame)]),
      ground,
      groundPoints: 4000,
      pointsPerBox: 2000,
    })
    const ego_pose = numbers.map((frame) => ({
      frame,
      translation: poseOf(frame).translation,
      rotation: [Math.cos(turn(frame) / 2), 0, 0, Math.sin(turn(frame) / 2)],
    }))
    await world.client.send('PUT', `/api/tasks/${driven.id}/calibration`, {
      files: [{ name: 'ego_pose.json', text: JSON.stringify({ ego_pose }) }],
    })
  }, 120_000)

  const storedKeys = async () => (await page.annotations()).tracks[0].shapes as { frame: number; points: number[] }[]
  /** How far what every client makes of the key frames is from the truth, at most. */
  const farthest = async () => {
    const keys = (await storedKeys()).map((key) => ({ ...key, type: 'cuboid' as const, rotation: 0, occluded: false, outside: false, z_order: 0, attributes: [] })) // biome-ignore format: one line
    return Math.max(...numbers.map((frame) => measureDifference(readCuboid(findFrameShape(keys, frame)!.points), seen(frame))))
  }

  test('is baked into key frames that every client reads alike, anew with each edit, as one step', async () => {
    page = await openWith(
      {
        tracks: [
          {
            ...track([
              [0, seen(0)],
              [8, seen(8)],
            ]),
            label_id: driven.labels.get('car')!,
          },
        ],
      },
      driven,
    )
    expect(await farthest()).toBeGreaterThan(0.5)
    await page.byId('side-part-assist').click()
    await page.page.waitForSelector('[data-testid="assist-bake"]:not([disabled])')
    await page.byId('assist-world').check()
    await page.byId('assist-bake').click()
    await page.byId('status-hint').filter({ hasText: 'way in the world' }).waitFor()
    await page.save()
    expect((await storedKeys()).length).toBeGreaterThan(2)
    expect(await farthest()).toBeLessThan(0.0101)
    // The last key frame is moved by a metre: what was baked follows.
    await page.page.keyboard.press('Control+z')
    await page.page.keyboard.press('Control+y')
    await page.byId('side-objects').click()
    await choose(1)
    await page.byId('player-frame').fill('8')
    await page.byId('player-frame').press('Enter')
    await page.until('frame', '8')
    await page.ready()
    const before = (await storedKeys()).length
    const size = 5.4
    await page.type(1, 'object-size-x', size)
    await page.save()
    const keys = await storedKeys()
    expect(readCuboid(keys.at(-1)!.points).scale[0]).toBeCloseTo(size, 6)
    expect(keys.length).toBeGreaterThanOrEqual(before)
    // The size grows evenly, and the place is still that of the parked car.
    for (const { frame, points } of keys) {
      const cuboid = readCuboid(points)
      expect(cuboid.scale[0]).toBeCloseTo(4.4 + frame / 8, 2)
      for (let axis = 0; axis < 3; axis++)
        expect(Math.abs(cuboid.position[axis]! - seen(frame).position[axis]!)).toBeLessThan(0.01)
    }
    await page.page.keyboard.press('Control+z')
    await until(async () => readCuboid((await page.objects())[0]!.points).scale[0], 4.4)
    await page.save()
    expect(await farthest()).toBeLessThan(0.0101)
    expect(world.complaints).toEqual([])
  }, 90_000)
})
