// Lists in a real browser: address, filters, changes in rows, export, import, deletion.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(60_000)

/** One task with two pictures in two jobs, and eleven without files. */
const makeTasks = async () => {
  const labels = [{ name: 'a' }]
  const { id } = await client.send('POST', '/api/tasks', { name: 'Two pictures', labels, segment_size: 1 })
  const files = ['coffee.jpg', 'rocket.jpg'].map((name): [string, Blob] => [name, Bun.file(join(demo, name))])
  await uploadMedia(client, id, files)
  for (let i = 0; i < 11; i++) await client.send('POST', '/api/tasks', { name: `Many ${String(i).padStart(2, '0')}`, labels })
}

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let complaints: PagesFixture['complaints']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let login: PagesFixture['login']

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, complaints, byId, open, login } = pages)
  await makeTasks()
})
afterAll(() => pages?.close())

test('search, chips, sort and pages stand in the address and survive a reload', async () => {
  await open('/tasks')
  await page.keyboard.press('/')
  await page.keyboard.type('Many')
  await page.waitForURL(/search=Many/)
  await byId('list-page-next').click()
  await page.waitForURL(/page=2/)
  await byId('list-sort').click()
  await byId('sort-name').click()
  await page.waitForURL(/sort=name$/)
  await byId('sort-name').click()
  await page.waitForURL(/sort=-name/)
  expect(new URL(page.url()).searchParams.has('page')).toBe(false)
  await page.reload()
  await until(() => byId('list-search').inputValue(), 'Many')
  await until(() => byId('row-open').first().textContent(), 'Many 10')
  await byId('list-page-size').selectOption('25')
  await page.waitForURL(/page_size=25/)
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="row-open"]').length === 11)
  await page.getByRole('button', { name: 'Assigned to me' }).click()
  await visible(byId('list-empty'))
  await byId('list-clear').click()
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="row-open"]').length === 12)
  await until(() => byId('list-search').inputValue(), '')
})

test('the filter builder writes JSON Logic and shows it again', async () => {
  await open('/tasks')
  await byId('list-filter').click()
  await byId('filter-add').click()
  await byId('filter-field').selectOption('name')
  await byId('filter-operator').selectOption('like')
  await byId('filter-value').fill('Many 0')
  await byId('filter-apply').click()
  await page.waitForURL(/filter=/)
  expect(JSON.parse(new URL(page.url()).searchParams.get('filter')!)).toEqual({ and: [{ in: ['Many 0', { var: 'name' }] }] })
  await page.waitForFunction(() => document.querySelector('[data-testid="list-count"]')?.getAttribute('data-count') === '10')
  await byId('list-filter').click()
  await until(() => byId('filter-value').inputValue(), 'Many 0')
  await byId('dialog-cancel').click()
})

test('state and assignee are saved from the row', async () => {
  const { results } = await client.get('/api/jobs?page_size=1&sort=id')
  const id = results[0].id
  await open('/jobs?sort=id')
  const row = byId(`job-${id}`)
  const saved = () => page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok())
  await Promise.all([saved(), row.getByTestId('row-state').selectOption('in progress')])
  await row.getByTestId('row-assignee').click()
  await row.getByTestId('row-assignee').fill('adm')
  await Promise.all([saved(), page.getByRole('option', { name: 'admin' }).click()])
  await page.reload()
  await until(() => row.getByTestId('row-state').inputValue(), 'in progress')
  await until(() => row.getByTestId('row-assignee').inputValue(), 'admin')
})

test('an export is followed and downloaded; the request list keeps it', async () => {
  const { results } = await client.get('/api/tasks?name=Two+pictures')
  await open('/tasks')
  const row = byId(`task-${results[0].id}`)
  await open(`/tasks?search=Two+pictures`)
  await row.getByTestId('row-menu').click()
  await byId('menu-export').click()
  await byId('export-format').selectOption('COCO 1.0')
  const [download] = await Promise.all([page.waitForEvent('download'), byId('export-submit').click()])
  expect(download.suggestedFilename()).toEndWith('.zip')
  await open('/requests')
  await untilText(byId('row-status').first(), 'finished')
  expect(await byId('row-download').count()).toBeGreaterThan(0)
})

