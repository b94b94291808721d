// Turns the key frames of a <track> into a track of the API.

import type { Finding } from '../format'
import { splitAttributes } from '../imported-tracks'
import { resolveAttributes } from '../match'
import type { AttributeValue, Label, Track, TrackedShape } from '../model'
import type { Fields } from './read-geometry'

/** One element of a track: the shape on one frame, with the attribute values that the file gives. */
export type TrackKey = {
  isKey: boolean
  label: Label
  body: TrackedShape
  values: ReadonlyMap<string, string>
  /** Points of a skeleton. */
  elements: TrackKey[]
  group: number
}

export type TrackUnderWay = { label: Label; group: number; keys: TrackKey[]; fields: Fields }

/** The finished track; masks, which cannot be tracked, become plain shapes. Throws FormatError for a track without key frames. */
export function buildTrack({ label, group, keys, fields }: TrackUnderWay): Finding[] {
  const first = keys.find(({ isKey, elements }) => isKey || elements.some((element) => element.isKey))
  if (!first) throw fields.fail('a track needs at least one key frame')
  if (first.body.type === 'mask') {
    return keys
      .filter(({ isKey, body }) => isKey && !body.outside)
      .map((key) => ({ kind: 'shape', shape: createMask(key, group) }))
  }
  if (keys.some(({ body }) => body.type !== first.body.type)) throw fields.fail('the shapes of a track must be of one kind')
  const track = createTrack(
    label,
    group,
    keys.filter(({ isKey }) => isKey),
  )
  if (first.body.type !== 'skeleton') return [{ kind: 'track', track }]
  // A skeleton whose own elements name no key frame still starts where its first point does.
  if (track.shapes.length === 0 || track.shapes[0]!.frame > first.body.frame) track.shapes.unshift({ ...first.body })
  const elements = label.sublabels.map((sublabel) => createTrack(sublabel, 0, listElementKeys(keys, sublabel)))
  return [
    { kind: 'track', track: { ...track, frame: first.body.frame, elements: elements.filter(({ shapes }) => shapes.length > 0) } },
  ]
}

function listElementKeys(keys: readonly TrackKey[], sublabel: Label): TrackKey[] {
  return keys.flatMap(({ body, elements }) =>
    elements
      .filter((element) => element.isKey && element.label === sublabel)
      .map((element) => ({ ...element, body: { ...element.body, frame: body.frame } })),
  )
}

function createTrack(label: Label, group: number, keys: readonly TrackKey[]): Track {
  const sorted = keys.toSorted((a, b) => a.body.frame - b.body.frame)
  const shapes = sorted.map(({ body, values }, at) => ({ ...body, attributes: listChanging(label, values, at === 0) }))
  const fixed = splitAttributes(label, resolveAttributes(label, sorted[0]?.values ?? new Map())).fixed
  return { frame: shapes[0]?.frame ?? 0, label_id: label.id, group, source: 'file', attributes: fixed, shapes, elements: [] }
}

/** Only the first key frame takes defaults; later ones carry on what they do not name. */
function listChanging(label: Label, values: ReadonlyMap<string, string>, isFirst: boolean): AttributeValue[] {
  const { changing } = splitAttributes(label, resolveAttributes(label, values))
  if (isFirst) return changing
  const given = new Set(label.attributes.filter(({ name }) => values.has(name)).map(({ id }) => id))
  return changing.filter(({ spec_id }) => given.has(spec_id))
}

function createMask({ body, label, values }: TrackKey, group: number) {
  const attributes = resolveAttributes(label, values)
  return { ...body, label_id: label.id, group, source: 'file' as const, score: 1, attributes, elements: [] }
}
