// Market-1501: against the original's own archives, names both ways, and bad input.

import { describe, expect, test } from 'bun:test'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { createFrameLookup } from '../match'
import { marketLabel } from '../testing/format-sample'
import { goldenTasks, loadGolden, openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, exportBytes, importAll, packZip } from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const format = 'Market-1501 1.0'
const options = (...names: string[]) => ({
  labels: [marketLabel],
  frames: createFrameLookup({ frames: names.map((name, frame) => ({ frame, name, width: 9, height: 9 })) }),
})

describe('export', () => {
  test.each(goldenTasks)('%s equals the archive of the original', async (task) => {
    const { dataset } = await loadGolden(task)
    expect(await readTexts(await exportBytes(format, dataset))).toEqual(
      await readTexts(openGoldenExport(task, 'Market_1501_1.0')),
    )
  })

  test('people are named', async () => {
    const { dataset } = await loadSmallGolden('task_8_market')
    const media = { extension: '.jpg', read: async () => Buffer.from('x') }
    const items = (await Array.fromAsync(dataset.items)).map((item) => ({ ...item, media }))
    const names = async (source: Parameters<typeof openDatasetFiles>[0]) =>
      (await openDatasetFiles(source)).list.map(({ name }) => name).sort()
    const ours = await exportBytes(format, { ...dataset, items }, true)
    expect(await names(openBytes(ours))).toEqual(await names(openGoldenExport('task_8_market', 'Market_1501_1.0+images')))
    expect(await readTexts(ours)).toEqual(await readTexts(openGoldenExport('task_8_market', 'Market_1501_1.0')))
  })

  test('frames of one person are counted', async () => {
    const items = [0, 1].map((frame) => {
      const attributes = [{ spec_id: 32, value: '0007' }]
      return {
        ...createItem(frame, [], [{ frame, label_id: 2, group: 0, source: 'manual' as const, attributes }]),
        subset: 'train',
      }
    })
    const texts = await readTexts(await exportBytes(format, createSample([], { labels: [marketLabel], items })))
    expect(texts).toEqual({
      'images_train.txt': 'bounding_box_train/a/0007_c1s1_000000_00.jpg\nbounding_box_train/a/b/0007_c1s1_000001_00.png\n',
    })
  })
})

describe('import', () => {
  const name = '0001_c2s3_000015_04'

  test('names of frames tell the person', async () => {
    const tag = { frame: 0, label_id: 2, group: 0, source: 'manual' as const, attributes: [{ spec_id: 31, value: 'true' }] }
    const items = [{ ...createItem(0, [], [tag]), name: `${name}.jpg` }]
    const bytes = await exportBytes(format, createSample([], { labels: [marketLabel], items }))
    const { tags } = await importAll(format, bytes, options(`${name}.jpg`))
    expect(tags.map(({ attributes }) => attributes.map(({ value }) => value))).toEqual([['true', '0001', '1', '3', '15', '4']])
  })

  test('pictures without a list, and names behind the person', async () => {
    const zip = await packZip({ [`bounding_box_test/${name}dog.jpg`]: 'x' })
    const { tags } = await importAll(format, zip, options('dog.jpg'))
    expect(tags[0]!.attributes.map(({ value }) => value)).toEqual(['false', '0001', '1', '3', '15', '4'])
  })

  test.each([
    [{ 'images_a.txt': 'query/x.jpg\n' }, "Could not match item id: 'x'"],
    [{ 'images_a.txt': '\nx.jpg\n' }, "images_a.txt, line 2: 'x.jpg' lies in no folder"],
    [{ 'list.txt': '' }, 'Dataset must contain a file: "images_*.txt"'],
  ])('%p is refused', async (files, reason) => {
    await expect(importAll(format, await packZip(files as Record<string, string>), options('y.jpg'))).rejects.toThrow(reason)
  })

  test('the label must be there', async () => {
    const zip = await packZip({ 'images_a.txt': `query/${name}.jpg\n` })
    const { frames } = options(`${name}.jpg`)
    await expect(importAll(format, zip, { frames })).rejects.toThrow("Label 'market-1501' is not registered")
  })
})
