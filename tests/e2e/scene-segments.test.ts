// Labels of points, lines and areas drawn in the browser, judged row by row by what the server then holds.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Cuboid, createCuboidTest, listCorners, writeCuboid } from '../../src/formats/geometry3d/cuboid'
import type { Vector } from '../../src/formats/geometry3d/rotation'
import { until } from './browser.ts'
import { createSceneTask, openSceneWorld, type ScenePage, type SceneTask, type SceneWorld, sampleScene } from './scene-page.ts'

const ground = -1.8
const box = (x: number, y: number, yaw: number, scale: Cuboid['scale']): Cuboid => ({
  position: [x, y, ground + scale[2] / 2],
  rotation: [0, 0, yaw],
  scale,
})
const car = box(8, 3, 0.5, [4.4, 1.9, 1.6])
const van = box(-6, -5, -1.1, [5.2, 2.1, 2.2])
const boxes = [car, van]
const groundPoints = 12_000
const pointsPerBox = 1500
const points = [sampleScene(boxes, {}, 1), sampleScene([car], {}, 2)]
const count = groundPoints + 2 * pointsPerBox
const carRows = { from: groundPoints, to: groundPoints + pointsPerBox }
const vanRows = { from: groundPoints + pointsPerBox, to: count }
const at = (row: number, frame = 0): Vector => {
  const own = points[frame]!
  return [own[row * 4]!, own[row * 4 + 1]!, own[row * 4 + 2]!]
}

let world: SceneWorld
let task: SceneTask
let page: ScenePage

beforeAll(async () => {
  world = await openSceneWorld()
}, 120_000)
afterAll(() => world.close())

const path = () => `/api/jobs/${task.job}/cloud-shapes`
type Segment = { label_id: number; instance: number; points: number; runs: number[] }
const load = () => world.client.get(path())
const nameOf = (id: number) => [...task.labels].find(([, one]) => one === id)![0]

/** `label/instance` of each labelled row of a frame, as the server has it. */
const readRows = async (frame = 0): Promise<Map<number, string>> => {
  const found = (await load()).frames.find((one: { frame: number }) => one.frame === frame)
  const rows = new Map<number, string>()
  for (const { label_id, instance, runs } of (found?.segments ?? []) as Segment[]) {
    let row = 0
    for (let i = 0; i < runs.length; i += 2) {
      row += runs[i]!
      for (let left = runs[i + 1]!; left > 0; left--) {
        // No point has two labels.
        expect(rows.has(row)).toBe(false)
        rows.set(row++, `${nameOf(label_id)}/${instance}`)
      }
    }
  }
  return rows
}
const rowsOf = (rows: Map<number, string>, value?: string) =>
  [...rows].filter(([, one]) => value === undefined || one === value).map(([row]) => row)

/** Pixels of all points in a view; null behind the eye. */
const projectAll = async (view: 'perspective' = 'perspective', frame = 0) => {
  const m = await page.matrixOf(view)
  const area = (await page.view(view).boundingBox())!
  const own = points[frame]!
  return Array.from({ length: own.length / 4 }, (_, row) => {
    const [x, y, z] = [own[row * 4]!, own[row * 4 + 1]!, own[row * 4 + 2]!]
    const cell = (i: number) => m[i]! * x + m[i + 4]! * y + m[i + 8]! * z + m[i + 12]!
    const w = cell(3)
    if (w <= 0) return null
    return { x: area.x + ((cell(0) / w + 1) / 2) * area.width, y: area.y + ((1 - cell(1) / w) / 2) * area.height, depth: w }
  })
}

const open = async (more: Parameters<typeof world.open>[1] = {}) => {
  page = await world.open(task, more)
  await page.byId('side-part-segments').click()
  await page.byId('segment-share').filter({ hasNotText: 'loaded' }).waitFor()
}
/** A new task, with annotations of its labels. */
const fresh = async (annotate?: (ids: SceneTask['labels']) => object) => {
  task = await createSceneTask(world.client, { frames: [boxes, [car]], labels })
  const empty = { shapes: [], tracks: [], tags: [] }
  if (annotate) await world.client.send('PUT', `/api/jobs/${task.job}/annotations/`, { ...empty, ...annotate(task.labels) })
  await open()
}
const labels = [
  {
    name: 'car',
    color: '#e5a03c',
    attributes: [{ name: 'parked', mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] }],
  },
  { name: 'road', color: '#4cc38a', attributes: [] },
]
const close = () => page.page.context().close()

