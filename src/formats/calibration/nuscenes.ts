// Calibration like that of nuScenes: where sensors sit on the vehicle, and where the vehicle was, as JSON.
//
// A list of sensors, or an object with `calibrated_sensor` and, where the sensors do not name their channels, `sensor` (tables of
// nuScenes 1.0, which may also be files of their own). A sensor has `channel` (or `sensor_token`), `translation` (metres), `rotation`
// (quaternion w x y z), both to the vehicle; a camera also `camera_intrinsic` (3 × 3), and may have `camera_distortion`, `model`
// (`pinhole`, `fisheye`), `width`, `height`.
// The sensor whose channel begins with LIDAR is where the cloud's coordinates start; without one they are the vehicle's.

import { FormatError } from '../format-error'
import type { Camera } from '../geometry3d/camera'
import { asNumber, asNumbers, asObject, asText, createMemberReader, type Members } from '../json-values'
import { asIntrinsics, asVector } from './camera-parts'
import { chainPoses, createPose, invertPose, type Pose, standing } from './pose'

export type Lens = Pick<Camera, 'model' | 'fx' | 'fy' | 'cx' | 'cy' | 'distortion' | 'width' | 'height'>
/** `pose`: to the vehicle's coordinates; `lens` of cameras. */
export type Sensor = { channel: string; token?: string; pose: Pose; lens?: Lens; members: Members }

const tableNames = ['calibrated_sensor', 'sensor', 'ego_pose', 'sample_data'] as const
export type TableName = (typeof tableNames)[number]
export type Tables = { [N in TableName]?: { file: string; rows: unknown[] } }

const holds = (list: unknown[], member: string) => list.some((one) => asObject(one) && Object.hasOwn(one as object, member))

/** What a JSON file has of such tables: by their names in it, else by its own name, else by what is in its rows. */
export function findTables(value: unknown, file: string): Tables {
  const tables: Tables = {}
  if (Array.isArray(value)) {
    const stem = /([^/]+)\.json$/i
      .exec(file)?.[1]
      ?.toLowerCase()
      .replace(/^ego_poses$/, 'ego_pose')
    const named = tableNames.find((name) => name === stem)
    const kind =
      named ?? (holds(value, 'camera_intrinsic') ? 'calibrated_sensor' : holds(value, 'rotation') ? 'ego_pose' : undefined)
    if (kind) tables[kind] = { file, rows: value }
    return tables
  }
  const object = asObject(value) ?? {}
  for (const name of tableNames) {
    const rows = object[name]
    if (Array.isArray(rows)) tables[name] = { file, rows }
  }
  return tables
}

export function isNuscenesCalibration(value: unknown): boolean {
  const list = Array.isArray(value) ? value : asObject(value)?.calibrated_sensor
  return Array.isArray(list) && holds(list, 'camera_intrinsic')
}

/** `rotation` (quaternion) and `translation` of a row. */
export function readRowPose(members: Members): Pose {
  const quaternion = members.require('rotation', asNumbers)
  if (quaternion.length !== 4 || !(Math.abs(Math.hypot(...quaternion) - 1) < 0.02))
    throw members.fail('rotation', 'a quaternion of length 1 is needed: w x y z')
  return createPose(quaternion, asVector(members.require('translation', asNumbers), { ...members.place, field: 'translation' }))
}

function readLens(members: Members): Lens | undefined {
  const rows = members.value('camera_intrinsic')
  if (!Array.isArray(rows) || rows.length === 0) return undefined
  const numbers = asNumbers(rows.flat())
  if (!numbers) throw members.fail('camera_intrinsic', 'three rows of three finite numbers are needed')
  const model = members.get('model', asText) ?? 'pinhole'
  if (model !== 'pinhole' && model !== 'fisheye') throw members.fail('model', `'${model}' is not 'pinhole' or 'fisheye'`)
  const [width, height] = [members.get('width', asNumber), members.get('height', asNumber)]
  if ((width !== undefined && !(width > 0)) || (height !== undefined && !(height > 0)))
    throw members.fail('width', 'the size of the picture must be above 0')
  return {
    ...{ model, ...asIntrinsics(numbers, { ...members.place, field: 'camera_intrinsic' }) },
    distortion: members.get('camera_distortion', asNumbers) ?? [],
    ...(width && height && { width, height }),
  }
}

/** Every sensor of the tables. Throws FormatError naming file, row and field. */
export function readSensors({ calibrated_sensor: table, sensor: named }: Tables): Sensor[] {
  const channels = new Map<string, string>()
  for (const [i, one] of (named?.rows ?? []).entries()) {
    const members = createMemberReader(one, { file: named!.file, item: `sensor[${i}]` })
    channels.set(members.require('token', asText), members.require('channel', asText))
  }
  return (table?.rows ?? []).map((value, i) => {
    const members = createMemberReader(value, { file: table!.file, item: `calibrated_sensor[${i}]` })
    const channel = members.get('channel', asText) ?? channels.get(members.get('sensor_token', asText) ?? '')
    if (!channel) throw members.fail('channel', 'is missing')
    const pose = readRowPose(members)
    return { channel, token: members.get('token', asText), pose, lens: readLens(members), members }
  })
}

/** A camera that sees a cloud of the scanner; `between` leads from the vehicle at the cloud's time to that at the picture's. */
export function placeCamera(lens: Lens, sensor: Pose, scanner: Pose, between: Pose = standing): Camera {
  return { ...lens, ...chainPoses(invertPose(sensor), between, scanner) }
}

export const isScanner = ({ channel }: Pick<Sensor, 'channel'>) => /^lidar/i.test(channel)

/** Cameras by channel, where each is there once. Throws FormatError. */
export function placeCameras(sensors: readonly Sensor[]): Map<string, Camera> {
  const scanner = sensors.find(isScanner)?.pose ?? standing
  const cameras = new Map<string, Camera>()
  for (const { channel, lens, pose, members } of sensors) {
    if (!lens) continue
    if (cameras.has(channel)) throw members.fail('channel', `'${channel}' is there twice`)
    cameras.set(channel, placeCamera(lens, pose, scanner))
  }
  return cameras
}

/** Cameras by channel. Throws FormatError naming file, sensor and field. */
export function readNuscenesCalibration(value: unknown, file: string): Map<string, Camera> {
  const tables = findTables(value, file)
  if (!tables.calibrated_sensor) throw new FormatError('a list of sensors is needed', { file, field: 'calibrated_sensor' })
  const cameras = placeCameras(readSensors(tables))
  if (!cameras.size) throw new FormatError('no sensor is a camera', { file, field: 'calibrated_sensor' })
  return cameras
}
