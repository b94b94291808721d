// Sly point clouds: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import type { Item } from '../model'
import { openGoldenExport, readTexts } from '../testing/golden'
import {
  carAttributes,
  createItem,
  createSample,
  createShape,
  describeShapes,
  exportBytes,
  importAll,
  packZip,
} from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const format = 'Sly Point Cloud Format 1.0'
const golden = 'task_10_cloud'
const archive = 'Sly_Point_Cloud_Format_1.0'
const points = [1, 2.5, -0.25, 0, 0.1, 0.3, 2, 1, 1.5, 0, 0, 0, 0, 0, 0, 0]
const cuboid = (rest: object = {}) => createShape('cuboid', { points, ...rest })

/** Keys as numbers in the order in which they appear, times left out. */
function normalise(texts: Record<string, string>): Record<string, unknown> {
  const keys: string[] = []
  const number = (key: string) => {
    if (!keys.includes(key)) keys.push(key)
    return `key ${keys.indexOf(key)}`
  }
  return Object.fromEntries(
    Object.keys(texts)
      .sort()
      .map((name) => {
        const text = texts[name]!.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, number)
        return [name, JSON.parse(text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00/g, 'time'))]
      }),
  )
}

describe('export', () => {
  test('equals the archive of the original', async () => {
    const { dataset } = await loadSmallGolden(golden)
    const ours = normalise(await readTexts(await exportBytes(format, dataset)))
    expect(ours).toEqual(normalise(await readTexts(openGoldenExport(golden, archive))))
  })

  test('clouds and pictures lie in folders', async () => {
    const read = async () => Buffer.from('x')
    const item: Item = {
      ...createItem(0, []),
      name: 'x/cloud.pcd',
      media: { extension: '.pcd', read },
      related: [{ name: 'a.jpg', read }],
    }
    const bytes = await exportBytes(format, createSample([], { items: [item] }), true)
    const { list } = await openDatasetFiles(openBytes(bytes))
    expect(list.map(({ name }) => name)).toEqual([
      'ds0/ann/cloud.pcd.json',
      'ds0/pointcloud/cloud.pcd',
      'ds0/related_images/cloud_pcd/a.jpg',
      'ds0/related_images/cloud_pcd/a.jpg.json',
      'meta.json',
      'key_id_map.json',
    ])
    expect(
      JSON.parse((await readTexts(bytes))['ds0/related_images/cloud_pcd/a.jpg.json']!).meta.sensorsData.extrinsicMatrix.length,
    ).toBe(12)
  })
})

describe('import', () => {
  test('attributes and flags come back', async () => {
    const shapes = [cuboid({ label_id: 1, attributes: carAttributes, occluded: true }), cuboid({ frame: 2 })]
    const items = [createItem(0, [shapes[0]!]), createItem(2, [shapes[1]!])]
    const found = await importAll(format, await exportBytes(format, createSample([], { items })))
    expect(describeShapes(found.shapes)).toEqual(describeShapes(shapes))
  })

  test('objects that say whether they are on a key frame are tracks', async () => {
    const tracked = (frame: number, keyframe: boolean) =>
      cuboid({ frame, track_id: 0, keyframe, points: [frame, ...points.slice(1)] })
    const items = [
      createItem(0, [tracked(0, true), cuboid()]),
      createItem(1, [tracked(1, false)]),
      createItem(2, [tracked(2, true)]),
    ]
    const tracks = [{ frame: 0, label_id: 2, group: 0, source: 'manual' as const, attributes: [], shapes: [], elements: [] }]
    const bytes = await exportBytes(format, createSample([], { items, tracks }))
    const { objects } = JSON.parse((await readTexts(bytes))['key_id_map.json']!)
    expect(Object.values(objects)).toEqual([0, 1])
    const found = await importAll(format, bytes)
    expect(found.shapes.length).toBe(1)
    expect(found.tracks.map(({ shapes }) => shapes.map((shape) => [shape.frame, shape.points[0], shape.outside]))).toEqual([
      [
        [0, 0, false],
        [2, 2, false],
      ],
    ])
  })

  test('the archive of the original gives what was in it', async () => {
    const { labels, lookup, annotations } = await loadSmallGolden(golden)
    const { shapes } = await importAll(format, openGoldenExport(golden, archive), { labels, frames: lookup })
    expect(describeShapes(shapes, labels)).toEqual(describeShapes(annotations.shapes, labels))
  })

  const cloud = {
    key: 'k',
    objects: [{ key: 'o', classTitle: 'car', tags: [] }],
    figures: [
      {
        objectKey: 'o',
        geometryType: 'cuboid_3d',
        geometry: { position: { x: 1, y: 2, z: 3 }, rotation: { x: 0, y: 0, z: 0 }, dimensions: { x: 1, y: 1, z: 1 } },
      },
    ],
  }
  const text = JSON.stringify(cloud)
  const read = async (content: string, name = 'ds0/ann/img_3.pcd.json') =>
    importAll(format, await packZip({ 'meta.json': '{}', 'key_id_map.json': '{"videos": {"k": 1}}', [name]: content }))

  test('a cloud with a foreign name finds its frame by its key', async () => {
    expect((await read(text, 'ds0/ann/other.pcd.json')).shapes[0]!.frame).toBe(1)
  })

  test.each([
    [text.replace('"x":1', '"x":1e999'), "figures[0]', field 'geometry.position.x': a finite number"],
    [text.replace('"rotation"', '"turn"'), "field 'geometry.rotation.x'"],
    [text.replace('"objectKey":"o"', '"objectKey":"p"'), "there is no object 'p'"],
    [text.replace('cuboid_3d', 'point_3d'), "'point_3d' is not 'cuboid_3d'"],
    [text.replace('"car"', '"bus"'), "Label 'bus' is not registered"],
    [text.replace('"tags":[]', '"tags":{}'), "objects[0]', field 'tags': a list"],
    [text.slice(0, 50), 'ends too early'],
  ])('fault %# is refused', async (content, reason) => {
    await expect(read(content)).rejects.toThrow(reason)
  })

  test('key files are needed', async () => {
    await expect(importAll(format, await packZip({ 'meta.json': '{}' }))).rejects.toThrow(
      'Dataset must contain a file: "key_id_map.json"',
    )
    await expect(importAll(format, await packZip({ 'key_id_map.json': '{}' }))).rejects.toThrow(
      'Dataset must contain a file: "meta.json"',
    )
    await expect(read(text, 'ds0/x.json')).rejects.toThrow('Dataset must contain a file: "ds*/ann/<name>.pcd.json"')
  })
})
