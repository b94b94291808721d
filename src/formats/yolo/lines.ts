// Lines of numbers relative to the picture, as the YOLO family keeps them.

import { FormatError, type Place } from '../format-error'
import type { Bounds } from '../geometry/box'
import { roundToHundredths } from '../geometry/rounding'
import { parseNumber } from '../io/text-lines'

export type Size = { width: number; height: number }

/** `cx cy w h` with six decimals, of left, top, right, bottom in pixels. */
export function formatBox([left, top, right, bottom]: Readonly<Bounds>, { width, height }: Size): string {
  const numbers = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
  return formatRelative(numbers)
}

/** `x y x y …` with six decimals, of pixels. */
export function formatPoints(points: readonly number[], { width, height }: Size): string {
  return formatRelative(points.map((value, at) => value / (at % 2 === 0 ? width : height)))
}

function formatRelative(numbers: readonly number[]): string {
  return numbers.map(formatSixDecimals).join(' ')
}

/** The numbers of a line: the first a class that must be below `classCount`. Throws FormatError. */
export function parseLine(text: string, classCount: number, place: Place): { classNumber: number; numbers: number[] } {
  const numbers = text
    .trim()
    .split(/\s+/)
    .map((field) => {
      const number = parseNumber(field)
      if (number === undefined) throw new FormatError(`'${field}' is not a finite number`, place)
      return number
    })
  const [classNumber, ...rest] = numbers as [number, ...number[]]
  if (!Number.isInteger(classNumber) || classNumber < 0 || classNumber >= classCount) {
    throw new FormatError(`class ${classNumber} is not declared: there are ${classCount}`, place)
  }
  return { classNumber, numbers: rest }
}

/** left, top, right, bottom in pixels, of relative `cx cy w h`. Throws FormatError for a negative size. */
export function readBox(numbers: readonly number[], { width, height }: Size, place: Place): Bounds {
  const [cx, cy, boxWidth, boxHeight] = numbers as Bounds
  if (boxWidth < 0 || boxHeight < 0) throw new FormatError('width and height must not be negative', place)
  const corners = [
    (cx - boxWidth / 2) * width,
    (cy - boxHeight / 2) * height,
    (cx + boxWidth / 2) * width,
    (cy + boxHeight / 2) * height,
  ]
  return corners.map(roundToHundredths) as Bounds
}

/** `x y x y …` in pixels, of relative ones. */
export function readPoints(numbers: readonly number[], { width, height }: Size): number[] {
  return numbers.map((value, at) => roundToHundredths(value * (at % 2 === 0 ? width : height)))
}

/** Six decimals; an exact tie goes to the even digit, unlike with toFixed. */
function formatSixDecimals(number: number): string {
  const text = number.toFixed(6)
  const scaled = Math.abs(number) * 1e6
  if (Math.abs(scaled - Math.floor(scaled) - 0.5) > 1e-3 || Number(text.at(-1)) % 2 === 0) return text
  const exact = number.toFixed(40)
  return /^50+$/.test(exact.slice(exact.indexOf('.') + 7)) ? exact.slice(0, exact.indexOf('.') + 7) : text
}
