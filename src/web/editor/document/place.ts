// Where an object is on a frame: shapes as they are, tracks interpolated between their key frames.
import type { ShapeBody, Track, TrackedShape } from '../../../formats/model'
import { roundPoint } from '../view/geometry'
import type { EditorObject, Placed } from './object'

const linearTypes = new Set(['rectangle', 'ellipse', 'cuboid', 'polygon', 'polyline', 'points'])

const mixAngle = (a: number, b: number, t: number): number => {
  const turn = ((((b - a) % 360) + 540) % 360) - 180
  return (((a + turn * t) % 360) + 360) % 360
}

/** Between two key frames; lists of unequal length stay at the left one until contour matching is at hand. */
const mixBodies = (a: TrackedShape, b: TrackedShape, t: number): ShapeBody => {
  if (!linearTypes.has(a.type) || a.points.length !== b.points.length) return a
  if (a.type === 'points' && a.points.length !== 2) return a
  return {
    ...a,
    points: a.points.map((value, i) => roundPoint(value + (b.points[i]! - value) * t)),
    rotation: mixAngle(a.rotation, b.rotation, t),
  }
}

/** Body of a track on a frame, null before its first key frame. Flags and mutable attributes come from the key frame at the left. */
export const placeTrack = (track: Track, frame: number): { body: ShapeBody; keyframe: boolean } | null => {
  let left: TrackedShape | null = null
  let right: TrackedShape | null = null
  for (const shape of track.shapes) {
    if (shape.frame <= frame && (!left || shape.frame > left.frame)) left = shape
    if (shape.frame > frame && (!right || shape.frame < right.frame)) right = shape
  }
  if (!left) return null
  if (left.frame === frame || !right || left.outside) return { body: left, keyframe: left.frame === frame }
  return { body: mixBodies(left, right, (frame - left.frame) / (right.frame - left.frame)), keyframe: false }
}

/** The object as it is on the frame, or null when it is not on it. Tracks that are outside are placed with `outside` set. */
export const placeObject = (object: EditorObject, frame: number): Placed | null => {
  if (object.kind === 'tag') return object.data.frame === frame ? { object, body: null, elements: [], keyframe: false } : null
  if (object.kind === 'shape') {
    if (object.data.frame !== frame) return null
    return { object, body: object.data, elements: object.data.elements ?? [], keyframe: false }
  }
  const placed = placeTrack(object.data, frame)
  if (!placed) return null
  const elements = (object.data.elements ?? []).flatMap((element) => {
    const part = placeTrack(element, frame)
    return part && !part.body.outside ? [{ ...part.body, label_id: element.label_id }] : []
  })
  return { object, body: placed.body, elements, keyframe: placed.keyframe }
}
