// WiderFace: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import type { Attribute, Label } from '../model'
import { goldenTasks, loadGolden, loadImported, openGoldenExport, readTexts } from '../testing/golden'
import {
  createItem,
  createSample,
  createShape,
  describeShapes,
  exportBytes,
  importAll,
  packZip,
  sampleLabels,
} from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'
import { faceAttributes } from './fields'

const format = 'WiderFace 1.0'
const listName = 'wider_face_split/wider_face_default_bbx_gt.txt'

/** Boxes of one frame have no order of their own. */
function sortBoxes(texts: Record<string, string>): Record<string, string> {
  const frames = texts[listName]!.split(/\n(?=\S*\/)/).map((frame) => {
    const [name, count, ...boxes] = frame
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd())
    return [name, count, ...boxes.sort()].join('\n')
  })
  return { ...texts, [listName]: frames.join('\n') }
}

describe('export', () => {
  test.each(goldenTasks)('%s equals the archive of the original', async (task) => {
    const { dataset } = await loadGolden(task)
    const [ours, theirs] = [await exportBytes(format, dataset), openGoldenExport(task, 'WiderFace_1.0')]
    expect(sortBoxes(await readTexts(ours))).toEqual(sortBoxes(await readTexts(theirs)))
  })

  test('faces need not be named', async () => {
    const { dataset } = await loadSmallGolden('task_12_vggface2')
    const theirs = await readTexts(openGoldenExport('task_12_vggface2', 'WiderFace_1.0'))
    expect(await readTexts(await exportBytes(format, dataset))).toEqual(theirs)
  })
})

const input = { input_type: 'text', mutable: false, default_value: '', values: [] } as Pick<
  Attribute,
  'input_type' | 'mutable' | 'default_value' | 'values'
>
const face: Label = {
  ...sampleLabels[1]!,
  id: 5,
  name: 'face',
  attributes: faceAttributes.map((name, at) => ({
    ...input,
    id: 50 + at,
    name,
    input_type: name === 'invalid' ? 'checkbox' : 'text',
  })),
}
const labels = [face, ...sampleLabels]
const read = async (text: string) => importAll(format, await packZip({ [listName]: text }), { labels })

describe('import', () => {
  test('boxes, attributes and tags come back', async () => {
    const values = ['1', '0', '-', 'True', 'x', 'true'].map((value, at) => ({ spec_id: 50 + at, value }))
    const tag = { frame: 0, label_id: 2, group: 0, source: 'manual' as const, attributes: [] }
    const shapes = [
      createShape('rectangle', { label_id: 5, attributes: values, occluded: true }),
      createShape('rectangle', { label_id: 2 }),
    ]
    const dataset = createSample([], { labels, items: [createItem(0, shapes, [tag]), createItem(1, [])] })
    const found = await importAll(format, await exportBytes(format, dataset), { labels })
    const expected = shapes.map((shape) => ({
      ...shape,
      attributes: shape.attributes.map((one) => ({ ...one, value: one.value === '-' ? '' : one.value })),
    }))
    expect(describeShapes(found.shapes, labels)).toEqual(describeShapes(expected, labels))
    expect(found.tags.map(({ label_id }) => label_id)).toEqual([2])
  })

  test('the archive of the original gives what the original stored', async () => {
    const golden = await loadGolden('task_1_images_all_kinds')
    const source = openGoldenExport('task_1_images_all_kinds', 'WiderFace_1.0')
    const found = await importAll(format, source, { labels: golden.labels, frames: golden.lookup })
    const stored = await loadImported('task_1_images_all_kinds', 'WiderFace_1.0')
    const list = ({ shapes }: typeof found) =>
      shapes.map(({ frame, points, occluded }) => JSON.stringify([frame, points, occluded])).sort()
    expect(list(found)).toEqual(list(stored))
    expect(found.tags.map(({ frame }) => frame)).toEqual(stored.tags.map(({ frame }) => frame))
  })

  test('the official lists are read', async () => {
    const { shapes } = await read(
      '0--Parade/img_3.JPG\n2\n1 2 3 4 1 0 0 1 0 1\n0 0 0 0 0 0 0 0 0 0\n'.replace('0--Parade', 'no_label'),
    )
    expect(shapes.map(({ points, occluded }) => [points, occluded])).toEqual([[[1, 2, 4, 6], true]])
    expect(shapes[0]!.attributes.map(({ value }) => value)).toEqual(['1', '0', '0', '1', '0', 'true'])
    expect((await read('img_3.JPG\n1\n1 2 3 4 per son "<&>"\n')).shapes[0]!.label_id).toBe(2)
  })

  test.each([
    ['img_3.JPG\n2\n1 2 3 4\n', '1 boxes are missing at the end'],
    ['img_3.JPG\n1\n1 2 3\n', 'line 3: four finite numbers'],
    ['img_3.JPG\n1\n1 2 3 1e999\n', 'line 3: four finite numbers'],
    ['img_3.JPG\n1\n1 2 3 NaN\n', 'line 3: four finite numbers'],
    ['img_3.JPG\n1\n1 2 -3 4\n', 'must not be negative'],
    ['img_3.JPG\n1\n1 2 3 4 5 6 7\n', '4, 5, 10 or 11 fields'],
    ['img_3.JPG\n1.5\n1 2 3 4\n', 'is not a number of boxes'],
    ['1 2 3 4\n', 'boxes without an image'],
    ['other.jpg\n', "Could not match item id: 'other.jpg'"],
    ['3--bus/img_3.JPG\n', "Label 'bus' is not registered"],
  ])('%p is refused', async (text, reason) => {
    await expect(read(text)).rejects.toThrow(reason)
  })
})
