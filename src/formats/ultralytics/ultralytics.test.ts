// The Ultralytics YOLO formats: their layouts, round trips, tracks, and bad input. No real archives of these exist for the golden tasks.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { turnBox } from '../geometry/box'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import type { ItemShape, Tag } from '../model'
import { detectFormats } from '../registry'
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
import { findTurnedBox } from './turned-box'

const nameOf = (kind: string) => `Ultralytics YOLO ${kind} 1.0`
const [detection, track, oriented, segmentation, pose, classification] = [
  'Detection',
  'Detection Track',
  'Oriented Bounding Boxes',
  'Segmentation',
  'Pose',
  'Classification',
].map(nameOf) as [string, string, string, string, string, string]

const withShapes = (...frames: ItemShape[][]) =>
  createSample([], { items: frames.map((shapes, frame) => createItem(frame, shapes)) })
const tracked = (frame: number, track_id: number, x: number) =>
  createShape('rectangle', { frame, track_id, keyframe: true, points: [x, 0, x + 12, 9] })

describe('export', () => {
  test('boxes, lists and settings', async () => {
    const texts = await readAllTexts(
      await exportBytes(detection, withShapes([createShape('rectangle', { points: [0, 0, 60, 45] })], [])),
    )
    expect(texts).toEqual({
      'data.yaml': 'names:\n  0: car\n  1: "per son \\"<&>\\""\n  2: skel\npath: .\ntrain: train.txt\n',
      'train.txt': 'data/images/train/a/img 1.jpg\ndata/images/train/a/b/üñ.png\n',
      'labels/train/a/img 1.txt': '1 0.250000 0.250000 0.500000 0.500000\n',
    })
  })

  test('tracks end with their number, plain boxes do not', async () => {
    const texts = await readAllTexts(await exportBytes(track, withShapes([tracked(0, 3, 12), createShape('rectangle')])))
    expect(texts['labels/train/a/img 1.txt']).toBe(
      '1 0.150000 0.050000 0.100000 0.100000 3\n1 0.255208 0.445833 0.335417 0.441667\n',
    )
    const plain = await readAllTexts(await exportBytes(detection, withShapes([tracked(0, 3, 12)])))
    expect(plain['labels/train/a/img 1.txt']).toBe('1 0.150000 0.050000 0.100000 0.100000\n')
  })

  test('corners of a turned box start with its own top left', async () => {
    const shape = createShape('rectangle', { points: [20, 30, 60, 50], rotation: 90 })
    const texts = await readAllTexts(await exportBytes(oriented, withShapes([shape])))
    const numbers = texts['labels/train/a/img 1.txt']!.trim().split(' ').map(Number)
    const pixels = numbers.slice(1).map((value, at) => Math.round(value * (at % 2 ? 90 : 120)))
    expect(pixels).toEqual([50, 20, 50, 60, 30, 60, 30, 20])
  })

  test('poses have the box of the points that are there, and padding up to the largest skeleton', async () => {
    const long = { ...sampleLabels[2]!, id: 20, name: 'long' }
    long.sublabels = [21, 22, 23].map((id) => ({ ...sampleLabels[2]!.sublabels[0]!, id, name: `n${id}` }))
    const sample = { ...withShapes([createShape('skeleton')]), labels: [...sampleLabels, long] }
    const texts = await readAllTexts(await exportBytes(pose, sample))
    expect(texts['data.yaml']).toBe('kpt_shape: [3, 3]\nnames:\n  0: skel\n  1: long\npath: .\ntrain: train.txt\n')
    expect(texts['labels/train/a/img 1.txt']).toBe(
      '0 0.250000 0.333333 0.000000 0.000000 0.250000 0.333333 1 0.337500 0.555556 0 0.0 0.0 0\n',
    )
  })

  test('pictures are copied into the folder of every label, with new names where they meet', async () => {
    const tags = (frame: number, ...ids: number[]): Tag[] =>
      ids.map((label_id) => ({ frame, label_id, group: 0, source: 'manual', attributes: [] }))
    const media = { extension: '.jpg', read: async () => Buffer.from('x') }
    const items = [tags(0, 1, 2), tags(1, 1), []].map((list, frame) => ({
      ...createItem(frame, [], list),
      name: ['a/i.jpg', 'b/i.jpg', 'b/i.jpg'][frame]!,
      media,
    }))
    const { list } = await openDatasetFiles(openBytes(await exportBytes(classification, createSample([], { items }), true)))
    expect(list.map(({ name }) => name).sort()).toEqual([
      'train/car/i.0.jpg',
      'train/car/i.jpg',
      'train/labels.json',
      'train/no_label/i.jpg',
      'train/per son "<&>"/i.jpg',
    ])
    const table = JSON.parse(Buffer.from(await list.find(({ name }) => name.endsWith('.json'))!.bytes()).toString())
    expect(table['a/i']).toEqual({ labels: ['car', 'per son "<&>"'], path: 'car/i.jpg' })
  })

  test('subsets called like keys of the settings are refused', async () => {
    const items = [{ ...createItem(0, []), subset: 'kpt_shape' }]
    await expect(exportBytes(detection, createSample([], { items }))).rejects.toThrow("cannot be called 'kpt_shape'")
  })
})

