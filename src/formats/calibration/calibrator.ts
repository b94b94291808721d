// What the readers of all kinds of calibration files share: frames as files name them, and answers to what is asked of each.

import type { Camera } from '../geometry3d/camera'
import type { Pose } from './pose'

/** A frame as calibration files may name it. */
export type CalibratedFrame = {
  /** Path of the cloud. */
  name: string
  /** Its number in the source, from 0. */
  number: number
  /** Paths of the pictures beside it. */
  images: readonly string[]
}

export type FoundCamera = { name: string; camera: Camera }
/** What one kind of files tells; nothing where it tells nothing. */
export type Calibrator = {
  /** A file that describes cameras, when one does. */
  source?: string
  findCamera?: (frame: CalibratedFrame, image: string) => FoundCamera | undefined
  findPose?: (frame: CalibratedFrame) => Pose | undefined
}

/** The file name without folder and extensions. */
export const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/s, '')

/** Does the work; bad files are told, and nothing comes of them. */
export type Report = <T>(file: string, work: () => T) => T | undefined
