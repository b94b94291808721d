// nuScenes' tables: round trips through the world, tracks, boxes in pictures, and bad input.

import { describe, expect, test } from 'bun:test'
import { createPose, type Pose } from '../calibration/pose'
import { resolveCalibration } from '../calibration/task-calibration'
import { boundCuboid } from '../geometry3d/camera'
import { readCuboid } from '../geometry3d/cuboid'
import type { Item, ItemShape, RelatedImage } from '../model'
import { sampleCamera } from '../testing/format-sample'
import { readTexts } from '../testing/golden'
import { carAttributes, createItem, createSample, createShape, exportBytes, importAll, packZip } from '../testing/sample'

const format = 'nuScenes 1.0'
const far: Pose = createPose([0.9238795325112867, 0, 0, 0.3826834323650898], [512_345.5, 4_100_321.25, 30])
const turned = (z: number) => createPose([Math.cos(z / 2), 0.02, -0.01, Math.sin(z / 2)], [z * 10, -3, 0.5])
const related: RelatedImage[] = [{ name: 'front.png', read: async () => Buffer.from('front'), camera: sampleCamera }]
const pointsOf = (...nine: number[]) => [...nine, 0, 0, 0, 0, 0, 0, 0]
const cuboid = (points: number[], rest: Partial<ItemShape> = {}) => createShape('cuboid', { points, ...rest })
const item = (frame: number, shapes: ItemShape[], pose?: Pose): Item => ({
  ...createItem(frame, shapes),
  related,
  ...(pose && { pose }),
})
const shapes = [
  cuboid(pointsOf(12.25, -3.5, 0.75, 0, 0, 2.9, 4.5, 1.9, 1.6), { occluded: true, label_id: 1, attributes: carAttributes }),
  cuboid(pointsOf(-6.123456789, 8, 1, 0.3, -0.2, -3.1, 0.8, 0.7, 1.8)),
]
const near = (a: readonly number[], b: readonly number[]) => {
  for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThan(1e-6)
}
const tablesOf = (texts: Record<string, string>, name: string) => JSON.parse(texts[`v1.0-annolith/${name}.json`]!) as any[]

describe('round trips', () => {
  test.each([
    ['none', undefined],
    ['turned', turned(1.2)],
    ['far away', far],
  ] as const)('through the world, pose: %s', async (_, pose) => {
    // biome-ignore format: table
    const items = [item(0, shapes, pose), item(1, []), item(2, [])]
    const { shapes: back } = await importAll(format, await exportBytes(format, createSample([], { items })))
    expect(back.length).toBe(2)
    for (const shape of shapes) {
      const found = back.find(({ label_id }) => label_id === shape.label_id)!
      near(found.points, shape.points)
      expect([found.occluded, found.attributes, found.frame]).toEqual([shape.occluded, shape.attributes, 0])
    }
  })

  test('tracks come back with their key frames', async () => {
    const key = (x: number, keyframe: boolean) => cuboid(pointsOf(x, 0, 0, 0, 0, 0.1, 4, 2, 1.5), { track_id: 0, keyframe })
    const items = [
      item(0, [key(1, true)], turned(0)),
      item(1, [key(2, false)], turned(0.4)),
      item(2, [key(3, true)], turned(0.8)),
    ]
    const texts = await readTexts(await exportBytes(format, createSample([], { items })))
    const rows = tablesOf(texts, 'sample_annotation')
    expect(rows.map(({ prev }) => rows.findIndex(({ token }) => token === prev))).toEqual([-1, 0, 1])
    expect(rows.map(({ next }) => rows.findIndex(({ token }) => token === next))).toEqual([1, 2, -1])
    expect(tablesOf(texts, 'instance')).toMatchObject([{ nbr_annotations: 3, first_annotation_token: rows[0].token }])
    const { tracks, shapes: plain } = await importAll(format, await exportBytes(format, createSample([], { items })))
    expect(plain).toEqual([])
    expect(tracks[0]!.shapes.map(({ frame, outside }) => [frame, outside])).toEqual([[0, false], [2, false]]) // biome-ignore format: pairs
    near(tracks[0]!.shapes[1]!.points, pointsOf(3, 0, 0, 0, 0, 0.1, 4, 2, 1.5))
  })

  test('sensors and poses of the tables are a calibration again', async () => {
    const items = [item(0, shapes, far), item(1, [], turned(1))]
    const texts = await readTexts(await exportBytes(format, createSample([], { items })))
    const files = Object.entries(texts).map(([name, text]) => ({ name, text }))
    const wanted = files.filter(({ name }) => /(calibrated_sensor|sensor|ego_pose|sample_data)\.json$/.test(name))
    const images = (name: string) => [`samples/CAM_FRONT/${name}__CAM_FRONT.png`]
    const { cameras, frames, problems } = resolveCalibration(wanted, [
      { name: 'samples/LIDAR_TOP/img 1.jpg', number: 0, images: images('img 1') },
      { name: 'samples/LIDAR_TOP/üñ.png', number: 1, images: images('üñ') },
    ])
    expect(problems).toEqual([])
    near(cameras[frames[0]!.cameras[0]!]!.translation, sampleCamera.translation)
    near(cameras[frames[0]!.cameras[0]!]!.rotation, sampleCamera.rotation)
    near(frames[0]!.pose!.translation, far.translation)
    near(frames[1]!.pose!.rotation, turned(1).rotation)
  })
})

