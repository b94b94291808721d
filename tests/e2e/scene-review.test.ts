// Review of a point cloud: issues at places and objects, conflicts with the ground truth, attributes, tags, several objects at once.
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type Cuboid, readCuboid, writeCuboid } from '../../src/formats/geometry3d/cuboid'
import { until } from './browser.ts'
import { createSceneTask, openSceneWorld, type ScenePage, type SceneTask, type SceneWorld } from './scene-page.ts'

const ground = -1.8
const box = (x: number, y: number, yaw: number): Cuboid => ({
  position: [x, y, ground + 0.8],
  rotation: [0, 0, yaw],
  scale: [4.4, 1.9, 1.6],
})
const [a, b, c] = [box(6, 4, 0.4), box(-7, 2, -0.9), box(2, -8, 1.4)]
const frames = [[a, b, c], [a, b, c], [a]]

let world: SceneWorld
let task: SceneTask
let page: ScenePage

const shape = (cuboid: Cuboid, label = 'car', frame = 0) => ({
  type: 'cuboid',
  frame,
  label_id: task.labels.get(label)!,
  points: writeCuboid(cuboid),
})
const put = (job: number, body: object) =>
  world.client.send('PUT', `/api/jobs/${job}/annotations/`, { shapes: [], tracks: [], tags: [], ...body })
const openWith = async (body: object, query = '') => {
  await put(task.job, body)
  page = await world.open(task, { query })
  await page.settle()
}
const topOf = ({ position, scale }: Cuboid) => [position[0], position[1], position[2] + scale[2] / 2] as const
const expectPlace = (one: readonly number[], other: readonly number[], within = 0.01) => {
  for (const [i, value] of other.entries()) expect(Math.abs(one[i]! - value)).toBeLessThan(within)
}
const issues = async (): Promise<{ id: number; position: number[]; frame: number; resolved: boolean }[]> =>
  (await world.client.get(`/api/issues?job_id=${task.job}&sort=id`)).results

beforeAll(async () => {
  world = await openSceneWorld()
  task = await createSceneTask(world.client, {
    frames,
    ground,
    groundPoints: 8000,
    pointsPerBox: 4000,
    labels: [
      {
        name: 'car',
        color: '#e5a03c',
        attributes: [
          { name: 'parked', mutable: true, input_type: 'checkbox', default_value: 'false', values: ['false'] },
          { name: 'kind', mutable: false, input_type: 'select', default_value: 'small', values: ['small', 'large'] },
        ],
      },
      { name: 'person', color: '#4cc38a', attributes: [] },
      { name: 'rain', color: '#5588ff', type: 'tag', attributes: [] },
    ],
  })
}, 120_000)
afterAll(() => world?.close())

