// Cameras out of whatever calibration files there are, and which picture is whose.

import { FormatError } from '../format-error'
import type { Camera } from '../geometry3d/camera'
import { type CalibrationFile, isKittiCalibration, readKittiCalibration } from './kitti'
import { isNuscenesCalibration, readNuscenesCalibration } from './nuscenes'
import { isSuperviselyCalibration, readSuperviselyCalibration } from './supervisely'

export type { CalibrationFile } from './kitti'

/** Longer files are none of a calibration. */
export const maxChars = 32 << 20

export function parseCalibrationJson({ name, text }: CalibrationFile): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FormatError(`is no JSON (${(error as Error).message})`, { file: name })
  }
}

/**
 * Cameras by name: KITTI's by folder (`image_02`), nuScenes-like ones by channel, Supervisely's by picture. Files of one kind belong
 * together. Throws FormatError naming the file and what is wrong in it.
 */
export function readCalibration(files: readonly CalibrationFile[]): Map<string, Camera> {
  const cameras = new Map<string, Camera>()
  const add = (found: Map<string, Camera>) => {
    for (const [name, camera] of found) cameras.set(name, camera)
  }
  const texts: CalibrationFile[] = []
  for (const file of files) {
    if (file.text.length > maxChars) throw new FormatError('is too long for a calibration', { file: file.name })
    if (/\.json$/i.test(file.name)) {
      const value = parseCalibrationJson(file)
      if (isSuperviselyCalibration(value)) add(readSuperviselyCalibration(value, file.name))
      else if (isNuscenesCalibration(value)) add(readNuscenesCalibration(value, file.name))
      else throw new FormatError('is no calibration that is known: KITTI, nuScenes-like or Supervisely', { file: file.name })
    } else texts.push(file)
  }
  if (texts.length) {
    if (!texts.some(({ text }) => isKittiCalibration(text)))
      throw new FormatError('is no calibration that is known: KITTI, nuScenes-like or Supervisely', { file: texts[0]!.name })
    add(readKittiCalibration(texts))
  }
  return cameras
}

/** The camera that took a picture, told by its path (`image_2/0001.png`, `samples/CAM_FRONT/x.jpg`); nothing when none fits. */
export function findCamera(cameras: ReadonlyMap<string, Camera>, path: string): Camera | undefined {
  const parts = path.split(/[/\\]/)
  const own = cameras.get(parts.at(-1)!)
  if (own) return own
  for (const part of parts.toReversed()) {
    const [, number] = /^image_0?(\d)$/i.exec(part) ?? []
    const found = cameras.get(number === undefined ? part : `image_0${number}`) ?? cameras.get(part.replace(/\.[^.]+$/, ''))
    if (found) return found
  }
  // nuScenes writes the channel into file names: n015-…__CAM_FRONT__1532402927612460.jpg
  const channel = parts.at(-1)!.split('__')[1]
  return channel === undefined ? undefined : cameras.get(channel)
}
