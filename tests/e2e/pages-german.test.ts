// The pages in German: nothing English is left over, dates and numbers are written as there, dialogs of scripts included.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, visible } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(180_000)

let pages: PagesFixture
let page: PagesFixture['page']
let byId: PagesFixture['byId']
const made = { project: 0, task: 0, job: 0, hook: 0 }

beforeAll(async () => {
  pages = await openPages({ env: { ANNOLITH_SIGN_UP: 'open' } })
  ;({ page, byId } = pages)
  const { client, server } = pages
  const labels = [
    {
      name: 'Tasse',
      attributes: [{ name: 'Farbe', input_type: 'select', mutable: false, values: ['rot'], default_value: 'rot' }],
    },
    { name: 'Löffel' },
  ]
  const project = await client.send('POST', '/api/projects', { name: 'Küche', labels })
  const task = await client.send('POST', '/api/tasks', { name: 'Zwei Aufnahmen', project_id: project.id })
  await uploadMedia(client, task.id, [['kaffee.jpg', Bun.file(join(demo, 'coffee.jpg'))]])
  const { results: jobs } = await client.get(`/api/jobs?task_id=${task.id}`)
  const { results: known } = await client.get(`/api/labels?project_id=${project.id}`)
  await client.send('PATCH', `/api/jobs/${jobs[0].id}/annotations?action=create`, {
    shapes: [{ type: 'rectangle', label_id: known[0].id, frame: 0, points: [10, 10, 90, 90] }],
  })
  const hook = await client.send('POST', '/api/webhooks', {
    target_url: 'https://example.com/x',
    type: 'project',
    project_id: project.id,
    events: ['create:task'],
  })
  await client.send('POST', '/api/organizations', { slug: 'verein', name: 'Verein' })
  Object.assign(made, { project: project.id, task: task.id, job: jobs[0].id, hook: hook.id })
  await page.context().addCookies([{ name: 'language', value: 'de', url: server.url }])
})
afterAll(() => pages?.close())

/** Common English words that are no German ones, nor names of ours or of the API. */
const english =
  /\b(the|and|of|with|for|from|are|your|you|this|that|these|those|which|what|when|where|who|not|none|no|all|add|new|save|saved|cancel|delete|remove|create|created|updated|edit|close|open|search|show|choose|there|owner|assignee|missing|project|projects|tasks?|jobs?|frames?|files?|size|state|stage|settings|password|user|users|members?|storage|storages|requests?|please|first|last|next|previous|yes|download|upload|sign|account|actions?|details|loading|nothing|objects?)\b/i

/** What is the same in every language: names of programs and parts of addresses, words of the query language and the API, values of options. */
const allowed = ['Annolith', 'Webhook', 'Webhooks', 'API', 'OpenCV', 'Markdown', 'English', 'Backup', '„none“']

/** Texts and labels that people see or hear, without what they wrote themselves and what is code. */
const readTexts = () =>
  page.evaluate(() => {
    const found: string[] = []
    const skipped = 'script, style, code, pre, kbd, template, [data-german-skip], .font-mono, textarea, [lang]:not(html)'
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement!
      if (!parent.closest(skipped) && parent.checkVisibility()) found.push(node.textContent!.trim())
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      if (!element.closest(skipped))
        for (const name of ['aria-label', 'title', 'placeholder']) found.push(element.getAttribute(name)?.trim() ?? '')
    return [document.title, ...found].filter(Boolean)
  })

const listEnglish = async () =>
  (await readTexts()).filter((text) => {
    // Events are named as the API names them.
    const rest = allowed.reduce((left, word) => left.replaceAll(word, ''), text).replace(/\w+:\w+/g, '')
    return english.test(rest)
  })

const listOf = () => [
  '/projects',
  '/projects?search=nichts',
  '/projects/create',
  `/projects/${made.project}`,
  `/projects/${made.project}/find`,
  `/projects/${made.project}/find?q=nichts:1`,
  `/projects/${made.project}/find?q=(`,
  '/find',
  `/tasks/${made.task}/quality`,
  '/analytics',
  '/organization',
  `/projects/${made.project}/guide?edit=1`,
  `/projects/${made.project}/webhooks`,
  `/projects/${made.project}/webhooks/create`,
  `/webhooks/${made.hook}`,
  '/tasks',
  '/tasks/create',
  `/tasks/${made.task}`,
  '/jobs',
  '/requests',
  '/cloudstorages',
  '/cloudstorages/create',
  '/models',
  '/profile',
  '/settings',
  '/about',
  '/welcome',
  '/organizations/create',
  '/invitations',
  '/admin',
  '/admin/users',
  '/admin/users/create',
  '/admin/groups',
  '/admin/settings',
  '/admin/storage',
  '/admin/figures',
  '/admin/audit',
  '/admin/webhooks',
  '/tasks/999999',
]

