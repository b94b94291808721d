// COCO: against the original's own archives, round trips, and bad input.

import { describe, expect, test } from 'bun:test'
import { FormatError } from '../format-error'
import { countSetPixels, packCocoCounts, uniteCounts } from '../geometry/coco-rle'
import type { ByteSource } from '../io/byte-source'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { type GoldenTask, goldenTasks, loadGolden, loadImported, openGoldenExport } from '../testing/golden'
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

type Runs = { counts: number[]; size: [number, number] }
type Annotation = {
  id: number
  image_id: number
  category_id: number
  segmentation: number[][] | Runs
  area: number
  bbox: number[]
  iscrowd: number
  attributes: Record<string, unknown>
}
type File = { images: { file_name: string }[]; categories: object[]; annotations: Annotation[] }

async function readJson(source: ByteSource | Uint8Array, name = 'annotations/instances_default.json'): Promise<File> {
  const files = await openDatasetFiles(source instanceof Uint8Array ? openBytes(source) : source)
  return JSON.parse(Buffer.from(await files.get(name)!.bytes()).toString())
}

/** Order of annotations with equal z_order is the database's choice. */
function sortAnnotations(annotations: Annotation[]): Annotation[] {
  return annotations.toSorted((a, b) => {
    return (
      a.image_id - b.image_id || a.category_id - b.category_id || JSON.stringify(a.bbox).localeCompare(JSON.stringify(b.bbox))
    )
  })
}

describe('export', () => {
  test.each(goldenTasks)('%s equals the archive of the original', async (task: GoldenTask) => {
    const { dataset } = await loadGolden(task)
    const ours = await readJson(await exportBytes('COCO 1.0', dataset))
    const theirs = await readJson(openGoldenExport(task, 'COCO_1.0'))
    expect({ ...ours, annotations: [] }).toEqual({ ...theirs, annotations: [] })
    expect(Object.keys(ours)).toEqual(Object.keys(theirs))
    expect(ours.annotations.map(({ id }) => id)).toEqual(theirs.annotations.map((_, index) => index + 1))
    // That version put the bbox of a group around all members; since then it is around the boxes when there are some.
    const isMixed = ({ segmentation, bbox }: Annotation) => {
      return task === 'task_2_video_tracks' && Array.isArray(segmentation) && segmentation.length > 0 && bbox[3]! > 140
    }
    const mixed = theirs.annotations.filter(isMixed).map(({ image_id, category_id }) => `${image_id}/${category_id}`)
    const compare = (list: Annotation[]) =>
      sortAnnotations(list).filter((one) => !mixed.includes(`${one.image_id}/${one.category_id}`))
    const [left, right] = [compare(ours.annotations), compare(theirs.annotations)]
    expect(left.length).toBe(right.length)
    expect(mixed.length).toBe(task === 'task_2_video_tracks' ? 11 : 0)
    for (const [index, annotation] of left.entries()) compareAnnotation(annotation, right[index]!)
  })

  function compareAnnotation(ours: Annotation, theirs: Annotation): void {
    if (Array.isArray(theirs.segmentation)) {
      expect({ ...ours, id: 0 }).toEqual({ ...theirs, id: 0 })
      return
    }
    const [a, b] = [ours.segmentation as Runs, theirs.segmentation]
    expect({ ...ours, id: 0, area: 0, segmentation: a.size }).toEqual({ ...theirs, id: 0, area: 0, segmentation: b.size })
    const union = countSetPixels(uniteCounts(a.counts, b.counts))
    expect(2 * union - ours.area - theirs.area).toBeLessThanOrEqual(4)
  }

  test('floats stay floats in the text', async () => {
    const bytes = await exportBytes('COCO 1.0', createSample(['rectangle']))
    const files = await openDatasetFiles(openBytes(bytes))
    const text = Buffer.from(await files.list[0]!.bytes()).toString()
    expect(text).toContain('"segmentation":[],"area":1599.9375,"bbox":[10.5,20.25,40.25,39.75],"iscrowd":0')
    expect(text).toContain('"speed":55.0,"parked":true')
    expect(text).toContain('"rotation":0.0')
  })

  test('a group with boxes takes their box; a crowd becomes one mask', async () => {
    const crowdLabels = structuredClone(sampleLabels)
    crowdLabels[0]!.attributes.push({
      id: 5,
      name: 'is_crowd',
      mutable: false,
      input_type: 'checkbox',
      default_value: 'true',
      values: [],
    })
    const grouped = (frame: number, label_id: number) => [
      createShape('polygon', { frame, label_id, group: 1 }),
      createShape('rectangle', { frame, label_id: 2, group: 1 }),
    ]
    const items = [createItem(0, grouped(0, 2)), createItem(1, grouped(1, 1))]
    const { annotations } = await readJson(await exportBytes('COCO 1.0', createSample([], { items, labels: crowdLabels })))
    expect(annotations.map(({ iscrowd, bbox }) => [iscrowd, bbox])).toEqual([
      [0, [10.5, 20.25, 40.25, 39.75]],
      [1, [10.5, 20.25, 40.25, 39.75]],
    ])
    expect((annotations[1]!.segmentation as Runs).size).toEqual([90, 120])
    expect(annotations[1]!.attributes).not.toHaveProperty('is_crowd')
  })

  test('subsets have files of their own, and pictures lie in folders', async () => {
    const items = [
      createItem(0, []),
      { ...createItem(1, []), subset: 'train', media: { extension: '.png', read: async () => Buffer.from('x') } },
    ]
    const bytes = await exportBytes('COCO 1.0', createSample([], { items }), true)
    const { list } = await openDatasetFiles(openBytes(bytes))
    expect(list.map(({ name }) => name).sort()).toEqual([
      'annotations/instances_default.json',
      'annotations/instances_train.json',
      'images/train/a/b/üñ.png',
    ])
  })

  test('a number attribute that is no number fails the export', async () => {
    const shape = createShape('rectangle', { label_id: 1, attributes: [{ spec_id: 2, value: 'fast' }] })
    const sample = createSample([], { items: [createItem(0, [shape])] })
    await expect(exportBytes('COCO 1.0', sample)).rejects.toThrow("Failed to convert attribute 'speed'='fast'")
  })
})

