// Reads the fields of calls of functions; what is missing or wrong is refused by its name.
import { type ShapeType, shapeTypes } from '../../formats/model'
import { invalid } from '../http/errors'
import type { Box, GivenShape, Point } from './contract'
import type { Mapping } from './match-labels'

export type Input = Record<string, unknown>

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isDictionary = (value: unknown): value is Input => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Shapes, points or states of one call. */
const maxItems = 1000
const maxNumbers = 200_000

export const readFrameNumber = (input: Input, name = 'frame'): number => {
  const value = input[name]
  if (value === undefined || value === null) throw invalid({ [name]: 'This field is required.' })
  if (!Number.isInteger(value) || (value as number) < 0) throw invalid({ [name]: 'A valid integer is required.' })
  return value as number
}

export const readThreshold = ({ threshold }: Input): number | null => {
  if (threshold === undefined || threshold === null) return null
  if (!isNumber(threshold) || threshold < 0 || threshold > 1) throw invalid({ threshold: 'A number from 0 to 1 is required.' })
  return threshold
}

export const readDistance = ({ max_distance }: Input): number | null => {
  if (max_distance === undefined || max_distance === null) return null
  if (!isNumber(max_distance) || max_distance < 0) throw invalid({ max_distance: 'A number of pixels is required.' })
  return max_distance
}

export const readFlag = (input: Input, name: string): boolean => {
  const value = input[name] ?? false
  if (typeof value !== 'boolean') throw invalid({ [name]: 'Must be a valid boolean.' })
  return value
}

export const readText = ({ text }: Input): string | undefined => {
  if (text === undefined || text === null || text === '') return undefined
  if (typeof text !== 'string' || text.length > 1000) throw invalid({ text: 'A text of at most 1000 characters is required.' })
  return text
}

const readList = (input: Input, name: string): unknown[] => {
  const value = input[name]
  if (value === undefined || value === null) throw invalid({ [name]: 'This field is required.' })
  if (!Array.isArray(value)) throw invalid({ [name]: 'Expected a list of items.' })
  if (value.length > maxItems) throw invalid({ [name]: `At most ${maxItems} items.` })
  return value
}

export const readPoints = (input: Input, name: string): Point[] =>
  readList(input, name).map((point, i) => {
    if (!Array.isArray(point) || point.length !== 2 || !point.every(isNumber))
      throw invalid({ [name]: `Item ${i} is not a pair of numbers.` })
    return [point[0], point[1]] as Point
  })

/** `[[x, y], [x, y]]`; an empty list is none. */
export const readBox = (input: Input, name: string): Box | null => {
  if (input[name] === undefined || input[name] === null) return null
  const corners = readPoints(input, name)
  if (!corners.length) return null
  if (corners.length !== 2) throw invalid({ [name]: 'Two corners are required.' })
  const [[x0, y0], [x1, y1]] = corners as [Point, Point]
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)]
}

/** Shapes as `{type, points}`; bare points are a rectangle, as older clients send it. */
export const readShapes = (input: Input, name: string): (GivenShape & Input)[] =>
  readList(input, name).map((given, i) => {
    const shape: unknown = Array.isArray(given) ? { type: 'rectangle', points: given } : given
    if (!isDictionary(shape)) throw invalid({ [name]: `Item ${i} is not a shape.` })
    const { type, points, rotation } = shape
    if (!shapeTypes.includes(type as ShapeType)) throw invalid({ [name]: `Item ${i} has the type "${type}".` })
    if (!Array.isArray(points) || points.length > maxNumbers || !points.every(isNumber))
      throw invalid({ [name]: `The points of item ${i} are not numbers.` })
    return { ...shape, type: type as ShapeType, points, ...(isNumber(rotation) && { rotation }) }
  }) as (GivenShape & Input)[]

export const readStates = (input: Input): unknown[] => readList(input, 'states')

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isTexts = (value: unknown) => value === undefined || (isDictionary(value) && Object.values(value).every(isText))

const requireEntry = (entry: unknown, at: string) => {
  if (!isDictionary(entry) || !isText(entry.name)) throw invalid({ mapping: `"${at}" needs a name.` })
  if (!isTexts(entry.attributes)) throw invalid({ mapping: `The attributes of "${at}" are not names.` })
}

/** Labels that a mapping may name. */
const maxLabels = 5000

export const readMapping = ({ mapping }: Input): Mapping | undefined => {
  if (mapping === undefined || mapping === null) return undefined
  if (!isDictionary(mapping) || Object.keys(mapping).length > maxLabels)
    throw invalid({ mapping: 'Expected a dictionary of items.' })
  for (const [name, entry] of Object.entries(mapping)) {
    requireEntry(entry, name)
    const { sublabels = {} } = entry as Input
    if (!isDictionary(sublabels)) throw invalid({ mapping: `The sublabels of "${name}" are not a dictionary.` })
    for (const [own, sub] of Object.entries(sublabels)) requireEntry(sub, `${name}.${own}`)
  }
  return mapping as Mapping
}
