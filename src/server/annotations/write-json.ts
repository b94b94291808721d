// Writes annotation rows as the API's JSON. Points and attributes are JSON text already and pass through.
import type { Label } from '../../formats/model'
import { isSince } from '../http/compat'
import type { KeyRow, Kind, Rows, ShapeRow, TagRow, TrackRow } from './rows'

type Attributed = { labelId: number; attributes: string }
type Common = TagRow
type Body = Pick<KeyRow, 'type' | 'occluded' | 'outside' | 'zOrder' | 'rotation' | 'points'>

export type {
  KeyRow as KeyJson,
  Rows as AnnotationsJson,
  ShapeRow as ShapeJson,
  TagRow as TagJson,
  TrackRow as TrackJson,
} from './rows'

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

const writeTag = (row: TagRow, complete: Completer) => `{${writeCommon(row, complete(row))}}`
const writeScore = ({ score }: ShapeRow) => (isSince('2.80') ? `,"score":${float(score)}` : '')
/** What shapes and the elements of a skeleton have in common; elements have none of their own. */
const writeElement = (row: ShapeRow, complete: Completer) =>
  `${writeBody(row)},${writeCommon(row, complete(row))}${writeScore(row)}`
const writeShape = (row: ShapeRow, complete: Completer) =>
  `{${writeElement(row, complete)},"elements":${writeList(row.elements, (element) => `{${writeElement(element, complete)}}`)}}`
const writeKey = (row: KeyRow, labelId: number, complete: Completer) =>
  `{${writeBody(row)},"id":${row.id ?? null},"frame":${row.frame},"attributes":${complete({ labelId, attributes: row.attributes }, 'mutable')}}`
const writePath = (row: TrackRow, complete: Completer) =>
  `${writeCommon(row, complete(row, 'immutable'))},"shapes":${writeList(row.shapes, (key) => writeKey(key, row.labelId, complete))}`
const writeTrack = (row: TrackRow, complete: Completer) =>
  `{${writePath(row, complete)},"elements":${writeList(row.elements, (element) => `{${writePath(element, complete)}}`)}}`

const writeList = <T>(rows: T[], write: (row: T) => string) => `[${rows.map(write).join()}]`

/** `{"version": …, "tags": […], "shapes": […], "tracks": […]}` as text. */
export const writeAnnotations = ({ tags, shapes, tracks }: Rows, version: number, complete: Completer): string =>
  `{"version":${version},"tags":${writeList(tags, (row) => writeTag(row, complete))},"shapes":${writeList(shapes, (row) => writeShape(row, complete))},"tracks":${writeList(tracks, (row) => writeTrack(row, complete))}}`

/** One object of a kind, as in the lists of `writeAnnotations`. */
export const writeObject = (kind: Kind, row: Rows[Kind][number], complete: Completer): string =>
  kind === 'tags'
    ? writeTag(row as TagRow, complete)
    : kind === 'shapes'
      ? writeShape(row as ShapeRow, complete)
      : writeTrack(row as TrackRow, complete)
