// The gallery in a real browser: query, completion, thumbnails, address and Back, relabelling with a count, undo, without scripts.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(90_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let projectId: number
let jobId: number

const labels = [
  {
    name: 'cup',
    color: '#e0554f',
    attributes: [{ name: 'colour', input_type: 'select', mutable: false, values: ['white', 'blue'], default_value: 'white' }],
  },
  { name: 'big spoon', color: '#2f80ed', attributes: [] },
]

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  projectId = (await client.send('POST', '/api/projects', { name: 'Kitchen', labels })).id
  const task = await client.send('POST', '/api/tasks', { name: 'Two pictures', project_id: projectId })
  const files = ['coffee.jpg', 'rocket.jpg'].map((name): [string, Blob] => [name, Bun.file(join(demo, name))])
  await uploadMedia(client, task.id, files)
  jobId = (await client.get(`/api/jobs?task_id=${task.id}`)).results[0].id
  const [cup, spoon] = (await client.get(`/api/labels?project_id=${projectId}&sort=id`)).results
  await client.send('PATCH', `/api/jobs/${jobId}/annotations?action=create`, {
    shapes: [
      { type: 'rectangle', label_id: cup.id, frame: 0, points: [180, 70, 420, 300] },
      { type: 'ellipse', label_id: cup.id, frame: 0, points: [300, 160, 400, 90], occluded: true },
      { type: 'polygon', label_id: spoon.id, frame: 0, points: [60, 40, 160, 60, 120, 340] },
      { type: 'rectangle', label_id: spoon.id, frame: 1, points: [250, 40, 340, 380], rotation: 10 },
    ],
    tags: [{ label_id: cup.id, frame: 1 }],
  })
})
afterAll(() => pages?.close())

const countIs = (count: number) =>
  page.waitForFunction(
    (n) => document.querySelector('[data-testid="find-count"]')?.getAttribute('data-count') === String(n),
    count,
  )
const query = async (text: string) => {
  await byId('find-q').fill(text)
  await byId('find-submit').click()
}

test('a query narrows the gallery, stands in the address and comes back with Back', async () => {
  await open(`/projects/${projectId}`)
  await byId('project-find').click()
  await countIs(5)
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLImageElement>('[data-testid="find-card"] img')].every(
      (img) => img.complete && img.naturalWidth > 0,
    ),
  )
  await query('label:cup -occluded')
  await countIs(2)
  expect(new URL(page.url()).searchParams.get('q')).toBe('label:cup -occluded')
  await query('type:ellipse')
  await countIs(1)
  await page.goBack()
  await countIs(2)
  await until(() => byId('find-q').inputValue(), 'label:cup -occluded')
  await query('label:cup (')
  await visible(byId('find-problem'))
  await query('width>10')
  await countIs(4)
  await byId('find-results').selectOption('frames')
  await countIs(2)
})

test('names and values are offered while typing', async () => {
  await open(`/projects/${projectId}/find`)
  await byId('find-q').click()
  await byId('find-q').pressSequentially('lab')
  await visible(byId('find-offer').first())
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await until(() => byId('find-q').inputValue(), 'label:')
  await byId('find-q').pressSequentially('sp')
  await byId('find-offer').filter({ hasText: 'big spoon' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await until(() => byId('find-q').inputValue(), 'label:"big spoon" ')
  await page.keyboard.press('Enter')
  await countIs(2)
})

test('objects are relabelled after a count, and that is undone', async () => {
  await open(`/projects/${projectId}/find?q=label%3Acup`)
  await countIs(3)
  await byId('find-pick').first().check()
  await byId('find-label').selectOption('big spoon')
  await byId('find-relabel').click()
  await page.waitForFunction(
    () => document.querySelector('[data-testid="find-confirm-count"]')?.getAttribute('data-count') === '1',
  )
  await byId('find-cancel').click()
  await countIs(3)
  await byId('find-label').selectOption('big spoon')
  await byId('find-relabel').click()
  await page.waitForFunction(
    () => document.querySelector('[data-testid="find-confirm-count"]')?.getAttribute('data-count') === '3',
  )
  await byId('find-apply').click()
  await countIs(0)
  await visible(byId('find-news'))
  await byId('find-undo').click()
  await countIs(3)
})

test('an object opens in the editor on its frame', async () => {
  await open(`/projects/${projectId}/find?q=rotation%3E0`)
  await countIs(1)
  const address = await byId('find-open').first().getAttribute('href')
  expect(address).toContain(`/jobs/${jobId}?frame=1&type=shape&serverID=`)
})

test('all of it works without scripts', async () => {
  const context = await pages.browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() })
  const plain = await context.newPage()
  await plain.goto(`${pages.server.url}/projects/${projectId}/find`)
  await plain.getByTestId('find-q').fill('type:tag')
  await plain.getByTestId('find-submit').click()
  await plain.getByTestId('find-count').filter({ hasText: '1 object' }).waitFor()
  await plain.getByTestId('find-delete').click()
  await plain.getByTestId('find-apply').click()
  await plain.getByTestId('find-count').filter({ hasText: '0 objects' }).waitFor()
  await plain.getByTestId('find-undo').click()
  await plain.getByTestId('find-count').filter({ hasText: '1 object' }).waitFor()
  await context.close()
})

test('nothing was complained about', async () => {
  if (process.env.FIND_SHOTS) {
    await page.setViewportSize({ width: 1280, height: 720 })
    await open(`/projects/${projectId}/find`)
    await countIs(5)
    await page.waitForLoadState('networkidle')
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.screenshot({ path: `${process.env.FIND_SHOTS}/${scheme}.png` })
    }
  }
  expect(pages.complaints).toEqual([])
})