describe('import', () => {
  test('what was exported comes back', async () => {
    const kinds = ['rectangle', 'polygon', 'mask'] as const
    const { shapes } = await importAll('COCO 1.0', await exportBytes('COCO 1.0', createSample(kinds)))
    const items = createSample(kinds).items as Iterable<{ shapes: ReturnType<typeof createShape>[] }>
    const sent = [...items].flatMap((item) => item.shapes).map((shape) => ({ ...shape, z_order: 0 }))
    expect(shapes.map(({ source }) => source)).toEqual(['file', 'file', 'file', 'file', 'file'])
    expect(describeShapes(shapes)).toEqual(describeShapes(sent))
  })

  test('the archive of the original gives what the original stored', async () => {
    for (const task of ['task_1_images_all_kinds', 'task_2_video_tracks'] as const) {
      const { labels, lookup } = await loadGolden(task)
      const ours = await importAll('COCO 1.0', openGoldenExport(task, 'COCO_1.0'), { labels, frames: lookup })
      const stored = await loadImported(task, 'COCO_1.0')
      expect([ours.shapes.length, ours.tracks.length]).toEqual([stored.shapes.length, stored.tracks.length])
      const points = (list: { frame: number; points: number[]; group?: number }[]) =>
        list.map((shape) => JSON.stringify([shape.frame, shape.group, shape.points])).sort()
      expect(points(ours.shapes)).toEqual(points(stored.shapes))
      expect(points(ours.tracks.flatMap((track) => track.shapes))).toEqual(points(stored.tracks.flatMap((track) => track.shapes)))
    }
  })

  test('tracks are rebuilt with an outside key frame behind gaps', async () => {
    const tracked = (frame: number, keyframe: boolean, x: number) =>
      createShape('rectangle', { frame, track_id: 4, keyframe, points: [x, 0, x + 5, 5], label_id: 1, attributes: carAttributes })
    const items = [createItem(0, [tracked(0, true, 0)]), createItem(1, []), createItem(2, [tracked(2, false, 9)])]
    const { shapes, tracks } = await importAll('COCO 1.0', await exportBytes('COCO 1.0', createSample([], { items })))
    expect(shapes).toEqual([])
    expect(tracks[0]!.shapes.map(({ frame, outside, points }) => [frame, outside, points[0]])).toEqual([
      [0, false, 0],
      [1, true, 0],
      [2, false, 9],
    ])
    expect(tracks[0]!.attributes.map(({ spec_id }) => spec_id)).toEqual([1, 4])
    expect(describeTracks(tracks)[0]).toContain('speed=55')
  })

  test('compressed runs, parts of one polygon, and a bare file are taken', async () => {
    const json = createFile([
      { segmentation: { counts: packCocoCounts([1, 3, 10_796]), size: [90, 120] } },
      { segmentation: { counts: [91, 2, 10_707], size: [90, 120] }, bbox: [0, 0, 1, 1] },
      {
        segmentation: [
          [0, 0, 5, 0, 5, 5],
          [9, 9, 20, 9, 20, 20],
        ],
      },
      { bbox: [1, 2, 3.005, 4], attributes: { occluded: true, rotation: 370 } },
    ])
    const { shapes } = await importAll('COCO 1.0', JSON.stringify(json))
    expect(shapes.map(({ type, group, rotation, occluded }) => [type, group, rotation, occluded])).toEqual([
      ['mask', 0, 0, false],
      ['mask', 0, 0, false],
      ['polygon', 1, 0, false],
      ['polygon', 1, 0, false],
      ['rectangle', 0, 10, true],
    ])
    expect(shapes[0]!.points).toEqual([0, 3, 0, 1, 0, 3])
    expect(shapes[1]!.points).toEqual([0, 2, 1, 1, 1, 2])
  })

  function createFile(annotations: object[]) {
    return {
      images: [{ id: 3, file_name: 'a/img 1.jpg', width: 120, height: 90 }],
      categories: [{ id: 8, name: 'car' }],
      annotations: annotations.map((annotation, at): Record<string, unknown> => {
        return { id: at + 1, image_id: 3, category_id: 8, ...annotation }
      }),
    }
  }

  const polygon = { segmentation: [[0, 0, 5, 0, 5, 5]] }
  const faults: [string, object, string][] = [
    ['an odd number of values', { segmentation: [[0, 0, 5, 0, 5, 5, 7]] }, "annotations[0]', field 'segmentation'"],
    ['too few points', { segmentation: [[0, 0, 5, 0]] }, 'three points'],
    ['no finite number', { segmentation: [[0, 0, 5, 0, 5, '5']] }, 'finite numbers'],
    ['a bbox with three numbers', { bbox: [1, 2, 3] }, 'four numbers'],
    ['a negative width', { bbox: [1, 2, -3, 4] }, 'negative'],
    ['neither bbox nor segmentation', {}, "'bbox': is missing"],
    ['an unknown category', { ...polygon, category_id: 77 }, 'no category 77'],
    ['an unknown image', { ...polygon, image_id: 77 }, 'no image 77'],
    ['a mask of another size', { segmentation: { counts: [12], size: [3, 4] } }, 'size of the mask is 4x3'],
    ['runs that do not fill the picture', { segmentation: { counts: [5, 7], size: [90, 120] } }, 'do not make'],
    ['a damaged text of runs', { segmentation: { counts: '!!', size: [90, 120] } }, 'damaged'],
    ['an empty mask', { segmentation: { counts: [10800], size: [90, 120] } }, 'empty'],
    ['a checkbox that is no boolean', { ...polygon, attributes: { parked: 'maybe' } }, "'parked' must be true or false"],
  ]
  test.each(faults)('%s is refused', async (_, annotation, reason) => {
    const error = await importAll('COCO 1.0', JSON.stringify(createFile([annotation]))).catch((caught) => caught)
    expect(error).toBeInstanceOf(FormatError)
    expect(error.message).toContain(reason)
  })

  test('numbers that overflow are refused', async () => {
    const text = JSON.stringify(createFile([{ bbox: [1, 2, 3, 4] }])).replace('[1,2,3,4]', '[1,2,3,1e999]')
    await expect(importAll('COCO 1.0', text)).rejects.toThrow("field 'bbox'")
    await expect(importAll('COCO 1.0', text.replace('1e999', 'NaN'))).rejects.toThrow('annotations[0]')
  })

  test('unknown labels and frames are named', async () => {
    const json = createFile([polygon])
    json.categories[0]!.name = 'bus'
    await expect(importAll('COCO 1.0', JSON.stringify(json))).rejects.toThrow("Label 'bus' is not registered for this task")
    json.images[0]!.file_name = 'other.jpg'
    const message = "Could not match item id: 'other.jpg' with any task frame"
    await expect(importAll('COCO 1.0', JSON.stringify(json))).rejects.toThrow(message)
  })

  test('files without COCO are refused', async () => {
    const missing = 'Dataset must contain a file: "annotations/instances_*.json"'
    await expect(importAll('COCO 1.0', await packZip({ 'x.json': '{}' }))).rejects.toThrow(missing)
    await expect(importAll('COCO 1.0', '{"a": 1}')).rejects.toThrow('neither')
    await expect(importAll('COCO 1.0', '[1]')).rejects.toThrow('not a JSON object')
    await expect(importAll('COCO 1.0', '')).rejects.toBeInstanceOf(FormatError)
  })
})
