// Consensus in a real browser: jobs that cannot be merged yet, merging one and all after the question, agreement of people, settings.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './browser.ts'
import { type Mirrored, openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'
import * as quality from './quality-fixture.ts'

setDefaultTimeout(60_000)

const axeSource = readFileSync(join(import.meta.dir, '../../node_modules/axe-core/axe.min.js'), 'utf8')

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let task: quality.QualityTask
let parents: quality.Job[]
let path: string

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  task = await quality.createTask(client, { name: 'Three people each', pictures: 8, segment: 4, task: { consensus_replicas: 3 } })
  parents = task.jobs.filter(({ parent_job_id: parent }) => parent === null)
  path = `/tasks/${task.id}/consensus`
})
afterAll(() => pages?.close())

const replicasOf = ({ id }: quality.Job) => task.jobs.filter(({ parent_job_id: parent }) => parent === id)
const shapesOf = async (job: quality.Job) => (await client.get(`/api/jobs/${job.id}/annotations`)).shapes

test('a task without started replicas offers no merge and says why', async () => {
  await open(`/tasks/${task.id}`)
  await byId('row-menu').first().click()
  await byId('menu-consensus').click()
  await page.waitForURL(`**${path}`)
  for (const job of parents) {
    await until(() => byId(`consensus-job-${job.id}`).getAttribute('data-mergeable'), 'false')
    await untilText(byId(`consensus-job-${job.id}`).getByTestId('row-reason'), 'in the state new')
  }
  await until(() => byId('consensus-merge-all').count(), 0)
  await byId('consensus-tab-agreement').click()
  await untilText(byId('list-empty'), 'Nothing to compare yet')
})

test('what is there is replaced only after the question; a job gets what most of its replicas have', async () => {
  const [first, second] = parents as [quality.Job, quality.Job]
  const [one, two, three] = replicasOf(first) as [quality.Job, quality.Job, quality.Job]
  const right = quality.rightShapes(task, quality.framesOf(first))
  await quality.annotate(client, one.id, right)
  // The second has another label on one car, the third lacks one person.
  await quality.annotate(
    client,
    two.id,
    right.map((shape, at) => (at === 0 ? { ...shape, label_id: task.person.id, attributes: [] } : shape)),
  )
  await quality.annotate(
    client,
    three.id,
    right.filter((_, at) => at !== 3),
  )
  for (const { id } of [one, two, three]) await client.send('PATCH', `/api/jobs/${id}`, { state: 'completed' })
  await quality.annotate(client, first.id, [quality.shapeOf(first.start_frame, task.person, [5, 5, 40, 40])])

  await open(path)
  const row = byId(`consensus-job-${first.id}`)
  await until(() => row.getAttribute('data-mergeable'), 'true')
  await until(() => byId(`consensus-job-${second.id}`).getAttribute('data-mergeable'), 'false')
  await row.getByTestId('row-merge').click()
  await untilText(byId('consensus-question'), 'One annotation that these jobs have now is replaced')
  // Without the tick the browser sends nothing, and the server would not take it.
  await byId('consensus-merge').click()
  await until(() => byId('consensus-overwrite').evaluate((box) => (box as HTMLInputElement).validity.valueMissing), true)
  await byId('consensus-overwrite').evaluate((box) => box.removeAttribute('required'))
  await byId('consensus-merge').click()
  await untilText(byId('consensus-problem'), 'Nothing was merged')
  expect((await shapesOf(first)).map(({ source }: { source: string }) => source)).toEqual(['manual'])

  await open(`${path}?merge=${first.id}`)
  await byId('consensus-overwrite').check()
  await byId('consensus-merge').click()
  await untilText(byId('consensus-merges'), 'finished')
  const merged = await shapesOf(first)
  expect(merged.length).toBe(right.length)
  expect(new Set(merged.map(({ source }: { source: string }) => source))).toEqual(new Set(['consensus']))
  expect((await client.get(`/api/jobs/${first.id}`)).state).toBe('completed')
})

test('in the editor: cards say how many people have an object, and filters know it', async () => {
  const first = parents[0]!
  const editor = await openEditorPage(page, `${pages.server.url}/tasks/${task.id}/jobs/${first.id}?frame=${first.start_frame}`)
  const [car, person] = (await editor.untilCount(2)).sort((a, b) => a.points[0]! - b.points[0]!) as [Mirrored, Mirrored]
  const scoreOf = (one: Mirrored) => byId(`object-${one.clientId}`).getByTestId('object-score')
  await until(() => scoreOf(car).textContent(), '2/3')
  await until(() => scoreOf(person).textContent(), '3/3')
  expect(await scoreOf(car).getAttribute('data-tip')).toContain('2 of 3 votes: car 2')
  await byId('editor-filter').click()
  await byId('filter-field').selectOption('votes')
  await byId('filter-operator').selectOption('less')
  await byId('filter-value').fill('3')
  await byId('filter-apply').click()
  await until(async () => (await editor.objects()).map(({ clientId }) => clientId), [car.clientId])
})

