// Two people in one job on the real server: what one saves the other sees, issues, saved versions, deleted frames, the guide.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type Client, signIn, uploadMedia } from '../../scripts/client.ts'
import { openBrowser, until } from './browser.ts'
import { type EditorPage, openEditorPage } from './editor-page.ts'
import { startServer, type TestServer } from './server.ts'

setDefaultTimeout(90_000)

let server: TestServer
let browser: Browser
let closeBrowser: () => Promise<void>
let client: Client
let task = { id: 0, job: 0 }
const complaints: string[] = []

const signInPage = async (username: string, password: string): Promise<EditorPage> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  await page.goto(`${server.url}/auth/login`)
  await page.getByTestId('login-username').fill(username)
  await page.getByTestId('login-password').fill(password)
  await page.getByTestId('login-submit').click()
  await page.waitForURL((url) => url.pathname !== '/auth/login')
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  return openEditorPage(page, `${server.url}/tasks/${task.id}/jobs/${task.job}`)
}

const createTask = async (): Promise<void> => {
  const made = await client.send('POST', '/api/tasks', { name: 'two people', labels: [{ name: 'person' }, { name: 'cat' }] })
  const files = ['astronaut.jpg', 'chelsea.jpg', 'coffee.jpg'].map((name): [string, Blob] => [
    name,
    Bun.file(join(import.meta.dir, '../../public/demo', name)),
  ])
  await uploadMedia(client, made.id, files)
  task = { id: made.id, job: (await client.get(`/api/jobs?task_id=${made.id}`)).results[0].id }
}

beforeAll(async () => {
  server = await startServer()
  client = await signIn(server.url, 'admin', server.adminPassword)
  await createTask()
  ;({ browser, close: closeBrowser } = await openBrowser())
})
afterAll(async () => {
  await closeBrowser?.()
  await server?.stop()
})

test('what one saves the other sees by itself; issues, versions and deleted frames live on the server', async () => {
  await client.send('POST', '/api/guides', { task_id: task.id, markdown: '# Look twice' })
  const mine = await signInPage('admin', server.adminPassword)
  await mine.byId('guide-dialog').waitFor()
  await mine.byId('dialog-ok').click()
  const theirs = await signInPage('admin', server.adminPassword)
  await theirs.byId('guide-dialog').waitFor()
  await theirs.byId('dialog-ok').click()
  await mine.draw('rectangle', 'cat')
  await mine.drag([50, 60], [250, 300])
  await mine.untilCount(1)
  await mine.save()
  expect((await theirs.untilCount(1))[0]?.label).toBe('cat')
  await theirs.until('revision', await mine.read('revision'))

  await theirs.byId('editor-workspace').selectOption('review')
  await theirs.page.keyboard.press('n')
  await theirs.until('mode', 'issue')
  await theirs.drag([300, 300], [400, 400])
  await theirs.byId('issue-text').fill('And here?')
  await theirs.byId('issue-submit').click()
  await until(async () => (await client.get(`/api/issues?job_id=${task.job}`)).count, 1)
  await until(() => theirs.page.locator('.ed-issue-tag').textContent(), 'And here?')

  await mine.page.keyboard.press('f')
  await mine.until('frame', 1)
  await mine.page.keyboard.press('Alt+Delete')
  await until(async () => (await client.get(`/api/jobs/${task.job}/data/meta`)).deleted_frames, [1])
  await mine.page.keyboard.press('Control+z')
  await until(async () => (await client.get(`/api/jobs/${task.job}/data/meta`)).deleted_frames, [])
  await mine.page.keyboard.press('d')
  await mine.until('frame', 0)
  await mine.ready()

  const first = await mine.read('revision')
  await mine.page.keyboard.press('Tab')
  await mine.page.keyboard.press('Delete')
  await mine.untilCount(0)
  await mine.save()
  await theirs.untilCount(0)
  await mine.byId('editor-history').click()
  await mine.byId(`revision-${first}`).click()
  await mine.byId('history-restore').click()
  await mine.untilCount(1)
  await theirs.untilCount(1)

  await mine.byId('editor-menu').click()
  await mine.byId('menu-export').click()
  await mine.byId('export-format').selectOption('COCO 1.0')
  const [file] = await Promise.all([mine.page.waitForEvent('download'), mine.byId('export-submit').click()])
  const archive = await file.path()
  await mine.page.keyboard.press('Tab')
  await mine.page.keyboard.press('Delete')
  await mine.untilCount(0)
  await mine.save()
  await mine.byId('editor-menu').click()
  await mine.byId('menu-import').click()
  await mine.byId('import-format').selectOption('COCO 1.0')
  await mine.byId('import-file').setInputFiles(archive)
  await mine.byId('import-submit').click()
  await mine.untilCount(1)
  await theirs.untilCount(1)
  expect(complaints).toEqual([])
})