describe('issues', () => {
  test('on an object keep its cuboid, on a place x y z; marks stand in the view and open them', async () => {
    await openWith({ shapes: [shape(a), shape(b)] }, '?defaultWorkspace=review')
    await page.byId('tool-issue').click()
    await page.until('mode', 'issue')
    const at = await page.locateIn('perspective', topOf(a))
    await page.page.mouse.click(at.x, at.y)
    await page.byId('issue-text').fill('too long')
    await page.byId('issue-submit').click()
    await until(async () => (await issues()).length, 1)
    const [first] = await issues()
    expectPlace(first!.position, writeCuboid(a), 1e-5)
    await page.byId(`issue-mark-${first!.id}`).waitFor()
    // The mark stands where the object is seen.
    const mark = (await page.byId(`issue-mark-${first!.id}`).boundingBox())!
    expect(Math.hypot(mark.x - at.x, mark.y - at.y)).toBeLessThan(40)

    await page.page.keyboard.press('n')
    await page.until('mode', 'issue')
    const street = [1, 1, ground] as const
    const spot = await page.locateIn('perspective', street)
    await page.page.mouse.click(spot.x, spot.y)
    await page.byId('issue-text').fill('something is missing here')
    await page.byId('issue-submit').click()
    await until(async () => (await issues()).length, 2)
    const second = (await issues())[1]!
    expect(second.position).toHaveLength(3)
    expectPlace(second.position, street, 0.5)

    // Answered from the panel, resolved from the mark.
    await page.byId(`issue-${first!.id}`).click()
    await page.byId('issue-text').fill('made shorter')
    await page.byId('issue-submit').click()
    await until(async () => (await world.client.get(`/api/comments?issue_id=${first!.id}`)).count, 2)
    await page.byId('dialog-cancel').click()
    await page.byId(`issue-mark-${second.id}`).click()
    await page.byId('issue-resolve').click()
    await until(async () => (await issues()).map(({ resolved }) => resolved), [false, true])
    await page.page.waitForSelector(`[data-testid="issue-mark-${second.id}"][data-resolved="true"]`)
  }, 90_000)

  test('nothing can be moved in review', async () => {
    await openWith({ shapes: [shape(b)] }, '?defaultWorkspace=review')
    const at = await page.locateIn('perspective', topOf(b))
    await page.page.mouse.click(at.x, at.y)
    await page.until('active', '1')
    await page.untilView('top')
    await page.page.keyboard.press('a')
    await page.page.keyboard.press('a')
    await page.dragIn('top', b.position, [b.position[0] + 1, b.position[1], b.position[2]])
    await page.settle()
    expectPlace((await page.objects())[0]!.points, writeCuboid(b), 1e-6)
  }, 60_000)
})

describe('quality', () => {
  test('the ground truth of a 3D task makes conflicts, which are marked, gone to, and taken over', async () => {
    const truth = await world.client.send('POST', '/api/jobs', {
      type: 'ground_truth',
      task_id: task.id,
      frame_selection_method: 'manual',
      frames: [0, 1],
    })
    await put(truth.id, { shapes: [shape(a), shape(b), shape(c)] })
    await world.client.send('PATCH', `/api/jobs/${truth.id}`, { stage: 'acceptance', state: 'completed' })
    // One fits, one has another label, one is missing, one is too much.
    await put(task.job, { shapes: [shape(a), shape(b, 'person'), shape(box(12, -10, 0))] })
    const { rq_id } = await world.client.send('POST', '/api/quality/reports', { task_id: task.id })
    await world.client.finish(rq_id)
    page = await world.open(task, { query: '?defaultWorkspace=review' })
    await page.byId('conflicts-count').filter({ hasText: '3 conflicts' }).waitFor()
    const marks = page.page.locator('.sr-marks .ed-conflict-tag')
    await until(() => marks.count(), 3)
    const texts = (await marks.allTextContents()).sort()
    expect(texts).toEqual(['Extra annotation: car', 'Missing annotation: car', 'Wrong label: car, not person'])
    await marks.filter({ hasText: 'Missing' }).first().dispatchEvent('click')
    await page.byId('menu-conflict-copy').click()
    await page.untilCount(4)
    await page.save()
    const stored = await page.stored()
    expect(stored.some((one) => Math.hypot(one.position[0] - c.position[0], one.position[1] - c.position[1]) < 0.01)).toBe(true)
    // From conflict to conflict the camera follows.
    await page.page.keyboard.press('Shift+f')
    await page.page.waitForSelector('.sr-marks .ed-conflict-tag[data-current="true"]')
    // The ground truth job itself opens, with its own frames only.
    page = await world.open({ ...task, job: truth.id })
    await page.untilCount(3)
    await page.page.keyboard.press('f')
    await page.until('frame', 1)
    await page.page.waitForSelector('[data-testid="look-panel"][data-full="true"]', { state: 'attached' })
    expect(world.complaints).toEqual([])
  }, 90_000)
})

