// Cuboids placed and edited in every projection, by hand, keys and numbers; judged by what the server stores, within a centimetre.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { uploadMedia } from '../../scripts/client.ts'
import type { Cuboid } from '../../src/formats/geometry3d/cuboid'
import { axisOf } from '../../src/web/scene/views/projection'
import { until } from './browser.ts'
import { createSceneTask, openSceneWorld, type ScenePage, type SceneWorld, sampleScene } from './scene-page.ts'

setDefaultTimeout(120_000)

let world: SceneWorld
const car: Cuboid = { position: [8, 3, -1], rotation: [0, 0, 0], scale: [4, 1.8, 1.6] }
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

const shape = (labelId: number, { position, rotation, scale }: Cuboid, frame = 0) => ({
  ...{ type: 'cuboid', frame, label_id: labelId, group: 0, source: 'manual', occluded: false, outside: false, z_order: 0 },
  ...{ rotation: 0, points: [...position, ...rotation, ...scale, 0, 0, 0, 0, 0, 0, 0], attributes: [] },
})

/** A job with cuboids in it, opened. */
const openWith = async (cuboids: Cuboid[], frames = 1): Promise<ScenePage> => {
  const task = await createSceneTask(world.client, { labels, frames: Array.from({ length: frames }, () => [car]) })
  const shapes = cuboids.map((one) => shape(task.labels.get('car')!, one))
  await world.client.send('PUT', `/api/jobs/${task.job}/annotations`, { version: 0, tags: [], shapes, tracks: [] })
  const page = await world.open(task)
  await page.untilCount(cuboids.length)
  return page
}

/** Chooses an object by its card. */
const choose = async (page: ScenePage, clientId = 1) => {
  await page
    .byId(`object-${clientId}`)
    .getByTestId('object-label')
    .evaluate((one) => (one.parentElement as HTMLElement).click())
  await page.until('active', clientId)
  await page.untilView('top')
  await page.settle()
}

/** Metres that a pixel covers where these tests place cuboids by hand, seen flatly. */
const pixel = 0.15

const expectCuboid = (found: Cuboid | undefined, wanted: Partial<Cuboid>, within = 0.01) => {
  for (const [part, values] of Object.entries(wanted) as [keyof Cuboid, readonly number[]][])
    for (const [i, value] of values.entries()) {
      const off = Math.abs(found![part][i]! - value)
      expect({ part, i, off: off <= within ? 'near' : found![part][i] }).toEqual({ part, i, off: 'near' })
    }
}

const saved = async (page: ScenePage): Promise<Cuboid[]> => {
  await page.save()
  return page.stored()
}

test('a double click places a cuboid on the ground; Esc leaves without one; the next has the last size of its label', async () => {
  const page = await openWith([])
  await page.byId('tool-cuboid').click()
  await page.byId('draw-shape').click()
  await page.until('mode', 'draw')
  await page.page.keyboard.press('Escape')
  await page.until('mode', 'idle')
  expect(await page.objects()).toHaveLength(0)

  await page.place('car', [-4, 5, -1.8])
  const [made] = await saved(page)
  expectCuboid(made, { position: [-4, 5, -1], scale: [4, 1.8, 1.6] }, pixel)
  expectCuboid(made, { rotation: [0, 0, 0] }, 1e-6)
  // It stands on the ground.
  expect(Math.abs(made!.position[2] - made!.scale[2] / 2 + 1.8)).toBeLessThan(0.03)

  await page.type(1, 'object-size-x', 5.5)
  await page.place('car', [-4, -5, -1.8])
  await page.place('person', [2, -8, -1.8])
  const all = await saved(page)
  expectCuboid(all[0], { scale: [5.5, 1.8, 1.6] })
  expectCuboid(all[1], { scale: [5.5, 1.8, 1.6] })
  expectCuboid(all[2], { scale: [4, 1.8, 1.6] })
})

test('Ctrl and a right click place several in a row, N draws again', async () => {
  const page = await openWith([])
  await page.byId('tool-cuboid').click()
  await page.byId('draw-label').selectOption('person')
  await page.byId('draw-shape').click()
  await page.until('mode', 'draw')
  for (const [i, at] of [
    [-3, 4, -1.8],
    [-3, -4, -1.8],
  ].entries()) {
    await page.clickIn('perspective', at as never, { button: 'right', modifiers: ['Control'] })
    await page.untilCount(i + 1)
  }
  await page.until('mode', 'draw')
  await page.page.keyboard.press('Escape')
  await page.until('mode', 'idle')
  await page.page.keyboard.press('n')
  await page.until('mode', 'draw')
  expect((await page.objects()).map(({ label }) => label)).toEqual(['person', 'person'])
})

