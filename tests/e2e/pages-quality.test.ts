// Quality control in a real browser: honeypots and ground truth from annotation to a report, a conflict mended in the editor, immediate
// feedback, validation frames left out and taken back, settings with their errors, requirements, the sheet to print.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './browser.ts'
import { openEditorPage } from './editor-page.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'
import * as quality from './quality-fixture.ts'

setDefaultTimeout(90_000)

const axeSource = readFileSync(join(import.meta.dir, '../../node_modules/axe-core/axe.min.js'), 'utf8')

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let pool: quality.QualityTask
let projectId: number

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  projectId = (await client.send('POST', '/api/projects', { name: 'Streets', labels: quality.labels })).id
  pool = await quality.createTask(client, {
    name: 'Streets with honeypots',
    pictures: 12,
    segment: 4,
    data: quality.honeypotOptions(4, 2),
    task: { project_id: projectId },
  })
})
afterAll(() => pages?.close())

/** Waits for the report that is being made, and answers its score. */
const makeReport = async () => {
  const before = (await byId('quality-report').count()) ? await byId('quality-report').inputValue() : ''
  await byId('quality-create').click()
  await page.waitForFunction((old) => {
    const choice = document.querySelector<HTMLSelectElement>('[data-testid="quality-report"]')
    return choice !== null && choice.value !== old && !document.querySelector('[data-testid="quality-progress"]')
  }, before)
  return byId('quality-value').textContent()
}

test('a report needs a finished ground truth; the page says so and leads there', async () => {
  await open(`/tasks/${pool.id}`)
  await page.getByTestId('row-menu').first().click()
  await byId('menu-quality').click()
  await page.waitForURL(`**/tasks/${pool.id}/quality`)
  await untilText(byId('list-empty'), 'No report yet')
  await byId('quality-create').click()
  await untilText(byId('quality-problem'), 'acceptance stage')
  await byId('quality-tab-management').click()
  await page.waitForURL('**/quality?tab=management')
  await until(() => byId('quality-ground-truth').getAttribute('data-ready'), 'false')
  const { validation_frames: frames } = await client.get(`/api/tasks/${pool.id}/validation_layout`)
  await quality.annotate(client, pool.truth!.id, quality.rightShapes(pool, frames))
  const truth = async () => {
    const { stage, state } = await client.get(`/api/jobs/${pool.truth!.id}`)
    return [stage, state]
  }
  await byId('row-stage').selectOption('acceptance')
  await until(truth, ['acceptance', 'new'])
  await byId('row-state').selectOption('completed')
  await until(truth, ['acceptance', 'completed'])
  await open(`/tasks/${pool.id}/quality?tab=management`)
  await until(() => byId('quality-ground-truth').getAttribute('data-ready'), 'true')
})

test('honeypots: a conflict is found, shown in the editor beside the ground truth, mended there, and the score rises', async () => {
  for (const [at, job] of pool.jobs.entries()) {
    const shapes = quality.rightShapes(pool, quality.framesOf(job))
    const [honeypot] = await quality.honeypotsOf(client, job.id)
    const car = shapes.find(({ frame }) => frame === honeypot!.frame)!
    if (at === 0) Object.assign(car, { label_id: pool.person.id, attributes: [] })
    if (at === 1) car.points = [110, 100, 250, 200]
    await quality.annotate(client, job.id, shapes)
  }
  await open(`/tasks/${pool.id}/quality`)
  // Two jobs with two honeypots of two objects each; one label is wrong, and a wrong label counts once among what was seen.
  expect(await makeReport()).toBe('87.5%')
  await untilText(byId('quality-target'), 'reaches the target of 70%')
  expect(await byId('quality-kind-mismatching_label').getAttribute('data-count')).toBe('1')
  expect(await byId('quality-kind-low_overlap').getAttribute('data-count')).toBe('1')
  expect(await byId('quality-matrix').locator('[data-cell="person/car"]').textContent()).toBe('1')
  const [first, second] = pool.jobs as [quality.Job, quality.Job]
  expect(await byId(`quality-job-${first.id}`).getByTestId('row-score').textContent()).toBe('75%')
  expect(await byId(`quality-job-${second.id}`).getByTestId('row-conflicts').getAttribute('data-count')).toBe('1')

  await byId('quality-conflicts-mismatching_label').click()
  await page.waitForURL('**conflict=mismatching_label#conflicts')
  const rows = page.locator('[data-testid="quality-conflicts"] tbody tr')
  await until(() => rows.count(), 1)
  const href = (await rows.getByTestId('row-open').getAttribute('href'))!
  const editor = await openEditorPage(page, `${pages.server.url}${href}`)
  const [honeypot] = await quality.honeypotsOf(client, first.id)
  await editor.until('frame', honeypot!.frame)
  await editor.until('workspace', 'review')
  await untilText(byId('conflicts-count'), 'One conflict')
  const marks = (query: string) => editor.page.locator(`[data-testid="conflict-marks"] ${query}`)
  // The honeypot shows a frame of the pool: the object of the ground truth stands on it here too.
  await until(() => marks('polygon[data-side="truth"][data-current="true"]').count(), 1)
  await until(() => marks('polygon[data-side="here"][data-severity="error"]').count(), 1)
  await untilText(page.locator('.ed-conflict-row'), 'Wrong label: car, not person')
  await until(async () => Number(await editor.read('active')) > 0, true)
  const selected = await editor.read('active')

  await byId('editor-workspace').selectOption('standard')
  await editor.until('workspace', 'standard')
  await byId('side-objects').click()
  await byId(`object-${selected}`).getByTestId('object-label').selectOption('car')
  await editor.save()

  await open(`/tasks/${pool.id}/quality`)
  expect(await makeReport()).toBe('100%')
  await untilText(byId('quality-change'), '12.5 points more than before')
  await until(() => byId('quality-kind-mismatching_label').count(), 0)
  await byId('quality-trend').and(page.locator('[data-drawn="true"]')).waitFor()
  // The older report can still be looked at, and the address says which one it is.
  const older = await byId('quality-report').locator('option').nth(1).getAttribute('value')
  await byId('quality-report').selectOption(older!)
  await page.waitForURL(`**report=${older}`)
  await untilText(byId('quality-value'), '87.5%')
})

