// What exporters write into model files about labels, sizes and tasks (Ultralytics: names, task, imgsz, kpt_shape …).
import { ModelError } from './model-error'
import { type Literal, parsePythonLiteral } from './python-literal'
import type { Family } from './spec'

export type Notes = {
  family?: Family
  labels?: string[]
  /** Pixels. */
  size?: { width: number; height: number }
  keypoints?: [count: number, values: number]
  keypointNames?: string[]
  isEndToEnd: boolean
  about: string
}

const families: Record<string, Family> = {
  detect: 'yolo-detect',
  segment: 'yolo-segment',
  pose: 'yolo-pose',
  obb: 'yolo-obb',
  classify: 'classify',
}

const readNote = (notes: Record<string, string>, key: string): Literal | undefined => {
  if (notes[key] === undefined) return undefined
  try {
    return parsePythonLiteral(notes[key])
  } catch (error) {
    throw new ModelError(`its note "${key}" ${(error as Error).message}`)
  }
}

const toNames = (literal: Literal | undefined, key: string): string[] | undefined => {
  if (literal === undefined) return undefined
  const names = literal instanceof Map ? [...literal].sort(([a], [b]) => Number(a) - Number(b)).map(([, name]) => name) : literal
  if (!Array.isArray(names) || !names.length || names.length > 10_000) throw new ModelError(`its note "${key}" names no labels`)
  const texts = names.map((name) => String(name).slice(0, 64))
  return texts.map((text, i) => (texts.indexOf(text) < i ? `${text} ${i}` : text))
}

const toNumbers = (literal: Literal | undefined): number[] => {
  const list = Array.isArray(literal) ? literal : [literal]
  return list.filter((item): item is number => typeof item === 'number' && Number.isInteger(item) && item > 0 && item <= 65_536)
}

/** Throws ModelError for notes that cannot be understood. */
export const readNotes = (notes: Record<string, string>): Notes => {
  const [height, width = height] = toNumbers(readNote(notes, 'imgsz'))
  const keypoints = toNumbers(readNote(notes, 'kpt_shape'))
  const named = readNote(notes, 'kpt_names')
  const keypointNames = named instanceof Map ? [...named.values()][0] : named
  const labels = toNames(readNote(notes, 'names'), 'names')
  return {
    ...(notes.task !== undefined && families[notes.task] && { family: families[notes.task]! }),
    ...(labels && { labels }),
    ...(height && width && { size: { width, height } }),
    ...(keypoints.length === 2 && { keypoints: keypoints as [number, number] }),
    ...(keypointNames !== undefined && { keypointNames: toNames(keypointNames, 'kpt_names')! }),
    isEndToEnd: /^true$/i.test(notes.end2end ?? ''),
    about: [notes.description, notes.license && `Licence: ${notes.license}`].filter(Boolean).join(' · ').slice(0, 500),
  }
}
