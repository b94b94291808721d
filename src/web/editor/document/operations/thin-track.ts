// Fewer key frames for the same movement, and an attribute over a range of frames.
import { interpolateShape } from '../../../../formats/geometry/interpolation'
import type { Track, TrackedShape } from '../../../../formats/model'
import { placeTrack } from '../place'
import { setKeyFrame } from '../tracks'

const sameState = (a: TrackedShape, b: TrackedShape): boolean =>
  a.outside === b.outside &&
  a.occluded === b.occluded &&
  a.z_order === b.z_order &&
  b.attributes.every((one) => a.attributes.find((other) => other.spec_id === one.spec_id)?.value === one.value)

/** How far a key frame is from where it would be without it (pixels; a degree counts as a pixel); Infinity when it cannot go. */
const measureMiss = (left: TrackedShape, key: TrackedShape, right: TrackedShape): number => {
  const guess = interpolateShape(left, right, key.frame)
  if (guess.points.length !== key.points.length) return Infinity
  const turn = Math.abs(((guess.rotation - key.rotation + 540) % 360) - 180)
  return guess.points.reduce((worst, value, i) => Math.max(worst, Math.abs(value - key.points[i]!)), turn)
}

/** Key frames that must stay between two that do: split at the worst miss until all are near enough (Douglas and Peucker, 1973). */
const keepBetween = (keys: readonly TrackedShape[], from: number, to: number, tolerance: number): number[] => {
  let worst = -1
  let miss = tolerance
  for (let i = from + 1; i < to; i++) {
    const own = measureMiss(keys[from]!, keys[i]!, keys[to]!)
    if (own > miss) [worst, miss] = [i, own]
  }
  if (worst < 0) return []
  return [...keepBetween(keys, from, worst, tolerance), worst, ...keepBetween(keys, worst, to, tolerance)]
}

const thinShapes = (shapes: readonly TrackedShape[], tolerance: number): TrackedShape[] => {
  const keys = shapes.toSorted((a, b) => a.frame - b.frame)
  if (keys.length < 3) return keys
  const fixed = keys.flatMap((key, i) => {
    const changes = i === 0 || !sameState(keys[i - 1]!, key)
    const ends = i === keys.length - 1 || !sameState(key, keys[i + 1]!)
    return changes || ends ? [i] : []
  })
  const kept = new Set(fixed)
  for (let i = 0; i + 1 < fixed.length; i++) {
    for (const inner of keepBetween(keys, fixed[i]!, fixed[i + 1]!, tolerance)) kept.add(inner)
  }
  return keys.filter((_, i) => kept.has(i))
}

/** The track without key frames from which interpolation misses by no more than `tolerance` pixels; flags stay as they are. */
export const thinKeyFrames = (track: Track, tolerance: number): Track => ({
  ...track,
  shapes: thinShapes(track.shapes, tolerance),
  elements: track.elements.map((element) => ({ ...element, shapes: thinShapes(element.shapes, tolerance) })),
})

const setValue = (shape: TrackedShape, specId: number, value: string): TrackedShape => ({
  ...shape,
  attributes: [...shape.attributes.filter((one) => one.spec_id !== specId), { spec_id: specId, value }],
})

/** A mutable attribute on the frames `from` to `to` (inclusive); behind them it is again what it was. */
export const setAttributeOver = (track: Track, specId: number, value: string, from: number, to: number): Track => {
  const start = Math.max(from, track.frame)
  const after = placeTrack(track, to + 1)?.body.attributes.find((one) => one.spec_id === specId)?.value
  const opened = setKeyFrame(track, start, {})
  const closed = after === undefined ? opened : setKeyFrame(opened, to + 1, {})
  const shapes = closed.shapes.map((shape) => {
    if (shape.frame >= start && shape.frame <= to) return setValue(shape, specId, value)
    return shape.frame === to + 1 && after !== undefined ? setValue(shape, specId, after) : shape
  })
  return { ...closed, shapes }
}