test('no page has English left over', async () => {
  const left: string[] = []
  for (const path of listOf()) {
    await pages.open(path)
    expect([path, await page.locator('html').getAttribute('lang')]).toEqual([path, 'de'])
    for (const text of await listEnglish()) left.push(`${path}: ${text}`)
    // German words are longer: nothing may be wider than the screen because of them.
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 720 })
      await page
        .waitForFunction((wanted) => innerWidth === wanted && document.documentElement.scrollWidth <= innerWidth, width)
        .catch(() => left.push(`${path} is too wide at ${width}`))
    }
    await page.setViewportSize({ width: 1280, height: 720 })
  }
  expect(left).toEqual([])
})

test('pages of strangers are German by cookie and by the wish of the browser', async () => {
  const context = await pages.browser.newContext({ locale: 'de-DE', viewport: { width: 1280, height: 720 } })
  const stranger = await context.newPage()
  const told: string[] = []
  for (const path of [
    '/auth/login',
    '/auth/register',
    '/auth/password/reset',
    '/auth/email-confirmation',
    '/auth/login?problem=provider',
  ]) {
    await stranger.goto(pages.server.url + path)
    const text = await stranger.locator('main').textContent()
    if (english.test((text ?? '').replaceAll('Annolith', ''))) told.push(`${path}: ${text}`)
  }
  expect(told).toEqual([])
  await stranger.goto(`${pages.server.url}/auth/login`)
  await stranger.getByTestId('login-username').fill('admin')
  await stranger.getByTestId('login-password').fill('falsch')
  await stranger.getByTestId('login-submit').click()
  await stranger.getByTestId('login-error').filter({ hasText: 'passen nicht zusammen' }).waitFor()
  await context.close()
})

test('what scripts open is German too', async () => {
  const left: string[] = []
  const look = async (where: string) => {
    for (const text of await listEnglish()) left.push(`${where}: ${text}`)
  }
  await pages.open('/tasks')
  await byId('row-menu').first().click()
  await visible(byId('menu-delete'))
  await look('menu')
  await byId('menu-delete').click()
  await visible(byId('dialog'))
  await look('deletion')
  await byId('dialog-cancel').click()
  await byId('dialog').waitFor({ state: 'detached' })
  await byId('row-menu').first().click()
  await byId('menu-export').click()
  await visible(byId('export-format'))
  await look('export')
  await page.keyboard.press('Escape')
  await byId('export-format').waitFor({ state: 'detached' })
  await byId('row-menu').first().click()
  await byId('menu-import').click()
  await visible(byId('import-file'))
  await look('import')
  await page.keyboard.press('Escape')
  await byId('import-file').waitFor({ state: 'detached' })
  await byId('row-select').first().check()
  await visible(byId('bulk-count'))
  await look('bulk')
  await byId('bulk-clear').click()
  await byId('list-filter').click()
  await visible(byId('filter-node').first())
  await byId('filter-add').first().click()
  await visible(byId('filter-rule').first())
  await look('filter')
  await pages.open('/projects')
  await page.keyboard.press('Control+k')
  await visible(byId('command-palette'))
  await look('palette')
  await page.keyboard.press('Escape')
  await byId('command-palette').waitFor({ state: 'detached' })
  await pages.open('/projects/create')
  await byId('label-add').click()
  await visible(byId('label-name'))
  await look('label')
  await byId('label-cancel').click()
  await byId('skeleton-setup').click()
  await visible(byId('skeleton'))
  await look('skeleton')
  expect(left).toEqual([])
})

test('numbers and dates are written as in German', async () => {
  await pages.open('/admin/storage')
  const text = await page.locator('main').textContent()
  expect(text ?? '').toMatch(/\d,\d [kMG]B/)
  await pages.open(`/tasks/${made.task}`)
  await until(async () => /gerade eben|vor \d+ Min/.test((await page.locator('main').textContent()) ?? ''), true)
})
