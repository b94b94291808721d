// ImageNet: against the original's own archives, both forms, and bad input.

import { describe, expect, test } from 'bun:test'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { createFrameLookup } from '../match'
import { goldenTasks, loadGolden, loadImported, openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, exportBytes, importAll, packZip, sampleLabels } from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const format = 'ImageNet 1.0'
const tag = (label_id: number, frame = 0) => ({ frame, label_id, group: 0, source: 'manual' as const, attributes: [] })

test.each(goldenTasks)('%s equals the archive of the original', async (task) => {
  const { dataset } = await loadGolden(task)
  expect(await readTexts(await exportBytes(format, dataset))).toEqual(await readTexts(openGoldenExport(task, 'ImageNet_1.0')))
})

test('pictures lie in the folders of their labels', async () => {
  const { dataset } = await loadSmallGolden('task_8_market')
  const media = { extension: '.jpg', read: async () => Buffer.from('x') }
  const items = (await Array.fromAsync(dataset.items)).map((item) => ({ ...item, media }))
  const names = async (source: Parameters<typeof openDatasetFiles>[0]) =>
    (await openDatasetFiles(source)).list.map(({ name }) => name)
  const ours = await names(openBytes(await exportBytes(format, { ...dataset, items }, true)))
  expect(ours.sort()).toEqual((await names(openGoldenExport('task_8_market', 'ImageNet_1.0+images'))).sort())
  const several = [
    { ...createItem(0, [], [tag(1), tag(2)]), name: 'car/x.png', media },
    { ...createItem(1, []), media },
  ]
  expect(await names(openBytes(await exportBytes(format, createSample([], { items: several }), true)))).toEqual([
    'car/x.png',
    'per son "<&>"/car/x.png',
    'no_label/a/b/üñ.png',
  ])
})

describe('import', () => {
  test('the archive of the original gives what the original stored', async () => {
    const { labels, lookup } = await loadGolden('task_1_images_all_kinds')
    const { tags } = await importAll(format, openGoldenExport('task_1_images_all_kinds', 'ImageNet_1.0'), {
      labels,
      frames: lookup,
    })
    const stored = await loadImported('task_1_images_all_kinds', 'ImageNet_1.0')
    expect(tags.map(({ frame }) => frame)).toEqual(stored.tags.map(({ frame }) => frame))
    const names = tags.map(({ label_id }) => labels.find(({ id }) => id === label_id)!.name)
    expect(names).toEqual(['scene', 'scene', 'car'])
  })

  test('names with spaces come back', async () => {
    const items = [createItem(0, [], [tag(2)]), createItem(1, [], [tag(1, 1), tag(2, 1)])]
    const { tags } = await importAll(format, await exportBytes(format, createSample([], { items })))
    expect(tags.map(({ frame, label_id }) => [frame, label_id])).toEqual([
      [0, 2],
      [1, 1],
      [1, 2],
    ])
  })

  test('folders are labels', async () => {
    const frames = createFrameLookup({
      frames: ['car/x.png', 'y.png', 'z.png'].map((name, frame) => ({ frame, name, width: 1, height: 1 })),
    })
    const zip = await packZip({ 'car/x.png': 'x', 'car/y.png': 'x', 'no_label/z.png': 'x' })
    const { tags } = await importAll(format, zip, { labels: sampleLabels, frames })
    expect(tags.map(({ frame, label_id }) => [frame, label_id])).toEqual([
      [0, 1],
      [1, 1],
    ])
    await expect(importAll(format, await packZip({ 'bus/x.png': 'x' }), { frames })).rejects.toThrow(
      "Label 'bus' is not registered",
    )
  })

  test.each([
    [{ 'default.txt': 'img_3.JPG 0\n' }, 'Dataset must contain a file: "synsets.txt"'],
    [{ 'synsets.txt': 'car\n', 'default.txt': '\nimg_3.JPG 7\n' }, "default.txt, line 2: there is no label number '7'"],
    [{ 'synsets.txt': 'car\n', 'default.txt': 'img_3.JPG -1\n' }, "no label number '-1'"],
    [{ 'synsets.txt': 'car\n', 'default.txt': 'other.jpg 0\n' }, "Could not match item id: 'other.jpg'"],
    [{ 'synsets.txt': 'car\n', 'default.txt': Buffer.from([0xff, 0xfe]) }, 'default.txt, line 1: The file is not UTF-8 text'],
  ])('%p is refused', async (files, reason) => {
    await expect(importAll(format, await packZip(files as Record<string, string>))).rejects.toThrow(reason)
  })
})
