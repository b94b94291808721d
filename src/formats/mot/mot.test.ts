// MOT 1.1: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { createFrameLookup, listVideoFrames } from '../match'
import type { Item, Label } from '../model'
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

const name = 'MOT 1.1'
const tasks = ['task_1_images_all_kinds', 'task_2_video_tracks'] as const

const flags: Label = {
  ...sampleLabels[1]!,
  attributes: [
    { id: 41, name: 'ignored', mutable: true, input_type: 'checkbox', default_value: 'false', values: [] },
    { id: 42, name: 'visibility', mutable: true, input_type: 'number', default_value: '1', values: [] },
  ],
}

describe('export', () => {
  test.each(tasks)('%s equals the archive of the original', (task) => expectGoldenExport(task, name))

  test('frames named by numbers keep them; ignored and visibility come from attributes', async () => {
    const attributes = [
      { spec_id: 41, value: 'true' },
      { spec_id: 42, value: '0.25' },
    ]
    const items: Item[] = [{ ...createItem(0, [createShape('rectangle', { attributes })]), name: '000017.jpg' }]
    const texts = await readAllTexts(await exportBytes(name, createSample([], { items, labels: [flags] })))
    expect(texts).toEqual({ 'gt/gt.txt': '17,-1,10.5,20.25,40.25,39.75,0,1,0.25\r\n', 'gt/labels.txt': flags.name })
  })
})

describe('import', () => {
  test.each(tasks)('%s gives what the original stored', async (task) => {
    const { ours, theirs } = await compareImports(task, name)
    expect(ours).toEqual(theirs)
  })

  test('boxes and tracks come back, also by numbers as names, and from videos with pictures', async () => {
    const track = (frame: number) => createShape('rectangle', { frame, track_id: 0, keyframe: true })
    const plain = createShape('rectangle', { points: [1, 2, 30, 40.25] })
    const media = { extension: '.PNG', read: async () => Buffer.from('x') }
    for (const frames of [
      listVideoFrames(3, { width: 120, height: 90 }),
      ['0.png', '5.png', '7.png'].map((file, frame) => ({ frame, name: file, width: 120, height: 90 })),
    ]) {
      const items = [[track(0), plain], [], [track(2)]].map((shapes, at) => ({
        ...createItem(at, shapes),
        name: frames[at]!.name,
        media,
      }))
      const bytes = await exportBytes(name, createSample([], { items }), true)
      const { shapes, tracks } = await importAll(name, bytes, { frames: createFrameLookup({ frames }) })
      expect(describeShapes(shapes)).toEqual(describeShapes([plain]))
      expect(tracks.map((one) => one.shapes.map(({ frame, outside }) => [frame, outside]))).toEqual([
        [
          [0, false],
          [1, true],
          [2, false],
        ],
      ])
    }
  })

  test('attributes come back', async () => {
    const bytes = await packZip({ 'gt/gt.txt': '2,-1,1,2,3,4,0,1,0.5', 'gt/labels.txt': flags.name })
    const { shapes } = await importAll(name, bytes, { labels: [flags] })
    expect(shapes.map(({ frame, attributes }) => [frame, attributes.map(({ value }) => value)])).toEqual([[1, ['true', '0.5']]])
  })

  test('rows without class take the only label; the official names stand in for labels.txt', async () => {
    const oneLabel = await importAll(name, await packZip({ 'gt/gt.txt': '1,3,1,2,3,4,1' }), { labels: [sampleLabels[0]!] })
    expect(oneLabel.tracks.map(({ label_id }) => label_id)).toEqual([1])
    const official = await importAll(name, await packZip({ 'gt/gt.txt': '1,-1,1,2,3,4,1,3,0' }))
    expect(official.shapes.map(({ label_id, occluded }) => [label_id, occluded])).toEqual([[1, true]])
  })

  const faults: [string, string, string][] = [
    ['eight fields', '1,1,1,1,1,1,1,1', 'gt/gt.txt, line 1: 7, 9 or 10 fields are needed, there are 8'],
    ['overflow', '1,1,1e999,1,1,1,1,1,1', "'1e999' is not a finite number"],
    ['NaN', '1,1,1,1,1,1,1,1,1\n1,1,nan,1,1,1,1,1,1', "line 2: 'nan' is not a finite number"],
    ['a negative width', '1,1,1,1,-1,1,1,1,1', 'must not be negative'],
    ['an undeclared class', '1,1,1,1,1,1,1,9,1', 'class 9 is not declared: there are 1'],
    ['no class, and several labels', '1,1,1,1,1,1,1', 'the row has no class'],
    ['a frame that is not there', '4,1,1,1,1,1,1,1,1', "Could not match item id: '4'"],
    ['a track twice on a frame', '1,1,1,1,1,1,1,1,1\n1,1,1,1,1,1,1,1,1', 'line 2: track 1 is on this frame already'],
  ]
  test.each(faults)('%s is refused', async (_, table, reason) => {
    const error = await importAll(name, await packZip({ 'gt/gt.txt': table, 'gt/labels.txt': 'car' })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('unknown labels and a missing table are named', async () => {
    const bus = await packZip({ 'gt/gt.txt': '1,1,1,1,1,1,1,1,1', 'gt/labels.txt': 'bus' })
    await expect(importAll(name, bus)).rejects.toThrow("Label 'bus' is not registered")
    await expect(importAll(name, await packZip({ 'gt/labels.txt': '' }))).rejects.toThrow(
      'Dataset must contain a file: "gt/gt.txt"',
    )
  })
})
