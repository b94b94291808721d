// One story through the real server, in a real browser: upload, label, save, meet a colleague, lose the tab, export, look into the file.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import type { Browser, BrowserContext } from 'playwright-core'
import { type Client, signIn } from '../../scripts/client.ts'
import { openBrowser } from './browser.ts'
import { type EditorPage, openEditorPage } from './editor-page.ts'
import { startServer, type TestServer } from './server.ts'

setDefaultTimeout(90_000)

const demo = join(import.meta.dir, '../../public/demo')
let server: TestServer
let browser: Browser
let closeBrowser: () => Promise<void>
let client: Client
let mine: BrowserContext
let task = { id: 0, job: 0 }

/** A browser of its own, signed in. */
const signInBrowser = async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, acceptDownloads: true })
  const page = await context.newPage()
  await page.goto(`${server.url}/auth/login`)
  await page.getByTestId('login-username').fill('admin')
  await page.getByTestId('login-password').fill(server.adminPassword)
  await page.getByTestId('login-submit').click()
  await page.waitForURL((url) => url.pathname !== '/auth/login')
  await page.close()
  return context
}
const openJob = async (context: BrowserContext): Promise<EditorPage> =>
  openEditorPage(await context.newPage(), `${server.url}/tasks/${task.id}/jobs/${task.job}`)
const stored = async () =>
  (await client.get(`/api/jobs/${task.job}/annotations`)).shapes as {
    id: number
    type: string
    points: number[]
    frame: number
  }[]

beforeAll(async () => {
  server = await startServer()
  client = await signIn(server.url, 'admin', server.adminPassword)
  ;({ browser, close: closeBrowser } = await openBrowser())
  mine = await signInBrowser()
})
afterAll(async () => {
  await closeBrowser?.()
  await server?.stop()
})

test('upload: a task from pictures and one from a clip, in the browser', async () => {
  const page = await mine.newPage()
  const create = async (name: string, files: string[]) => {
    await page.goto(`${server.url}/tasks/create`)
    await page.getByTestId('task-name').fill(name)
    await page.getByTestId('label-raw').click()
    await page.getByTestId('label-raw-text').fill(JSON.stringify([{ name: 'person' }, { name: 'cat' }]))
    await page.getByTestId('label-raw-apply').click()
    await page.getByTestId('task-files').setInputFiles(files.map((file) => join(demo, file)))
    await page.getByTestId('task-submit').click()
    await page.waitForURL(/\/tasks\/\d+$/)
    return Number(page.url().split('/').at(-1))
  }
  const clip = await create('clip', ['bigbuckbunny.mp4'])
  expect(await client.get(`/api/tasks/${clip}`)).toMatchObject({ mode: 'interpolation', size: 132 })
  const id = await create('story', ['astronaut.jpg', 'chelsea.jpg', 'coffee.jpg'])
  expect(await client.get(`/api/tasks/${id}`)).toMatchObject({ mode: 'annotation', size: 3 })
  task = { id, job: (await client.get(`/api/jobs?task_id=${id}`)).results[0].id }
  await page.close()
})

test('label: a rectangle and a polygon, moved, relabelled, undone, saved; another browser sees them', async () => {
  const editor = await openJob(mine)
  await editor.draw('rectangle', 'person')
  await editor.click(50, 60)
  await editor.click(250, 360)
  await editor.untilCount(1)
  await editor.page.keyboard.press('ArrowRight')
  await editor.draw('polygon', 'cat')
  await editor.clickAll([[300, 300], [400, 300], [400, 400]]) // biome-ignore format: points
  await editor.page.keyboard.press('n')
  await editor.untilCount(2)
  await editor.page.keyboard.press('Control+z')
  await editor.untilCount(1)
  await editor.page.keyboard.press('Control+Shift+z')
  await editor.untilCount(2)
  await editor.save()
  expect((await stored()).map(({ type, frame }) => [type, frame])).toEqual([
    ['rectangle', 0],
    ['polygon', 0],
  ])
  const colleague = await signInBrowser()
  const theirs = await openJob(colleague)
  const seen = await theirs.untilCount(2)
  expect(seen.map(({ label, points }) => [label, points])).toEqual(
    (await editor.objects()).map(({ label, points }) => [label, points]),
  )
  await colleague.close()
  await editor.page.close()
})

test('frames: stepping shows the next picture, and shapes belong to their frame', async () => {
  const editor = await openJob(mine)
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.ready()
  await editor.untilCount(0)
  await editor.page.keyboard.press('d')
  await editor.until('frame', 0)
  await editor.untilCount(2)
  await editor.page.close()
})