const choose = (label: string) => page.byId('segment-label').selectOption({ label })
const setInstance = async (instance: number) => {
  await page.byId('segment-instance').fill(String(instance))
  await page.byId('segment-instance').press('Enter')
}
/** A slider is set as by the keys. */
const slide = (testId: string, value: number) =>
  page.byId(testId).evaluate((input, wanted) => {
    ;(input as HTMLInputElement).value = String(wanted)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }, value)
const check = (testId: string, on: boolean) => page.byId(testId).setChecked(on)
const take = async (tool: string) => {
  await page.byId(`tool-${tool}`).click()
  await page.until('tool', tool)
}
/** Waits until the panel counts so many labelled points. */
const untilLabelled = (wanted: number) =>
  until(async () => Number(await page.byId('segment-share').getAttribute('data-labelled')), wanted)
const readLabelled = async () => {
  await page.ready()
  return Number(await page.byId('segment-share').getAttribute('data-labelled'))
}
/** How many points the panel counts of a label and instance. */
const countIn = (label: string, instance = 0) =>
  page
    .byId('segment-list')
    .evaluate(
      (list, at) => list.querySelector(at)?.getAttribute('data-points') ?? null,
      `[data-label="${label}"][data-instance="${instance}"]`,
    )
const drag = async (places: { x: number; y: number }[]) => {
  const { mouse } = page.page
  await mouse.move(places[0]!.x, places[0]!.y)
  await mouse.down()
  for (const { x, y } of places) await mouse.move(x, y)
  await mouse.up()
}
const undo = async () => {
  await page.page.keyboard.press('Control+z')
  await page.ready()
}
const within = (places: { x: number; y: number }[], x: number, y: number): boolean => {
  let inside = false
  for (let i = 0, k = places.length - 1; i < places.length; k = i++) {
    const [a, b] = [places[i]!, places[k]!]
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

/** Most of what a box covers on the screen. */
const silhouette = async (cuboid: Cuboid) => {
  const corners = await Promise.all(listCorners(cuboid).map((corner) => page.locateIn('perspective', corner)))
  const mean = (axis: 'x' | 'y') => corners.reduce((sum, corner) => sum + corner[axis], 0) / 8
  const [x, y] = [mean('x'), mean('y')]
  const round = corners.toSorted((a, b) => Math.atan2(a.y - y, a.x - x) - Math.atan2(b.y - y, b.x - x))
  // Corners that lie within the others only take something away.
  return round.map((corner) => ({ x: x + (corner.x - x) * 0.7, y: y + (corner.y - y) * 0.7 }))
}

describe('painting points', () => {
  test('a brush takes the seen surface, or all depths; undo and redo; the eraser takes it back', async () => {
    await fresh()
    await page.settle()
    await choose('car')
    await setInstance(7)
    await slide('segment-radius', 30)
    const centre = await page.locateIn('perspective', van.position)
    await take('segment-brush')
    await drag([centre, { x: centre.x + 12, y: centre.y }])
    await until(async () => (await readLabelled()) > 20, true)
    const seen = await readLabelled()
    await page.save()
    const rows = await readRows()
    expect(rows.size).toBe(seen)
    expect([...new Set(rows.values())]).toEqual(['car/7'])
    const pixels = await projectAll()
    const distance = ({ x, y }: { x: number; y: number }) =>
      Math.hypot(x - Math.min(Math.max(x, centre.x), centre.x + 12), y - centre.y)
    const inBrush = pixels.flatMap((pixel, row) => (pixel && distance(pixel) <= 30 ? [row] : []))
    // Nothing beside the brush, and all that is nearest.
    for (const row of rows.keys()) expect(distance(pixels[row]!)).toBeLessThan(30.5)
    const nearest = Math.min(...inBrush.map((row) => pixels[row]!.depth))
    const front = inBrush.filter((row) => pixels[row]!.depth < nearest + 0.2 && distance(pixels[row]!) < 29.5)
    for (const row of front) expect(rows.has(row)).toBe(true)
    // What the van hides, but for its rim, stays as it is.
    const hull = await silhouette(van)
    const isHidden = (row: number) => pixels[row]!.depth > nearest + 4 && within(hull, pixels[row]!.x, pixels[row]!.y)
    const behind = inBrush.filter((row) => row < groundPoints && isHidden(row))
    expect(behind.length).toBeGreaterThan(3)
    for (const row of behind) expect(rows.has(row)).toBe(false)

    await undo()
    await untilLabelled(0)
    await page.page.keyboard.press('Control+y')
    await untilLabelled(seen)
    await undo()
    await untilLabelled(0)
    await check('segment-surface', false)
    await drag([centre, centre])
    const all = pixels.flatMap((pixel, row) => (pixel && Math.hypot(pixel.x - centre.x, pixel.y - centre.y) <= 30 ? [row] : []))
    await until(async () => Math.abs((await readLabelled()) - all.length) <= 2, true)
    await take('segment-eraser')
    await drag([centre, centre])
    await untilLabelled(0)
    await page.save()
    expect((await readRows()).size).toBe(0)
    await close()
  }, 60_000)

  test('points of chosen cuboids, to the row; only free ones; locked labels stay', async () => {
    const large = { ...car, scale: [4.8, 2.3, 1.9] as Vector }
    const body = { type: 'cuboid', frame: 0, points: writeCuboid(large) }
    await fresh((ids) => ({ shapes: [{ ...body, label_id: ids.get('car') }] }))
    const isIn = createCuboidTest(large)
    const inside = Array.from({ length: count }, (_, row) => row).filter((row) => isIn(...at(row)))
    await page.byId('side-objects').click()
    await page.byId('object-1').click({ position: { x: 30, y: 8 } })
    await page.until('active', '1')
    await page.byId('side-part-segments').click()
    await choose('car')
    await page.byId('segment-next').click()
    await page.byId('segment-cuboids').click()
    await untilLabelled(inside.length)
    expect(await countIn('car', 1)).toBe(String(inside.length))
    await page.save()
    expect(rowsOf(await readRows(), 'car/1').toSorted((a, b) => a - b)).toEqual(inside)

    // The road is painted over everything, but the car keeps its points: first since only free ones are taken, then since it is locked.
    await choose('road')
    await setInstance(0)
    await check('segment-free', true)
    await check('segment-surface', false)
    await slide('segment-radius', 60)
    await take('segment-brush')
    const centre = await page.locateIn('perspective', car.position)
    await drag([centre, centre])
    await until(async () => (await countIn('road')) !== null, true)
    expect(await countIn('car', 1)).toBe(String(inside.length))
    await check('segment-free', false)
    await page.byId(`segment-lock-${task.labels.get('car')}-1`).click()
    const before = await countIn('road')
    await drag([centre, { x: centre.x + 30, y: centre.y }])
    await until(async () => (await countIn('road')) !== before, true)
    expect(await countIn('car', 1)).toBe(String(inside.length))
    await page.byId(`segment-lock-${task.labels.get('car')}-1`).click()
    await drag([centre, centre])
    await until(async () => (await countIn('car', 1)) !== String(inside.length), true)
    await close()
  }, 60_000)

  test('an object by one click, the ground by another', async () => {
    await fresh()
    await page.settle()
    await choose('car')
    await setInstance(1)
    await take('segment-region')
    // The side of the van that is seen: the point of it next to the eye.
    const pixels = await projectAll()
    const near = Array.from({ length: pointsPerBox }, (_, i) => vanRows.from + i)
      .filter((row) => at(row)[2] > ground + 0.8)
      .toSorted((a, b) => pixels[a]!.depth - pixels[b]!.depth)[0]!
    await page.page.mouse.click(pixels[near]!.x, pixels[near]!.y)
    await until(async () => (await readLabelled()) > 500, true)
    await page.save()
    const rows = await readRows()
    for (const row of rows.keys()) expect(row >= vanRows.from || at(row)[2] > ground + 0.2).toBe(true)
    const upper = Array.from({ length: pointsPerBox }, (_, i) => vanRows.from + i).filter((row) => at(row)[2] > ground + 0.3)
    const found = upper.filter((row) => rows.has(row))
    expect(found.length / upper.length).toBeGreaterThan(0.97)
    for (let row = carRows.from; row < carRows.to; row++) expect(rows.has(row)).toBe(false)

    await choose('road')
    await setInstance(0)
    const flat = Array.from({ length: groundPoints }, (_, row) => row).find((row) => {
      const [x, y] = at(row)
      return Math.hypot(x, y) < 2
    })!
    await page.page.mouse.click(pixels[flat]!.x, pixels[flat]!.y)
    await until(async () => Number(await countIn('road')) > 1000, true)
    await page.save()
    const road = rowsOf(await readRows(), 'road/0')
    for (const row of road) expect(at(row)[2]).toBeLessThan(ground + 0.3)
    await close()
  }, 60_000)

  test('a prism takes all points within, between heights; a lasso what is seen', async () => {
    await fresh()
    await page.settle()
    await choose('car')
    const corner = await page.locateIn('perspective', van.position)
    const polygon = [
      { x: corner.x - 60, y: corner.y - 50 },
      { x: corner.x + 70, y: corner.y - 40 },
      { x: corner.x + 50, y: corner.y + 55 },
      { x: corner.x - 40, y: corner.y + 45 },
    ]
    await check('segment-heights', true)
    await slide('segment-height-from', 0.5)
    await slide('segment-height-to', 1.5)
    await take('segment-prism')
    for (const { x, y } of polygon) await page.page.mouse.click(x, y)
    await page.page.keyboard.press('n')
    await until(async () => (await readLabelled()) > 50, true)
    await page.save()
    const pixels = await projectAll()
    const rows = await readRows()
    const inside = (row: number) => pixels[row] !== null && within(polygon, pixels[row]!.x, pixels[row]!.y)
    // The ground is estimated from the points, to a few centimetres.
    for (const row of rows.keys()) {
      expect(inside(row)).toBe(true)
      expect(at(row)[2]).toBeGreaterThan(ground + 0.44)
      expect(at(row)[2]).toBeLessThan(ground + 1.56)
    }
    for (let row = 0; row < count; row++)
      if (inside(row) && at(row)[2] > ground + 0.56 && at(row)[2] < ground + 1.44) expect(rows.has(row)).toBe(true)

    await choose('road')
    await take('segment-lasso')
    await drag([...polygon, polygon[0]!])
    await until(async () => Number(await countIn('road')) > 50, true)
    await page.save()
    for (const row of rowsOf(await readRows(), 'road/0')) expect(inside(row)).toBe(true)
    await close()
  }, 60_000)
})

describe('where tools reach', () => {
  test('a polygon in the top view takes the slice that is shown there', async () => {
    const around = { ...car, scale: [5, 2.6, 2] as Vector }
    await fresh((ids) => ({
      shapes: [{ type: 'cuboid', frame: 0, points: writeCuboid(around), label_id: ids.get('car') }],
    }))
    await page.byId('side-objects').click()
    await page.byId('object-1').click({ position: { x: 30, y: 8 } })
    await page.until('active', '1')
    await page.untilView('top')
    await page.settle()
    await take('segment-prism')
    const area = (await page.view('top').boundingBox())!
    const polygon = [
      [0.3, 0.3],
      [0.7, 0.35],
      [0.65, 0.7],
      [0.35, 0.6],
    ].map(([x, y]) => ({ x: area.x + x! * area.width, y: area.y + y! * area.height }))
    for (const { x, y } of polygon) await page.page.mouse.click(x, y)
    await page.page.keyboard.press('n')
    await until(async () => (await readLabelled()) > 0, true)
    await page.save()
    const m = await page.matrixOf('top')
    const expected = Array.from({ length: count }, (_, row) => row).filter((row) => {
      const [x, y, z] = at(row)
      const cell = (i: number) => m[i]! * x + m[i + 4]! * y + m[i + 8]! * z + m[i + 12]!
      const place = { x: area.x + ((cell(0) + 1) / 2) * area.width, y: area.y + ((1 - cell(1)) / 2) * area.height }
      return Math.abs(cell(2)) <= 1 && within(polygon, place.x, place.y)
    })
    expect(expected.length).toBeGreaterThan(50)
    expect(rowsOf(await readRows()).toSorted((a, b) => a - b)).toEqual(expected)
    await close()
  }, 60_000)

  test('of a cloud that is shown in part all points are taken', async () => {
    const many = 400_000
    const options = { frames: [[car]], groundPoints: many, labels }
    task = await createSceneTask(world.client, options)
    await open()
    const own = sampleScene([car], options, 1)
    await page.settle()
    await take('segment-brush')
    const place = await page.locateIn('perspective', [-4, 3, ground])
    await drag([place, { x: place.x + 20, y: place.y }])
    await until(async () => (await readLabelled()) > 0, true)
    await page.save()
    const rows = await readRows()
    const m = await page.matrixOf('perspective')
    const area = (await page.view('perspective').boundingBox())!
    const distance = (row: number) => {
      const [x, y, z] = [own[row * 4]!, own[row * 4 + 1]!, own[row * 4 + 2]!]
      const cell = (i: number) => m[i]! * x + m[i + 4]! * y + m[i + 8]! * z + m[i + 12]!
      const px = area.x + ((cell(0) / cell(3) + 1) / 2) * area.width
      const py = area.y + ((1 - cell(1) / cell(3)) / 2) * area.height
      return Math.hypot(px - Math.min(Math.max(px, place.x), place.x + 20), py - place.y)
    }
    for (const row of rows.keys()) expect(distance(row)).toBeLessThan(24.5)
    const wanted = Array.from({ length: many }, (_, row) => row).filter((row) => distance(row) < 23.5)
    const missing = wanted.filter((row) => !rows.has(row))
    expect(wanted.length).toBeGreaterThan(3000)
    expect(missing).toEqual([])
    await close()
  }, 120_000)
})

describe('what becomes of it', () => {
  test('another frame has its own; a reload shows what was saved; unsaved points come back after a crash', async () => {
    await fresh()
    await page.settle()
    await choose('road')
    await take('segment-brush')
    const [x, y] = [at(0)[0], at(0)[1]]
    const place = await page.locateIn('perspective', [x, y, ground])
    await drag([place, place])
    await until(async () => (await readLabelled()) > 0, true)
    const first = await readLabelled()
    await page.page.keyboard.press('f')
    await page.until('frame', 1)
    await untilLabelled(0)
    await page.page.keyboard.press('d')
    await page.until('frame', 0)
    await untilLabelled(first)
    await page.save()
    await drag([place, { x: place.x + 60, y: place.y }])
    await until(async () => (await readLabelled()) > first, true)
    const second = await readLabelled()
    await page.until('unsaved', 1)
    // The tab dies without a word.
    const { page: old } = page
    await old.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)))
    await old.goto('about:blank')
    await old.goto(`${world.server.url}/tasks/${task.id}/jobs/${task.job}`)
    await page.byId('dialog-ok').click()
    await page.byId('side-part-segments').click()
    await untilLabelled(second)
    await page.save()
    expect((await readRows()).size).toBe(second)
    // Undo goes on where the dead tab stopped.
    await page.page.keyboard.press('Control+z')
    await untilLabelled(first)
    await close()
  }, 60_000)

  test('the same points changed elsewhere: asked, other points are merged without a word', async () => {
    await fresh()
    await page.settle()
    const [road, carLabel] = [task.labels.get('road'), task.labels.get('car')]
    const patch = (operations: object[]) => world.client.send('PATCH', path(), { frames: [{ frame: 0, operations }] })
    await choose('car')
    await take('segment-brush')
    await check('segment-surface', false)
    const place = await page.locateIn('perspective', van.position)
    await drag([place, place])
    await until(async () => (await readLabelled()) > 0, true)
    const mine = await readLabelled()
    // Elsewhere: some rows of the car, which is not near.
    await patch([{ label_id: road, runs: [carRows.from, 100] }])
    await page.save()
    expect((await readRows()).size).toBe(mine + 100)
    expect(rowsOf(await readRows(), 'road/0')).toHaveLength(100)
    await untilLabelled(mine + 100)

    await page.byId('segment-next').click()
    await drag([place, place])
    await until(async () => Number(await countIn('car', 1)), mine)
    await patch([{ label_id: road, instance: 5, runs: [0, count] }])
    await page.page.keyboard.press('Control+s')
    await page.byId('cloud-conflict').waitFor()
    await page.byId('cloud-conflict-mine').click()
    await page.until('unsaved', 0)
    const rows = await readRows()
    expect([rowsOf(rows, 'car/1').length, rowsOf(rows, 'road/5').length]).toEqual([mine, count - mine])
    expect(carLabel).toBeDefined()
    await close()
  }, 60_000)

  test('exports lead to a file, imports back', async () => {
    await fresh()
    await world.client.send('PATCH', path(), {
      frames: [{ frame: 0, operations: [{ label_id: task.labels.get('car'), instance: 3, runs: [carRows.from, pointsPerBox] }] }],
    })
    await untilLabelled(pointsPerBox)
    await page.byId('cloud-export').click()
    const downloading = page.page.waitForEvent('download')
    await page.byId('cloud-export-submit').click()
    const file = await (await downloading).path()
    await world.client.send('PUT', path(), { frames: [] })
    await untilLabelled(0)
    await page.byId('cloud-import').click()
    await page.byId('cloud-import-file').setInputFiles({
      name: 'x.zip',
      mimeType: 'application/zip',
      buffer: Buffer.from(await Bun.file(file).arrayBuffer()),
    })
    await page.byId('cloud-import-submit').click()
    await untilLabelled(pointsPerBox)
    expect(rowsOf(await readRows(), 'car/3')).toHaveLength(pointsPerBox)
    await close()
  }, 60_000)
})

