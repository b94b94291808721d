// MOTS PNG 1.0: against the original's own archive, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { encodePng } from '../png-mask'
import { expectGoldenExport } from '../testing/golden-masks'
import { compareImports } from '../testing/imported'
import { createItem, createSample, createShape, exportBytes, importAll, packZip } from '../testing/sample'

const name = 'MOTS PNG 1.0'
const tracked = (track_id: number, points: number[]) => createShape('rectangle', { track_id, keyframe: true, points })

describe('export', () => {
  test('equals the archive of the original', () => expectGoldenExport('task_2_video_tracks', name))

  test('numbers that do not fit are refused', async () => {
    const items = [createItem(0, [tracked(1000, [1, 1, 9, 9])])]
    await expect(exportBytes(name, createSample([], { items }))).rejects.toThrow('no more than 64 labels and 1000 tracks')
  })
})

describe('import', () => {
  test('gives what the original stored', async () => {
    const { ours, theirs } = await compareImports('task_2_video_tracks', name)
    expect(ours).toEqual(theirs)
  })

  test('tracks come back, and leave where their picture has none', async () => {
    const items = [createItem(0, [tracked(4, [1, 1, 9, 9])]), createItem(1, []), createItem(2, [tracked(4, [5, 5, 20, 20])])]
    const { tracks, shapes } = await importAll(name, await exportBytes(name, createSample([], { items })))
    expect(shapes).toEqual([])
    expect(tracks.map((track) => track.shapes.map(({ frame, outside, points }) => [frame, outside, points.slice(0, 6)]))).toEqual(
      [
        [
          [0, false, [1, 1, 1, 8, 8, 8]],
          [1, true, [1, 1, 1, 8, 8, 8]],
          [2, false, [5, 5, 5, 19, 19, 19]],
        ],
      ],
    )
  })

  const picture = (value: number, width = 120) =>
    encodePng({ width, height: 90, channels: 1, values: new Uint16Array(width * 90).fill(value) })
  const faults: [string, Record<string, string | Uint8Array>, string][] = [
    ['a value without label', { 'a/instances/img_3.png': picture(9001) }, 'the value 9001 names no label: there are 1'],
    [
      'a picture of another size',
      { 'a/instances/img_3.png': picture(1001, 119) },
      'The picture has 119x90 pixels, its frame 120x90',
    ],
    ['no picture', { 'a/instances/img_3.png': 'GIF' }, 'a/instances/img_3.png: This is not a PNG picture'],
    ['an unknown frame', { 'a/instances/x.png': picture(1001) }, "Could not match item id: 'x'"],
    [
      'an unknown label',
      { 'a/instances/img_3.png': picture(1001), 'a/instances/labels.txt': 'bus' },
      "Label 'bus' is not registered",
    ],
  ]
  test.each(faults)('%s is refused', async (_, files, reason) => {
    const error = await importAll(name, await packZip({ 'a/instances/labels.txt': 'car', ...files })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('an archive without pictures of instances is refused', async () => {
    await expect(importAll(name, await packZip({ 'gt/gt.txt': '' }))).rejects.toThrow('Dataset must contain a file')
  })
})
