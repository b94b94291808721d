// Kitti Raw: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import type { Item } from '../model'
import { openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, createShape, describeShapes, exportBytes, importAll, packZip } from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const format = 'Kitti Raw Format 1.0'
const golden = 'task_10_cloud'
const archive = 'Kitti_Raw_Format_1.0'
const points = [1, 2.5, -0.25, 0, 0.1, 0.3, 2, 1, 1.5, 0, 0, 0, 0, 0, 0, 0]
const cuboid = (rest: object = {}) => createShape('cuboid', { points, ...rest })

describe('export', () => {
  test('equals the archive of the original', async () => {
    const { dataset } = await loadSmallGolden(golden)
    const theirs = await readTexts(openGoldenExport(golden, archive))
    expect(await readTexts(await exportBytes(format, dataset))).toEqual(theirs)
  })

  test('clouds and pictures lie in folders', async () => {
    const read = async () => Buffer.from('x')
    const related = ['b.png', 'a.jpg'].map((name) => ({ name, read }))
    const item: Item = { ...createItem(0, []), name: 'x/cloud.pcd', media: { extension: '.pcd', read }, related }
    const { list } = await openDatasetFiles(openBytes(await exportBytes(format, createSample([], { items: [item] }), true)))
    expect(list.map(({ name }) => name)).toEqual([
      'velodyne_points/data/cloud.pcd',
      'image_00/data/cloud.jpg',
      'image_01/data/cloud.png',
      'tracklet_labels.xml',
      'frame_list.txt',
    ])
  })
})

describe('import', () => {
  test('cuboids come back, also from the bare file', async () => {
    const shapes = [cuboid({ occluded: true }), cuboid({ frame: 2 })]
    const bytes = await exportBytes(
      format,
      createSample([], { items: [createItem(0, [shapes[0]!]), createItem(2, [shapes[1]!])] }),
    )
    expect(describeShapes((await importAll(format, bytes)).shapes)).toEqual(describeShapes(shapes))
    const bare = (await readTexts(bytes))['tracklet_labels.xml']!
    expect(describeShapes((await importAll(format, bare)).shapes)).toEqual(describeShapes(shapes))
  })

  test('the archive of the original gives what was in it', async () => {
    const { labels, lookup, annotations } = await loadSmallGolden(golden)
    const { shapes } = await importAll(format, openGoldenExport(golden, archive), { labels, frames: lookup })
    expect(describeShapes(shapes, labels)).toEqual(describeShapes(annotations.shapes, labels))
  })

  const pose = (rest = '') => `<item><tx>1</tx><ty>2</ty><tz>3</tz><rx>0</rx><ry>0</ry><rz>0</rz>${rest}</item>`
  const write = (poses: string, head = '<objectType>car</objectType><h>1</h><w>2</w><l>3</l><first_frame>1</first_frame>') =>
    `<!DOCTYPE boost_serialization>\n<boost_serialization>\n<tracklets><item>${head}<poses>${poses}</poses></item></tracklets></boost_serialization>`

  test('poses go on frame by frame, unusable ones are left out', async () => {
    const { shapes } = await importAll(format, write(pose('<truncation>99</truncation>') + pose()))
    expect(shapes.map(({ frame, points: found }) => [frame, found.slice(0, 9)])).toEqual([[2, [1, 2, 3, 0, 0, 0, 2, 1, 3]]])
  })

  test.each([
    [write(pose()).replace('<tz>3</tz>', ''), "line 3, field 'tz': is missing"],
    [write(pose()).replace('<tx>1<', '<tx>1e999<'), "field 'tx': '1e999' is not a finite number"],
    [write(pose()).replace('<h>1<', '<h>NaN<'), "field 'h': 'NaN' is not a finite number"],
    [write(pose()).replace('>car<', '>bus<'), "Label 'bus' is not registered"],
    [write(pose()).replace('<first_frame>1<', '<first_frame>77<'), "Could not match item id: '0000000077'"],
    [write(''), "field 'poses': is missing"],
    ['<annotations/>', 'The root is <annotations>'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><boost_serialization/>', 'document type'],
  ])('fault %# is refused', async (text, reason) => {
    const broken = text === write('') ? text.replace('<poses></poses>', '') : text
    await expect(importAll(format, broken)).rejects.toThrow(reason)
  })

  test('an archive needs the file, and its list must be right', async () => {
    await expect(importAll(format, await packZip({ 'x.xml': '<a/>' }))).rejects.toThrow(
      'Dataset must contain a file: "tracklet_labels.xml"',
    )
    const files = { 'tracklet_labels.xml': write(pose()), 'frame_list.txt': '0 a\nb\n' }
    await expect(importAll(format, await packZip(files))).rejects.toThrow('frame_list.txt, line 2: a number and a name')
  })
})
