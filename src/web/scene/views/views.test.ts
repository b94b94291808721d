// Cameras, projections and rays of the 3D workspace: there and back, the right side stays, angles stay in their range.
import { describe, expect, test } from 'bun:test'
import type { Cuboid } from '../../../formats/geometry3d/cuboid'
import { createRotation, turnVector, type Vector } from '../../../formats/geometry3d/rotation'
import { findCuboid, hitCuboid } from '../hit-cuboid'
import type { ViewName } from '../workspace'
import { clipLine, clipPolygon, dotVectors, transformPoint } from './matrix'
import { axesOf, dollyOrbit, eyeOf, fieldOfView, fitOrbit, type Orbit, shiftOrbit, startOrbit, turnOrbit } from './orbit'
import { axesOfProjection, axisOf, growCuboid, leastSize, projectionNames, pullGrip, turnInView } from './projection'
import { SceneView } from './scene-view'

const orbit: Orbit = { target: [10, -4, 1], distance: 20, yaw: 2.4, pitch: 0.5 }
const car: Cuboid = { position: [500_010, 4_000_003, 12], rotation: [0.1, -0.2, 2.9], scale: [4, 2, 1.5] }

const makeView = (name: ViewName = 'perspective'): SceneView => {
  const view = new SceneView(name, null as never)
  view.box = { left: 0, top: 0, width: 800, height: 400 }
  return view
}

const expectNear = (a: readonly number[], b: readonly number[], digits = 6) => {
  for (const [i, value] of a.entries()) expect(value).toBeCloseTo(b[i]!, digits)
}

describe('the perspective camera', () => {
  test('a ray through the pixel of a place meets the place', () => {
    const view = makeView()
    view.camera = { type: 'perspective', eye: eyeOf(orbit), axes: axesOf(orbit), fov: fieldOfView, near: 0.1, far: 200 }
    for (const place of [
      [12, -3, 0],
      [5, -6, 3],
      [9, 0, 1],
    ] as Vector[]) {
      const at = view.project(place)!
      const { origin, direction } = view.castRay(at.x, at.y)
      const way = place.map((value, axis) => value - origin[axis]!) as unknown as Vector
      const along = dotVectors(way, direction)
      expectNear(
        way.map((value, axis) => value - direction[axis]! * along),
        [0, 0, 0],
      )
      const [x, y, , w] = transformPoint(view.matrix, place)
      expectNear([((x / w + 1) / 2) * 800, ((1 - y / w) / 2) * 400], [at.x, at.y])
    }
  })

  test('what lies behind the camera is nowhere', () => {
    const view = makeView()
    const eye = eyeOf(orbit)
    view.camera = { type: 'perspective', eye, axes: axesOf(orbit), fov: fieldOfView, near: 0.1, far: 200 }
    const behind = eye.map((value, axis) => value + axesOf(orbit).back[axis]!) as unknown as Vector
    expect(view.project(behind)).toBeNull()
  })

  test('moving to the pointer keeps the place there, shifting moves by metres, pitch stops upright', () => {
    const about: Vector = [14, -2, 0]
    const view = makeView()
    const look = (one: Orbit) => {
      view.camera = { type: 'perspective', eye: eyeOf(one), axes: axesOf(one), fov: fieldOfView, near: 0.1, far: 200 }
      return view.project(about)!
    }
    const [before, after] = [look(orbit), look(dollyOrbit(orbit, 0.5, about))]
    expectNear([after.x, after.y], [before.x, before.y])
    const shifted = shiftOrbit(orbit, 3, 0)
    expect(dotVectors(shifted.target.map((v, i) => v - orbit.target[i]!) as never, axesOf(orbit).right)).toBeCloseTo(3)
    expect(turnOrbit(orbit, 0, 9).pitch).toBeCloseTo(Math.PI / 2)
  })

  test('a fitted ball lies within the view; a large cloud is first seen around its sensor', () => {
    const fitted = fitOrbit(orbit, [1, 2, 3], 5, 2)
    expect(fitted.distance * Math.sin(fieldOfView / 2)).toBeCloseTo(5)
    expect(startOrbit({ min: [-80, -80, -3], max: [80, 80, 20] }, 2).target.slice(0, 2)).toEqual([0, 0])
    expect(startOrbit({ min: [500_000, 0, 0], max: [500_010, 10, 2] }, 2).target[0]).toBe(500_005)
  })
})

