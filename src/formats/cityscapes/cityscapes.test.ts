// Cityscapes 1.0: against the original's own archive, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import type { Label } from '../model'
import { encodePng } from '../png-mask'
import { expectGoldenExport } from '../testing/golden-masks'
import { readPictures } from '../testing/read-archive'
import { createItem, createSample, createShape, exportBytes, importAll, packZip, sampleLabels } from '../testing/sample'

const name = 'Cityscapes 1.0'
const instances = 'gtFine/default/a/img 1_gtFine_instanceIds.png'
const box = (points: number[], rest = {}) => createShape('rectangle', { points, label_id: 1, ...rest })

const crowd: Label = {
  ...sampleLabels[0]!,
  attributes: [{ id: 51, name: 'is_crowd', mutable: false, input_type: 'checkbox', default_value: 'false', values: [] }],
}

describe('export', () => {
  test('equals the archive of the original', () => expectGoldenExport('task_1_images_all_kinds', name, /instanceIds/))

  test('crowds have the number of their label alone, others one of their own', async () => {
    const shapes = [box([1, 1, 9, 9], { attributes: [{ spec_id: 51, value: 'true' }] }), box([20, 20, 30, 30])]
    const bytes = await exportBytes(name, createSample([], { labels: [crowd], items: [createItem(0, shapes)] }))
    const picture = (await readPictures(bytes))[instances]!
    expect([...new Set(picture.values)]).toEqual([0, 1, 1002])
    const found = await importAll(name, bytes, { labels: [crowd] })
    expect(found.shapes.map(({ attributes }) => attributes[0]!.value)).toEqual(['true', 'false'])
  })

  test('more labels than the numbers hold are refused', async () => {
    const labels = Array.from(
      { length: 70 },
      (_, id): Label => ({ ...sampleLabels[1]!, id, name: `l${String(id).padStart(2, '0')}` }),
    )
    const items = [createItem(0, [box([1, 1, 9, 9], { label_id: 69 })])]
    await expect(exportBytes(name, createSample([], { labels, items }))).rejects.toThrow('no more than 64 labels')
  })
})

describe('import', () => {
  test('what was exported comes back, though the task has no background', async () => {
    const bytes = await exportBytes(
      name,
      createSample([], { items: [createItem(0, [box([1, 1, 9, 9]), box([20, 20, 30, 30])])] }),
    )
    const { shapes } = await importAll(name, bytes)
    expect(shapes.map(({ label_id, type, points, group }) => [label_id, type, points, group])).toEqual([
      [1, 'polygon', [1, 1, 1, 8, 8, 8, 8, 1, 1, 1], 0],
      [1, 'polygon', [20, 20, 20, 29, 29, 29, 29, 20, 20, 20], 0],
    ])
  })

  const png = (value: number) => encodePng({ width: 120, height: 90, channels: 1, values: new Uint16Array(120 * 90).fill(value) })

  test('pictures of training labels go before those of instances', async () => {
    const files = { 'gtFine/x/img_3_gtFine_labelTrainIds.png': png(1), 'gtFine/x/img_3_gtFine_instanceIds.png': png(9999) }
    const { shapes } = await importAll(name, await packZip({ ...files, 'label_colors.txt': '0 0 0 background\n1 1 1 car' }))
    expect(shapes.map(({ label_id, frame }) => [label_id, frame])).toEqual([[1, 2]])
  })

  const path = 'gtFine/x/img_3_gtFine_instanceIds.png'
  const faults: [string, Record<string, string | Uint8Array>, string][] = [
    ['a value without label', { [path]: png(9001) }, `${path}: the value 9001 names no label`],
    ['an unknown label', { [path]: png(1), 'label_colors.txt': '0 0 0 background\n1 1 1 bus' }, "Label 'bus' is not registered"],
    ['an unknown frame', { 'gtFine/x/y_gtFine_instanceIds.png': png(1) }, "Could not match item id: 'y'"],
    ['a file that is no picture', { [path]: 'GIF' }, 'This is not a PNG picture'],
    ['an archive without pictures', { 'label_colors.txt': '' }, 'Dataset must contain a file'],
  ]
  test.each(faults)('%s is refused', async (_, files, reason) => {
    const error = await importAll(name, await packZip(files)).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })
})
