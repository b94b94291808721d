// Judges what a function found before anything is made of it: names, kinds, numbers, sizes. A function may be wrong or lie.

import { findBounds } from '../../formats/geometry/box'
import { readMaskBox } from '../../formats/geometry/mask'
import { type ShapeType, shapeTypes } from '../../formats/model'
import { type Drawn, type Found, FunctionError, type FunctionInfo, type FunctionLabel } from './contract'

/** Objects of one frame that are taken. */
export const maxFound = 10_000
/** Numbers of one shape. */
const maxNumbers = 200_000
const maxValueChars = 4096

type Size = { width: number; height: number }

const counts: Record<ShapeType | 'tag', (n: number) => boolean> = {
  tag: () => true,
  rectangle: (n) => n === 4,
  ellipse: (n) => n === 4,
  polygon: (n) => n >= 6 && n % 2 === 0,
  polyline: (n) => n >= 4 && n % 2 === 0,
  points: (n) => n >= 2 && n % 2 === 0,
  cuboid: (n) => n === 16,
  mask: (n) => n >= 5,
  skeleton: () => true,
}

const show = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** Says what is wrong with an answer, and of which function it is. */
export const createComplaint = (info: Pick<FunctionInfo, 'name'>) => (text: string) =>
  new FunctionError('answer', `The answer of "${info.name}" cannot be used: ${text}.`)

type Judge = { complain: ReturnType<typeof createComplaint>; size: Size }

const judgePoints = ({ complain, size }: Judge, at: string, type: ShapeType | 'tag', points: unknown): number[] => {
  if (!Array.isArray(points)) throw complain(`${at}.points is ${show(points)}, not a list`)
  if (points.length > maxNumbers) throw complain(`${at} has ${points.length} numbers, more than ${maxNumbers}`)
  const odd = points.findIndex((value) => typeof value !== 'number' || !Number.isFinite(value))
  if (odd >= 0) throw complain(`${at}.points[${odd}] is ${show(points[odd])}, not a number`)
  if (!counts[type](points.length)) throw complain(`${at} is a ${type} of ${points.length} numbers`)
  if (type === 'mask') return judgeMask({ complain, size }, at, points)
  if (type === 'skeleton' || type === 'tag') return []
  const corners = type === 'ellipse' ? ellipseCorners(points as [number, number, number, number]) : points
  const [left, top, right, bottom] = findBounds(corners)
  if (right < 0 || bottom < 0 || left > size.width || top > size.height)
    throw complain(`${at} lies outside of the picture (${size.width} × ${size.height}): ${show(points)}`)
  return points
}

const ellipseCorners = ([cx, cy, right, top]: [number, number, number, number]) => [2 * cx - right, top, right, 2 * cy - top]

const judgeMask = ({ complain, size }: Judge, at: string, points: number[]): number[] => {
  try {
    const { left, top, width, height } = readMaskBox(points)
    if (left >= 0 && top >= 0 && left + width <= size.width && top + height <= size.height) return points
  } catch (error) {
    throw complain(`${at}: ${(error as Error).message}`)
  }
  throw complain(`${at} is a mask that reaches out of the picture (${size.width} × ${size.height}): ${show(points.slice(-4))}`)
}

const judgeNumber = ({ complain }: Judge, at: string, value: unknown, min: number, max: number) => {
  if (value === undefined) return
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw complain(`${at} is ${show(value)}, not a number from ${min} to ${max}`)
}

/** Kinds of shapes that a label of this type may come with; masks and polygons stand for each other. */
const isOfType = (type: Found['type'], label: FunctionLabel) =>
  label.type === 'any' || label.type === type || (['mask', 'polygon'].includes(type) && ['mask', 'polygon'].includes(label.type))

const judgeAttributes = ({ complain }: Judge, at: string, found: Pick<Found, 'attributes'>) => {
  for (const [i, attribute] of (found.attributes ?? []).entries()) {
    if (typeof attribute?.name !== 'string' || typeof attribute.value !== 'string')
      throw complain(`${at}.attributes[${i}] is ${show(attribute)}, not a name and a value`)
    if (attribute.value.length > maxValueChars) throw complain(`${at}.attributes[${i}] has ${attribute.value.length} characters`)
  }
}

