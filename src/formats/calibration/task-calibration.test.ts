// Whose calibration is whose: single frames, sequences, pictures; poses of odometry, navigation and tables; and what is told of bad files.

import { describe, expect, test } from 'bun:test'
import { createRotation } from '../geometry3d/rotation'
import { isCalibrationName } from './calibration-names'
import { chainPoses, createPose, invertPose, movePoint, readQuaternion } from './pose'
import { resolveCalibration } from './task-calibration'

const file = (name: string, text: string | object) => ({ name, text: typeof text === 'string' ? text : JSON.stringify(text) })
const frame = (name: string, number = 0, images: string[] = []) => ({ name, number, images })
const kitti = (f: number, more = '') =>
  `P2: ${f} 0 300 0 0 ${f} 100 0 0 0 1 0\nR0_rect: 1 0 0 0 1 0 0 0 1\nTr_velo_to_cam: 0 -1 0 0 0 0 -1 0 1 0 0 -0.5\n${more}`
const sensor = (channel: string, f: number, more: object = {}) => ({
  ...{ channel, translation: [0, 0, 0], rotation: [1, 0, 0, 0] },
  camera_intrinsic: [
    [f, 0, 1],
    [0, f, 1],
    [0, 0, 1],
  ],
  ...more,
})
const focal = (files: ReturnType<typeof file>[], one: ReturnType<typeof frame>) => {
  const { cameras, frames } = resolveCalibration(files, [one])
  return frames[0]!.cameras.map((at) => (at === null ? null : cameras[at]!.fx))
}

test('names that may be calibration', () => {
  for (const name of [
    ...['a/calib/000000.txt', 'calib.txt', 'x/calib_cam_to_cam.txt', 'sequences/00/calib.txt', 'poses/00.txt', 'k/poses.txt'],
    ...['s/oxts/data/0000000001.txt', 'v1.0-mini/calibrated_sensor.json', 'ego_pose.json', 'my_calibration.json'],
    'related_images/1_pcd/a.jpg.json',
  ])
    expect([name, isCalibrationName(name)]).toEqual([name, true])
  for (const name of [
    'label_2/000000.txt',
    'notes.txt',
    'instances.json',
    'oxts/timestamps.txt',
    'calib/a.png',
    'ann/1.pcd.json',
  ])
    expect([name, isCalibrationName(name)]).toEqual([name, false])
})

describe('cameras', () => {
  test('of a frame, of a sequence, of all', () => {
    const images = ['k/image_2/000001.png']
    const files = [file('k/calib/000001.txt', kitti(11)), file('calib/0004.txt', kitti(12))]
    expect(focal(files, frame('k/velodyne/000001.bin', 0, images))).toEqual([11])
    expect(focal(files, frame('velodyne/0004/000007.bin', 0, ['image_02/0004/000007.png']))).toEqual([12])
    // Which of several is meant nobody can tell.
    expect(focal(files, frame('velodyne/0005/000007.bin', 0, ['image_02/0005/000007.png']))).toEqual([null])
    expect(focal(files.slice(1), frame('velodyne/0005/000007.bin', 0, ['image_02/0005/000007.png']))).toEqual([12])
    expect(focal([...files, file('calib/0006.txt', kitti(13))], frame('velodyne/0005/000007.bin', 0, images))).toEqual([null])
    expect(focal([file('calib.txt', kitti(14))], frame('x.pcd', 0, ['image_00/x.png', 'image_02/x.png']))).toEqual([null, 14])
  })

  test("Supervisely's own file counts before tables, those before KITTI's", () => {
    const image = 'related_images/1_pcd/image_02.png'
    const beside = (f: number) => ({
      name: 'image_02.png',
      meta: {
        sensorsData: { extrinsicMatrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], intrinsicMatrix: [f, 0, 1, 0, f, 1, 0, 0, 1] },
      },
    })
    const files = [
      file('calib.txt', kitti(1)),
      file('calibration.json', [sensor('image_02', 2)]),
      file('other/related_images/1_pcd/image_02.png.json', beside(3)),
    ]
    const one = frame('pointcloud/1.pcd', 0, [image])
    expect(focal(files.slice(0, 1), one)).toEqual([1])
    expect(focal(files.slice(0, 2), one)).toEqual([2])
    expect(focal(files, one)).toEqual([3])
    // The same name beside another cloud has a camera of its own.
    const two = [...files, file('related_images/2_pcd/image_02.png.json', beside(4))]
    expect(focal(two, frame('pointcloud/2.pcd', 0, ['related_images/2_pcd/image_02.png']))).toEqual([4])
    expect(focal(two, one)).toEqual([3])
  })

  test('pictures taken a moment after the cloud, on another place of the way', () => {
    const half = Math.SQRT1_2
    const files = [
      file('sensor.json', [
        { token: 'l', channel: 'LIDAR_TOP' },
        { token: 'c', channel: 'CAM' },
      ]),
      file('calibrated_sensor.json', [
        { token: 'L', sensor_token: 'l', translation: [0, 0, 2], rotation: [1, 0, 0, 0], camera_intrinsic: [] },
        { ...sensor('', 9, { token: 'C', sensor_token: 'c' }), channel: undefined },
      ]),
      file('ego_pose.json', [
        { token: 'p', translation: [10, 0, 0], rotation: [half, 0, 0, half] },
        { token: 'q', translation: [10, 1, 0], rotation: [half, 0, 0, half] },
      ]),
      file('sample_data.json', [
        { filename: 'samples/LIDAR_TOP/a__1.pcd.bin', calibrated_sensor_token: 'L', ego_pose_token: 'p' },
        { filename: 'samples/CAM/a__2.jpg', calibrated_sensor_token: 'C', ego_pose_token: 'q' },
      ]),
    ]
    const { cameras, frames, problems } = resolveCalibration(files, [frame('a__1.pcd', 0, ['samples/CAM/a__2.jpg'])])
    expect(problems).toEqual([])
    // The vehicle looks along y and went 1 m: a place before the scanner is 1 m nearer to the camera, which sits 2 m below it.
    expect(cameras[0]!.translation.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([-1, 0, 2])
    expect(frames[0]!.pose!.translation).toEqual([10, 0, 2])
  })
})