describe('in the projections', () => {
  const turned: Cuboid = { position: [8, 3, -1], rotation: [0, 0, 0.7], scale: [4, 1.8, 1.6] }
  const c = Math.cos(0.7)
  const s = Math.sin(0.7)

  test('they are empty without an active cuboid, and show it in its own axes', async () => {
    const page = await openWith([turned])
    for (const view of ['top', 'side', 'front'] as const) await page.untilView(view, true)
    await choose(page)
    const [left, right] = [
      await page.locateIn('top', [8 - 2 * c, 3 - 2 * s, -1]),
      await page.locateIn('top', [8 + 2 * c, 3 + 2 * s, -1]),
    ]
    expect(Math.abs(left.y - right.y)).toBeLessThan(0.01)
    expect(right.x).toBeGreaterThan(left.x)
    await page.page.keyboard.press('Escape')
    for (const view of ['top', 'side', 'front'] as const) await page.untilView(view, true)
  })

  test('the body is moved in the plane of each', async () => {
    const page = await openWith([turned])
    await choose(page)
    await page.dragIn('top', [8, 3, -1], [9, 2.5, -1])
    await page.until('unsaved', 1)
    expectCuboid((await saved(page))[0], { position: [9, 2.5, -1], rotation: [0, 0, 0.7], scale: [4, 1.8, 1.6] })
    // The side shows x and z, the front y and z of the cuboid.
    await page.dragIn('side', [9, 2.5, -1], [9 + c, 2.5 + s, -0.6])
    await page.until('unsaved', 1)
    expectCuboid((await saved(page))[0], { position: [9 + c, 2.5 + s, -0.6] })
    await page.dragIn('front', [9 + c, 2.5 + s, -0.6], [9 + c - 0.5 * s, 2.5 + s + 0.5 * c, -0.8])
    await page.until('unsaved', 1)
    expectCuboid((await saved(page))[0], { position: [9 + c - 0.5 * s, 2.5 + s + 0.5 * c, -0.8], scale: [4, 1.8, 1.6] })
  })

  test('sides and corners resize, the opposite ones stay', async () => {
    const page = await openWith([turned])
    await choose(page)
    const pull = async (name: string, view: 'top' | 'side' | 'front', own: [number, number, number]) => {
      await page.settle()
      const from = await page.handleAt(name)
      const [zero, one] = [
        await page.locateIn(view, [8, 3, -1]),
        await page.locateIn(view, [8 + own[0] * c - own[1] * s, 3 + own[0] * s + own[1] * c, -1 + own[2]]),
      ]
      await page.dragTo(from, { x: from.x + one.x - zero.x, y: from.y + one.y - zero.y })
      await page.until('unsaved', 1)
      return (await saved(page))[0]!
    }
    const right = await pull('top-right', 'top', [0.6, 0, 0])
    expectCuboid(right, { scale: [4.6, 1.8, 1.6], position: [8 + 0.3 * c, 3 + 0.3 * s, -1] })
    const corner = await pull('top-top-left', 'top', [-0.4, 0.2, 0])
    expectCuboid(corner, { scale: [5, 2, 1.6], position: [8 + 0.1 * c - 0.1 * s, 3 + 0.1 * s + 0.1 * c, -1] })
    const high = await pull('side-top', 'side', [0, 0, 0.3])
    expectCuboid(high, { scale: [5, 2, 1.9] })
    expect(high.position[2]).toBeCloseTo(-0.85, 2)
    const low = await pull('front-bottom', 'front', [0, 0, -0.1])
    expectCuboid(low, { scale: [5, 2, 2] })
    expect(low.position[2]).toBeCloseTo(-0.9, 2)
  })

  test('the helper turns about the axis of its view; Shift in steps of 15°', async () => {
    const page = await openWith([{ ...turned, rotation: [0, 0, 3] }])
    await choose(page)
    const turn = async (view: 'top' | 'side' | 'front', angle: number, key?: string) => {
      await page.settle()
      const centre = await page.locateIn(view, [8, 3, -1])
      const from = await page.handleAt(`${view}-rotate`)
      const [x, y] = [from.x - centre.x, from.y - centre.y]
      // Counter-clockwise on a screen whose y goes down.
      const to = {
        x: centre.x + x * Math.cos(angle) + y * Math.sin(angle),
        y: centre.y - x * Math.sin(angle) + y * Math.cos(angle),
      }
      if (key) await page.page.keyboard.down(key)
      await page.dragTo(from, to)
      if (key) await page.page.keyboard.up(key)
      await page.until('unsaved', 1)
      return (await saved(page))[0]!
    }
    const yawed = await turn('top', 0.5)
    expectCuboid(yawed, { rotation: [0, 0, 3.5 - 2 * Math.PI], position: [8, 3, -1], scale: [4, 1.8, 1.6] }, 0.01)
    // In the front view its own x points to the viewer.
    const rolled = await turn('front', 0.2)
    for (const [axis, wanted] of [
      [0, axisOf(yawed, 0)],
      [2, [-Math.sin(0.2) * axisOf(yawed, 1)[0], -Math.sin(0.2) * axisOf(yawed, 1)[1], Math.cos(0.2)]],
    ] as const)
      for (const [i, value] of axisOf(rolled, axis).entries()) expect(value).toBeCloseTo(wanted[i]!, 2)
    await page.page.keyboard.press('Control+z')
    await until(async () => (await page.objects())[0]!.points[3], 0)
    const stepped = await turn('top', 0.5, 'Shift')
    expectCuboid(stepped, { rotation: [0, 0, 3.5 - 2 * Math.PI + Math.PI / 6] }, 0.01)
  })

  test('pinned ones stay where they are, locked ones have no handles', async () => {
    const page = await openWith([turned])
    await choose(page)
    await page.page.keyboard.press('p')
    await until(async () => (await page.objects())[0]!.data.pinned, 'true')
    await page.dragIn('top', [8, 3, -1], [9, 2.5, -1])
    await until(() => page.byId('status-hint').textContent(), 'Pinned: P lets it move')
    expect((await page.objects())[0]!.points.slice(0, 2)).toEqual([8, 3])
    // Sides can still be pulled.
    await page.handleAt('top-right')
    await page.page.keyboard.press('l')
    await page.page.waitForFunction(() => document.querySelector('[data-testid="handles-mirror"]')?.childElementCount === 0)
  })

  test('the wheel zooms one view, and each object remembers its zoom', async () => {
    const page = await openWith([turned, { ...turned, position: [-6, -4, -1] }])
    const span = async () => {
      const [a, b] = [await page.locateIn('top', [0, 0, 0]), await page.locateIn('top', [c, s, 0])]
      return Math.round(Math.hypot(a.x - b.x, a.y - b.y))
    }
    await choose(page)
    const [first, side] = [await span(), await page.matrixOf('side')]
    const centre = await page.locateIn('top', turned.position)
    await page.page.mouse.move(centre.x, centre.y)
    await page.page.mouse.wheel(0, -300)
    await until(async () => (await span()) > first * 1.3, true)
    const zoomed = await span()
    expect(await page.matrixOf('side')).toEqual(side)
    await choose(page, 2)
    await until(span, first)
    await choose(page, 1)
    await until(span, zoomed)
    await page.page.mouse.dblclick(centre.x, centre.y)
    await until(span, first)
  })
})