test('the whole task: what is ready is merged, the rest is named', async () => {
  const second = parents[1]!
  const own = replicasOf(second)
  await quality.annotate(client, own[0]!.id, quality.rightShapes(task, quality.framesOf(second)))
  await client.send('PATCH', `/api/jobs/${own[0]!.id}`, { state: 'in progress' })
  await open(path)
  await untilText(byId(`consensus-job-${second.id}`).getByTestId('row-reason'), '2 of 3 replicas')
  await byId('consensus-merge-all').click()
  await untilText(byId('consensus-question'), `#${parents[0]!.id}, #${second.id}`)
  await byId('consensus-cancel').click()
  await until(() => byId('consensus-question').count(), 0)
  await byId('consensus-merge-all').click()
  await byId('consensus-overwrite').check()
  await byId('consensus-merge').click()
  await untilText(byId('consensus-merges'), 'The whole task')
  await until(() => byId('consensus-progress').count(), 0)
  await until(async () => (await shapesOf(second)).length, 8)
})

test('agreement: alpha and kappas of all, of labels and of pairs, as the API has them', async () => {
  const answer = await client.get(`/api/consensus/jobs/${parents[0]!.id}/agreement`)
  await open(`${path}?tab=agreement`)
  const values = (id: string) =>
    byId(id)
      .locator('[data-value]')
      .evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset.value)))
  const { krippendorff, fleiss, cohen } = answer.overall
  await until(
    () => values('agreement-overall'),
    [krippendorff, fleiss, Math.min(...cohen.map(({ kappa }: { kappa: number }) => kappa))],
  )
  const pairs = cohen.map(({ kappa }: { kappa: number }) => kappa)
  await until(() => values('agreement-pairs'), [pairs[0], pairs[1], pairs[0], pairs[2], pairs[1], pairs[2]])
  const [label] = answer.labels
  await byId(`agreement-label-${label.label_id}`).getByRole('link').click()
  await page.waitForURL(`**subject=label-${label.label_id}**`)
  await until(async () => (await values('agreement-pairs'))[0], label.agreement.cohen[0].kappa)
})

test('settings: what does not fit is said at its field', async () => {
  await open(`${path}?tab=settings`)
  await byId('consensus-quorum').fill('150')
  await byId('consensus-iou-threshold').fill('50')
  await byId('consensus-submit').click()
  await untilText(page.locator('label:has([data-testid="consensus-quorum"]) [role="alert"]'), 'from 0 to 100')
  const read = async () => (await client.get(`/api/consensus/settings?task_id=${task.id}`)).results[0]
  expect(await read()).toMatchObject({ quorum: 0.5, iou_threshold: 0.4 })
  await byId('consensus-quorum').fill('67')
  await byId('consensus-submit').click()
  await visible(byId('consensus-saved'))
  expect(await read()).toMatchObject({ quorum: 0.67, iou_threshold: 0.5 })
})

test('a task without replicas explains itself', async () => {
  const plain = await quality.createTask(client, { name: 'One person each', pictures: 1, segment: 1 })
  await open(`/tasks/${plain.id}/consensus`)
  await visible(byId('consensus-disabled'))
})

test('nothing serious for axe in either theme; narrow screens do not scroll sideways', async () => {
  for (const address of [path, `${path}?merge=all`, `${path}?tab=agreement`, `${path}?tab=settings`])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width: 1280, height: 800 })
      await open(address)
      await page.evaluate(axeSource)
      const { violations } = await page.evaluate(() => (globalThis as any).axe.run(document, { resultTypes: ['violations'] }))
      const serious = violations.filter(({ impact }: { impact: string }) => impact === 'serious' || impact === 'critical')
      expect([address, serious.map(({ id, nodes }: any) => [id, nodes.map((node: any) => node.target.join(' '))])]).toEqual([
        address,
        [],
      ])
      await page.setViewportSize({ width: 390, height: 800 })
      await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth)
    }
  expect(pages.complaints.filter((text) => !/status of 400/.test(text))).toEqual([])
})
