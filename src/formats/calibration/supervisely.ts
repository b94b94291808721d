// Supervisely's calibration: a JSON file beside each picture, with the matrices of its camera.

import type { Camera } from '../geometry3d/camera'
import { asNumbers, asObject, asText, createMemberReader } from '../json-values'
import { asIntrinsics, asRotation, asVector } from './camera-parts'

export function isSuperviselyCalibration(value: unknown): boolean {
  return asObject(asObject(asObject(value)?.meta)?.sensorsData) !== undefined
}

/** The camera of one picture by its name; none where the matrices are all zeros, which is how files without calibration are written. */
export function readSuperviselyCalibration(value: unknown, file: string): Map<string, Camera> {
  const image = createMemberReader(value, { file })
  const name = image.require('name', asText)
  const meta = createMemberReader(image.require('meta', asObject), { file, item: 'meta' })
  const sensor = createMemberReader(meta.require('sensorsData', asObject), { file, item: 'meta.sensorsData' })
  const [lens, place] = [sensor.require('intrinsicMatrix', asNumbers), sensor.require('extrinsicMatrix', asNumbers)]
  if ([...lens, ...place].every((number) => number === 0)) return new Map()
  if (place.length !== 12) throw sensor.fail('extrinsicMatrix', `twelve numbers are needed, not ${place.length}`)
  const pick = (columns: number[]) => [0, 4, 8].flatMap((row) => columns.map((column) => place[row + column]!))
  const extrinsic = { ...sensor.place, field: 'extrinsicMatrix' }
  return new Map([
    [
      name,
      {
        ...{ model: 'pinhole', ...asIntrinsics(lens, { ...sensor.place, field: 'intrinsicMatrix' }), distortion: [] },
        rotation: asRotation(pick([0, 1, 2]), extrinsic),
        translation: asVector(pick([3]), extrinsic),
      },
    ],
  ])
}