test('in the editor: the report and the severity are chosen, keys lead from conflict to conflict', async () => {
  const [, job] = pool.jobs as [quality.Job, quality.Job]
  const shapes = quality.rightShapes(pool, quality.framesOf(job))
  const pots = await quality.honeypotsOf(client, job.id)
  const [one, other] = pots.map(({ frame }) => frame).sort((a, b) => a - b) as [number, number]
  shapes.find(({ frame }) => frame === one)!.points = [110, 100, 250, 200]
  shapes.push(quality.shapeOf(other, pool.person, [10, 10, 60, 70]))
  await quality.annotate(client, job.id, shapes)
  await quality.makeReport(client, { task_id: pool.id })
  const { results } = await client.get(`/api/quality/reports?job_id=${job.id}&target=job&sort=-created_date`)
  const editor = await openEditorPage(
    page,
    `${pages.server.url}/tasks/${pool.id}/jobs/${job.id}?defaultWorkspace=review&frame=${job.start_frame}`,
  )
  await untilText(byId('conflicts-count'), '2 conflicts')
  await until(() => byId('conflicts-report').inputValue(), String(results[0].id))
  await editor.page.keyboard.press('Shift+F')
  await editor.until('frame', one)
  await editor.page.keyboard.press('Shift+F')
  await editor.until('frame', other)
  await editor.page.keyboard.press('Shift+F')
  await until(() => byId('status-hint').textContent(), 'There is no later conflict')
  await editor.page.keyboard.press('Shift+D')
  await editor.until('frame', one)
  await byId('conflicts-severity').selectOption('error')
  await untilText(byId('conflicts-count'), '1 of 2')
  await until(() => page.locator('.ed-conflict-row[data-severity="warning"]').count(), 0)
  await byId('conflict-next').click()
  await editor.until('frame', other)
  await byId('conflicts-severity').selectOption('')
  await byId('conflicts-report').selectOption(String(results[1].id))
  await untilText(byId('conflicts-count'), 'One conflict')
  expect(await byId('conflicts-page').getAttribute('href')).toBe(`/tasks/${pool.id}/quality`)
})

