// Calibration files give cameras that show points where they are known to be; bad ones are named.

import { describe, expect, test } from 'bun:test'
import { type Camera, projectPoint } from '../geometry3d/camera'
import { createRotation, type Vector } from '../geometry3d/rotation'
import { findCamera, readCalibration } from './read-calibration'

/** The numbers of KITTI's object 000000 as the data set's paper and devkit show them, rounded. */
const kitti = `P0: 721.5377 0 609.5593 0 0 721.5377 172.854 0 0 0 1 0
P2: 721.5377 0 609.5593 44.85728 0 721.5377 172.854 0.2163791 0 0 1 0.002745884
R0_rect: 0.9999239 0.00983776 -0.00744505 -0.0098698 0.9999421 -0.00427846 0.00740253 0.00435161 0.9999631
Tr_velo_to_cam: 0.007533745 -0.9999714 -0.000616602 -0.004069766 0.01480249 0.0007280733 -0.9998902 -0.07631618 0.9998621 0.00752379 0.01480755 -0.2717806
Tr_imu_to_velo: 1 0 0 0 0 1 0 0 0 0 1 0
`
const file = (text: string, name = 'calib/000000.txt') => ({ name, text })

/** Where KITTI's own formula puts a point: P · R0 · Tr · x. */
const projectPlainly = (text: string, key: string, [x, y, z]: Vector) => {
  const numbers = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)![1]!.split(' ').map(Number)
  const apply = (m: number[], columns: number, v: number[]) =>
    [0, 1, 2].map((row) => v.reduce((sum, value, i) => sum + m[row * columns + i]! * value, 0))
  const [u, v, w] = apply(numbers(key), 4, [
    ...apply(numbers('R0_rect'), 3, apply(numbers('Tr_velo_to_cam'), 4, [x, y, z, 1])),
    1,
  ])
  return [u! / w!, v! / w!]
}

describe('KITTI', () => {
  test("points appear where the file's own formula puts them", () => {
    const cameras = readCalibration([file(kitti)])
    expect([...cameras.keys()]).toEqual(['image_00', 'image_02'])
    for (const point of [[10, 2, -1], [30, -8, 0.5], [6, 0, 0]] as Vector[]) // biome-ignore format: places
      for (const [folder, key] of [
        ['image_02', 'P2'],
        ['image_00', 'P0'],
      ] as const) {
        // biome-ignore format: pairs
        const { u, v } = projectPoint(cameras.get(folder)!, point)!
        expect([u, v]).toEqual(projectPlainly(kitti, key, point).map((value) => expect.closeTo(value, 2)))
      }
  })

  test('the two files of the raw data', () => {
    const cameras = readCalibration([
      file(
        'calib_time: 09-Jan-2012 13:57:47\nS_rect_02: 1242 375\nR_rect_00: 1 0 0 0 1 0 0 0 1\nP_rect_02: 700 0 600 70 0 700 180 0 0 0 1 0\n',
        'calib_cam_to_cam.txt',
      ),
      file('calib_time: 15-Mar-2012 11:37:16\nR: 0 -1 0 0 0 -1 1 0 0\nT: 0 0 -0.5\ndelta_f: 0 0\n', 'calib_velo_to_cam.txt'),
    ])
    const camera = cameras.get('image_02')!
    expect([camera.width, camera.height]).toEqual([1242, 375])
    const { u, v, depth } = projectPoint(camera, [10.5, 1, -1])!
    expect([u, v, depth]).toEqual([
      expect.closeTo(600 + (700 * (-1 + 0.1)) / 10, 9),
      expect.closeTo(180 + 70, 9),
      expect.closeTo(10, 9),
    ])
    for (const path of ['k/image_02/data/01.png', 'image_2/000000.png', 'IMAGE_02/data/1.png'])
      expect(findCamera(cameras, path)).toBe(camera)
    expect(findCamera(cameras, 'image_03/data/01.png')).toBeUndefined()
  })
})

/** Camera axes seen from a vehicle (x forward, y left, z up) as a quaternion: half a turn round (−1, 1, −1). */
const forwards = [0.5, -0.5, 0.5, -0.5]
const front = { channel: 'CAM_FRONT', translation: [1.7, 0, 1.5], rotation: forwards, camera_intrinsic: [[1000, 0, 800], [0, 1000, 450], [0, 0, 1]] } // biome-ignore format: matrix
const lidar = {
  channel: 'LIDAR_TOP',
  translation: [0.7, 0, 1.8],
  rotation: [Math.SQRT1_2, 0, 0, -Math.SQRT1_2],
  camera_intrinsic: [],
}
const json = (value: unknown, name = 'calibration.json') => file(JSON.stringify(value), name)

