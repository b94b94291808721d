// Camera fusion on a synthetic scene: pictures painted by known cameras, whose lenses bend, show where cuboids must be drawn; dragging in
// them changes cuboids as the test's own arithmetic says; points get the colours of the pictures.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { unzipSync, zipSync } from 'fflate'
import sharp from 'sharp'
import { uploadMedia } from '../../scripts/client'
import { type Cuboid, writeCuboid } from '../../src/formats/geometry3d/cuboid'
import { createRotation, turnVector, type Vector } from '../../src/formats/geometry3d/rotation'
import { until } from './browser'
import { openSceneWorld, type ScenePage, type SceneTask, type SceneWorld, sampleScene } from './scene-page'

setDefaultTimeout(120_000)

const ground = -1.8
const red: Cuboid = { position: [9, 1.5, ground + 0.8], rotation: [0, 0, 0.4], scale: [4, 1.8, 1.6] }
const blue: Cuboid = { position: [7, -2.5, ground + 0.9], rotation: [0, 0, -0.3], scale: [0.8, 0.8, 1.8] }
const boxes = [red, blue]
const paints = [
  [230, 30, 30],
  [40, 60, 240],
] as const

/** Cameras in numbers of their own: yaw of what they look at, place, lens. The formulas below are those of the lenses' papers. */
type Eye = {
  channel: string
  model: 'pinhole' | 'fisheye'
  yaw: number
  at: Vector
  f: number
  k: number[]
  width: number
  height: number
}
const eyes: Eye[] = [
  { channel: 'CAM_FRONT', model: 'pinhole', yaw: 0, at: [0.5, 0.1, 0.2], f: 330, k: [-0.18, 0.03, 0.001, -0.002], width: 640, height: 400 },
  { channel: 'CAM_WIDE', model: 'fisheye', yaw: 0.35, at: [0.2, 0.4, 0.3], f: 240, k: [0.03, -0.004, 0.001, 0], width: 600, height: 420 },
] // biome-ignore format: a table
type Pixel = { u: number; v: number }

/** Right, down and ahead of the camera. */
const toEye = ({ yaw, at }: Eye, [x, y, z]: Vector): Vector => {
  const [dx, dy, dz] = [x - at[0], y - at[1], z - at[2]]
  const ahead = dx * Math.cos(yaw) + dy * Math.sin(yaw)
  const left = -dx * Math.sin(yaw) + dy * Math.cos(yaw)
  return [-left, -dz, ahead]
}
const see = (eye: Eye, place: Vector): Pixel => {
  const [x, y, z] = toEye(eye, place)
  const [k1, k2, p1, p2] = eye.k as [number, number, number, number]
  let [a, b] = [x / z, y / z]
  if (eye.model === 'fisheye') {
    const off = Math.hypot(x, y)
    const t = Math.atan2(off, z)
    const bent = t * (1 + eye.k[0]! * t ** 2 + eye.k[1]! * t ** 4 + eye.k[2]! * t ** 6 + eye.k[3]! * t ** 8)
    ;[a, b] = off === 0 ? [0, 0] : [(x / off) * bent, (y / off) * bent]
  } else {
    const r = a * a + b * b
    const radial = 1 + k1 * r + k2 * r * r
    ;[a, b] = [a * radial + 2 * p1 * a * b + p2 * (r + 2 * a * a), b * radial + p1 * (r + 2 * b * b) + 2 * p2 * a * b]
  }
  return { u: eye.f * a + eye.width / 2, v: eye.f * b + eye.height / 2 }
}

/** The place at a height that a pixel shows, by Newton's steps from a place near it. */
const findOnLevel = (eye: Eye, { u, v }: Pixel, height: number, near: Vector): Vector => {
  let [x, y] = near
  const h = 1e-5
  for (let i = 0; i < 40; i++) {
    const at = see(eye, [x, y, height])
    const [byX, byY] = [see(eye, [x + h, y, height]), see(eye, [x, y + h, height])]
    const [a, b, c, d] = [(byX.u - at.u) / h, (byY.u - at.u) / h, (byX.v - at.v) / h, (byY.v - at.v) / h]
    const bottom = a * d - b * c
    const [du, dv] = [u - at.u, v - at.v]
    x += (d * du - b * dv) / bottom
    y += (a * dv - c * du) / bottom
  }
  const found = see(eye, [x, y, height])
  expect(Math.hypot(found.u - u, found.v - v)).toBeLessThan(1e-6)
  return [x, y, height]
}

