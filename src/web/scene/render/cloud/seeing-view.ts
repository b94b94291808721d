// What a camera sees, in the coordinates of a frame's points.
import { type Camera, Matrix4, Vector3 } from 'three'
import { createFrustum } from '../../../../formats/geometry3d/frustum'
import type { DrawnView } from '../point-layer'
import type { SeeingView } from './choose-nodes'

const isPerspective = (camera: Camera): boolean => camera.projectionMatrix.elements[15] === 0

/** @param placed where the frame's points come in the coordinates of the camera; absent: they are those */
export const seeFrom = ({ camera, height }: DrawnView, placed?: Matrix4): SeeingView => {
  const whole = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse)
  if (placed) whole.multiply(placed)
  const eye = new Vector3().setFromMatrixPosition(camera.matrixWorld)
  if (placed) eye.applyMatrix4(new Matrix4().copy(placed).invert())
  return {
    planes: createFrustum(new Matrix4().copy(whole).transpose().toArray()),
    eye: isPerspective(camera) ? [eye.x, eye.y, eye.z] : null,
    scale: (camera.projectionMatrix.elements[5]! * height) / 2,
  }
}
