// Cameras of the pictures beside the frames of a job, as the server tells them; asked for once.
import type { Pose } from '../../../formats/calibration/pose'
import type { Camera } from '../../../formats/geometry3d/camera'
import { call } from '../../editor/save/api'

export type NamedCamera = Camera & { name: string }
type Answer = {
  files: string[]
  cameras: NamedCamera[]
  frames: { frame: number; images: { name: string; entry: string; camera: number | null }[]; pose: Pose | null }[]
  problems: { file: string; message: string }[]
}

export type JobCalibration = {
  files: readonly string[]
  problems: readonly { file: string; message: string }[]
  /** Of a picture beside a frame, by the name that it has among the pictures of that frame. */
  cameraOf: (frame: number, entry: string) => NamedCamera | null
  poseOf: (frame: number) => Pose | null
}

export const readCalibration = async (jobId: number): Promise<JobCalibration> => {
  const { files, cameras, frames, problems } = (await (await call(`/api/jobs/${jobId}/calibration`)).json()) as Answer
  const byFrame = new Map(frames.map((one) => [one.frame, one]))
  return {
    files,
    problems,
    cameraOf: (frame, entry) => {
      const at = byFrame.get(frame)?.images.find((image) => image.entry === entry)?.camera
      return at === null || at === undefined ? null : (cameras[at] ?? null)
    },
    poseOf: (frame) => byFrame.get(frame)?.pose ?? null,
  }
}