const ownPlace = ({ position, rotation, scale }: Cuboid, [x, y, z]: readonly [number, number, number]): Vector => {
  const turned = turnVector(createRotation(rotation), [(x * scale[0]) / 2, (y * scale[1]) / 2, (z * scale[2]) / 2])
  return position.map((value, axis) => value + turned[axis]!) as unknown as Vector
}
const corners = [-1, 1].flatMap((x) => [-1, 1].flatMap((y) => [-1, 1].map((z) => [x, y, z] as const)))
const edges = corners.flatMap((a) =>
  corners.flatMap((b) => (a.filter((value, i) => value !== b[i]).length === 1 && a.join() < b.join() ? [[a, b] as const] : [])),
)
/** The edges of a cuboid in a picture, a point every few centimetres. */
const sampleEdges = (eye: Eye, cuboid: Cuboid): Pixel[] =>
  edges.flatMap(([a, b]) =>
    Array.from({ length: 161 }, (_, i) =>
      see(
        eye,
        ownPlace(cuboid, a.map((value, axis) => value + ((b[axis]! - value) * i) / 160) as unknown as [number, number, number]),
      ),
    ),
  )

/** A picture: every pixel takes the colour of the box whose surface is drawn there, far ones first. */
const paintPicture = async (eye: Eye): Promise<Uint8Array> => {
  const { width, height } = eye
  const data = Buffer.alloc(width * height * 3, 110)
  const byDistance = boxes
    .map((box, i) => ({ box, i }))
    .sort((a, b) => toEye(eye, b.box.position)[2] - toEye(eye, a.box.position)[2])
  for (const { box, i } of byDistance)
    for (const axis of [0, 1, 2] as const)
      for (const side of [-1, 1])
        for (let a = 0; a <= 420; a++)
          for (let b = 0; b <= 420; b++) {
            const own: [number, number, number] = [0, 0, 0]
            own[axis] = side
            own[(axis + 1) % 3] = a / 210 - 1
            own[(axis + 2) % 3] = b / 210 - 1
            const { u, v } = see(eye, ownPlace(box, own))
            if (u >= 0 && v >= 0 && u < width && v < height) data.set(paints[i]!, (Math.floor(v) * width + Math.floor(u)) * 3)
          }
  return new Uint8Array(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  )
}

/** The vehicle's axes are those of the cloud; a camera's quaternion turns right, down, ahead into them. */
const describeEye = ({ channel, model, yaw, at, f, k, width, height }: Eye) => {
  const half = yaw / 2
  const [w, x, y, z] = [0.5, -0.5, 0.5, -0.5]
  const [c, s] = [Math.cos(half), Math.sin(half)]
  return {
    ...{ channel, model, translation: at, width, height, camera_distortion: k },
    rotation: [c * w - s * z, c * x - s * y, c * y + s * x, c * z + s * w],
    camera_intrinsic: [
      [f, 0, width / 2],
      [0, f, height / 2],
      [0, 0, 1],
    ],
  }
}

const kittiOf = (own: readonly Cuboid[]) => new Uint8Array(sampleScene(own, { ground, reach: 18 }).buffer)
const text = (value: string) => new TextEncoder().encode(value)

let world: SceneWorld
let pictures: Uint8Array[]

const createTask = async (calibration: string | null, more: Record<string, Uint8Array> = {}): Promise<SceneTask> => {
  const { client } = world
  const made = await client.send('POST', '/api/tasks', { name: 'fusion', labels: [{ name: 'car', color: '#e5a03c' }, { name: 'person', color: '#4cc38a' }] }) // biome-ignore format: one call
  const files: Record<string, Uint8Array> = { 'pointcloud/0000.bin': kittiOf(boxes), ...more }
  for (const [i, { channel }] of eyes.entries()) files[`related_images/0000_bin/${channel}.png`] = pictures[i]!
  if (calibration !== null) files['calibration.json'] = text(calibration)
  await uploadMedia(client, made.id, [['scene.zip', new Blob([zipSync(files, { level: 0 }) as BlobPart])]])
  const { results } = await client.get(`/api/labels?task_id=${made.id}`)
  const labels = new Map<string, number>(results.map((label: { name: string; id: number }) => [label.name, label.id]))
  const job = (await client.get(`/api/jobs?task_id=${made.id}`)).results[0].id
  const shapes = boxes.map((box, i) => ({
    ...{ type: 'cuboid', frame: 0, label_id: labels.get(i === 0 ? 'car' : 'person')!, points: writeCuboid(box) },
    ...{ group: 0, source: 'manual', occluded: false, z_order: 0, attributes: [] },
  }))
  await client.send('PATCH', `/api/jobs/${job}/annotations?action=create`, { version: 0, tags: [], tracks: [], shapes })
  return { id: made.id, job, labels }
}
const calibration = JSON.stringify({
  calibrated_sensor: eyes.map(describeEye),
  ego_pose: [{ frame: 0, translation: [100, 200, 5], rotation: [1, 0, 0, 0] }],
})

