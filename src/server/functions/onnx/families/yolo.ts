// YOLO families: boxes, masks from prototypes, skeletons and turned boxes.
import { encodeMask } from '../../../../formats/geometry/mask'
import { drawPositive, placeAxis } from '../../../../formats/geometry/sample'
import type { Found } from '../../contract'
import { type Candidate, overlapTurned, suppress } from '../boxes'
import { type Fit, type Size, toPicture } from '../fit'
import type { ModelSpec } from '../spec'
import { dropBatch, type Numbers } from '../tensor'
import { findOutput, type Outputs } from './find-output'
import { readYoloRows } from './yolo-rows'

/** A picture in the input, and the threshold that is asked for. */
export type Scene = { picture: Size; fit: Fit; threshold: number }
export type Decode = (outputs: Outputs, spec: ModelSpec, scene: Scene) => Found[]

const isRows = ({ dims }: Numbers) => dims.length === 3 || dims.length === 2
const isPlanes = ({ dims }: Numbers) => dims.length === 4

const toBox = ({ x, y, width, height }: Candidate, { fit, picture }: Scene): number[] => [
  ...toPicture(fit, picture, x - width / 2, y - height / 2),
  ...toPicture(fit, picture, x + width / 2, y + height / 2),
]
const hasArea = ([x0, y0, x1, y1]: number[]) => x1! > x0! && y1! > y0!
const describe = ({ label, score }: Candidate, spec: ModelSpec) => ({
  label: spec.labels[label]!.name,
  score: Math.min(1, score),
})

export const decodeDetections: Decode = (outputs, spec, scene) => {
  const { candidates } = readYoloRows(findOutput(spec, outputs, 'boxes', isRows), spec, 0, scene.threshold)
  return suppress(candidates, spec.overlap, spec.most)
    .map((candidate): Found => ({ ...describe(candidate, spec), type: 'rectangle', points: toBox(candidate, scene) }))
    .filter(({ points }) => hasArea(points))
}

/** The pixels of a box whose mask is above 0, in the API's layout; nothing when there are none. */
const drawMask = (coefficients: number[], planes: Numbers, box: number[], spec: ModelSpec, { picture, fit }: Scene) => {
  const [, rows, columns] = planes.dims as [number, number, number]
  const mask = new Float32Array(rows * columns)
  coefficients.forEach((coefficient, plane) => {
    const offset = plane * mask.length
    for (let at = 0; at < mask.length; at++) mask[at]! += coefficient * planes.data[offset + at]!
  })
  const [left, top] = [Math.max(0, Math.ceil(box[0]! - 0.5)), Math.max(0, Math.ceil(box[1]! - 0.5))]
  const [right, bottom] = [Math.min(picture.width, Math.ceil(box[2]! - 0.5)), Math.min(picture.height, Math.ceil(box[3]! - 0.5))]
  const [width, height] = [right - left, bottom - top]
  if (!(width >= 1 && height >= 1)) return undefined
  const [shareX, shareY] = [columns / spec.input.width, rows / spec.input.height]
  const across = placeAxis(width, columns, (x) => ((left + x + 0.5) * fit.scaleX + fit.left) * shareX - 0.5)
  const down = placeAxis(height, rows, (y) => ((top + y + 0.5) * fit.scaleY + fit.top) * shareY - 0.5)
  const data = drawPositive(mask, 0, columns, across, down)
  return encodeMask({ left, top, width, height, data })
}

export const decodeMasks: Decode = (outputs, spec, scene) => {
  const planes = dropBatch(findOutput(spec, outputs, 'masks', isPlanes), 3, 'masks')
  const count = planes.dims[0]!
  const rows = readYoloRows(findOutput(spec, outputs, 'boxes', isRows), spec, count, scene.threshold)
  return suppress(rows.candidates, spec.overlap, spec.most).flatMap((candidate): Found[] => {
    const coefficients = Array.from({ length: count }, (_, i) => rows.extra(candidate.row, i))
    const points = drawMask(coefficients, planes, toBox(candidate, scene), spec, scene)
    return points ? [{ ...describe(candidate, spec), type: 'mask', points }] : []
  })
}

/** A point with less confidence is not there. */
const leastPoint = 0.25

export const decodePoses: Decode = (outputs, spec, scene) => {
  const [count, values] = spec.keypoints!
  const rows = readYoloRows(findOutput(spec, outputs, 'boxes', isRows), spec, count * values, scene.threshold)
  return suppress(rows.candidates, spec.overlap, spec.most).map((candidate): Found => {
    const named = spec.labels[candidate.label]!.sublabels ?? []
    const elements = named.slice(0, count).map(({ name }, i): Found => {
      const [x, y] = [rows.extra(candidate.row, i * values), rows.extra(candidate.row, i * values + 1)]
      const score = values > 2 ? Math.min(1, Math.max(0, rows.extra(candidate.row, i * values + 2))) : 1
      const points = [...toPicture(scene.fit, scene.picture, x, y)]
      return { label: name, type: 'points', points, score, outside: score < leastPoint }
    })
    return { ...describe(candidate, spec), type: 'skeleton', points: [], elements }
  })
}

export const decodeTurned: Decode = (outputs, spec, scene) => {
  const rows = readYoloRows(findOutput(spec, outputs, 'boxes', isRows), spec, 1, scene.threshold)
  const turned = rows.candidates.map((candidate) => ({ ...candidate, angle: rows.extra(candidate.row, 0) }))
  const { fit, picture } = scene
  return suppress(turned, spec.overlap, spec.most, overlapTurned).flatMap((candidate): Found[] => {
    const [x, y] = [(candidate.x - fit.left) / fit.scaleX, (candidate.y - fit.top) / fit.scaleY]
    const [width, height] = [candidate.width / fit.scaleX, candidate.height / fit.scaleY]
    // Turned boxes are not cut to the picture, but what lies in the border is none.
    const isInside = x >= 0 && y >= 0 && x <= picture.width && y <= picture.height
    if (!(width > 0 && height > 0 && isInside && Number.isFinite(candidate.angle))) return []
    const degrees = ((((candidate.angle * 180) / Math.PI) % 360) + 360) % 360
    const points = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
    return [{ ...describe(candidate, spec), type: 'rectangle', points, rotation: degrees }]
  })
}
