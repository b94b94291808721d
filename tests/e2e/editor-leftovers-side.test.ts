// Colours, cards by right click, layers by dragging, single points of skeletons, fields compared with fields, in Chromium.
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { until } from './browser'
import { makeShape } from './editor-harness'
import { toolLabels } from './editor-tools-fixture'
import { boxAt, makeFixture } from './editor-workspaces-fixture'

setDefaultTimeout(60_000)

const fixture = makeFixture()
beforeAll(() => fixture.begin())
afterEach(async () => void (await fixture.check()))
afterAll(() => fixture.end())

test('a filter compares a field with another field, and is shown again as such', async () => {
  const tall = makeShape({ id: 2, type: 'rectangle', points: [300, 100, 340, 260] })
  const editor = await fixture.open({ start: { shapes: [boxAt(1, 100, 100), tall] } })
  await editor.byId('editor-filter').click()
  await editor.byId('filter-field').selectOption('width')
  await editor.byId('filter-operator').selectOption('less')
  await editor.byId('filter-other').selectOption('height')
  await until(() => editor.byId('filter-value').count(), 0)
  await editor.byId('filter-apply').click()
  expect((await editor.untilCount(1))[0]?.id).toBe('2')
  await editor.byId('editor-filter').click()
  await until(() => editor.byId('filter-other').inputValue(), 'height')
  await editor.byId('filter-operator').selectOption('greater-or-equal')
  await editor.byId('filter-apply').click()
  await until(async () => (await editor.objects()).map((one) => one.id), ['1'])
})

test('a right click shows the card of an object: label, switches and attributes', async () => {
  const editor = await fixture.open({ start: { shapes: [boxAt(1, 100, 100)] } })
  await editor.moveTo(150, 140)
  await editor.until('active', '1')
  await editor.click(150, 140, { button: 'right' })
  const card = editor.byId('card-1')
  await card.locator('[data-testid="object-attribute-colour"]').selectOption('blue')
  await card.locator('[data-testid="object-occluded"]').click()
  await until(() => card.locator('[data-testid="object-occluded"]').getAttribute('aria-pressed'), 'true')
  await card.locator('[data-testid="object-label"]').selectOption('person')
  await until(async () => (await editor.objects())[0]?.label, 'person')
  await editor.page.keyboard.press('Escape')
  await until(() => card.count(), 0)
  await editor.page.keyboard.press('Control+z')
  await editor.save()
  expect(fixture.mock.stored.shapes[0]).toMatchObject({
    occluded: true,
    attributes: [{ spec_id: 101, value: 'blue' }, { spec_id: 102 }],
  })
})

test('the colour of a label is changed for everybody, that of an object and of a group here', async () => {
  const shapes = [boxAt(1, 100, 100, { group: 4 }), boxAt(2, 300, 100, { group: 4 }), boxAt(3, 500, 100)]
  const editor = await fixture.open({ start: { shapes } })
  const colors = async () => (await editor.objects()).map((one) => one.data.color)
  await editor.byId('side-labels').click()
  await editor.byId('label-row-11').locator('[data-testid="label-color"]').fill('#12ab34')
  await until(colors, ['#12ab34', '#12ab34', '#12ab34'])
  await until(async () => {
    const answer = await editor.page.request.get(new URL('/api/labels', fixture.mock.url).href)
    return (await answer.json()).results[0].color
  }, '#12ab34')
  await editor.byId('side-objects').click()
  const pick = (id: number) => editor.byId(`object-${id}`).locator('[data-testid="object-color"]')
  await pick(3).fill('#ff00aa')
  await until(colors, ['#12ab34', '#12ab34', '#ff00aa'])
  await editor.byId('side-appearance').click()
  await editor.byId('appearance-color-by').selectOption('group')
  await until(() => pick(1).getAttribute('aria-label'), 'Colour of the group')
  await pick(1).fill('#0055ff')
  await until(colors, ['#0055ff', '#0055ff', '#ff00aa'])
  await until(() => editor.read('unsaved'), '0')
  await editor.page.reload()
  await editor.ready()
  await editor.untilCount(3)
  await until(async () => (await colors()).slice(0, 2), ['#0055ff', '#0055ff'])
})

test('objects are dragged from layer to layer, alone or all that are selected', async () => {
  const shapes = [boxAt(1, 100, 100), boxAt(2, 300, 100), boxAt(3, 500, 100), boxAt(4, 700, 100, { z_order: 3 })]
  const editor = await fixture.open({ start: { shapes } })
  const layers = async () => (await editor.objects()).map((one) => one.data.z)
  await editor.byId('side-layers').click()
  await editor.byId('layer-0').locator('[data-testid="layer-fold"]').click()
  await editor.byId('layer-object-1').dragTo(editor.byId('layer-3'))
  await until(layers, ['3', '0', '0', '3'])
  await editor.byId('layer-0').locator('.ed-label-choose').click()
  await editor.until('selection', '2,3')
  await editor.byId('layer-object-3').dragTo(editor.byId('layer-3'))
  await until(layers, ['3', '3', '3', '3'])
  await editor.page.keyboard.press('Control+z')
  await until(layers, ['3', '0', '0', '3'])
})

test('single points of a skeleton are hidden and locked; what is locked stays when the rest is moved', async () => {
  const part = (id: number, label_id: number, points: number[]) =>
    makeShape({ id, type: 'points', points, label_id, attributes: [] })
  const figure = makeShape({
    id: 1,
    type: 'skeleton',
    points: [],
    label_id: 30,
    attributes: [],
    elements: [part(2, 31, [300, 100]), part(3, 32, [200, 200]), part(4, 33, [400, 200]), part(5, 34, [300, 400])],
  })
  const editor = await fixture.open({ labels: toolLabels, start: { shapes: [figure] } })
  const handles = () => editor.page.locator('[data-testid="handles-mirror"] [data-handle^="point-"]').count()
  const partsAt = async () => (await editor.objects()).filter((one) => one.clientId.includes('.')).map((one) => one.points)
  await editor.click(300, 150)
  await editor.until('active', '1')
  await until(handles, 4)
  await editor.click(400, 200, { button: 'right' })
  await editor.byId('menu-hide').click()
  await until(handles, 3)
  await editor.click(300, 100, { button: 'right' })
  await editor.byId('menu-lock').click()
  await until(handles, 2)
  await editor.drag([300, 250], [340, 260])
  await until(partsAt, [
    [300, 100],
    [240, 210],
    [440, 210],
    [340, 410],
  ])
  await editor.save()
  expect(fixture.mock.stored.shapes[0]!.elements.map((one) => one.outside)).toEqual([false, false, false, false])
  await editor.byId('object-1').locator('[data-testid="object-menu"]').click()
  await editor.byId('menu-points-free').click()
  await until(handles, 4)
})