beforeAll(async () => {
  pictures = await Promise.all(eyes.map(paintPicture))
  world = await openSceneWorld()
})
afterAll(async () => {
  // The refused form is answered with the page that says why.
  expect((world?.complaints ?? []).filter((one) => !/status of 400/.test(one))).toEqual([])
  await world?.close()
})

/** A picture on the page: where its pixels are, and what is drawn on it. */
const openPicture = async (page: ScenePage['page'], { channel }: Eye) => {
  const tile = page.locator(`[data-camera="${channel}"]`)
  await tile.waitFor()
  const read = (name: string) => tile.evaluate((element, key) => (element as HTMLElement).dataset[key] ?? '', name)
  const untilRead = async (name: string, isWanted: (value: string) => boolean): Promise<string> => {
    let value = ''
    await until(async () => isWanted((value = await read(name))), true)
    return value
  }
  await untilRead('fit', (value) => value !== '')
  const locate = async ({ u, v }: Pixel) => {
    const [left, top, scale] = (await read('fit')).split(',').map(Number) as [number, number, number]
    const box = await tile.evaluate((element) => {
      const { left, top } = element.getBoundingClientRect()
      return { left, top }
    })
    return { x: box.left + left + u * scale, y: box.top + top + v * scale, scale }
  }
  return {
    tile,
    read,
    untilRead,
    locate,
    /** Drags from a whole page pixel near a place by whole pixels; answers the way in the picture's pixels. */
    drag: async (from: Pixel, by: { x: number; y: number }, drop = true): Promise<Pixel> => {
      const start = await locate(from)
      const [x, y] = [Math.round(start.x), Math.round(start.y)]
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(x + Math.round(by.x / 2), y + Math.round(by.y / 2))
      await page.mouse.move(x + by.x, y + by.y)
      if (drop) await page.mouse.up()
      return { u: by.x / start.scale, v: by.y / start.scale }
    },
    /** The pixel of a handle, once it is drawn where it belongs. */
    handle: async (id: string, truth: Pixel): Promise<Pixel> => {
      let found = { u: Number.NaN, v: Number.NaN }
      await until(async () => {
        const [, u, v] = ((await read('handles')).split(' ').find((one) => one.startsWith(`${id}:`)) ?? '').split(':')
        found = { u: Number(u), v: Number(v) }
        return Math.hypot(found.u - truth.u, found.v - truth.v) < 1
      }, true)
      return found
    },
  }
}

const add = (a: Pixel, b: Pixel): Pixel => ({ u: a.u + b.u, v: a.v + b.v })
const near = (a: readonly number[], b: readonly number[], most = 0.01) => {
  for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThan(most)
}
const bottomOf = (cuboid: Cuboid): Vector => ownPlace(cuboid, [0, 0, -1])

/** Chooses an object by a click on it in a picture. */
const choose = async (page: ScenePage, eye: Eye, cuboid: Cuboid) => {
  const picture = await openPicture(page.page, eye)
  await picture.untilRead('cuboids', (value) => value.length > 2)
  const { x, y } = await picture.locate(see(eye, cuboid.position))
  await page.page.mouse.move(x, y)
  await picture.untilRead('over', (value) => value !== '')
  await page.page.mouse.click(x, y)
  await picture.untilRead('handles', (value) => value !== '')
  return picture
}

