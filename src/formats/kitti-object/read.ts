// Reads KITTI's object labels with the calibration beside them.

import { readScannerPose } from '../calibration/kitti'
import type { Pose } from '../calibration/pose'
import { createCuboidPoints } from '../cloud-items'
import type { Finding, ReadContext } from '../format'
import { FormatError } from '../format-error'
import { createFoundShape } from '../imported-shapes'
import type { DatasetFile, DatasetFiles } from '../io/dataset-files'
import { parseNumber, readLines } from '../io/text-lines'
import type { Label } from '../model'
import { fromCameraCuboid } from './camera-cuboid'
import { toTypeName } from './type-name'

const labelPattern = /^(.*\/)?label_2\/([^/]+)\.txt$/i
const calibrationPattern = /(^|\/)calib(\/[^/]+)?\.txt$/i

export async function detect({ list, bare }: DatasetFiles): Promise<boolean> {
  return !bare && list.some(({ name }) => labelPattern.test(name)) && list.some(({ name }) => calibrationPattern.test(name))
}

export async function* read({ files, frames, labels }: ReadContext): AsyncGenerator<Finding> {
  const sources = files.list.filter(({ name }) => labelPattern.test(name))
  if (!sources.length) throw new FormatError('Dataset must contain a file: "<subset>/label_2/*.txt"')
  const byType = new Map(labels.labels.map((label) => [toTypeName(label.name), label]))
  for (const file of sources) {
    const [, root = '', id] = labelPattern.exec(file.name)!
    let camera: Pose | undefined
    for await (const { text, line } of readLines(file)) {
      const words = text.trim().split(/\s+/)
      if (!words[0] || words[0] === 'DontCare') continue
      camera ??= await readCamera(files, root, id!)
      const place = { file: file.name, line }
      const frame = frames.match(id!, undefined, place)
      const label: Label = byType.get(words[0]) ?? labels.get(words[0], place)
      const { cuboid, occluded, score } = readColumns(words.slice(1), camera, place)
      const points = createCuboidPoints([...cuboid.position, ...cuboid.rotation, ...cuboid.scale])
      yield { kind: 'shape', shape: createFoundShape(label, frame, 'cuboid', points, { occluded, score }) }
    }
  }
}

/** That of the frame, else the one of the sequence. */
async function readCamera(files: DatasetFiles, root: string, id: string): Promise<Pose> {
  const names = [`${root}calib/${id}.txt`, `${root}calib.txt`]
  const found = names.map((name) => files.get(name)).find((file): file is DatasetFile => file !== undefined)
  if (!found) throw new FormatError(`KITTI labels are of a camera: the dataset must contain its calibration, "${names[0]}"`)
  return readScannerPose([{ name: found.name, text: await new Response(found.stream() as unknown as BodyInit).text() }])
}

function readColumns(words: readonly string[], camera: Pose, place: { file: string; line: number }) {
  if (words.length !== 14 && words.length !== 15)
    throw new FormatError(`a type and 14 or 15 numbers are needed, not ${words.length}`, place)
  const numbers = words.map((word) => {
    const number = parseNumber(word)
    if (number === undefined) throw new FormatError(`'${word.slice(0, 40)}' is not a finite number`, place)
    return number
  })
  const [h, w, l, x, y, z, rotationY] = numbers.slice(7) as [number, number, number, number, number, number, number]
  if (!(h > 0 && w > 0 && l > 0)) throw new FormatError('height, width and length must be above 0', place)
  return {
    cuboid: fromCameraCuboid({ dimensions: [h, w, l], location: [x, y, z], rotationY }, camera),
    // 1: partly, 2: largely; 3: not known.
    occluded: numbers[1] === 1 || numbers[1] === 2,
    score: Math.min(1, Math.max(0, numbers[14] ?? 1)),
  }
}
