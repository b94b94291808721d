// Dragging in pictures puts cuboids where the pixels look, for pinholes with distortion and for fisheyes.
import { describe, expect, test } from 'bun:test'
import { type Camera, projectPoint } from '../../../formats/geometry3d/camera'
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import { createRotation, multiplyMatrices, turnVector, type Vector } from '../../../formats/geometry3d/rotation'
import { hitCuboid } from '../hit-cuboid'
import {
  bottomOf,
  castPictureRay,
  clipToPicture,
  handleIds,
  leastSide,
  listPictureHandles,
  moveBottom,
  placeHandle,
  pullHandle,
  seePlace,
} from './picture-geometry'

const ahead = [0, -1, 0, 0, 0, -1, 1, 0, 0] as const
const pinhole: Camera = {
  ...{ model: 'pinhole', fx: 420, fy: 410, cx: 330, cy: 235, width: 640, height: 480 },
  distortion: [-0.2, 0.05, 0.001, -0.002],
  rotation: multiplyMatrices(createRotation([0.05, -0.02, 0.01]), ahead),
  translation: [0.1, 0.2, -0.4],
}
const fisheye: Camera = { ...pinhole, model: 'fisheye', distortion: [0.05, -0.01, 0.002, 0] }
const cuboid: Cuboid = { position: [9, 1, -1], rotation: [0, 0, 0.5], scale: [4, 1.8, 1.6] }
const tilted: Cuboid = { ...cuboid, rotation: [0.1, -0.15, 2.8] }
const cases = [['pinhole', pinhole, cuboid], ['fisheye', fisheye, cuboid], ['tilted', pinhole, tilted]] as const // biome-ignore format: table

const near = (a: readonly number[], b: readonly number[], digits = 6) => {
  for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i]!, digits)
}

describe.each(cases)('%s', (_, camera, start) => {
  test('a ray goes through what its pixel shows', () => {
    const pixel = projectPoint(camera, start.position)!
    const ray = castPictureRay(camera, pixel)
    const { from, to } = hitCuboid(ray, start)!
    const middle = ray.origin.map((value, axis) => value + ray.direction[axis]! * ((from + to) / 2))
    expect(Math.hypot(...ray.direction)).toBeCloseTo(1, 9)
    expect(Math.hypot(...middle.map((value, axis) => value - start.position[axis]!))).toBeLessThan(2)
  })

  test('moving keeps the height and brings the bottom to the pixel', () => {
    const goal: Vector = [bottomOf(start)[0] + 1.5, bottomOf(start)[1] - 0.75, bottomOf(start)[2]]
    const moved = moveBottom(camera, start, projectPoint(camera, goal)!)!
    near(bottomOf(moved), goal)
    near([moved.position[2], ...moved.scale, ...moved.rotation], [start.position[2], ...start.scale, ...start.rotation])
  })

  test('every handle that is left where it is changes nothing', () => {
    const handles = listPictureHandles(camera, start)
    expect(handles.length).toBeGreaterThan(7)
    for (const { id, u, v } of handles) {
      const same = pullHandle(camera, start, id, { u, v })!
      near(same.position, start.position, 5)
      near(same.scale, start.scale, 5)
      near(same.rotation, start.rotation, 5)
    }
  })

  test('a corner follows the pixel and the opposite one stays', () => {
    const wanted: Cuboid = { ...start, scale: [5.5, 2.4, 1.6] }
    const fixed = placeHandle(start, '--')
    // The same lower left corner, with another length and width.
    const shift = turnVector(createRotation(start.rotation), [0.75, 0.3, 0])
    const goal = { ...wanted, position: start.position.map((value, axis) => value + shift[axis]!) as unknown as Vector }
    const pulled = pullHandle(camera, start, '++', projectPoint(camera, placeHandle(goal, '++'))!)!
    near(pulled.scale, goal.scale, 5)
    near(placeHandle(pulled, '--'), fixed, 5)
  })

  test('top and heading', () => {
    const taller = pullHandle(
      camera,
      start,
      'top',
      projectPoint(camera, placeHandle({ ...start, scale: [4, 1.8, 2.4] }, 'top'))!,
    )!
    expect(taller.scale[2]).toBeCloseTo(0.8 + 1.2, 5)
    near(bottomOf(taller), bottomOf(start), 5)
    const turned: Cuboid = { ...cuboid, rotation: [0, 0, -0.7] }
    near(pullHandle(camera, cuboid, 'heading', projectPoint(camera, placeHandle(turned, 'heading'))!)!.rotation, [0, 0, -0.7])
  })
})

test('sides never turn over', () => {
  const back = pullHandle(pinhole, cuboid, '+0', projectPoint(pinhole, placeHandle({ ...cuboid, scale: [7, 1.8, 1.6] }, '-0'))!)
  expect(back!.scale[0]).toBe(leastSide)
})

test('pixels above the horizon put nothing anywhere', () => {
  expect(moveBottom(pinhole, cuboid, { u: 320, v: 5 })).toBeNull()
  for (const id of handleIds) if (id !== 'top') expect(pullHandle(pinhole, cuboid, id, { u: 320, v: 5 })).toBeNull()
})

test('what is behind or beside the picture is not seen', () => {
  expect(seePlace(pinhole, [-5, 0, 0])).toBeNull()
  expect(seePlace(pinhole, [5, 30, 0])).toBeNull()
  expect(seePlace(fisheye, [9, 0, -1])).not.toBeNull()
})

test('lines are cut at the border, into pieces where they leave and come back', () => {
  const line = [{ u: -10, v: 5 }, { u: 10, v: 5 }, { u: 10, v: -5 }, { u: 15, v: -5 }, { u: 15, v: 5 }] // biome-ignore format: one line
  expect(clipToPicture(line, 20, 20)).toEqual([
    [{ u: 0, v: 5 }, { u: 10, v: 5 }, { u: 10, v: 0 }], // biome-ignore format: one line
    [{ u: 15, v: 0 }, { u: 15, v: 5 }], // biome-ignore format: one line
  ])
  expect(clipToPicture([{ u: -5, v: -5 }, { u: -1, v: 30 }], 20, 20)).toEqual([]) // biome-ignore format: one line
})