test('a stale save is refused, and keeping both loses nothing', async () => {
  const colleague = await signInBrowser()
  const [a, b] = [await openJob(mine), await openJob(colleague)]
  for (const [editor, key] of [
    [a, 'Shift+ArrowDown'],
    [b, 'Shift+ArrowLeft'],
  ] as const) {
    await editor.page.keyboard.press('Tab')
    await editor.page.keyboard.press(key)
    await editor.until('unsaved', 1)
  }
  await a.save()
  const before = await stored()
  await b.page.keyboard.press('Control+s')
  await b.byId('conflict-dialog').waitFor()
  expect(await stored()).toEqual(before)
  await b.byId('conflict-both').click()
  await b.until('unsaved', 0)
  expect((await stored()).length).toBe(before.length + 1)
  await colleague.close()
  await a.page.close()
  const extra = (await stored()).at(-1)!
  await client.send('PATCH', `/api/jobs/${task.job}/annotations?action=delete`, { shapes: [extra] })
})

test('a killed tab gets its unsaved edits back', async () => {
  const editor = await openJob(mine)
  const before = (await stored()).length
  await editor.page.route('**/annotations**', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  )
  await editor.draw('rectangle', 'cat')
  await editor.click(10, 10)
  await editor.click(40, 40)
  await editor.untilCount(before + 1)
  await editor.until('journal', 'written')
  // Closing would let the tab send its edits with its last breath; a crash does not.
  const session = await mine.newCDPSession(editor.page)
  const crashed = editor.page.waitForEvent('crash')
  void session.send('Page.crash').catch(() => {})
  await crashed
  await editor.page.close()
  expect((await stored()).length).toBe(before)
  const again = await openJob(mine)
  await again.byId('restore-dialog').waitFor()
  await again.byId('dialog-ok').click()
  await again.untilCount(before + 1)
  await again.save()
  expect((await stored()).length).toBe(before + 1)
  await again.page.close()
})

test('export from the browser: the file holds what was drawn', async () => {
  const page = await mine.newPage()
  await page.goto(`${server.url}/tasks/${task.id}`)
  const download = async (format: string, pictures: boolean) => {
    await page.getByTestId(`task-${task.id}`).getByTestId('row-menu').click()
    await page.getByTestId('menu-export').click()
    await page.getByTestId('export-format').selectOption(format)
    await page.getByTestId('export-images').setChecked(pictures)
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-submit').click()])
    return unzipSync(await Bun.file(await file.path()).bytes())
  }
  const coco = await download('COCO 1.0', true)
  expect(Object.keys(coco).sort()).toEqual([
    'annotations/instances_default.json',
    ...['astronaut', 'chelsea', 'coffee'].map((name) => `images/default/${name}.jpg`),
  ])
  const { annotations, images } = JSON.parse(new TextDecoder().decode(coco['annotations/instances_default.json']))
  const shapes = await stored()
  expect(images).toHaveLength(3)
  expect(annotations).toHaveLength(shapes.length)
  const [x0, y0, x1, y1] = shapes[0]!.points as [number, number, number, number]
  const [left, top, width, height] = annotations[0].bbox
  expect([left, top, left + width, top + height].map((value) => value.toFixed(2))).toEqual(
    [x0, y0, x1, y1].map((value) => value.toFixed(2)),
  )
  const xml = await download('CVAT for images 1.1', false)
  const text = new TextDecoder().decode(xml['annotations.xml'])
  expect(text.match(/<(box|polygon) /g)).toHaveLength(shapes.length)
  await page.close()
})

test('the API pages work without the internet', async () => {
  const page = await mine.newPage()
  const strangers: string[] = []
  page.on(
    'request',
    (request) => !request.url().startsWith(server.url) && !/^(blob|data):/.test(request.url()) && strangers.push(request.url()),
  )
  await page.goto(`${server.url}/api/swagger/`)
  await page.locator('#operations-tag-tasks').click()
  await page.getByText('/api/tasks/{id}/annotations/').first().waitFor()
  await page.goto(`${server.url}/api/docs/`)
  await page.getByText('Annolith REST API').first().waitFor()
  expect(strangers).toEqual([])
  const schema = (await (await fetch(`${server.url}/api/schema/`)).json()) as { openapi: string; paths: Record<string, unknown> }
  expect(schema.openapi).toMatch(/^3\./)
  expect(Object.keys(schema.paths)).toContain('/api/jobs/{id}/annotations/')
  await page.close()
})