test('immediate feedback: attempts are counted, what is wrong is not told, a good job is accepted', async () => {
  const path = `/projects/${projectId}/quality?tab=settings`
  await open(path)
  await byId('quality-max-validations-per-job').fill('2')
  await byId('quality-target-metric-threshold').fill('95')
  await byId('quality-submit').click()
  await visible(byId('quality-saved'))
  const [first, second] = pool.jobs as [quality.Job, quality.Job]
  const stateOf = async ({ id }: quality.Job) => {
    const { stage, state } = await client.get(`/api/jobs/${id}`)
    return [stage, state]
  }
  const finish = async (job: quality.Job) => {
    await openEditorPage(page, `${pages.server.url}/tasks/${pool.id}/jobs/${job.id}`)
    await byId('editor-menu').click()
    await byId('menu-finish').click()
    await byId('dialog').getByTestId('dialog-ok').waitFor()
  }
  // The second job has a box too many.
  await finish(second)
  await untilText(byId('dialog'), '2 attempts are left')
  await byId('dialog-ok').click()
  await untilText(byId('validation-advice'), 'One attempt is left')
  expect(await byId('validation-score').textContent()).toBe('80 %')
  expect(await stateOf(second)).not.toContain('completed')
  await byId('validation-dialog').getByTestId('dialog-ok').click()
  await finish(second)
  await untilText(byId('dialog'), 'last attempt')
  await byId('dialog-ok').click()
  await untilText(byId('validation-advice'), 'somebody reviews it')
  await until(() => stateOf(second), ['annotation', 'completed'])

  await finish(first)
  await byId('dialog-ok').click()
  await until(() => byId('validation-score').getAttribute('data-passed'), 'true')
  await until(() => stateOf(first), ['acceptance', 'completed'])
})

test('honeypots are drawn anew for one job or all; too few frames are a message', async () => {
  await open(`/tasks/${pool.id}/quality?tab=management`)
  expect(await byId('frames-total').getAttribute('data-count')).toBe('4')
  const layout = () => client.get(`/api/tasks/${pool.id}/validation_layout`)
  const unused = (await layout()).validation_frames[0]
  await byId(`validation-${unused}`).getByTestId('row-exclude').click()
  await visible(byId('quality-done'))
  await until(() => byId('frames-active').getAttribute('data-count'), '3')
  await byId('validation-draw').click()
  await untilText(byId('quality-done'), 'Other validation frames')
  expect((await layout()).honeypot_real_frames).not.toContain(unused)
  await byId('validation-job').selectOption(String(pool.jobs[0]!.id))
  await byId('validation-draw').click()
  await untilText(byId('quality-done'), 'Other validation frames')
  for (const box of await byId('row-choose').all()) await box.check()
  await byId('frames-exclude').click()
  await until(() => byId('frames-active').getAttribute('data-count'), '0')
  await byId('validation-draw').click()
  await untilText(byId('quality-problem'), 'Try to restore')
  await byId('validation-restore-all').click()
  await until(() => byId('frames-excluded').getAttribute('data-count'), '0')
})

test('ground truth: made on the page; a frame that is left out does not count, taken back it counts again', async () => {
  const made = await quality.createTask(client, { name: 'Streets with ground truth', pictures: 8, segment: 4 })
  await open(`/tasks/${made.id}/quality?tab=management`)
  await visible(byId('quality-none'))
  await byId('job-create-share').fill('50')
  await byId('job-create-seed').fill('5')
  await byId('job-create-submit').click()
  await until(() => byId('validation-frames').getAttribute('data-count'), '4')
  const task = await quality.loadTask(client, made.id)
  await quality.finishTruth(client, task)
  const { validation_frames: frames } = await client.get(`/api/tasks/${task.id}/validation_layout`)
  const [bad, ...good] = frames as number[]
  for (const job of task.jobs) {
    const own = quality.rightShapes(task, quality.framesOf(job))
    await quality.annotate(
      client,
      job.id,
      own.filter(({ frame }) => frame !== bad),
    )
  }
  await open(`/tasks/${task.id}/quality`)
  expect(await makeReport()).toBe('75%')
  expect(await byId('quality-kind-missing_annotation').getAttribute('data-count')).toBe('2')

  await byId('quality-tab-management').click()
  await byId('validation-frames').waitFor()
  const row = (frame: number) => byId(`validation-${frame}`)
  await until(() => row(bad!).getByTestId('row-score').getAttribute('data-score'), '0')
  await until(() => row(good[0]!).getByTestId('row-score').getAttribute('data-score'), '1')
  // Sorted by quality the bad one comes first; narrowed to what is below the target it is the only one, in the file too.
  await byId('validation-frames').locator('thead').getByText('Quality').click()
  await page.waitForURL('**sort=quality**')
  await until(() => byId('validation-frames').locator('tbody tr').first().getAttribute('data-testid'), `validation-${bad}`)
  await byId('frames-state').selectOption('below')
  await byId('frames-narrow').click()
  await until(() => byId('validation-frames').getAttribute('data-count'), '1')
  const csv = await (await client.raw((await byId('list-csv').getAttribute('href'))!)).text()
  expect(
    csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(',')[0]),
  ).toEqual(['frame', String(bad)])
  await byId('list-search').fill('no such name')
  await byId('frames-narrow').click()
  await visible(byId('list-empty'))
  await byId('list-clear').click()
  await until(() => byId('validation-frames').getAttribute('data-count'), '4')

  await row(bad!).getByTestId('row-exclude').click()
  await visible(byId('quality-done'))
  await until(() => row(bad!).getAttribute('data-disabled'), 'true')
  await open(`/tasks/${task.id}/quality`)
  expect(await makeReport()).toBe('100%')
  await open(`/tasks/${task.id}/quality?tab=management`)
  await byId('frames-choose-all').check()
  await byId('frames-restore').click()
  await until(() => byId('frames-excluded').getAttribute('data-count'), '0')
  await open(`/tasks/${task.id}/quality`)
  expect(await makeReport()).toBe('75%')

  const lines = (await (await client.raw((await byId('quality-csv').getAttribute('href'))!)).text()).trim().split('\r\n')
  expect(lines.map((line) => line.split(',')[0])).toEqual(['job', ...task.jobs.map(({ id }) => String(id))])
  const data = await (await client.raw((await byId('quality-json').getAttribute('href'))!)).json()
  expect(data.comparison_summary.annotations.accuracy).toBe(0.75)

  await open(`/tasks/${task.id}/quality?tab=management`)
  await byId('quality-ground-truth').getByTestId('row-remove').click()
  await byId('dialog-ok').click()
  await visible(byId('quality-none'))
})

