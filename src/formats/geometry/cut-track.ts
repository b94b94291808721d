// Cuts a track to a range of frames: on every frame of the range the part is where the whole track was.

import type { Track, TrackedShape } from '../model'
import { findFrameShape } from './interpolation'

/**
 * The part of a track on the frames from `start` to `stop` (inclusive), with key frames at both borders where it goes on beyond
 * them. Nothing when it is nowhere visible there. New key frames have no id.
 */
export function cutTrack(track: Track, start: number, stop: number): Track | undefined {
  const isVisible = track.elements.length
    ? track.elements.some(({ shapes }) => isVisibleWithin(shapes, start, stop))
    : isVisibleWithin(track.shapes, start, stop)
  const shapes = isVisible ? cutShapes(track.shapes, start, stop) : []
  const first = shapes[0]
  if (!first) return undefined
  const elements = track.elements.map((element) => cutElement(element, first.frame, stop))
  return { ...track, frame: first.frame, shapes, elements }
}

/** An element begins with its skeleton, outside where it is not to be seen yet. */
function cutElement(element: Track, start: number, stop: number): Track {
  const shapes = cutShapes(element.shapes, start, stop)
  const [first = element.shapes[0]] = shapes
  if (first && (shapes.length === 0 || first.frame > start)) shapes.unshift({ ...withoutId(first), frame: start, outside: true })
  return { ...element, frame: start, shapes }
}

function isVisibleWithin(shapes: readonly TrackedShape[], start: number, stop: number): boolean {
  const keys = orderByFrame(shapes)
  return keys.some(({ frame, outside }, at) => !outside && frame <= stop && (keys[at + 1]?.frame ?? Infinity) > start)
}

function cutShapes(shapes: readonly TrackedShape[], start: number, stop: number): TrackedShape[] {
  const keys = orderByFrame(shapes)
  const part = keys.filter(({ frame }) => frame >= start && frame <= stop)
  const onFrame = (frame: number): TrackedShape | undefined => {
    const found = findFrameShape(keys, frame)
    if (!found || found.outside) return undefined
    const { keyframe: _, ...shape } = found
    return withoutId(shape)
  }
  const atStart = part[0]?.frame === start ? undefined : onFrame(start)
  if (atStart) part.unshift(atStart)
  while (part[0]?.outside) part.shift()
  const last = part.at(-1)
  const goesOn = keys.some(({ frame }) => frame > stop)
  const atStop = last && last.frame < stop && goesOn ? onFrame(stop) : undefined
  if (atStop && !isSamePlace(last!, atStop)) part.push(atStop)
  return part
}

const orderByFrame = (shapes: readonly TrackedShape[]) => shapes.toSorted((a, b) => a.frame - b.frame)
const withoutId = ({ id: _, ...shape }: TrackedShape): TrackedShape => shape

function isSamePlace(a: TrackedShape, b: TrackedShape): boolean {
  return a.rotation === b.rotation && a.points.length === b.points.length && a.points.every((value, at) => value === b.points[at])
}
