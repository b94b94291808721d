// Ways through the pages: by keyboard alone, by touch on a narrow screen, and from tab to tab; dialogs keep the focus and give it back.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, visible } from './pages-fixture.ts'

const root = join(import.meta.dir, '../..')
const demo = join(root, 'public/demo')
const axeSource = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')

setDefaultTimeout(120_000)

let pages: PagesFixture
let page: Page
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let touch: Page
let touchContext: BrowserContext
let projectId: number
let taskId: number
let jobId: number

beforeAll(async () => {
  pages = await openPages()
  ;({ page, byId, open } = pages)
  const { client } = pages
  projectId = (await client.send('POST', '/api/projects', { name: 'Kitchen', labels: [{ name: 'cup' }, { name: 'spoon' }] })).id
  taskId = (await client.send('POST', '/api/tasks', { name: 'Breakfast', project_id: projectId })).id
  await uploadMedia(client, taskId, [['coffee.jpg', Bun.file(join(demo, 'coffee.jpg'))]])
  jobId = (await client.get(`/api/jobs?task_id=${taskId}`)).results[0].id
  const [cup] = (await client.get(`/api/labels?project_id=${projectId}&sort=id`)).results
  await client.send('PATCH', `/api/jobs/${jobId}/annotations?action=create`, {
    shapes: [10, 60, 110].map((x) => ({ type: 'rectangle', label_id: cup.id, frame: 0, points: [x, 10, x + 40, 90] })),
  })
  touchContext = await pages.browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    storageState: await page.context().storageState(),
  })
  touch = await touchContext.newPage()
  touch.setDefaultTimeout(15_000)
  touch.on('console', (message) => message.type() === 'error' && pages.complaints.push(message.text()))
})
afterAll(async () => {
  await touchContext?.close()
  await pages?.close()
})

const focusedTestId = (on: Page = page) => on.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid ?? '')
/** Serious findings of axe-core in what is open now. */
const inspect = async (on: Page): Promise<string[]> => {
  await on.evaluate(axeSource)
  const { violations } = await on.evaluate(() => (globalThis as any).axe.run(document, { resultTypes: ['violations'] }))
  return violations
    .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }: any) => `${id}: ${nodes[0].html.slice(0, 160)}`)
}

test('the first Tab offers to skip the navigation', async () => {
  await open('/projects')
  await page.keyboard.press('Tab')
  await until(() => page.evaluate(() => document.activeElement?.classList.contains('skip')), true)
  const box = await page.locator('.skip').boundingBox()
  expect(box!.y).toBeGreaterThanOrEqual(0)
  await page.keyboard.press('Enter')
  await until(() => page.evaluate(() => document.activeElement?.id), 'content')
})

test('what has the focus shows it', async () => {
  await open('/projects')
  for (let i = 0; i < 14; i++) {
    await page.keyboard.press('Tab')
    const shown = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(document.activeElement!)
      return { name: document.activeElement!.outerHTML.slice(0, 80), ok: (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none', borderColor } // biome-ignore format: one line
    })
    expect(shown).toMatchObject({ ok: true })
  }
})

/** Every dialog: how it is opened by keyboard, what is in it, and what has the focus afterwards. */
const dialogs: { name: string; path: () => string; open: () => Promise<void>; inside: string; back: string }[] = [
  ...['menu-delete', 'menu-export', 'menu-import'].map((entry) => ({
    name: entry,
    path: () => '/tasks',
    open: async () => {
      await byId('row-menu').first().focus()
      await page.keyboard.press('Enter')
      await visible(byId(entry))
      await byId(entry).focus()
      await page.keyboard.press('Enter')
    },
    inside: { 'menu-delete': 'dialog-ok', 'menu-export': 'export-submit', 'menu-import': 'import-submit' }[entry]!,
    back: 'row-menu',
  })),
  {
    name: 'filter',
    path: () => '/tasks',
    open: async () => {
      await byId('list-filter').focus()
      await page.keyboard.press('Enter')
    },
    inside: 'filter-node',
    back: 'list-filter',
  },
  {
    name: 'palette',
    path: () => '/jobs',
    open: async () => {
      await byId('nav-jobs').focus()
      await page.keyboard.press('Control+k')
    },
    inside: 'palette-input',
    back: 'nav-jobs',
  },
]

