// Writes Supervisely's point clouds: a file per cloud, and two that describe them all.

import { nameCloud } from '../cloud-items'
import type { WriteOptions } from '../format'
import { roundToHundredths } from '../geometry/rounding'
import type { Camera } from '../geometry3d/camera'
import { type NumberedLabels, numberLabels } from '../image-tags'
import type { ArchiveEntry } from '../io/zip-writer'
import type { Dataset, DatasetInfo, Item, ItemShape, Label } from '../model'
import { listRelatedImages } from '../related-images'
import { typeAttributes } from '../typed-attributes'
import { createKeyList, type KeyList } from './keys'

/** What all files of one export share. */
type Writing = {
  keys: KeyList
  labels: NumberedLabels
  stamps: Stamps
  imageTags: ImageTag[]
  tracks: Set<number>
  last: Numbers
}
type Stamps = { labelerLogin: string; createdAt: string; updatedAt: string }
type ImageTag = { name: string; value: unknown }
/** The numbers given last. */
type Numbers = { tag: number; object: number; figure: number }

export async function* write(dataset: Dataset, options: WriteOptions): AsyncGenerator<ArchiveEntry> {
  const labels = numberLabels(dataset.labels)
  const keys = createKeyList(options.tempDir, `${dataset.info.kind}/${dataset.info.id}`)
  const writing: Writing = {
    keys,
    labels,
    stamps: { labelerLogin: '', createdAt: formatTime(dataset.info.created), updatedAt: formatTime(dataset.info.updated) },
    imageTags: listImageTags(dataset.info, labels),
    tracks: new Set(),
    last: { tag: 0, object: (dataset.tracks?.length ?? 0) - 1, figure: -1 },
  }
  try {
    for await (const item of dataset.items) {
      yield { name: `ds0/ann/${nameCloud(item)}.pcd.json`, content: formatJson(describeCloud(item, writing)) }
      if (options.saveImages) yield* listMedia(item)
    }
    yield { name: 'meta.json', content: formatJson(describeMeta(writing)) }
    yield { name: 'key_id_map.json', content: keys.read() }
  } finally {
    keys.dispose()
  }
}

const formatJson = (value: object) => JSON.stringify(value, null, 2)

/** `2025-11-03 10:20:30.123000+00:00` */
function formatTime(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '000+00:00')
}

function listImageTags(info: DatasetInfo, labels: NumberedLabels): ImageTag[] {
  const listed = [...labels.values()].map(({ label: { name, color, type }, number }) => ({ label_id: number, name, color, type }))
  return [
    { name: 'name', value: info.owner?.username ?? '' },
    { name: 'labels', value: listed },
  ]
}

function describeMeta({ labels, imageTags, tracks }: Writing): object {
  const attributes = new Map(
    [...labels.values()].flatMap(({ label }) => label.attributes).map((one) => [one.name, one.input_type]),
  )
  const objectTags = [...attributes].map(([name, input]) => ({
    name,
    value_type: input === 'number' ? 'any_number' : 'any_string',
  }))
  const flags = ['occluded', ...(tracks.size > 0 ? ['keyframe'] : [])].map((name) => ({ name, value_type: 'any_string' }))
  const tags = [
    ...[...objectTags, ...flags].map((tag) => ({ ...tag, applicable_type: 'objectsOnly' })),
    ...imageTags.map(({ name, value }) => ({ name, value_type: 'any_string', applicable_type: 'imagesOnly', value })),
  ]
  return {
    classes: [...labels.values()].map(({ label, number }) => {
      return { id: number, title: label.name, color: '', shape: 'cuboid_3d', geometry_config: {} }
    }),
    tags: tags.map((tag, at) => ({ ...tag, color: '', id: at + 1, hotkey: '', classes: [] })),
    projectType: 'point_clouds',
  }
}

function describeCloud(item: Item, writing: Writing): object {
  const { keys, stamps, imageTags, labels, last } = writing
  const key = keys.make('videos', item.frame)
  keys.note('videos', key, item.frame)
  const tags = imageTags.map((tag) => {
    const tagKey = keys.make('tags', item.frame, tag.name)
    keys.note('tags', tagKey, ++last.tag)
    return { key: tagKey, ...tag, ...stamps }
  })
  const cuboids = item.shapes.flatMap((shape) => {
    const label = shape.type === 'cuboid' ? labels.get(shape.label_id)?.label : undefined
    return label ? [describeCuboid(shape, label, writing)] : []
  })
  const [objects, figures] = [cuboids.map(({ object }) => object), cuboids.map(({ figure }) => figure)]
  return { description: '', key, tags, objects, figures }
}

function describeCuboid(shape: ItemShape, label: Label, writing: Writing): { object: object; figure: object } {
  const { keys, stamps, last } = writing
  const number = shape.track_id ?? ++last.object
  const objectKey = keys.make('objects', number)
  if (shape.track_id === undefined || !writing.tracks.has(number)) keys.note('objects', objectKey, number)
  if (shape.track_id !== undefined) writing.tracks.add(number)
  const key = keys.make('figures', ++last.figure)
  keys.note('figures', key, last.figure)
  const tags = listValues(shape, label).map(([name, value]) => {
    return { key: keys.make('values', last.figure, name), name, value, ...stamps }
  })
  const [px, py, pz, rx, ry, rz, sx, sy, sz] = shape.points.map(roundToHundredths)
  const geometry = {
    position: { x: px, y: py, z: pz },
    rotation: { x: rx, y: ry, z: rz },
    dimensions: { x: sx, y: sy, z: sz },
  }
  return {
    object: { key: objectKey, classTitle: label.name, tags, objects: [], figures: [], ...stamps },
    figure: { key, objectKey, geometryType: 'cuboid_3d', geometry, ...stamps },
  }
}

/** Attributes and flags; truth values are words. */
function listValues(shape: ItemShape, label: Label): [name: string, value: string | number][] {
  const attributes = [...typeAttributes(label, shape.attributes)].map(([name, { value }]): [string, string | number] => {
    return [name, typeof value === 'boolean' ? String(value) : value]
  })
  attributes.push(['occluded', String(shape.occluded)])
  if (shape.track_id !== undefined) attributes.push(['keyframe', String(Boolean(shape.keyframe))])
  return attributes
}

/** Supervisely's cameras are pinholes: what a lens bends is left out. */
function describeCamera({ rotation: r, translation: t, fx, fy, cx, cy }: Camera): object {
  return {
    extrinsicMatrix: [0, 1, 2].flatMap((row) => [...r.slice(row * 3, row * 3 + 3), t[row]!]),
    intrinsicMatrix: [fx, 0, cx, 0, fy, cy, 0, 0, 1],
  }
}

async function* listMedia(item: Item): AsyncGenerator<ArchiveEntry> {
  const id = nameCloud(item)
  if (item.media) yield { name: `ds0/pointcloud/${id}.pcd`, content: await item.media.read() }
  for (const { name, read, camera } of listRelatedImages(item)) {
    const path = `ds0/related_images/${id}_pcd/${name}`
    yield { name: path, content: await read(), store: true }
    const sensorsData = camera
      ? describeCamera(camera)
      : { extrinsicMatrix: Array(12).fill(0), intrinsicMatrix: Array(9).fill(0) }
    yield { name: `${path}.json`, content: formatJson({ name, meta: { sensorsData } }) }
  }
}