describe('cuboids in pictures', () => {
  test('drawn where the pictures show them, by both lenses', async () => {
    const page = await world.open(await createTask(calibration))
    for (const eye of eyes) {
      const picture = await openPicture(page.page, eye)
      const drawn = JSON.parse(await picture.untilRead('cuboids', (value) => value.length > 2)) as Record<string, number[][]>
      const ids = (await page.objects()).map(({ clientId }) => clientId)
      expect(Object.keys(drawn).toSorted()).toEqual(ids.toSorted())
      for (const [i, id] of ids.entries()) {
        const truth = sampleEdges(eye, boxes[i]!)
        const points = drawn[id]!.flatMap((line) => line.flatMap((u, at) => (at % 2 === 0 ? [{ u, v: line[at + 1]! }] : [])))
        const gap = (one: Pixel, others: Pixel[]) => Math.min(...others.map(({ u, v }) => Math.hypot(u - one.u, v - one.v)))
        for (const point of points) expect(gap(point, truth)).toBeLessThan(1)
        // Every corner is reached.
        for (const corner of corners) expect(gap(see(eye, ownPlace(boxes[i]!, corner)), points)).toBeLessThan(0.5)
      }
      // They stay on the picture when it is zoomed.
      const before = await picture.read('fit')
      const { x, y } = await picture.locate(see(eye, red.position))
      await page.page.mouse.move(x, y)
      await page.page.mouse.wheel(0, -400)
      await picture.untilRead('fit', (value) => value !== before)
      const after = await picture.locate(see(eye, red.position))
      expect(Math.hypot(after.x - x, after.y - y)).toBeLessThan(2)
      expect(Number((await picture.read('fit')).split(',')[2])).toBeGreaterThan(Number(before.split(',')[2]) * 1.5)
      expect(await picture.read('cuboids')).toBe(JSON.stringify(drawn))
    }
    await page.page.context().close()
  })

  test('a click chooses; dragging the body moves it on its level, as one step', async () => {
    const page = await world.open(await createTask(calibration))
    const [eye] = eyes as [Eye]
    const picture = await choose(page, eye, blue)
    await page.until('active', (await page.objects())[1]!.clientId)
    const way = await picture.drag(see(eye, blue.position), { x: 17, y: 4 })
    await page.until('unsaved', 1)
    const to = findOnLevel(eye, add(see(eye, bottomOf(blue)), way), ground, bottomOf(blue))
    await page.save()
    const [, moved] = await page.stored()
    near(moved!.position, [to[0], to[1], blue.position[2]])
    near([...moved!.scale, ...moved!.rotation], [...blue.scale, ...blue.rotation], 1e-6)
    expect(Math.hypot(to[0] - 7, to[1] + 2.5)).toBeGreaterThan(0.2)
    await page.page.keyboard.press('Control+z')
    await page.until('unsaved', 1)
    await page.save()
    expect((await page.stored())[1]).toEqual(blue)
    await page.page.context().close()
  })

  test('handles reshape and turn it; Esc puts it back', async () => {
    const page = await world.open(await createTask(calibration), { width: 1800, height: 1000 })
    for (const eye of eyes) {
      const [before] = (await page.stored()) as [Cuboid]
      const picture = await choose(page, eye, before)
      // A corner follows, the opposite one stays.
      const corner = await picture.handle('-+', see(eye, ownPlace(before, [-1, 1, -1])))
      const way = await picture.drag(corner, { x: -9, y: 3 })
      await page.until('unsaved', 1)
      const to = findOnLevel(eye, add(see(eye, ownPlace(before, [-1, 1, -1])), way), ground, ownPlace(before, [-1, 1, -1]))
      await page.save()
      const [pulled] = (await page.stored()) as [Cuboid]
      near(ownPlace(pulled, [-1, 1, -1]), to)
      near(ownPlace(pulled, [1, -1, -1]), ownPlace(before, [1, -1, -1]))
      near([pulled.scale[2], ...pulled.rotation], [before.scale[2], ...before.rotation], 1e-6)

      const reach = Math.min(Math.max(pulled.scale[0] / 3, 0.4), 1.5)
      const tip = ownPlace(pulled, [1 + (2 * reach) / pulled.scale[0], 0, -1])
      const heading = await picture.handle('heading', see(eye, tip))
      const turn = await picture.drag(heading, { x: 11, y: 2 })
      await page.until('unsaved', 1)
      const aim = findOnLevel(eye, add(see(eye, tip), turn), ground, tip)
      await page.save()
      const [turned] = (await page.stored()) as [Cuboid]
      const angle = Math.atan2(aim[1] - pulled.position[1], aim[0] - pulled.position[0])
      near([turned.rotation[2], ...turned.position, ...turned.scale], [angle, ...pulled.position, ...pulled.scale])
      expect(Math.abs(angle - pulled.rotation[2])).toBeGreaterThan(0.02)
    }
    const [eye] = eyes as [Eye]
    const picture = await openPicture(page.page, eye)
    await picture.untilRead('handles', (value) => value !== '')
    const [last] = (await page.stored()) as [Cuboid]
    await picture.drag(see(eye, ownPlace(last, [-1, 0.85, 0.8])), { x: 30, y: 0 }, false)
    await page.until('mode', 'drag')
    await page.page.keyboard.press('Escape')
    await page.until('mode', 'idle')
    await page.page.mouse.up()
    await page.until('unsaved', 0)
    expect((await page.stored())[0]).toEqual(last)
    await page.page.context().close()
  })
})

