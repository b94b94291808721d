// KITTI object labels: round trips to within a micrometre, KITTI's own numbers, and bad input.

import { describe, expect, test } from 'bun:test'
import { projectPoint } from '../geometry3d/camera'
import { listCorners, readCuboid } from '../geometry3d/cuboid'
import { createRotation } from '../geometry3d/rotation'
import type { RelatedImage } from '../model'
import { sampleCamera } from '../testing/format-sample'
import { readTexts } from '../testing/golden'
import { createItem, createSample, createShape, exportBytes, importAll, packZip } from '../testing/sample'

const format = 'KITTI Object 1.0'
const camera = sampleCamera
const pointsOf = (...nine: number[]) => [...nine, 0, 0, 0, 0, 0, 0, 0]
const cuboid = (points: number[], rest: object = {}) => createShape('cuboid', { points, ...rest })
const itemOf = (shapes: ReturnType<typeof cuboid>[], related: RelatedImage[]) => ({
  ...createItem(0, shapes),
  name: '000000.pcd',
  related,
})
const picture = (one: typeof camera, name = `${one.name}.jpg`): RelatedImage => ({
  name,
  read: async () => Buffer.from('x'),
  camera: one,
})
const write = (shapes: ReturnType<typeof cuboid>[], related = [picture(camera)]) =>
  exportBytes(format, createSample([], { items: [itemOf(shapes, related)] }))
const frames = {
  frames: {
    ...(await import('../match')).createFrameLookup({ frames: [{ frame: 0, name: '000000.pcd', width: 1, height: 1 }] }),
  },
}

describe('round trips', () => {
  test.each([
    ['straight', camera],
    ['leaning', { ...camera, rotation: createRotation([1.4, 0.2, -1.6]) }],
    ['fisheye', { ...camera, model: 'fisheye' as const, distortion: [0.1, -0.02, 0, 0] }],
  ])('of every turn, by a %s camera', async (_, one) => {
    const turns = Array.from({ length: 24 }, (_, i) => (i - 11.5) * 0.26)
    const shapes = turns.map((turn, i) =>
      cuboid(pointsOf(12.3456789 - i, i - 7.1, 0.7, 0, 0, turn, 4.2, 1.8, 1.5), { occluded: i % 2 === 1 }),
    )
    const { shapes: back } = await importAll(format, await write(shapes, [picture(one)]), frames)
    expect(back.length).toBe(24)
    for (const [i, { points, occluded }] of back.entries()) {
      for (const [at, value] of points.entries()) expect(Math.abs(value - shapes[i]!.points[at]!)).toBeLessThan(1e-6)
      expect(occluded).toBe(i % 2 === 1)
    }
  })
})

describe('columns', () => {
  test("the box in the picture holds all corners; alpha and sizes are KITTI's", async () => {
    const shape = cuboid(pointsOf(20, 2, 0.5, 0, 0, 0.4, 4, 1.8, 1.5))
    const text = (await readTexts(await write([shape])))['training/label_2/000000.txt']!
    const words = text.trim().split(' ')
    expect(words[0]).toBe('per_son_"<&>"')
    const [truncated, occluded, alpha, left, top, right, bottom, h, w, l, x, , z, turn] = words.slice(1).map(Number) as number[]
    expect([truncated, occluded, h, w, l]).toEqual([0, 0, 1.5, 1.8, 4])
    const pixels = listCorners(readCuboid(shape.points)).map((corner) => projectPoint(camera, corner)!)
    expect(left).toBeCloseTo(Math.min(...pixels.map(({ u }) => u)), 6)
    expect(bottom).toBeCloseTo(Math.max(...pixels.map(({ v }) => v)), 6)
    expect([top! < bottom!, left! < right!]).toEqual([true, true])
    expect(alpha).toBeCloseTo(turn! - Math.atan2(x!, z!), 6)
    // Yaw 0.4 to the left of ahead: KITTI counts from the right, downwards.
    expect(turn).toBeCloseTo(-0.4 - Math.PI / 2, 6)
  })

  test('behind the camera there is no box, at the border a part of it', async () => {
    const text = (await readTexts(await write([
      cuboid(pointsOf(-20, 0, 0, 0, 0, 0, 2, 2, 2)),
      cuboid(pointsOf(10, 8.5, 0, 0, 0, 0, 2, 2, 2)),
    ])))['training/label_2/000000.txt']! // biome-ignore format: one call
    const [behind, border] = text
      .trim()
      .split('\n')
      .map((line) => line.split(' ').slice(1).map(Number))
    expect(behind!.slice(3, 7)).toEqual([-1, -1, -1, -1])
    expect(behind![0]).toBe(1)
    expect(border![0]).toBeGreaterThan(0.05)
    expect(border![0]).toBeLessThan(0.95)
    expect(border![3]).toBe(0)
  })

  test("KITTI's cameras keep their numbers", async () => {
    const second = { ...camera, name: 'image_02' }
    const third = {
      ...camera,
      name: 'image_03',
      translation: [camera.translation[0] - 0.54, camera.translation[1], camera.translation[2]] as const,
    }
    const texts = await readTexts(await write([cuboid(pointsOf(9, 0, 0, 0, 0, 0, 1, 1, 1))], [picture(third), picture(second)]))
    const calib = texts['training/calib/000000.txt']!
    expect(calib).toContain('P2: 700 0 600 0 0 710 180 0 0 0 1 0')
    expect(calib).toMatch(/^P3: 700 0 600 -378(\.0+\d*)? 0 710/m)
  })
})

