// CamVid 1.0: against the original's own archive, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import type { Label } from '../model'
import { encodePng } from '../png-mask'
import { expectGoldenExport } from '../testing/golden-masks'
import { compareImports } from '../testing/imported'
import { readAllTexts } from '../testing/read-archive'
import { createItem, createSample, createShape, exportBytes, importAll, packZip, sampleLabels } from '../testing/sample'

const name = 'CamVid 1.0'
const box = (points: number[], rest = {}) => createShape('rectangle', { points, label_id: 1, ...rest })

describe('export', () => {
  test('equals the archive of the original', () => expectGoldenExport('task_1_images_all_kinds', name))

  test('paths with spaces are quoted, frames without regions have no picture', async () => {
    const items = [createItem(0, [box([1, 1, 9, 9])]), createItem(1, []), { ...createItem(2, []), subset: 'val' }]
    const texts = await readAllTexts(await exportBytes(name, createSample([], { items })))
    expect(texts['default.txt']).toBe('"/default/a/img 1.jpg" "defaultannot/a/img 1.png"\n/default/a/b/üñ.png \n')
    expect(texts['val.txt']).toBe('/val/img_3.JPG \n')
    expect(texts['label_colors.txt']!.split('\n')[0]).toBe('255 96 55 car')
  })
})

describe('import', () => {
  test('gives what the original stored, but for holes, which are cut in since', async () => {
    const { ours, theirs } = await compareImports('task_1_images_all_kinds', name)
    const shared = theirs.filter((text) => ours.includes(text))
    expect([ours.length, theirs.length, shared.length]).toEqual([12, 13, 10])
  })

  test('later shapes cover earlier ones, members of a group have the label of the largest', async () => {
    const shapes = [
      box([10, 10, 20, 20], { z_order: 1 }),
      box([10, 10, 40, 40], { label_id: 2, group: 1 }),
      box([60, 60, 65, 65], { label_id: 1, group: 1 }),
    ]
    const found = await importAll(name, await exportBytes(name, createSample([], { items: [createItem(0, shapes)] })))
    expect(found.shapes.map(({ label_id, points }) => [label_id, points.slice(0, 2)])).toEqual([
      [2, [20, 10]],
      [2, [60, 60]],
      [1, [10, 10]],
    ])
  })

  test('black is a label where the task has one of that colour', async () => {
    const background: Label = { ...sampleLabels[1]!, id: 9, name: 'background', color: '#000000' }
    const labels = [sampleLabels[0]!, background]
    const bytes = await exportBytes(name, createSample([], { labels, items: [createItem(0, [box([1, 1, 9, 9])])] }))
    expect((await importAll(name, bytes, { labels })).shapes.map(({ label_id }) => label_id)).toEqual([9, 1])
    expect((await importAll(name, bytes)).shapes.map(({ label_id }) => label_id)).toEqual([1])
  })

  const png = encodePng({ width: 120, height: 90, channels: 3, values: new Uint8Array(120 * 90 * 3).fill(7) })
  const dataset = {
    'label_colors.txt': '255 96 55 car',
    'default.txt': '/default/img_3.JPG defaultannot/img_3.png',
    'defaultannot/img_3.png': png,
  }
  const faults: [string, Record<string, string | Uint8Array>, string][] = [
    ['a colour without label', {}, 'defaultannot/img_3.png: no label has the colour #070707'],
    ['an unknown label', { 'label_colors.txt': '7 7 7 bus' }, "Label 'bus' is not registered"],
    ['an unknown frame', { 'default.txt': '/default/x.jpg ' }, "Could not match item id: 'x.jpg'"],
    ['a picture that is not there', { 'default.txt': '/default/img_3.JPG x.png' }, 'Dataset must contain a file: "x.png"'],
    ['a line of three paths', { 'default.txt': '\n/default/img_3.JPG x y' }, 'default.txt, line 2'],
    ['colours out of range', { 'label_colors.txt': '256 0 0 car' }, 'label_colors.txt, line 1'],
    ['a damaged picture', { 'defaultannot/img_3.png': png.subarray(0, 50) }, 'incomplete'],
  ]
  test.each(faults)('%s is refused', async (_, changes, reason) => {
    const error = await importAll(name, await packZip({ ...dataset, ...changes })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })
})
