// Mask: runs of zeros and ones over a box of whole pixels, then left, top, right, bottom (all inclusive).
import { type Box, clampNumber } from '../view/geometry'
import { defineShape } from './define-shape'
import type { Body } from './shape-kind'

const boxOf = (body: Body): Box => {
  const [left = 0, top = 0, right = 0, bottom = 0] = body.points.slice(-4)
  return { left, top, right: right + 1, bottom: bottom + 1 }
}

/** Whether the mask covers the picture pixel at x, y. */
export const isCovered = (body: Body, x: number, y: number): boolean => {
  const box = boxOf(body)
  if (x < box.left || y < box.top || x >= box.right || y >= box.bottom) return false
  let rest = (Math.floor(y) - box.top) * (box.right - box.left) + Math.floor(x) - box.left
  for (let i = 0; i < body.points.length - 4; i++) {
    rest -= body.points[i]!
    if (rest < 0) return i % 2 === 1
  }
  return false
}

/** Coverage of every pixel of the mask's box, row by row, as 0 and 1. */
export const readMask = (points: readonly number[]): { box: Box; bits: Uint8Array } => {
  const box = boxOf({ type: 'mask', points: points as number[], rotation: 0 })
  const bits = new Uint8Array(Math.max((box.right - box.left) * (box.bottom - box.top), 0))
  let at = 0
  for (let i = 0; i < points.length - 4; i++) {
    if (i % 2 === 1) bits.fill(1, at, at + points[i]!)
    at += points[i]!
  }
  return { box, bits }
}

export const mask = defineShape({
  kind: 'mask',
  title: 'Mask',
  icon: 'brush',
  filled: true,
  outline: () => [],
  bounds: boxOf,
  area: (body) => {
    let sum = 0
    for (let i = 1; i < body.points.length - 4; i += 2) sum += body.points[i]!
    return sum
  },
  hit: (body, at) => (isCovered(body, at.x, at.y) ? 0 : Infinity),
  translate: (body, dx, dy, size) => {
    const box = boxOf(body)
    const x = clampNumber(Math.round(dx), -box.left, size.width - box.right)
    const y = clampNumber(Math.round(dy), -box.top, size.height - box.bottom)
    const by = [x, y, x, y]
    const head = body.points.length - 4
    return { ...body, points: body.points.map((value, i) => (i < head ? value : value + by[i - head]!)) }
  },
})
