// KITTI's calibration: one file of projections for objects and tracking, or two of the raw data (cameras, scanner to camera).

import { FormatError } from '../format-error'
import type { Camera } from '../geometry3d/camera'
import { identity, multiplyMatrices, turnVector, type Vector } from '../geometry3d/rotation'
import { parseNumber } from '../io/text-lines'
import { asIntrinsics, asRotation, asVector } from './camera-parts'
import type { Pose } from './pose'

/** `isTooLong`: its text was left out. */
export type CalibrationFile = { name: string; text: string; isTooLong?: true }
type Entry = { numbers: number[]; file: string; line: number; key: string }

/** Keys that hold something else than numbers. */
const notNumbers = new Set(['calib_time'])

function readEntries(files: readonly CalibrationFile[]): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const { name, text } of files)
    for (const [i, content] of text.split(/\r?\n/).entries()) {
      if (!content.trim() || content.trimStart().startsWith('#')) continue
      const [, key, values] = /^\s*(\w+)\s*:?\s+(.*\S)\s*$/.exec(content) ?? []
      const place = { file: name, line: i + 1 }
      if (!key) throw new FormatError('a name and numbers are needed, as in "P2: 721.5 0 …"', place)
      if (notNumbers.has(key)) continue
      const numbers = values!.split(/\s+/).map((word) => {
        const number = parseNumber(word)
        if (number === undefined) throw new FormatError(`'${word.slice(0, 40)}' is not a finite number`, { ...place, field: key })
        return number
      })
      entries.set(key, { numbers, file: name, line: i + 1, key })
    }
  return entries
}

export function isKittiCalibration(text: string): boolean {
  return /^\s*(P[0-3]|P_rect_0\d|Tr_velo_to_cam|Tr_velo_cam|Tr)\s*:?\s+[-+\d.]/m.test(text)
}

const placeOf = ({ file, line, key }: Entry) => ({ file, line, field: key })

type Move = Pose

/** Three rows of four numbers. */
function splitMove(entry: Entry): Move {
  const { numbers } = entry
  if (numbers.length !== 12) throw new FormatError(`twelve numbers are needed, not ${numbers.length}`, placeOf(entry))
  const pick = (columns: number[]) => [0, 4, 8].flatMap((row) => columns.map((column) => numbers[row + column]!))
  return { rotation: asRotation(pick([0, 1, 2]), placeOf(entry)), translation: asVector(pick([3]), placeOf(entry)) }
}

function findScanner(entries: Map<string, Entry>, files: readonly CalibrationFile[]): Move {
  const whole = entries.get('Tr_velo_to_cam') ?? entries.get('Tr_velo_cam') ?? entries.get('Tr')
  if (whole) return splitMove(whole)
  const [rotation, translation] = [entries.get('R'), entries.get('T')]
  if (rotation && translation)
    return {
      rotation: asRotation(rotation.numbers, placeOf(rotation)),
      translation: asVector(translation.numbers, placeOf(translation)),
    }
  throw new FormatError('is missing: where the scanner is seen from the cameras', {
    file: files[0]?.name,
    field: 'Tr_velo_to_cam',
  })
}

/** The scanner as seen from the first camera's rectified coordinates. */
function placeScanner(entries: Map<string, Entry>, files: readonly CalibrationFile[]): Pose {
  const scanner = findScanner(entries, files)
  const rectifying = entries.get('R0_rect') ?? entries.get('R_rect') ?? entries.get('R_rect_00')
  const upright = rectifying ? asRotation(rectifying.numbers, placeOf(rectifying)) : identity
  return {
    rotation: multiplyMatrices(upright, scanner.rotation),
    translation: turnVector(upright, scanner.translation),
  }
}

/** From the scanner to the rectified coordinates of the first camera, in which labels and odometry are. Throws FormatError. */
export function readScannerPose(files: readonly CalibrationFile[]): Pose {
  return placeScanner(readEntries(files), files)
}

/** From the navigation unit to the scanner, when the files tell it: `calib_imu_to_velo.txt`, or `Tr_imu_to_velo` of a whole one. */
export function readNavigationPose(files: readonly CalibrationFile[]): Pose | undefined {
  const own = files.filter(({ name }) => isNavigationMount(name))
  const entries = readEntries(own.length ? own : files)
  const whole = entries.get('Tr_imu_to_velo') ?? entries.get('Tr_imu_velo')
  if (whole) return splitMove(whole)
  return own.length ? findScanner(entries, own) : undefined
}

/** Its keys are those of the scanner's own file. */
export function isNavigationMount(name: string): boolean {
  return /imu_to_velo[^/]*$/i.test(name)
}

/**
 * Cameras by the folders that their pictures lie in: `image_00` to `image_03`. The pictures are rectified, so that none is distorted.
 * Throws FormatError naming file, line and field.
 */
export function readKittiCalibration(files: readonly CalibrationFile[]): Map<string, Camera> {
  const entries = readEntries(files)
  const { rotation, translation: away } = placeScanner(entries, files)
  const cameras = new Map<string, Camera>()
  for (const [key, entry] of entries) {
    const [, short, raw] = /^(?:P(\d)|P_rect_(\d\d))$/.exec(key) ?? []
    if (short === undefined && raw === undefined) continue
    const { numbers } = entry
    if (numbers.length !== 12) throw new FormatError(`twelve numbers are needed, not ${numbers.length}`, placeOf(entry))
    const lens = asIntrinsics(
      [0, 1, 2, 4, 5, 6, 8, 9, 10].map((at) => numbers[at]!),
      placeOf(entry),
    )
    // The last column is the camera matrix times the way from the first camera.
    const tz = numbers[11]!
    const own: Vector = [(numbers[3]! - lens.cx * tz) / lens.fx, (numbers[7]! - lens.cy * tz) / lens.fy, tz]
    const size = entries.get(`S_rect_${raw}`)?.numbers
    cameras.set(`image_0${Number(short ?? raw)}`, {
      ...{ model: 'pinhole', ...lens, distortion: [], rotation },
      translation: away.map((value, axis) => value + own[axis]!) as unknown as Vector,
      ...(size?.length === 2 && { width: size[0]!, height: size[1]! }),
    })
  }
  if (!cameras.size) throw new FormatError('is missing: no camera is described', { file: files[0]?.name, field: 'P0' })
  return cameras
}