test('sizes, place and rotation are typed; what is too small is refused in words', async () => {
  const page = await openWith([car])
  await choose(page)
  await page.byId('object-1').getByTestId('object-details').click()
  for (const [field, value] of [
    ['object-size-x', 4.44],
    ['object-size-y', 1.91],
    ['object-size-z', 1.55],
    ['object-position-x', -7.25],
    ['object-position-z', -0.9],
    ['object-rotation-z', 90],
  ] as const)
    await page.type(1, field, value)
  await until(async () => (await page.objects())[0]!.points.slice(0, 9), [-7.25, 3, -0.9, 0, 0, 1.57, 4.44, 1.91, 1.55])
  const [found] = await saved(page)
  expectCuboid(found, { position: [-7.25, 3, -0.9], rotation: [0, 0, Math.PI / 2], scale: [4.44, 1.91, 1.55] }, 1e-6)
  await page.type(1, 'object-size-x', 0)
  await until(() => page.byId('status-hint').textContent(), 'A cuboid is at least 0.05 m long, wide and high')
  await until(() => page.byId('object-1').getByTestId('object-size-x').inputValue(), '4.44')
  expect(await page.read('unsaved')).toBe('0')
})

test('keys move, turn and resize by small steps', async () => {
  const page = await openWith([{ ...car, rotation: [0, 0, Math.PI / 2] }])
  await choose(page)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.page.keyboard.press(key)
  }
  await press('ArrowRight', 'ArrowRight', 'ArrowUp', 'PageUp')
  await until(async () => (await page.objects())[0]!.points.slice(0, 3), [7.95, 3.1, -0.95])
  await press('Control+ArrowRight', 'Control+ArrowUp', '[', '[')
  const [found] = await saved(page)
  expectCuboid(found, { scale: [4.05, 1.85, 1.6], rotation: [0, 0, Math.PI / 2 + Math.PI / 90] }, 1e-3)
  await press('Alt+]')
  expectCuboid((await saved(page))[0], { rotation: [0, 0, Math.PI / 90 - Math.PI / 2] }, 1e-3)
})