describe('bad input', () => {
  const calib = 'P2: 700 0 600 0 0 700 180 0 0 0 1 0\nR0_rect: 1 0 0 0 1 0 0 0 1\nTr_velo_to_cam: 0 -1 0 0 0 0 -1 0 1 0 0 0\n'
  const line = 'skel 0 0 0 1 2 3 4 1.5 1.6 3.9 1 1.5 20 0.1'
  test("a label of KITTI's own", async () => {
    const files = {
      'label_2/000000.txt': `${line} 0.75\nDontCare -1 -1 -10 1 2 3 4 -1 -1 -1 -1000 -1000 -1000 -10\n`,
      'calib/000000.txt': calib,
    }
    const { shapes } = await importAll(format, await packZip(files), frames)
    expect(shapes).toHaveLength(1)
    const found = shapes[0]!
    expect(found.points.slice(0, 3).map((value) => Math.round(value * 1e9) / 1e9)).toEqual([20, -1, -0.75])
    expect(found.points[5]).toBeCloseTo(-0.1 - Math.PI / 2, 9)
    expect([found.points.slice(6, 9), found.score]).toEqual([[3.9, 1.6, 1.5], 0.75])
  })
  test.each([
    [{ 'label_2/000000.txt': line }, 'the dataset must contain its calibration, "calib/000000.txt"'],
    [
      { 'label_2/000000.txt': `${line} 1 1`, 'calib/000000.txt': calib },
      'label_2/000000.txt, line 1: a type and 14 or 15 numbers are needed, not 16',
    ],
    [{ 'label_2/000000.txt': line.replace('3.9', 'x'), 'calib/000000.txt': calib }, "'x' is not a finite number"],
    [{ 'label_2/000000.txt': line.replace('3.9', '-1'), 'calib/000000.txt': calib }, 'height, width and length must be above 0'],
    [{ 'label_2/000000.txt': line, 'calib/000000.txt': 'P2: 1\n' }, 'calib/000000.txt'],
    [{ 'label_2/000000.txt': line.replace('skel', 'bus'), 'calib/000000.txt': calib }, "Label 'bus' is not registered"],
    [{ 'label_2/77.txt': line, 'calib/77.txt': calib }, 'Could not match'],
  ] as [Record<string, string>, string][])('fault %# is named', async (files, reason) => {
    await expect(packZip(files).then((bytes) => importAll(format, bytes, frames))).rejects.toThrow(reason)
  })
  test('without calibration nothing is written', async () => {
    const bare: RelatedImage[] = [{ name: 'a.jpg', read: async () => Buffer.from('x') }]
    await expect(write([cuboid(pointsOf(1, 2, 3, 0, 0, 0, 1, 1, 1))], bare)).rejects.toThrow(
      "item '000000.pcd': KITTI labels are of a camera: no picture beside this frame has a calibration",
    )
  })
})
