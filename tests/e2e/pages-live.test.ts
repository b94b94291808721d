// Pages follow what happens without being loaded again, say when the server is gone, and keep their state in the address.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(60_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
})
afterAll(() => pages?.close())

const makeTask = async (name: string, more: object = {}) =>
  (await client.send('POST', '/api/tasks', { name, labels: [{ name: 'car' }], ...more })).id as number
const fill = (task: number) => uploadMedia(client, task, [['coffee.jpg', Bun.file(join(demo, 'coffee.jpg'))]])
/** Opens a page that follows the stream, and marks it, so that a reload would be seen. */
const follow = async (path: string) => {
  await open(path)
  await page.waitForFunction(() => document.documentElement.dataset.live === 'on')
  await page.evaluate(() => document.body.setAttribute('data-same', ''))
}
const expectSame = async () => expect(await page.locator('body[data-same]').count()).toBe(1)
const pictureOf = (row: string) => byId(row).getByTestId('row-preview').locator('img')
/** Whether the picture of a row is there and drawn. */
const isDrawn = (row: string) =>
  pictureOf(row).evaluateAll((all) => all.some((one) => (one as HTMLImageElement).naturalWidth > 0))

test('the page of a task gets its jobs, its button and its numbers when the files arrive', async () => {
  const task = await makeTask('Arriving')
  await follow(`/tasks/${task}`)
  const form = page.locator('[data-live-part="unfinished"] form')
  await visible(form)
  await fill(task)
  await byId('task-open').waitFor()
  await until(() => byId('row-open').count(), 1)
  await form.waitFor({ state: 'detached' })
  await byId('validation-panel').or(byId('job-create')).first().waitFor()
  await expectSame()
})

test('what happens between the reading of a page and the opening of its stream is shown, too', async () => {
  const task = await makeTask('Overtaken')
  await fill(task)
  const [job] = (await client.get(`/api/jobs?task_id=${task}`)).results
  await page.route('**/api/stream?**', async (route) => {
    await client.send('PATCH', `/api/jobs/${job.id}`, { state: 'in progress' })
    await route.continue()
  })
  await follow('/jobs')
  await until(() => byId(`job-${job.id}`).getByTestId('row-state').inputValue(), 'in progress')
  await page.unroute('**/api/stream?**')
  await expectSame()
})

test('rows of tasks get picture and jobs; progress follows the jobs', async () => {
  const project = (await client.send('POST', '/api/projects', { name: 'Live', labels: [{ name: 'car' }] })).id
  const task = await makeTask('Row', { labels: undefined, project_id: project })
  for (const path of ['/tasks', `/projects/${project}`]) {
    await follow(path)
    await byId(`task-${task}`).waitFor()
    if (path === '/tasks') await fill(task)
    await until(() => isDrawn(`task-${task}`), true)
    const [job] = (await client.get(`/api/jobs?task_id=${task}`)).results
    const done = path === '/tasks' ? 'completed' : 'in progress'
    await client.send('PATCH', `/api/jobs/${job.id}`, { stage: 'acceptance' })
    await client.send('PATCH', `/api/jobs/${job.id}`, { state: done })
    await until(() => byId(`task-${task}`).locator('progress').getAttribute('value'), path === '/tasks' ? '1' : '0')
    await expectSame()
  }
  await follow('/projects')
  await until(() => isDrawn(`project-${project}`), true)
})

test('the status of a task follows its jobs', async () => {
  const task = await makeTask('Status')
  await fill(task)
  const [job] = (await client.get(`/api/jobs?task_id=${task}`)).results
  await follow(`/tasks/${task}`)
  const status = byId(`task-${task}`).getByTestId('row-status')
  await until(() => status.getAttribute('data-status'), 'annotation')
  await client.send('PATCH', `/api/jobs/${job.id}`, { stage: 'validation' })
  await until(() => status.getAttribute('data-status'), 'validation')
  await expectSame()
})

