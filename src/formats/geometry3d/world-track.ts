// Tracks between key frames in the coordinates of the world: what stands still stays where it is while the scanner drives by.

import { chainPoses, invertPose, movePoint, type Pose, readQuaternion } from '../calibration/pose'
import type { Cuboid } from './cuboid'
import { createQuaternionRotation, createRotation, normaliseAngle, readRotation, type Vector } from './rotation'

/** Where the scanner is on frames: from its coordinates to those of the world. Nothing for frames without a pose. */
export type PoseOf = (frame: number) => Pose | null | undefined

export type KeyCuboid = { frame: number; cuboid: Cuboid }

const poseOf = ({ position, rotation }: Cuboid): Pose => ({ rotation: createRotation(rotation), translation: position })

const isUpright = ({ rotation: [rx, ry] }: Cuboid) => rx === 0 && ry === 0

/** A cuboid of the scanner's coordinates in another pose's coordinates. Upright ones stay upright: only the heading turns. */
export function carryCuboid(cuboid: Cuboid, from: Pose, to: Pose): Cuboid {
  const { rotation, translation } = chainPoses(invertPose(to), from, poseOf(cuboid))
  return { position: translation, rotation: readAngles(rotation, isUpright(cuboid)), scale: cuboid.scale }
}

function readAngles(rotation: Pose['rotation'], upright: boolean): Vector {
  if (upright) return [0, 0, normaliseAngle(Math.atan2(rotation[3], rotation[0]))]
  return readRotation(rotation)
}

type Quaternion = readonly [number, number, number, number]

/** The shortest way from one turn to another, at an even pace. */
function mixTurns(from: Quaternion, to: Quaternion, share: number): [number, number, number, number] {
  const dot = from.reduce((sum, value, i) => sum + value * to[i]!, 0)
  const sign = dot < 0 ? -1 : 1
  const angle = Math.acos(Math.min(1, Math.abs(dot)))
  // Nearly the same: the straight way, as the sine vanishes.
  const [a, b] = angle < 1e-6 ? [1 - share, share] : [Math.sin((1 - share) * angle), Math.sin(share * angle)]
  return from.map((value, i) => a! * value + sign * b! * to[i]!) as [number, number, number, number]
}

const mix = (a: Vector, b: Vector, share: number) => a.map((value, at) => value + (b[at]! - value) * share) as unknown as Vector

/**
 * The cuboid of a track between two key frames, in the scanner's coordinates of `frame`: it moves straight and turns evenly in the world.
 * Nothing when one of the three frames has no pose.
 */
export function interpolateInWorld(left: KeyCuboid, right: KeyCuboid, frame: number, poses: PoseOf): Cuboid | undefined {
  const [from, to, here] = [poses(left.frame), poses(right.frame), poses(frame)]
  if (!from || !to || !here) return undefined
  const share = (frame - left.frame) / (right.frame - left.frame)
  const [a, b] = [chainPoses(from, poseOf(left.cuboid)), chainPoses(to, poseOf(right.cuboid))]
  const turn = mixTurns(readQuaternion(a.rotation), readQuaternion(b.rotation), share)
  const world: Pose = {
    rotation: createQuaternionRotation(turn),
    translation: mix(a.translation, b.translation, share),
  }
  const back = invertPose(here)
  return {
    position: movePoint(back, world.translation),
    rotation: readAngles(chainPoses(back, world).rotation, isUpright(left.cuboid) && isUpright(right.cuboid)),
    scale: mix(left.cuboid.scale, right.cuboid.scale, share),
  }
}

/** How far two cuboids differ: the most that any of their corners is apart, metres (an upper bound of it). */
export function measureDifference(a: Cuboid, b: Cuboid): number {
  const apart = Math.hypot(...a.position.map((value, at) => value - b.position[at]!))
  const grown = Math.hypot(...a.scale.map((value, at) => value - b.scale[at]!)) / 2
  const [p, q] = [readQuaternion(createRotation(a.rotation)), readQuaternion(createRotation(b.rotation))]
  const dot = Math.min(1, Math.abs(p.reduce((sum, value, i) => sum + value * q[i]!, 0)))
  const swing = 2 * Math.sqrt(Math.max(0, 1 - dot * dot)) * (Math.hypot(...a.scale) / 2)
  return apart + grown + swing
}
