// All lists and forms in a real browser that runs no scripts.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText } from './pages-fixture.ts'

const demo = join(import.meta.dir, '../../public/demo')
const share = mkdtempSync(join(tmpdir(), 'annolith-pages-bare-'))
const password = 'Bare-Pass-1234'

setDefaultTimeout(60_000)

let pages: PagesFixture
let client: PagesFixture['client']
let context: BrowserContext
let page: Page
const byId = (id: string) => page.getByTestId(id)
const open = (path: string) => page.goto(`${pages.server.url}${path}`)
const idOf = () => Number(/\d+/.exec(new URL(page.url()).pathname)![0])

beforeAll(async () => {
  mkdirSync(join(share, 'street'))
  for (const name of ['a.png', 'b.png']) {
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#a58' } })
    await Bun.write(join(share, 'street', name), await picture.png().toBuffer())
  }
  pages = await openPages({ isSignedIn: false, env: { ANNOLITH_SHARE_DIR: share, ANNOLITH_SIGN_UP: 'open' } })
  client = pages.client
  const colleague = { username: 'carla', email: 'carla@example.com', password1: password, password2: password }
  await client.send('POST', '/api/auth/register', colleague)
  context = await pages.browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 720 } })
  context.setDefaultTimeout(15_000)
  page = await context.newPage()
})
afterAll(async () => {
  await context?.close()
  await pages?.close()
  rmSync(share, { recursive: true, force: true })
})

test('signing in leads to the page that was wanted', async () => {
  await open('/projects')
  await page.waitForURL(/auth\/login/)
  await byId('login-username').fill('admin')
  await byId('login-password').fill(pages.server.adminPassword)
  await byId('login-submit').click()
  await page.waitForURL(`${pages.server.url}/projects`)
})

let project = 0

test('a project with labels as text; what is wrong is said and what was typed stays', async () => {
  await byId('list-create').click()
  await byId('project-name').fill('Bare مشروع')
  await byId('bare-labels').fill('[{"name": "car"')
  await byId('project-submit').click()
  await untilText(byId('bare-error'), 'not valid JSON')
  expect(await byId('project-name').inputValue()).toBe('Bare مشروع')
  await byId('bare-labels').fill('car\nperson')
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  project = idOf()
  const { results } = await client.get(`/api/labels?project_id=${project}`)
  expect(results.map(({ name }: any) => name)).toEqual(['car', 'person'])
})

test('name, assignee and labels are changed; labels that go must be allowed', async () => {
  await byId('bare-edit').first().click()
  await byId('bare-name').fill('Bare project')
  await byId('bare-assignee').fill('nobody-there')
  await byId('bare-submit').click()
  await untilText(byId('bare-form'), 'There is nobody called nobody-there.')
  await byId('bare-assignee').fill('carla')
  await byId('bare-labels').fill('car\ntree')
  await byId('bare-submit').click()
  await untilText(byId('bare-form'), 'person')
  await byId('bare-delete-labels').check()
  await byId('bare-submit').click()
  await page.waitForURL(`${pages.server.url}/projects/${project}`)
  const shown = await client.get(`/api/projects/${project}`)
  expect([shown.name, shown.assignee.username]).toEqual(['Bare project', 'carla'])
  const { results } = await client.get(`/api/labels?project_id=${project}`)
  expect(results.map(({ name }: any) => name)).toEqual(['car', 'tree'])
})

/** Waits until the frames of a task are there. */
const untilRead = (task: number, size: number) => until(async () => (await client.get(`/api/tasks/${task}`)).size, size)

let task = 0

test('a task from files of this computer', async () => {
  await open(`/tasks/create?project_id=${project}`)
  await byId('task-name').fill('Two pictures')
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  const empty = idOf()
  expect((await client.get(`/api/tasks/${empty}`)).project_id).toBe(project)
  await open(`/tasks/create?project_id=${project}`)
  await byId('task-name').fill('Three pictures')
  await byId('bare-subset').fill('Train')
  await byId('bare-files').setInputFiles(['coffee.jpg', 'rocket.jpg', 'chelsea.jpg'].map((name) => join(demo, name)))
  await byId('task-advanced').click()
  await byId('task-segment').fill('2')
  await byId('task-quality').fill('55')
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  task = idOf()
  await untilRead(task, 3)
  const made = await client.get(`/api/tasks/${task}`)
  expect([made.jobs.count, made.subset, made.image_quality]).toEqual([2, 'Train', 55])
})

