// Segments and shapes as the API's JSON, frame by frame.
import type { AttributeValue, Label } from '../../formats/model'
import { unpackCounts } from './pack-runs'
import type { cloudSegments, cloudShapes } from './schema'

type SegmentRow = typeof cloudSegments.$inferSelect
type ShapeRow = typeof cloudShapes.$inferSelect

/** Attribute values as the label has them now: those that it lost go, new ones have their defaults. */
export const completeAttributes = (label: Label | undefined, text: string): AttributeValue[] => {
  const given = new Map((JSON.parse(text) as AttributeValue[]).map(({ spec_id, value }) => [spec_id, value]))
  return (label?.attributes ?? []).map(({ id, default_value }) => ({ spec_id: id, value: given.get(id) ?? default_value }))
}

const showSegment = ({ labelId, instance, points, runs }: SegmentRow) =>
  `{"label_id":${labelId},"instance":${instance},"points":${points},"runs":[${unpackCounts(runs).join()}]}`

const showShape = (row: ShapeRow, labels: ReadonlyMap<number, Label>) =>
  `{"id":${row.id},"uid":${JSON.stringify(row.uid)},"type":"${row.type}","label_id":${row.labelId},"points":${row.points},"attributes":${JSON.stringify(completeAttributes(labels.get(row.labelId), row.attributes))}}`

/** `{"revision", "frames": [{"frame", "segments", "shapes"}]}` as text; frames without anything are left out. */
export const writeCloudShapes = (
  revision: number,
  segments: readonly SegmentRow[],
  shapes: readonly ShapeRow[],
  labels: ReadonlyMap<number, Label>,
): string => {
  const frames = new Map<number, { segments: string[]; shapes: string[] }>()
  const at = (frame: number) => {
    const there = frames.get(frame) ?? { segments: [], shapes: [] }
    frames.set(frame, there)
    return there
  }
  for (const row of segments) at(row.frame).segments.push(showSegment(row))
  for (const row of shapes) at(row.frame).shapes.push(showShape(row, labels))
  const shown = [...frames]
    .sort(([a], [b]) => a - b)
    .map(([frame, own]) => `{"frame":${frame},"segments":[${own.segments.join()}],"shapes":[${own.shapes.join()}]}`)
  return `{"revision":${revision},"frames":[${shown.join()}]}`
}
