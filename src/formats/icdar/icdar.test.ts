// The three ICDAR formats: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { decodeBmp, encodeBmp } from '../bmp'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import type { ItemShape } from '../model'
import { createRegionSample, icdarLabel } from '../testing/format-sample'
import { goldenTasks, loadGolden, openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, createShape, describeShapes, exportBytes, importAll, packZip } from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const [recognition, localization, segmentation] = ['ICDAR Recognition 1.0', 'ICDAR Localization 1.0', 'ICDAR Segmentation 1.0']
const labels = [icdarLabel]
const word = (text: string) => [{ spec_id: 22, value: text }]
const readZip = async (format: string, files: Record<string, string | Uint8Array>) =>
  importAll(format, await packZip(files), { labels })

/** Lines of one file have no order of their own; empty ones stand for what is left out. */
function sortLines(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.split('\n').filter(Boolean).sort().join('\n')]),
  )
}

describe('recognition', () => {
  test('equals the archives of the original', async () => {
    for (const task of [...goldenTasks, 'task_7_icdar'] as const) {
      const { dataset } = task === 'task_7_icdar' ? await loadSmallGolden(task) : await loadGolden(task)
      const theirs = await readTexts(openGoldenExport(task, 'ICDAR_Recognition_1.0'))
      expect(await readTexts(await exportBytes(recognition, dataset))).toEqual(theirs)
    }
  })

  test('texts come back', async () => {
    const texts = ['a, "b"', '', 'x,y']
    const tags = texts.map((text, frame) => ({ frame, label_id: 2, group: 0, source: 'manual' as const, attributes: word(text) }))
    const items = tags.map((tag, frame) => createItem(frame, [], [tag]))
    const found = await importAll(recognition, await exportBytes(recognition, createSample([], { labels, items })), { labels })
    expect(found.tags.map(({ frame, attributes }) => [frame, attributes[1]!.value])).toEqual(
      texts.map((text, frame) => [frame, text]),
    )
  })

  test('several words, words without quotes, and none', async () => {
    const { tags } = await readZip(recognition, { 'a/gt.txt': 'a/img 1.jpg, "x""y"\nimg_3.JPG, z\\z\na/b/üñ.png, \n' })
    expect(tags.map(({ frame, attributes }) => [frame, attributes[1]!.value])).toEqual([
      [0, 'x'],
      [0, 'y'],
      [2, 'zz'],
    ])
    await expect(readZip(recognition, { 'a/gt.txt': '\nimg_3.JPG\n' })).rejects.toThrow('a/gt.txt, line 2: an image name')
    await expect(readZip(recognition, { 'a/gt.txt': 'other.jpg, "x"\n' })).rejects.toThrow("Could not match item id: 'other.jpg'")
    await expect(readZip(recognition, { 'a.txt': '' })).rejects.toThrow('Dataset must contain a file: "<subset>/gt.txt"')
    const foreign = importAll(recognition, await packZip({ 'a/gt.txt': 'img_3.JPG, "x"' }))
    await expect(foreign).rejects.toThrow("Label 'icdar' is not registered")
  })
})

describe('localization', () => {
  test('equals the archives of the original', async () => {
    for (const task of [...goldenTasks, 'task_7_icdar'] as const) {
      const { dataset } = task === 'task_7_icdar' ? await loadSmallGolden(task) : await loadGolden(task)
      const theirs = await readTexts(openGoldenExport(task, 'ICDAR_Localization_1.0'))
      expect(sortLines(await readTexts(await exportBytes(localization, dataset)))).toEqual(sortLines(theirs))
    }
  })

  test('the archive of the original gives what was in it', async () => {
    const golden = await loadSmallGolden('task_7_icdar')
    const source = openGoldenExport('task_7_icdar', 'ICDAR_Localization_1.0')
    const { shapes } = await importAll(localization, source, { labels: golden.labels, frames: golden.lookup })
    expect(describeShapes(shapes, golden.labels)).toEqual(describeShapes(golden.annotations.shapes, golden.labels))
  })

  test('the official ways of writing are read', async () => {
    const lines: [string, number[], string][] = [
      ['38, 43, 920, 215, "Tired, ness"', [38, 43, 920, 215], 'Tired, ness'],
      ['1 2 3 4 two words', [1, 2, 3, 4], 'two words'],
      ['1,2,3,2,3,4,1,4,10,000', [1, 2, 3, 2, 3, 4, 1, 4], '10,000'],
      ['1,2,3,2,3,4,1,4,###', [1, 2, 3, 2, 3, 4, 1, 4], '###'],
      ['1.0,2.0,3.0,2.0,3.0,4.0', [1, 2, 3, 2, 3, 4], ''],
      ['1.0,2.0,3.0,2.0,3.0,4.0,2.0,5.0,1.0,4.0,"5 points"', [1, 2, 3, 2, 3, 4, 2, 5, 1, 4], '5 points'],
      ['1.0 2.0 3.0 4.0', [1, 2, 3, 4], ''],
    ]
    const { shapes } = await readZip(localization, { 'test/gt_img_3.txt': lines.map(([line]) => line).join('\r\n') })
    expect(shapes.map(({ type, points, attributes }) => [type, points, attributes[1]!.value])).toEqual(
      lines.map(([, points, text]) => [points.length === 4 ? 'rectangle' : 'polygon', points, text]),
    )
  })

  test.each([
    [{ 'a/gt_img_3.txt': '\n1 2 3 "x"\n' }, 'a/gt_img_3.txt, line 2: 4 numbers of a box'],
    [{ 'a/gt_img_3.txt': '1 2 3 1e999 "x"\n' }, "'1e999' is not a finite number"],
    [{ 'a/gt_img_3.txt': '1,2,NaN,4,5,6,7,8,"x"\n' }, "'NaN' is not a finite number"],
    [{ 'a/gt_other.txt': '' }, "Could not match item id: 'other'"],
    [{ 'a/img_3.txt': '' }, 'Dataset must contain a file: "<subset>/gt_<image>.txt"'],
  ])('%p is refused', async (files, reason) => {
    await expect(readZip(localization, files as Record<string, string>)).rejects.toThrow(reason)
  })
})

