// Key frames of tracks, set and dropped on the track itself and on the points of a skeleton.

import type { ShapeBody, Source, Track, TrackedShape } from '../../../formats/model'
import { placeTrack } from './place'
import { roundBody } from './round-body'

/** Editing what a machine made leaves it half made by hand. */
export const touchSource = (source: Source): Source => (source === 'auto' ? 'semi-auto' : source)

/** Frames with a key frame of the track or of any of its points, ascending. */
export const listKeyFrames = (track: Track): number[] => {
  const frames = new Set([track, ...track.elements].flatMap((one) => one.shapes.map((shape) => shape.frame)))
  return [...frames].sort((a, b) => a - b)
}

/** The track with a key frame on `frame` that carries `change`; without a position there it stays as it is. */
export const setKeyFrame = (track: Track, frame: number, change: Partial<ShapeBody>, deleted?: ReadonlySet<number>): Track => {
  const placed = placeTrack(track, frame, deleted)
  if (!placed) return track
  const old = track.shapes.find((shape) => shape.frame === frame)
  const key: TrackedShape = {
    ...placed.body,
    points: roundBody(placed.body),
    ...change,
    frame,
    ...(old?.id === undefined ? {} : { id: old.id }),
  }
  const shapes = [...track.shapes.filter((shape) => shape.frame !== frame), key].sort((a, b) => a.frame - b.frame)
  return { ...track, shapes, source: touchSource(track.source) }
}

/** A key frame on the track and on all its points. */
export const setWholeKeyFrame = (
  track: Track,
  frame: number,
  change: Partial<ShapeBody>,
  deleted?: ReadonlySet<number>,
): Track => {
  const whole = setKeyFrame(track, frame, change, deleted)
  if (track.elements.length === 0) return whole
  const { occluded, outside } = change
  const own = { ...(occluded !== undefined && { occluded }), ...(outside !== undefined && { outside }) }
  return { ...whole, elements: track.elements.map((element) => setKeyFrame(element, frame, own, deleted)) }
}

const dropFrom = (track: Track, frame: number): Track => {
  if (track.shapes.length < 2) return track
  const shapes = track.shapes.filter((shape) => shape.frame !== frame)
  return shapes.length === track.shapes.length ? track : { ...track, shapes, frame: Math.min(...shapes.map((one) => one.frame)) }
}

/** Without the key frame of `frame`, never without the last one. */
export const dropKeyFrame = (track: Track, frame: number): Track => {
  const keys = listKeyFrames(track)
  if (keys.length < 2 || !keys.includes(frame)) return track
  const elements = track.elements.map((element) => dropFrom(element, frame))
  const whole = { ...dropFrom(track, frame), elements }
  return { ...whole, frame: listKeyFrames(whole)[0] ?? track.frame }
}

/** Last key frame before, or first after; null when there is none. */
export const findKeyFrame = (track: Track, frame: number, direction: 1 | -1): number | null => {
  const keys = listKeyFrames(track)
  return (direction === 1 ? keys.find((key) => key > frame) : keys.findLast((key) => key < frame)) ?? null
}
