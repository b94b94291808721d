// Open Images: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import type { Item } from '../model'
import { decodePng, encodePng } from '../png-mask'
import { createRegionSample } from '../testing/format-sample'
import { goldenTasks, loadGolden, loadImported, openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, createShape, describeShapes, exportBytes, importAll, packZip } from '../testing/sample'

const format = 'Open Images V6 1.0'
const archive = 'Open_Images_V6_1.0'
const maskTable = 'annotations/default-annotations-object-segmentation.csv'

/** Rows of equal z_order stand as the database gives them, and their numbers with them. */
function sortRows(texts: Record<string, string>): Record<string, string[]> {
  const names = Object.keys(texts).filter((name) => name.endsWith('.csv'))
  const sort = (text: string) =>
    text
      .replace(/_[0-9a-f]{8}\.png|,[0-9a-f]{8}(?=,)/g, '')
      .split('\r\n')
      .sort()
  return Object.fromEntries(names.map((name) => [name, sort(texts[name]!)]))
}

describe('export', () => {
  test.each(goldenTasks)('%s equals the archive of the original', async (task) => {
    const { dataset } = await loadGolden(task)
    const [ours, theirs] = [await readTexts(await exportBytes(format, dataset)), await readTexts(openGoldenExport(task, archive))]
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort())
    expect(sortRows(ours)).toEqual(sortRows(theirs))
    const hierarchy = 'annotations/bbox_labels_600_hierarchy.json'
    expect(JSON.parse(ours[hierarchy]!)).toEqual(JSON.parse(theirs[hierarchy]!))
    // Ours also tells the sizes of frames that have masks only.
    for (const line of theirs['annotations/images.meta']!.split('\n'))
      expect(ours['annotations/images.meta']!.split('\n')).toContain(line)
  })

  test('masks have the pixels of the original', async () => {
    const { dataset } = await loadGolden('task_1_images_all_kinds')
    const masks = async (source: Parameters<typeof openDatasetFiles>[0]) => {
      const { list } = await openDatasetFiles(source)
      const pictures = list.filter(({ name }) => name.endsWith('.png'))
      const counted = pictures.map(async (file) => {
        const { values } = decodePng(await file.bytes(), { file: file.name, width: 0, height: 0 })
        return [file.name.replace(/_[0-9a-f]{8}\.png/, ''), Array.from(values).filter((value) => value > 0).length] as const
      })
      return (await Promise.all(counted)).sort((a, b) => a[0].localeCompare(b[0]) || a[1] - b[1])
    }
    const ours = await masks(openBytes(await exportBytes(format, dataset)))
    const theirs = await masks(openGoldenExport('task_1_images_all_kinds', archive))
    expect(ours.map(([name]) => name)).toEqual(theirs.map(([name]) => name))
    for (const [at, [, pixels]] of ours.entries()) expect(Math.abs(pixels - theirs[at]![1])).toBeLessThanOrEqual(4)
  })

  test('names of masks stay apart', async () => {
    const named = (name: string): Item => ({ ...createItem(0, [createShape('mask')]), name })
    const bytes = await exportBytes(format, createSample([], { items: [named('a/b.png'), named('ab.png')] }))
    const { list } = await openDatasetFiles(openBytes(bytes))
    expect(list.map(({ name }) => name).filter((name) => name.startsWith('masks'))).toEqual([
      'masks/default/ab_per-son_00000000.png',
      'masks/default/ab_per-son_00000000-2.png',
    ])
  })
})

