// One of the four views: the part of the screen it takes, its camera, and the way between places in space and on the screen.
import type { Vector } from '../../../formats/geometry3d/rotation'
import type { Ray, View, ViewName } from '../workspace'
import {
  type Axes,
  addVectors,
  createOrthographic,
  createPerspective,
  createTranslation,
  createView,
  type Matrix4,
  multiplyMatrix,
  normaliseVector,
  scaleVector,
  subtractVectors,
  transformPoint,
} from './matrix'

/** CSS pixels from the corner of the area with all views. */
export type Box = { left: number; top: number; width: number; height: number }

/** Metres: `far` from the eye; of a projection the eye stands at the middle of what is seen, `near` is behind it. */
export type Camera =
  | { type: 'perspective'; eye: Vector; axes: Axes; fov: number; near: number; far: number }
  | { type: 'orthographic'; eye: Vector; axes: Axes; pixel: number; near: number; far: number }

export class SceneView implements View {
  box: Box = { left: 0, top: 0, width: 1, height: 1 }
  /** Added to places on the GPU to get coordinates of the file. */
  origin: Vector = [0, 0, 0]
  /** Null while the view has nothing to show. */
  camera: Camera | null = null

  constructor(
    readonly name: ViewName,
    readonly element: HTMLElement,
  ) {}

  /** Places less `origin` to the camera, and the camera to clip space. */
  get matrices(): { view: number[]; projection: number[] } | null {
    const { camera, box } = this
    if (!camera) return null
    const eye = subtractVectors(camera.eye, this.origin)
    const view = createView(eye, camera.axes)
    if (camera.type === 'perspective')
      return { view, projection: createPerspective(camera.fov, box.width / box.height, camera.near, camera.far) }
    const half = camera.pixel / 2
    return { view, projection: createOrthographic(half * box.width, half * box.height, camera.near, camera.far) }
  }

  /** Places less `origin` to clip space; empty while the view is. */
  get local(): Matrix4 {
    const both = this.matrices
    return both ? multiplyMatrix(both.projection, both.view) : []
  }

  get matrix(): number[] {
    const { local } = this
    return local.length === 0 ? [] : multiplyMatrix(local, createTranslation(scaleVector(this.origin, -1)))
  }

  /** From clip space to CSS pixels of the view. */
  toPixels([x, y, , w]: readonly number[]): { x: number; y: number } {
    return { x: ((x! / w! + 1) / 2) * this.box.width, y: ((1 - y! / w!) / 2) * this.box.height }
  }

  project(at: Vector): { x: number; y: number } | null {
    const { local } = this
    if (local.length === 0) return null
    const clip = transformPoint(local, subtractVectors(at, this.origin))
    return clip[3] > 1e-6 ? this.toPixels(clip) : null
  }

  castRay(x: number, y: number): Ray {
    const { camera, box } = this
    if (!camera) return { origin: [0, 0, 0], direction: [0, 0, -1] }
    const { right, up, back } = camera.axes
    const across = (2 * x) / box.width - 1
    const upward = 1 - (2 * y) / box.height
    if (camera.type === 'orthographic') {
      const half = camera.pixel / 2
      const shift = addVectors(scaleVector(right, across * half * box.width), scaleVector(up, upward * half * box.height))
      // From where the view begins.
      const start = addVectors(camera.eye, scaleVector(back, -camera.near))
      return { origin: addVectors(start, shift), direction: scaleVector(back, -1) }
    }
    const tall = Math.tan(camera.fov / 2)
    const side = addVectors(scaleVector(right, across * tall * (box.width / box.height)), scaleVector(up, upward * tall))
    return { origin: camera.eye, direction: normaliseVector(subtractVectors(side, back)) }
  }

  /** Metres that a pixel covers at a place. */
  measurePixel(at: Vector): number {
    const { camera, box } = this
    if (!camera) return 0
    if (camera.type === 'orthographic') return camera.pixel
    const depth = Math.hypot(...subtractVectors(at, camera.eye))
    return (2 * depth * Math.tan(camera.fov / 2)) / box.height
  }
}
