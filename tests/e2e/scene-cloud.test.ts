// The points of the 3D workspace: streamed in full, coloured, cut, measured, put together over frames; damaged files are named and
// the other frames still open.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { type Cuboid, writeCuboid } from '../../src/formats/geometry3d/cuboid'
import type { Vector } from '../../src/formats/geometry3d/rotation'
import { until } from './browser.ts'
import { openSceneWorld, type ScenePage, type SceneTask, type SceneWorld, sampleScene, toKitti } from './scene-page.ts'

setDefaultTimeout(60_000)

const ground = -1.8
const car: Cuboid = { position: [8, 3, -1], rotation: [0, 0, 0.4], scale: [4.4, 1.8, 1.6] }
/** Small heaps of points in the air, whose places are known to a millimetre. */
const [left, right]: [Vector, Vector] = [
  [5, 2, 0.5],
  [5, -3, 1.5],
]
const heaps = [left, right]
  .flatMap((at) => Array.from({ length: 40 }, (_, i) => [...at.map((value) => value + (i % 5) * 1e-4), 0.5]))
  .flat()
const together = (...parts: ArrayLike<number>[]): Float32Array => {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let to = 0
  for (const part of parts) {
    all.set(part, to)
    to += part.length
  }
  return all
}
const street = (groundPoints = 12_000) => together(sampleScene([car], { ground, groundPoints, pointsPerBox: 4000 }), heaps)

/** A LAS file (1.2, point format 2) of heaps: red, the second echo, class 6, intensity 300. */
const makeLas = (heapsAt: readonly Vector[]): Blob => {
  const places = heapsAt.flatMap((at) => Array.from({ length: 60 }, (_, i) => at.map((value) => value + (i % 6) * 0.001)))
  const [start, stride] = [227, 26]
  const bytes = new DataView(new ArrayBuffer(start + stride * places.length))
  new Uint8Array(bytes.buffer).set(new TextEncoder().encode('LASF'))
  bytes.setUint8(24, 1)
  bytes.setUint8(25, 2)
  bytes.setUint16(94, start, true)
  bytes.setUint32(96, start, true)
  bytes.setUint8(104, 2)
  bytes.setUint16(105, stride, true)
  bytes.setUint32(107, places.length, true)
  for (let axis = 0; axis < 3; axis++) {
    const values = places.map((place) => place[axis]!)
    bytes.setFloat64(131 + axis * 8, 0.001, true)
    bytes.setFloat64(179 + axis * 16, Math.max(...values), true)
    bytes.setFloat64(187 + axis * 16, Math.min(...values), true)
  }
  for (const [i, place] of places.entries()) {
    const at = start + i * stride
    for (const [axis, value] of place.entries()) bytes.setInt32(at + axis * 4, Math.round(value * 1000), true)
    bytes.setUint16(at + 12, 300, true)
    bytes.setUint8(at + 14, 0b11_010)
    bytes.setUint8(at + 15, 6)
    bytes.setUint16(at + 20, 0xff00, true)
  }
  return new Blob([bytes.buffer as ArrayBuffer])
}

let world: SceneWorld

const createTask = async (files: [string, Blob][]): Promise<SceneTask> => {
  const { client } = world
  const made = await client.send('POST', '/api/tasks', {
    name: 'clouds',
    labels: [
      { name: 'car', color: '#e5a03c', attributes: [] },
      { name: 'person', color: '#4cc38a', attributes: [] },
    ],
  })
  await uploadMedia(client, made.id, files)
  const { results } = await client.get(`/api/labels?task_id=${made.id}&page_size=100`)
  const job = (await client.get(`/api/jobs?task_id=${made.id}`)).results[0].id
  return { id: made.id, job, labels: new Map(results.map((label: { name: string; id: number }) => [label.name, label.id])) }
}

beforeAll(async () => {
  world = await openSceneWorld()
})
afterAll(async () => {
  await world?.close()
})

const figure = (page: ScenePage, name: string): Promise<string> =>
  page.byId('look-panel').evaluate((one, key) => (one as HTMLElement).dataset[key] ?? '', name)
const untilFull = async (page: ScenePage) => {
  await until(() => figure(page, 'progress'), '1')
  await until(() => figure(page, 'full'), 'true')
}
const openLook = async (page: ScenePage) => {
  await page.byId('side-part-look').click()
  await page.byId('look-panel').waitFor()
}

