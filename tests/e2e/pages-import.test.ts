// The import dialog in a real browser: a file is looked at, what does not fit is settled, then it is imported.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(60_000)

let pages: PagesFixture
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let taskId: number

beforeAll(async () => {
  pages = await openPages()
  ;({ client, byId } = pages)
  taskId = (await client.send('POST', '/api/tasks', { name: 'Pictures', labels: [{ name: 'Rocket' }] })).id
  const picture = Bun.file(join(demo, 'rocket.jpg'))
  await uploadMedia(client, taskId, [
    ['one.jpg', picture],
    ['two.jpg', picture],
  ])
})
afterAll(() => pages?.close())

const coco = (names: string[], labels: string[]) => ({
  images: names.map((file_name, at) => ({ id: at + 1, file_name, width: 100, height: 100 })),
  categories: labels.map((name, at) => ({ id: at + 1, name })),
  annotations: names.map((_, at) => ({
    id: at + 1,
    image_id: at + 1,
    category_id: (at % labels.length) + 1,
    bbox: [1, 2, 3, 4],
    segmentation: [],
  })),
})

const openDialog = async (content: string) => {
  await pages.open(`/tasks/${taskId}`)
  await byId(`task-${taskId}`).getByTestId('row-menu').click()
  await byId('menu-import').click()
  await byId('import-format').selectOption({ label: 'Found from the file' })
  await byId('import-file').setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(content) })
}
const control = (id: string, name: string) => pages.page.locator(`[data-testid="${id}"][data-name="${name}"]`)
const shapes = async () => (await client.get(`/api/tasks/${taskId}/annotations`)).shapes

test('names that differ are proposed, others are made or left out', async () => {
  await openDialog(JSON.stringify(coco(['x/ONE.jpg', 'two.jpg', 'strange.jpg'], ['rocket', 'satellite'])))
  await byId('import-check').click()
  await untilText(byId('import-detected'), 'COCO 1.0')
  await untilText(byId('import-counts'), '3 annotations: 3 rectangles')
  await untilText(byId('import-matches'), '1 of 3 pictures match frames. Labels that match: none.')
  expect(await byId('import-format').inputValue()).toBe('COCO 1.0')
  expect(await control('import-label', 'rocket').inputValue()).toBe('Rocket')
  expect(await control('import-frame', 'x/ONE.jpg').inputValue()).toBe('one.jpg')
  expect(await control('import-frame', 'strange.jpg').inputValue()).toBe('')
  await byId('import-submit').click()
  await byId('import-submit').waitFor({ state: 'detached' })
  expect((await shapes()).map(({ frame }: any) => frame)).toEqual([0, 1])
  const { results } = await client.get(`/api/labels?task_id=${taskId}`)
  expect(results.map(({ name }: any) => name)).toEqual(['Rocket', 'satellite'])
})

test('with the format left to the file, what fits is imported at once and what does not is shown first', async () => {
  await openDialog(JSON.stringify(coco(['two.jpg'], ['Rocket'])))
  await byId('import-submit').click()
  await byId('import-submit').waitFor({ state: 'detached' })
  expect(await shapes()).toMatchObject([{ frame: 1 }])
  await openDialog(JSON.stringify(coco(['two.jpg', 'lost.jpg'], ['Rocket'])))
  await byId('import-submit').click()
  await untilText(byId('import-error'), 'Look at what the file holds')
  await visible(control('import-frame', 'lost.jpg'))
  await control('import-frame', 'lost.jpg').fill('one.jpg')
  await byId('import-submit').click()
  await byId('import-submit').waitFor({ state: 'detached' })
  expect((await shapes()).map(({ frame }: any) => frame).sort()).toEqual([0, 1])
})

test('problems are named, and nothing is changed', async () => {
  const broken = coco(['two.jpg'], ['Rocket'])
  broken.annotations[0]!.bbox = [1, 2, -3, 4]
  await openDialog(JSON.stringify(broken))
  await byId('import-check').click()
  await untilText(byId('import-problems'), 'must not be negative')
  await byId('import-submit').click()
  await untilText(byId('import-error'), "item 'annotations[0]'")
  await openDialog('hello')
  await byId('import-check').click()
  await untilText(byId('import-problems'), 'The files are of no known format')
  expect(await shapes()).toHaveLength(2)
  expect(pages.complaints).toEqual([])
})
