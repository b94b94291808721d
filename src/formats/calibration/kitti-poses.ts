// Where the vehicle was, as KITTI tells it: lines of matrices (odometry), or a file of satellite navigation for each frame (raw data).
//
// The conversion of the raw data's latitude and longitude is the Mercator projection that the data set's development kit describes.

import { FormatError } from '../format-error'
import { multiplyMatrices, type Vector } from '../geometry3d/rotation'
import { parseNumber } from '../io/text-lines'
import { asRotation, asVector } from './camera-parts'
import type { CalibrationFile } from './kitti'
import type { Pose } from './pose'

/** Metres. */
const earthRadius = 6_378_137

export function isPosesName(name: string): boolean {
  return /(^|\/)poses?(\/\d+)?\.txt$/i.test(name)
}

export function isNavigationName(name: string): boolean {
  return /(^|\/)oxts\/data\/[^/]+\.txt$/i.test(name)
}

function readNumbers(text: string, file: string, line: number): number[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const number = parseNumber(word)
      if (number === undefined) throw new FormatError(`'${word.slice(0, 40)}' is not a finite number`, { file, line })
      return number
    })
}

/** Poses of the left camera by line, in the coordinates of its first one. */
export function readPoseLines({ name, text }: CalibrationFile): Pose[] {
  const poses: Pose[] = []
  for (const [i, content] of text.split(/\r?\n/).entries()) {
    if (!content.trim()) continue
    const place = { file: name, line: i + 1 }
    const numbers = readNumbers(content, name, i + 1)
    if (numbers.length !== 12) throw new FormatError(`twelve numbers are needed, not ${numbers.length}`, place)
    const pick = (columns: number[]) => [0, 4, 8].flatMap((row) => columns.map((column) => numbers[row + column]!))
    poses.push({ rotation: asRotation(pick([0, 1, 2]), place), translation: asVector(pick([3]), place) })
  }
  if (!poses.length) throw new FormatError('there is no pose', { file: name })
  return poses
}

export type Navigation = { latitude: number; longitude: number; altitude: number; roll: number; pitch: number; yaw: number }

/** The first six numbers: latitude, longitude (degrees), altitude (metres), roll, pitch, yaw (radians). */
export function readNavigation({ name, text }: CalibrationFile): Navigation {
  const numbers = readNumbers(text.trim().split(/\r?\n/)[0]!, name, 1)
  if (numbers.length < 6) throw new FormatError(`at least six numbers are needed, not ${numbers.length}`, { file: name, line: 1 })
  const [latitude, longitude, altitude, roll, pitch, yaw] = numbers as [number, number, number, number, number, number]
  if (Math.abs(latitude) > 85 || Math.abs(longitude) > 180)
    throw new FormatError(`${latitude}, ${longitude} is no latitude and longitude`, { file: name, line: 1 })
  return { latitude, longitude, altitude, roll, pitch, yaw }
}

/** Poses of the unit in metres east, north and up of the first one. */
export function placeNavigation(list: readonly Navigation[]): Pose[] {
  const first = list[0]
  if (!first) return []
  const scale = Math.cos((first.latitude * Math.PI) / 180)
  const placeOf = ({ latitude, longitude, altitude }: Navigation): Vector => [
    (scale * longitude * Math.PI * earthRadius) / 180,
    scale * earthRadius * Math.log(Math.tan(((90 + latitude) * Math.PI) / 360)),
    altitude,
  ]
  const start = placeOf(first)
  return list.map((one) => {
    const [a, b, c] = [one.roll, one.pitch, one.yaw]
    const turn = multiplyMatrices(
      [Math.cos(c), -Math.sin(c), 0, Math.sin(c), Math.cos(c), 0, 0, 0, 1],
      multiplyMatrices(
        [Math.cos(b), 0, Math.sin(b), 0, 1, 0, -Math.sin(b), 0, Math.cos(b)],
        [1, 0, 0, 0, Math.cos(a), -Math.sin(a), 0, Math.sin(a), Math.cos(a)],
      ),
    )
    return { rotation: turn, translation: placeOf(one).map((value, axis) => value - start[axis]!) as unknown as Vector }
  })
}
