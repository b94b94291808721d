// Conflicts with the ground truth in review: on the picture, in the list, from frame to frame, as issues, and taken over.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser'
import { boxAt, makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

const mine = (id: number) => ({ obj_id: id, job_id: 7, type: 'shape', shape_type: 'rectangle' })
const theirs = (id: number) => ({ obj_id: id, job_id: 8, type: 'shape', shape_type: 'rectangle' })

const quality = {
  conflicts: [
    { id: 61, frame: 0, type: 'mismatching_label', severity: 'error', report_id: 40, annotation_ids: [theirs(91), mine(1)] },
    { id: 62, frame: 0, type: 'missing_annotation', severity: 'error', report_id: 40, annotation_ids: [theirs(92)] },
    { id: 63, frame: 3, type: 'low_overlap', severity: 'warning', report_id: 40, annotation_ids: [theirs(93), mine(2)] },
    {
      id: 64,
      frame: 3,
      type: 'mismatching_attributes',
      severity: 'error',
      attribute_names: ['colour'],
      report_id: 40,
      annotation_ids: [theirs(93), mine(2)],
    },
  ],
  truth: {
    shapes: [
      boxAt(91, 105, 100, { label_id: 12, attributes: [] }),
      boxAt(92, 500, 300),
      boxAt(93, 300, 200, { frame: 3 }),
      boxAt(94, 700, 400, { frame: 3 }),
    ],
  },
}
const shapes = [boxAt(1, 100, 100), boxAt(2, 340, 230, { frame: 3 })]

test('conflicts are listed by frame and marked on both sides; next and previous go through their frames', async () => {
  const editor = await fixture.open({ frames: 6, start: { shapes }, quality }, '?defaultWorkspace=review')
  const lines = (query: string) => editor.page.locator(`[data-testid="conflict-marks"] ${query}`)
  const rowText = (id: number) => editor.byId(`conflict-${id}`).locator('.ed-issue-text').textContent()
  await until(() => editor.byId('conflicts-count').textContent(), '4 conflicts with the ground truth')
  await until(() => rowText(61), 'Wrong label: person, not car')
  await until(() => rowText(62), 'Missing annotation: car')
  await until(() => lines('polygon[data-side="truth"]').count(), 2)
  await until(() => lines('polygon[data-side="here"]').count(), 1)
  await editor.byId('issues-next').click()
  await editor.until('frame', 3)
  await until(() => editor.byId('conflict-mark-64').textContent(), 'Wrong attributes: colour')
  await until(() => lines('polygon[data-severity="none"]').count(), 1)
  await until(() => lines('polygon[data-severity="warning"][data-side="truth"]').count(), 1)
  await editor.byId('issues-prev').click()
  await editor.until('frame', 0)
  await editor.byId('conflict-63').click()
  await editor.until('frame', 3)
  await editor.until('active', '2')
  await editor.byId('conflicts-show').click()
  await until(() => lines('polygon').count(), 0)
  await until(() => editor.byId('conflict-63').count(), 0)
  await until(() => editor.byId('conflicts-show').getAttribute('aria-pressed'), 'false')
})

test('a conflict becomes an issue, by its mark or by a right click on the object', async () => {
  const editor = await fixture.open({ frames: 6, start: { shapes }, quality }, '?defaultWorkspace=review')
  await editor.byId('conflict-mark-62').click()
  await editor.byId('menu-conflict-issue').click()
  await until(() => fixture.mock.extras.comments.map((one) => one.message), ['Missing annotation: car'])
  expect(fixture.mock.extras.issues[0]).toMatchObject({ frame: 0, position: [500, 300, 600, 380] })
  await editor.moveTo(150, 140)
  await editor.until('active', '1')
  await editor.click(150, 140, { button: 'right' })
  await editor.byId('issue-quick-conflict-61').click()
  await until(() => fixture.mock.extras.comments.at(-1)?.message, 'Wrong label: person, not car')
})

test('an object of the ground truth is taken over, as one step of undo', async () => {
  const editor = await fixture.open({ frames: 6, start: { shapes }, quality }, '?defaultWorkspace=review')
  await editor.byId('conflict-mark-62').click()
  await editor.byId('menu-conflict-copy').click()
  const made = (await editor.untilCount(2)).at(-1)
  expect([made?.points, made?.label, made?.id]).toEqual([[500, 300, 600, 380], 'car', ''])
  await editor.page.keyboard.press('Control+z')
  await editor.untilCount(1)
  await editor.page.keyboard.press('Control+y')
  await editor.untilCount(2)
  await editor.save()
  expect(fixture.mock.stored.shapes.map((shape) => shape.points)).toContainEqual([500, 300, 600, 380])
})

test('without a report nothing is said of conflicts', async () => {
  const editor = await fixture.open({ start: { shapes } }, '?defaultWorkspace=review')
  await editor.byId('issues-count').waitFor()
  await until(() => editor.byId('conflicts-count').isVisible(), false)
})
