// Rebuilds tracks from shapes that carry a track number, for the formats that write tracks frame by frame.

import type { Finding } from './format'
import type { FrameLookup } from './match'
import type { AttributeValue, Label, Shape, Track, TrackedShape } from './model'

/** A shape of a track as it was found on one frame. */
export type FoundShape = { shape: Shape; keyframe: boolean }

export type TrackCollector = {
  add(trackKey: string, label: Label, found: FoundShape): void
  /** The tracks, in the order in which they were first seen. */
  list(): Finding[]
}

/** Collects tracked shapes until all files are read; shapes of one key form one track. */
export function createTrackCollector(frames: FrameLookup): TrackCollector {
  const found = new Map<string, { label: Label; shapes: FoundShape[] }>()
  return {
    add: (trackKey, label, shape) => {
      const entry = found.get(trackKey)
      if (entry) entry.shapes.push(shape)
      else found.set(trackKey, { label, shapes: [shape] })
    },
    list: () => {
      const followers = new Map(frames.frames.map(({ frame }, at) => [frame, frames.frames[at + 1]?.frame]))
      return [...found.values()].map(({ label, shapes }) => ({ kind: 'track', track: buildTrack(label, shapes, followers) }))
    },
  }
}

/**
 * Key frames are those marked, those after a gap, and an `outside` one behind the last shape before a gap. What stays outside is
 * marked only because a whole skeleton has a key frame there: only the first such frame counts.
 */
function buildTrack(label: Label, found: FoundShape[], followers: ReadonlyMap<number, number | undefined>): Track {
  const sorted = found.toSorted((a, b) => a.shape.frame - b.shape.frame)
  const shapes: TrackedShape[] = []
  let previous: Shape | undefined
  for (const { shape, keyframe } of sorted) {
    if (previous?.frame === shape.frame) continue
    const follower = previous && followers.get(previous.frame)
    const afterGap = previous !== undefined && follower !== shape.frame
    if (previous && afterGap && !previous.outside && follower !== undefined) {
      shapes.push({ ...toTrackedShape(label, previous), frame: follower, outside: true })
    }
    const isMarked = keyframe && !shape.outside
    if (isMarked || !previous || afterGap || previous.outside !== shape.outside) shapes.push(toTrackedShape(label, shape))
    previous = shape
  }
  const follower = previous && followers.get(previous.frame)
  if (previous && follower !== undefined && !previous.outside) {
    shapes.push({ ...toTrackedShape(label, previous), frame: follower, outside: true })
  }
  const first = sorted[0]!.shape
  const { fixed } = splitAttributes(label, first.attributes)
  return { frame: first.frame, label_id: label.id, group: 0, source: 'file', attributes: fixed, shapes, elements: [] }
}

function toTrackedShape(label: Label, shape: Shape): TrackedShape {
  const { type, frame, points, rotation, occluded, outside, z_order } = shape
  const { changing } = splitAttributes(label, shape.attributes)
  return { type, frame, points, rotation, occluded, outside, z_order, attributes: changing }
}

/** Attributes that belong to a track as a whole, and those that its key frames carry. */
export function splitAttributes(
  label: Label,
  attributes: readonly AttributeValue[],
): { fixed: AttributeValue[]; changing: AttributeValue[] } {
  const mutable = new Set(label.attributes.filter((attribute) => attribute.mutable).map(({ id }) => id))
  return {
    fixed: attributes.filter(({ spec_id }) => !mutable.has(spec_id)),
    changing: attributes.filter(({ spec_id }) => mutable.has(spec_id)),
  }
}