/** How many pixels of a part of the page are nearly of a colour. */
const countPixels = async (page: ScenePage, [r, g, b]: readonly [number, number, number]): Promise<number> => {
  const box = (await page.view('perspective').boundingBox())!
  const { data, info } = await sharp(await page.page.screenshot({ clip: box }))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  let count = 0
  for (let i = 0; i < data.length; i += info.channels)
    if (Math.abs(data[i]! - r) < 26 && Math.abs(data[i + 1]! - g) < 26 && Math.abs(data[i + 2]! - b) < 26) count++
  return count
}

describe('points and pictures', () => {
  test('points get the colours of the pictures, and lose them again', async () => {
    const page = await world.open(await createTask(calibration), { width: 1500, height: 900 })
    await page.page.getByTestId('side-part-fusion').click()
    const before = await Promise.all(paints.map((paint) => countPixels(page, paint)))
    await page.byId('fusion-colour').check()
    const said = page.byId('fusion-state')
    await until(async () => /^\d/.test((await said.textContent()) ?? ''), true)
    const count = Number(/^\d+/.exec((await said.textContent())!.replace(/[.,\u202f\s](?=\d)/g, ''))![0])
    expect(count).toBeGreaterThan(1000)
    for (const [i, paint] of paints.entries()) await until(async () => (await countPixels(page, paint)) > before[i]! + 25, true)
    await page.byId('fusion-colour').uncheck()
    for (const [i, paint] of paints.entries()) await until(async () => (await countPixels(page, paint)) < before[i]! + 25, true)
    await page.page.context().close()
  })

  test('another frame has pictures and colours of its own', async () => {
    const more: Record<string, Uint8Array> = { 'pointcloud/0001.bin': kittiOf([]) }
    more[`related_images/0001_bin/${eyes[1]!.channel}.png`] = pictures[1]!
    const page = await world.open(await createTask(calibration, more), { width: 1500, height: 900 })
    await page.byId('side-part-fusion').click()
    await page.byId('fusion-colour').check()
    const said = page.byId('fusion-state')
    await until(async () => /^\d/.test((await said.textContent()) ?? ''), true)
    const before = await said.textContent()
    await page.byId('player-next').click()
    await page.until('frame', 1)
    await until(() => page.page.locator('[data-camera]').count(), 1)
    const picture = await openPicture(page.page, eyes[1]!)
    // Nothing is annotated there.
    await picture.untilRead('cuboids', (value) => value === '{}')
    await until(async () => /^\d/.test((await said.textContent()) ?? '') && (await said.textContent()) !== before, true)
    await page.byId('player-prev').click()
    await until(() => page.page.locator('[data-camera]').count(), 2)
    await until(() => said.textContent(), before)
    await page.page.context().close()
  })

  test('the pointer over a point makes a cross in every picture that shows it', async () => {
    const page = await world.open(await createTask(calibration))
    await page.settle()
    const place = ownPlace(red, [-1, 0, 0.2])
    const all = await Promise.all(eyes.map((eye) => openPicture(page.page, eye)))
    const at = await page.locateIn('perspective', place)
    await page.page.mouse.move(at.x - 2, at.y)
    await page.page.mouse.move(at.x, at.y)
    for (const [i, eye] of eyes.entries()) {
      const [u, v] = (await all[i]!.untilRead('mark', (value) => value !== '')).split(',').map(Number) as [number, number]
      // Some point of the box is meant: the mark lies in the box's picture.
      const seen = sampleEdges(eye, red)
      expect(u).toBeGreaterThan(Math.min(...seen.map((one) => one.u)) - 3)
      expect(u).toBeLessThan(Math.max(...seen.map((one) => one.u)) + 3)
      expect(v).toBeGreaterThan(Math.min(...seen.map((one) => one.v)) - 3)
      expect(v).toBeLessThan(Math.max(...seen.map((one) => one.v)) + 3)
    }
    // And from a picture into the other one.
    const { x, y } = await all[0]!.locate(see(eyes[0]!, red.position))
    await page.page.mouse.move(x, y)
    await all[0]!.untilRead('mark', (value) => value === '')
    await all[1]!.untilRead('mark', (value) => value !== '')
    await page.page.context().close()
  })

  test('pictures without calibration say so; what is wrong is named, and the task opens', async () => {
    const one = JSON.stringify({
      calibrated_sensor: [describeEye(eyes[0]!), { ...describeEye(eyes[1]!), width: 100, height: 100 }],
    })
    const page = await world.open(await createTask(one, { 'calib/broken.json': text('{') }))
    await openPicture(page.page, eyes[0]!)
    await page.byId('fusion-none').waitFor()
    await page.page.getByTestId('side-part-fusion').click()
    const problems = page.byId('fusion-problems')
    await until(async () => {
      const words = (await problems.textContent()) ?? ''
      return ['calib/broken.json: is no JSON', 'has 600 × 420 pixels, its camera CAM_WIDE 100 × 100'].every((part) =>
        words.includes(part),
      )
    }, true)
    await page.untilCount(2)
    await page.page.context().close()
  })
})

