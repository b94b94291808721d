// A track as the timeline shows it: where it has key frames, where it is visible; and key frames moved along it.
import type { Track } from '../../../formats/model'
import { listKeyFrames } from '../document/tracks'

/** Frames, both ends included. */
export type Span = { from: number; to: number }
export type Strip = { keys: readonly number[]; spans: readonly Span[] }

/** Whether one line of key frames is outside, asked with frames that ascend. */
const followOutside = (track: Track): ((frame: number) => boolean) => {
  const shapes = track.shapes.toSorted((a, b) => a.frame - b.frame)
  let at = -1
  return (frame) => {
    while (at + 1 < shapes.length && shapes[at + 1]!.frame <= frame) at += 1
    return at < 0 || shapes[at]!.outside
  }
}

/** @param stop last frame of the job: a track that does not end is visible up to there */
export const describeTrack = (track: Track, stop: number): Strip => {
  const keys = listKeyFrames(track)
  const isOutside = followOutside(track)
  const parts = track.elements.map(followOutside)
  const spans: Span[] = []
  let from: number | null = null
  for (const key of keys) {
    // A skeleton is away when it is, or when all of its points are.
    const gone = isOutside(key)
    const all = parts.map((part) => part(key))
    const away = (gone && track.shapes.length > 0) || (all.length > 0 && all.every(Boolean))
    if (!away) from ??= key
    else if (from !== null) {
      spans.push({ from, to: key - 1 })
      from = null
    }
  }
  if (from !== null) spans.push({ from, to: Math.max(stop, from) })
  return { keys, spans }
}

const moveIn = (track: Track, from: number, to: number): Track => {
  const shapes = track.shapes
    .map((shape) => (shape.frame === from ? { ...shape, frame: to } : shape))
    .sort((a, b) => a.frame - b.frame)
  return { ...track, shapes, frame: shapes[0]?.frame ?? track.frame }
}

/** Where a key frame may go: not onto or past its neighbours, and not out of the job. */
export const limitMove = ({ keys }: Strip, key: number, job: Span): Span => {
  const at = keys.indexOf(key)
  return { from: Math.max(job.from, (keys[at - 1] ?? job.from - 1) + 1), to: Math.min(job.to, (keys[at + 1] ?? job.to + 1) - 1) }
}

/** The track with what lies on frame `from` on frame `to`, parts of a skeleton too. */
export const moveKeyFrame = (track: Track, from: number, to: number): Track => {
  const moved = moveIn(track, from, to)
  const elements = track.elements.map((element) => moveIn(element, from, to))
  return { ...moved, elements, frame: Math.min(moved.frame, ...elements.map((element) => element.frame)) }
}