test("the task's page leads to exports and imports of the whole task", async () => {
  await fresh()
  await world.client.send('PATCH', path(), {
    frames: [{ frame: 1, operations: [{ label_id: task.labels.get('road'), runs: [0, 50] }] }],
  })
  const { page: tab } = page
  await tab.goto(`${world.server.url}/tasks/${task.id}`)
  await page.byId('task-points-link').click()
  await page.byId('points-export-format').selectOption('Datumaro point labels 1.0')
  await page.byId('points-export-submit').click()
  await tab.waitForURL((url) => url.pathname === '/requests')
  const list = async () => (await world.client.get(`/api/requests?task_id=${task.id}&page_size=100`)).results as any[]
  const ended = async (type: string) => (await list()).find((one) => one.operation.type === type)?.status
  await until(() => ended('export:cloud-shapes'), 'finished')
  const { result_url } = (await list()).find((one) => one.operation.type === 'export:cloud-shapes')
  const bytes = await tab.evaluate(async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())], result_url)
  await world.client.send('PUT', path(), { frames: [] })
  await tab.goto(`${world.server.url}/tasks/${task.id}/points`)
  const file = { name: 'x.zip', mimeType: 'application/zip', buffer: Buffer.from(bytes) }
  await page.byId('points-import-file').setInputFiles(file)
  await page.byId('points-import-format').selectOption('Datumaro point labels 1.0')
  await page.byId('points-import-submit').click()
  await tab.waitForURL((url) => url.pathname === '/requests')
  await until(() => ended('import:cloud-shapes'), 'finished')
  expect(rowsOf(await readRows(1), 'road/0')).toHaveLength(50)
  await close()
}, 60_000)

