// What people do with rows and pages of projects, tasks, jobs and organizations: move, group, fold, copy, many at once; names of the server.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signIn, uploadMedia } from '../../scripts/client.ts'
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
  await untilText(effects, 'Tasks that go along: 1, with 2 jobs')
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
  await untilText(byId('organization-effects'), 'Jobs that go along: 1')
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
