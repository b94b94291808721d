// Cuboids between the coordinates of a cloud and those of KITTI's labels: the bottom's middle seen from the camera, turned about its y.

import { invertPose, movePoint, type Pose } from '../calibration/pose'
import type { Cuboid } from '../geometry3d/cuboid'
import { normaliseAngle, turnVector, type Vector } from '../geometry3d/rotation'

export type CameraCuboid = {
  /** Height, width, length. */
  dimensions: Vector
  /** x right, y down, z forward. */
  location: Vector
  /** About the camera's y; 0 where the length lies along its x. */
  rotationY: number
}

/** Turns about other axes than the cloud's z have no place in KITTI's labels and are left out. */
export function toCameraCuboid({ position, rotation, scale }: Cuboid, camera: Pose): CameraCuboid {
  const [length, width, height] = scale
  const [x, y, z] = movePoint(camera, position)
  const ahead = turnVector(camera.rotation, [Math.cos(rotation[2]), Math.sin(rotation[2]), 0])
  return { dimensions: [height, width, length], location: [x, y + height / 2, z], rotationY: Math.atan2(-ahead[2], ahead[0]) }
}

/** The exact way back: the turn about z whose length is seen at this angle, also from a camera that leans. */
export function fromCameraCuboid({ dimensions, location, rotationY }: CameraCuboid, camera: Pose): Cuboid {
  const [height, width, length] = dimensions
  const { rotation: m } = camera
  const [sin, cos] = [Math.sin(rotationY), Math.cos(rotationY)]
  // (m · ahead)x · sin + (m · ahead)z · cos = 0, on the side where the length points as the label says.
  const [a, b] = [m[0] * sin + m[6] * cos, m[1] * sin + m[7] * cos]
  const yaw = Math.atan2(-a, b)
  const ahead = turnVector(m, [Math.cos(yaw), Math.sin(yaw), 0])
  const isBackwards = ahead[0] * cos - ahead[2] * sin < 0
  return {
    position: movePoint(invertPose(camera), [location[0], location[1] - height / 2, location[2]]),
    rotation: [0, 0, normaliseAngle(isBackwards ? yaw + Math.PI : yaw)],
    scale: [length, width, height],
  }
}
