// Management pages in a real browser: webhooks, cloud storages, guides, moving tasks, administration, skeletons, live lists, first steps.
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
let complaints: PagesFixture['complaints']
let byId: PagesFixture['byId']
let open: PagesFixture['open']

/** A receiver of webhooks that keeps what it gets. */
const received: { event: string; signature: string | null }[] = []
const receiver = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    const { event } = (await request.json()) as { event: string }
    received.push({ event, signature: request.headers.get('x-signature-256') })
    return Response.json({ thanks: event })
  },
})

beforeAll(async () => {
  pages = await openPages({ env: { ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1' } })
  ;({ page, client, complaints, byId, open } = pages)
})
afterAll(async () => {
  await pages?.close()
  receiver.stop(true)
})

const makeProject = (name: string, labels: object[] = [{ name: 'car' }, { name: 'person' }]) =>
  client.send('POST', '/api/projects', { name, labels })
const makeTask = async (name: string, more: object = { labels: [{ name: 'car' }, { name: 'cat' }] }) => {
  const { id } = await client.send('POST', '/api/tasks', { name, ...more })
  await uploadMedia(client, id, [['coffee.jpg', Bun.file(join(demo, 'coffee.jpg'))]])
  return id as number
}

test('a webhook is made with chosen events, pinged, its delivery shown and sent again', async () => {
  received.length = 0
  const project = await makeProject('Hooked')
  await open(`/projects/${project.id}`)
  await byId(`project-${project.id}`).getByTestId('row-menu').click()
  await byId('menu-webhooks').click()
  await visible(byId('list-empty'))
  await byId('list-create').click()
  await byId('webhook-url').fill(`http://127.0.0.1:${receiver.port}/here`)
  await byId('webhook-description').fill('Build server')
  await byId('webhook-secret').fill('s3cret')
  await byId('webhook-events-selected').check()
  await byId('webhook-submit').click()
  await untilText(byId('webhook-error').or(page.getByRole('alert').first()), 'may not be empty')
  // A secret is not written back into a page.
  await byId('webhook-secret').fill('s3cret')
  await byId('webhook-events-selected').check()
  await byId('webhook-event-update-job').check()
  await byId('webhook-submit').click()
  await visible(byId('webhook-saved'))
  const { results } = await client.get(`/api/webhooks?project_id=${project.id}`)
  expect(results.map((hook: any) => [hook.description, hook.events, hook.is_active])).toEqual([
    ['Build server', ['update:job'], true],
  ])
  await byId('webhook-ping').click()
  const first = page.locator('[data-testid^="delivery-"]').first()
  await until(() => first.getByTestId('row-status').getAttribute('data-status'), '200')
  await first.locator('summary').click()
  await untilText(first, '"thanks":"ping"')
  await first.getByTestId('delivery-again').click()
  await until(() => page.locator('details[data-testid^="delivery-"]').count(), 2)
  expect(received.map(({ event }) => event)).toEqual(['ping', 'ping'])
  expect(received[0]!.signature).toStartWith('sha256=')
  await open(`/projects/${project.id}/webhooks`)
  const row = byId(`webhook-${results[0].id}`)
  await until(() => row.getByTestId('row-status').getAttribute('data-status'), '200')
  await row.getByTestId('row-remove').click()
  await byId('dialog-ok').click()
  await row.waitFor({ state: 'detached' })
})

test('a form that is sent twice counts once', async () => {
  const project = await makeProject('Twice')
  await open(`/projects/${project.id}/webhooks/create`)
  const body = await page.evaluate(() => {
    const form = document.querySelector<HTMLFormElement>('form:has([name="target_url"])')!
    form.querySelector<HTMLInputElement>('[name="target_url"]')!.value = 'https://example.com/x'
    return new URLSearchParams(new FormData(form) as never).toString()
  })
  const send = () =>
    page.evaluate(async (text) => {
      const answer = await fetch(location.pathname, { method: 'POST', body: new URLSearchParams(text) })
      return [answer.status, new URL(answer.url).pathname] as const
    }, body)
  const [one, other] = await Promise.all([send(), send()])
  expect(one).toEqual(other)
  expect(await send()).toEqual(one)
  expect((await client.get(`/api/webhooks?project_id=${project.id}`)).count).toBe(1)
})

test('a storage that cannot be reached says which field is wrong, and keeps what was typed', async () => {
  await open('/cloudstorages')
  await byId('list-create').click()
  await byId('storage-name').fill('Archive')
  await byId('storage-provider').selectOption('AZURE_CONTAINER')
  await byId('storage-key').waitFor({ state: 'hidden' })
  await byId('storage-provider').selectOption('AWS_S3_BUCKET')
  await byId('storage-resource').fill('bucket')
  await byId('storage-submit').click()
  await untilText(page.getByRole('alert').first(), 'This field is required.')
  await until(() => byId('storage-name').inputValue(), 'Archive')
  await byId('storage-credentials-aws').selectOption('ANONYMOUS_ACCESS')
  await byId('storage-endpoint').fill('http://127.0.0.1:9')
  await byId('storage-submit').click()
  await visible(page.getByRole('alert').first())
  await until(() => byId('storage-endpoint').inputValue(), 'http://127.0.0.1:9')
})

test('a guide is written with a pasted picture, previewed and shown to readers', async () => {
  const project = await makeProject('Guided')
  await open(`/projects/${project.id}/guide`)
  await byId('guide-edit').click()
  await byId('guide-text').fill('# What to mark\n\n**Cars** <script>alert(1)</script>\n\n')
  await untilText(byId('guide-preview').locator('h1'), 'What to mark')
  await byId('guide-file').setInputFiles(join(demo, 'coffee.jpg'))
  await untilText(byId('guide-state'), 'is in the text')
  await byId('guide-preview').locator('img').waitFor()
  await byId('guide-save').click()
  await visible(byId('guide-saved'))
  await untilText(byId('guide-shown').locator('strong'), 'Cars')
  expect(await byId('guide-shown').locator('script').count()).toBe(0)
  await page.waitForFunction(() => (document.querySelector('.guide img') as HTMLImageElement | null)?.naturalWidth)
})

test('a task moves into a project; each label becomes the chosen one', async () => {
  const project = await makeProject('Target')
  const task = await makeTask('To be moved')
  const labels = (await client.get(`/api/labels?task_id=${task}`)).results
  const cat = labels.find(({ name }: any) => name === 'cat').id
  const shape = { type: 'rectangle', label_id: cat, frame: 0, group: 0, occluded: false, attributes: [], points: [1, 2, 30, 40] }
  await client.send('PUT', `/api/tasks/${task}/annotations`, { version: 0, tags: [], tracks: [], shapes: [shape] })
  await open(`/tasks/${task}`)
  await byId(`task-${task}`).getByTestId('row-menu').click()
  await byId('menu-move').click()
  await byId('move-project').selectOption(String(project.id))
  await byId(`map-${cat}`).waitFor()
  await byId(`map-${cat}`).selectOption({ label: 'person' })
  await byId('move-submit').click()
  await page.waitForURL(`**/tasks/${task}`)
  const person = (await client.get(`/api/labels?project_id=${project.id}`)).results.find(({ name }: any) => name === 'person').id
  expect((await client.get(`/api/tasks/${task}`)).project_id).toBe(project.id)
  expect((await client.get(`/api/tasks/${task}/annotations`)).shapes.map((one: any) => one.label_id)).toEqual([person])
})

test('an administrator makes an account, changes its group, shuts it out and sees that in the audit log', async () => {
  await open('/admin')
  await until(() => byId('health-database').getByTestId('row-status').getAttribute('data-status'), 'success')
  await byId('admin-tab-users').click()
  await byId('list-create').click()
  await byId('user-name').fill('kim')
  await byId('user-group').selectOption('worker')
  await byId('user-password').fill('12345678')
  await byId('user-submit').click()
  await visible(page.getByRole('alert').first())
  await byId('user-password').fill('correct-horse-9')
  await byId('user-submit').click()
  await visible(byId('user-saved'))
  await byId('user-active').uncheck()
  await byId('user-submit').click()
  await visible(byId('user-saved'))
  const { results } = await client.get('/api/users?search=kim')
  expect([results[0].groups, results[0].is_active]).toEqual([['worker'], false])
  await open('/admin/audit?search=user')
  await untilText(page.locator('tbody'), 'update:user')
})

test('cached media are freed', async () => {
  const task = await makeTask('Cached')
  await client.raw(`/api/tasks/${task}/preview`)
  await open('/admin/storage?again=1')
  await visible(byId(`usage-${task}`))
  const bytes = async () => Number(await byId('place-cache').getByTestId('place-bytes').getAttribute('data-bytes'))
  const before = await bytes()
  await byId('cache-free').click()
  await untilText(byId('cache-freed'), 'were freed')
  expect(await bytes()).toBeLessThan(before)
  expect((await client.raw(`/api/tasks/${task}/preview`)).status).toBe(200)
})

test('sign-up is opened and closed again without a restart', async () => {
  await open('/admin/settings')
  await byId('sign-up-open').check()
  await byId('sign-up-submit').click()
  await visible(byId('sign-up-saved'))
  expect(await (await fetch(`${pages.server.url}/auth/login`)).text()).toContain('login-register')
  await byId('sign-up-closed').check()
  await byId('sign-up-submit').click()
  await visible(byId('sign-up-saved'))
  expect(await (await fetch(`${pages.server.url}/auth/login`)).text()).not.toContain('login-register')
})

test('a skeleton is drawn, its points are named, and it comes back as it was', async () => {
  await open('/projects/create')
  await byId('project-name').fill('Skeletons')
  await byId('skeleton-setup').click()
  const form = byId('skeleton')
  await form.getByTestId('label-name').fill('hand')
  const canvas = byId('skeleton-canvas')
  await byId('skeleton-point').click()
  for (const [x, y] of [[60, 60], [200, 60], [120, 200]] as const) await canvas.click({ position: { x, y } }) // biome-ignore format: points
  await until(() => canvas.getAttribute('data-points'), '3')
  await byId('skeleton-edge').click()
  await canvas.locator('[data-point="0"]').click()
  await canvas.locator('[data-point="1"]').click()
  await until(() => canvas.getAttribute('data-edges'), '1')
  await canvas.locator('[data-point="0"]').click({ button: 'right' })
  await byId('dialog').getByTestId('label-name').fill('thumb')
  await byId('dialog-ok').click()
  await byId('skeleton-delete').click()
  await canvas.locator('[data-point="2"]').click()
  await until(() => canvas.getAttribute('data-points'), '2')
  await form.getByTestId('label-save').click()
  await byId('label-new-1').waitFor()
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  const id = Number(page.url().split('/').at(-1))
  const { results } = await client.get(`/api/labels?project_id=${id}`)
  const skeleton = results.find(({ name }: any) => name === 'hand')
  expect([skeleton.type, skeleton.sublabels.map(({ name }: any) => name)]).toEqual(['skeleton', ['thumb', '2']])
  expect(skeleton.svg).toContain('data-node-from="1" data-node-to="2"')
  await byId(`label-${skeleton.id}`).getByRole('button').first().click()
  await until(() => byId('skeleton-canvas').getAttribute('data-edges'), '1')
  await byId('skeleton').getByTestId('label-name').fill('left hand')
  await byId('skeleton').getByTestId('label-save').click()
  await untilText(byId(`label-${skeleton.id}`), 'left hand')
})

test('lists follow what others do, without a reload', async () => {
  const task = await makeTask('Watched')
  const { results } = await client.get(`/api/jobs?task_id=${task}`)
  const job = results[0].id
  await open(`/tasks/${task}`)
  await page.waitForFunction(() => document.documentElement.dataset.live === 'on')
  const state = byId(`job-${job}`).getByTestId('row-state')
  await until(() => state.inputValue(), 'new')
  await client.send('PATCH', `/api/jobs/${job}`, { state: 'in progress' })
  await until(() => state.inputValue(), 'in progress')
  await open('/requests')
  await page.waitForFunction(() => document.documentElement.dataset.live === 'on')
  const before = await page.locator('tbody tr').count()
  await client.send('POST', `/api/tasks/${task}/dataset/export?format=COCO%201.0&save_images=false`)
  await until(() => page.locator('tbody tr').count(), before + 1)
  await until(() => page.getByTestId('row-status').first().getAttribute('data-status'), 'finished')
})

test('rows are chosen with Ctrl, Shift and Ctrl+A', async () => {
  for (let i = 0; i < 4; i++) await client.send('POST', '/api/tasks', { name: `Pick ${i}`, labels: [{ name: 'a' }] })
  await open('/tasks?search=Pick&sort=name')
  const cell = (n: number) => page.locator('tbody tr').nth(n).locator('td').nth(4)
  await cell(0).click({ modifiers: ['Control'] })
  await until(() => byId('bulk-count').getAttribute('data-count'), '1')
  await cell(2).click({ modifiers: ['Shift'] })
  await until(() => byId('bulk-count').getAttribute('data-count'), '3')
  await page.keyboard.press('Control+a')
  await until(() => byId('bulk-count').getAttribute('data-count'), '4')
  await page.keyboard.press('Escape')
  await byId('bulk-count').waitFor({ state: 'detached' })
})

test('the sample project is made in one click', async () => {
  await open('/welcome')
  await byId('welcome-sample').click()
  await page.waitForURL(/\/projects\/\d+$/)
  await until(() => byId('project-title').inputValue(), 'Sample project')
  const id = Number(page.url().split('/').at(-1))
  const { results } = await client.get(`/api/tasks?project_id=${id}`)
  expect(results[0].size).toBe(4)
  expect((await client.get(`/api/tasks/${results[0].id}/annotations`)).shapes.length).toBeGreaterThan(5)
})

test('the dialog about the server opens from the account menu; settings are kept', async () => {
  await open('/tasks')
  await byId('user-menu').click()
  await byId('user-menu-about').click()
  await visible(byId('dialog').getByTestId('about'))
  await byId('dialog-cancel').click()
  await page.keyboard.press('F2')
  await byId('setting-density').selectOption('compact')
  await byId('settings-submit').click()
  await visible(byId('settings-saved'))
  await until(() => page.locator('html').getAttribute('data-density'), 'compact')
})

test('without scripts, lists and forms work', async () => {
  const context = await pages.browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
    viewport: { width: 1280, height: 720 },
  })
  const bare = await context.newPage()
  const project = await makeProject('Scriptless')
  await bare.goto(`${pages.server.url}/tasks?search=Pick`)
  expect(await bare.getByTestId('row-open').count()).toBe(4)
  await bare.getByTestId('list-search').fill('Pick 1')
  await bare.getByTestId('list-search').press('Enter')
  await bare.waitForURL(/search=Pick\+1/)
  expect(await bare.getByTestId('row-open').count()).toBe(1)
  await bare.goto(`${pages.server.url}/projects/${project.id}/webhooks/create`)
  await bare.getByTestId('webhook-url').fill('https://example.com/hook')
  await bare.getByTestId('webhook-submit').click()
  await bare.getByTestId('webhook-saved').waitFor()
  await bare.goto(`${pages.server.url}/projects/${project.id}/guide?edit=1`)
  await bare.getByTestId('guide-text').fill('## Bare')
  await bare.getByTestId('guide-save').click()
  expect(await bare.getByTestId('guide-shown').locator('h2').textContent()).toBe('Bare')
  await context.close()
})

test('nothing broke a rule of the policy', () => expect(complaints.filter((text) => !/status of 400/.test(text))).toEqual([]))
