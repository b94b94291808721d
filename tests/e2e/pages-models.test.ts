// Models in a real browser: the list, one model tried on a picture, a task and a job annotated by a form; agents and mistakes say so.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type NuclioServer, startNuclio } from '../../src/server/functions/testing/nuclio-server'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'
import * as quality from './quality-fixture.ts'

setDefaultTimeout(60_000)

const axeSource = readFileSync(join(import.meta.dir, '../../node_modules/axe-core/axe.min.js'), 'utf8')
const picture = join(import.meta.dir, '../../docs/editor.png')

let nuclio: NuclioServer
let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let task: quality.QualityTask
let detector: string
let liar: string
let slow: string
let agent: string

const make = async (body: object) => {
  const { id, provider } = await client.send('POST', '/api/functions', { visibility: 'public', ...body })
  return `${provider === 'native' ? 'agent' : 'http'}-${id}`
}

beforeAll(async () => {
  nuclio = startNuclio()
  pages = await openPages({ env: { ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1' } })
  ;({ page, client, byId, open } = pages)
  const labels_v2 = ['car', 'tree', 'unmapped', 'People'].map((name) => ({ name }))
  detector = await make({ provider: 'http', name: 'Street', kind: 'detector', labels_v2, url: `${nuclio.url}/detector` })
  liar = await make({ provider: 'http', name: 'Liar', kind: 'detector', labels_v2, url: `${nuclio.url}/outside` })
  slow = await make({ provider: 'http', name: 'Slow', kind: 'detector', labels_v2, url: `${nuclio.url}/slow` })
  agent = await make({ provider: 'native', name: 'Far away', kind: 'tracker', supported_shape_types: ['rectangle'] })
  task = await quality.createTask(client, { name: 'Street', pictures: 4, segment: 2 })
})
afterAll(async () => {
  await pages?.close()
  await nuclio?.stop()
})

const shapes = async () => (await client.get(`/api/tasks/${task.id}/annotations`)).shapes as { frame: number; source: string }[]

test('the list shows every model with its kind and whether it would answer; it can be narrowed', async () => {
  await open('/models')
  await untilText(byId(`model-${detector}`), 'Detector · Web address · v1')
  await untilText(byId(`model-${agent}`), 'No agent is running')
  await untilText(byId('model-opencv.scissors'), 'In the editor')
  await byId('list-search').fill('people')
  await byId('model-narrow').click()
  await until(() => byId(`model-${agent}`).count(), 0)
  await visible(byId(`model-${detector}`))
  await byId('list-search').fill('')
  await byId('model-kind').selectOption('tracker')
  await byId('model-narrow').click()
  await until(() => byId(`model-${detector}`).count(), 0)
  await visible(byId(`model-${agent}`))
  await open('/models?search=nothing+like+that')
  await untilText(byId('list-empty'), 'No model fits')
})

test('a model is tried on a picture of one’s own; what goes wrong is said', async () => {
  await open('/models')
  await byId(`model-${detector}`).getByTestId('row-open').click()
  await untilText(byId('model-id'), detector)
  await byId('model-file').setInputFiles(picture)
  await byId('model-threshold').fill('50')
  await byId('model-run').click()
  await visible(byId('model-picture'))
  // A box, a mask and one that scores nothing; the box at 30 % is left out, a tag is no shape.
  await until(() => byId('model-found').count(), 3)
  await untilText(byId('model-result'), '4 objects in')
  await open(`/models/${liar}`)
  await byId('model-file').setInputFiles(picture)
  await byId('model-run').click()
  await untilText(byId('model-problem'), 'lies outside of the picture')
  await byId('model-file').setInputFiles({ name: 'text.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await byId('model-run').click()
  await untilText(byId('model-problem'), 'not a picture')
})

test('a task is annotated: labels are matched, the rest is left out', async () => {
  await open(`/tasks/${task.id}`)
  await byId('row-menu').first().click()
  await byId('menu-auto-annotate').first().click()
  await page.waitForURL(`**/tasks/${task.id}/annotate`)
  await byId('model-select').selectOption(detector)
  await byId('model-choose').click()
  await until(() => byId('model-map-car').inputValue(), 'car')
  await until(() => byId('model-map-People').inputValue(), 'person')
  await until(() => byId('model-map-unmapped').inputValue(), '')
  await byId('model-threshold').fill('50')
  await byId('model-run').click()
  await page.waitForURL('**/requests')
  await until(async () => (await shapes()).map(({ frame, source }) => `${frame} ${source}`).join(), '0 auto,1 auto,2 auto,3 auto')
  await page.reload()
  await untilText(page.locator('tbody tr').first(), 'Automatic annotation')
})

test('only some frames: those that a search finds and that have nothing; none is said so', async () => {
  await open(`/tasks/${task.id}/annotate?model=${detector}`)
  await byId('model-unannotated').check()
  await byId('model-run').click()
  await untilText(byId('model-problem'), 'Every frame is annotated already.')
  await until(() => byId('model-unannotated').isChecked(), true)
  await byId('model-filter').fill('name:nowhere*')
  await byId('model-run').click()
  await untilText(byId('model-problem'), 'No frame fits.')
})

test('the page of the task shows the model at work, and stops it', async () => {
  const before = (await shapes()).length
  await client.send('POST', '/api/lambda/requests', { function: slow, task: task.id, mapping: { car: { name: 'car' } } })
  await open(`/tasks/${task.id}`)
  await visible(byId('task-annotating'))
  const reloaded = page.waitForEvent('load')
  await byId('task-annotating-stop').click()
  await reloaded
  await until(() => byId('task-annotating').count(), 0)
  expect((await shapes()).length).toBe(before)
})

test('a job is annotated anew; nothing chosen and bad numbers are refused on the form', async () => {
  const [job] = task.jobs as [quality.Job]
  await open(`/tasks/${task.id}/annotate?job=${job.id}&model=${detector}`)
  await byId('model-map-car').selectOption('')
  await byId('model-map-People').selectOption('')
  await byId('model-run').click()
  await untilText(byId('model-problem'), 'Choose a label of the task')
  await byId('model-map-car').selectOption('person')
  await byId('model-clean').check()
  await byId('model-threshold').fill('50')
  await byId('model-run').click()
  await page.waitForURL('**/requests')
  const personOn = async () => {
    const { shapes } = await client.get(`/api/tasks/${task.id}/annotations`)
    return shapes
      .filter((shape: any) => shape.label_id === task.person.id)
      .map(({ frame }: any) => frame)
      .join()
  }
  await until(personOn, '0,1')
})

test('nothing serious for axe in either theme; narrow screens do not scroll sideways', async () => {
  for (const path of ['/models', '/models/new', `/models/${detector}`, `/tasks/${task.id}/annotate?model=${detector}`]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await open(path)
      await page.evaluate(axeSource)
      const { violations } = await page.evaluate(() => (globalThis as any).axe.run(document, { resultTypes: ['violations'] }))
      const serious = violations.filter(({ impact }: any) => ['serious', 'critical'].includes(impact))
      expect([path, serious.map(({ id, nodes }: any) => [id, nodes[0].html])]).toEqual([path, []])
    }
    await page.setViewportSize({ width: 390, height: 800 })
    await open(path)
    await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth)
    await page.setViewportSize({ width: 1280, height: 720 })
  }
  expect(pages.complaints.filter((text) => !text.includes('400'))).toEqual([])
})

test('an administrator adds a model behind an address; what is wrong is said', async () => {
  await open('/models')
  await byId('list-create').click()
  await byId('model-name').fill('From the form')
  await byId('model-url').fill(`${nuclio.url}/detector`)
  await byId('model-label-lines').fill('car: circle')
  await byId('model-submit').click()
  await untilText(byId('model-error'), 'is no type of labels')
  await until(() => byId('model-name').inputValue(), 'From the form')
  await byId('model-label-lines').fill('car: rectangle\ntree\nunmapped')
  await byId('model-submit').click()
  await untilText(byId('model-labels'), 'rectangle')
  await byId('model-file').setInputFiles(picture)
  await byId('model-run').click()
  await until(() => byId('model-found').count(), 4)
})

test('a model is removed by its owner', async () => {
  await open(`/models/${liar}`)
  await byId('model-delete').click()
  await page.waitForURL('**/models')
  await until(() => byId(`model-${liar}`).count(), 0)
})
