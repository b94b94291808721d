// Nothing is lost: undo over saves and reloads, what others save appears by itself, saved versions are looked at and restored.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser'
import { boxAt, makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

const start = () => ({ shapes: [boxAt(1, 100, 100), boxAt(2, 400, 300)] })

test('undo goes on after a save and a reload, redo too', async () => {
  const editor = await fixture.open({ start: start() })
  const { keyboard } = editor.page
  const left = async () => (await editor.objects())[0]?.points[0]
  await keyboard.press('Tab')
  await editor.until('active', 1)
  for (let i = 1; i <= 3; i++) {
    await keyboard.press('Shift+ArrowRight')
    await until(left, 100 + 10 * i)
  }
  await editor.save()
  await editor.until('journal', 'written')
  await editor.page.reload()
  await editor.ready()
  await editor.byId('canvas').focus()
  await keyboard.press('Control+z')
  await until(left, 120)
  await keyboard.press('Control+z')
  await until(left, 110)
  await keyboard.press('Control+y')
  await until(left, 120)
  await editor.save()
  expect(fixture.mock.stored.shapes[0]?.points).toEqual([120, 100, 220, 180])
  await editor.until('journal', 'written')
  await editor.page.reload()
  await editor.ready()
  await keyboard.press('Control+y')
  await until(left, 130)
  for (const value of [120, 110, 100]) {
    await keyboard.press('Control+z')
    await until(left, value)
  }
  await until(() => editor.byId('editor-undo').getAttribute('aria-disabled'), 'true')
  await editor.save()
})

test('a deletion that was saved is undone after a reload: the object comes back as a new one', async () => {
  const editor = await fixture.open({ start: start() })
  await editor.page.keyboard.press('Tab')
  await editor.until('active', 1)
  await editor.page.keyboard.press('Delete')
  await editor.untilCount(1)
  await editor.save()
  await editor.until('journal', 'written')
  await editor.page.reload()
  await editor.ready()
  await editor.page.keyboard.press('Control+z')
  await editor.untilCount(2)
  await editor.save()
  expect(fixture.mock.stored.shapes.map((shape) => shape.points)).toEqual([
    [400, 300, 500, 380],
    [100, 100, 200, 180],
  ])
})

test('what somebody else saves appears by itself, and edits made meanwhile stay', async () => {
  const editor = await fixture.open({ start: start() })
  await until(() => fixture.mock.extras.watchers(), 1)
  await editor.page.keyboard.press('Tab')
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('unsaved', 1)
  fixture.mock.changeElsewhere((stored) => {
    stored.shapes[1]!.points = [410, 300, 510, 380]
    stored.shapes.push(boxAt(77, 700, 500))
  })
  const objects = await editor.untilCount(3)
  expect(objects.map((object) => object.points)).toEqual([
    [101, 100, 201, 180],
    [410, 300, 510, 380],
    [700, 500, 800, 580],
  ])
  await until(() => editor.byId('status-hint').textContent(), 'bob changed 2 objects')
  await editor.until('unsaved', 1)
  await editor.save()
  expect(fixture.mock.stored.shapes.map((shape) => shape.points[0])).toEqual([101, 410, 700])
  expect(await editor.byId('conflict-dialog').count()).toBe(0)
})

test('an object that both change is marked at once, and the next save asks', async () => {
  const editor = await fixture.open({ start: start() })
  await until(() => fixture.mock.extras.watchers(), 1)
  await editor.page.keyboard.press('Tab')
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('unsaved', 1)
  fixture.mock.changeElsewhere((stored) => {
    stored.shapes[0]!.points = [5, 5, 50, 50]
  })
  await until(async () => (await editor.objects())[0]?.data.conflicted, 'true')
  expect((await editor.objects())[0]?.points).toEqual([101, 100, 201, 180])
  await editor.page.keyboard.press('Control+s')
  await editor.byId('conflict-mine').click()
  await editor.until('unsaved', 0)
  await until(async () => (await editor.objects())[0]?.data.conflicted, 'false')
  expect(fixture.mock.stored.shapes[0]?.points).toEqual([101, 100, 201, 180])
})

test('each clash is decided by itself', async () => {
  const editor = await fixture.open({ start: start() })
  await until(() => fixture.mock.extras.watchers(), 1)
  await editor.page.keyboard.press('Control+a')
  await editor.until('selection', '1,2')
  await editor.page.keyboard.press('Shift+ArrowDown')
  await editor.until('unsaved', 2)
  fixture.mock.changeElsewhere((stored) => {
    for (const shape of stored.shapes) shape.points = [5, 5, 50, 50]
  })
  await until(async () => (await editor.objects()).map((object) => object.data.conflicted), ['true', 'true'])
  await editor.page.keyboard.press('Control+s')
  await editor.byId('conflict-choice-1').selectOption('mine')
  await editor.byId('conflict-choice-2').selectOption('theirs')
  await editor.byId('conflict-each').click()
  await editor.until('unsaved', 0)
  expect(fixture.mock.stored.shapes.map((shape) => shape.points)).toEqual([
    [100, 110, 200, 190],
    [5, 5, 50, 50],
  ])
})

test('undo leaves alone what somebody else changed since', async () => {
  const editor = await fixture.open({ start: start() })
  await until(() => fixture.mock.extras.watchers(), 1)
  await editor.page.keyboard.press('Tab')
  await editor.page.keyboard.press('ArrowRight')
  await editor.until('unsaved', 1)
  await editor.save()
  fixture.mock.changeElsewhere((stored) => {
    stored.shapes[0]!.points = [5, 5, 50, 50]
  })
  await until(async () => (await editor.objects())[0]?.points, [5, 5, 50, 50])
  await editor.page.keyboard.press('Control+z')
  await until(() => editor.byId('status-hint').textContent(), 'One object was changed elsewhere since and stays')
  expect((await editor.objects())[0]?.points).toEqual([5, 5, 50, 50])
  await editor.until('unsaved', 0)
})

test('who else is here is shown', async () => {
  const editor = await fixture.open()
  await until(() => fixture.mock.extras.watchers(), 1)
  const [me, bob] = [
    { id: 1, username: 'admin' },
    { id: 2, username: 'bob' },
  ]
  fixture.mock.extras.send('presence', { state: 'join', user: bob, present: [me, bob] })
  await until(() => editor.byId('editor-people').getAttribute('data-people'), 'bob')
  await until(() => editor.byId('status-hint').textContent(), 'bob opened this job too')
  fixture.mock.extras.send('presence', { state: 'leave', user: bob, present: [me] })
  await until(() => editor.byId('editor-people').isVisible(), false)
})

test('a saved version is looked at on the picture, left, and restored', async () => {
  const editor = await fixture.open({ start: start() })
  await editor.page.keyboard.press('Tab')
  await editor.until('active', 1)
  await editor.page.keyboard.press('Delete')
  await editor.untilCount(1)
  await editor.save()
  await editor.page.keyboard.press('Tab')
  await editor.page.keyboard.press('Shift+ArrowDown')
  await editor.until('unsaved', 1)
  await editor.save()
  await editor.byId('editor-history').click()
  await editor.byId('revision-3').waitFor()
  await editor.byId('revision-1').click()
  await editor.byId('history-preview').waitFor()
  await until(
    () => editor.byId('ghosts').evaluate((host) => [...host.children].map((one) => one.getAttribute('data-change'))),
    ['changed', 'back'],
  )
  await editor.byId('history-leave').click()
  await until(() => editor.byId('ghosts').evaluate((host) => host.childElementCount), 0)
  await editor.byId('revision-1').click()
  await editor.byId('history-restore').click()
  const objects = await editor.untilCount(2)
  expect(objects.map((object) => object.points[1]).sort()).toEqual([100, 300])
  await editor.until('revision', 4)
  await editor.byId('revision-4').waitFor()
})