describe('segmentation', () => {
  const golden = 'task_13_icdar_seg'

  test('equals the archive of the original, pixel by pixel', async () => {
    const { dataset } = await loadSmallGolden(golden)
    const ours = await exportBytes(segmentation, dataset)
    const theirs = openGoldenExport(golden, 'ICDAR_Segmentation_1.0')
    expect(await readTexts(ours)).toEqual(await readTexts(theirs))
    const picture = async (source: Parameters<typeof openDatasetFiles>[0]) => {
      const file = (await openDatasetFiles(source)).get('default/img_00_GT.bmp')!
      return decodeBmp(await file.bytes(), file.name, { width: 320, height: 240 })
    }
    expect(await picture(openBytes(ours))).toEqual(await picture(theirs))
  })

  test('the archive of the original gives its characters', async () => {
    const { labels, lookup } = await loadSmallGolden(golden)
    const { shapes } = await importAll(segmentation, openGoldenExport(golden, 'ICDAR_Segmentation_1.0'), {
      labels,
      frames: lookup,
    })
    expect(shapes.map(({ type, group, attributes }) => [type, group, attributes.map(({ value }) => value)])).toEqual([
      ['polygon', 0, ['0', 'a', '50 0 0', '30 35']],
      ['polygon', 0, ['1', 'b', '51 0 0', '90 35']],
      ['polygon', 0, ['2', 'c', '52 0 0', '150 35']],
    ])
  })

  test('characters get colours, groups blocks, and a space its mark', async () => {
    const at = (left: number, rest: Partial<ItemShape>) =>
      createShape('rectangle', { label_id: 2, points: [left, 5, left + 8, 15], ...rest })
    const shapes = [at(60, { attributes: word(' ') }), at(5, { group: 4, attributes: word('g') }), at(20, { group: 4 })]
    const bytes = await exportBytes(segmentation, createSample([], { labels, items: [createItem(0, shapes), createItem(1, [])] }))
    const texts = await readTexts(bytes)
    expect(texts['default/a/img 1_GT.txt']).toBe('#128 0 0 - - 60.0 5.0 68.0 15.0 " "\n\n0 128 0 - - 5.0 5.0 28.0 15.0 "g"\n')
    expect(texts['default/a/b/üñ_GT.txt']).toBe('')
    const found = await importAll(segmentation, bytes, { labels })
    expect(found.shapes.map(({ group, attributes }) => [group, attributes[1]!.value])).toEqual([
      [0, ' '],
      [1, 'g'],
      [1, 'g'],
    ])
  })

  test('masks come back as masks when asked for', async () => {
    const sample = createRegionSample(icdarLabel)
    const sent = [...(sample.items as Iterable<{ shapes: ItemShape[] }>)][0]!.shapes.find(({ type }) => type === 'mask')!
    const bytes = await exportBytes(segmentation, createRegionSample(icdarLabel))
    const masks = await importAll(segmentation, bytes, { labels, masksToPolygons: false })
    expect(masks.shapes.every(({ type }) => type === 'mask')).toBe(true)
    expect(masks.shapes.map(({ points }) => points)).toContainEqual(sent.points)
  })

  const bmp = encodeBmp({ width: 120, height: 90, colours: new Uint32Array(120 * 90).fill(0xffffff).fill(0x010203, 500, 900) })
  const line = '1 2 3 - - 0 0 5 5 "x"\n'
  test.each([
    [{ 'a/img_3_GT.txt': `\n${line.replace('5 "x"', '')}`, 'a/img_3_GT.bmp': bmp }, 'line 2: 10 fields are needed'],
    [{ 'a/img_3_GT.txt': line.replace('3', '300'), 'a/img_3_GT.bmp': bmp }, "'300' is not a colour value"],
    [{ 'a/img_3_GT.txt': line.replace('5 5', '5 1e999'), 'a/img_3_GT.bmp': bmp }, "'1e999' is not a finite number"],
    [{ 'a/img_3_GT.txt': line }, 'Dataset must contain a file: "a/img_3_GT.bmp"'],
    [{ 'a/img_3_GT.txt': line, 'a/img_3_GT.bmp': bmp.subarray(0, 900) }, 'The BMP picture is incomplete'],
    [{ 'a/img_3_GT.txt': line, 'a/img_3_GT.bmp': Buffer.alloc(99) }, 'This is not a BMP picture'],
    [
      { 'a/img_3_GT.txt': line, 'a/img_3_GT.bmp': encodeBmp({ width: 2, height: 1, colours: new Uint32Array(2) }) },
      'has 2x1 pixels, its frame 120x90',
    ],
    [{ 'a/other_GT.txt': line }, "Could not match item id: 'other'"],
    [{ 'a/img_3.txt': line }, 'Dataset must contain a file: "<subset>/<image>_GT.txt"'],
  ])('fault %# is refused', async (files, reason) => {
    await expect(readZip(segmentation, files as Record<string, string>)).rejects.toThrow(reason)
    expect((await readZip(segmentation, { 'a/img_3_GT.txt': line, 'a/img_3_GT.bmp': bmp })).shapes.length).toBeGreaterThan(0)
  })
})
