// Suspicious labels in a real browser: looked through, ranked with pictures and reasons, narrowed, opened, confirmed, deleted, undone.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, visible } from './pages-fixture.ts'

const root = join(import.meta.dir, '../..')

setDefaultTimeout(120_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let projectId: number
let taskId: number
let jobId: number
let cup: number
let spoon: number

const box = (label_id: number, frame: number, x: number, y: number, width: number, height: number) => ({
  type: 'rectangle',
  label_id,
  frame,
  points: [x, y, x + width, y + height],
})

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  const labels = [
    { name: 'cup', color: '#e0554f', attributes: [] },
    { name: 'spoon', color: '#2f80ed', attributes: [] },
  ]
  projectId = (await client.send('POST', '/api/projects', { name: 'Kitchen', labels })).id
  taskId = (await client.send('POST', '/api/tasks', { name: 'Two pictures', project_id: projectId })).id
  const files = ['coffee.jpg', 'rocket.jpg'].map((name): [string, Blob] => [name, Bun.file(join(root, 'public/demo', name))])
  await uploadMedia(client, taskId, files)
  jobId = (await client.get(`/api/jobs?task_id=${taskId}`)).results[0].id
  const known = (await client.get(`/api/labels?project_id=${projectId}&sort=id`)).results
  cup = known[0].id
  spoon = known[1].id
  const usual = Array.from({ length: 24 }, (_, n) =>
    box(cup, n % 2, 20 + 90 * Math.floor(n / 4), 20 + 150 * (Math.floor(n / 2) % 2), 40 + (n % 5), 36 + (n % 4)),
  )
  await client.send('PATCH', `/api/jobs/${jobId}/annotations?action=create`, {
    shapes: [
      ...usual,
      box(cup, 0, 60, 40, 420, 330),
      box(cup, 1, 21, 21, 41, 36),
      box(spoon, 0, 300, 200, 1, 2),
      box(spoon, 1, 300, 300, 40, 30),
      box(spoon, 1, 301, 300, 40, 30),
    ],
    tags: [
      { label_id: spoon, frame: 1 },
      { label_id: spoon, frame: 1 },
    ],
  })
})
afterAll(() => pages?.close())

const countIs = (count: number) =>
  page.waitForFunction(
    (n) => document.querySelector('[data-testid="suspects-count"]')?.getAttribute('data-count') === String(n),
    count,
  )
const look = async () => {
  await byId('suspects-run').click()
  await byId('suspects-last').waitFor()
}
const askedFor = (count: number) =>
  page.waitForFunction(
    (n) => document.querySelector('[data-testid="suspects-confirm-count"]')?.getAttribute('data-count') === String(n),
    count,
  )

test('from the task: looked through in the background, then the worst first with pictures and reasons', async () => {
  await open(`/tasks/${taskId}`)
  await page.locator('[data-menu-from="task-menu"]').click()
  await byId('menu-suspects').click()
  await page.waitForURL(`**/tasks/${taskId}/suspects`)
  await visible(byId('suspects-empty'))
  await look()
  await countIs(5)
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('[data-testid="suspect-card"] img')].every(
      (img) => img.complete && img.naturalWidth > 0,
    ),
  )
  const scores = await page
    .locator('[data-testid="suspect-card"] meter')
    .evaluateAll((meters) => meters.map((meter) => (meter as HTMLMeterElement).value))
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  await byId('suspect-words').filter({ hasText: 'times as large as “cup” usually is' }).waitFor()
})

test('narrowed by reason, which stands in the address and comes back with Back', async () => {
  await open(`/tasks/${taskId}/suspects`)
  await countIs(5)
  await byId('suspects-reason').selectOption('duplicate')
  await countIs(3)
  await until(() => new URL(page.url()).searchParams.get('reason'), 'duplicate')
  await page.goBack()
  await countIs(5)
})

test('one click opens the object in the editor', async () => {
  await open(`/tasks/${taskId}/suspects?reason=size_outlier`)
  await countIs(1)
  const href = await byId('suspect-open').first().getAttribute('href')
  const id = new URL(href!, pages.server.url).searchParams.get('serverID')
  expect(href).toBe(`/tasks/${taskId}/jobs/${jobId}?frame=0&type=shape&serverID=${id}`)
  await byId('suspect-open').first().click()
  await page.waitForURL(`**${href}`)
  // The link shows nothing but its object.
  await until(() => page.locator('[data-selected]').count(), 1)
})