describe('the projections', () => {
  test.each(projectionNames.map((name) => [name]))('%s looks along its own axis, right-handed', (name) => {
    const { right, up, back } = axesOfProjection(name, car)
    for (const [a, b] of [
      [right, up],
      [up, back],
      [back, right],
    ] as const)
      expect(dotVectors(a, b)).toBeCloseTo(0)
    const cross = [right[1] * up[2] - right[2] * up[1], right[2] * up[0] - right[0] * up[2], right[0] * up[1] - right[1] * up[0]]
    expectNear(cross, back)
  })

  test.each(projectionNames.map((name) => [name]))('pulling a corner in %s leaves the opposite one where it is', (name) => {
    const { right, up } = axesOfProjection(name, car)
    const by = (a: number, b: number) => car.position.map((v, i) => v + a * right[i]! + b * up[i]!) as unknown as Vector
    const pulled = pullGrip(name, car, { x: 1, y: -1 }, car.position, by(0.5, -0.25))
    const corner = (one: Cuboid) => {
      const own = one.scale.map((length) => -length / 2) as unknown as Vector
      // The corner at the low end of the first axis and the high end of the second.
      const axis = { top: 1, side: 2, front: 2 }[name]
      const turned = turnVector(createRotation(one.rotation), own.map((v, i) => (i === axis ? -v : v)) as unknown as Vector)
      return turned.map((v, i) => v + one.position[i]!)
    }
    expectNear(corner(pulled), corner(car), 5)
    expect(pulled.scale.reduce((sum, v) => sum + v, 0)).toBeCloseTo(7.5 + 0.75)
  })

  test('a cuboid never gets thinner than the least size', () => {
    expect(growCuboid(car, 0, 1, -9).scale[0]).toBe(leastSize)
  })

  test('turning in a view turns counter-clockwise on its screen, across ±π too', () => {
    const flat: Cuboid = { position: [0, 0, 0], rotation: [0, 0, 3.1], scale: [4, 2, 1] }
    const turned = turnInView('top', flat, 0.1)
    expect(turned.rotation[2]).toBeCloseTo(3.2 - 2 * Math.PI)
    for (const name of projectionNames) {
      const { right, up } = axesOfProjection(name, flat)
      const after = axesOfProjection(name, turnInView(name, flat, 0.3)).right
      expectNear([dotVectors(after, right), dotVectors(after, up)], [Math.cos(0.3), Math.sin(0.3)])
    }
  })
})

describe('rays', () => {
  const ray = { origin: [-10, 0, 0] as Vector, direction: [1, 0, 0] as Vector }
  const box = (x: number, size: number): Cuboid => ({ position: [x, 0, 0], rotation: [0, 0, 0.4], scale: [size, size, size] })

  test('the nearest cuboid is meant, or the one inside of it, never the one around the eye', () => {
    const all = [
      { clientId: 1, cuboid: box(5, 1) },
      { clientId: 2, cuboid: box(0, 4) },
      { clientId: 3, cuboid: box(0, 1) },
      { clientId: 4, cuboid: box(-10, 2) },
    ]
    expect(findCuboid(ray, all, () => 0)).toEqual([3, 2, 1])
    expect(hitCuboid({ ...ray, direction: [-1, 0, 0] }, box(0, 1))).toBeNull()
  })

  test('a cuboid that is missed by little is meant when nothing is hit', () => {
    const aside: Cuboid = { position: [0, 0.7, 0], rotation: [0, 0, 0], scale: [1, 1, 1] }
    expect(findCuboid(ray, [{ clientId: 1, cuboid: aside }], () => 0.1)).toEqual([])
    expect(findCuboid(ray, [{ clientId: 1, cuboid: aside }], () => 0.3)).toEqual([1])
  })
})

test('lines and areas are cut where the camera stands', () => {
  const [a, b] = [
    [0, 0, 0, 1],
    [0, 0, 0, -1],
  ]
  expect(clipLine(b, b)).toBeNull()
  expect(clipLine(a, b)![1][3]).toBeCloseTo(1e-4)
  expect(clipPolygon([a, b, [1, 0, 0, 1]])).toHaveLength(4)
})

test('the axes of a turned cuboid are those of its rotation', () => {
  expectNear(axisOf({ rotation: [0, 0, Math.PI / 2] }, 0), [0, 1, 0])
})