describe('import', () => {
  test('boxes, masks and tags come back', async () => {
    const tag = { frame: 0, label_id: 2, group: 0, source: 'manual' as const, attributes: [] }
    const shapes = [
      createShape('rectangle', { occluded: true, group: 7 }),
      createShape('mask', { group: 7 }),
      createShape('rectangle'),
    ]
    const bytes = await exportBytes(format, createSample([], { items: [createItem(0, shapes, [tag]), createItem(1, [])] }))
    const found = await importAll(format, bytes, { masksToPolygons: false })
    const expected = shapes.map((shape) => ({ ...shape, group: shape.group && 1 }))
    // The two boxes lie alike: both are taken for the one in the group.
    expect(describeShapes(found.shapes).length).toBe(3)
    expect(describeShapes(found.shapes)).toEqual(expect.arrayContaining(describeShapes(expected.slice(0, 2))))
    expect(found.tags.map(({ label_id }) => label_id)).toEqual([2])
  })

  test('masks become polygons unless told otherwise', async () => {
    const sample = () => createRegionSample()
    const polygons = await importAll(format, await exportBytes(format, sample()))
    expect(polygons.shapes.map(({ type }) => type).sort()).toEqual(['polygon', 'polygon', 'polygon', 'rectangle'])
    const masks = await importAll(format, await exportBytes(format, sample()), { masksToPolygons: false })
    expect(masks.shapes.map(({ type }) => type).sort()).toEqual(['mask', 'mask', 'mask', 'rectangle'])
  })

  test('the archive of the original gives its boxes and tags, and all of its masks', async () => {
    const golden = await loadGolden('task_1_images_all_kinds')
    const source = openGoldenExport('task_1_images_all_kinds', archive)
    const found = await importAll(format, source, { labels: golden.labels, frames: golden.lookup })
    const stored = await loadImported('task_1_images_all_kinds', archive)
    const boxes = ({ shapes }: typeof found) => {
      return shapes
        .filter(({ type }) => type === 'rectangle')
        .map(({ frame, points, occluded }) => JSON.stringify([frame, points, occluded]))
    }
    expect(boxes(found).sort()).toEqual(boxes(stored).sort())
    expect(found.tags.map(({ frame }) => frame).sort()).toEqual(stored.tags.map(({ frame }) => frame).sort())
    const frames = new Set(found.shapes.filter(({ type }) => type === 'polygon').map(({ frame }) => frame))
    expect([...frames].sort()).toEqual([0, 1, 2, 9])
  })

  const classes = { 'annotations/class-descriptions.csv': '/m/1,car\r\n' }
  const boxHead =
    'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n'
  const boxes = (row: string) => ({ ...classes, 'annotations/train-annotations-bbox.csv': boxHead + row })
  const masks = (row: string) => ({ ...classes, [maskTable]: `MaskPath,ImageID,LabelName,BoxID\n${row}` })
  const read = async (files: Record<string, string | Uint8Array>) => importAll(format, await packZip(files))

  test('official tables are read', async () => {
    const row = 'img_3,xclick,/m/1,1,0.25,0.5,0,1,1,0,0,0,-1\n'
    const { shapes } = await read({
      'oidv6-class-descriptions.csv': 'LabelName,DisplayName\n/m/1,car\n',
      'oidv6-train-annotations-bbox.csv': boxHead + row,
    })
    expect(shapes.map(({ frame, points, occluded }) => [frame, points, occluded])).toEqual([[2, [30, 0, 60, 90], true]])
    const tags = {
      ...classes,
      'annotations/a-annotations-human-imagelabels.csv': 'ImageID,Source,LabelName,Confidence\nimg_3,,/m/1,0\nimg_3,,/m/1,1\n',
    }
    expect((await read(tags)).tags.length).toBe(1)
  })

  const small = encodePng({ width: 2, height: 1, channels: 1, values: new Uint8Array([1, 1]) })
  test.each([
    [boxes('img_3,,/m/1,1,0.25,0.5,0,1e999,0,0,0,0,0\n'), "line 2, field 'YMax': '1e999' is not a finite number"],
    [boxes('img_3,,/m/1,1,NaN,0.5,0,1,0,0,0,0,0\n'), "field 'XMin': 'NaN'"],
    [boxes('img_3,,/m/1,1,0.5,0.25,0,1,0,0,0,0,0\n'), 'must not be negative'],
    [boxes('img_3,,/m/1,1,0,0.25,0,1,7,0,0,0,0\n'), "'7' is neither 1, 0 nor -1"],
    [boxes('img_3,,/m/2,1,0,0.25,0,1,0,0,0,0,0\n'), "'/m/2' is not among the class descriptions"],
    [boxes('other,,/m/1,1,0,0.25,0,1,0,0,0,0,0\n'), "Could not match item id: 'other'"],
    [{ ...classes, 'annotations/a-annotations-bbox.csv': 'ImageID\n' }, "The table has no column 'LabelName'"],
    [masks('m.png,img_3,/m/1,x\n'), 'Dataset must contain a file: "masks/m.png"'],
    [{ ...masks('m.png,img_3,/m/1,x\n'), 'masks/m.png': small }, 'masks/m.png: The picture has 2x1 pixels, its frame 120x90'],
    [{ ...masks('m.png,img_3,/m/1,x\n'), 'masks/m.png': 'x' }, 'not a PNG picture'],
    [
      { 'annotations/class-descriptions.csv': 'car\n', ...{ 'annotations/a-annotations-bbox.csv': boxHead } },
      'line 1: two columns are needed',
    ],
    [classes, 'Dataset must contain a file: "annotations/*-images-with-rotation.csv"'],
    [{ 'annotations/a-annotations-bbox.csv': boxHead }, 'Dataset must contain a file: "annotations/class-descriptions.csv"'],
  ])('fault %# is refused', async (files, reason) => {
    await expect(read(files as Record<string, string>)).rejects.toThrow(reason)
  })
})
