// What people do with rows and pages of projects, tasks, jobs and organizations: move, group, fold, copy, many at once; names of the server.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { uploadMedia } from '../../scripts/client.ts'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'
import { type SmallBucket, startBuckets } from './small-bucket.ts'

const demo = join(import.meta.dir, '../../public/demo')

setDefaultTimeout(60_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let buckets: SmallBucket
const folder = mkdtempSync(join(tmpdir(), 'annolith-brand-'))
const logo = join(folder, 'logo.svg')
/** So many tasks are read at once. */
const workers = 2
const password = 'correct-horse-9'

beforeAll(async () => {
  writeFileSync(
    logo,
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>top.hit = 1</script><path d="M0 0h8v8z"/></svg>',
  )
  const coffee = new Uint8Array(await Bun.file(join(demo, 'coffee.jpg')).arrayBuffer())
  buckets = startBuckets(['first', 'second'], new Map([['coffee.jpg', coffee]]))
  pages = await openPages({
    env: {
      ANNOLITH_OUTBOUND_ALLOW: '127.0.0.1',
      ANNOLITH_SERVER_NAME: 'Cell <Lab>',
      ANNOLITH_SERVER_SUBTITLE: 'Microscopes only',
      ANNOLITH_SERVER_LOGO: logo,
      ANNOLITH_JOBS_PER_TASK: '6',
      ANNOLITH_WORKER_THREADS: String(workers),
    },
  })
  ;({ page, client, byId, open } = pages)
})
afterAll(async () => {
  await pages?.close()
  buckets?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const names = ['coffee.jpg', 'cat.jpg', 'astronaut.jpg', 'rocket.jpg']
/** A task with pictures of the demo. */
const makeTask = async (name: string, more: Record<string, unknown> = {}, count = 1) => {
  const { id } = await client.send('POST', '/api/tasks', {
    name,
    ...(more.project_id ? {} : { labels: [{ name: 'car' }] }),
    ...more,
  })
  const picture = Bun.file(join(demo, 'coffee.jpg'))
  const files = Array.from({ length: count }, (_, i): [string, Blob] => [`${i}-${names[i % names.length]}`, picture])
  await uploadMedia(client, id, files)
  return id as number
}
const jobsOf = async (task: number): Promise<any[]> =>
  (await client.get(`/api/jobs?task_id=${task}&sort=id&page_size=100`)).results
const makeStorage = (name: string, bucket: string) =>
  client.send('POST', '/api/cloudstorages', {
    display_name: name,
    provider_type: 'AWS_S3_BUCKET',
    resource: bucket,
    credentials_type: 'ANONYMOUS_ACCESS',
    specific_attributes: `endpoint_url=${encodeURIComponent(buckets.endpoint)}`,
  })
let people = 0
const makePerson = async () => {
  const username = `person${++people}`
  const email = `${username}@example.com`
  await client.send('POST', '/api/auth/register', { username, email, password1: password, password2: password })
  const { results } = await client.get(`/api/users?search=${username}`)
  return { username, email, id: results.find((user: any) => user.username === username).id as number }
}
const openMenu = (row: string) => byId(row).getByTestId('row-menu').click()

test('P-003 the server has the name, the words and the logo that its administrators have chosen', async () => {
  const about = await client.get('/api/server/about')
  expect([about.name, about.subtitle]).toEqual(['Cell <Lab>', 'Microscopes only'])
  const { status, headers } = await fetch(about.logo_url)
  expect([status, headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([200, 'image/svg+xml', 'nosniff'])
  expect(headers.get('content-security-policy')).toContain('sandbox')
  await open('/tasks')
  await untilText(byId('brand-name'), 'Cell <Lab>')
  await until(() => page.title(), 'Tasks · Cell <Lab>')
  await page.waitForFunction(() => (document.querySelector('header img') as HTMLImageElement).naturalWidth > 0)
  await byId('user-menu').click()
  await byId('user-menu-about').click()
  await untilText(byId('dialog').getByTestId('brand-name'), 'Cell <Lab>')
  const stranger = await (await pages.browser.newContext()).newPage()
  await stranger.goto(`${pages.server.url}/auth/login`)
  await untilText(stranger.getByTestId('brand-subtitle'), 'Microscopes only')
  await until(() => stranger.title(), 'Sign in · Cell <Lab>')
  await stranger.context().close()
})

test('P-040 a project moves to an organization with what belongs to it, after saying so', async () => {
  const { id: organization } = await client.send('POST', '/api/organizations', { slug: 'mill', name: 'The mill' })
  const project = await client.send('POST', '/api/projects', { name: 'Mover', labels: [{ name: 'car' }] })
  const task = await makeTask('Inside', { project_id: project.id, segment_size: 1 }, 2)
  const { id: person, username } = await makePerson()
  await client.send('PATCH', `/api/tasks/${task}`, { assignee_id: person })
  await open('/projects?search=Mover')
  await openMenu(`project-${project.id}`)
  await byId('menu-organization').click()
  await byId('organization-choice').selectOption({ label: 'The mill' })
  const effects = byId('organization-effects')
  await untilText(effects, 'Goes along: 1 task, 2 jobs, all frames')
  await untilText(effects, `lose their assignments: ${username}`)
  await byId('organization-submit').click()
  await page.waitForURL(`**/projects/${project.id}`)
  const moved = [await client.get(`/api/projects/${project.id}`), await client.get(`/api/tasks/${task}`)]
  expect(moved.map((one) => one.organization_id)).toEqual([organization, organization])
  expect(moved[1].assignee).toBeNull()
  // And back again, from the page of the project.
  await byId(`project-${project.id}`).getByTestId('row-menu').click()
  await byId('menu-organization').click()
  await byId('organization-choice').selectOption('personal')
  await untilText(effects, 'Members of the organization lose access')
  await byId('organization-submit').click()
  await page.waitForURL(`**/projects/${project.id}`)
  expect((await client.get(`/api/projects/${project.id}`)).organization_id).toBeNull()
})

test('P-041 a task of its own moves; one in a project offers no move', async () => {
  const { id: organization } = await client.send('POST', '/api/organizations', { slug: 'barn', name: 'The barn' })
  const task = await makeTask('Alone')
  await open(`/tasks/${task}`)
  await openMenu(`task-${task}`)
  await byId('menu-organization').click()
  await byId('organization-choice').selectOption({ label: 'The barn' })
  await untilText(byId('organization-effects'), 'Goes along: 1 job, all frames')
  await byId('organization-submit').click()
  await page.waitForURL(`**/tasks/${task}`)
  expect((await client.get(`/api/tasks/${task}`)).organization_id).toBe(organization)
  const project = await client.send('POST', '/api/projects', { name: 'Holder', labels: [{ name: 'car' }] })
  const inner = await client.send('POST', '/api/tasks', { name: 'Inner', project_id: project.id })
  await open(`/tasks/${inner.id}`)
  await openMenu(`task-${inner.id}`)
  await visible(byId('menu-export'))
  expect(await byId('menu-organization').count()).toBe(0)
})

test('P-040 P-041 P-043 menus of rows lead to all that belongs to the thing', async () => {
  const bug_tracker = 'https://example.com/problems'
  const project = await client.send('POST', '/api/projects', { name: 'Menus', labels: [{ name: 'car' }], bug_tracker })
  const inner = await makeTask('Menus inside', { project_id: project.id })
  const task = await client.send('POST', '/api/tasks', { name: 'Menus alone', labels: [{ name: 'car' }], bug_tracker })
  const [job] = await jobsOf(inner)
  const entries = async (path: string, row: string) => {
    await open(path)
    await openMenu(row)
    await visible(byId('menu-open'))
    return page
      .locator('[role="menu"]:popover-open [role="menuitem"]')
      .evaluateAll((all) =>
        all.map((entry) => [(entry as HTMLElement).dataset.testid!.replace('menu-', ''), entry.getAttribute('href')]),
      )
  }
  const ofProject = Object.fromEntries(await entries('/projects?search=Menus', `project-${project.id}`))
  expect(ofProject).toMatchObject({
    analytics: `/projects/${project.id}/analytics`,
    quality: `/projects/${project.id}/quality`,
    webhooks: `/projects/${project.id}/webhooks`,
    organization: `/projects/${project.id}/organization`,
    tracker: bug_tracker,
  })
  const ofTask = Object.fromEntries(await entries('/tasks?search=Menus', `task-${task.id}`))
  expect(ofTask).toMatchObject({
    analytics: `/tasks/${task.id}/analytics`,
    move: `/tasks/${task.id}/move`,
    organization: `/tasks/${task.id}/organization`,
    tracker: bug_tracker,
  })
  for (const name of ['export', 'import', 'backup', 'delete']) expect(Object.keys(ofTask)).toContain(name)
  const ofJob = Object.fromEntries(await entries('/jobs?search=Menus', `job-${job.id}`))
  expect(ofJob).toMatchObject({ task: `/tasks/${inner}`, project: `/projects/${project.id}`, tracker: bug_tracker })
})

test('P-042 the tasks of a project stand under the names of their subsets', async () => {
  const project = await client.send('POST', '/api/projects', { name: 'Split', labels: [{ name: 'car' }] })
  for (const [name, subset] of [['a', 'Train'], ['b', 'Test'], ['c', 'Train'], ['d', '']] as const) // biome-ignore format: pairs
    await client.send('POST', '/api/tasks', { name, subset, project_id: project.id })
  const rows = async () => {
    const all = await page.locator('#list tbody tr').all()
    return Promise.all(
      all.map(async (row) => (await row.getAttribute('data-count')) ?? (await row.getByTestId('row-open').textContent())),
    )
  }
  await open(`/projects/${project.id}?sort=name`)
  await until(rows, ['1', 'd', '1', 'b', '2', 'a', 'c'])
  await untilText(byId('subset-Train'), 'Train')
  await untilText(byId('subset-'), 'No subset')
})

test('P-043 a ground truth job is deleted from the list; other jobs offer no deletion', async () => {
  const task = await makeTask('Judged', {}, 3)
  const truth = await client.send('POST', '/api/jobs', {
    type: 'ground_truth',
    task_id: task,
    frame_count: 1,
    frame_selection_method: 'random_uniform',
  })
  const [plain] = await jobsOf(task)
  await open('/jobs')
  await openMenu(`job-${plain.id}`)
  await visible(byId('menu-open'))
  expect(await byId('menu-delete').count()).toBe(0)
  await page.keyboard.press('Escape')
  await openMenu(`job-${truth.id}`)
  await byId('menu-delete').click()
  await byId('dialog-ok').click()
  await byId(`job-${truth.id}`).waitFor({ state: 'detached' })
  expect((await jobsOf(task)).map(({ id }) => id)).toEqual([plain.id])
})

test('P-060 P-120 storages of a project in its form and on its page; the frames of a task read from another bucket', async () => {
  const [first, second] = [await makeStorage('First bucket', 'first'), await makeStorage('Second bucket', 'second')]
  await open('/projects/create')
  await byId('project-name').fill('With places')
  await byId('project-source-storage').selectOption({ label: 'First bucket' })
  await byId('project-submit').click()
  await page.waitForURL(/\/projects\/\d+$/)
  const id = Number(page.url().split('/').at(-1))
  const placesOf = async () => {
    const { source_storage, target_storage } = await client.get(`/api/projects/${id}`)
    return [source_storage?.cloud_storage_id ?? null, target_storage?.cloud_storage_id ?? null]
  }
  expect(await placesOf()).toEqual([first.id, null])
  await until(() => byId('project-source-storage').inputValue(), String(first.id))
  await byId('project-target-storage').selectOption({ label: 'Second bucket' })
  await until(placesOf, [first.id, second.id])
  await byId('project-source-storage').selectOption('')
  await until(placesOf, [null, second.id])

  const task = await client.send('POST', '/api/tasks', { name: 'From a bucket', labels: [{ name: 'car' }] })
  const files = { image_quality: 75, server_files: ['coffee.jpg'], cloud_storage_id: first.id }
  await client.finish((await client.send('POST', `/api/tasks/${task.id}/data`, files)).rq_id)
  await open(`/tasks/${task.id}`)
  await until(() => byId('task-frame-storage').inputValue(), String(first.id))
  await byId('task-frame-storage').selectOption({ label: 'Second bucket' })
  await until(async () => (await client.get(`/api/tasks/${task.id}/data/meta`)).cloud_storage_id, second.id)
  buckets.reads.length = 0
  const frame = await client.raw(`/api/tasks/${task.id}/data?type=frame&number=0&quality=original`)
  expect(frame.status).toBe(200)
  expect(new Set(buckets.reads)).toEqual(new Set(['second/coffee.jpg']))
})

test('P-115 more jobs than the server allows are refused with the limit named', async () => {
  const { id } = await client.send('POST', '/api/tasks', { name: 'Too many', labels: [{ name: 'car' }], segment_size: 1 })
  const picture = Bun.file(join(demo, 'coffee.jpg'))
  const files = Array.from({ length: 7 }, (_, i): [string, Blob] => [`${i}.jpg`, picture])
  await expect(uploadMedia(client, id, files)).rejects.toThrow('would have 7 jobs; this server allows 6 (jobs_per_task)')
  await open(`/tasks/${id}`)
  await untilText(byId('task-error'), 'this server allows 6')
})

test('P-121 issues of a job are counted in its row; replicas are folded under their job', async () => {
  const task = await makeTask('Copied', { consensus_replicas: 2 }, 1)
  const [parent, one, other] = await jobsOf(task)
  for (const resolved of [false, false, true]) {
    const issue = await client.send('POST', '/api/issues', { job: parent.id, frame: 0, position: [1, 1, 5, 5], message: 'Look' })
    if (resolved) await client.send('PATCH', `/api/issues/${issue.id}`, { resolved })
  }
  await open(`/tasks/${task}`)
  await untilText(byId(`job-${parent.id}`).getByTestId('row-issues'), '2 open, 1 resolved')
  const jobs = () => page.locator('#list tbody tr').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.testid))
  await until(jobs, [`job-${parent.id}`])
  await byId(`job-${parent.id}`).getByTestId('row-fold').click()
  await until(
    jobs,
    [parent, one, other].map(({ id }) => `job-${id}`),
  )
  await byId(`job-${parent.id}`).getByTestId('row-fold').click()
  await until(jobs, [`job-${parent.id}`])
})

const chooseRows = async (...rows: string[]) => {
  for (const row of rows) await byId(row).getByTestId('row-select').check()
  await until(() => byId('bulk-count').getAttribute('data-count'), String(rows.length))
}

test('P-040 P-041 several projects and tasks move at once', async () => {
  const { id: organization } = await client.send('POST', '/api/organizations', { slug: 'fleet', name: 'The fleet' })
  const made = [await client.send('POST', '/api/tasks', { name: 'Fleet 1', labels: [{ name: 'a' }] })]
  made.push(await client.send('POST', '/api/tasks', { name: 'Fleet 2', labels: [{ name: 'a' }] }))
  await open('/tasks?search=Fleet')
  await chooseRows(...made.map(({ id }) => `task-${id}`))
  await byId('bulk-organization').click()
  await byId('organization-choice').selectOption({ label: 'The fleet' })
  await byId('dialog-ok').click()
  await untilText(byId('toast-info'), '2 tasks moved.')
  for (const { id } of made) expect((await client.get(`/api/tasks/${id}`)).organization_id).toBe(organization)
})

test('P-044 the jobs of a task are copied with links, ranges and people', async () => {
  const task = await makeTask('To be listed', { segment_size: 1 }, 2)
  const [first, second] = await jobsOf(task)
  const { id, username } = await makePerson()
  await client.send('PATCH', `/api/jobs/${second.id}`, { assignee: id })
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(`/tasks/${task}`)
  await openMenu(`task-${task}`)
  await byId('menu-copy-jobs').click()
  await untilText(byId('toast-info'), '2 jobs are on the clipboard')
  const address = `${pages.server.url}/tasks/${task}/jobs`
  await until(
    () => page.evaluate(() => navigator.clipboard.readText()),
    [
      `Job #${first.id}\t${address}/${first.id}\tframes 0–0\tnobody\tannotation\tnew`,
      `Job #${second.id}\t${address}/${second.id}\tframes 1–1\t${username}\tannotation\tnew`,
    ].join('\n'),
  )
  // Without a clipboard the text is shown.
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await openMenu(`task-${task}`)
  await byId('menu-copy-jobs').click()
  await until(async () => (await byId('copied-jobs').inputValue()).split('\n').length, 2)
})

test('P-130 P-049 exports are named by a template; results are downloaded and waiting requests cancelled together', async () => {
  const made = [await makeTask('Named one'), await makeTask('Named two')]
  await open('/tasks?search=Named&sort=id')
  await chooseRows(...made.map((id) => `task-${id}`))
  await byId('bulk-export').click()
  await byId('export-name-template').fill('{{name}}')
  await byId('export-submit').click()
  await untilText(byId('export-error'), '{{id}} or {{index}}')
  await byId('export-name-template').fill('{{name}} of {{owner}}-{{id}}')
  await byId('export-submit').click()
  await untilText(byId('toast-info'), '2 tasks being exported')
  await open('/requests')
  const finished = page.locator('tr', { has: page.getByTestId('row-download') })
  await until(() => finished.count(), 2)
  const rows = await finished.evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.testid!))
  await chooseRows(...rows)
  await until(() => byId('bulk-cancel').isDisabled(), true)
  const names: string[] = []
  page.on('download', (download) => names.push(download.suggestedFilename()))
  await byId('bulk-download').click()
  await until(
    () => [...names].sort(),
    made.map((id, i) => `Named ${['one', 'two'][i]} of admin-${id}.zip`),
  )
})

test('P-040 several projects are backed up under names of a template', async () => {
  const made = []
  for (const name of ['Kept one', 'Kept two']) {
    const { id } = await client.send('POST', '/api/projects', { name, labels: [{ name: 'car' }] })
    await makeTask(`In ${name}`, { project_id: id })
    made.push(id)
  }
  await open('/projects?search=Kept')
  await chooseRows(...made.map((id) => `project-${id}`))
  await byId('bulk-backup').click()
  await byId('export-name-template').fill('{{index}} {{name}}')
  await byId('backup-submit').click()
  await untilText(byId('toast-info'), '2 projects being backed up')
  const results = async () => {
    const { results } = await client.get('/api/requests?action=export&subresource=backup')
    return results.filter(({ status }: any) => status === 'finished').map(({ result_url }: any) => result_url)
  }
  await until(async () => (await results()).length, 2)
  const names = await Promise.all(
    (await results()).map(async (url: string) => {
      const response = await client.raw(new URL(url).pathname + new URL(url).search)
      return /filename="?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1]
    }),
  )
  // The newest comes first in the list: that is the order of the rows here.
  expect(names.sort()).toEqual(['1 Kept two.zip', '2 Kept one.zip'])
})

test('P-049 requests that wait are cancelled together', async () => {
  const gate = Promise.withResolvers<void>()
  const slow = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 120,
    fetch: async () => {
      await gate.promise
      return new Response(Bun.file(join(demo, 'coffee.jpg')))
    },
  })
  const countOf = async (status: string): Promise<number> => (await client.get(`/api/requests?status=${status}`)).count
  for (let i = 0; i < 4; i++) {
    const { id } = await client.send('POST', '/api/tasks', { name: `Slow ${i}`, labels: [{ name: 'car' }] })
    const files = { image_quality: 75, remote_files: [`http://127.0.0.1:${slow.port}/${i}.jpg`] }
    await client.send('POST', `/api/tasks/${id}/data`, files)
  }
  await until(() => countOf('started'), workers)
  await open('/requests')
  const waiting = page.locator('tr', { has: page.getByTestId('row-remove') })
  await until(() => waiting.count(), 4 - workers)
  // The page was an error while one of them was at exactly nothing.
  await untilText(page.locator('tbody'), '0 %')
  await chooseRows(...(await waiting.evaluateAll((all) => all.map((row) => (row as HTMLElement).dataset.testid!))))
  await until(() => byId('bulk-download').isDisabled(), true)
  await byId('bulk-cancel').click()
  await untilText(byId('toast-info'), '2 requests cancelled.')
  await until(() => waiting.count(), 0)
  gate.resolve()
  await until(() => countOf('started'), 0)
  expect(await countOf('queued')).toBe(0)
  slow.stop(true)
})