test('a task from the share with labels of its own; a wrong name leaves no half task behind', async () => {
  await open('/tasks/create')
  await byId('task-name').fill('From the share')
  await byId('bare-labels').fill('sign')
  await byId('bare-server-files').fill('../etc')
  await byId('task-submit').click()
  await untilText(byId('bare-error'), '../etc')
  expect((await client.get('/api/tasks?name=From+the+share')).count).toBe(0)
  await byId('bare-server-files').fill('street/')
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  await untilRead(idOf(), 2)
})

test('a job: assignee, stage and state', async () => {
  await open(`/tasks/${task}`)
  const [job] = (await client.get(`/api/jobs?task_id=${task}&sort=id`)).results
  await byId(`job-${job.id}`).getByTestId('bare-edit').click()
  await byId('bare-assignee').fill('carla')
  await byId('bare-stage').selectOption('validation')
  await byId('bare-state').selectOption('in progress')
  await byId('bare-submit').click()
  await page.waitForURL(`${pages.server.url}/tasks/${task}`)
  const changed = await client.get(`/api/jobs/${job.id}`)
  expect([changed.assignee.username, changed.stage, changed.state]).toEqual(['carla', 'validation', 'in progress'])
})

/** Loads the list of requests until the newest has ended; answers its row. */
const untilEnded = async (what: string) => {
  await page.waitForURL(`${pages.server.url}/requests`)
  const row = page.getByRole('row').filter({ hasText: what }).first()
  const readStatus = async () => {
    await page.reload()
    return /Finished|Failed/i.exec((await row.textContent()) ?? '')?.[0].toLowerCase()
  }
  await until(readStatus, 'finished')
  return row
}

test('annotations are exported and imported again by forms; results are downloaded', async () => {
  const { results: labels } = await client.get(`/api/labels?task_id=${task}`)
  await client.send('PATCH', `/api/tasks/${task}/annotations?action=create`, {
    shapes: [{ type: 'rectangle', label_id: labels[0].id, frame: 1, points: [10, 10, 40, 40] }],
  })
  await open('/tasks')
  await byId(`task-${task}`).getByTestId('bare-export').click()
  await byId('bare-format').selectOption('COCO 1.0')
  await byId('bare-submit').click()
  const exported = await untilEnded('Export annotations')
  const waiting = page.waitForEvent('download')
  await exported.getByTestId('row-download').click()
  const archive = join(share, 'exported.zip')
  await (await waiting).saveAs(archive)
  await open(`/tasks/${task}`)
  await byId('bare-import').first().click()
  await byId('bare-format').selectOption('COCO 1.0')
  await byId('bare-mode').selectOption('append')
  await byId('bare-file').setInputFiles(archive)
  await byId('bare-submit').click()
  await untilEnded('Import annotations')
  const { shapes } = await client.get(`/api/tasks/${task}/annotations`)
  expect(shapes.map(({ frame, points }: any) => [frame, points])).toEqual(Array(2).fill([1, [10, 10, 40, 40]]))
  const [job] = (await client.get(`/api/jobs?task_id=${task}&sort=id`)).results
  await open(`/jobs/${job.id}/import`)
  await byId('bare-file').setInputFiles({ name: 'a.xml', mimeType: 'text/xml', buffer: Buffer.from('<annotations/>') })
  await byId('bare-format').evaluate((select) => select.append(new Option('Nothing 1.0', 'Nothing 1.0', true, true)))
  await byId('bare-submit').click()
  await untilText(byId('bare-error'), 'Unknown format')
})

test('a task is backed up and restored by forms', async () => {
  await open(`/tasks/${task}`)
  await byId('bare-export').first().click()
  await byId('bare-backup-submit').click()
  const row = await untilEnded('Export backup')
  const waiting = page.waitForEvent('download')
  await row.getByTestId('row-download').click()
  const backup = join(share, 'backup.zip')
  await (await waiting).saveAs(backup)
  await open('/tasks')
  await byId('bare-restore').click()
  await byId('bare-file').setInputFiles(backup)
  await byId('bare-submit').click()
  await untilEnded('Restore backup')
  const { results } = await client.get('/api/tasks?name=Three+pictures&sort=id')
  expect(results.map(({ size }: any) => size)).toEqual([3, 3])
  await client.send('DELETE', `/api/tasks/${results[1].id}`)
})

