// Opens a 3D job on a synthetic scene whose truth is known, and drives its views as a person would by hand.
import { zipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { type Client, signIn, uploadMedia } from '../../scripts/client.ts'
import { type Cuboid, readCuboid } from '../../src/formats/geometry3d/cuboid'
import { createDraw } from '../../src/formats/geometry3d/ground'
import { createRotation, turnVector, type Vector } from '../../src/formats/geometry3d/rotation'
import { openBrowser } from './browser.ts'
import { openEditorPage } from './editor-page.ts'
import { startServer, type TestServer } from './server.ts'

export type ViewName = 'perspective' | 'top' | 'side' | 'front'

export type SceneOptions = {
  /** The boxes of each frame; their number is that of the frames. */
  frames: readonly (readonly Cuboid[])[]
  /** Height of the ground, metres, and half of its side. */
  ground?: number
  reach?: number
  groundPoints?: number
  pointsPerBox?: number
  labels?: object[]
  /** Pictures beside each frame. */
  pictures?: readonly (readonly [string, Uint8Array])[]
  name?: string
}

/** Points (x y z intensity) of the ground and of the surfaces of boxes; the same seed gives the same points. */
export const sampleScene = (
  boxes: readonly Cuboid[],
  { ground = -1.8, reach = 30, groundPoints = 12_000, pointsPerBox = 1500 }: Omit<SceneOptions, 'frames'> = {},
  seed = 1,
): Float32Array => {
  const draw = createDraw(seed)
  const points: number[] = []
  for (let i = 0; i < groundPoints; i++) {
    // Denser towards the middle, as a sensor there sees it.
    const distance = reach * draw() ** 1.3
    const angle = draw() * 2 * Math.PI
    points.push(distance * Math.cos(angle), distance * Math.sin(angle), ground + (draw() - 0.5) * 0.02, 0.2)
  }
  for (const { position, rotation, scale } of boxes) {
    const turn = createRotation(rotation)
    for (let i = 0; i < pointsPerBox; i++) {
      const own: [number, number, number] = [0, 1, 2].map((axis) => (draw() - 0.5) * scale[axis]!) as [number, number, number]
      const axis = Math.floor(draw() * 3) as 0 | 1 | 2
      own[axis] = ((draw() < 0.5 ? -1 : 1) * scale[axis]) / 2
      const [x, y, z] = turnVector(turn, own)
      points.push(position[0] + x, position[1] + y, position[2] + z, 0.8)
    }
  }
  return Float32Array.from(points)
}

export const toKitti = (points: Float32Array): Blob => new Blob([points as BlobPart])

export type SceneTask = { id: number; job: number; labels: Map<string, number> }

/** A task of one .bin file a frame. */
export const createSceneTask = async (client: Client, options: SceneOptions): Promise<SceneTask> => {
  const labels = options.labels ?? [
    {
      name: 'car',
      color: '#e5a03c',
      attributes: [{ name: 'parked', mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] }],
    },
    { name: 'person', color: '#4cc38a', attributes: [] },
  ]
  const made = await client.send('POST', '/api/tasks', { name: options.name ?? 'scene', labels })
  const name = (i: number) => String(i).padStart(4, '0')
  const clouds = options.frames.map((boxes, i) => sampleScene(boxes, options, i + 1))
  const { pictures } = options
  if (pictures) {
    const packed = clouds.flatMap((points, i) => [
      [`pointcloud/${name(i)}.bin`, new Uint8Array(points.buffer)],
      ...pictures.map(([file, bytes]) => [`related_images/${name(i)}_bin/${file}`, bytes]),
    ])
    await uploadMedia(client, made.id, [['scene.zip', new Blob([zipSync(Object.fromEntries(packed), { level: 0 }) as BlobPart])]])
  } else
    await uploadMedia(
      client,
      made.id,
      clouds.map((points, i) => [`${name(i)}.bin`, toKitti(points)]),
    )
  const { results } = await client.get(`/api/labels?task_id=${made.id}&page_size=100`)
  const job = (await client.get(`/api/jobs?task_id=${made.id}`)).results[0].id
  return { id: made.id, job, labels: new Map(results.map((label: any) => [label.name, label.id])) }
}

export type SceneWorld = {
  server: TestServer
  browser: Browser
  client: Client
  /** What the pages complained of. */
  complaints: string[]
  open: (task: SceneTask, options?: { width?: number; height?: number; query?: string; touch?: boolean }) => Promise<ScenePage>
  close: () => Promise<void>
}

