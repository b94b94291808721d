// PASCAL VOC 1.1: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import type { Label } from '../model'
import { expectGoldenExport } from '../testing/golden-masks'
import { compareImports } from '../testing/imported'
import { readAllTexts } from '../testing/read-archive'
import {
  carAttributes,
  createItem,
  createSample,
  createShape,
  describeShapes,
  describeTracks,
  exportBytes,
  importAll,
  packZip,
  sampleLabels,
} from '../testing/sample'

const name = 'PASCAL VOC 1.1'

describe('export', () => {
  test.each(['task_1_images_all_kinds', 'task_2_video_tracks', 'task_6_boxes_only'] as const)(
    '%s equals the archive of the original',
    (task) => expectGoldenExport(task, name, /SegmentationObject/),
  )

  test('pose, truncated and difficult are elements, not attributes', async () => {
    const attribute = { mutable: false, input_type: 'text', default_value: '', values: [] } as const
    const label: Label = {
      ...sampleLabels[0]!,
      attributes: ['pose', 'truncated', 'difficult', 'other'].map((key, id) => ({ ...attribute, values: [], id, name: key })),
    }
    const attributes = ['Left', 'true', '0', '<x>'].map((value, spec_id) => ({ spec_id, value }))
    const items = [createItem(0, [createShape('rectangle', { label_id: 1, attributes })])]
    const bytes = await exportBytes(name, createSample([], { labels: [label], items }))
    const text = (await readAllTexts(bytes))['Annotations/a/img 1.xml']!
    const elements = ['pose', 'truncated', 'occluded', 'difficult'].map(
      (key) => new RegExp(`<${key}>(.*)</${key}>`).exec(text)?.[1],
    )
    expect(elements).toEqual(['Left', '1', '0', '0'])
    expect([...text.matchAll(/<name>(.*)<\/name>/g)].map(([, key]) => key)).toEqual(['car', 'other', 'rotation'])
    const { shapes } = await importAll(name, bytes, { labels: [label] })
    expect(shapes[0]!.attributes.map(({ value }) => value)).toEqual(['Left', 'true', 'false', '<x>'])
  })

  test('item ids with spaces are quoted in lists', async () => {
    const texts = await readAllTexts(await exportBytes(name, createSample([])))
    expect(texts['ImageSets/Main/default.txt']).toBe('"a/img 1"\na/b/üñ\nimg_3\n')
    expect(texts['ImageSets/Main/car_default.txt']).toBe('"a/img 1"  1\n')
    expect(texts['ImageSets/Main/skel_default.txt']).toBe('"a/img 1" -1\n')
  })
})

describe('import', () => {
  test('gives what the original stored, but for holes, which are cut in since', async () => {
    const tracked = await compareImports('task_2_video_tracks', name)
    expect(tracked.ours).toEqual(tracked.theirs)
    const { ours, theirs } = await compareImports('task_1_images_all_kinds', name)
    expect([ours.length, theirs.length, theirs.filter((text) => ours.includes(text)).length]).toEqual([15, 16, 14])
  })

  test('boxes with attributes, tags and tracks come back', async () => {
    const plain = createShape('rectangle', { frame: 1, label_id: 1, attributes: carAttributes, rotation: 30.5, occluded: true })
    const tracked = (frame: number) =>
      createShape('rectangle', { frame, track_id: 7, keyframe: true, label_id: 1, attributes: carAttributes })
    const tags = (createSample([]).items as { tags: [] }[])[0]!.tags
    const items = [createItem(0, [tracked(0)], tags), createItem(1, [tracked(1), plain])]
    const found = await importAll(name, await exportBytes(name, createSample([], { items })))
    const floats = { ...plain, attributes: carAttributes.map((one) => (one.spec_id === 2 ? { ...one, value: '55.0' } : one)) }
    expect(describeShapes(found.shapes)).toEqual(describeShapes([floats]))
    expect(found.tracks[0]!.shapes.map(({ frame, outside }) => [frame, outside])).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ])
    expect(describeTracks(found.tracks)[0]).toContain('speed=55.0')
    expect(found.tags.map(({ frame, label_id }) => [frame, label_id])).toEqual([[0, 1]])
  })

  const xml = (object: string) => `<annotation><object><name>car</name>${object}</object></annotation>`
  const box = '<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3.5</xmax><ymax>4</ymax></bndbox>'
  const dataset = { 'ImageSets/Main/default.txt': 'img_3', 'Annotations/img_3.xml': xml(box) }

  test('labelmap.txt may miss, and so may the lists', async () => {
    for (const files of [dataset, { 'Annotations/img_3.xml': xml(box) }, { 'img_3.xml': xml(box) }]) {
      const { shapes } = await importAll(name, await packZip(files as Record<string, string>))
      expect(shapes.map(({ frame, points }) => [frame, points])).toEqual([[2, [1, 2, 3.5, 4]]])
    }
  })

  const faults: [string, Record<string, string>, string][] = [
    [
      'NaN',
      { 'Annotations/img_3.xml': xml(box.replace('3.5', 'NaN')) },
      "Annotations/img_3.xml, line 1, field 'xmax': 'NaN' is not",
    ],
    ['overflow', { 'Annotations/img_3.xml': xml(box.replace('3.5', '1e999')) }, "'1e999' is not a finite number"],
    ['a box that ends before it starts', { 'Annotations/img_3.xml': xml(box.replace('3.5', '0')) }, 'ends before it starts'],
    ['no box', { 'Annotations/img_3.xml': xml('') }, "field 'bndbox': is missing"],
    ['no corner', { 'Annotations/img_3.xml': xml('\n<bndbox/>') }, "line 2, field 'xmin': is missing"],
    ['no name', { 'Annotations/img_3.xml': '<annotation><object/></annotation>' }, "field 'name': is missing"],
    ['another root', { 'Annotations/img_3.xml': '<x/>' }, 'its root is <x>'],
    [
      'a document type',
      { 'Annotations/img_3.xml': '<!DOCTYPE x [<!ENTITY a "b">]><annotation/>' },
      'must not have a document type',
    ],
    ['an unknown label', { 'Annotations/img_3.xml': xml(box).replace('car', 'bus') }, "Label 'bus' is not registered"],
    ['an unknown frame', { 'ImageSets/Main/default.txt': 'x' }, "Could not match item id: 'x'"],
    [
      'a tag list with other marks',
      { 'ImageSets/Main/car_default.txt': 'img_3 yes' },
      'ImageSets/Main/car_default.txt, line 1: 1, 0 or -1',
    ],
  ]
  test.each(faults)('%s is refused', async (_, changes, reason) => {
    const error = await importAll(name, await packZip({ ...dataset, ...changes })).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })
})
