// Analytics in a real browser: work in the editor becomes figures; filters, CSV, both themes, narrow screens, without scripts.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture, visible } from './pages-fixture.ts'

setDefaultTimeout(120_000)

const root = join(import.meta.dir, '../..')
const axeSource = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let task = { id: 0, job: 0 }

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  const { id } = await client.send('POST', '/api/tasks', { name: 'Worked on', labels: [{ name: 'car' }] })
  const files = ['astronaut.jpg', 'chelsea.jpg', 'coffee.jpg'].map((name): [string, Blob] => [
    name,
    Bun.file(join(root, 'public/demo', name)),
  ])
  await uploadMedia(client, id, files)
  task = { id, job: (await client.get(`/api/jobs?task_id=${id}`)).results[0].id }
})
afterAll(() => pages?.close())

const figure = (card: string) => byId(`card-${card}`).getAttribute('data-value')

/** Opens a dashboard again and again until a card shows what is wanted: events of a page that was left arrive when they do. */
const untilFigure = (path: string, card: string, wanted: string) =>
  until(async () => {
    await open(path)
    // Without any figures there are no cards.
    return (await byId(`card-${card}`).count()) ? figure(card) : null
  }, wanted)

const download = async (testid: string): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent('download'), byId(testid).click()])
  return Bun.file(await file.path()).text()
}

test('before anybody worked the page says so', async () => {
  await open(`/jobs/${task.job}/analytics?from=2001-01-01&to=2001-01-31`)
  await visible(byId('list-empty'))
  expect(await byId('card-working').count()).toBe(0)
})

test('a person draws, looks at frames and saves; the figures follow', async () => {
  const editor = await openEditorPage(page, `${pages.server.url}/tasks/${task.id}/jobs/${task.job}`)
  await editor.draw('rectangle', 'car')
  await editor.drag([40, 40], [160, 120])
  await editor.untilCount(1)
  for (const frame of [1, 2]) {
    await page.keyboard.press('f')
    await editor.until('frame', frame)
    await editor.ready()
  }
  await editor.save()
  // Leaving sends what has gathered.
  const path = `/jobs/${task.job}/analytics`
  await untilFigure(path, 'objects', '1')
  await until(async () => {
    await open(path)
    return Number(await figure('working')) > 0 && Number(await figure('frame')) > 0
  }, true)
  await client.send('PATCH', `/api/jobs/${task.job}`, { state: 'completed' })
  await client.send('PATCH', `/api/jobs/${task.job}`, { state: 'rejected' })
  await untilFigure(path, 'completed', '1')
  for (const chart of ['working', 'states', 'reviews'])
    await page.locator(`[data-testid="chart-${chart}"][data-drawn] canvas`).waitFor({ state: 'visible' })
  await visible(byId('chart-quality-empty'))
  expect(await byId('sheet-people').textContent()).toContain('admin')
})

test('task, instance and one’s own page are reached from where one is', async () => {
  await open(`/tasks/${task.id}`)
  await byId('task-analytics').click()
  await page.waitForURL(`**/tasks/${task.id}/analytics`)
  await visible(byId(`job-${task.job}`))
  expect(await byId('sheet-labels').textContent()).toContain('car')
  await byId(`job-${task.job}`).getByRole('link').click()
  await page.waitForURL(`**/jobs/${task.job}/analytics`)
  await open('/admin')
  await byId('admin-tab-analytics').click()
  await page.waitForURL('**/analytics')
  await visible(byId('card-working'))
  await byId('user-menu').click()
  await byId('user-menu-analytics').click()
  await page.waitForURL(/\/analytics\/people\/\d+$/)
  await visible(byId(`job-${task.job}`))
})

test('filters stand in the address and in the form; ranges are one click', async () => {
  await open(`/tasks/${task.id}/analytics`)
  await byId('filter-stage').selectOption('validation')
  await byId('filter-apply').click()
  await page.waitForURL(/stage=validation/)
  expect(await byId('filter-stage').inputValue()).toBe('validation')
  expect(await byId(`job-${task.job}`).count()).toBe(0)
  await byId('range-7').click()
  await page.waitForURL(/from=\d{4}-\d\d-\d\d.*stage=validation|stage=validation.*from=/)
  expect(await byId('range-7').getAttribute('aria-pressed')).toBe('true')
  await byId('filter-clear').click()
  await page.waitForURL(`**/tasks/${task.id}/analytics`)
  await visible(byId(`job-${task.job}`))
})

test('every table and chart is a CSV', async () => {
  await open(`/tasks/${task.id}/analytics`)
  const people = await download('csv-people')
  expect(people.split('\r\n')[0]).toStartWith('person,jobs,working_seconds,objects,objects_per_hour')
  expect(people).toContain('admin,1,')
  expect(await download('csv-jobs')).toContain(`#${task.job},Worked on,`)
  expect(await download('csv-labels')).toContain('car,1,1,0,0')
  expect((await download('csv-chart-states')).split('\r\n')[0]).toBe('start,completed,in_progress,rejected,new')
  const events = await download('csv-events')
  expect(events).toContain('send:working_time')
  expect(events).toContain('change:frame')
})

test('without scripts: figures, numbers of the charts and filters', async () => {
  const storageState = await page.context().storageState()
  const context = await pages.browser.newContext({ javaScriptEnabled: false, storageState })
  const plain = await context.newPage()
  await plain.goto(`${pages.server.url}/tasks/${task.id}/analytics`)
  expect(await plain.getByTestId('card-objects').getAttribute('data-value')).toBe('1')
  const chart = plain.getByTestId('chart-reviews')
  await chart.locator('summary').click()
  await visible(chart.locator('tbody tr').last())
  expect(await chart.locator('tbody tr').last().textContent()).toMatch(/11$/)
  await plain.getByTestId('filter-from').fill('2001-01-01')
  await plain.getByTestId('filter-to').fill('2001-01-02')
  await plain.getByTestId('filter-apply').click()
  await plain.waitForURL(/from=2001-01-01&to=2001-01-02/)
  await visible(plain.getByTestId('list-empty'))
  await context.close()
})

test('nothing serious for axe in either theme; narrow screens do not scroll sideways', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await open(`/tasks/${task.id}/analytics`)
    await page.locator('[data-testid="chart-working"][data-drawn]').waitFor()
    await page.evaluate(axeSource)
    const { violations } = await page.evaluate(() => (globalThis as any).axe.run(document, { resultTypes: ['violations'] }))
    const serious = violations.filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }: any) => [id, nodes[0].html])).toEqual([])
  }
  await page.setViewportSize({ width: 390, height: 800 })
  await open('/analytics')
  await page.locator('[data-testid="chart-working"][data-drawn]').waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(pages.complaints).toEqual([])
})