test('annotations are imported from a file', async () => {
  const { results } = await client.get('/api/tasks?name=Two+pictures')
  const id = results[0].id
  const labelId = (await client.get(`/api/labels?task_id=${id}`)).results[0].id
  const shape = {
    type: 'rectangle',
    label_id: labelId,
    frame: 0,
    group: 0,
    occluded: false,
    attributes: [],
    points: [1, 2, 30, 40],
  }
  await client.send('PUT', `/api/tasks/${id}/annotations`, { version: 0, tags: [], tracks: [], shapes: [shape] })
  await open(`/tasks/${id}`)
  const header = byId(`task-${id}`)
  await header.getByTestId('row-menu').click()
  await byId('menu-export').click()
  await byId('export-format').selectOption('CVAT for images 1.1')
  const [download] = await Promise.all([page.waitForEvent('download'), byId('export-submit').click()])
  await client.send('DELETE', `/api/tasks/${id}/annotations`)
  await header.getByTestId('row-menu').click()
  await byId('menu-import').click()
  await byId('import-format').selectOption('CVAT 1.1')
  await byId('import-mode').selectOption('replace')
  await byId('import-file').setInputFiles({
    name: 'a.zip',
    mimeType: 'application/zip',
    buffer: await readAll(await download.createReadStream()),
  })
  await byId('import-submit').click()
  await visible(byId('toast-info').last())
  await byId('import-submit').waitFor({ state: 'detached' })
  const { shapes } = await client.get(`/api/tasks/${id}/annotations`)
  expect(shapes.map((one: any) => one.points)).toEqual([[1, 2, 30, 40]])
})

const readAll = async (stream: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

test('deleting tells what goes away; the row leaves the list', async () => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'To be deleted', labels: [{ name: 'a' }] })
  await uploadMedia(client, id, [['rocket.jpg', Bun.file(join(demo, 'rocket.jpg'))]])
  await open('/tasks')
  await byId(`task-${id}`).getByTestId('row-menu').click()
  await byId('menu-delete').click()
  expect(await untilText(byId('dialog'), 'To be deleted')).toContain('1 job with 1 frame')
  await byId('dialog-ok').click()
  await byId(`task-${id}`).waitFor({ state: 'detached' })
  expect((await client.raw(`/api/tasks/${id}`)).status).toBe(404)
})

test('when the last row of the last page is gone, the page before is shown', async () => {
  const { results } = await client.get('/api/tasks?search=Many&sort=-name&page_size=10&page=2')
  expect(results).toHaveLength(1)
  await open('/tasks?search=Many&sort=-name&page=2')
  await byId(`task-${results[0].id}`).getByTestId('row-menu').click()
  await byId('menu-delete').click()
  await byId('dialog-ok').click()
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="row-open"]').length === 10)
})

test('several rows are chosen with Shift, assigned and deleted at once', async () => {
  const { results } = await client.get('/api/tasks?search=Many&sort=name&page_size=3')
  const ids: number[] = results.map((task: any) => task.id)
  await open('/tasks?search=Many&sort=name')
  const select = (id: number) => byId(`task-${id}`).getByTestId('row-select')
  await select(ids[0]!).check()
  await select(ids[2]!).click({ modifiers: ['Shift'] })
  await until(() => byId('bulk-count').getAttribute('data-count'), '3')
  await byId('bulk-assignee').fill('admin')
  await byId('bulk-assignee').press('Enter')
  await untilText(byId('toast-info').last(), '3 tasks changed')
  await until(() => byId(`task-${ids[2]}`).getByTestId('row-assignee').inputValue(), 'admin')
  await byId('bulk-count').waitFor({ state: 'detached' })
  for (const id of ids.slice(0, 2)) await select(id).check()
  await byId('bulk-delete').click()
  await untilText(byId('dialog'), 'Delete 2 tasks?')
  await byId('dialog-ok').click()
  await byId(`task-${ids[0]}`).waitFor({ state: 'detached' })
  expect((await client.get('/api/tasks?search=Many')).results.map((task: any) => task.id)).not.toContain(ids[1])
})

test('Ctrl+K goes to a task by a part of its name', async () => {
  await open('/projects')
  await page.keyboard.press('Control+k')
  await byId('palette-input').fill('two pict')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tasks\/\d+$/)
  await until(() => byId('task-title').inputValue(), 'Two pictures')
})

// Before the session ends, which the browser tells about pictures that are just being loaded.
test('nothing broke a rule of the policy', () => expect(complaints).toEqual([]))

test('a list whose session has ended leads to sign-in and back', async () => {
  await open('/tasks')
  await page.context().clearCookies({ name: 'sessionid' })
  await byId('list-search').fill('Two')
  await byId('login-username').waitFor()
  await login()
  await page.waitForURL(/\/tasks\?search=Two$/)
  await until(() => byId('row-open').allTextContents(), ['Two pictures'])
})