describe('nuScenes', () => {
  const check = (cameras: Map<string, Camera>) => {
    // Of the scanner, y is forward: 11 m ahead is 10 m before the camera.
    const { u, v, depth } = projectPoint(cameras.get('CAM_FRONT')!, [2, 11, -0.3])!
    expect([u, v, depth]).toEqual([expect.closeTo(800 + 200, 9), expect.closeTo(450, 9), expect.closeTo(10, 9)])
  }
  test('a list, and the tables', () => {
    check(readCalibration([json([front, lidar])]))
    const { channel: _, ...sensor } = front
    const tables = {
      sensor: [{ token: 'a', channel: 'CAM_FRONT', modality: 'camera' }],
      calibrated_sensor: [{ ...sensor, token: 'x', sensor_token: 'a' }, lidar],
    }
    const cameras = readCalibration([json(tables)])
    check(cameras)
    for (const path of ['samples/CAM_FRONT/x.jpg', 'CAM_FRONT.jpg', 'n015-2018__CAM_FRONT__15324.jpg'])
      expect(findCamera(cameras, path)).toBe(cameras.get('CAM_FRONT')!)
  })
  test('lenses', () => {
    const cameras = readCalibration([
      json([{ ...front, model: 'fisheye', camera_distortion: [0.1, 0, 0, 0], width: 1600, height: 900 }]),
    ])
    expect(cameras.get('CAM_FRONT')).toMatchObject({ model: 'fisheye', distortion: [0.1, 0, 0, 0], width: 1600, height: 900 })
  })
})

const sly = (sensorsData: object) => json({ name: 'a.jpg', meta: { sensorsData } }, 'related_images/1_pcd/a.jpg.json')
const r = createRotation([0.1, 0.2, 0.3])
const slyData = {
  extrinsicMatrix: [r[0], r[1], r[2], 1, r[3], r[4], r[5], 2, r[6], r[7], r[8], 3],
  intrinsicMatrix: [500, 0, 320, 0, 500, 240, 0, 0, 1],
}

describe('Supervisely', () => {
  test("a picture's own matrices; zeros are none", () => {
    const cameras = readCalibration([sly(slyData)])
    expect(cameras.get('a.jpg')).toMatchObject({ rotation: [...r], translation: [1, 2, 3], fx: 500, cy: 240 })
    expect(findCamera(cameras, 'related_images/1_pcd/a.jpg')).toBe(cameras.get('a.jpg')!)
    expect(readCalibration([sly({ extrinsicMatrix: Array(12).fill(0), intrinsicMatrix: Array(9).fill(0) })]).size).toBe(0)
  })
})

test.each([
  [file(kitti.replace('721.5377', 'x')), "calib/000000.txt, line 1, field 'P0': 'x' is not a finite number"],
  [file(kitti.replace('721.5377', '1e999')), "'1e999' is not a finite number"],
  [file(kitti.replace(' 0.002745884', '')), "line 2, field 'P2': twelve numbers are needed, not 11"],
  [file(kitti.replace('R0_rect: 0.9999239', 'R0_rect: 0.5')), "line 3, field 'R0_rect': this is no rotation"],
  [file(kitti.replace(/Tr_velo.*\n/, '')), "field 'Tr_velo_to_cam': is missing"],
  [file(kitti.replace(/^P.*\n/gm, '')), "field 'P0': is missing"],
  [file('hello\n'), 'calib/000000.txt: is no calibration that is known'],
  [file('{', 'a.json'), 'a.json: is no JSON'],
  [json({}), 'calibration.json: is no calibration that is known'],
  [json([{ ...front, rotation: [1, 1, 0, 0] }]), "item 'calibrated_sensor[0]', field 'rotation': a quaternion"],
  [json([{ ...front, translation: [1, 2] }]), "field 'translation': three numbers are needed, not 2"],
  [json([{ ...front, channel: undefined }]), "field 'channel': is missing"],
  [
    json([
      {
        ...front,
        camera_intrinsic: [
          [1, 2],
          ['x', 3],
        ],
      },
    ]),
    "field 'camera_intrinsic': three rows",
  ],
  [
    json([
      {
        ...front,
        camera_intrinsic: [
          [0, 0, 1],
          [0, 1, 1],
          [0, 0, 1],
        ],
      },
    ]),
    'the focal lengths must be above 0',
  ],
  [json([{ ...front, model: 'omni' }]), "field 'model': 'omni' is not"],
  [json([front, front]), "field 'channel': 'CAM_FRONT' is there twice"],
  [json([lidar]), 'no sensor is a camera'],
  [sly({ ...slyData, extrinsicMatrix: [1] }), "a.jpg.json, item 'meta.sensorsData', field 'extrinsicMatrix': twelve numbers"],
  [sly({ ...slyData, extrinsicMatrix: Array(12).fill(1) }), "field 'extrinsicMatrix': this is no rotation"],
  [sly({ intrinsicMatrix: [] }), "field 'extrinsicMatrix': is missing"],
] as [ReturnType<typeof file>, string][])('fault %# is named', (broken, reason) => {
  expect(() => readCalibration([broken])).toThrow(reason)
})