const enter = async (slug: string) => {
  await page.context().addCookies([{ name: 'organization', value: slug, url: pages.server.url }])
  await open('/organization')
}

test('P-048 roles and removal of several members and invitations at once', async () => {
  await client.send('POST', '/api/organizations', { slug: 'crew', name: 'Crew' })
  const crew = [await makePerson(), await makePerson(), await makePerson()]
  for (const { email } of crew) await client.send('POST', '/api/invitations?org=crew', { email, role: 'worker' })
  for (const name of ['new1', 'new2'])
    await client.send('POST', '/api/invitations?org=crew', { email: `${name}@example.com`, role: 'worker' })
  const members = async (): Promise<any[]> => (await client.get('/api/memberships?org=crew&page_size=100')).results
  const idOf = async (username: string) => (await members()).find((one) => one.user.username === username)?.id
  const ids = await Promise.all(crew.map(({ username }) => idOf(username)))
  await enter('crew')
  await chooseRows(`member-${ids[0]}`, `member-${ids[1]}`)
  await byId('bulk-role').selectOption('supervisor')
  await untilText(byId('toast-info'), '2 members changed.')
  await until(() => byId(`member-${ids[0]}`).getByTestId('member-role').inputValue(), 'supervisor')
  await chooseRows(`member-${ids[1]}`, `member-${ids[2]}`)
  await byId('bulk-delete').click()
  await byId('dialog-ok').click()
  await byId(`member-${ids[2]}`).waitFor({ state: 'detached' })
  expect(
    (await members())
      .filter(({ is_active }) => is_active)
      .map(({ user }) => user.username)
      .sort(),
  ).toEqual(['admin', crew[0]!.username])
  // From one list to the other: only one of them is chosen from.
  await chooseRows(`member-${ids[0]}`)
  const waiting = page.locator('[data-bulk="invitations"] tbody tr')
  for (const row of await waiting.all()) await row.getByTestId('row-select').check()
  await until(() => byId('bulk-count').getAttribute('data-count'), '2')
  await until(() => byId(`member-${ids[0]}`).getByTestId('row-select').isChecked(), false)
  await byId('bulk-delete').click()
  await byId('dialog-ok').click()
  await until(() => waiting.count(), 0)
  expect((await client.get(`/api/invitations?org=crew&accepted=false`)).count).toBe(0)
})

