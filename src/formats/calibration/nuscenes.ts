// Calibration like that of nuScenes: where sensors sit on the vehicle, as JSON.
//
// A list of sensors, or an object with `calibrated_sensor` and, where the sensors do not name their channels, `sensor` (tables of
// nuScenes 1.0). A sensor has `channel` (or `sensor_token`), `translation` (metres), `rotation` (quaternion w x y z), both to the
// vehicle; a camera also `camera_intrinsic` (3 × 3), and may have `camera_distortion`, `model` (`pinhole`, `fisheye`), `width`, `height`.
// The sensor whose channel begins with LIDAR is where the cloud's coordinates start; without one they are the vehicle's.

import { FormatError } from '../format-error'
import type { Camera } from '../geometry3d/camera'
import {
  createQuaternionRotation,
  identity,
  type Matrix,
  multiplyMatrices,
  transposeMatrix,
  turnVector,
  type Vector,
} from '../geometry3d/rotation'
import { asNumber, asNumbers, asObject, asText, createMemberReader, type Members } from '../json-values'
import { asIntrinsics, asVector } from './camera-parts'

type Sensor = { channel: string; rotation: Matrix; translation: Vector; members: Members }

export function isNuscenesCalibration(value: unknown): boolean {
  const list = Array.isArray(value) ? value : asObject(value)?.calibrated_sensor
  return Array.isArray(list) && list.some((one) => asObject(one) && Object.hasOwn(one, 'camera_intrinsic'))
}

function readSensor(value: unknown, index: number, file: string, channels: ReadonlyMap<string, string>): Sensor {
  const members = createMemberReader(value, { file, item: `calibrated_sensor[${index}]` })
  const channel = members.get('channel', asText) ?? channels.get(members.get('sensor_token', asText) ?? '')
  if (!channel) throw members.fail('channel', 'is missing')
  const quaternion = members.require('rotation', asNumbers)
  if (quaternion.length !== 4 || !(Math.abs(Math.hypot(...quaternion) - 1) < 0.02))
    throw members.fail('rotation', 'a quaternion of length 1 is needed: w x y z')
  return {
    channel,
    rotation: createQuaternionRotation(quaternion as [number, number, number, number]),
    translation: asVector(members.require('translation', asNumbers), { ...members.place, field: 'translation' }),
    members,
  }
}

/** Cameras by channel. Throws FormatError naming file, sensor and field. */
export function readNuscenesCalibration(value: unknown, file: string): Map<string, Camera> {
  const tables = asObject(value)
  const list = Array.isArray(value) ? value : tables?.calibrated_sensor
  if (!Array.isArray(list)) throw new FormatError('a list of sensors is needed', { file, field: 'calibrated_sensor' })
  const named = Array.isArray(tables?.sensor) ? tables.sensor : []
  const channels = new Map<string, string>()
  for (const [i, one] of named.entries()) {
    const members = createMemberReader(one, { file, item: `sensor[${i}]` })
    channels.set(members.require('token', asText), members.require('channel', asText))
  }
  const sensors = list.map((one, i) => readSensor(one, i, file, channels))
  const scanner = sensors.find(({ channel }) => /^lidar/i.test(channel))
  const start = scanner ?? { rotation: identity, translation: [0, 0, 0] as Vector }
  const cameras = new Map<string, Camera>()
  for (const { channel, rotation, translation, members } of sensors) {
    const rows = members.value('camera_intrinsic')
    if (!Array.isArray(rows) || rows.length === 0) continue
    const place = { ...members.place, field: 'camera_intrinsic' }
    const numbers = asNumbers(rows.flat())
    if (!numbers) throw members.fail('camera_intrinsic', 'three rows of three finite numbers are needed')
    const model = members.get('model', asText) ?? 'pinhole'
    if (model !== 'pinhole' && model !== 'fisheye') throw members.fail('model', `'${model}' is not 'pinhole' or 'fisheye'`)
    const [width, height] = [members.get('width', asNumber), members.get('height', asNumber)]
    const back = transposeMatrix(rotation)
    const away = start.translation.map((part, axis) => part - translation[axis]!) as unknown as Vector
    if (cameras.has(channel)) throw members.fail('channel', `'${channel}' is there twice`)
    cameras.set(channel, {
      ...{ model, ...asIntrinsics(numbers, place), distortion: members.get('camera_distortion', asNumbers) ?? [] },
      rotation: multiplyMatrices(back, start.rotation),
      translation: turnVector(back, away),
      ...(width && height && { width, height }),
    })
  }
  if (!cameras.size) throw new FormatError('no sensor is a camera', { file, field: 'calibrated_sensor' })
  return cameras
}
