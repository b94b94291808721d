// Reads nuScenes' tables: annotations come from the world into the coordinates of their frame's cloud.

import { readRowPose } from '../calibration/nuscenes'
import { chainPoses, invertPose, type Pose, standing } from '../calibration/pose'
import { createCuboidPoints } from '../cloud-items'
import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { readRotation } from '../geometry3d/rotation'
import { createFoundShape } from '../imported-shapes'
import { createTrackCollector } from '../imported-tracks'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { readJsonPieces } from '../io/json-reader'
import { asBoolean, asNumbers, asText, createMemberReader, type Members } from '../json-values'
import type { FrameInfo } from '../match'
import type { TableName } from './tables'

const needed = ['sample_annotation', 'instance', 'category', 'sample_data', 'calibrated_sensor', 'ego_pose', 'sensor'] as const
const tablePattern = (name: TableName) => new RegExp(`(^|/)${name}\\.json$`)
const findTable = ({ list }: DatasetFiles, name: TableName) => list.find((file) => tablePattern(name).test(file.name))

export async function detect(files: DatasetFiles): Promise<boolean> {
  return !files.bare && needed.every((name) => findTable(files, name))
}

/** A table is a list; the reader of pieces takes objects. */
async function* asObjectStream(file: DatasetFile): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode('{"rows":')
  yield* file.stream()
  yield encoder.encode('}')
}

async function* readRows(files: DatasetFiles, name: TableName): AsyncGenerator<Members> {
  const file = findTable(files, name)
  if (!file) return
  for await (const pieces of readJsonPieces(asObjectStream(file), { file: file.name, keys: new Set(['rows']) }))
    for (const { value, index } of pieces) {
      if (index === undefined) throw new FormatError('a list is needed', { file: file.name })
      yield createMemberReader(value, { file: file.name, item: `${name}[${index}]` })
    }
}

async function readMap<T>(files: DatasetFiles, name: TableName, pick: (row: Members) => T): Promise<Map<string, T>> {
  const found = new Map<string, T>()
  for await (const row of readRows(files, name)) found.set(row.require('token', asText), pick(row))
  return found
}

type Sample = { name: string; pose: Pose }

/** The cloud of each sample, and how it stands in the world. Without a scanner among the sensors there is none. */
async function readSamples(files: DatasetFiles): Promise<Map<string, Sample>> {
  const channels = await readMap(files, 'sensor', (row) => row.require('channel', asText))
  const sensors = await readMap(files, 'calibrated_sensor', (row) => ({
    isScanner: /^lidar/i.test(channels.get(row.require('sensor_token', asText)) ?? ''),
    pose: readRowPose(row),
  }))
  const poses = await readMap(files, 'ego_pose', readRowPose)
  const samples = new Map<string, Sample>()
  for await (const row of readRows(files, 'sample_data')) {
    const token = row.require('calibrated_sensor_token', asText)
    const sensor = sensors.get(token)
    if (!sensor) throw row.fail('calibrated_sensor_token', `there is no sensor '${token}'`)
    if (!sensor.isScanner || row.get('is_key_frame', asBoolean) === false) continue
    const poseToken = row.require('ego_pose_token', asText)
    const ego = poseToken === '' ? standing : poses.get(poseToken)
    if (!ego) throw row.fail('ego_pose_token', `there is no pose '${poseToken}'`)
    samples.set(row.require('sample_token', asText), { name: nameOf(row), pose: chainPoses(ego, sensor.pose) })
  }
  return samples
}

/** `samples/LIDAR_TOP/x.pcd.bin` → `x` */
const nameOf = (row: Members) =>
  row
    .require('filename', asText)
    .replace(/^.*[/\\]/, '')
    .replace(/(\.pcd)?\.[^.]+$/i, '')

export async function* read(context: ReadContext): AsyncGenerator<Finding> {
  const { files, frames, labels } = context
  for (const name of needed)
    if (!findTable(files, name)) throw new FormatError(`Dataset must contain a file: "v1.0-<name>/${name}.json"`)
  const categories = await readMap(files, 'category', (row) => row.require('name', asText))
  const instances = await readMap(files, 'instance', (row) => ({
    category: row.require('category_token', asText),
    count: Number(row.value('nbr_annotations') ?? 1),
  }))
  const attributes = await readMap(files, 'attribute', (row) => row.require('name', asText))
  const samples = await readSamples(files)
  const tracks = createTrackCollector(frames)
  for await (const row of readRows(files, 'sample_annotation')) {
    const token = row.require('instance_token', asText)
    const instance = instances.get(token)
    if (!instance) throw row.fail('instance_token', `there is no instance '${token}'`)
    const category = categories.get(instance.category)
    if (category === undefined) throw row.fail('instance_token', `its category '${instance.category}' is missing`)
    const sampleToken = row.require('sample_token', asText)
    const sample = samples.get(sampleToken)
    if (!sample) throw row.fail('sample_token', `there is no cloud of sample '${sampleToken}'`)
    const frame: FrameInfo = frames.match(sample.name, undefined, row.place)
    const label = labels.get(category, row.place)
    const values = readValues(row, attributes)
    const occluded = ['1', '2'].includes(row.get('visibility_token', asText) ?? '')
    const shape = createFoundShape(label, frame, 'cuboid', readPoints(row, sample.pose), { values, occluded })
    const keyframe = row.get('keyframe', asBoolean)
    if (keyframe === undefined && instance.count <= 1) yield { kind: 'shape', shape }
    else tracks.add(token, label, { shape, keyframe: keyframe ?? true })
  }
  yield* tracks.list()
}

function readPoints(row: Members, pose: Pose): number[] {
  const size = row.require('size', asNumbers)
  if (size.length !== 3 || !size.every((length) => length > 0))
    throw row.fail('size', 'width, length and height above 0 are needed')
  const [width, length, height] = size as [number, number, number]
  const { rotation, translation } = readRowPose(row)
  const own = chainPoses(invertPose(pose), { rotation, translation })
  return createCuboidPoints([...own.translation, ...readRotation(own.rotation), length, width, height])
}

/** `colour=red`; nuScenes' own attributes are names alone, which are true where they stand. */
function readValues(row: Members, names: ReadonlyMap<string, string>): Map<string, string> {
  const tokens = row.value('attribute_tokens') ?? []
  if (!Array.isArray(tokens)) throw row.fail('attribute_tokens', 'a list is needed')
  const values = new Map<string, string>()
  for (const token of tokens) {
    const name = names.get(String(token))
    if (name === undefined) throw row.fail('attribute_tokens', `there is no attribute '${String(token).slice(0, 40)}'`)
    const at = name.indexOf('=')
    values.set(at < 0 ? name : name.slice(0, at), at < 0 ? 'true' : name.slice(at + 1))
  }
  return values
}