for (const { name, path, open: openIt, inside, back } of dialogs)
  test(`dialog: ${name} keeps the focus, Escape closes it and gives it back`, async () => {
    await open(path())
    await openIt()
    await visible(byId(inside).first())
    expect(await inspect(page)).toEqual([])
    const isOutside = () =>
      page.evaluate(() => {
        const at = document.activeElement
        return at !== document.body && !at?.closest('dialog[open], :popover-open') ? at?.outerHTML.slice(0, 200) : false
      })
    for (let i = 0; i < 25; i++) {
      await page.keyboard.press(i % 5 === 4 ? 'Shift+Tab' : 'Tab')
      expect([i, await isOutside()]).toEqual([i, false])
    }
    await byId(inside).first().waitFor()
    await page.keyboard.press('Escape')
    // A list of a field in the dialog closes first.
    if (await byId(inside).first().isVisible()) await page.keyboard.press('Escape')
    await byId(inside).first().waitFor({ state: 'hidden' })
    await until(() => focusedTestId(), back)
  })

test('a menu is walked with arrows and closes with Escape, which gives the focus back', async () => {
  await open('/tasks')
  await byId('row-menu').first().focus()
  await page.keyboard.press('Enter')
  await visible(byId('menu-delete'))
  await until(() => page.evaluate(() => document.activeElement?.getAttribute('role')), 'menuitem')
  const first = await focusedTestId()
  await page.keyboard.press('ArrowDown')
  await until(async () => (await focusedTestId()) !== first, true)
  await page.keyboard.press('ArrowUp')
  await until(() => focusedTestId(), first)
  await page.keyboard.press('Escape')
  await byId('menu-delete').waitFor({ state: 'detached' })
  await until(() => focusedTestId(), 'row-menu')
})

test('tabs of the administration lead from page to page and tell which is open', async () => {
  await open('/admin')
  for (const tab of ['users', 'groups', 'storage', 'audit-log', 'webhooks', 'settings', 'health']) {
    await byId(`admin-tab-${tab}`).click()
    await page.locator(`[data-testid="admin-tab-${tab}"][aria-current="page"]`).waitFor()
  }
})

test('the top bar, a project and a task lead to the gallery; examples of the help are searches', async () => {
  await open('/projects')
  await byId('nav-find').click()
  await byId('find-count').filter({ hasText: '3 objects' }).waitFor()
  await open(`/tasks/${taskId}`)
  await byId('task-find').click()
  await page.waitForURL(`${pages.server.url}/tasks/${taskId}/find`)
  await byId('find-help').locator('summary').click()
  await byId('find-example').filter({ hasText: 'label:car,truck' }).click()
  await byId('find-count').filter({ hasText: '0 objects' }).waitFor()
  expect(new URL(page.url()).searchParams.get('q')).toBe('label:car,truck')
})

test('by keyboard: models are searched, one is looked at, and the browser leads back', async () => {
  await open('/tasks')
  await byId('nav-models').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(`${pages.server.url}/models`)
  await byId('model-list').waitFor()
  expect(await inspect(page)).toEqual([])
  await byId('list-search').focus()
  await page.keyboard.type('scissors')
  await page.keyboard.press('Enter')
  await page.waitForURL(/search=scissors/)
  await until(() => byId('model-list').locator('li').count(), 1)
  await byId('row-open').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/models\/opencv\.scissors$/)
  await page.getByRole('heading', { name: 'Intelligent scissors' }).first().waitFor()
  expect(await inspect(page)).toEqual([])
  await page.goBack()
  await until(() => byId('list-search').inputValue(), 'scissors')
})

test('what the server is: a dialog from every page and a page of its own, whose links lead somewhere', async () => {
  await open('/models')
  await byId('user-menu').focus()
  await page.keyboard.press('Enter')
  await visible(byId('user-menu-about'))
  await byId('user-menu-about').focus()
  await page.keyboard.press('Enter')
  await visible(byId('dialog').getByTestId('about'))
  await page.keyboard.press('Escape')
  await byId('dialog').waitFor({ state: 'detached' })
  await open('/about')
  await visible(byId('about').getByTestId('brand-name'))
  expect(await inspect(page)).toEqual([])
  const links = await byId('about')
    .locator('a')
    .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
  expect(links.length).toBeGreaterThan(1)
  const answers = await Promise.all(links.map(async (link) => [link, (await page.request.get(link)).status()]))
  expect(answers).toEqual(links.map((link) => [link, 200]))
})