test('Shift+N places the cuboid anew and keeps it, its label and what is cancelled', async () => {
  const page = await openWith([car])
  await choose(page)
  const [before] = await page.objects()
  await page.page.keyboard.press('Shift+n')
  await page.until('mode', 'draw')
  await page.page.keyboard.press('Escape')
  await page.until('mode', 'idle')
  expect((await page.objects())[0]!.points).toEqual(before!.points)
  await choose(page)
  await page.page.keyboard.press('Shift+n')
  await page.until('mode', 'draw')
  const at = await page.locateIn('perspective', [-5, 4, -1.8])
  await page.page.mouse.move(at.x, at.y)
  await page.page.mouse.dblclick(at.x, at.y)
  await page.until('mode', 'idle')
  await page.until('unsaved', 1)
  const [after] = await saved(page)
  expectCuboid(after, { position: [-5, 4, -1], scale: [4, 1.8, 1.6] }, pixel)
  expect((await page.objects())[0]!.id).toBe(before!.id)
})

test('undo and redo go through every kind of edit, and a saved job comes back as it was', async () => {
  const page = await openWith([car])
  await choose(page)
  await page.dragIn('top', car.position, [9, 4, -1])
  await page.until('unsaved', 1)
  await page.type(1, 'object-size-z', 2)
  await page.page.keyboard.press('Escape')
  await page.page.keyboard.press('Control+z')
  await page.page.keyboard.press('Control+z')
  await until(async () => (await page.objects())[0]!.points.slice(0, 9), [8, 3, -1, 0, 0, 0, 4, 1.8, 1.6])
  await page.until('unsaved', 0)
  await page.page.keyboard.press('Control+y')
  await page.page.keyboard.press('Control+y')
  await page.until('unsaved', 1)
  const [found] = await saved(page)
  expectCuboid(found, { position: [9, 4, -1], scale: [4, 1.8, 2] })
  const again = await world.open(page.task)
  const [shown] = await again.untilCount(1)
  expect(shown!.points.slice(6, 9)).toEqual([4, 1.8, 2])
})

test('far from the origin of its coordinates a cuboid is still placed and edited within a centimetre', async () => {
  const offset = [500_000, 4_000_000, 100] as const
  const made = await world.client.send('POST', '/api/tasks', { name: 'far', labels })
  const points = sampleScene([car], { groundPoints: 6000 })
  const lines = Array.from({ length: points.length / 4 }, (_, i) =>
    offset.map((value, axis) => (value + points[i * 4 + axis]!).toFixed(4)).join(' '),
  )
  const header = ['VERSION 0.7', 'FIELDS x y z', 'SIZE 8 8 8', 'TYPE F F F', 'COUNT 1 1 1', `WIDTH ${lines.length}`, 'HEIGHT 1']
  const pcd = [...header, 'VIEWPOINT 0 0 0 1 0 0 0', `POINTS ${lines.length}`, 'DATA ascii', ...lines, ''].join('\n')
  await uploadMedia(world.client, made.id, [['far.pcd', new Blob([pcd])]])
  const job = (await world.client.get(`/api/jobs?task_id=${made.id}`)).results[0].id
  const page = await world.open({ id: made.id, job, labels: new Map() })
  const place = (x: number, y: number, z: number): [number, number, number] => [offset[0] + x, offset[1] + y, offset[2] + z]
  await page.place('car', place(-4, 5, -1.8))
  const [drawn] = await saved(page)
  expectCuboid(drawn, { position: place(-4, 5, -1) }, 0.3)
  expect(Math.abs(drawn!.position[2] - 0.8 - 98.2)).toBeLessThan(0.03)
  await page.byId('object-1').getByTestId('object-details').click()
  for (const [i, axis] of ['x', 'y', 'z'].entries()) await page.type(1, `object-position-${axis}`, place(8, 3, -1)[i]!)
  await page.page.keyboard.press('Escape')
  await page.save()
  await choose(page)
  await page.dragIn('top', place(8, 3, -1), place(9.25, 2.5, -1))
  await page.until('unsaved', 1)
  expectCuboid((await saved(page))[0], { position: place(9.25, 2.5, -1), scale: drawn!.scale })
})

test('the pages complained of nothing', () => {
  expect(world.complaints).toEqual([])
})
