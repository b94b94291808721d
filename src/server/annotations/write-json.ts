// Writes annotation rows as the API's JSON. Points and attributes are JSON text already and pass through.
import type { Label } from '../../formats/model'
import { isSince } from '../http/compat'

type Attributed = { labelId: number; attributes: string }
type Common = Attributed & { id?: number; frame: number; group: number; source: string }
type Body = { type: string; occluded: boolean; outside: boolean; zOrder: number; rotation: number; points: string }
export type TagJson = Common
export type ShapeJson = Common & Body & { score: number; elements: ShapeJson[] }
export type KeyJson = Body & { id?: number; frame: number; attributes: string }
export type TrackJson = Common & { shapes: KeyJson[]; elements: TrackJson[] }
export type AnnotationsJson = { tags: TagJson[]; shapes: ShapeJson[]; tracks: TrackJson[] }

const float = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value))

/** Fills in attributes that a label got after the annotation was saved. */
export type Completer = (row: Attributed, which?: 'mutable' | 'immutable') => string

const countSpecs = (text: string) => text.split('"spec_id"').length - 1

export const createCompleter = (labels: Iterable<Label>): Completer => {
  const byId = new Map<number, Label>()
  const learn = (label: Label) => {
    byId.set(label.id, label)
    label.sublabels.forEach(learn)
  }
  for (const label of labels) learn(label)
  return ({ labelId, attributes }, which) => {
    const all = byId.get(labelId)?.attributes
    if (!all?.length) return attributes
    const specs = which ? all.filter(({ mutable }) => mutable === (which === 'mutable')) : all
    if (countSpecs(attributes) === specs.length) return attributes
    const given = new Map(
      (JSON.parse(attributes) as { spec_id: number; value: string }[]).map(({ spec_id, value }) => [spec_id, value]),
    )
    return JSON.stringify(specs.map((spec) => ({ spec_id: spec.id, value: given.get(spec.id) ?? spec.default_value })))
  }
}

const writeBody = (row: Body) =>
  `"type":"${row.type}","occluded":${row.occluded},"outside":${row.outside},"z_order":${row.zOrder},"rotation":${float(row.rotation)},"points":${row.points}`
const writeCommon = (row: Common, attributes: string) =>
  `"id":${row.id ?? null},"frame":${row.frame},"label_id":${row.labelId},"group":${row.group},"source":${JSON.stringify(row.source)},"attributes":${attributes}`

const writeTag = (row: TagJson, complete: Completer) => `{${writeCommon(row, complete(row))}}`
const writeScore = ({ score }: ShapeJson) => (isSince('2.80') ? `,"score":${float(score)}` : '')
/** What shapes and the elements of a skeleton have in common; elements have none of their own. */
const writeElement = (row: ShapeJson, complete: Completer) =>
  `${writeBody(row)},${writeCommon(row, complete(row))}${writeScore(row)}`
const writeShape = (row: ShapeJson, complete: Completer) =>
  `{${writeElement(row, complete)},"elements":${writeList(row.elements, (element) => `{${writeElement(element, complete)}}`)}}`
const writeKey = (row: KeyJson, labelId: number, complete: Completer) =>
  `{${writeBody(row)},"id":${row.id ?? null},"frame":${row.frame},"attributes":${complete({ labelId, attributes: row.attributes }, 'mutable')}}`
const writePath = (row: TrackJson, complete: Completer) =>
  `${writeCommon(row, complete(row, 'immutable'))},"shapes":${writeList(row.shapes, (key) => writeKey(key, row.labelId, complete))}`
const writeTrack = (row: TrackJson, complete: Completer) =>
  `{${writePath(row, complete)},"elements":${writeList(row.elements, (element) => `{${writePath(element, complete)}}`)}}`

const writeList = <T>(rows: T[], write: (row: T) => string) => `[${rows.map(write).join()}]`

/** `{"version": …, "tags": […], "shapes": […], "tracks": […]}` as text. */
export const writeAnnotations = ({ tags, shapes, tracks }: AnnotationsJson, version: number, complete: Completer): string =>
  `{"version":${version},"tags":${writeList(tags, (row) => writeTag(row, complete))},"shapes":${writeList(shapes, (row) => writeShape(row, complete))},"tracks":${writeList(tracks, (row) => writeTrack(row, complete))}}`
