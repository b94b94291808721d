// Validation of a task in a real browser: honeypots asked for in the form, frames excluded and restored, honeypots drawn anew.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import sharp from 'sharp'
import { until } from './browser.ts'
import { openPages, type PagesFixture, untilText, visible } from './pages-fixture.ts'

setDefaultTimeout(60_000)

let pages: PagesFixture
let page: PagesFixture['page']
let client: PagesFixture['client']
let byId: PagesFixture['byId']
let open: PagesFixture['open']
let files: { name: string; mimeType: string; buffer: Buffer }[]

beforeAll(async () => {
  pages = await openPages()
  ;({ page, client, byId, open } = pages)
  const paint = (grey: number) =>
    sharp({ create: { width: 16, height: 16, channels: 3, background: { r: grey, g: grey, b: grey } } })
      .png()
      .toBuffer()
  files = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => ({
      name: `picture-${i}.png`,
      mimeType: 'image/png',
      buffer: await paint(i * 20),
    })),
  )
})
afterAll(() => pages?.close())

const fillForm = async (name: string) => {
  await open('/tasks/create')
  await byId('task-name').fill(name)
  await byId('label-add').click()
  await byId('label-name').fill('thing')
  await byId('label-save').click()
  await byId('task-advanced').click()
  await byId('task-segment').fill('4')
  await byId('task-files').setInputFiles(files)
}
const submit = async () => {
  await byId('task-submit').click()
  await page.waitForURL(/\/tasks\/\d+$/)
  return Number(new URL(page.url()).pathname.split('/').at(-1))
}

test('honeypots and replicas: what does not fit is said, then the task is made so', async () => {
  await fillForm('With honeypots')
  await byId('task-validation-share').waitFor({ state: 'hidden' })
  await byId('task-consensus').fill('1')
  await byId('task-submit').click()
  await untilText(byId('task-error'), 'replicas')
  await byId('task-consensus').fill('2')
  await byId('task-validation').selectOption('gt_pool')
  await byId('task-validation-share').fill('100')
  await byId('task-validation-per-job').fill('50')
  await byId('task-submit').click()
  await untilText(byId('task-error'), 'less than 100')
  await byId('task-validation-share').fill('34')
  await byId('task-validation-seed').fill('7')
  const id = await submit()
  const task = await client.get(`/api/tasks/${id}`)
  // 8 regular frames in two jobs with 2 honeypots each, and the pool of 4.
  expect([task.validation_mode, task.size, task.jobs.count]).toEqual(['gt_pool', 8 + 2 * 2 + 4, 2 * 3 + 1])
  await visible(byId('validation-panel'))
  expect(await client.get(`/api/tasks/${id}/validation_layout`)).toMatchObject({ frames_per_job_count: 2, honeypot_count: 4 })
})

test('frames are excluded and restored, honeypots drawn anew for one job and for all', async () => {
  const { id } = (await client.get('/api/tasks?name=With+honeypots')).results[0]
  await open(`/tasks/${id}`)
  const path = `/api/tasks/${id}/validation_layout`
  const [first] = (await client.get(path)).validation_frames
  const row = byId(`validation-${first}`)
  await row.getByTestId('row-exclude').click()
  await row.getByTestId('row-restore').waitFor()
  await untilText(byId('validation-counts'), '1 excluded, 3 active')
  expect((await client.get(path)).disabled_frames).toEqual([first])

  await byId('validation-draw').click()
  await untilText(row.getByTestId('row-used'), '0 ×')
  expect((await client.get(path)).honeypot_real_frames).not.toContain(first)

  await row.getByTestId('row-restore').click()
  await row.getByTestId('row-exclude').waitFor()
  expect((await client.get(path)).disabled_frames).toEqual([])

  // The frame that nobody shows is the least used one, so the next draw for a job takes it.
  await byId('validation-job').selectOption({ index: 1 })
  await byId('validation-draw').click()
  await untilText(row.getByTestId('row-used'), '1 ×')

  for (const frame of (await client.get(path)).validation_frames.slice(0, 3)) {
    await byId(`validation-${frame}`).getByTestId('row-exclude').click()
    await byId(`validation-${frame}`).getByTestId('row-restore').waitFor()
  }
  await byId('validation-draw').click()
  await untilText(byId('toast-error').first(), 'Try to restore')
  await byId('validation-restore-all').click()
  await untilText(byId('validation-counts'), '0 excluded, 4 active')
})

test('ground truth of a share of each job; its panel draws nothing', async () => {
  await fillForm('With ground truth')
  await byId('task-validation').selectOption('gt')
  await byId('task-validation-per-job').waitFor({ state: 'hidden' })
  await byId('task-validation-method').selectOption('random_per_job')
  await byId('task-validation-share').fill('25')
  const id = await submit()
  await untilText(byId('validation-counts'), '3 validation frames')
  await until(() => byId('validation-draw').count(), 0)
  const { validation_frames: frames } = await client.get(`/api/tasks/${id}/validation_layout`)
  expect(frames.map((frame: number) => Math.floor(frame / 4))).toEqual([0, 1, 2])
  await byId(`validation-${frames[0]}`).getByTestId('row-exclude').click()
  await untilText(byId('validation-counts'), '1 excluded')
  // Nothing but the draw that was refused.
  expect(pages.complaints).toEqual([expect.stringContaining('400')])
})

test('a task without validation gets a ground truth job', async () => {
  await fillForm('Without validation')
  const id = await submit()
  await byId('job-create').click()
  await byId('job-create-share').fill('50')
  await byId('job-create-seed').fill('3')
  await byId('job-create-submit').click()
  await untilText(byId('validation-counts'), '6 validation frames')
  const { results } = await client.get(`/api/jobs?task_id=${id}&type=ground_truth`)
  expect(results.map(({ frame_count }: { frame_count: number }) => frame_count)).toEqual([6])
  await byId(`job-${results[0].id}`).waitFor()
})
