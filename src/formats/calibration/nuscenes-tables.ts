// Cameras and poses out of nuScenes' tables: by the files that `sample_data` lists, else by channels and the order of poses.

import type { Camera } from '../geometry3d/camera'
import { asNumber, asText, createMemberReader } from '../json-values'
import { type CalibratedFrame, type Calibrator, type Report, stemOf } from './calibrator'
import { isScanner, placeCamera, placeCameras, readRowPose, readSensors, type Sensor, type Tables } from './nuscenes'
import { chainPoses, invertPose, type Pose, standing } from './pose'
import { findCamera } from './read-calibration'

type EgoPose = { pose: Pose; token?: string; frame?: number; stem?: string }
type SampleData = { pose?: Pose; sensor?: Sensor }

function readEgoPoses({ ego_pose: table }: Tables): EgoPose[] {
  return (table?.rows ?? []).map((value, i) => {
    const members = createMemberReader(value, { file: table!.file, item: `ego_pose[${i}]` })
    const name = members.get('filename', asText)
    return {
      pose: readRowPose(members),
      token: members.get('token', asText),
      frame: members.get('frame', asNumber),
      ...(name !== undefined && { stem: stemOf(name) }),
    }
  })
}

/** What `sample_data` says of each file, by its name without folder and extension. */
function readSampleData({ sample_data: table }: Tables, sensors: readonly Sensor[], poses: readonly EgoPose[]) {
  const byToken = new Map(sensors.map((sensor) => [sensor.token, sensor]))
  const posesByToken = new Map(poses.map(({ token, pose }) => [token, pose]))
  const found = new Map<string, SampleData>()
  for (const [i, value] of (table?.rows ?? []).entries()) {
    const members = createMemberReader(value, { file: table!.file, item: `sample_data[${i}]` })
    const sensorToken = members.get('calibrated_sensor_token', asText)
    const poseToken = members.get('ego_pose_token', asText)
    const sensor = sensorToken === undefined ? undefined : byToken.get(sensorToken)
    if (sensorToken !== undefined && !sensor) throw members.fail('calibrated_sensor_token', `there is no sensor '${sensorToken}'`)
    const pose = poseToken === undefined ? undefined : posesByToken.get(poseToken)
    found.set(stemOf(members.require('filename', asText)), { pose, sensor })
  }
  return found
}

/** Poses that say of themselves which frame they are of, or follow one another as the frames do. */
function createPoseFinder(poses: readonly EgoPose[]) {
  const byStem = new Map(poses.flatMap(({ stem, pose }) => (stem === undefined ? [] : [[stem, pose] as const])))
  const byFrame = new Map(poses.flatMap(({ frame, pose }) => (frame === undefined ? [] : [[frame, pose] as const])))
  const inOrder = byStem.size || byFrame.size ? [] : poses
  return ({ name, number }: CalibratedFrame): Pose | undefined =>
    byStem.get(stemOf(name)) ?? byFrame.get(number) ?? inOrder[number]?.pose
}

export function readTableCalibration(tables: Tables, report: Report): Calibrator {
  const fileOf = (name: keyof Tables) => tables[name]?.file ?? ''
  const sensors = report(fileOf('calibrated_sensor'), () => readSensors(tables)) ?? []
  const poses = report(fileOf('ego_pose'), () => readEgoPoses(tables)) ?? []
  const listed = report(fileOf('sample_data'), () => readSampleData(tables, sensors, poses)) ?? new Map<string, SampleData>()
  const isAlone = [...listed.values()].every(({ sensor }) => !sensor)
  const byChannel = isAlone ? report(fileOf('calibrated_sensor'), () => placeCameras(sensors)) : undefined
  const scanner = sensors.find(isScanner)
  const findPose = createPoseFinder(poses)
  /** The vehicle's pose and the scanner's place on it, at the cloud's time. */
  const cloudOf = (frame: CalibratedFrame) => {
    const own = listed.get(stemOf(frame.name))
    return { pose: own?.pose ?? (isAlone ? findPose(frame) : undefined), mount: (own?.sensor ?? scanner)?.pose ?? standing }
  }
  const made = new Map<string, Camera>()
  const source = sensors.some(({ lens }) => lens) ? fileOf('calibrated_sensor') : undefined
  return {
    source,
    findCamera: (frame, image) => {
      const own = listed.get(stemOf(image))
      if (own?.sensor?.lens) {
        const { channel, lens, pose: mount } = own.sensor
        const cloud = cloudOf(frame)
        // The picture was taken a moment before or after, on another place of the way.
        const between = cloud.pose && own.pose ? chainPoses(invertPose(own.pose), cloud.pose) : standing
        const key = `${stemOf(frame.name)}\n${stemOf(image)}`
        const camera = made.get(key) ?? placeCamera(lens, mount, cloud.mount, between)
        made.set(key, camera)
        return { name: channel, camera }
      }
      const camera = byChannel && findCamera(byChannel, image)
      return camera && { name: [...byChannel].find(([, one]) => one === camera)![0], camera }
    },
    findPose: (frame) => {
      const { pose, mount } = cloudOf(frame)
      return pose && chainPoses(pose, mount)
    },
  }
}
