// Tracks between their key frames.

import type { AttributeValue, ShapeType, Track, TrackedShape } from '../model'
import { normaliseRotation } from './box'
import { interpolateCurve, interpolateOutline } from './curve'

/** A tracked shape on one frame, stored or interpolated. */
export type FrameShape = TrackedShape & { keyframe: boolean }

/** A skeleton track on one frame: its body and its elements, each with the label of its element track. */
export type FrameSkeleton = FrameShape & { elements: (FrameShape & { label_id: number })[] }

const noFrames: ReadonlySet<number> = new Set()

/**
 * Every frame of a track from its first key frame to `endFrame` (inclusive), also where it is outside.
 * Attributes that a key frame lacks are carried over from the one before. Deleted frames are left out, and key frames on them
 * do not count.
 */
export function* walkTrack(
  shapes: readonly TrackedShape[],
  endFrame: number,
  deleted: ReadonlySet<number> = noFrames,
): Generator<FrameShape> {
  const keys = orderKeys(shapes, deleted)
  for (let at = 0; at < keys.length; at++) {
    const left = keys[at]!
    const right = keys[at + 1]
    if (left.frame > endFrame) return
    yield { ...left, keyframe: true }
    const stop = Math.min(right?.frame ?? endFrame + 1, endFrame + 1)
    for (let frame = left.frame + 1; frame < stop; frame++) if (!deleted.has(frame)) yield interpolateShape(left, right, frame)
  }
}

/** The track on one frame, or nothing before its first key frame and on a deleted frame. */
export function findFrameShape(
  shapes: readonly TrackedShape[],
  frame: number,
  deleted: ReadonlySet<number> = noFrames,
): FrameShape | undefined {
  if (deleted.has(frame)) return undefined
  const keys = orderKeys(shapes, deleted)
  const at = keys.findLastIndex((key) => key.frame <= frame)
  const left = keys[at]
  if (!left) return undefined
  return left.frame === frame ? { ...left, keyframe: true } : interpolateShape(left, keys[at + 1], frame)
}

/** Every frame of a skeleton track on which an element exists. The skeleton is outside when all its elements are. */
export function* walkSkeleton(track: Track, endFrame: number, deleted: ReadonlySet<number> = noFrames): Generator<FrameSkeleton> {
  const walks = track.elements.map(({ shapes, label_id }) => {
    const walk = walkTrack(shapes, endFrame, deleted)
    return { label_id, walk, next: walk.next().value as FrameShape | undefined }
  })
  const bodies = walkTrack(track.shapes, endFrame, deleted)
  let body = bodies.next().value as FrameShape | undefined
  const firstFrame = Math.min(...walks.map(({ next }) => next?.frame ?? Infinity))
  for (let frame = firstFrame; frame <= endFrame; frame++) {
    if (deleted.has(frame)) continue
    const elements: FrameSkeleton['elements'] = []
    for (const element of walks) {
      if (element.next?.frame !== frame) continue
      elements.push({ ...element.next, label_id: element.label_id })
      element.next = element.walk.next().value as FrameShape | undefined
    }
    while (body && body.frame < frame) body = bodies.next().value as FrameShape | undefined
    const own = body?.frame === frame ? body : createBody(frame)
    yield { ...own, outside: own.outside || elements.every(({ outside }) => outside), elements }
  }
}

function createBody(frame: number): FrameShape {
  return {
    type: 'skeleton',
    frame,
    points: [],
    rotation: 0,
    occluded: false,
    outside: false,
    z_order: 0,
    attributes: [],
    keyframe: false,
  }
}

/** A shape between two key frames; without a second one it stays where it is. */
export function interpolateShape(left: TrackedShape, right: TrackedShape | undefined, frame: number): FrameShape {
  const { id: _, ...rest } = left
  const still = { ...rest, frame, keyframe: false }
  if (!right || right.type !== left.type) return still
  const share = (frame - left.frame) / (right.frame - left.frame)
  return {
    ...still,
    points: interpolatePoints[left.type](left.points, right.points, share),
    rotation: interpolateRotation(left.rotation, right.rotation, share),
  }
}

type PointsRule = (left: number[], right: number[], share: number) => number[]

const stay: PointsRule = (left) => left
const moveLinearly: PointsRule = (left, right, share) =>
  left.length === right.length ? left.map((value, at) => value + (right[at]! - value) * share) : left

const interpolatePoints: Record<ShapeType, PointsRule> = {
  rectangle: moveLinearly,
  ellipse: moveLinearly,
  cuboid: moveCuboid,
  points: (left, right, share) => (left.length === 2 ? moveLinearly(left, right, share) : left),
  polygon: interpolateOutline,
  polyline: interpolateCurve,
  mask: stay,
  skeleton: stay,
}

/** Corners of a flat cuboid move linearly; of a cuboid in space, numbers 3 to 5 are angles (radians) and turn the shortest way. */
function moveCuboid(left: number[], right: number[], share: number): number[] {
  const moved = moveLinearly(left, right, share)
  if (!isSpatial(left) || !isSpatial(right)) return moved
  for (let at = 3; at < 6; at++) {
    const turn = (right[at]! - left[at]!) % (2 * Math.PI)
    const shortest = turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn
    moved[at] = left[at]! + shortest * share
  }
  return moved
}

/** Both kinds have 16 numbers; the one in space has nine and seven zeros. */
export function isSpatial(points: readonly number[]): boolean {
  return points.length === 9 || (points.length === 16 && points.slice(9).every((value) => value === 0))
}

function interpolateRotation(left: number, right: number, share: number): number {
  const turn = normaliseRotation(right - left + 180) - 180
  return (left + turn * share + 360) % 360
}

function orderKeys(shapes: readonly TrackedShape[], deleted: ReadonlySet<number>): TrackedShape[] {
  const kept = deleted.size > 0 ? shapes.filter(({ frame }) => !deleted.has(frame)) : shapes
  return carryAttributes(kept.toSorted((a, b) => a.frame - b.frame))
}

function carryAttributes(keys: readonly TrackedShape[]): TrackedShape[] {
  let carried: AttributeValue[] = []
  return keys.map((key) => {
    const own = new Set(key.attributes.map(({ spec_id }) => spec_id))
    const missing = carried.filter(({ spec_id }) => !own.has(spec_id))
    carried = missing.length > 0 ? [...key.attributes, ...missing] : key.attributes
    return { ...key, attributes: carried }
  })
}