test('what is right is confirmed with one click and stays so when all is looked through again', async () => {
  await open(`/projects/${projectId}`)
  await page.locator('[data-menu-from="project-menu"]').click()
  await byId('menu-suspects').click()
  await page.waitForURL(`**/projects/${projectId}/suspects`)
  await countIs(5)
  await page.locator('[data-reason="size_outlier"] input[name="pick"]').check()
  await byId('suspects-right').click()
  await visible(byId('suspects-news'))
  await countIs(4)
  await open(`/projects/${projectId}/suspects`)
  await look()
  await page.waitForFunction(() => !document.querySelector('[data-testid="suspects-progress"]'))
  await countIs(4)
  await byId('suspects-status').selectOption('confirmed')
  await countIs(1)
  await byId('suspects-reopen').click()
  await askedFor(1)
  await byId('suspects-apply').click()
  await countIs(0)
})

test('doubles are deleted after a count, and that is undone', async () => {
  await open(`/tasks/${taskId}/suspects?reason=duplicate`)
  await countIs(3)
  await byId('suspects-delete').click()
  await askedFor(3)
  await byId('suspects-cancel').click()
  await countIs(3)
  await byId('suspects-delete').click()
  await askedFor(3)
  await byId('suspects-apply').click()
  await countIs(0)
  await until(async () => (await client.get(`/api/jobs/${jobId}/annotations`)).shapes.length, 27)
  await byId('suspects-undo').click()
  await visible(byId('suspects-news'))
  await until(async () => (await client.get(`/api/jobs/${jobId}/annotations`)).shapes.length, 29)
  await open(`/tasks/${taskId}/suspects?reason=duplicate`)
  await countIs(3)
})

test('relabelling needs a label', async () => {
  await open(`/tasks/${taskId}/suspects?reason=size_outlier`)
  await countIs(1)
  await byId('suspects-relabel').click()
  await visible(byId('suspects-problem'))
  await page.goBack()
  await byId('suspects-label').selectOption('spoon')
  await byId('suspects-relabel').click()
  await askedFor(1)
  await byId('suspects-apply').click()
  await countIs(0)
  await until(
    async () => (await client.get(`/api/jobs/${jobId}/annotations`)).shapes.filter((one: any) => one.label_id === spoon).length,
    4,
  )
})

test('all of it works without scripts', async () => {
  const context = await pages.browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() })
  const plain = await context.newPage()
  await plain.goto(`${pages.server.url}/tasks/${taskId}`)
  await plain.getByTestId('bare-suspects').click()
  await plain.getByTestId('suspects-reason').selectOption('tiny')
  await plain.locator('form[method="get"] button').click()
  await plain.getByTestId('suspects-count').filter({ hasText: 'One suspicious label' }).waitFor()
  await plain.getByTestId('suspect-pick').check()
  await plain.getByTestId('suspects-delete').click()
  await plain.getByTestId('suspects-apply').click()
  await plain.getByTestId('suspects-count').filter({ hasText: '0 suspicious labels' }).waitFor()
  await plain.getByTestId('suspects-undo').click()
  await plain.getByTestId('suspects-news').waitFor()
  await context.close()
})

test('nothing serious for axe-core, no sideways scrolling on a phone, in both themes and in German', async () => {
  const source = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width: 390, height: 844 })
    await open(`/tasks/${taskId}/suspects`)
    await countIs(4)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    await page.evaluate(source)
    const { violations } = await page.evaluate(() => (globalThis as any).axe.run(document, { resultTypes: ['violations'] }))
    expect(
      violations.filter(({ impact }: any) => impact === 'serious' || impact === 'critical').map(({ id }: any) => id),
    ).toEqual([])
    if (process.env.SUSPECT_SHOTS) {
      await page.waitForLoadState('networkidle')
      await page.screenshot({ path: `${process.env.SUSPECT_SHOTS}/phone-${scheme}.png` })
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.screenshot({ path: `${process.env.SUSPECT_SHOTS}/${scheme}.png` })
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.setExtraHTTPHeaders({ 'accept-language': 'de' })
  await open(`/tasks/${taskId}/suspects`)
  await page.getByRole('heading', { name: 'Verdächtige Labels' }).waitFor()
  await byId('suspect-words').filter({ hasText: 'Deckt' }).first().waitFor()
})

test('nothing was complained about but the form that was refused', () =>
  expect(pages.complaints).toEqual(['Failed to load resource: the server responded with a status of 400 (Bad Request)']))