test('a request runs from its row to its file', async () => {
  const task = await makeTask('Exported')
  await fill(task)
  await follow('/requests')
  const before = await page.locator('tbody tr').count()
  await client.send('POST', `/api/tasks/${task}/dataset/export?format=COCO%201.0&save_images=false`)
  await until(() => page.locator('tbody tr').count(), before + 1)
  await page.locator('tbody tr').first().getByTestId('row-download').waitFor()
  await expectSame()
})

test('a banner stands while the server cannot be reached, and goes when it is back', async () => {
  const gone = async () => page.context().setOffline(true)
  await follow('/tasks')
  await gone()
  await visible(byId('server-gone'))
  await page.context().setOffline(false)
  await byId('server-gone').waitFor({ state: 'detached' })
  // What happened meanwhile is there.
  await page.route('**/healthz', (route) => route.fulfill({ status: 502, body: '' }))
  await page.evaluate(() => document.dispatchEvent(new CustomEvent('connection-lost')))
  await visible(byId('server-gone'))
  const late = await makeTask('Made meanwhile')
  await page.unroute('**/healthz')
  await byId('server-gone').getByRole('button').click()
  await byId('server-gone').waitFor({ state: 'detached' })
  await byId(`task-${late}`).waitFor()
  await expectSame()
})

test('an error of a script is told to the server once, without what is searched for; what the server refuses is none', async () => {
  await follow('/tasks?search=secret')
  const told = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/events')
  await page.evaluate(() => {
    for (let i = 0; i < 3; i++)
      setTimeout(() => {
        throw new Error('broken on purpose')
      })
  })
  const request = await told
  const { events } = request.postDataJSON()
  expect(events.length).toBe(1)
  expect(events[0].scope).toBe('send:exception')
  expect(JSON.parse(events[0].payload)).toMatchObject({ message: 'broken on purpose', page: '/tasks' })
  expect((await request.response())!.status()).toBe(201)
})

/** A step in the history, which loads the page anew: waits for the new one. */
const step = async (by: 1 | -1, fits: (url: URL) => boolean) => {
  await page.evaluate((n) => {
    document.body.setAttribute('data-left', '')
    history.go(n)
  }, by)
  await page.waitForURL(fits)
  await page.locator('body:not([data-left]) [data-testid="row-open"]').first().waitFor()
}

/** Lists with something in them, a field to sort by, and what else can stand in the address. */
const lists = [
  ['/projects', 'sort-name'],
  ['/tasks', 'sort-name'],
  ['/jobs', 'sort-id'],
  ['/requests', 'sort-created_date'],
] as const

for (const [path, field] of lists)
  test(`Back undoes what changes the list, step by step: ${path}`, async () => {
    await open(path)
    await byId('list-sort').click()
    await byId(field).first().click()
    await page.waitForURL(/sort=/)
    await byId('list-page-size').selectOption('10')
    await page.waitForURL(/page_size=10/)
    const chip = page.locator('#list-tools .chip').first()
    await chip.click()
    await page.waitForURL(/filter=/)
    await step(-1, ({ searchParams }) => searchParams.has('page_size') && !searchParams.has('filter'))
    await until(() => page.locator('#list-tools .chip[aria-pressed="true"]').count(), 0)
    await until(() => byId('list-page-size').inputValue(), '10')
    await step(-1, ({ searchParams }) => searchParams.has('sort') && !searchParams.has('page_size'))
    await step(-1, ({ search }) => search === '')
    await step(1, ({ searchParams }) => searchParams.has('sort'))
  })

test('a search of a list inside a page comes back with Back', async () => {
  const project = (await client.send('POST', '/api/projects', { name: 'Inside', labels: [{ name: 'car' }] })).id
  for (const name of ['one', 'two']) await makeTask(name, { labels: undefined, project_id: project })
  await open(`/projects/${project}`)
  await byId('list-search').fill('two')
  await page.waitForURL(/search=two/)
  await until(() => byId('row-open').allTextContents(), ['two'])
  await byId('row-open').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  await page.goBack()
  await page.waitForURL(/search=two/)
  await untilText(byId('row-open'), 'two')
  await until(() => byId('list-search').inputValue(), 'two')
  await step(-1, ({ search }) => search === '')
  await until(() => byId('row-open').count(), 2)
})
