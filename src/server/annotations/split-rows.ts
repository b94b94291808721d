// Deals the annotations of a task out to its jobs: everything goes to each job that holds its frame, tracks are cut at the borders.
import { cutTrack } from '../../formats/geometry/cut-track'
import type { Place } from './find-twins'
import type { Rows, TrackRow } from './rows'
import { toTrack, toTrackRow } from './track-model'

const isWithin = (track: TrackRow, { startFrame, stopFrame }: Place): boolean =>
  [track, ...track.elements].every(({ shapes }) => shapes.every(({ frame }) => frame >= startFrame && frame <= stopFrame))

/** The part of each job; a track that only one job sees stays as it is. */
const splitTrack = (track: TrackRow, places: readonly Place[]): (TrackRow | undefined)[] => {
  const model = toTrack(track)
  const parts = places.map(({ startFrame, stopFrame }) => cutTrack(model, startFrame, stopFrame))
  const isAlone = parts.filter((part) => part).length === 1
  return parts.map((part, at) => part && (isAlone && isWithin(track, places[at]!) ? track : toTrackRow(part)))
}

/**
 * What of the rows each job gets, in the order of `places`. The rows themselves go to the first job that takes them, copies to
 * the others. A track that is never visible goes as it is to the job of its first key frame.
 */
export const splitRows = (rows: Rows, places: readonly Place[]): Rows[] => {
  const parts = places.map((): Rows => ({ tags: [], shapes: [], tracks: [] }))
  const holding = (frame: number) =>
    places.flatMap(({ startFrame, stopFrame }, at) => (frame >= startFrame && frame <= stopFrame ? [at] : []))
  for (const tag of rows.tags)
    for (const [n, at] of holding(tag.frame).entries()) parts[at]!.tags.push(n === 0 ? tag : structuredClone(tag))
  for (const shape of rows.shapes)
    for (const [n, at] of holding(shape.frame).entries()) parts[at]!.shapes.push(n === 0 ? shape : structuredClone(shape))
  for (const track of rows.tracks) {
    if (places.length === 1 && isWithin(track, places[0]!)) {
      parts[0]!.tracks.push(track)
      continue
    }
    const cuts = splitTrack(track, places)
    const [home] = holding(track.frame)
    if (home !== undefined && !cuts.some((cut) => cut)) cuts[home] = track
    for (const [at, cut] of cuts.entries()) if (cut) parts[at]!.tracks.push(cut)
  }
  return parts
}
