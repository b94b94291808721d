// What the editor must know about a kind of shape; one value per kind, no drawing surface involved.
import type { ShapeBody, ShapeType } from '../../../formats/model'
import type { Box, Point, Size } from '../view/geometry'

export type Handle = {
  id: string
  x: number
  y: number
  cursor: string
  role: 'corner' | 'vertex' | 'insert' | 'rotate' | 'direction'
  angle?: number
}

export type Outline = { points: number[]; closed: boolean }

export type HandleMove = { to: Point; shift: boolean; size: Size }

/** Body as tools change it. `elements` are the parts of a skeleton, `edges` pairs of their places. */
export type Body = Pick<ShapeBody, 'type' | 'points' | 'rotation'> & {
  elements?: readonly (Pick<ShapeBody, 'points' | 'type' | 'rotation'> & { outside?: boolean; locked?: boolean })[]
  edges?: readonly [number, number][]
}

export type ShapeKind = {
  kind: ShapeType
  title: string
  icon: string
  /** Filled kinds are hit anywhere inside; others only near their lines and dots. */
  filled: boolean
  /** Lines that make up the picture of the shape, in image pixels. */
  outline: (body: Body) => Outline[]
  /** Flat list of single points drawn as dots. */
  dots: (body: Body) => number[]
  bounds: (body: Body) => Box
  area: (body: Body) => number
  /** Distance in image pixels of a point from the shape: 0 inside, Infinity when further than the tolerance. */
  hit: (body: Body, at: Point, tolerance: number) => number
  /** `gap`, in image pixels: distance of the rotation handle from the shape, and least length of an edge to insert into. */
  handles: (body: Body, gap: number) => Handle[]
  moveHandle: (body: Body, handle: string, move: HandleMove) => Body
  /** Whole move, stopped at the border of the picture. */
  translate: (body: Body, dx: number, dy: number, size: Size) => Body
  removePoint: (body: Body, handle: string) => Body | null
  /** Sentence when the shape is too small to keep, else null. */
  refuse: (body: Body) => string | null
}