test('a task is changed and deleted after a question', async () => {
  await open(`/tasks/${task}`)
  await byId('bare-edit').first().click()
  await byId('bare-name').fill('Renamed')
  await byId('bare-subset').fill('Test')
  await byId('bare-submit').click()
  await page.waitForURL(`${pages.server.url}/tasks/${task}`)
  const renamed = await client.get(`/api/tasks/${task}`)
  expect([renamed.name, renamed.subset]).toEqual(['Renamed', 'Test'])
  await byId('bare-edit').first().click()
  await byId('bare-remove').click()
  await untilText(byId('removal'), '3 frames')
  await byId('removal-cancel').click()
  await page.waitForURL(`${pages.server.url}/projects/${project}`)
  await open(`/remove/tasks/${task}`)
  await byId('removal-ok').click()
  await page.waitForURL(`${pages.server.url}/projects/${project}`)
  expect((await client.get(`/api/tasks?name=Renamed`)).count).toBe(0)
})

test('lists are searched, filtered, sorted and paged, and keep the rest of their address', async () => {
  for (let i = 10; i < 23; i++) await client.send('POST', '/api/tasks', { name: `Pick ${i}`, labels: [{ name: 'a' }] })
  await open('/tasks')
  await byId('list-search').fill('Pick')
  await byId('list-search').press('Enter')
  await page.waitForURL(/search=Pick/)
  await byId('list-sort').click()
  await byId('sort-name').click()
  await page.waitForURL(/sort=name/)
  expect(await byId('row-open').first().textContent()).toBe('Pick 10')
  await byId('list-page-next').click()
  await page.waitForURL(/page=2/)
  expect(await byId('row-open').count()).toBe(3)
  await byId('list-page-size').selectOption('25')
  await byId('bare-page-size').click()
  await page.waitForURL(/page_size=25/)
  expect(await byId('row-open').count()).toBe(13)
  await byId('bare-filter-rule').selectOption('text in name')
  await byId('bare-filter-value').fill('k 1')
  await byId('bare-filter-apply').click()
  await page.waitForURL(/filter=/)
  expect(await byId('row-open').count()).toBe(10)
  for (const part of ['search=Pick', 'sort=name', 'page_size=25']) expect(page.url()).toContain(part)
  await byId('list-search').fill('Pick 12')
  await byId('list-search').press('Enter')
  await page.waitForURL(/search=Pick\+12/)
  expect(page.url()).toContain('filter=')
  expect(await byId('row-open').allTextContents()).toEqual(['Pick 12'])
  await page.goBack()
  expect(await byId('row-open').count()).toBe(10)
  await byId('list-clear').click()
  await page.waitForURL((url) => !url.search.includes('filter='))
})

test('a webhook is made, changed and deleted', async () => {
  await open(`/projects/${project}/webhooks/create`)
  await byId('webhook-url').fill('https://example.com/hook')
  await byId('webhook-submit').click()
  await byId('webhook-saved').waitFor()
  await byId('webhook-description').fill('Build')
  await byId('webhook-submit').click()
  const readDescription = async () => (await client.get(`/api/webhooks?project_id=${project}`)).results[0].description
  await until(readDescription, 'Build')
  await open(`/projects/${project}/webhooks`)
  await byId('bare-remove').click()
  await byId('removal-ok').click()
  await byId('list-empty').waitFor()
})

test('a cloud storage is refused with reasons, and what was typed stays', async () => {
  await open('/cloudstorages/create')
  await byId('storage-name').fill('Archive')
  await byId('storage-resource').fill('bucket')
  await byId('storage-submit').click()
  await untilText(page.getByRole('alert').first(), 'This field is required.')
  expect(await byId('storage-name').inputValue()).toBe('Archive')
})

test('a guide is written and shown', async () => {
  await open(`/projects/${project}/guide?edit=1`)
  await byId('guide-text').fill('## Bare')
  await byId('guide-save').click()
  expect(await byId('guide-shown').locator('h2').textContent()).toBe('Bare')
})

test('a token is made once, shown, and revoked', async () => {
  await open('/profile')
  await byId('token-name').fill('script')
  await byId('token-readonly').check()
  await byId('token-create').click()
  const value = (await byId('bare-token').textContent())!.trim()
  const asked = await fetch(`${pages.server.url}/api/users/self`, { headers: { authorization: `Bearer ${value}` } })
  expect([asked.status, ((await asked.json()) as { username: string }).username]).toEqual([200, 'admin'])
  // Loading the page again sends the form again, which counts once.
  await page.reload()
  expect((await client.get('/api/auth/access_tokens')).count).toBe(1)
  await open('/profile')
  await byId('bare-remove').first().click()
  await byId('removal-ok').click()
  await page.waitForURL(/\/profile/)
  expect((await client.get('/api/auth/access_tokens')).count).toBe(0)
})