test('settings: what does not fit is said at its field, nothing of it is saved; tasks follow their project or not', async () => {
  const path = `/tasks/${pool.id}/quality?tab=settings`
  await open(path)
  await until(() => byId('quality-inherit').getAttribute('data-value'), 'true')
  expect(await byId('quality-iou-threshold').isDisabled()).toBe(true)
  await byId('quality-inherit-flip').click()
  await until(() => byId('quality-inherit').getAttribute('data-value'), 'false')
  const settings = async () => (await client.get(`/api/quality/settings?task_id=${pool.id}`)).results[0]
  await byId('quality-iou-threshold').fill('140')
  await byId('quality-oks-sigma').fill('much')
  await byId('quality-line-thickness').fill('2.5')
  await byId('quality-submit').click()
  await page.waitForURL('**/quality/settings')
  const problemAt = (id: string) => page.locator(`label:has([data-testid="${id}"]) [role="alert"]`)
  await untilText(problemAt('quality-iou-threshold'), 'from 0 to 100')
  await untilText(problemAt('quality-oks-sigma'), 'A number is needed')
  expect(await byId('quality-line-thickness').inputValue()).toBe('2.5')
  expect(await settings()).toMatchObject({ iou_threshold: 0.4, line_thickness: 0.01 })
  await byId('quality-iou-threshold').fill('55')
  await byId('quality-oks-sigma').fill('9')
  await byId('quality-job-filter').fill('{')
  await byId('quality-submit').click()
  await untilText(problemAt('quality-job-filter'), 'Not valid JSON')
  await byId('quality-job-filter').fill('')
  await byId('quality-compare-groups').selectOption('')
  await byId('quality-target-metric').selectOption('mean_dice')
  await byId('quality-submit').click()
  await visible(byId('quality-saved'))
  expect(await settings()).toMatchObject({
    iou_threshold: 0.55,
    line_thickness: 0.025,
    compare_groups: false,
    target_metric: 'mean_dice',
    job_filter: '',
    inherit: false,
  })
  await open(`/projects/${projectId}/quality?tab=settings`)
  await byId(`quality-force-${pool.id}`).click()
  await until(() => byId('quality-own').count(), 0)
  expect(await settings()).toMatchObject({ inherit: true })
})