const judgeBody = (judge: Judge, at: string, found: Drawn) => {
  if (!['tag', ...shapeTypes].includes(found.type)) throw judge.complain(`${at}.type is ${show(found.type)}`)
  judgePoints(judge, at, found.type, found.points ?? [])
  judgeNumber(judge, `${at}.score`, found.score, 0, 1)
  judgeNumber(judge, `${at}.rotation`, found.rotation, -360, 360)
  judgeNumber(judge, `${at}.group`, found.group, 0, 2 ** 31 - 1)
  judgeAttributes(judge, at, found)
}

const judgeOne = (judge: Judge, at: string, found: Found, labels: readonly FunctionLabel[] | null) => {
  if (typeof found !== 'object' || found === null) throw judge.complain(`${at} is ${show(found)}, not an object`)
  const label = labels?.find(({ name }) => name === found.label)
  if (labels && !label) throw judge.complain(`${at} has the label ${show(found.label)}, which the function does not have`)
  judgeBody(judge, at, found)
  if (label && !isOfType(found.type, label))
    throw judge.complain(`${at} is a ${found.type}, but its label "${label.name}" is for ${label.type}`)
  if (found.type !== 'skeleton') return
  if (!Array.isArray(found.elements) || !found.elements.length) throw judge.complain(`${at} is a skeleton without elements`)
  for (const [i, element] of found.elements.entries()) {
    if (element?.type !== 'points' || element.points?.length !== 2)
      throw judge.complain(`${at}.elements[${i}] is not a single point`)
    judgeOne(judge, `${at}.elements[${i}]`, element, label?.sublabels ?? null)
  }
}

/** Throws FunctionError `answer` that names the first thing that is wrong. */
export const checkFound = (info: FunctionInfo, size: Size, found: unknown): Found[] => {
  const complain = createComplaint(info)
  if (!Array.isArray(found)) throw complain(`it is ${show(found)}, not a list of what was found`)
  if (found.length > maxFound) throw complain(`it found ${found.length} objects on one frame, more than ${maxFound}`)
  for (const [i, one] of found.entries()) judgeOne({ complain, size }, `[${i}]`, one, info.labels.length ? info.labels : null)
  return found
}

/** The same for shapes without a label. */
export const checkDrawn = (info: FunctionInfo, size: Size, drawn: unknown): Drawn[] => {
  const complain = createComplaint(info)
  if (!Array.isArray(drawn)) throw complain(`it is ${show(drawn)}, not a list of shapes`)
  if (drawn.length > maxFound) throw complain(`it drew ${drawn.length} shapes, more than ${maxFound}`)
  for (const [i, one] of drawn.entries()) {
    if (typeof one !== 'object' || one === null) throw complain(`[${i}] is ${show(one)}, not an object`)
    judgeBody({ complain, size }, `[${i}]`, one)
  }
  return drawn
}

/** Checks that there is one item for each thing that was asked about. */
export const checkCount = (info: FunctionInfo, what: string, list: unknown, wanted: number): unknown[] => {
  const complain = createComplaint(info)
  if (!Array.isArray(list)) throw complain(`its ${what} are ${show(list)}, not a list`)
  if (list.length !== wanted) throw complain(`it has ${list.length} ${what} for ${wanted} that were asked about`)
  return list
}

/** Places of matches: each box of the second frame at most once, -1 for none. */
export const checkMatches = (info: FunctionInfo, matches: unknown, [first, second]: [number, number]): number[] => {
  const complain = createComplaint(info)
  const list = checkCount(info, 'matches', matches, first) as number[]
  const taken = new Set<number>()
  for (const [i, place] of list.entries()) {
    if (!Number.isInteger(place) || place >= second) throw complain(`match [${i}] is ${show(place)} of ${second} boxes`)
    if (place < 0) continue
    if (taken.has(place)) throw complain(`box ${place} is matched twice`)
    taken.add(place)
  }
  return list
}
