// The workspaces of the editor in Chromium: attributes, tags, single shape, review, and switching between them.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser'
import { boxAt, makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

test('the workspace and the frame stand in the address, and a reload keeps them', async () => {
  const editor = await fixture.open({ start: { shapes: [boxAt(1, 100, 100)] } })
  await editor.byId('editor-workspace').selectOption('attributes')
  await editor.until('workspace', 'attributes')
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  const address = () => Object.fromEntries(new URL(editor.page.url()).searchParams)
  await until(address, { defaultWorkspace: 'attributes', frame: '1' })
  await editor.page.reload()
  await editor.until('workspace', 'attributes')
  await editor.until('frame', 1)
  await editor.ready()
  await until(() => editor.byId('tool-rectangle').isVisible(), false)
  await editor.byId('editor-workspace').selectOption('standard')
  await until(() => editor.byId('tool-rectangle').isVisible(), true)
  await until(() => new URL(editor.page.url()).searchParams.has('defaultWorkspace'), false)
})

test('attributes: Tab goes through objects, arrows through attributes, numbers pick values', async () => {
  const shapes = [boxAt(1, 100, 100), boxAt(2, 400, 300)]
  const editor = await fixture.open({ start: { shapes } }, '?defaultWorkspace=attributes')
  const { keyboard } = editor.page
  const attribute = () => editor.byId('attribute-current').getAttribute('data-attribute')
  await editor.until('active', 1)
  await until(attribute, 'colour')
  await until(() => editor.byId('attribute-object').textContent(), '1 of 2')
  await keyboard.press('2')
  await editor.until('unsaved', 1)
  await until(() => editor.byId('attribute-value-2').getAttribute('aria-pressed'), 'true')
  await keyboard.press('ArrowDown')
  await until(attribute, 'parked')
  await keyboard.press('1')
  await keyboard.press('ArrowUp')
  await until(attribute, 'colour')
  await keyboard.press('Tab')
  await editor.until('active', 2)
  await keyboard.press('3')
  await keyboard.press('Shift+Tab')
  await editor.until('active', 1)
  // Shapes do not move here, and the view is close to the object.
  expect(Number(await editor.read('scale'))).toBeGreaterThan(1.5)
  await keyboard.press('Control+s')
  await editor.until('unsaved', 0)
  expect(fixture.mock.stored.shapes.map((shape) => shape.attributes)).toEqual([
    [
      { spec_id: 101, value: 'blue' },
      { spec_id: 102, value: 'true' },
    ],
    [
      { spec_id: 101, value: 'white' },
      { spec_id: 102, value: 'false' },
    ],
  ])
})

test('attributes: objects stay where they are, and the first object of a frame is in focus', async () => {
  const shapes = [boxAt(1, 100, 100), boxAt(2, 400, 300, { frame: 1 })]
  const editor = await fixture.open({ start: { shapes } }, '?defaultWorkspace=attributes')
  await editor.until('active', 1)
  await editor.drag([150, 140], [180, 160])
  await editor.until('mode', 'idle')
  expect((await editor.objects())[0]?.points).toEqual([100, 100, 200, 180])
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.until('active', 2)
})

test('tags: numbers set and take away, N adds, going on by itself', async () => {
  const editor = await fixture.open({}, '?defaultWorkspace=tags')
  const { keyboard } = editor.page
  await keyboard.press('2')
  const [tag] = await editor.untilCount(1)
  expect(tag).toMatchObject({ shape: 'tag', label: 'person' })
  await keyboard.press('2')
  await editor.untilCount(0)
  await editor.byId('tag-label').selectOption('car')
  await editor.page.keyboard.press('Escape')
  await editor.byId('canvas').focus()
  await keyboard.press('n')
  await editor.untilCount(1)
  // The same tag is not set twice.
  await editor.byId('tag-add').click()
  await until(() => editor.byId('status-hint').textContent(), 'The frame has this tag already')
  await editor.untilCount(1)
  await editor.byId('tag-auto-next').check()
  await editor.byId('canvas').focus()
  await keyboard.press('2')
  await editor.until('frame', 1)
  await editor.untilCount(0)
  await keyboard.press('d')
  await editor.until('frame', 0)
  await editor.untilCount(2)
  await editor.byId('frame-tags').locator('[data-testid="frame-tag-remove"]').first().click()
  await editor.untilCount(1)
  await keyboard.press('Control+s')
  await editor.until('unsaved', 0)
  expect(fixture.mock.stored.tags).toMatchObject([{ label_id: 12, frame: 0 }])
})

test('single shape: draws frame after frame and submits after the last one', async () => {
  const editor = await fixture.open({ frames: 3 }, '?defaultWorkspace=single_shape&defaultLabel=person')
  await until(() => editor.byId('single-label').inputValue(), 'person')
  await until(() => editor.byId('single-remaining').textContent(), '2 more frames')
  for (const frame of [0, 1]) {
    await editor.until('mode', 'draw')
    await editor.drag([100, 100], [300, 250])
    await editor.until('frame', frame + 1)
    await editor.ready()
  }
  await until(() => editor.byId('single-remaining').textContent(), '0 more frames')
  await editor.until('mode', 'draw')
  await editor.drag([100, 100], [300, 250])
  await editor.byId('dialog').waitFor()
  await editor.byId('dialog-ok').click()
  await until(() => fixture.mock.job.state, 'completed')
  expect(fixture.mock.stored.shapes.map((shape) => [shape.frame, shape.label_id])).toEqual([
    [0, 12],
    [1, 12],
    [2, 12],
  ])
  await editor.until('mode', 'idle')
})

test('single shape: skips, passes over frames with objects, stops at a number of points', async () => {
  const editor = await fixture.open(
    { frames: 4, start: { shapes: [boxAt(1, 100, 100, { frame: 1 })] } },
    '?defaultWorkspace=single_shape',
  )
  await editor.byId('single-only-empty').check()
  await until(() => editor.byId('single-remaining').textContent(), '2 more frames')
  await editor.byId('single-type').selectOption('polygon')
  await editor.byId('single-points').fill('3')
  await editor.byId('single-points').blur()
  await editor.until('mode', 'draw')
  await editor.clickAll([
    [100, 100],
    [200, 100],
    [200, 200],
  ])
  await editor.until('frame', 2)
  await editor.byId('single-skip').click()
  await editor.until('frame', 3)
  await editor.byId('single-skip').click()
  await editor.byId('dialog-cancel').click()
  await editor.page.keyboard.press('Escape')
  await editor.save()
  expect(fixture.mock.stored.shapes.map((shape) => [shape.type, shape.frame])).toEqual([
    ['rectangle', 1],
    ['polygon', 0],
  ])
})

test('review: an issue by region, its comments, resolving and reopening, hiding the resolved', async () => {
  const editor = await fixture.open({ start: { shapes: [boxAt(1, 100, 100)] } }, '?defaultWorkspace=review')
  const { keyboard } = editor.page
  const { extras } = fixture.mock
  await keyboard.press('n')
  await editor.until('mode', 'issue')
  await editor.drag([300, 200], [420, 330])
  await editor.byId('issue-text').fill('There is a car here')
  await editor.byId('issue-submit').click()
  await editor.byId('issue-1').waitFor()
  await editor.until('mode', 'idle')
  expect(extras.issues[0]).toMatchObject({ frame: 0, resolved: false })
  expect(extras.issues[0]!.position.map((value) => Math.round(value / 5) * 5)).toEqual([300, 200, 420, 330])
  await until(() => editor.byId('issue-mark-1').textContent(), 'There is a car here')
  await editor.byId('issue-mark-1').click()
  await editor.byId('issue-text').fill('No, a shadow')
  await editor.byId('issue-submit').click()
  await until(() => extras.comments.map((one) => one.message), ['There is a car here', 'No, a shadow'])
  await until(() => editor.page.locator('.ed-comment').count(), 2)
  await editor.byId('issue-resolve').click()
  await until(() => extras.issues[0]!.resolved, true)
  await editor.page.waitForSelector('[data-testid="issue-1"][data-resolved="true"]')
  await editor.byId('issues-hide-resolved').click()
  await until(() => editor.byId('issue-1').count(), 0)
  await editor.byId('issues-hide-resolved').click()
  await editor.byId('issue-1').click()
  await editor.byId('issue-resolve').click()
  await until(() => extras.issues[0]!.resolved, false)
  await editor.byId('issue-1').click()
  await editor.byId('issue-remove').click()
  await until(() => extras.issues.length, 0)
  await until(() => editor.byId('issue-1').count(), 0)
})

test('review: quick issues on an object, words written before, going between frames with issues', async () => {
  const issues = [
    { frame: 2, position: [10, 10, 60, 60], message: 'Old' },
    { frame: 4, position: [10, 10, 60, 60], message: 'Done', resolved: true },
  ]
  const editor = await fixture.open({ issues, start: { shapes: [boxAt(1, 100, 100)] } }, '?defaultWorkspace=review')
  const { extras } = fixture.mock
  await editor.byId('issue-1').waitFor()
  await editor.click(150, 140, { button: 'right' })
  await editor.byId('issue-quick-position').click()
  await until(() => extras.issues.length, 3)
  expect(extras.issues[2]!.position).toEqual([100, 100, 200, 180])
  await editor.byId('issue-3').waitFor()
  await editor.click(600, 500, { button: 'right' })
  await editor.byId('issue-quick-recent-1').click()
  await until(() => extras.comments.at(-1)?.message, 'Incorrect position')
  await editor.byId('issues-next').click()
  await editor.until('frame', 2)
  await editor.byId('issues-next').click()
  await editor.until('frame', 4)
  await editor.byId('issues-hide-resolved').click()
  await editor.byId('issues-prev').click()
  await editor.until('frame', 2)
  await editor.byId('issues-hide-all').click()
  await until(() => editor.byId('issue-1').count(), 0)
})

test('review: the job is accepted, rejected and renewed', async () => {
  const editor = await fixture.open({}, '?defaultWorkspace=review')
  for (const [button, state] of [
    ['review-reject', 'rejected'],
    ['review-renew', 'new'],
    ['review-accept', 'completed'],
  ] as const) {
    await editor.byId(button).click()
    await until(() => editor.byId('review-state').textContent(), `State: ${state}`)
    expect(fixture.mock.job.state).toBe(state)
  }
  expect(fixture.mock.job.stage).toBe('acceptance')
})
