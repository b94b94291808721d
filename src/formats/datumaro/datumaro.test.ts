// Datumaro: against the original's own archives, round trips of every kind, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import type { Item } from '../model'
import { detectFormats } from '../registry'
import { loadGolden, openGoldenExport, readTexts } from '../testing/golden'
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
} from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

type Annotation = { type: string; bbox?: number[]; attributes: object }
type File = { categories: any; items: { id: string; annotations: Annotation[]; attr: object }[] }

const kinds = ['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'mask', 'skeleton'] as const
const [flat, spatial] = ['Datumaro 1.0', 'Datumaro 3D 1.0']
const readFile = async (source: Parameters<typeof readTexts>[0]): Promise<File> => {
  return JSON.parse((await readTexts(source))['annotations/default.json']!)
}

describe('export', () => {
  test('equals the archives of the original', async () => {
    const [boxes, cloud] = [await loadGolden('task_6_boxes_only'), await loadSmallGolden('task_10_cloud')]
    for (const [ours, theirs] of [
      [
        await readFile(await exportBytes(flat, boxes.dataset)),
        await readFile(openGoldenExport('task_6_boxes_only', 'Datumaro_1.0')),
      ],
      [
        await readFile(await exportBytes(spatial, cloud.dataset)),
        await readFile(openGoldenExport('task_10_cloud', 'Datumaro_3D_1.0')),
      ],
    ] as const) {
      const sorted = ({ items }: File) =>
        items.map(({ id, attr, annotations }) => ({
          id,
          attr,
          annotations: annotations.map((one) => JSON.stringify(one)).sort(),
        }))
      expect(sorted(ours)).toEqual(sorted(theirs))
      expect(ours.categories.label).toEqual({ ...theirs.categories.label, label_groups: [] })
      expect(ours.categories.points).toEqual(theirs.categories.points)
    }
  })

  test('says what newer versions say', async () => {
    const item = { ...createItem(1, []), sourceFrame: 7, media: { extension: '.png', read: async () => Buffer.from('x') } }
    const bytes = await exportBytes(flat, createSample([], { items: [item] }), true)
    const { list } = await openDatasetFiles(openBytes(bytes))
    expect(list.map(({ name }) => name)).toEqual(['images/default/a_b_üñ.png', 'annotations/default.json'])
    const { items, categories, ...head } = await readFile(bytes)
    expect(head as object).toEqual({ dm_format_version: '1.0', media_type: 2, infos: {} })
    expect(items).toEqual([
      { id: 'a/b/üñ', annotations: [], attr: { frame: 7 }, image: { path: 'a_b_üñ.png', size: [90, 120] } } as never,
    ])
    expect(categories.points.items).toEqual([{ label_id: 2, labels: ['head', 'neck'], joints: [], positions: [] }])
  })

  test('skeletons carry visibility, ellipses their box', async () => {
    const items = [createItem(0, [createShape('skeleton'), createShape('ellipse')])]
    const { items: written } = await readFile(await exportBytes(flat, createSample([], { items })))
    const [skeleton, ellipse] = written[0]!.annotations as unknown as Record<string, unknown>[]
    expect(skeleton!.points).toEqual([30, 30, 1, 40.5, 50, 0])
    expect(skeleton!.points_attributes).toEqual([{}, {}])
    expect(ellipse!.points).toEqual([40, 30, 80, 50])
  })

  test('clouds lie in folders with their pictures', async () => {
    const read = async () => Buffer.from('x')
    const cloud: Item = {
      ...createItem(0, []),
      name: 'velodyne/a.pcd',
      media: { extension: '.pcd', read },
      related: ['b.jpg', 'a.png'].map((name) => ({ name, read })),
    }
    const bytes = await exportBytes(spatial, createSample([], { items: [cloud] }), true)
    const { list } = await openDatasetFiles(openBytes(bytes))
    expect(list.map(({ name }) => name)).toEqual([
      'point_clouds/default/a.pcd',
      'related_images/default/a/image_0.png',
      'related_images/default/a/image_1.jpg',
      'annotations/default.json',
    ])
  })
})

describe('import', () => {
  test('everything that was exported comes back', async () => {
    const { items, ...rest } = createSample(kinds)
    const sent = [...(items as Iterable<Item>)]
    const bytes = await exportBytes(flat, { ...rest, items: sent })
    const { shapes, tags } = await importAll(flat, bytes)
    expect(describeShapes(shapes)).toEqual(describeShapes(sent.flatMap((item) => item.shapes)))
    expect(tags.map(({ attributes }) => attributes)).toEqual([carAttributes])
  })

  test('the archives of the original give what was in them', async () => {
    const boxes = await loadGolden('task_6_boxes_only')
    const found = await importAll(flat, openGoldenExport('task_6_boxes_only', 'Datumaro_1.0'), { ...boxes, frames: boxes.lookup })
    expect(describeShapes(found.shapes, boxes.labels)).toEqual(describeShapes(boxes.annotations.shapes, boxes.labels))
    const cloud = await loadSmallGolden('task_10_cloud')
    const cuboids = await importAll(spatial, openGoldenExport('task_10_cloud', 'Datumaro_3D_1.0'), {
      ...cloud,
      frames: cloud.lookup,
    })
    expect(describeShapes(cuboids.shapes, cloud.labels)).toEqual(describeShapes(cloud.annotations.shapes, cloud.labels))
  })

  test('tracks keep their key frames, those of skeletons on every point', async () => {
    const golden = await loadGolden('task_2_video_tracks')
    const target = { labels: golden.labels, frames: golden.lookup }
    const { tracks } = await importAll(flat, await exportBytes(flat, golden.dataset), target)
    const label = golden.labels.find(({ name }) => name === 'skel')!
    const [ours, theirs] = [tracks, golden.annotations.tracks].map((list) => list.filter(({ label_id }) => label_id === label.id))
    const elements = (list: typeof tracks) => list.flatMap((track) => track.elements)
    expect(elements(ours!).length).toBe(4)
    expect(describeTracks(elements(ours!), label.sublabels)).toEqual(describeTracks(elements(theirs!), label.sublabels))
    // Two-dimensional cuboids are left out.
    expect(tracks.length).toBe(golden.annotations.tracks.length - 1)
    const box = (list: typeof tracks) => list.find(({ shapes }) => shapes[0]!.type === 'rectangle' && shapes[0]!.frame === 0)!
    expect(box(tracks).shapes.map(({ frame, outside }) => [frame, outside])).toEqual(
      box(golden.annotations.tracks).shapes.map(({ frame, outside }) => [frame, outside]),
    )
  })

  test('groups are counted per frame, single ones vanish', async () => {
    const groups = [9, 9, 4, 0].map((group) => createShape('rectangle', { group }))
    const { shapes } = await importAll(flat, await exportBytes(flat, createSample([], { items: [createItem(0, groups)] })))
    expect(shapes.map(({ group }) => group)).toEqual([1, 1, 0, 0])
  })

  test('the bare file is taken, and told apart from the one of clouds', async () => {
    const text = JSON.stringify({ info: {}, ...createFile([box]) })
    expect((await importAll(flat, text)).shapes.length).toBe(1)
    const cuboid = { type: 'cuboid_3d', label_id: 0, position: [1, 2, 3], rotation: [0, 0, 1], scale: [1, 1, 1] }
    for (const [file, name] of [
      [text, 'Datumaro'],
      [JSON.stringify(createFile([cuboid])), 'Datumaro 3D'],
    ] as const) {
      const found = await detectFormats(await openDatasetFiles(openBytes(Buffer.from(file))))
      expect(found.map((format) => format.name)).toEqual([name])
    }
  })

  const box = { type: 'bbox', label_id: 0, bbox: [1, 2, 3, 4] }

  function createFile(annotations: object[]) {
    return {
      categories: {
        label: { labels: [{ name: 'car' }, { name: 'skel' }] },
        points: { items: [{ label_id: 1, labels: ['head', 'neck'] }] },
      },
      items: [{ id: 'a/img 1', annotations, attr: { frame: 0 } }],
    }
  }

  const mask = (rle: unknown) => ({ type: 'mask', label_id: 0, rle })
  const faults: [string, object, string][] = [
    ['an unknown kind', { ...box, type: 'circle' }, "field 'type': 'circle' is not a kind"],
    ['a box that overflows', { ...box, bbox: [1e308, 2, 1e308, 4] }, "item 'a/img 1.jpg': Coordinates must be finite"],
    ['an order out of range', { ...box, z_order: 1e300 }, "field 'z_order'"],
    ['an unknown label', { ...box, label_id: 9 }, 'there is no label 9'],
    ['three numbers for a box', { ...box, bbox: [1, 2, 3] }, "items[0].annotations[0]', field 'bbox': four numbers"],
    ['a text for a number', { ...box, bbox: [1, 2, 3, '4'] }, "field 'bbox'"],
    ['an odd polygon', { type: 'polygon', label_id: 0, points: [1, 2, 3, 4, 5, 6, 7] }, 'odd number'],
    ['a short polygon', { type: 'polygon', label_id: 0, points: [1, 2, 3, 4] }, 'at least 3 points'],
    ['a mask of another size', mask({ counts: [12], size: [3, 4] }), 'size of the mask is 4x3'],
    ['a damaged mask', mask({ counts: '!!', size: [90, 120] }), 'damaged'],
    ['runs that do not fill the picture', mask({ counts: [5, 7], size: [90, 120] }), 'do not make'],
    ['an empty mask', mask({ counts: [10800], size: [90, 120] }), 'empty'],
    ['a skeleton with a point too few', { type: 'skeleton', label_id: 1, points: [1, 2, 2] }, '6 numbers are needed'],
    ['a checkbox that is no boolean', { ...box, attributes: { parked: 'maybe' } }, "'parked' must be true or false"],
  ]
  test.each(faults)('%s is refused', async (_, annotation, reason) => {
    const error = await importAll(flat, JSON.stringify(createFile([annotation]))).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('overflowing numbers, unknown frames and foreign files are refused', async () => {
    const text = JSON.stringify(createFile([box]))
    await expect(importAll(flat, text.replace('[1,2,3,4]', '[1,2,3,1e999]'))).rejects.toThrow("field 'bbox'")
    const lost = JSON.stringify(createFile([box]))
      .replace('a/img 1', 'other')
      .replace('"frame":0', '"frame":88')
    await expect(importAll(flat, lost)).rejects.toThrow("Could not match item id: 'other' with any task frame")
    await expect(importAll(flat, await packZip({ 'x.json': '{}' }))).rejects.toThrow(
      'Dataset must contain a file: "annotations/*.json"',
    )
    await expect(importAll(flat, '{"items": []}')).rejects.toThrow('Dataset must contain a file')
  })
})