test('P-048 several invitations are mailed again', async () => {
  const mailed: string[] = []
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) => {
      stream.resume()
      stream.on('end', () => {
        mailed.push(...envelope.rcptTo.map(({ address }) => address))
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as { port: number }
  const mailing = await openPages({
    env: { ANNOLITH_SMTP_URL: `smtp://127.0.0.1:${port}`, ANNOLITH_PUBLIC_URL: 'http://annolith.example' },
  })
  try {
    const guests = ['one@example.com', 'two@example.com']
    await mailing.client.send('POST', '/api/organizations', { slug: 'post', name: 'Post' })
    for (const email of guests) await mailing.client.send('POST', '/api/invitations?org=post', { email, role: 'worker' })
    await until(() => [...mailed].sort(), guests)
    await mailing.page.context().addCookies([{ name: 'organization', value: 'post', url: mailing.server.url }])
    await mailing.open('/organization')
    await mailing.page.locator('[data-bulk="invitations"] [data-select-all]').check()
    await until(() => mailing.byId('bulk-count').getAttribute('data-count'), '2')
    await mailing.byId('bulk-resend').click()
    await untilText(mailing.byId('toast-info'), '2 invitations sent again.')
    await until(() => [...mailed].sort(), [...guests, ...guests].sort())
  } finally {
    await mailing.close()
    await new Promise<void>((resolve) => smtp.close(resolve))
  }
})

test('P-048 what fails for some is told and tried again', async () => {
  const made = [await client.send('POST', '/api/tasks', { name: 'Fickle 1', labels: [{ name: 'a' }] })]
  made.push(await client.send('POST', '/api/tasks', { name: 'Fickle 2', labels: [{ name: 'a' }] }))
  await enter('')
  await open('/tasks?search=Fickle')
  let isBroken = true
  await page.route(`**/api/tasks/${made[0].id}`, (route) =>
    isBroken ? route.fulfill({ status: 503, body: '{"detail":"Busy."}' }) : route.continue(),
  )
  await chooseRows(...made.map(({ id }) => `task-${id}`))
  await byId('bulk-delete').click()
  await byId('dialog-ok').click()
  await untilText(byId('bulk-failures'), `#${made[0].id}: Busy.`)
  isBroken = false
  await byId('bulk-retry').click()
  await byId(`task-${made[0].id}`).waitFor({ state: 'detached' })
  await page.unroute(`**/api/tasks/${made[0].id}`)
})

test('P-051 name, expiry and access of a token are changed', async () => {
  const token = await client.send('POST', '/api/auth/access_tokens', { name: 'Old name' }).catch(() => null)
  expect(token).toBeNull()
  await open('/profile')
  await byId('token-name').fill('Old name')
  await byId('token-create').click()
  await visible(byId('token-value'))
  const [{ id }] = (await client.get('/api/auth/access_tokens')).results
  await byId(`token-${id}-edit`).click()
  await byId('token-name').fill('New name')
  await byId('token-expiry').fill('2031-05-06')
  await byId('token-access').selectOption('read')
  await byId('token-save').click()
  await page.waitForURL(/\/profile\?saved=1/)
  const shown = await client.get(`/api/auth/access_tokens/${id}`)
  expect([shown.name, shown.expiry_date, shown.read_only]).toEqual(['New name', '2031-05-06T23:59:59Z', true])
  await byId(`token-${id}-edit`).click()
  await byId('token-expiry').fill('')
  await byId('token-save').click()
  await page.waitForURL(/\/profile\?saved=1/)
  expect((await client.get(`/api/auth/access_tokens/${id}`)).expiry_date).toBeNull()
})

test('P-073 a saved attribute is removed in the form and in raw text, after naming what is lost', async () => {
  const attributes = ['colour', 'size'].map((name) => ({
    name,
    input_type: 'select',
    mutable: false,
    values: ['a', 'b'],
    default_value: 'a',
  }))
  const project = await client.send('POST', '/api/projects', { name: 'Attributes', labels: [{ name: 'car', attributes }] })
  const namesNow = async () =>
    (await client.get(`/api/labels?project_id=${project.id}`)).results[0].attributes.map(({ name }: any) => name)
  const [label] = (await client.get(`/api/labels?project_id=${project.id}`)).results
  await open(`/projects/${project.id}`)
  await byId(`label-${label.id}`).getByRole('button').first().click()
  await page.locator('[data-attribute]').first().getByRole('button', { name: 'Remove attribute' }).click()
  await untilText(byId('dialog'), 'label “car” lose the values of “colour” (a, b)')
  await byId('dialog-ok').click()
  await until(() => page.locator('[data-attribute]').count(), 1)
  await byId('label-save').click()
  await until(namesNow, ['size'])
  await byId('label-raw').click()
  await byId('label-raw-text').fill(JSON.stringify([{ id: label.id, name: 'car', attributes: [] }]))
  await byId('label-raw-apply').click()
  await untilText(byId('dialog'), 'lose the values of “size”')
  await byId('dialog-ok').click()
  await until(namesNow, [])
})

test('P-073 a saved attribute of a point of a skeleton is removed, too', async () => {
  const attributes = [{ name: 'bent', input_type: 'checkbox', mutable: false, values: ['false'], default_value: 'false' }]
  const points = ['a', 'b'].map((name) => ({ name, type: 'points', attributes }))
  const svg = points
    .map(
      (_, i) =>
        `<circle r="1" cx="${20 + 40 * i}" cy="50" data-type="element node" data-element-id="${i + 1}" data-node-id="${i + 1}" data-label-name="${'ab'[i]}"></circle>`,
    )
    .join('')
  const labels = [{ name: 'hand', type: 'skeleton', sublabels: points, svg }]
  const project = await client.send('POST', '/api/projects', { name: 'Bones', labels })
  const shown = async () => (await client.get(`/api/labels?project_id=${project.id}`)).results[0]
  const { id } = await shown()
  await open(`/projects/${project.id}`)
  await byId(`label-${id}`).getByRole('button').first().click()
  await byId('skeleton-canvas').locator('[data-point="0"]').click({ button: 'right' })
  await byId('dialog').getByRole('button', { name: 'Remove attribute' }).click()
  await byId('dialog-ok').click()
  await byId('dialog').waitFor({ state: 'detached' })
  await byId('skeleton').getByTestId('label-save').click()
  await untilText(byId('dialog'), 'label “a” lose the values of “bent”')
  await byId('dialog-ok').click()
  const namesNow = async () => (await shown()).sublabels.map((one: any) => one.attributes.map(({ name }: any) => name))
  await until(namesNow, [[], ['bent']])
})

test('P-150 P-151 contact data of an organization, and its removal after typing the short name', async () => {
  await open('/organizations/create')
  await byId('org-slug').fill('depot')
  await byId('org-email').fill('depot@example.com')
  await byId('org-submit').click()
  await page.waitForURL('**/organization')
  const contactNow = async () => (await client.get('/api/organizations?slug=depot')).results[0]?.contact
  expect(await contactNow()).toEqual({ email: 'depot@example.com' })
  await byId('org-phone').fill('+49 30 123')
  await byId('org-location').fill('Berlin')
  await byId('org-save').click()
  await page.waitForURL(/saved=1/)
  expect(await contactNow()).toEqual({ email: 'depot@example.com', phoneNumber: '+49 30 123', location: 'Berlin' })
  await until(() => byId('org-location').inputValue(), 'Berlin')
  await byId('org-delete').click()
  await until(() => byId('dialog-ok').isDisabled(), true)
  await byId('dialog-typed').fill('depo')
  await until(() => byId('dialog-ok').isDisabled(), true)
  await byId('dialog-typed').fill('depot')
  await byId('dialog-ok').click()
  await page.waitForURL('**/projects')
  expect((await client.get('/api/organizations?slug=depot')).count).toBe(0)
})

test('P-152 an invitation is told on whatever page one is', async () => {
  const { username, email } = await makePerson()
  await client.send('POST', '/api/organizations', { slug: 'guild', name: 'Guild' })
  const context = await pages.browser.newContext()
  const theirs = await context.newPage()
  await theirs.goto(`${pages.server.url}/auth/login?next=/settings`)
  await theirs.getByTestId('login-username').fill(username)
  await theirs.getByTestId('login-password').fill(password)
  await theirs.getByTestId('login-submit').click()
  await theirs.waitForURL('**/settings')
  await theirs.waitForFunction(() => document.documentElement.dataset.live === 'on')
  await client.send('POST', '/api/invitations?org=guild', { email, role: 'worker' })
  await untilText(theirs.getByTestId('toast-info'), '“Guild”')
  await context.close()
})