const tapOn = (id: string) => touch.getByTestId(id).first().tap()
const noSidewaysScroll = async () =>
  expect(
    await touch.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBeLessThanOrEqual(0)

test('by touch: from the projects to an object in the gallery, which gets another label', async () => {
  await touch.goto(`${pages.server.url}/projects`)
  await noSidewaysScroll()
  await tapOn('row-open')
  await touch.waitForURL(`${pages.server.url}/projects/${projectId}`)
  await noSidewaysScroll()
  await tapOn('project-find')
  await touch.getByTestId('find-count').filter({ hasText: '3 objects' }).waitFor()
  await noSidewaysScroll()
  await tapOn('find-pick')
  await touch.getByTestId('find-label').selectOption('spoon')
  await tapOn('find-relabel')
  await touch.locator('[data-testid="find-confirm-count"][data-count="1"]').waitFor()
  await noSidewaysScroll()
  await tapOn('find-apply')
  await touch.getByTestId('find-news').waitFor()
  await tapOn('find-undo')
  await touch.getByTestId('find-news').filter({ hasText: 'Undone' }).waitFor()
})

test('by touch: a project with a label is made', async () => {
  await touch.goto(`${pages.server.url}/projects/create`)
  await touch.getByTestId('project-name').fill('By finger')
  await tapOn('label-add')
  await touch.getByTestId('label-name').fill('leaf')
  await tapOn('label-save')
  await touch.getByTestId('label-new-1').or(touch.getByTestId('label-new-0')).first().waitFor()
  await noSidewaysScroll()
  await tapOn('project-submit')
  await touch.waitForURL(/\/projects\/\d+$/)
  await noSidewaysScroll()
})

test('by touch: the menu of a row, its dialog, and the palette of commands fit the screen', async () => {
  await touch.goto(`${pages.server.url}/tasks`)
  await tapOn('row-menu')
  await touch.getByTestId('menu-delete').waitFor()
  const menu = await touch.locator(':popover-open').boundingBox()
  expect(menu!.x).toBeGreaterThanOrEqual(0)
  expect(menu!.x + menu!.width).toBeLessThanOrEqual(390)
  await tapOn('menu-delete')
  await touch.getByTestId('dialog-cancel').waitFor()
  const dialog = await touch.getByTestId('dialog').boundingBox()
  expect(dialog!.x + dialog!.width).toBeLessThanOrEqual(390)
  await tapOn('dialog-cancel')
  await touch.getByTestId('dialog').waitFor({ state: 'detached' })
})

test('by touch: a job is given a state, and settings are kept', async () => {
  await touch.goto(`${pages.server.url}/jobs`)
  const saved = touch.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok())
  await touch.getByTestId('row-state').first().selectOption('in progress')
  await saved
  await touch.goto(`${pages.server.url}/settings`)
  await touch.getByTestId('setting-theme').selectOption('dark')
  await tapOn('settings-submit')
  await touch.getByTestId('settings-saved').waitFor()
  expect(await touch.locator('html').getAttribute('data-theme')).toBe('dark')
  await noSidewaysScroll()
})

test('by touch: a kind of model is chosen and one opened; what the server is fits the screen', async () => {
  await touch.goto(`${pages.server.url}/models`)
  await noSidewaysScroll()
  await touch.getByTestId('model-kind').selectOption('tracker')
  await tapOn('model-narrow')
  await touch.waitForURL(/kind=tracker/)
  await until(() => touch.locator('[data-testid="model-list"] li:not([data-kind="tracker"])').count(), 0)
  await tapOn('row-open')
  await touch.waitForURL(/\/models\/[^?]+$/)
  await noSidewaysScroll()
  expect(await inspect(touch)).toEqual([])
  await touch.goto(`${pages.server.url}/about`)
  await touch.getByTestId('about').waitFor()
  await noSidewaysScroll()
  expect(await inspect(touch)).toEqual([])
})

test('the pages complained about nothing', () => expect(pages.complaints).toEqual([]))
