// Judges annotations that somebody else made for a task, such as an agent: labels, frames, numbers and places.
import type { Label } from '../../formats/model'
import { readAnnotations } from '../annotations/service'
import { ApiError } from '../http/errors'
import { checkDrawn, createComplaint } from './check-found'
import type { Drawn, FunctionInfo } from './contract'
import type { AutoAnnotations, AutoShape, AutoTag } from './to-annotations'

type Size = { width: number; height: number }
export type Bounds = {
  labels: readonly Label[]
  /** Frames that were asked about. */
  allows: (frame: number) => boolean
  sizeOf: (frame: number) => Size
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sayProblem = (body: unknown) =>
  Object.entries(body as Record<string, unknown>)
    .map(([at, text]) => `${at}: ${[text].flat().join(' ')}`)
    .join('; ')
    .replace(/\.$/, '')

/** Objects of one answer about a whole task. */
const maxObjects = 2_000_000

/** The annotations as ours, all of them automatic. Throws FunctionError `answer` that names the first thing that is wrong. */
export const judgeAnnotations = (info: FunctionInfo, bounds: Bounds, given: unknown): AutoAnnotations => {
  const complain = createComplaint(info)
  if (!isObject(given)) throw complain('it has no annotations')
  const { tags = [], shapes = [], tracks = [] } = given
  if (!Array.isArray(tags) || !Array.isArray(shapes)) throw complain('its tags and shapes are no lists')
  if (Array.isArray(tracks) && tracks.length) throw complain('it has tracks, which detectors do not make')
  if (tags.length + shapes.length > maxObjects) throw complain(`it has more than ${maxObjects} objects`)
  const labels = new Map(bounds.labels.map((label) => [label.id, label]))
  const own = <T>(list: T[]): T[] => list.map((one) => (isObject(one) ? { ...one, id: undefined, source: 'auto' } : one))
  const annotations = { tags: own(tags), shapes: own(shapes) }
  try {
    readAnnotations(annotations, { labels, allows: bounds.allows, range: 'what was asked about' })
  } catch (error) {
    throw error instanceof ApiError ? complain(sayProblem(error.body)) : error
  }
  const checked = annotations as { tags: AutoTag[]; shapes: AutoShape[] }
  for (const shape of checked.shapes) {
    const parts = shape.type === 'skeleton' ? shape.elements : [shape]
    checkDrawn(
      info,
      bounds.sizeOf(shape.frame),
      parts.map(({ type, points }) => ({ type, points }) as Drawn),
    )
  }
  return checked
}
