// Makes the frame numbers of a track agree: it begins with its first key frame, a skeleton with the earliest of its elements.
import type { TrackRow } from './rows'

/** A track that is said to begin before its first key frame is outside until then; one said to begin later begins with it. */
const settleOne = (track: TrackRow) => {
  const first = track.shapes[0]
  if (!first || first.frame === track.frame) return
  if (first.frame < track.frame) track.frame = first.frame
  else if (first.type === 'skeleton') first.frame = track.frame
  else {
    const { id: _, ...before } = first
    track.shapes.unshift({ ...before, frame: track.frame, outside: true })
  }
}

/** Changes the frames in place; key frames must be in order. Elements without any are left out, as they are nowhere. */
export const settleTrack = (track: TrackRow): TrackRow => {
  settleOne(track)
  track.elements = track.elements.filter(({ shapes }) => shapes.length)
  const settleElements = () => {
    for (const element of track.elements) {
      element.frame = Math.min(element.frame, track.frame)
      settleOne(element)
    }
  }
  settleElements()
  const earliest = Math.min(...track.elements.map(({ frame }) => frame))
  if (earliest < track.frame && track.shapes[0]) {
    track.frame = earliest
    track.shapes[0].frame = earliest
    settleElements()
  }
  return track
}
