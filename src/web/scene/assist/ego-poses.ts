// Where the scanner stood on the frames of a job, as its calibration tells; asked for once.
import type { Pose } from '../../../formats/calibration/pose'
import type { PoseOf } from '../../../formats/geometry3d/world-track'
import { call } from '../../editor/save/api'

type Answer = { frames: { frame: number; pose: Pose | null }[] }

const readings = new Map<number, Promise<PoseOf>>()

const read = async (jobId: number): Promise<PoseOf> => {
  const { frames } = (await (await call(`/api/jobs/${jobId}/calibration`)).json()) as Answer
  const poses = new Map(frames.map(({ frame, pose }) => [frame, pose]))
  return (frame) => poses.get(frame) ?? null
}

/** Nothing is known of frames without a pose. A failure is told, and asked for anew the next time. */
export const readPoses = (jobId: number): Promise<PoseOf> => {
  const known = readings.get(jobId) ?? read(jobId)
  readings.set(jobId, known)
  known.catch(() => readings.delete(jobId))
  return known
}
