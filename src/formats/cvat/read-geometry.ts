// Checked access to the XML attributes of a shape, and its points in the API's layout.

import { FormatError, type Place } from '../format-error'
import { normaliseRotation } from '../geometry/box'
import { roundToHundredths } from '../geometry/rounding'
import type { ShapeType } from '../model'
import { cuboidFields } from './shape-xml'

export type Fields = {
  optional(name: string): string | undefined
  /** Throws FormatError when it is missing. */
  text(name: string): string
  /** Throws FormatError for anything but a finite number. */
  number(name: string, missing?: number): number
  integer(name: string, missing?: number): number
  /** 0 or 1; false when missing. */
  flag(name: string): boolean
  fail(reason: string, field?: string): FormatError
  place: Place
}

const numberPattern = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i

export function createFieldReader(raw: Readonly<Record<string, string>>, place: Place): Fields {
  const optional = (name: string) => (Object.hasOwn(raw, name) ? raw[name] : undefined)
  const fail = (reason: string, field?: string) => new FormatError(reason, { ...place, field })
  const text = (name: string) => {
    const value = optional(name)
    if (value === undefined) throw fail('is missing', name)
    return value
  }
  const number = (name: string, missing?: number) => {
    if (missing !== undefined && optional(name) === undefined) return missing
    return parseNumber(text(name), () => fail('must be a finite number', name))
  }
  return {
    optional,
    text,
    number,
    fail,
    place,
    integer: (name, missing) => {
      const value = number(name, missing)
      if (!Number.isSafeInteger(value)) throw fail('must be a whole number', name)
      return value
    },
    flag: (name) => {
      const value = optional(name)?.toLowerCase()
      if (value === undefined || value === '0' || value === 'false') return false
      if (value === '1' || value === 'true') return true
      throw fail('must be 0 or 1', name)
    },
  }
}

function parseNumber(text: string, fail: () => FormatError): number {
  const value = numberPattern.test(text) ? Number(text) : Number.NaN
  if (!Number.isFinite(value)) throw fail()
  return value
}

type Geometry = { points: number[]; rotation: number }

/** Points and rotation of a shape; `pointCount` asks for an exact number of points. Throws FormatError. */
export function readGeometry(type: ShapeType, fields: Fields, pointCount?: number): Geometry {
  return { points: readers[type](fields, pointCount), rotation: normaliseRotation(fields.number('rotation', 0)) }
}

const readPoints =
  (least: number) =>
  (fields: Fields, pointCount?: number): number[] => {
    const pairs = fields.text('points').split(';')
    const points = pairs.flatMap((pair) => {
      const numbers = pair.split(',')
      if (numbers.length !== 2) throw fields.fail(`'${pair}' is not a pair of numbers`, 'points')
      return numbers.map((number) => parseNumber(number, () => fields.fail('must be finite numbers', 'points')))
    })
    if (pointCount !== undefined && pairs.length !== pointCount) throw fields.fail(`needs ${pointCount} point(s)`, 'points')
    if (pairs.length < least) throw fields.fail(`needs at least ${least} point(s)`, 'points')
    return points
  }

const readers: Record<ShapeType, (fields: Fields, pointCount?: number) => number[]> = {
  rectangle: ({ number }) => [number('xtl'), number('ytl'), number('xbr'), number('ybr')],
  ellipse: ({ number }) => {
    const [cx, cy] = [number('cx'), number('cy')]
    return [cx, cy, roundToHundredths(cx + number('rx')), roundToHundredths(cy - number('ry'))]
  },
  polygon: readPoints(3),
  polyline: readPoints(2),
  points: readPoints(1),
  cuboid: ({ number }) => cuboidFields.map((field) => number(field)),
  mask: readMask,
  skeleton: () => [],
}

function readMask(fields: Fields): number[] {
  const [left, top] = [fields.integer('left'), fields.integer('top')]
  const [width, height] = [fields.integer('width'), fields.integer('height')]
  if (width < 1 || height < 1) throw fields.fail('a mask needs a width and height of at least 1')
  let total = 0
  const runs = fields
    .text('rle')
    .split(',')
    .map((text) => {
      const run = parseNumber(text, () => fields.fail('must be whole numbers', 'rle'))
      if (!Number.isSafeInteger(run) || run < 0) throw fields.fail('must be whole numbers', 'rle')
      total += run
      return run
    })
  if (total !== width * height) throw fields.fail(`makes ${total} pixels, the mask has ${width}x${height}`, 'rle')
  return [...runs, left, top, left + width - 1, top + height - 1]
}