describe('workspaces', () => {
  test('attributes: Tab goes through the cuboids, the camera follows, numbers pick values', async () => {
    await openWith({ shapes: [shape(a), shape(b), shape(c)] }, '?defaultWorkspace=attributes')
    await page.until('active', '1')
    await page.settle()
    const before = (await page.matrixOf('perspective')).join()
    await page.page.keyboard.press('Tab')
    await page.until('active', '2')
    await page.settle()
    expect((await page.matrixOf('perspective')).join()).not.toBe(before)
    const middle = await page.locateIn('perspective', b.position)
    const view = (await page.view('perspective').boundingBox())!
    expect(Math.hypot(middle.x - view.x - view.width / 2, middle.y - view.y - view.height / 2)).toBeLessThan(60)
    await page.page.keyboard.press('1')
    await page.page.keyboard.press('ArrowDown')
    await page.page.keyboard.press('2')
    await page.save()
    const { shapes } = await page.annotations()
    const values = (at: number) => shapes[at].attributes.map(({ value }: { value: string }) => value)
    expect([values(0), values(1)]).toEqual([
      ['false', 'small'],
      ['true', 'large'],
    ])
  }, 60_000)

  test('tags are set on frames of point clouds', async () => {
    await openWith({ shapes: [shape(a)] }, '?defaultWorkspace=tags')
    await page.page.keyboard.press('3')
    await page.untilCount(2)
    await page.page.keyboard.press('f')
    await page.until('frame', '1')
    await page.ready()
    await page.page.keyboard.press('3')
    await page.untilCount(1)
    await page.save()
    const { tags } = await page.annotations()
    expect(tags.map(({ frame, label_id }: any) => [frame, label_id])).toEqual([
      [0, task.labels.get('rain')],
      [1, task.labels.get('rain')],
    ])
  }, 60_000)

  test('single shape: a double click on each frame, the next one comes by itself', async () => {
    await openWith({}, '?defaultWorkspace=single_shape')
    for (const frame of [0, 1]) {
      await page.until('frame', frame)
      await page.until('mode', 'draw')
      await page.settle()
      const at = await page.locateIn('perspective', topOf(a))
      await page.page.mouse.move(at.x, at.y)
      await page.page.mouse.dblclick(at.x, at.y)
    }
    await page.until('frame', 2)
    await page.page.keyboard.press('Escape')
    await page.save()
    const { shapes } = await page.annotations()
    expect(shapes.map(({ frame }: any) => frame)).toEqual([0, 1])
    for (const { points } of shapes) expectPlace(points.slice(0, 2), a.position.slice(0, 2), 1)
  }, 60_000)

  test('several cuboids get a label, a group, and are put on the ground with one step each', async () => {
    const lifted = [a, b, c].map(
      (one): Cuboid => ({ ...one, position: [one.position[0], one.position[1], one.position[2] + 0.4] }),
    )
    await openWith({ shapes: lifted.map((one) => shape(one)) })
    await page.page.keyboard.press('Control+a')
    await page.byId('selection-label').selectOption('person')
    await until(async () => (await page.objects()).map(({ label }) => label), ['person', 'person', 'person'])
    await page.page.keyboard.press('a')
    await page.page.keyboard.press('g')
    const low = async () => (await page.objects()).every(({ points }) => Math.abs(points[2]! - (ground + 0.8)) < 0.02)
    await until(low, true)
    await page.byId('selection-group').click()
    await page.save()
    const { shapes } = await page.annotations()
    expect(new Set(shapes.map(({ group }: any) => group)).size).toBe(1)
    expect(shapes[0].group).toBeGreaterThan(0)
    for (const [i, { points }] of shapes.entries()) expectPlace(points.slice(0, 2), [a, b, c][i]!.position.slice(0, 2), 1e-5)
    await page.page.keyboard.press('Control+z')
    await page.page.keyboard.press('Control+z')
    await until(low, false)
    await page.save()
    expect(readCuboid((await page.annotations()).shapes[0].points).position[2]).toBeCloseTo(lifted[0]!.position[2], 5)
    expect(world.complaints).toEqual([])
  }, 60_000)
})
