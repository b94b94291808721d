// Projection and frustum against known places, inverses and brute force.

import { describe, expect, test } from 'bun:test'
import { boundCuboid, type Camera, castRay, fromCamera, projectCuboid, projectPoint, toCamera } from './camera'
import type { Cuboid } from './cuboid'
import { createCameraFrustum, createFrustum, isInFrustum, meetsFrustum } from './frustum'
import { createDraw } from './ground'
import { createRotation, type Matrix, multiplyMatrices, type Vector } from './rotation'

/** Looks along the cloud's x: right is −y, down is −z. */
const forward: Matrix = [0, -1, 0, 0, 0, -1, 1, 0, 0]
const plain: Camera = {
  ...{ model: 'pinhole', fx: 700, fy: 710, cx: 640, cy: 360, distortion: [] },
  ...{ rotation: forward, translation: [0, 0, 0], width: 1280, height: 720 },
}
const bent: Camera = { ...plain, distortion: [-0.32, 0.12, 0.001, -0.0015, -0.02] }
const fisheye: Camera = { ...plain, model: 'fisheye', fx: 350, fy: 350, distortion: [0.05, -0.01, 0.002, -0.0004] }
const turned: Camera = {
  ...bent,
  rotation: multiplyMatrices(forward, createRotation([0.1, -0.2, 0.7])),
  translation: [0.3, -1.2, 0.5],
}

describe('projection', () => {
  test('places that can be worked out by hand', () => {
    expect(projectPoint(plain, [10, 0, 0])).toEqual({ u: 640, v: 360, depth: 10 })
    expect(projectPoint(plain, [10, -2, -1])).toEqual({ u: 640 + 140, v: 360 + 71, depth: 10 })
    expect(projectPoint(plain, [-10, 0, 0])).toBeUndefined()
    // k1 only: r² = 0.05, so the picture shrinks by 1 − 0.1 · 0.05.
    const k1 = projectPoint({ ...plain, distortion: [-0.1] }, [10, -2, -1])!
    expect(k1.u).toBeCloseTo(640 + 140 * 0.995, 9)
    // Tangential: p1 · 2xy on u, p1 · (r² + 2y²) on v.
    const p1 = projectPoint({ ...plain, distortion: [0, 0, 0.01] }, [10, -2, -1])!
    expect([p1.u, p1.v]).toEqual([
      expect.closeTo(640 + 700 * (0.2 + 0.01 * 0.04), 9),
      expect.closeTo(360 + 710 * (0.1 + 0.01 * 0.07), 9),
    ])
    // Equidistant: 90° to the side is π/2 focal lengths away.
    const side = projectPoint({ ...fisheye, distortion: [] }, [0, -5, 0])!
    expect([side.u, side.v]).toEqual([expect.closeTo(640 + 350 * (Math.PI / 2), 9), expect.closeTo(360, 9)])
  })

  test('points far to the side do not fold back into a distorted picture', () => {
    for (let y = -200; y <= 200; y += 0.5) {
      const pixel = projectPoint(bent, [5, y, 0])
      if (Math.abs(y) > 10) expect(pixel).toBeUndefined()
    }
  })

  for (const [name, camera] of Object.entries({ plain, bent, fisheye, turned }))
    test(`${name}: a pixel's ray leads through the point that it shows`, () => {
      const draw = createDraw(3)
      let compared = 0
      for (let n = 0; n < 500; n++) {
        const point: Vector = [draw() * 60 - 10, draw() * 40 - 20, draw() * 20 - 10]
        const pixel = projectPoint(camera, point)
        const inside = pixel && pixel.u >= 0 && pixel.u <= 1280 && pixel.v >= 0 && pixel.v <= 720
        if (!inside) continue
        compared++
        const ray = castRay(camera, pixel.u, pixel.v)
        const away = Math.hypot(...toCamera(camera, point))
        const back = fromCamera(camera, ray.map((value) => value * away) as unknown as Vector)
        expect(Math.hypot(back[0] - point[0], back[1] - point[1], back[2] - point[2])).toBeLessThan(0.001)
      }
      expect(compared).toBeGreaterThan(30)
    })
})

describe('cuboids in pictures', () => {
  const cuboid: Cuboid = { position: [10, 0, 0], rotation: [0, 0, 0], scale: [2, 4, 2] }
  test('the rectangle around one, and its edges', () => {
    const box = boundCuboid(plain, cuboid)!
    expect([box.left, box.right]).toEqual([expect.closeTo(640 - (700 * 2) / 9, 6), expect.closeTo(640 + (700 * 2) / 9, 6)])
    expect([box.top, box.bottom]).toEqual([expect.closeTo(360 - 710 / 9, 6), expect.closeTo(360 + 710 / 9, 6)])
    expect(projectCuboid(plain, cuboid)).toHaveLength(12)
  })
  test('one that reaches behind the camera is cut, one behind it is not seen', () => {
    const around = { ...cuboid, position: [0, 0, -3] as Vector, scale: [40, 2, 1] as Vector }
    const lines = projectCuboid(plain, around)
    expect(lines.length).toBe(8)
    expect(lines.flat().every(({ u, v }) => Number.isFinite(u) && Number.isFinite(v))).toBe(true)
    expect(boundCuboid(plain, around)!.bottom).toBe(720)
    expect(boundCuboid(plain, { ...cuboid, position: [-10, 0, 0] })).toBeUndefined()
  })
})

describe('frustum', () => {
  test('a camera sees the points that appear in its picture, between near and far', () => {
    const camera = { ...turned, distortion: [], width: 1280, height: 720 }
    const planes = createCameraFrustum(camera, 1, 30)
    const draw = createDraw(5)
    let seen = 0
    for (let n = 0; n < 2000; n++) {
      const point: Vector = [draw() * 80 - 40, draw() * 80 - 40, draw() * 40 - 20]
      const pixel = projectPoint(camera, point)
      const isIn =
        !!pixel && pixel.u >= 0 && pixel.u <= 1280 && pixel.v >= 0 && pixel.v <= 720 && pixel.depth >= 1 && pixel.depth <= 30
      seen += Number(isIn)
      expect(isInFrustum(planes, point)).toBe(isIn)
      const box = { min: point, max: point.map((value) => value + 3) as unknown as Vector }
      if (isIn) expect(meetsFrustum(planes, box)).toBe(true)
    }
    expect(seen).toBeGreaterThan(50)
    expect(meetsFrustum(planes, { min: [1000, 1000, 1000], max: [1001, 1001, 1001] })).toBe(false)
  })
  test('an orthographic matrix gives its box', () => {
    const planes = createFrustum([0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, -0.1, 0, 0, 0, 0, 1])
    expect(planes).toHaveLength(6)
    for (const [
      point,
      isIn,
    ] of [[[1.9, -1.9, 9], true], [[2.1, 0, 0], false], [[0, 0, 11], false], [[0, -2.1, 0], false]] as const) // biome-ignore format: pairs
      expect(isInFrustum(planes, point as unknown as Vector)).toBe(isIn)
  })
})