/** Colours (`#rrggbb`) of the pixels around a place of the perspective view, most frequent first; the backdrop does not count. */
const coloursAt = async (page: ScenePage, at: Vector, reach = 4): Promise<string[]> => {
  const { x, y } = await page.locateIn('perspective', at)
  return page.page.evaluate(
    ({ x, y, reach }) => {
      const canvas = document.querySelector('.sc-area canvas') as HTMLCanvasElement
      const box = canvas.getBoundingClientRect()
      const copy = document.createElement('canvas')
      copy.width = copy.height = 2 * reach + 1
      const context = copy.getContext('2d')!
      const across = canvas.width / box.width
      context.drawImage(canvas, -Math.round((x - box.left) * across) + reach, -Math.round((y - box.top) * across) + reach)
      const { data } = context.getImageData(0, 0, copy.width, copy.height)
      const counts = new Map<string, number>()
      for (let i = 0; i < data.length; i += 4) {
        const colour = `#${[0, 1, 2].map((part) => data[i + part]!.toString(16).padStart(2, '0')).join('')}`
        if (data[i + 3] !== 0 && colour !== '#0d1117') counts.set(colour, (counts.get(colour) ?? 0) + 1)
      }
      return [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour)
    },
    { x, y, reach },
  )
}
/** Middle of the car's roof. */
const roof: Vector = [8, 3, -0.2]
/** Ground that nothing hides. */
const lawn: Vector = [2, -2, ground]

