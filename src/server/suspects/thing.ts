// Annotations as the search for suspicious labels sees them, and what it finds.
import type { Bounds } from '../../formats/geometry/box'

export const reasons = [
  'duplicate',
  'conflicting_label',
  'label_flip',
  'off_track',
  'track_jump',
  'track_size',
  'size_outlier',
  'shape_outlier',
  'tiny',
  'outside_picture',
  'attribute_flip',
  'rare_values',
  'number_outlier',
  'empty_text',
] as const
export type Reason = (typeof reasons)[number]
export type ThingKind = 'shape' | 'track' | 'tag'

/** A shape, or a track on one of the frames where somebody drew it. Pixels. */
export type Sample = { frame: number; box: Bounds; width: number; height: number; area: number; picture: Picture }
export type Picture = { width: number; height: number }

/** A key frame of a track with its changing attributes. */
export type Key = { frame: number; outside: boolean; box: Bounds | null; values: ReadonlyMap<number, string> }

/** One stored object. */
export type Thing = {
  kind: ThingKind
  id: number
  jobId: number
  taskId: number
  labelId: number
  /** Shape type; empty for a tag. */
  type: string
  /** First frame. */
  frame: number
  /** Where it is seen: one of a shape, the visible key frames of a track, none of a tag. */
  samples: readonly Sample[]
  /** Key frames; empty unless it is a track. */
  keys: readonly Key[]
  /** Values by attribute id; of a track those that never change and those of its first key frame. */
  values: ReadonlyMap<number, string>
  fingerprint: string
}

/** An object on one frame of its job. `likeness` compares it exactly with another one on the same frame, 0…1. */
export type Placed = { thing: Thing; frame: number; box: Bounds; likeness?: (other: Placed) => number }

/** What the words about a finding are made of. */
export type Details = {
  box?: Bounds
  /** Shape type. */
  type?: string
  /** Size of the frame's picture, for showing the box on it. */
  picture?: Picture
  /** The object that it is compared with. */
  other?: { kind: ThingKind; id: number; labelId: number; box: Bounds }
  /** The label that it should rather have. */
  suggestion?: number
  /** How much there is of it and how much is usual; what they mean depends on the reason. */
  value?: number
  usual?: number
  /** Attributes that are odd, by name. */
  attributes?: { name: string; value: string }[]
  /** How many of how many objects are so. */
  count?: number
  total?: number
}
export type Finding = { thing: Thing; reason: Reason; frame: number; score: number; details: Details }

/** Only what scores at least this is shown; detectors scale their scores so that it is the edge of what is usual. */
export const leastScore = 0.5

/** 0.5 at the limit, towards 1 far beyond it. */
export const scoreBeyond = (value: number, limit: number): number => (value > 0 ? Math.min(1, 1 - (0.5 * limit) / value) : 0)

/** A table from label and type to what is of it. */
export const groupOf = ({ labelId, type }: Thing) => `${labelId} ${type}`
