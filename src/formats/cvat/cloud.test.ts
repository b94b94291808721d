// CVAT for images of a 3D task: against the original's own archive, both ways.

import { expect, test } from 'bun:test'
import { openBytes } from '../io/byte-source'
import { openDatasetFiles } from '../io/dataset-files'
import { openGoldenExport } from '../testing/golden'
import { createShape, describeShapes, exportBytes, importAll } from '../testing/sample'
import { loadSmallGolden } from '../testing/small-golden'

const images = 'CVAT for images 1.1'
const golden = 'task_10_cloud'
const archive = 'CVAT_for_images_1.1'

const readCuboids = async (files: Awaited<ReturnType<typeof openDatasetFiles>>) =>
  Buffer.from(await files.get('annotations.xml')!.bytes())
    .toString()
    .match(/ {4}<cuboid[\s\S]*?<\/cuboid>/g)

test('cuboids in space are written as the original writes them', async () => {
  const { dataset } = await loadSmallGolden(golden)
  const ours = await readCuboids(await openDatasetFiles(openBytes(await exportBytes(images, dataset))))
  const theirs = await readCuboids(await openDatasetFiles(openGoldenExport(golden, archive)))
  expect(theirs).toHaveLength(2)
  expect(ours).toEqual(theirs)
})

test('the archive of the original gives what was in it', async () => {
  const { labels, lookup, annotations } = await loadSmallGolden(golden)
  const { shapes, tracks, tags } = await importAll('CVAT 1.1', openGoldenExport(golden, archive), { labels, frames: lookup })
  expect([tracks, tags]).toEqual([[], []])
  expect(describeShapes(shapes, labels)).toEqual(describeShapes(annotations.shapes, labels))
})

test('a cuboid with turns about all axes comes back', async () => {
  const { dataset, labels, lookup } = await loadSmallGolden(golden)
  const points = [-12.25, 3.5, 0.75, 0.1, -0.2, -3.1, 4.2, 1.8, 1.5, 0, 0, 0, 0, 0, 0, 0]
  const shape = createShape('cuboid', { points, label_id: labels[0]!.id, occluded: true })
  const items = []
  for await (const item of dataset.items) items.push({ ...item, shapes: [shape] })
  const bytes = await exportBytes(images, { ...dataset, items })
  const { shapes } = await importAll('CVAT 1.1', bytes, { labels, frames: lookup })
  expect(describeShapes(shapes, labels)).toEqual(describeShapes([shape], labels))
})