describe('poses', () => {
  const at = (files: ReturnType<typeof file>[], frames: ReturnType<typeof frame>[]) =>
    resolveCalibration(files, frames).frames.map(
      ({ pose }) => pose?.translation.map((value) => Math.round(value * 1e4) / 1e4) ?? null,
    )

  test("KITTI's odometry, by number or by order", () => {
    const lines = '1 0 0 0 0 1 0 0 0 0 1 0\n1 0 0 -1 0 1 0 0 0 0 1 2\n1 0 0 -2 0 1 0 -0.5 0 0 1 4\n'
    const files = [file('calib.txt', kitti(7)), file('poses.txt', lines)]
    // The camera's z is the scanner's x, its −x the scanner's y, its −y the scanner's z.
    expect(at(files, [frame('velodyne/000002.bin'), frame('velodyne/000001.bin', 1)])).toEqual([[4, 2, 0.5], [2, 1, 0]]) // biome-ignore format: pairs
    expect(at(files, [frame('b.pcd', 1), frame('c.pcd', 9)])).toEqual([[2, 1, 0], null])
  })

  test('navigation of the raw data: metres east and north of the first', () => {
    const oxts = (latitude: number, longitude: number, altitude: number, yaw: number) =>
      `${latitude} ${longitude} ${altitude} 0 0 ${yaw} 1 2 3\n`
    const files = [
      file('oxts/data/0000000000.txt', oxts(49, 8, 100, 0)),
      file('oxts/data/0000000001.txt', oxts(49.0001, 8.0002, 101, Math.PI / 2)),
      file('calib_imu_to_velo.txt', 'R: 1 0 0 0 1 0 0 0 1\nT: -0.8 0 0\n'),
    ]
    const [first, second] = at(files, [frame('velodyne_points/data/0000000000.bin'), frame('velodyne_points/data/0000000001.bin', 1)]) // biome-ignore format: one line
    expect(first).toEqual([0.8, 0, 0])
    // A degree of latitude is some 111.2 km on the sphere of that projection; the scanner is 0.8 m before the unit.
    expect(second![0]).toBeCloseTo(((0.0002 * Math.PI) / 180) * 6_378_137 * Math.cos((49 * Math.PI) / 180), 1)
    expect(second![1]).toBeCloseTo(((0.0001 * Math.PI) / 180) * 6_378_137 + 0.8, 1)
    expect(second![2]).toBe(1)
  })

  test('by frame, by file name, by order', () => {
    const row = (x: number, more: object = {}) => ({ translation: [x, 0, 0], rotation: [1, 0, 0, 0], ...more })
    const frames = [frame('a.pcd', 4), frame('b.pcd', 5)]
    expect(at([file('ego_pose.json', [row(1, { frame: 5 }), row(2, { frame: 4 })])], frames)).toEqual([[2, 0, 0], [1, 0, 0]]) // biome-ignore format: pairs
    expect(at([file('ego_poses.json', [row(3, { filename: 'x/b.bin' })])], frames)).toEqual([null, [3, 0, 0]])
    expect(at([file('calib.json', { ego_pose: [0, 1, 2, 3, 4, 5].map((x) => row(x)) })], frames)).toEqual([[4, 0, 0], [5, 0, 0]]) // biome-ignore format: pairs
  })

  test('chains, inverses and quaternions agree', () => {
    const pose = { rotation: createRotation([0.4, -1.1, 2.9]), translation: [3, -2, 1] as const }
    const back = movePoint(chainPoses(invertPose(pose), pose), [1, 2, 3])
    for (const [i, value] of back.entries()) expect(value).toBeCloseTo([1, 2, 3][i]!, 12)
    for (const angles of [
      [0.4, -1.1, 2.9],
      [Math.PI, 0, 0],
      [0, Math.PI, 0.1],
      [0, 0, -3.1],
    ] as const) {
      // biome-ignore format: table
      const rotation = createRotation(angles)
      const again = createPose(readQuaternion(rotation), [0, 0, 0]).rotation
      for (const [i, value] of again.entries()) expect(value).toBeCloseTo(rotation[i]!, 12)
    }
  })
})

test('bad files are told, the others count', () => {
  const one = frame('x.pcd', 0, ['CAM.png', 'BACK.png'])
  const { cameras, problems } = resolveCalibration(
    [
      file('calib/a.json', '['),
      file('calib.txt', kitti(1).replace('Tr_velo', 'Tx_velo')),
      file('good.json', [sensor('CAM', 5)]),
      file('poses.txt', '1 2\n'),
      { name: 'long.json', text: '', isTooLong: true },
    ],
    [one],
  )
  expect(cameras.map(({ name }) => name)).toEqual(['CAM'])
  expect(problems.map(({ file: name }) => name)).toEqual(['calib/a.json', 'long.json', 'calib.txt', 'poses.txt'])
  expect(resolveCalibration([file('good.json', [sensor('CAM', 5)])], [one]).problems).toEqual([
    { file: 'BACK.png', message: 'BACK.png: no camera of the calibration has taken this picture' },
  ])
})
