// VGGFace2: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, createShape, describeShapes, exportBytes, importAll, packZip } from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const format = 'VGGFace2 1.0'
const golden = 'task_12_vggface2'
const points = [40, 50, 90, 50, 65, 80, 45, 85, 85, 80.5]

describe('export', () => {
  test('equals the archives of the original', async () => {
    const { dataset } = await loadSmallGolden(golden)
    const items = await Array.fromAsync(dataset.items)
    expect(await readTexts(await exportBytes(format, { ...dataset, items }))).toEqual(
      await readTexts(openGoldenExport(golden, 'VGGFace2_1.0')),
    )
    const media = { extension: '.jpg', read: async () => Buffer.from('x') }
    const withMedia = await exportBytes(format, { ...dataset, items: items.map((item) => ({ ...item, media })) }, true)
    const names = async (source: Parameters<typeof openDatasetFiles>[0]) =>
      (await openDatasetFiles(source)).list.map(({ name }) => name).sort()
    expect(await names(openBytes(withMedia))).toEqual(await names(openGoldenExport(golden, 'VGGFace2_1.0+images')))
  })

  test('a tag has empty cells, a frame with nothing has no label', async () => {
    const tag = { frame: 0, label_id: 1, group: 0, source: 'manual' as const, attributes: [] }
    const items = [createItem(0, [], [tag]), createItem(2, [])]
    const texts = await readTexts(await exportBytes(format, createSample([], { items })))
    expect(Object.keys(texts)).not.toContain('bb_landmark/loose_bb_default.csv')
    expect(texts['bb_landmark/loose_landmark_default.csv']!.split('\r\n').slice(1)).toEqual([
      'car/a/img 1,,,,,,,,,,',
      'no_label/img_3,,,,,,,,,,',
      '',
    ])
  })

  test('more than one box fails', async () => {
    const two = createSample([], { items: [createItem(0, [createShape('rectangle'), createShape('rectangle')])] })
    await expect(exportBytes(format, two)).rejects.toThrow("item 'a/img 1.jpg': VGGFace2 holds one box per image, not 2")
  })
})

describe('import', () => {
  test('boxes, points and tags come back', async () => {
    const shapes = [createShape('rectangle', { label_id: 2 }), createShape('points', { label_id: 2, points })]
    const tag = { frame: 2, label_id: 2, group: 0, source: 'manual' as const, attributes: [] }
    const items = [createItem(0, shapes), createItem(1, []), createItem(2, [], [tag])]
    const found = await importAll(format, await exportBytes(format, createSample([], { items })))
    expect(describeShapes(found.shapes)).toEqual(describeShapes(shapes))
    expect(found.tags.map(({ frame, label_id }) => [frame, label_id])).toEqual([[2, 2]])
  })

  test('the archive of the original gives what was in it', async () => {
    const { labels, lookup, annotations } = await loadSmallGolden(golden)
    const { shapes } = await importAll(format, openGoldenExport(golden, 'VGGFace2_1.0'), { labels, frames: lookup })
    expect(describeShapes(shapes, labels)).toEqual(describeShapes(annotations.shapes, labels))
  })

  const head = 'NAME_ID,P1X,P1Y,P2X,P2Y,P3X,P3Y,P4X,P4Y,P5X,P5Y\r\n'
  const landmarkName = 'bb_landmark/loose_landmark_default.csv'
  test.each([
    [{ [landmarkName]: `${head}car/img_3,1,2,3,4,5,6,7,8,9\n` }, "line 2, field 'P5Y': '' is not a finite number"],
    [{ [landmarkName]: `${head}car/img_3,1,2,3,4,5,6,7,8,9,1e999\n` }, "field 'P5Y'"],
    [{ [landmarkName]: `${head}no_label/img_3,1,2,3,4,5,6,7,8,9,9\n` }, 'points need a label'],
    [{ [landmarkName]: `${head}bus/img_3,,,,,,,,,,\n` }, "Label 'bus' is not registered"],
    [{ [landmarkName]: `${head}car/other,,,,,,,,,,\n` }, "Could not match item id: 'car/other'"],
    [{ [landmarkName]: 'NAME_ID,X\n' }, "The table has no column 'P1X'"],
    [
      { [landmarkName]: head, 'bb_landmark/loose_bb_default.csv': 'NAME_ID,X,Y,W,H\ncar/img_3,1,2,-3,4\n' },
      'must not be negative',
    ],
    [{ [landmarkName]: `${head}"car/img_3,1\n` }, 'A quote is not closed'],
    [{ 'bb_landmark/loose_bb_default.csv': '' }, 'Dataset must contain a file: "bb_landmark/loose_landmark_*.csv"'],
  ])('%p is refused', async (files, reason) => {
    await expect(importAll(format, await packZip(files as Record<string, string>))).rejects.toThrow(reason)
  })
})
