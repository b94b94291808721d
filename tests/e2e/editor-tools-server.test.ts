// Every kind of object drawn in the editor, stored by the real server, and shown the same after opening again.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type Client, signIn, uploadMedia } from '../../scripts/client.ts'
import { openBrowser } from './browser.ts'
import { type EditorPage, openEditorPage } from './editor-page.ts'
import { startServer, type TestServer } from './server.ts'

setDefaultTimeout(120_000)

let server: TestServer
let browser: Browser
let closeBrowser: () => Promise<void>
let client: Client
let task = { id: 0, job: 0 }
const complaints: string[] = []

const svg = [
  '<line x1="20" y1="20" x2="80" y2="80" data-type="edge" data-node-from="1" data-node-to="2"></line>',
  '<circle r="1.5" cx="20" cy="20" data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head"></circle>',
  '<circle r="1.5" cx="80" cy="80" data-type="element node" data-element-id="2" data-node-id="2" data-label-name="foot"></circle>',
].join('')

beforeAll(async () => {
  server = await startServer()
  client = await signIn(server.url, 'admin', server.adminPassword)
  const points = ['head', 'foot'].map((name) => ({ name, type: 'points', attributes: [] }))
  const labels = [
    { name: 'car', attributes: [] },
    { name: 'figure', type: 'skeleton', attributes: [], sublabels: points, svg },
  ]
  const made = await client.send('POST', '/api/tasks', { name: 'tools', labels })
  const files = ['astronaut.jpg', 'chelsea.jpg', 'coffee.jpg'].map((name): [string, Blob] => [
    name,
    Bun.file(join(import.meta.dir, '../../public/demo', name)),
  ])
  await uploadMedia(client, made.id, files)
  task = { id: made.id, job: (await client.get(`/api/jobs?task_id=${made.id}`)).results[0].id }
  ;({ browser, close: closeBrowser } = await openBrowser())
})
afterAll(async () => {
  await closeBrowser?.()
  await server?.stop()
})

const openJob = async (): Promise<EditorPage> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  await page.goto(`${server.url}/auth/login`)
  await page.getByTestId('login-username').fill('admin')
  await page.getByTestId('login-password').fill(server.adminPassword)
  await page.getByTestId('login-submit').click()
  await page.waitForURL((url) => url.pathname !== '/auth/login')
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  return openEditorPage(page, `${server.url}/tasks/${task.id}/jobs/${task.job}`)
}

const drawTrack = async (editor: EditorPage, tool: string, label: string, from: [number, number], to: [number, number]) => {
  await editor.byId(`tool-${tool}`).click()
  await editor.byId('draw-label').selectOption(label)
  await editor.byId('draw-track').click()
  await editor.until('mode', 'draw')
  await editor.drag(from, to)
  await editor.until('mode', 'idle')
}

test('all kinds, as shapes and tracks, come back from the server as they were drawn', async () => {
  const editor = await openJob()
  await editor.draw('mask', 'car')
  await editor.byId('mask-size').fill('30')
  await editor.drag([60, 60], [160, 60])
  await editor.page.keyboard.press('n')
  await editor.untilCount(1)
  for (const [tool, label, y] of [
    ['cuboid', 'car', 120],
    ['ellipse', 'car', 200],
    ['skeleton', 'figure', 280],
  ] as const) {
    await editor.draw(tool, label)
    await editor.drag([60, y], [160, y + 50])
    await editor.until('mode', 'idle')
    await drawTrack(editor, tool, label, [260, y], [360, y + 50])
  }
  await editor.byId('tool-tag').click()
  await editor.byId('draw-label').selectOption('car')
  await editor.byId('draw-shape').click()
  const drawn = await editor.untilCount(12)
  await editor.save()
  const stored = await client.get(`/api/jobs/${task.job}/annotations`)
  expect(stored.shapes.map((one: { type: string }) => one.type).sort()).toEqual(['cuboid', 'ellipse', 'mask', 'skeleton'])
  expect(stored.tracks.map((one: { shapes: { type: string }[] }) => one.shapes[0]?.type).sort()).toEqual([
    'cuboid',
    'ellipse',
    'skeleton',
  ])
  expect(stored.tags).toHaveLength(1)
  const again = await openJob()
  const shown = await again.untilCount(12)
  const tell = (list: typeof drawn) =>
    list.map(({ shape, label, points, data }) => `${data.kind} ${shape} ${label} ${points.join()}`).sort()
  expect(tell(shown)).toEqual(tell(drawn))
})

test('key frames of a skeleton track, splitting and ending are stored', async () => {
  const editor = await openJob()
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.ready()
  await editor.moveTo(310, 305)
  await editor.page.keyboard.press('k')
  await editor.until('unsaved', 1)
  await editor.save()
  await editor.page.keyboard.press('f')
  await editor.until('frame', 2)
  await editor.ready()
  await editor.moveTo(310, 305)
  await editor.page.keyboard.press('Alt+o')
  await editor.until('unsaved', 1)
  await editor.save()
  const { tracks } = await client.get(`/api/jobs/${task.job}/annotations`)
  const figure = tracks.find((one: { shapes: { type: string }[] }) => one.shapes[0]?.type === 'skeleton')
  expect(
    figure.elements.map((one: { shapes: { frame: number; outside: boolean }[] }) =>
      one.shapes.map((key) => [key.frame, key.outside]),
    ),
  ).toEqual(
    Array(2).fill([
      [0, false],
      [1, false],
      [2, true],
    ]),
  )
  expect(complaints).toEqual([])
})
