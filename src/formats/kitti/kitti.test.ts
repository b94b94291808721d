// KITTI 1.0: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import type { Label } from '../model'
import { encodePng } from '../png-mask'
import { expectGoldenExport } from '../testing/golden-masks'
import { compareImports } from '../testing/imported'
import { readAllTexts } from '../testing/read-archive'
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

const name = 'KITTI 1.0'

describe('export', () => {
  test.each(['task_1_images_all_kinds', 'task_6_boxes_only'] as const)('%s equals the archive of the original', (task) =>
    expectGoldenExport(task, name),
  )

  test('truncated and score come from attributes', async () => {
    const attribute = { mutable: false, input_type: 'number', default_value: '0.5', values: [] } as const
    const label: Label = {
      ...sampleLabels[0]!,
      attributes: ['truncated', 'score'].map((key, id) => ({ ...attribute, values: [], id, name: key })),
    }
    const items = [createItem(0, [createShape('rectangle', { label_id: 1, attributes: [{ spec_id: 0, value: '1' }] })])]
    const texts = await readAllTexts(await exportBytes(name, createSample([], { items, labels: [label] })))
    expect(texts['default/label_2/a/img 1.txt']).toBe('car 1.0 0 -1 10.5 20.25 50.75 60.0 -1 -1 -1 -1 -1 -1 -1 0.5\n')
    expect(texts['label_colors.txt']).toBe('0 0 0 background\n255 96 55 car\n')
  })
})

describe('import', () => {
  test('gives what the original stored', async () => {
    const { ours, theirs } = await compareImports('task_1_images_all_kinds', name)
    expect(ours).toEqual(theirs)
  })

  test('boxes come back, with labels of several words', async () => {
    const boxes = [createShape('rectangle', { occluded: true }), createShape('rectangle', { points: [-1, 0, 5, 5] })]
    const { shapes } = await importAll(name, await exportBytes(name, createSample([], { items: [createItem(0, boxes)] })))
    expect(describeShapes(shapes)).toEqual(describeShapes(boxes))
  })

  test('regions come back where there are no boxes', async () => {
    const turned = createShape('rectangle', { points: [20, 20, 60, 40], rotation: 90 })
    const { shapes } = await importAll(name, await exportBytes(name, createSample([], { items: [createItem(1, [turned])] })))
    expect(shapes.map(({ frame, type, points }) => [frame, type, points])).toEqual([
      [1, 'polygon', [30, 10, 30, 49, 49, 49, 49, 10, 30, 10]],
    ])
  })

  const zeros = '-1 -1 -1 -1 -1 -1 -1'
  const faults: [string, string, string][] = [
    ['fourteen fields', `car 0.0 0 -1 1 1 2 2 ${zeros.slice(3)}`, 'line 1: 15 or 16 fields are needed, there are 14'],
    ['an unknown label', `bus 0.0 0 -1 1 1 2 2 ${zeros} 1`, "Label 'bus' is not registered"],
    ['an unknown label of two words', `a bus 0.0 0 -1 1 1 2 2 ${zeros} 1`, "Label 'a bus' is not registered"],
    ['NaN', `car 0.0 0 -1 nan 1 2 2 ${zeros} 1`, "'nan' is not a finite number"],
    ['a box that ends before it starts', `car 0.0 0 -1 3 1 2 2 ${zeros} 1`, 'ends before it starts'],
  ]
  test.each(faults)('%s is refused', async (_, text, reason) => {
    const error = await importAll(name, await packZip({ 'default/label_2/img_3.txt': text })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('fifteen fields, without a score, are enough', async () => {
    const { shapes } = await importAll(name, await packZip({ 'x/label_2/img_3.txt': `car 0.0 1 -1 1 1 2 2 ${zeros}` }))
    expect(shapes.map(({ points, occluded }) => [points, occluded])).toEqual([[[1, 1, 2, 2], true]])
  })

  test('values, frames and colours that cannot be are refused', async () => {
    const png = encodePng({ width: 120, height: 90, channels: 1, values: new Uint16Array(120 * 90).fill(2560) })
    const cases: [Record<string, string | Uint8Array>, string][] = [
      [{ 'a/instance/img_3.png': png }, 'the value 2560 names no label'],
      [{ 'a/instance/x.png': png }, "Could not match item id: 'x'"],
      [{ 'a/instance/img_3.png': png, 'label_colors.txt': '1 2 x' }, 'label_colors.txt, line 1'],
      [{ 'a/image_2/img_3.png': png }, 'Dataset must contain a file'],
    ]
    for (const [files, reason] of cases) await expect(importAll(name, await packZip(files))).rejects.toThrow(reason)
  })
})
