// Where an object is on a frame: shapes as they are, tracks between their key frames.
import { findFrameShape } from '../../../formats/geometry/interpolation'
import type { ShapeBody, Track } from '../../../formats/model'
import type { EditorObject, Placed } from './object'

const noFrames: ReadonlySet<number> = new Set()

/**
 * Body of a track on a frame, null before its first key frame. Flags and mutable attributes come from the key frame at the left. Key frames
 * on deleted frames do not count.
 */
export const placeTrack = (
  track: Track,
  frame: number,
  deleted: ReadonlySet<number> = noFrames,
): { body: ShapeBody; keyframe: boolean } | null => {
  const found = findFrameShape(track.shapes, frame, deleted)
  if (!found) return null
  const { keyframe, id: _id, frame: _frame, ...body } = found
  return { body, keyframe }
}

/** The object as it is on the frame, or null when it is not on it. Tracks that are outside are placed with `outside` set. */
export const placeObject = (object: EditorObject, frame: number, deleted: ReadonlySet<number> = noFrames): Placed | null => {
  if (object.kind === 'tag') return object.data.frame === frame ? { object, body: null, elements: [], keyframe: false } : null
  if (object.kind === 'shape') {
    if (object.data.frame !== frame) return null
    return { object, body: object.data, elements: object.data.elements ?? [], keyframe: false }
  }
  const elements = (object.data.elements ?? []).flatMap((element) => {
    const part = placeTrack(element, frame, deleted)
    return part ? [{ ...part.body, label_id: element.label_id, keyframe: part.keyframe }] : []
  })
  const placed = placeTrack(object.data, frame, deleted)
  if (!placed) return null
  const away = elements.length > 0 && elements.every((part) => part.outside)
  const body = away ? { ...placed.body, outside: true } : placed.body
  return { object, body, elements, keyframe: placed.keyframe || elements.some((part) => part.keyframe) }
}