describe('import', () => {
  test('boxes, turned boxes, regions and poses come back', async () => {
    const cases: [string, ItemShape[]][] = [
      [detection, [createShape('rectangle'), createShape('rectangle', { points: [-3.5, 0, 130.25, 70] })]],
      [oriented, [0, 30.5, 90, 200, 359].map((rotation) => createShape('rectangle', { rotation }))],
      [segmentation, [createShape('polygon'), createShape('polygon', { points: [1, 2, 30, 4, 5, 60.25] })]],
      [pose, [createShape('skeleton')]],
    ]
    for (const [name, sent] of cases) {
      const { shapes } = await importAll(name, await exportBytes(name, withShapes(sent)))
      expect(describeShapes(shapes)).toEqual(describeShapes(sent))
    }
  })

  test('tracks are rebuilt, with an outside key frame behind gaps; a second shape of a track is one of its own', async () => {
    const frames = [[tracked(0, 3, 5), tracked(0, 3, 50)], [], [tracked(2, 3, 9)]]
    const { shapes, tracks } = await importAll(detection, await exportBytes(track, withShapes(...frames)))
    expect(shapes).toEqual([])
    expect(tracks.map((one) => one.shapes.map(({ frame, outside, points }) => [frame, outside, points[0]]))).toEqual([
      [
        [0, false, 5],
        [1, true, 5],
        [2, false, 9],
      ],
      [
        [0, false, 50],
        [1, true, 50],
      ],
    ])
  })

  test('tags come back, from the table or from the folders', async () => {
    const { tags } = await importAll(classification, await exportBytes(classification, createSample([])))
    expect(tags.map(({ frame, label_id, source }) => [frame, label_id, source])).toEqual([[0, 1, 'file']])
    const byFolder = await packZip({ 'val/car/img_3.JPG': 'x', 'val/no_label/img 1.jpg': 'x' })
    expect((await importAll(classification, byFolder)).tags.map(({ frame, label_id }) => [frame, label_id])).toEqual([[2, 1]])
  })

  const yaml = 'names: [car]\ntrain: train.txt\n'
  const label = 'labels/train/img_3.txt'
  const simple = { 'data.yaml': yaml, 'train.txt': 'images/train/img_3.JPG\n', [label]: '0 0.5 0.5 0.5 0.5\n' }

  test('other ways to name sets are taken', async () => {
    const ways: Record<string, string>[] = [
      simple,
      { ...simple, 'data.yaml': 'names: {0: car}\npath: ../datasets/x\nnc: 1\ntrain: images/train\nval:\n' },
      { ...simple, 'data.yaml': 'names: {0: car}\ntrain: [./images/train/img_3.JPG]\n' },
      {
        'data.yml': 'names: [car]\nval: ./val/images/',
        'val/labels/img_3.txt': '0 0.5 0.5 0.5 0.5',
        'val/images/img_3.JPG': 'x',
      },
      Object.fromEntries(Object.entries(simple).map(([path, text]) => [`folder/${path}`, text])),
    ]
    for (const files of ways) {
      const bytes = await packZip(files)
      expect((await detectFormats(await openDatasetFiles(openBytes(bytes)))).map(({ name }) => name)).toEqual([
        'Ultralytics YOLO Detection',
      ])
      const { shapes } = await importAll(detection, bytes)
      expect(shapes.map(({ frame, points }) => [frame, points])).toEqual([[2, [30, 22.5, 90, 67.5]]])
    }
  })

  test('points without visibility are visible', async () => {
    const files = {
      ...simple,
      'data.yaml': 'names: [skel]\nkpt_shape: [2, 2]\ntrain: train.txt',
      [label]: '0 0.5 0.5 0.5 0.5 0.5 0.5 0.1 0.1 7',
    }
    const { tracks } = await importAll(pose, await packZip(files))
    expect(tracks[0]!.elements.map(({ shapes }) => [shapes[0]!.points, shapes[0]!.outside, shapes[0]!.occluded])).toEqual([
      [[60, 45], false, false],
      [[12, 9], false, false],
    ])
  })

  const faults: [string, string, Record<string, string>, string][] = [
    [
      'seven fields for a box',
      detection,
      { [label]: '0 0.5 0.5 0.5 0.5 1 1' },
      `${label}, line 1: a line of Detection cannot have 7 fields`,
    ],
    ['a box for a turned box', oriented, {}, 'cannot have 5 fields'],
    ['two points for a region', segmentation, { [label]: '0 0.5 0.5 0.5 0.5' }, 'cannot have 5 fields'],
    ['an undeclared class', detection, { [label]: '\n3 0.5 0.5 0.5 0.5' }, 'line 2: class 3 is not declared'],
    ['NaN', segmentation, { [label]: '0 0.5 0.5 0.5 0.5 0.1 NaN' }, "'NaN' is not a finite number"],
    ['a broken track number', detection, { [label]: '0 0.5 0.5 0.5 0.5 1.5' }, 'a track number must be a whole number'],
    ['kpt_shape for boxes', detection, { 'data.yaml': `${yaml}kpt_shape: [2, 3]` }, "field 'kpt_shape': belongs to poses"],
    ['no kpt_shape for poses', pose, {}, "field 'kpt_shape': is needed for poses"],
    ['a broken kpt_shape', pose, { 'data.yaml': `${yaml}kpt_shape: [2, 4]` }, 'two numbers are needed'],
    [
      'a label that is no skeleton',
      pose,
      { 'data.yaml': `${yaml}kpt_shape: [0, 3]` },
      "Label 'car' of this task is not a skeleton",
    ],
    ['no names', detection, { 'data.yaml': 'train: train.txt' }, "field 'names'"],
    ['no sets', detection, { 'data.yaml': 'names: [car]' }, 'names no set'],
    ['broken YAML', detection, { 'data.yaml': 'names: [car\n- {' }, 'data.yaml: The YAML is malformed'],
    [
      'a folder that is not there',
      detection,
      { 'data.yaml': 'names: [car]\ntrain: images/val' },
      'Dataset must contain a file: "labels/val/*.txt"',
    ],
    ['an unknown label', detection, { 'data.yaml': 'names: [bus]\ntrain: train.txt' }, "Label 'bus' is not registered"],
    ['an unknown frame', detection, { 'train.txt': 'images/train/x.jpg' }, "Could not match item id: 'x.jpg'"],
  ]
  test.each(faults)('%s is refused', async (_, name, changes, reason) => {
    const error = await importAll(name, await packZip({ ...simple, ...changes })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('tables of labels are checked', async () => {
    const broken = await packZip({ 'train/labels.json': '{"img_3": {"labels": [1]}}' })
    await expect(importAll(classification, broken)).rejects.toThrow("item 'img_3', field 'labels'")
    const unknown = await packZip({ 'train/labels.json': '{"img_3": {"labels": ["bus"]}}' })
    await expect(importAll(classification, unknown)).rejects.toThrow("Label 'bus' is not registered")
  })
})

test('the box of least area around four corners that are no rectangle', () => {
  const { points, rotation } = findTurnedBox([10, 10, 30, 12, 31, 22, 9, 20])
  const turned = turnBox(points, rotation)
  expect((points[2] - points[0]) * (points[3] - points[1])).toBeLessThan(22 * 12)
  expect(Math.hypot(turned[0]! - 10, turned[1]! - 10)).toBeLessThan(3)
  expect(findTurnedBox([5, 5, 5, 5, 5, 5, 5, 5])).toEqual({ points: [5, 5, 5, 5], rotation: 0 })
})
