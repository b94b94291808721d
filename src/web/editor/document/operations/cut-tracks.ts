// Tracks split, ended, trimmed and swapped at a frame.
import type { Track, TrackedShape } from '../../../../formats/model'
import { placeTrack } from '../place'
import { listKeyFrames } from '../tracks'
import { type Outcome, refuse } from './outcome'

const stripId = ({ id: _, ...key }: TrackedShape): TrackedShape => key

/** The position on a frame as a key frame without id. */
const keyAt = (track: Track, frame: number, outside?: boolean): TrackedShape | null => {
  const placed = placeTrack(track, frame)
  if (!placed) return null
  return { ...placed.body, frame, ...(outside !== undefined && { outside }) }
}

const firstOf = (track: Track): number => Math.min(...track.shapes.map((shape) => shape.frame))

const withShapes = (track: Track, shapes: TrackedShape[]): Track => ({
  ...track,
  shapes,
  frame: Math.min(...shapes.map((shape) => shape.frame), Infinity),
})

/** Key frames before `frame`, and an end on it. A part that begins later is away from the whole. */
const takeHead = (track: Track, frame: number, startFrame: number): Track => {
  const head = track.shapes.filter((shape) => shape.frame < frame)
  const end = keyAt(track, frame, true)
  if (head.length > 0 && end) return withShapes(track, [...head, end])
  const first = track.shapes.find((shape) => shape.frame === firstOf(track))!
  return withShapes(track, [{ ...stripId(first), frame: startFrame, outside: true }])
}

/** The position on `frame` as first key frame, and all later ones, without ids. */
const takeTail = (track: Track, frame: number): Track => {
  const { id: _, ...rest } = track
  const start = keyAt(track, frame)
  const later = track.shapes.filter((shape) => shape.frame > frame).map(stripId)
  return withShapes(rest, start ? [stripId(start), ...later] : later)
}

/**
 * Cuts a track in two: the first ends with an outside key frame on `frame` and keeps all ids, the second begins there with a key
 * frame at its position.
 */
export const splitTrack = (track: Track, frame: number): Outcome<[Track, Track]> => {
  const [first] = listKeyFrames(track)
  if (first === undefined || frame <= first) return refuse('A track can be split after its first key frame only')
  const placed = placeTrack(track, frame)
  if (!placed || placed.body.outside) return refuse('The track is outside on this frame')
  const head = takeHead(track, frame, track.frame)
  const tail = takeTail(track, frame)
  return {
    done: [
      { ...head, elements: track.elements.map((element) => takeHead(element, frame, track.frame)) },
      { ...tail, elements: track.elements.map((element) => takeTail(element, frame)) },
    ],
  }
}

/** Ends a track: outside from `frame` on, without later key frames. */
export const finishTrack = (track: Track, frame: number): Outcome<Track> => {
  if (frame <= track.frame) return refuse('A track cannot end on its first key frame: delete it instead')
  const elements = track.elements.map((element) => takeHead(element, frame, track.frame))
  return { done: { ...takeHead(track, frame, track.frame), elements } }
}

const trimPart = (track: Track, from: number, to: number): Track => {
  const kept = track.shapes.filter((shape) => shape.frame < from || shape.frame > to)
  const shapes = [...kept]
  const end = firstOf(track) < from ? keyAt(track, from, true) : null
  if (end) shapes.push({ ...end, attributes: [] })
  const next = keyAt(track, to + 1)
  // Where it was visible behind the gap it comes back as it was.
  if (next && !shapes.some((shape) => shape.frame === to + 1)) shapes.push(stripId(next))
  return withShapes(
    track,
    shapes.sort((a, b) => a.frame - b.frame),
  )
}

/** Takes a track away on the frames `from` to `to` (inclusive); null when nothing visible is left of it up to `stopFrame`. */
export const trimTrack = (track: Track, from: number, to: number, stopFrame: number): Track | null => {
  const end = Math.min(to, stopFrame)
  if (end >= stopFrame) {
    const finished = finishTrack(track, from)
    return 'done' in finished ? finished.done : null
  }
  const whole = trimPart(track, from, end)
  const elements = track.elements.map((element) => trimPart(element, from, end))
  return whole.shapes.some((shape) => !shape.outside) ? { ...whole, elements } : null
}

const graft = (head: Track, tail: Track, frame: number): Track => {
  const before = head.shapes.filter((shape) => shape.frame < frame)
  const start = keyAt(tail, frame)
  const end = keyAt(head, frame, true)
  const joint = start ? [stripId(start)] : end && before.length > 0 ? [{ ...stripId(end), attributes: [] }] : []
  const after = tail.shapes.filter((shape) => shape.frame > frame).map(stripId)
  return withShapes(head, [...before, ...joint, ...after])
}

/** From `frame` on each of two tracks goes on as the other did; both keep their ids. */
export const swapTracks = (a: Track, b: Track, frame: number): Outcome<[Track, Track]> => {
  if (a.label_id !== b.label_id) return refuse('Only tracks with the same label can be swapped')
  if (a.shapes[0]?.type !== b.shapes[0]?.type) return refuse('Only tracks of the same kind can be swapped')
  if (!placeTrack(a, frame) && !placeTrack(b, frame)) return refuse('Neither track has begun on this frame')
  const partner = (owner: Track, element: Track) => owner.elements.find((one) => one.label_id === element.label_id) ?? element
  const mix = (own: Track, other: Track): Track => ({
    ...graft(own, other, frame),
    elements: own.elements.map((element) => graft(element, partner(other, element), frame)),
  })
  const done: [Track, Track] = [mix(a, b), mix(b, a)]
  return done.every((track) => track.shapes.length > 0) ? { done } : refuse('One track would be left without a key frame')
}
