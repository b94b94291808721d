// New projects and tasks in a real browser: labels, files, uploads that break.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import sharp from 'sharp'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(60_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let complaints: PagesFixture['complaints']
let byId: PagesFixture['byId']
let open: PagesFixture['open']

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, complaints, byId, open } = pages)
})
afterAll(() => pages?.close())

test('an empty list offers the next step; a project is made with labels and attributes', async () => {
  await open('/projects')
  await visible(byId('list-empty'))
  await byId('list-create').click()
  await byId('project-name').fill('مشروع Street <b>scenes</b>')
  await byId('label-add').click()
  await byId('label-name').fill('car')
  await byId('label-color').fill('#ff0000')
  await byId('label-attribute-add').click()
  await byId('label-attribute-name').fill('make')
  for (const value of ['red', 'blue']) {
    await byId('label-attribute-values').fill(value)
    await byId('label-attribute-values').press('Enter')
  }
  await byId('label-attribute-default').selectOption('blue')
  await byId('label-continue').click()
  await byId('label-name').fill('person')
  await byId('label-type').selectOption('rectangle')
  await byId('label-save').click()
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  await until(() => byId('project-title').inputValue(), 'مشروع Street <b>scenes</b>')
  const { results } = await client.get('/api/labels?project_id=1')
  expect(results.map(({ name, type, color }: any) => [name, type, color === '#ff0000'])).toEqual([
    ['car', 'any', true],
    ['person', 'rectangle', false],
  ])
  expect(results[0].attributes[0]).toMatchObject({
    name: 'make',
    input_type: 'select',
    values: ['red', 'blue'],
    default_value: 'blue',
  })
})

test('labels of a project are edited in place and as raw text', async () => {
  const [label] = (await client.get('/api/labels?project_id=1')).results
  await byId(`label-${label.id}`).getByRole('button').first().click()
  await byId('label-name').fill('vehicle')
  await byId('label-save').click()
  await untilText(byId(`label-${label.id}`), 'vehicle')
  await byId('label-raw').click()
  const raw = JSON.parse(await byId('label-raw-text').inputValue())
  await byId('label-raw-text').fill(JSON.stringify([...raw, { name: 'vehicle' }]))
  await byId('label-raw-apply').click()
  await untilText(byId('label-error'), 'vehicle')
  await byId('label-raw-text').fill(JSON.stringify([...raw.slice(0, 1), { name: 'tree', type: 'polygon' }]))
  await byId('label-raw-apply').click()
  await untilText(byId('dialog'), 'person')
  await byId('dialog-ok').click()
  await byId('label-raw-text').waitFor({ state: 'detached' })
  const { results } = await client.get('/api/labels?project_id=1')
  expect(results.map((one: any) => one.name)).toEqual(['vehicle', 'tree'])
})

test('a task is made from two pictures of the disk', async () => {
  await open('/tasks/create?project_id=1')
  await byId('task-name').fill('Two pictures')
  await byId('task-advanced').click()
  await byId('task-segment').fill('1')
  await byId('task-overlap').fill('1')
  await byId('task-files').setInputFiles([join(demo, 'coffee.jpg'), join(demo, 'rocket.jpg')])
  await byId('task-submit').click()
  await untilText(byId('task-error'), 'overlap')
  await byId('task-overlap').fill('0')
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  const { results } = await client.get('/api/tasks?name=Two+pictures')
  expect([results[0].size, results[0].jobs.count, results[0].project_id, results[0].image_quality]).toEqual([2, 2, 1, 70])
  await byId('row-open').first().waitFor()
  await until(() => byId('row-open').count(), 2)
})

test('a file that is no picture is named in the error, and no half task stays', async () => {
  await open('/tasks/create')
  await byId('task-name').fill('Broken')
  await byId('label-add').click()
  await byId('label-name').fill('thing')
  await byId('label-save').click()
  await byId('task-files').setInputFiles({
    name: 'broken.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.from('this is no picture'),
  })
  await byId('task-submit').click()
  await untilText(byId('task-error'), 'broken.jpg')
  expect((await client.get('/api/tasks?name=Broken')).count).toBe(0)
})

test('a large file goes on after the connection broke', async () => {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 80 }
  const picture = sharp({ create: { width: 1600, height: 1300, channels: 3, background: '#000', noise } })
  const buffer = await picture.png({ compressionLevel: 0 }).toBuffer()
  let broken = 0
  await page.route('**/data/*', async (route) => {
    if (route.request().method() === 'PATCH' && broken < 2) {
      broken++
      await route.abort('connectionreset')
    } else await route.continue()
  })
  await open('/tasks/create?project_id=1')
  await byId('task-name').fill('Large')
  await byId('task-files').setInputFiles({ name: 'ضجيج.png', mimeType: 'image/png', buffer })
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  await page.unroute('**/data/*')
  expect(broken).toBe(2)
  expect((await client.get('/api/tasks?name=Large')).results[0].size).toBe(1)
  expect(complaints.filter((text) => !text.includes('ERR_CONNECTION_RESET'))).toEqual([])
  complaints.length = 0
})

test('a task without files takes them on its own page', async () => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'Empty', project_id: 1 })
  await open(`/tasks/${id}`)
  await byId('task-submit').click()
  await visible(page.getByText('Choose the files of the task.'))
  await byId('task-files').setInputFiles(join(demo, 'chelsea.jpg'))
  await byId('task-submit').click()
  await byId('task-open').waitFor()
  expect((await client.get(`/api/tasks/${id}`)).size).toBe(1)
})
