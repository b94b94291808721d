// The administration in a real browser: figures of a day as charts, and a disk that is freed at a click, with and without scripts.
import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

setDefaultTimeout(60_000)

const minuteMs = 60_000
const picture = Bun.file(join(import.meta.dir, '../../public/demo/coffee.jpg'))
let pages: PagesFixture
beforeAll(async () => {
  pages = await openPages()
})
afterAll(() => pages?.close())

/** What a server would have kept in the last hours. */
const writeSamples = (server: string, minutes: number) => {
  const db = new Database(join(pages.server.dataDir, 'events.db'))
  db.exec('PRAGMA busy_timeout=5000; BEGIN IMMEDIATE')
  const insert = db.query('insert into server_samples (key, server, at, figures) values (?, ?, ?, ?)')
  for (let i = minutes; i > 0; i--) {
    const wave = Math.sin(i / 40)
    const figures = {
      ...{ requests: 20 + 12 * wave, errors: i % 97 ? 0 : 0.4, p50: 4 + wave, p95: 22 + 9 * wave, p99: 60 + 30 * wave },
      ...{
        waiting: Math.max(0, Math.round(8 * wave)),
        running: 2,
        failed: 1,
        oldest: Math.max(0, 90 * wave),
        saves: 0.6 + 0.3 * wave,
      },
      ...{ hits: 5 + 2 * wave, misses: 0.4, disk: 0.62, memory: (120 + 10 * wave) * 2 ** 20, processor: 0.3 + 0.2 * wave },
      ...{ files: 40, streams: 6 },
    }
    const at = Date.now() - i * minuteMs
    insert.run(`${server} ${at}`, server, at, JSON.stringify(figures))
  }
  db.exec('COMMIT')
  db.close()
}

test('charts show what was counted, each with its numbers below; another server is chosen by a form', async () => {
  const { page, byId, open, complaints } = pages
  await open('/admin/figures')
  await visible(byId('figures-requests'))
  const mine = await byId('figures-of').getAttribute('data-server')
  writeSamples(mine!, 350)
  writeSamples('second.example:8080', 30)
  await open('/admin/figures?hours=6')
  await until(() => page.locator('.chart-area canvas').count(), 10)
  expect(Number(await byId('figures-of').getAttribute('data-samples'))).toBeGreaterThan(200)
  await byId('figures-chart-memory').locator('summary').click()
  await untilText(byId('figures-chart-memory').locator('table.grid-table'), 'MiB')
  await byId('figures-server').selectOption('second.example:8080')
  await byId('figures-hours').selectOption('1')
  await byId('figures-apply').click()
  await page.waitForURL(/server=second/)
  await until(() => byId('figures-of').getAttribute('data-server'), 'second.example:8080')
  expect(await byId('figures-of').getAttribute('data-samples')).toBe('30')
  expect(complaints).toEqual([])
})

test('the disk is shown by place, organization and task; without scripts one click frees what is not needed', async () => {
  const { client, server, browser, page } = pages
  await client.send('POST', '/api/organizations', { slug: 'lab', name: 'Lab' })
  const { id } = await client.send('POST', '/api/tasks?org=lab', { name: 'Heavy', labels: [{ name: 'cup' }] })
  await uploadMedia(client, id, [['coffee.jpg', picture]])
  await client.raw(`/api/tasks/${id}/preview`)
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() })
  try {
    const still = await plain.newPage()
    await still.goto(`${server.url}/admin/storage?again=1`)
    await visible(still.getByTestId(`usage-${id}`))
    await untilText(still.getByTestId('usage-organization-0'), 'lab')
    const bytesOf = async (name: string) =>
      Number(await still.getByTestId(`place-${name}`).getByTestId('place-bytes').getAttribute('data-bytes'))
    const before = await bytesOf('cache')
    await still.getByTestId('storage-free-all').click()
    await untilText(still.getByTestId('cache-freed'), 'were freed')
    expect(await bytesOf('cache')).toBeLessThan(before)
    await visible(still.getByTestId('results-free'))
  } finally {
    await plain.close()
  }
})

test('health tells that nothing is backed up', async () => {
  const { byId, open } = pages
  await open('/admin')
  await until(() => byId('health-backups').getByTestId('row-status').getAttribute('data-status'), 'warning')
  await untilText(byId('health-backups'), 'ANNOLITH_BACKUP_TARGET')
})

const shots = process.env.SCREENSHOTS
test.skipIf(!shots)('pictures of both themes and widths', async () => {
  const { page, open } = pages
  for (const path of ['figures', 'storage'])
    for (const scheme of ['light', 'dark'] as const)
      for (const width of [1280, 390]) {
        await page.emulateMedia({ colorScheme: scheme })
        await page.setViewportSize({ width, height: 900 })
        await open(`/admin/${path}`)
        await page.waitForTimeout(1200)
        await page.screenshot({ path: `${shots}/${path}-${scheme}-${width}.png`, fullPage: width === 1280 })
      }
})
