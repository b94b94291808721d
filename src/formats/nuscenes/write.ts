// Writes nuScenes' tables while it walks the frames: one scene a task, one sample a frame, one instance an object.

import { chainPoses, invertPose, type Pose, readQuaternion, standing } from '../calibration/pose'
import { nameCloud } from '../cloud-items'
import type { WriteOptions } from '../format'
import { boundCuboid, type Camera } from '../geometry3d/camera'
import { readCuboid } from '../geometry3d/cuboid'
import { createRotation } from '../geometry3d/rotation'
import { numberLabels } from '../image-tags'
import type { ArchiveEntry } from '../io/zip-writer'
import type { Dataset, Item, ItemShape, Label, RelatedImage } from '../model'
import { extensionOf, listRelatedImages } from '../related-images'
import { createTables, createTokens } from './tables'

export type Options = { hasBoxes?: boolean }

export const scannerChannel = 'LIDAR_TOP'
/** Frames are told apart by times, of which a task knows none: two a second, as nuScenes has them. */
const frameMicroseconds = 500_000

type Row = Record<string, unknown> & { token: string }
type Chained = { row: Row; add: (row: Row) => void }

const poseOf = ({ rotation, translation }: Pose) => ({ translation, rotation: readQuaternion(rotation) })

/** Channels are parts of paths. */
export const nameChannel = (name: string): string =>
  name.replace(/\.[^.]+$/, '').replace(/[^\w.-]+/g, '_').replace(/^\.+/, '_') || 'CAM' // biome-ignore format: one chain