describe('lines, areas and key points', () => {
  type Shape = { uid: string; type: string; label_id: number; points: number[]; attributes: { value: string }[] }
  const shapes = async (): Promise<Shape[]> => (await load()).frames.find((one: any) => one.frame === 0)?.shapes ?? []
  const vertices = ({ points: own }: Shape): Vector[] =>
    Array.from({ length: own.length / 3 }, (_, i) => [own[i * 3]!, own[i * 3 + 1]!, own[i * 3 + 2]!])
  /** Metres to the next point of the cloud. */
  const toCloud = (place: Vector) =>
    Math.min(...Array.from({ length: count }, (_, row) => Math.hypot(...at(row).map((value, axis) => value - place[axis]!))))
  const clickAt = async (place: Vector) => {
    const { x, y } = await page.locateIn('perspective', place)
    await page.page.mouse.move(x, y)
    await page.page.mouse.click(x, y)
  }
  /** On the ground to the centimetre, and where the pointer was as far as a pixel of a slanting view is wide. */
  const expectNear = (place: Vector, wanted: Vector) => {
    expect(Math.abs(place[2] - ground)).toBeLessThan(0.015)
    expect(Math.hypot(place[0] - wanted[0], place[1] - wanted[1])).toBeLessThan(0.15)
  }

  /** Points of the ground that nothing hides, some way apart. */
  const spots: Vector[] = [
    [0, 0],
    [3, -2],
    [4, -6],
    [5, -1],
  ].map(([x, y]) => {
    const rows = Array.from({ length: groundPoints }, (_, row) => row)
    const off = (row: number) => Math.hypot(at(row)[0] - x!, at(row)[1] - y!)
    return at(rows.toSorted((a, b) => off(a) - off(b))[0]!)
  })

  test('a line lies on the ground where it was clicked; its vertices are moved, inserted, removed, all undone', async () => {
    await fresh()
    await page.settle()
    await page.byId('ground-label').selectOption({ label: 'road' })
    await take('ground-line')
    for (const spot of spots.slice(0, 3)) await clickAt(spot)
    await page.page.keyboard.press('n')
    await page.until('unsaved', 1)
    await page.save()
    const [line] = await shapes()
    expect([line!.type, line!.label_id, line!.points.length]).toEqual(['polyline', task.labels.get('road')!, 9])
    for (const [i, vertex] of vertices(line!).entries()) expectNear(vertex, spots[i]!)

    await take('ground-edit')
    const middle = vertices(line!)[1]!
    await page.page.mouse.move(...(Object.values(await page.locateIn('perspective', middle)) as [number, number]))
    await drag([await page.locateIn('perspective', middle), await page.locateIn('perspective', spots[3]!)])
    await page.until('unsaved', 1)
    await page.save()
    const [moved] = await shapes()
    expect([moved!.uid, moved!.points.length]).toEqual([line!.uid, 9])
    expectNear(vertices(moved!)[1]!, spots[3]!)

    const [a, b] = vertices(moved!)
    const between = a!.map((value, axis) => (value + b![axis]!) / 2) as unknown as Vector
    await drag([await page.locateIn('perspective', between), await page.locateIn('perspective', spots[1]!)])
    await page.until('unsaved', 1)
    await page.save()
    expect((await shapes())[0]!.points).toHaveLength(12)
    const inserted = vertices((await shapes())[0]!)[1]!
    await page.page.keyboard.down('Alt')
    await clickAt(inserted)
    await page.page.keyboard.up('Alt')
    await page.until('unsaved', 1)
    await page.save()
    expect((await shapes())[0]!.points).toHaveLength(9)
    for (let step = 0; step < 4; step++) await undo()
    await page.save()
    expect(await shapes()).toEqual([])
    await close()
  }, 60_000)

  test('areas close at their first vertex; label, attributes, hiding, locking, deleting in the list', async () => {
    await fresh()
    await page.settle()
    await page.byId('ground-label').selectOption({ label: 'car' })
    await take('ground-area')
    for (const spot of spots) await clickAt(spot)
    const first = await page.locateIn('perspective', spots[0]!)
    await page.page.mouse.click(first.x, first.y)
    await page.byId('ground-list').locator('[data-type="polygon"]').waitFor()
    await page.save()
    const [area] = await shapes()
    expect([area!.type, area!.points.length, area!.attributes.map(({ value }) => value)]).toEqual(['polygon', 12, ['false']])

    await page.byId('object-attribute-parked').check()
    await page.until('unsaved', 1)
    await page.save()
    expect((await shapes())[0]!.attributes.map(({ value }) => value)).toEqual(['true'])
    await page.byId('ground-shape-label').selectOption({ label: 'road' })
    await page.save()
    expect((await shapes())[0]).toMatchObject({ uid: area!.uid, label_id: task.labels.get('road') })

    // Without the ground they snap to points of the cloud.
    await check('ground-snap', false)
    await take('ground-points')
    const top: Vector = [car.position[0], car.position[1], car.position[2] + 0.8]
    for (const spot of [...spots.slice(0, 2), top]) await clickAt(spot)
    await page.page.keyboard.press('n')
    await page.byId('ground-list').locator('[data-type="points"]').waitFor()
    await page.save()
    const keyPoints = vertices((await shapes()).find(({ type }) => type === 'points')!)
    expect(keyPoints).toHaveLength(3)
    for (const place of keyPoints) expect(toCloud(place)).toBeLessThan(0.001)
    await page.byId(`ground-lock-${area!.uid}`).click()
    await page.byId(`ground-delete-${area!.uid}`).click()
    await page.save()
    expect((await shapes()).map(({ type }) => type)).toEqual(['polygon', 'points'])
    await page.byId(`ground-lock-${area!.uid}`).click()
    await page.byId(`ground-delete-${area!.uid}`).click()
    await page.save()
    expect((await shapes()).map(({ type }) => type)).toEqual(['points'])
    // Annotations of the job know nothing of all this.
    expect(await page.annotations()).toMatchObject({ shapes: [], tracks: [], tags: [] })
    await close()
  }, 60_000)
})

// A browser tells of every answer 412, which is how a clash is noticed.
test('nothing complained', () => expect(world.complaints.filter((text) => !text.includes('412'))).toEqual([]))