test('requirements are made, judged in reports, changed and deleted', async () => {
  await open(`/projects/${projectId}/quality?tab=settings`)
  await byId('requirement-new').click()
  await byId('requirement-submit').click()
  await untilText(page.locator('label:has([data-testid="requirement-name"]) [role="alert"]'), 'A name is needed')
  await byId('requirement-name').fill('Cars')
  await byId('requirement-filter').fill('{"==":[{"var":"nothing"},1]}')
  await byId('requirement-submit').click()
  await untilText(page.locator('label:has([data-testid="requirement-filter"]) [role="alert"]'), 'Unknown field')
  await byId('requirement-filter').fill('{"==":[{"var":"label"},"car"]}')
  await byId('requirement-required-score').fill('99')
  await byId('requirement-metric').selectOption('recall')
  await byId('requirement-match-groups').selectOption('no')
  const spec = pool.car.attributes[0]!.id
  await byId(`requirement-spec-${spec}`).selectOption('levenshtein')
  await byId(`requirement-spec-${spec}-threshold`).fill('a lot')
  await byId('requirement-submit').click()
  await untilText(
    page.locator(`label:has([data-testid="requirement-spec-${spec}-threshold"]) [role="alert"]`),
    'A number is needed',
  )
  await byId(`requirement-spec-${spec}-threshold`).fill('80')
  await byId('requirement-submit').click()
  await untilText(byId('requirements'), 'Cars')
  const { results } = await client.get(`/api/quality/settings/requirements?project_id=${projectId}&page_size=50`)
  const made = results.find(({ name }: { name: string }) => name === 'Cars')
  expect(made).toMatchObject({ metric: 'recall', required_score: 0.99, match_groups: false, iou_threshold: null })
  expect(made.attribute_comparison.rules).toEqual([{ spec_id: spec, enabled: true, comparator: 'levenshtein', threshold: 0.8 }])
  await open(`/tasks/${pool.id}/quality`)
  await makeReport()
  await untilText(byId('quality-requirements'), 'Cars')
  await open(`/projects/${projectId}/quality`)
  await makeReport()
  await visible(byId(`quality-task-${pool.id}`))
  await byId('quality-tab-settings').click()
  await byId(`requirement-${made.id}`).getByTestId('row-open').click()
  expect(await byId('requirement-required-score').inputValue()).toBe('99')
  await byId('requirement-remove').click()
  await byId('requirements').waitFor()
  await until(() => byId(`requirement-${made.id}`).count(), 0)
})

test('the sheet to print has everything and no navigation', async () => {
  await open(`/tasks/${pool.id}/quality`)
  await byId('quality-print').click()
  await visible(byId('quality-sheet'))
  await until(() => byId('nav-tasks').count(), 0)
  await byId('quality-trend').and(page.locator('[data-drawn="true"]')).waitFor()
  await page.emulateMedia({ media: 'print' })
  await byId('print').waitFor({ state: 'hidden' })
  for (const id of ['quality-score', 'quality-matrix', 'quality-requirements', 'print-parts']) await visible(byId(id))
  expect((await page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(20_000)
  await page.emulateMedia({ media: null })
})

test('who only works on a job sees no quality of its task', async () => {
  const name = 'worker-of-a-job'
  await client.send('POST', '/api/auth/register', {
    username: name,
    email: 'w@example.org',
    password1: 'Long-Enough-9',
    password2: 'Long-Enough-9',
    first_name: 'W',
    last_name: 'K',
  })
  const { results } = await client.get(`/api/users?search=${name}`)
  await client.send('PATCH', `/api/jobs/${pool.jobs[1]!.id}`, { assignee: results[0].id })
  const context = await pages.browser.newContext()
  const own = await context.newPage()
  await own.goto(`${pages.server.url}/auth/login`)
  await own.getByTestId('login-username').fill(name)
  await own.getByTestId('login-password').fill('Long-Enough-9')
  await own.getByTestId('login-submit').click()
  await own.waitForURL((url) => !url.pathname.startsWith('/auth'))
  for (const path of [
    `/tasks/${pool.id}/quality`,
    `/tasks/${pool.id}/quality/print`,
    `/tasks/${pool.id}/quality/frames.csv`,
    `/projects/${projectId}/quality`,
  ])
    expect((await own.goto(`${pages.server.url}${path}`))?.status()).toBe(403)
  await own.goto(`${pages.server.url}/jobs`)
  await own.getByTestId(`job-${pool.jobs[1]!.id}`).getByTestId('row-menu').click()
  await own.getByTestId('menu-open').waitFor()
  await until(() => own.getByTestId('menu-quality').count(), 0)
  await context.close()
})

test('nothing serious for axe in either theme; narrow screens do not scroll sideways', async () => {
  const quality = `/tasks/${pool.id}/quality`
  for (const path of [
    quality,
    `${quality}?tab=management`,
    `${quality}?tab=settings`,
    `${quality}/print`,
    `/projects/${projectId}/quality`,
    `/projects/${projectId}/quality/requirements/new`,
  ])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width: 1280, height: 800 })
      await open(path)
      await page.evaluate(axeSource)
      const { violations } = await page.evaluate(() => (globalThis as any).axe.run(document, { resultTypes: ['violations'] }))
      const serious = violations.filter(({ impact }: { impact: string }) => impact === 'serious' || impact === 'critical')
      expect([path, serious.map(({ id, nodes }: any) => [id, nodes.map((node: any) => node.target.join(' '))])]).toEqual([
        path,
        [],
      ])
      await page.setViewportSize({ width: 390, height: 800 })
      await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth)
    }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 720 })
})

test('the browser complained about nothing but what was refused', () => {
  expect(pages.complaints.filter((text) => !/status of 400|status of 403/.test(text))).toEqual([])
})
