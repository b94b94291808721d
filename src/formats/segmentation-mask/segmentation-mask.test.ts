// Segmentation mask 1.1: against the original's own archive, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { encodePng } from '../png-mask'
import { expectGoldenExport } from '../testing/golden-masks'
import { compareImports } from '../testing/imported'
import { readAllTexts, readPictures } from '../testing/read-archive'
import { createItem, createSample, createShape, exportBytes, importAll, packZip } from '../testing/sample'

const name = 'Segmentation mask 1.1'
const box = (points: number[], rest = {}) => createShape('rectangle', { points, label_id: 1, ...rest })

describe('export', () => {
  test('equals the archive of the original', () => expectGoldenExport('task_1_images_all_kinds', name, /SegmentationObject/))

  test('lists name frames with regions and frames without anything; colours are sorted by name', async () => {
    const items = [
      createItem(0, [box([1, 1, 9, 9])]),
      createItem(1, [createShape('points', { points: [1, 1] })]),
      createItem(2, []),
    ]
    const bytes = await exportBytes(name, createSample([], { items }))
    const texts = await readAllTexts(bytes)
    expect(texts['ImageSets/Segmentation/default.txt']).toBe('"a/img 1"\nimg_3\n')
    expect(texts['labelmap.txt']!.split('\n').slice(1, 3)).toEqual(['background:0,0,0::', 'car:255,96,55::'])
    const pictures = await readPictures(bytes)
    const at = (4 * 120 + 4) * 3
    expect([...pictures['SegmentationClass/a/img 1.png']!.values.subarray(at, at + 3)]).toEqual([255, 96, 55])
    expect([...pictures['SegmentationObject/a/img 1.png']!.values.subarray(at, at + 3)]).toEqual([128, 0, 0])
  })
})

describe('import', () => {
  test('gives what the original stored, but for holes, which are cut in since', async () => {
    const { ours, theirs } = await compareImports('task_1_images_all_kinds', name)
    const shared = theirs.filter((text) => ours.includes(text))
    expect([ours.length, theirs.length, shared.length]).toEqual([14, 15, 10])
  })

  test('touching objects of one label stay apart, parts of one object share a group', async () => {
    const shapes = [
      box([10, 10, 20, 20]),
      box([20, 10, 30, 20]),
      box([50, 50, 60, 60], { group: 3 }),
      box([70, 50, 80, 60], { group: 3 }),
    ]
    const bytes = await exportBytes(name, createSample([], { items: [createItem(0, shapes)] }))
    const found = await importAll(name, bytes)
    expect(found.shapes.map(({ points, group }) => [points.slice(0, 2), group])).toEqual([
      [[10, 10], 0],
      [[20, 10], 0],
      [[50, 50], 1],
      [[70, 50], 1],
    ])
  })

  const png = encodePng({ width: 120, height: 90, channels: 3, values: new Uint8Array(120 * 90 * 3).fill(7) })
  const dataset = {
    'labelmap.txt': '# x\nbackground:0,0,0::\ncar:7,7,7::',
    'ImageSets/Segmentation/default.txt': 'img_3',
    'SegmentationClass/img_3.png': png,
    'SegmentationObject/img_3.png': png,
  }

  test('pictures of classes are enough', async () => {
    const { 'SegmentationObject/img_3.png': _, ...files } = dataset
    const { shapes } = await importAll(name, await packZip(files))
    expect(shapes.map(({ frame, label_id, points }) => [frame, label_id, points])).toEqual([
      [2, 1, [0, 0, 0, 89, 119, 89, 119, 0, 0, 0]],
    ])
  })

  const faults: [string, Record<string, string | Uint8Array>, string][] = [
    ['a colour without label', { 'labelmap.txt': 'car:1,1,1::' }, 'SegmentationClass/img_3.png: no label has the colour #070707'],
    ['an unknown label', { 'labelmap.txt': 'bus:7,7,7::' }, "Label 'bus' is not registered"],
    ['a colour map of another kind', { 'labelmap.txt': 'car 7 7 7' }, 'labelmap.txt, line 1'],
    ['colours out of range', { 'labelmap.txt': 'car:7,7,777::' }, 'labelmap.txt, line 1'],
    ['an unknown frame', { 'ImageSets/Segmentation/default.txt': 'x' }, "Could not match item id: 'x'"],
    ['an open quote', { 'ImageSets/Segmentation/default.txt': '"img_3' }, 'ImageSets/Segmentation/default.txt, line 1'],
    ['a damaged picture', { 'SegmentationObject/img_3.png': png.subarray(0, 60) }, 'SegmentationObject/img_3.png'],
  ]
  test.each(faults)('%s is refused', async (_, changes, reason) => {
    const error = await importAll(name, await packZip({ ...dataset, ...changes })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('an archive without lists is refused', async () => {
    const missing = 'Dataset must contain a file: "ImageSets/Segmentation/*.txt"'
    await expect(importAll(name, await packZip({ 'SegmentationClass/img_3.png': png }))).rejects.toThrow(missing)
  })
})
