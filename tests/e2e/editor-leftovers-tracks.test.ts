// Tracks of masks: drawn, painted on at another frame, stored with both key frames.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser'
import { countPixels, toolLabels } from './editor-tools-fixture'
import { makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

test('a track of masks stays until it is painted on at another frame, which makes a key frame', async () => {
  const editor = await fixture.open({ labels: toolLabels, frames: 4 })
  await editor.byId('tool-mask').click()
  await editor.byId('draw-label').selectOption('car')
  await editor.byId('draw-track').click()
  await editor.until('mode', 'draw')
  await editor.drag([300, 300], [360, 300])
  await editor.page.keyboard.press('n')
  const [made] = await editor.untilCount(1)
  expect([made?.data.kind, made?.shape]).toEqual(['track', 'mask'])
  await editor.until('mode', 'idle')
  await editor.page.keyboard.press('f')
  await editor.until('frame', 1)
  await editor.ready()
  expect((await editor.untilCount(1))[0]?.points).toEqual(made!.points)
  await editor.byId('object-1').locator('[data-testid="object-menu"]').click()
  await editor.byId('menu-mask-edit').click()
  await editor.until('tool', 'mask')
  await editor.drag([360, 300], [420, 300])
  await editor.page.keyboard.press('n')
  await editor.until('mode', 'idle')
  await until(async () => (await editor.objects())[0]?.data.keyframe, 'true')
  await editor.save()
  const [track] = fixture.mock.stored.tracks
  expect(track?.shapes.map((shape) => [shape.frame, shape.type])).toEqual([
    [0, 'mask'],
    [1, 'mask'],
  ])
  const [before, after] = track!.shapes.map((shape) => countPixels(shape.points))
  expect(after!).toBeGreaterThan(before! * 1.5)

  // A rectangle drawn as a track makes no track of the next mask.
  await editor.byId('tool-rectangle').click()
  await editor.byId('draw-track').click()
  await editor.drag([100, 100], [200, 180])
  await editor.untilCount(2)
  await editor.page.keyboard.press('Shift+1')
  await editor.until('mode', 'draw')
  await editor.drag([600, 300], [660, 300])
  await editor.page.keyboard.press('n')
  expect((await editor.untilCount(3)).at(-1)?.data.kind).toBe('shape')
  await editor.until('mode', 'idle')
})
