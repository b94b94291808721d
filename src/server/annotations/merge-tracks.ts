// Joins the tracks of a task's jobs: those that overlap and are alike become one, those that end with their job are closed there.
import { findFrameShape } from '../../formats/geometry/interpolation'
import type { Track } from '../../formats/model'
import { orderPlaces, type Place } from './find-twins'
import { matchPairs } from './match-pairs'
import type { KeyRow, Stored, TrackRow } from './rows'
import { type Comparable, measureLikeness } from './similarity'
import { toTrack } from './track-model'

const leastLikeness = 0.5

export type MergedTrack = Stored<TrackRow> & {
  /** The tracks of later jobs that went into this one. */
  twins: { id: number; jobId: number }[]
}

type View = { labelId: number; frames: Map<number, Comparable & { outside: boolean }>; elements: View[] }

/** A track on the frames from `start` up to `end` (exclusive): where it is visible, and the key frames that end that. */
const viewTrack = ({ frame: first, label_id: labelId, shapes, elements }: Track, start: number, end: number): View => {
  const frames: View['frames'] = new Map()
  for (let frame = Math.max(start, first); frame < end; frame++) {
    const found = findFrameShape(shapes, frame)
    if (found && (found.keyframe || !found.outside)) frames.set(frame, { ...found, labelId })
  }
  return { labelId, frames, elements: elements.map((element) => viewTrack(element, start, end)) }
}

/** How alike two tracks are, added up over the frames where at least one of them is. */
const compareFrames = (a: View, b: View | undefined): { sum: number; count: number } => {
  const frames = new Set([...a.frames.keys(), ...(b?.frames.keys() ?? [])])
  let sum = 0
  for (const frame of frames) {
    const [one, other] = [a.frames.get(frame), b?.frames.get(frame)]
    if (one && other && one.outside === other.outside) sum += measureLikeness(one, other)
  }
  return { sum, count: frames.size }
}

/** Mean likeness, 0…1; of skeletons that of all their elements together. */
const compareViews = (a: View, b: View): number => {
  if (a.labelId !== b.labelId) return 0
  const parts = a.elements.length
    ? a.elements.map((element) =>
        compareFrames(
          element,
          b.elements.find(({ labelId }) => labelId === element.labelId),
        ),
      )
    : [compareFrames(a, b)]
  const count = parts.reduce((total, part) => total + part.count, 0)
  return count ? parts.reduce((total, part) => total + part.sum, 0) / count : 0
}

const uniteKeys = (earlier: KeyRow[], later: KeyRow[]): KeyRow[] => {
  const byFrame = new Map(later.map((key) => [key.frame, key]))
  for (const key of earlier) byFrame.set(key.frame, key)
  return [...byFrame.values()].sort((a, b) => a.frame - b.frame)
}
/** The later track's frames continue the earlier one; where both have a key frame that of the earlier one stays. */
const unite = <T extends TrackRow>(earlier: T, later: TrackRow): T => {
  const rest = new Map(later.elements.map((element) => [element.labelId, element]))
  const elements = earlier.elements.map((element) => {
    const other = rest.get(element.labelId)
    rest.delete(element.labelId)
    return other ? unite(element, other) : element
  })
  return {
    ...earlier,
    frame: Math.min(earlier.frame, later.frame),
    shapes: uniteKeys(earlier.shapes, later.shapes),
    elements: [...elements, ...rest.values()],
  }
}

/** Outside from `frame` on, unless it is already. */
const close = <T extends TrackRow>(track: T, frame: number): T => {
  const last = track.shapes.at(-1)
  if (!last || last.outside) return track
  const { id: _, ...end } = last
  return {
    ...track,
    shapes: [...track.shapes, { ...end, frame, outside: true }],
    elements: track.elements.map((element) => close(element, frame)),
  }
}

/** Whether a track of earlier jobs still goes on when the next one begins. */
const reaches = ({ shapes }: TrackRow, start: number) => {
  const last = shapes.at(-1)
  return last !== undefined && (last.frame >= start || !last.outside)
}

/**
 * The tracks of a task out of those of its jobs (their key frames in order), as CVAT shows them: tracks of neighbouring jobs that
 * are alike on the frames that both jobs have are one, with the id of the earlier one; a track that goes on to the end of its
 * job and has no continuation gets an outside key frame on the first frame after the overlap.
 */
export const mergeTracks = (tracks: Stored<TrackRow>[], places: readonly Place[]): MergedTrack[] => {
  const byJob = Map.groupBy(tracks, ({ jobId }) => jobId)
  let merged: MergedTrack[] = []
  let reach = -1
  for (const { id, startFrame, stopFrame } of orderPlaces(places)) {
    const own = (byJob.get(id) ?? []).map((track) => ({ ...track, twins: [] }))
    const end = Math.max(startFrame, Math.min(reach, stopFrame) + 1)
    const open = merged.flatMap((track, at) => (reaches(track, startFrame) ? [at] : []))
    const overlapping = own.filter(({ frame }) => frame < end)
    const view = (track: TrackRow) => viewTrack(toTrack(track), startFrame, end)
    const news = overlapping.map(view)
    const olds = news.length ? open.map((at) => view(merged[at]!)) : []
    const compare = (one: number, other: number) => compareViews(news[one]!, olds[other]!)
    const pairs = matchPairs(news.length, olds.length, compare, leastLikeness)
    const united = new Map(pairs.map(([one, other]) => [open[other]!, overlapping[one]!]))
    const taken = new Set<TrackRow>(united.values())
    merged = merged.map((track, at) => {
      const later = united.get(at)
      if (later) return { ...unite(track, later), twins: [...track.twins, { id: later.id, jobId: later.jobId }] }
      return open.includes(at) ? close(track, end) : track
    })
    merged.push(...own.filter((track) => !taken.has(track)))
    reach = Math.max(reach, stopFrame)
  }
  return merged
}