test('boxes of each camera when they are asked for', async () => {
  const items = [item(0, shapes, far)]
  const plain = await readTexts(await exportBytes(format, createSample([], { items })))
  expect(Object.keys(plain).filter((name) => name.includes('image_annotations'))).toEqual([])
  const texts = await readTexts(await exportBytes('nuScenes with 2D boxes 1.0', createSample([], { items })))
  const boxes = tablesOf(texts, 'image_annotations')
  // The other one is behind the camera.
  expect(boxes).toHaveLength(1)
  const { left, top, right, bottom } = boundCuboid(sampleCamera, readCuboid(shapes[0]!.points))!
  near(boxes[0].bbox_corners, [left, top, right, bottom])
  const data = tablesOf(texts, 'sample_data').find(({ token }) => token === boxes[0].sample_data_token)
  expect([data.filename, data.width]).toEqual([boxes[0].filename, 1240])
})

describe('bad input', () => {
  const write = async (changes: Record<string, (rows: any[]) => any>) => {
    const texts = await readTexts(await exportBytes(format, createSample([], { items: [item(0, shapes)] })))
    for (const [name, change] of Object.entries(changes)) {
      const path = `v1.0-annolith/${name}.json`
      const changed = change(JSON.parse(texts[path]!))
      if (changed === undefined) delete texts[path]
      else texts[path] = typeof changed === 'string' ? changed : JSON.stringify(changed)
    }
    return packZip(texts)
  }
  const first = (more: object) => (rows: any[]) => [{ ...rows[0], ...more }, ...rows.slice(1)]
  test.each([
    [{ instance: () => undefined }, 'Dataset must contain a file: "v1.0-<name>/instance.json"'],
    [
      { sample_annotation: first({ instance_token: 'x' }) },
      "item 'sample_annotation[0]', field 'instance_token': there is no instance 'x'",
    ],
    [{ sample_annotation: first({ sample_token: 'x' }) }, "there is no cloud of sample 'x'"],
    [{ sample_annotation: first({ size: [1, 2] }) }, "field 'size': width, length and height"],
    [{ sample_annotation: first({ rotation: [1, 1, 1, 1] }) }, "field 'rotation': a quaternion"],
    [{ sample_annotation: first({ attribute_tokens: ['x'] }) }, "there is no attribute 'x'"],
    [{ sample_data: first({ calibrated_sensor_token: 'x' }) }, "there is no sensor 'x'"],
    [{ category: (rows) => rows.map((row) => ({ ...row, name: 'bus' })) }, "Label 'bus' is not registered"],
    [{ ego_pose: () => '[{' }, 'v1.0-annolith/ego_pose.json'],
    [{ ego_pose: () => '{}' }, 'v1.0-annolith/ego_pose.json: a list is needed'],
  ] as [Record<string, (rows: any[]) => any>, string][])('fault %# is named', async (changes, reason) => {
    await expect(write(changes).then((bytes) => importAll(format, bytes))).rejects.toThrow(reason)
  })
})
