// Pictures of masks: split by value, and imported as polygons or as masks.

import { describe, expect, test } from 'bun:test'
import { openBytes } from './io/byte-source'
import type { Shape } from './model'
import { splitByValue } from './picture-masks'
import { findImporter, importDataset } from './registry'
import { createRegionSample } from './testing/format-sample'
import { exportBytes, sampleLabels, sampleLookup } from './testing/sample'

describe('splitting', () => {
  test('gives every value its own cropped mask', () => {
    const found = [...splitByValue([0, 7, 7, 3, 0, 7, 3, 3, 0], 3, 'a.png')]
    expect(found.map(({ value, mask }) => [value, mask.left, mask.top, mask.width, [...mask.data]])).toEqual([
      [3, 0, 1, 2, [1, 0, 1, 1]],
      [7, 1, 0, 2, [1, 1, 0, 1]],
    ])
  })

  test('refuses noise', () => {
    const noise = Array.from({ length: 20_000 }, (_, at) => at + 1)
    expect(() => [...splitByValue(noise, 100, 'a.png')]).toThrow('a.png: The picture holds more than 10000 objects')
  })
})

test.each(['LabelMe 3.0', 'Segmentation mask 1.1', 'CamVid 1.0', 'Cityscapes 1.0'])(
  'masks of %s can stay masks',
  async (name) => {
    const bytes = await exportBytes(name, createRegionSample(undefined, ['mask']))
    const target = { labels: sampleLabels, frames: sampleLookup(), masksToPolygons: false }
    const shapes: Shape[] = []
    for await (const finding of importDataset(findImporter(name)!, openBytes(bytes), target)) {
      if (finding.kind === 'shape') shapes.push(finding.shape)
    }
    expect(shapes.map(({ type, points }) => [type, points])).toEqual([['mask', [0, 40, 10, 50, 17, 54]]])
  },
)
