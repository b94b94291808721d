// Which frames are shown together with one, and where their points come: where the scanner stood tells it.
import { chainPoses, invertPose, type Pose } from '../../../formats/calibration/pose'
import type { PoseOf } from '../../../formats/geometry3d/world-track'
import type { AccumulatedFrame } from './cloud-aids'

/** 16 numbers, columns first. */
export const toMatrix = ({ rotation: r, translation: [x, y, z] }: Pose): number[] => [
  ...[r[0], r[3], r[6], 0],
  ...[r[1], r[4], r[7], 0],
  ...[r[2], r[5], r[8], 0],
  ...[x, y, z, 1],
]

/** Up to `reach` frames before and after, nearest first; null where the shown frame has no pose. Others without one are left out. */
export const listAccumulated = (
  frame: number,
  reach: number,
  { start, stop }: { start: number; stop: number },
  poseOf: PoseOf,
): AccumulatedFrame[] | null => {
  const own = poseOf(frame)
  if (!own) return null
  const back = invertPose(own)
  return Array.from({ length: reach }, (_, i) => [frame - 1 - i, frame + 1 + i])
    .flat()
    .flatMap((other) => {
      const pose = other >= start && other <= stop ? poseOf(other) : null
      return pose ? [{ frame: other, matrix: toMatrix(chainPoses(back, pose)) }] : []
    })
}