test('the page of a task takes calibration, tells what is wrong, and takes it away again', async () => {
  const task = await createTask(null)
  const page = await world.open(task)
  const { page: tab } = page
  expect((await world.client.get(`/api/jobs/${task.job}/calibration`)).files).toEqual([])
  await tab.goto(`${world.server.url}/tasks/${task.id}`)
  const give = async (name: string, content: string) => {
    await page.byId('calibration-files').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) })
    await page.byId('calibration-submit').click()
  }
  await give('broken.json', '{')
  await page.byId('bare-error').waitFor()
  expect(await page.byId('bare-error').textContent()).toContain('broken.json: is no JSON')
  await give('cameras.json', calibration)
  await page.byId('calibration-facts').waitFor()
  await tab.waitForURL((url) => url.pathname === `/tasks/${task.id}`)
  expect(await page.byId('calibration-facts').textContent()).toBe('Cameras: 2, frames with a pose: 1')
  await page.byId('calibration-remove').click()
  await page.byId('calibration-facts').waitFor({ state: 'detached' })
  await until(async () => (await world.client.get(`/api/jobs/${task.job}/calibration`)).files, [])
  await tab.context().close()
})

test('exports hold what each camera sees', async () => {
  const task = await createTask(calibration)
  const { client } = world
  const open = async (format: string) => {
    const query = `format=${encodeURIComponent(format)}&save_images=false`
    const { rq_id } = await client.send('POST', `/api/tasks/${task.id}/dataset/export?${query}`, {})
    const { result_url } = await client.finish(rq_id)
    const { pathname, search } = new URL(result_url)
    const answer = await client.raw(`${pathname}${search}`)
    expect(answer.status).toBe(200)
    const files = unzipSync(await answer.bytes())
    return (name: string) => new TextDecoder().decode(files[name]!)
  }
  const boundsOf = (eye: Eye, cuboid: Cuboid) => {
    const pixels = sampleEdges(eye, cuboid)
    const [us, vs] = [pixels.map(({ u }) => u), pixels.map(({ v }) => v)]
    return [Math.min(...us), Math.min(...vs), Math.max(...us), Math.max(...vs)]
  }
  const labels = (await open('KITTI Object 1.0'))('training/label_2/0000.txt').trim().split('\n')
  expect(labels.map((line) => line.split(' ')[0])).toEqual(['car', 'person'])
  for (const [i, line] of labels.entries()) near(line.split(' ').slice(4, 8).map(Number), boundsOf(eyes[0]!, boxes[i]!), 0.05)
  const read = await open('nuScenes with 2D boxes 1.0')
  const rows = JSON.parse(read('v1.0-annolith/image_annotations.json')) as {
    bbox_corners: number[]
    filename: string
    category_name: string
  }[]
  expect(rows).toHaveLength(4)
  for (const { bbox_corners, filename, category_name } of rows) {
    const eye = eyes.find(({ channel }) => filename.includes(channel))!
    near(bbox_corners, boundsOf(eye, category_name === 'car' ? red : blue), 0.05)
  }
  const [place] = JSON.parse(read('v1.0-annolith/sample_annotation.json')) as { translation: number[] }[]
  near(place!.translation, [109, 201.5, ground + 0.8 + 5], 1e-6)
})