describe('points', () => {
  test('a frame is drawn in full once its tiles are there; what is left out of the file is counted', async () => {
    const points = street(150_000)
    points[4 * 100] = Number.NaN
    points[4 * 200 + 1] = Number.POSITIVE_INFINITY
    const page = await world.open(await createTask([['a.bin', toKitti(points)]]))
    await untilFull(page)
    expect(Number(await figure(page, 'points'))).toBe(points.length / 4 - 2)
    expect(await figure(page, 'dropped')).toBe('2')
    const drawn = Number(await figure(page, 'drawn'))
    expect(drawn).toBeGreaterThan(30_000)
    expect(drawn).toBeLessThanOrEqual(points.length / 4)
    await openLook(page)
    await page.byId('look-dropped').getByText('2 points of the file have no finite place').waitFor()
    await page.page.close()
  })

  test('colours: alike, by label, from the dark to the light end of heights', async () => {
    const task = await createTask([['a.bin', toKitti(street())]])
    const shape = {
      type: 'cuboid',
      frame: 0,
      label_id: task.labels.get('car'),
      points: writeCuboid({ ...car, scale: [4.6, 2, 1.8] }),
    }
    await world.client.send('PUT', `/api/jobs/${task.job}/annotations/`, { shapes: [shape], tracks: [], tags: [] })
    const page = await world.open(task)
    await untilFull(page)
    await openLook(page)
    await page.byId('look-grid').uncheck()
    await page.byId('look-colour').selectOption('plain')
    await until(async () => (await coloursAt(page, roof))[0], '#d1dbe8')
    await until(async () => (await coloursAt(page, lawn))[0], '#d1dbe8')
    await page.byId('look-colour').selectOption('label')
    await until(async () => (await coloursAt(page, roof))[0], '#e5a03c')
    expect((await coloursAt(page, lawn))[0]).toBe('#d1dbe8')
    await page.byId('look-colour').selectOption('height')
    await page.byId('look-ramp').selectOption('grey')
    const shade = async (at: Vector) => Number.parseInt((await coloursAt(page, at))[0]?.slice(1, 3) ?? '0', 16)
    await until(async () => (await shade(roof)) > (await shade(lawn)) + 40, true)
    // With the range moved up everything is at its dark end.
    await page.byId('look-range-high').fill('100')
    await page.byId('look-range-high').press('Enter')
    await page.byId('look-range-low').fill('50')
    await page.byId('look-range-low').press('Enter')
    await until(async () => (await coloursAt(page, roof))[0], '#4a4f57')
    // Kept for the person: another page has it too.
    await until(async () => (await world.client.get('/api/users/self/settings')).editor?.settings?.sceneRange, '50 100')
    const again = await world.open(task)
    await untilFull(again)
    await until(async () => (await coloursAt(again, roof))[0], '#4a4f57')
    await openLook(again)
    await again.byId('look-range-auto').click()
    await until(async () => (await shade(roof)) > 0, true)
    await page.page.close()
    await again.page.close()
  })

  test('what the file has of each point: its colour, class, echo; other colours are not offered', async () => {
    const corners: Vector[] = [
      [-6, -6, 0],
      [6, -6, 0],
      [6, 6, 1],
      [-6, 6, 2],
    ]
    const page = await world.open(await createTask([['a.las', makeLas(corners)]]))
    await untilFull(page)
    await openLook(page)
    await page.byId('look-grid').uncheck()
    for (const [mode, colour] of [
      ['stored', '#ff0000'],
      ['classification', '#3fc6c6'],
      ['return', '#e8b04a'],
      ['plain', '#d1dbe8'],
    ] as const) {
      await page.byId('look-colour').selectOption(mode)
      await until(async () => (await coloursAt(page, corners[0]!))[0], colour)
    }
    const bare = await world.open(await createTask([['a.bin', toKitti(street())]]))
    await untilFull(bare)
    await openLook(bare)
    const offered = () =>
      bare
        .byId('look-colour')
        .locator('option:not([disabled])')
        .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))
    await until(offered, ['height', 'intensity', 'distance', 'plain', 'label'])
    await page.page.close()
    await bare.page.close()
  })

  test('the ground goes, a box cuts, eye-dome lighting draws the same points', async () => {
    const page = await world.open(await createTask([['a.bin', toKitti(street())]]))
    await untilFull(page)
    await openLook(page)
    await page.byId('look-grid').uncheck()
    const isDrawn = async (at: Vector) => (await coloursAt(page, at)).length > 0
    await until(() => isDrawn(lawn), true)
    await page.byId('look-ground').check()
    await until(() => isDrawn(lawn), false)
    expect(await isDrawn(roof)).toBe(true)
    await page.byId('look-eye-dome').selectOption('on')
    await page.byId('look-ground').uncheck()
    await until(() => isDrawn(lawn), true)
    expect(await isDrawn(roof)).toBe(true)
    expect(await isDrawn([0, 0, 30])).toBe(false)
    await page.byId('look-clip').selectOption('typed')
    for (const [name, value] of Object.entries({ x: 8, y: 3, z: 0, length: 6, width: 6, height: 6, heading: 20 })) {
      await page.byId(`look-clip-${name}`).fill(String(value))
      await page.byId(`look-clip-${name}`).press('Enter')
    }
    await until(() => isDrawn(lawn), false)
    expect(await isDrawn(roof)).toBe(true)
    await page.byId('look-eye-dome').selectOption('auto')
    await page.byId('look-clip').selectOption('off')
    await until(() => isDrawn(lawn), true)
    await page.page.close()
  })

  test('keys reach every aid', async () => {
    const page = await world.open(await createTask([['a.bin', toKitti(street())]]))
    await untilFull(page)
    await openLook(page)
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.page.keyboard.press(key)
    }
    const value = (id: string) => page.byId(id).inputValue()
    await page.byId('canvas').focus()
    await press('w', 'i')
    await until(() => value('look-colour'), 'intensity')
    await press('w', 'h')
    await until(() => value('look-colour'), 'height')
    const grid = page.byId('look-grid')
    const before = await grid.isChecked()
    await press('w', 'n')
    await until(() => grid.isChecked(), !before)
    await press('w', 'n')
    await press('w', 'g')
    await until(() => page.byId('look-ground').isChecked(), true)
    await press('w', 'g')
    await press('w', 'a')
    await page.page.getByText('Without poses of the scanner').first().waitFor()
    await press('w', 'm')
    await page.until('tool', 'measure')
    await press('Escape')
    await page.until('tool', 'cursor')
    await page.page.close()
  })
})

describe('measuring', () => {
  test('between two points, to a centimetre, with heights above the ground', async () => {
    const page = await world.open(await createTask([['a.bin', toKitti(street())]]))
    await untilFull(page)
    await openLook(page)
    await page.byId('look-measure-start').click()
    await page.until('tool', 'measure')
    await page.clickIn('perspective', left)
    await page.byId('look-measure-heights').getByText('2.30 m').waitFor()
    await page.clickIn('perspective', right)
    const text = (name: string) => page.byId(`look-measure-${name}`).textContent()
    await until(() => text('distance'), '5.10 m')
    expect([await text('x'), await text('y'), await text('z')]).toEqual(['Δx 0.00 m', 'Δy -5.00 m', 'Δz 1.00 m'])
    expect(await text('heights')).toBe('above the ground: 2.30 m → 3.30 m')
    await page.byId('look-measure-close').click()
    await page.byId('look-measure').waitFor({ state: 'hidden' })
    await page.until('tool', 'cursor')
    await page.page.close()
  })
})

