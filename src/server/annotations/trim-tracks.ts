// Tracks as they come out of files, without what is never to be seen.
import { cutTrack } from '../../formats/geometry/cut-track'
import type { Rows, TrackRow } from './rows'
import { toTrack, toTrackRow } from './track-model'

const isSeen = ({ shapes }: TrackRow) => shapes.some(({ outside }) => !outside)

/**
 * Files say of each frame what is there, so that what is not becomes key frames outside: tracks begin with the first frame on
 * which they are seen; those that never are, and elements that never are, are left out.
 */
export const trimTracks = (rows: Rows): Rows => ({
  ...rows,
  tracks: rows.tracks.flatMap((track) => {
    const part = cutTrack(toTrack(track), 0, Number.POSITIVE_INFINITY)
    if (!part) return []
    const trimmed = toTrackRow(part)
    return [{ ...trimmed, elements: trimmed.elements.filter(isSeen) }]
  }),
})

/** Leaves out tracks that are nowhere seen, as a task has no job to put them into. */
export const dropUnseen = (rows: Rows): Rows => ({
  ...rows,
  tracks: rows.tracks.filter((track) => (track.elements.length ? track.elements.some(isSeen) : isSeen(track))),
})
