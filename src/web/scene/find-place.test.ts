// What a pixel of the perspective view means: the ground itself, what is below a roof, a bridge for itself, nothing in the sky.
import { expect, test } from 'bun:test'
import type { Vector } from '../../formats/geometry3d/rotation'
import { findGround, findPlace } from './find-place'
import { axesOf, eyeOf, fieldOfView, type Orbit } from './views/orbit'
import { SceneView } from './views/scene-view'

const ground = { normal: [0, 0, 1] as Vector, offset: 1.8, support: 1000 }
const orbit: Orbit = { target: [0, 0, -1.8], distance: 20, yaw: Math.PI, pitch: 0.5 }

const view = new SceneView('perspective', null as never)
view.box = { left: 0, top: 0, width: 800, height: 400 }
view.camera = { type: 'perspective', eye: eyeOf(orbit), axes: axesOf(orbit), fov: fieldOfView, near: 0.1, far: 200 }

const middle = { x: 400, y: 200 }
const sky = { x: 400, y: -400 }
const cloudOf = (found: Vector | null, known: typeof ground | null = ground) => ({ pick: () => found, ground: known })

const expectNear = (found: Vector | null, wanted: Vector) => {
  for (const [axis, value] of wanted.entries()) expect(found![axis]).toBeCloseTo(value, 6)
}

test('without a point the ground counts, without ground the level of the origin, in the sky nothing', () => {
  expectNear(findGround({ view, cloud: cloudOf(null) }, middle), [0, 0, -1.8])
  expect(findGround({ view, cloud: cloudOf(null, null) }, middle)![2]).toBeCloseTo(0, 6)
  expect(findGround({ view, cloud: cloudOf(null) }, sky)).toBeNull()
  expectNear(findPlace({ view, cloud: cloudOf([3, 4, 5]) }, middle), [3, 4, 5])
})

test('among points of the ground the place itself is meant', () => {
  expectNear(findGround({ view, cloud: cloudOf([-0.4, 0.1, -1.79]) }, middle), [0, 0, -1.8])
})

test('a roof stands for what is below it, a bridge for itself, a point without known ground too', () => {
  expectNear(findGround({ view, cloud: cloudOf([1, 2, -0.2]) }, middle), [1, 2, -1.8])
  expectNear(findGround({ view, cloud: cloudOf([1, 2, 5]) }, middle), [1, 2, 5])
  expectNear(findGround({ view, cloud: cloudOf([1, 2, -0.2], null) }, middle), [1, 2, -0.2])
})