export async function* write(
  dataset: Dataset,
  options: WriteOptions,
  { hasBoxes = false }: Options = {},
): AsyncGenerator<ArchiveEntry> {
  const tokenOf = createTokens(`${dataset.info.kind}/${dataset.info.id}`)
  const tables = createTables(options.tempDir)
  const labels = numberLabels(dataset.labels)
  const folder = 'v1.0-annolith'
  const start = dataset.info.created.getTime() * 1000
  const once = new Set<string>()
  const addOnce = (table: Parameters<typeof tables.add>[0], row: Row) => {
    if (once.size !== once.add(`${table} ${row.token}`).size) tables.add(table, row)
  }
  /** Rows wait for the one after them, which they name. */
  const waiting = new Map<string, Chained>()
  const chain = (key: string, row: Row, add: Chained['add']) => {
    const before = waiting.get(key)
    if (before) before.add({ ...before.row, next: row.token })
    waiting.set(key, { row: { ...row, prev: before?.row.token ?? '', next: '' }, add })
  }
  const instances = new Map<number, { token: string; category: string; count: number; first: string; last: string }>()
  const scenes = new Map<number, { token: string; first: string; last: string; count: number }>()
  let plainObjects = 0

  const addFrame = (item: Item) => {
    const scene = scenes.get(item.task_id ?? 0) ?? { token: tokenOf('scene', item.task_id ?? 0), first: '', last: '', count: 0 }
    scenes.set(item.task_id ?? 0, scene)
    const sample = tokenOf('sample', item.task_id ?? 0, item.frame)
    scene.first ||= sample
    scene.last = sample
    scene.count++
    const timestamp = start + item.sourceFrame * frameMicroseconds
    chain(`sample ${scene.token}`, { token: sample, timestamp, scene_token: scene.token }, (row) => tables.add('sample', row))
    const pose = item.pose ?? standing
    const ego = tokenOf('ego_pose', sample)
    tables.add('ego_pose', { token: ego, timestamp, ...poseOf(pose) })
    const addData = (channel: string, sensor: string, filename: string, size: { width: number; height: number }) => {
      const token = tokenOf('sample_data', sample, channel, filename)
      chain(
        `data ${scene.token} ${channel}`,
        {
          ...{ token, sample_token: sample, ego_pose_token: ego, calibrated_sensor_token: sensor, filename, ...size },
          ...{ fileformat: extensionOf(filename).slice(1), is_key_frame: true, timestamp },
        },
        (row) => tables.add('sample_data', row),
      )
      return token
    }
    const scanner = addSensor(scene.token, scannerChannel, 'lidar', { ...poseOf(standing), camera_intrinsic: [] })
    const cloud = item.media?.extension ?? extensionOf(item.name)
    addData(scannerChannel, scanner, `samples/${scannerChannel}/${nameCloud(item)}${cloud || '.pcd'}`, { width: 0, height: 0 })
    const pictures = listPictures(item).map(({ channel, camera, filename }) => ({
      ...{ camera, filename },
      token: addData(channel, addCamera(scene.token, channel, camera), filename, {
        width: camera.width ?? 0,
        height: camera.height ?? 0,
      }),
    }))
    return { sample, pose, pictures }
  }
  const addSensor = (scene: string, channel: string, modality: string, row: object): string => {
    const sensor = tokenOf('sensor', channel)
    addOnce('sensor', { token: sensor, channel, modality })
    const token = tokenOf('calibrated_sensor', scene, channel, JSON.stringify(row))
    addOnce('calibrated_sensor', { token, sensor_token: sensor, ...row })
    return token
  }
  const addCamera = (scene: string, channel: string, camera: Camera): string => {
    const { fx, fy, cx, cy, distortion, model, width, height } = camera
    return addSensor(scene, channel, 'camera', {
      ...poseOf(invertPose(camera)),
      camera_intrinsic: [
        [fx, 0, cx],
        [0, fy, cy],
        [0, 0, 1],
      ],
      // Not in nuScenes, whose pictures are rectified.
      ...(distortion.length && { camera_distortion: distortion }),
      ...(model !== 'pinhole' && { model }),
      ...(width && height && { width, height }),
    })
  }
  const addShape = (shape: ItemShape, label: Label, category: string, frame: ReturnType<typeof addFrame>) => {
    const { sample, pose, pictures } = frame
    const number = shape.track_id ?? -1 - plainObjects++
    const instance = instances.get(number) ?? { token: tokenOf('instance', number), category, count: 0, first: '', last: '' }
    instances.set(number, instance)
    const token = tokenOf('sample_annotation', number, sample)
    instance.count++
    instance.first ||= token
    instance.last = token
    const cuboid = readCuboid(shape.points)
    const [length, width, height] = cuboid.scale
    const visibility_token = shape.occluded ? '2' : '4'
    const attribute_tokens = listAttributes(shape, label)
    const common = { instance_token: instance.token, visibility_token, attribute_tokens, num_lidar_pts: -1, num_radar_pts: 0 }
    const place = chainPoses(pose, { rotation: createRotation(cuboid.rotation), translation: cuboid.position })
    chain(
      `instance ${number}`,
      {
        ...{ token, sample_token: sample, ...common, ...poseOf(place), size: [width, length, height] },
        ...(shape.track_id !== undefined && { keyframe: shape.keyframe ?? false }),
      },
      (row) => tables.add('sample_annotation', row),
    )
    if (hasBoxes)
      for (const { camera, filename, token: data } of pictures) {
        const box = boundCuboid(camera, cuboid)
        if (!box) continue
        const corners = [box.left, box.top, box.right, box.bottom]
        tables.add('image_annotations', {
          ...{ attribute_tokens, bbox_corners: corners, category_name: label.name, filename, instance_token: instance.token },
          ...{ num_lidar_pts: -1, sample_annotation_token: token, sample_data_token: data, visibility_token },
        })
      }
    // Nothing follows an object of a single frame.
    if (shape.track_id === undefined) {
      settle(`instance ${number}`)
      settleInstance(number)
    }
  }
  const settle = (key: string) => {
    const last = waiting.get(key)
    if (last) last.add(last.row)
    waiting.delete(key)
  }
  const settleInstance = (number: number) => {
    const { token, category, count, first, last } = instances.get(number)!
    instances.delete(number)
    tables.add('instance', {
      ...{ token, category_token: category, nbr_annotations: count },
      ...{ first_annotation_token: first, last_annotation_token: last },
    })
  }
  const listAttributes = (shape: ItemShape, label: Label): string[] =>
    shape.attributes.flatMap(({ spec_id, value }) => {
      const name = label.attributes.find(({ id }) => id === spec_id)?.name
      if (name === undefined) return []
      const token = tokenOf('attribute', label.id, name, value)
      addOnce('attribute', { token, name: `${name}=${value}`, description: '' })
      return [token]
    })

  try {
    for (const { label } of labels.values())
      tables.add('category', { token: tokenOf('category', label.id), name: label.name, description: '' })
    for (const [token, level] of ['v0-40', 'v40-60', 'v60-80', 'v80-100'].entries())
      tables.add('visibility', { token: String(token + 1), level, description: '' })
    for await (const item of dataset.items) {
      const frame = addFrame(item)
      for (const shape of item.shapes) {
        const label = shape.type === 'cuboid' ? labels.get(shape.label_id)?.label : undefined
        if (label) addShape(shape, label, tokenOf('category', label.id), frame)
      }
      if (options.saveImages) yield* listMedia(item)
    }
    for (const key of [...waiting.keys()]) settle(key)
    for (const number of [...instances.keys()]) settleInstance(number)
    const log = tokenOf('log')
    tables.add('log', {
      token: log,
      logfile: '',
      vehicle: '',
      date_captured: dataset.info.created.toISOString().slice(0, 10),
      location: '',
    })
    tables.add('map', { token: tokenOf('map'), log_tokens: [log], category: '', filename: '' })
    const names = new Map((dataset.info.tasks ?? []).map(({ id, name }) => [id, name]))
    for (const [task, { token, first, last, count }] of scenes)
      tables.add('scene', {
        ...{ token, log_token: log, nbr_samples: count, first_sample_token: first, last_sample_token: last },
        ...{ name: names.get(task) ?? dataset.info.name, description: '' },
      })
    yield* tables.entries(folder, hasBoxes ? [] : ['image_annotations'])
  } finally {
    tables.dispose()
  }
}

type Picture = { image: RelatedImage; channel: string; camera: Camera; filename: string }

/** Pictures whose cameras are known; the frame's name keeps those of one camera apart. */
function listPictures(item: Item): Picture[] {
  const used = new Set<string>()
  return listRelatedImages(item).flatMap((image) => {
    if (!image.camera) return []
    let channel = nameChannel(image.camera.name)
    for (let n = 2; used.has(channel); n++) channel = `${nameChannel(image.camera.name)}_${n}`
    used.add(channel)
    const filename = `samples/${channel}/${nameCloud(item)}__${channel}${extensionOf(image.name)}`
    return [{ image, channel, camera: image.camera, filename }]
  })
}

async function* listMedia(item: Item): AsyncGenerator<ArchiveEntry> {
  if (item.media)
    yield { name: `samples/${scannerChannel}/${nameCloud(item)}${item.media.extension}`, content: await item.media.read() }
  for (const { image, filename } of listPictures(item)) yield { name: filename, content: await image.read(), store: true }
}