describe('several frames', () => {
  test('those of before and after are put in their places by the poses of the scanner', async () => {
    // The scanner drives 4 m along x from frame to frame; only frame 1 has seen the heap on the left.
    const bare = sampleScene([], { ground })
    const files: [string, Blob][] = [
      ['0.bin', toKitti(bare)],
      ['1.bin', toKitti(together(bare, heaps))],
    ]
    const task = await createTask(files)
    const pose = (x: number) => ({ translation: [x, 0, 0], rotation: [1, 0, 0, 0] })
    await world.client.send('PUT', `/api/tasks/${task.id}/calibration`, { ego_pose: [pose(0), pose(4)] })
    const page = await world.open(task)
    await untilFull(page)
    await openLook(page)
    await page.byId('look-grid').uncheck()
    const place: Vector = [left[0] + 4, left[1], left[2]]
    // The ground lies behind the heap, so that its colour tells: heights of the heap are at the light end.
    const lightest = async () =>
      Math.max(0, ...(await coloursAt(page, place, 2)).map((colour) => Number.parseInt(colour.slice(1, 3), 16)))
    await page.byId('look-colour').selectOption('height')
    await page.byId('look-ramp').selectOption('grey')
    for (const [end, value] of [
      ['low', '-2'],
      ['high', '0.5'],
    ] as const) {
      await page.byId(`look-range-${end}`).fill(value)
      await page.byId(`look-range-${end}`).press('Enter')
    }
    await until(async () => (await lightest()) < 160, true)
    await page.byId('look-frames').fill('1')
    await until(async () => (await lightest()) > 200, true)
    await page.byId('look-frames').fill('0')
    await until(async () => (await lightest()) < 160, true)
    await page.page.close()
  })
})

describe('damaged files', () => {
  test('the sentence names the file, and the next frame opens', async () => {
    const text = (points: number, lines: number) =>
      new Blob([
        `VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH ${points}\nHEIGHT 1\nPOINTS ${points}\nDATA ascii\n`,
        Array.from({ length: lines }, (_, i) => `${i % 20} ${i / 30} ${(i % 7) / 10}`).join('\n'),
      ])
    const task = await createTask([
      ['a.pcd', text(600, 600)],
      ['b.pcd', text(600, 200)],
      ['c.pcd', text(600, 600)],
    ])
    const page = await world.open(task)
    await untilFull(page)
    await page.page.keyboard.press('f')
    await page.until('frame', 1)
    await page.page
      .getByText(/b\.pcd: the file is cut off: 400 of 600 points are missing/)
      .first()
      .waitFor()
    await page.page.keyboard.press('f')
    await page.until('frame', 2)
    await untilFull(page)
    await until(() => figure(page, 'points'), '600')
    await until(() => page.page.locator('text=/the file is cut off/ >> visible=true').count(), 0)
    await page.page.close()
  })
})

/** Serious findings of axe-core in a theme, once its colours have come. */
const findBarriers = async ({ page }: ScenePage, colorScheme: 'light' | 'dark'): Promise<unknown> => {
  await page.emulateMedia({ colorScheme })
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  await page.waitForFunction(() => document.getAnimations().length === 0)
  const session = await page.context().newCDPSession(page)
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

test('axe-core finds nothing serious in the tab, in both themes; narrow screens do not scroll sideways', async () => {
  const page = await world.open(await createTask([['a.bin', toKitti(street())]]))
  await untilFull(page)
  await openLook(page)
  await page.byId('look-clip').selectOption('typed')
  await page.byId('look-clip-x').waitFor()
  await page.byId('look-ground').check()
  await page.byId('look-ground-height').waitFor()
  for (const scheme of ['light', 'dark'] as const) expect(await findBarriers(page, scheme)).toEqual([])
  await page.page.setViewportSize({ width: 390, height: 780 })
  await until(() => page.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false)
  // Kept for the person, so taken back for the other tests.
  await page.page.setViewportSize({ width: 1280, height: 800 })
  await page.byId('look-clip').selectOption('off')
  await page.byId('look-ground').uncheck()
  await page.page.close()
})

test('the pages complained of nothing but the damaged file', () => {
  expect(world.complaints.filter((text) => !/400 \(Bad Request\)/.test(text))).toEqual([])
})