test('an organization is made, left and entered by the menu, its member gets another role and goes', async () => {
  await open('/organizations/create')
  await byId('org-slug').fill('bare')
  await byId('org-submit').click()
  await page.waitForURL(`${pages.server.url}/organization`)
  await byId('org-switch').click()
  await byId('org-switch-personal').click()
  await page.waitForURL(`${pages.server.url}/organization`)
  await untilText(page.locator('main'), 'No organization chosen')
  await byId('org-switch').click()
  await byId('org-switch-bare').click()
  await byId('org-name').first().waitFor()
  await client.send('POST', '/api/invitations?org=bare', { email: 'carla@example.com', role: 'worker' })
  const signedIn = await fetch(`${pages.server.url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'carla', password }),
  })
  const { key } = (await signedIn.json()) as { key: string }
  const { results } = await client.get('/api/invitations?org=bare')
  await fetch(`${pages.server.url}/api/invitations/${results[0].key}/accept`, {
    method: 'POST',
    headers: { authorization: `Token ${key}` },
  })
  await page.reload()
  const [member] = (await client.get('/api/memberships?org=bare&role=worker')).results
  await byId(`member-${member.id}`).getByTestId('bare-edit').click()
  await byId('bare-role').selectOption('supervisor')
  await byId('bare-submit').click()
  await page.waitForURL(`${pages.server.url}/organization`)
  expect((await client.get(`/api/memberships/${member.id}`)).role).toBe('supervisor')
  await byId(`member-${member.id}`).getByTestId('bare-remove').click()
  await byId('removal-ok').click()
  await page.waitForURL(`${pages.server.url}/organization`)
  await byId(`member-${member.id}`).waitFor({ state: 'detached' })
  const [{ id }] = (await client.get('/api/organizations?slug=bare')).results
  await open(`/remove/organizations/${id}`)
  await byId('removal-typed').fill('other')
  await byId('removal-ok').click()
  await untilText(byId('removal'), 'This is not bare.')
  await byId('removal-typed').fill('bare')
  await byId('removal-ok').click()
  await page.waitForURL(`${pages.server.url}/projects`)
})

test('a project is deleted; a form of another site is refused', async () => {
  await open(`/remove/projects/${project}`)
  const forged = await fetch(`${pages.server.url}/remove/projects/${project}`, {
    method: 'POST',
    headers: {
      cookie: (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; '),
      'content-type': 'application/x-www-form-urlencoded',
      origin: pages.server.url,
    },
    body: 'csrf=guessed',
    redirect: 'manual',
  })
  expect(forged.status).toBe(403)
  const sent = new FormData()
  sent.set('csrf', 'guessed')
  sent.set('name', 'Forged')
  sent.set('labels', 'a')
  sent.set('client_files', new File(['x'], 'x.png'))
  const withFiles = await fetch(`${pages.server.url}/tasks/create`, {
    method: 'POST',
    headers: {
      cookie: (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; '),
      origin: pages.server.url,
    },
    body: sent,
    redirect: 'manual',
  })
  expect(withFiles.status).toBe(403)
  expect((await client.get('/api/tasks?name=Forged')).count).toBe(0)
  await byId('removal-ok').click()
  await page.waitForURL(`${pages.server.url}/projects`)
  await byId('list-empty').waitFor()
})

test('the password is changed, which ends the session; signing out ends the next one', async () => {
  const login = async (text: string) => {
    await byId('login-username').fill('admin')
    await byId('login-password').fill(text)
    await byId('login-submit').click()
  }
  await open('/profile')
  await byId('password-old').fill(pages.server.adminPassword)
  await byId('password-new').fill(password)
  await byId('password-repeat').fill(password)
  await byId('password-submit').click()
  await page.waitForURL(/auth\/login/)
  await login(password)
  await byId('user-menu').waitFor()
  await byId('user-menu').click()
  await byId('user-menu-logout').click()
  await page.waitForURL(/auth\/login/)
  await open('/tasks')
  await page.waitForURL(/auth\/login/)
})