/** A server, a browser, and pages signed in as the administrator. */
export const openSceneWorld = async (flags: string[] = [], env: Record<string, string> = {}): Promise<SceneWorld> => {
  const server = await startServer(env)
  const client = await signIn(server.url, 'admin', server.adminPassword)
  const { browser, close } = await openBrowser(flags)
  const complaints: string[] = []
  const open: SceneWorld['open'] = async (task, { width = 1280, height = 800, query = '', touch = false } = {}) => {
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: touch })
    const page = await context.newPage()
    await page.goto(`${server.url}/auth/login`)
    await page.getByTestId('login-username').fill('admin')
    await page.getByTestId('login-password').fill(server.adminPassword)
    await page.getByTestId('login-submit').click()
    await page.waitForURL((url) => url.pathname !== '/auth/login')
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    return openScenePage(page, `${server.url}/tasks/${task.id}/jobs/${task.job}${query}`, client, task)
  }
  return {
    server,
    browser,
    client,
    complaints,
    open,
    close: async () => {
      await close()
      await server.stop()
    },
  }
}

export const openScenePage = async (page: Page, url: string, client: Client, task: SceneTask) => {
  const editor = await openEditorPage(page, url)
  const element = (view: ViewName) => editor.byId(`view-${view}`)

  const matrixOf = (view: ViewName) =>
    element(view).evaluate((one) => ((one as HTMLElement).dataset.matrix ?? '').split(',').filter(Boolean).map(Number))

  /** Waits until a view shows something, or nothing. */
  const untilView = async (view: ViewName, isEmpty = false): Promise<void> => {
    await page.waitForSelector(`[data-testid="view-${view}"][data-empty="${isEmpty}"]`, { state: 'attached', timeout: 10_000 })
  }

  /** Waits until the cameras rest: the same matrices twice in a row. */
  const settle = async (): Promise<void> => {
    await editor.ready()
    await page.evaluate(async () => {
      const read = () => [...document.querySelectorAll('[data-matrix]')].map((one) => one.getAttribute('data-matrix')).join()
      for (let before = ''; before !== read(); ) {
        before = read()
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      }
    })
  }

  /** Page pixels of a place in space, as a view shows it. */
  const locate = async (view: ViewName, at: Vector): Promise<{ x: number; y: number }> => {
    const m = await matrixOf(view)
    const box = await element(view).evaluate((one) => {
      const { left, top, width, height } = one.getBoundingClientRect()
      return { left, top, width, height }
    })
    const cell = (row: number) => m[row]! * at[0] + m[row + 4]! * at[1] + m[row + 8]! * at[2] + m[row + 12]!
    const w = cell(3)
    return { x: box.left + ((cell(0) / w + 1) / 2) * box.width, y: box.top + ((1 - cell(1) / w) / 2) * box.height }
  }

  const dragTo = async (from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> => {
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2)
    await page.mouse.move(to.x, to.y)
    await page.mouse.up()
  }

  /** Drags in a view from one place in space to another. */
  const dragIn = async (view: ViewName, from: Vector, to: Vector): Promise<void> => {
    await settle()
    await dragTo(await locate(view, from), await locate(view, to))
  }

  /** Page pixels of a handle. */
  const handle = async (name: string): Promise<{ x: number; y: number }> => {
    const at = await editor.handle(name)
    const corner = await editor.root.evaluate((one) => one.getBoundingClientRect())
    return { x: corner.x + at.x, y: corner.y + at.y }
  }

  const clickIn = async (view: ViewName, at: Vector, options: { button?: 'left' | 'right'; modifiers?: string[] } = {}) => {
    await settle()
    const { x, y } = await locate(view, at)
    await page.mouse.move(x, y)
    for (const key of options.modifiers ?? []) await page.keyboard.down(key)
    await page.mouse.down({ button: options.button ?? 'left' })
    await page.mouse.up({ button: options.button ?? 'left' })
    for (const key of options.modifiers ?? []) await page.keyboard.up(key)
  }

  /** Draws a cuboid by a double click on a place of the cloud. */
  const place = async (label: string, at: Vector, as: 'shape' | 'track' = 'shape'): Promise<void> => {
    const before = (await editor.objects()).length
    await settle()
    await editor.byId('tool-cuboid').click()
    await editor.byId('draw-label').selectOption(label)
    await editor.byId(`draw-${as}`).click()
    await editor.until('mode', 'draw')
    const { x, y } = await locate('perspective', at)
    await page.mouse.move(x, y)
    await page.mouse.dblclick(x, y)
    await editor.until('mode', 'idle')
    await editor.untilCount(before + 1)
    await untilView('top')
  }

  /** Types a number into the card of an object. */
  const type = async (clientId: string | number, field: string, value: number): Promise<void> => {
    const input = editor.byId(`object-${clientId}`).getByTestId(field)
    await input.fill(String(value))
    await input.press('Enter')
  }

  const annotations = () => client.get(`/api/jobs/${task.job}/annotations`)
  /** The cuboids that the server holds, in the order of creation. */
  const stored = async (): Promise<Cuboid[]> =>
    (await annotations()).shapes.map((shape: { points: number[] }) => readCuboid(shape.points))

  await settle()
  return {
    ...editor,
    task,
    client,
    view: element,
    matrixOf,
    untilView,
    settle,
    locateIn: locate,
    dragTo,
    dragIn,
    handleAt: handle,
    clickIn,
    place,
    type,
    annotations,
    stored,
  }
}

export type ScenePage = Awaited<ReturnType<typeof openScenePage>>
