// Tracks as the database keeps them (points and attributes as JSON text) and as the geometry works on them.
import type { AttributeValue, ShapeType, Track, TrackedShape } from '../../formats/model'
import type { KeyRow, TrackRow } from './rows'
import { writePoints } from './write-points'

const toKey = ({ zOrder, points, attributes, ...key }: KeyRow): TrackedShape => ({
  ...key,
  type: key.type as ShapeType,
  z_order: zOrder,
  points: JSON.parse(points) as number[],
  attributes: JSON.parse(attributes) as AttributeValue[],
})

export const toTrack = ({ labelId, attributes, shapes, elements, ...track }: TrackRow): Track => ({
  ...track,
  source: track.source as Track['source'],
  label_id: labelId,
  attributes: JSON.parse(attributes) as AttributeValue[],
  shapes: shapes.map(toKey),
  elements: elements.map(toTrack),
})

const toKeyRow = ({ z_order, points, attributes, id, frame, type, occluded, outside, rotation }: TrackedShape): KeyRow => ({
  ...(id !== undefined && { id }),
  frame,
  type,
  occluded,
  outside,
  rotation,
  zOrder: z_order,
  points: writePoints(type, points),
  attributes: JSON.stringify(attributes),
})

export const toTrackRow = ({ id, frame, label_id, group, source, attributes, shapes, elements }: Track): TrackRow => ({
  ...(id !== undefined && { id }),
  frame,
  labelId: label_id,
  group,
  source,
  attributes: JSON.stringify(attributes),
  shapes: shapes.map(toKeyRow),
  elements: elements.map(toTrackRow),
})
