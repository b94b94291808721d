// COCO keypoints: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { goldenTasks, loadGolden, loadImported, openGoldenExport, readTexts } from '../testing/golden'
import { createItem, createSample, createShape, describeShapes, exportBytes, importAll, packZip } from '../testing/sample'

const format = 'COCO Keypoints 1.0'
const readFile = async (source: Parameters<typeof readTexts>[0], subset = 'default') => {
  return JSON.parse((await readTexts(source))[`annotations/person_keypoints_${subset}.json`]!)
}

/** The original keeps joints as a set, and annotations of equal z_order as the database gives them. */
function sortLists(file: any): object {
  const categories = file.categories.map((one: any) => ({ ...one, skeleton: one.skeleton.map(String).sort() }))
  const annotations = file.annotations.map((one: object) => JSON.stringify({ ...one, id: 0 })).sort()
  return { ...file, categories, annotations }
}

describe('export', () => {
  test.each(goldenTasks)('%s equals the archive of the original', async (task) => {
    const { dataset } = await loadGolden(task)
    const ours = await readFile(await exportBytes(format, dataset))
    const theirs = await readFile(openGoldenExport(task, 'COCO_Keypoints_1.0'))
    expect(sortLists(ours)).toEqual(sortLists(theirs))
    expect(Object.keys(ours)).toEqual(Object.keys(theirs))
  })

  test('a box of the same group gives the region', async () => {
    const items = [createItem(0, [createShape('skeleton', { group: 3 }), createShape('rectangle', { group: 3 })])]
    const { annotations } = await readFile(await exportBytes(format, createSample([], { items })))
    expect(annotations.length).toBe(1)
    expect(annotations[0]).toMatchObject({ bbox: [10.5, 20.25, 40.25, 39.75], segmentation: [], num_keypoints: 1, iscrowd: 0 })
  })

  test('each subset has its file', async () => {
    const items = [createItem(0, []), { ...createItem(1, [createShape('skeleton')]), subset: 'val' }]
    const bytes = await exportBytes(format, createSample([], { items }))
    expect((await readFile(bytes)).images.length).toBe(1)
    expect((await readFile(bytes, 'val')).annotations[0].keypoints).toEqual([30, 30, 1, 40.5, 50, 0])
  })
})

describe('import', () => {
  test('skeletons come back', async () => {
    const items = [
      createItem(0, [createShape('skeleton', { occluded: true })]),
      createItem(2, [createShape('skeleton', { frame: 2 })]),
    ]
    const { shapes } = await importAll(format, await exportBytes(format, createSample([], { items })))
    expect(describeShapes(shapes)).toEqual(describeShapes(items.flatMap((item) => item.shapes)))
  })

  test('the archives of the original give the points that the original stored', async () => {
    for (const task of ['task_1_images_all_kinds', 'task_2_video_tracks'] as const) {
      const { labels, lookup } = await loadGolden(task)
      const ours = await importAll(format, openGoldenExport(task, 'COCO_Keypoints_1.0'), { labels, frames: lookup })
      const stored = await loadImported(task, 'COCO_Keypoints_1.0')
      const listShapes = ({ shapes }: typeof ours) =>
        shapes.map(({ frame, occluded, elements }) =>
          JSON.stringify([frame, occluded, elements.map((one) => [one.points, one.outside, one.occluded].join()).sort()]),
        )
      expect(listShapes(ours).sort()).toEqual(listShapes(stored).sort())
      const listKeys = ({ tracks }: typeof ours) =>
        tracks.map(({ elements }) =>
          elements.map(({ shapes }) => shapes.map(({ frame, points, outside, occluded }) => [frame, points, outside, occluded])),
        )
      expect(listKeys(ours)).toEqual(listKeys(stored))
    }
  })

  const createFile = (annotation: object, keypoints: string[] = ['neck', 'head']) => ({
    images: [{ id: 1, file_name: 'img 1.jpg' }],
    categories: [{ id: 4, name: 'skel', keypoints }],
    annotations: [{ id: 1, image_id: 1, category_id: 4, keypoints: [1, 2, 2, 3, 4, 0], ...annotation }],
  })
  const read = (annotation: object, keypoints?: string[]) => importAll(format, JSON.stringify(createFile(annotation, keypoints)))

  test('points go by name, else by order; boxes are left alone', async () => {
    const list = async (keypoints?: string[]) =>
      (await read({}, keypoints)).shapes[0]!.elements.map((one) => [one.label_id, one.points[0], one.outside])
    expect(await list()).toEqual([
      [12, 1, false],
      [11, 3, true],
    ])
    expect(await list(['nose', 'tail'])).toEqual([
      [11, 1, false],
      [12, 3, true],
    ])
    expect((await read({ keypoints: undefined, bbox: [1, 2, 3, 4] })).shapes).toEqual([])
  })

  test.each([
    ['too few numbers', { keypoints: [1, 2, 2] }, '6 numbers are needed'],
    ['a text', { keypoints: [1, 2, 2, 3, 4, 'x'] }, "annotations[0]', field 'keypoints'"],
    ['an unknown image', { image_id: 8 }, 'no image 8'],
    ['an unknown category', { category_id: 8 }, 'no category 8'],
  ])('%s is refused', async (_, annotation, reason) => {
    const error = await read(annotation).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('files of another kind are refused', async () => {
    const missing = 'Dataset must contain a file: "annotations/person_keypoints_*.json"'
    await expect(importAll(format, await packZip({ 'annotations/instances_a.json': '{}' }))).rejects.toThrow(missing)
    await expect(importAll(format, '{"a": 1}')).rejects.toThrow('neither')
    const text = JSON.stringify(createFile({})).replace('[1,2,2,', '[1e999,2,2,')
    await expect(importAll(format, text)).rejects.toThrow("field 'keypoints'")
  })
})
