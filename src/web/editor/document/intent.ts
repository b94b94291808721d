// What tools and controls want done, and its translation into patches (tracks get key frames here and nowhere else).
import type { AttributeValue, Label, Shape, ShapeBody, Source, Track, TrackedShape } from '../../../formats/model'
import { roundPoints } from '../view/geometry'
import type { Document, Edit, Patch } from './document'
import { attributesFor, type Content, type EditorObject, type Flags, startFlags } from './object'
import { placeTrack } from './place'

/** Position of a body, all that drawing and dragging change. */
export type Position = Pick<ShapeBody, 'points' | 'rotation'> & { elements?: Shape['elements'] }

export type Intent =
  | {
      type: 'add'
      as: 'shape' | 'track'
      body: Pick<ShapeBody, 'type' | 'points' | 'rotation'>
      labelId: number
      zOrder?: number
    }
  /** New objects on the shown frame. */
  | { type: 'put'; contents: Content[]; title: string }
  | { type: 'place'; clientId: number; position: Position; title: string }
  | { type: 'flag'; clientIds: number[]; flags: Partial<Flags>; title: string }
  | { type: 'mark'; clientId: number; mark: Partial<Pick<ShapeBody, 'occluded' | 'outside' | 'z_order'>>; title: string }
  | { type: 'label'; clientIds: number[]; labelId: number }
  | { type: 'attribute'; clientId: number; specId: number; value: string; mutable: boolean }
  | { type: 'remove'; clientIds: number[] }
  | { type: 'key-frame'; clientId: number; on: boolean }

export type IntentContext = { document: Document; labels: ReadonlyMap<number, Label>; frame: number }

const makeObject = (clientId: number, content: Content): EditorObject =>
  ({ ...content, ...startFlags(content), clientId }) as EditorObject

/** Editing what a machine made leaves it half made by hand. */
const touchSource = (source: Source): Source => (source === 'auto' ? 'semi-auto' : source)

const setValue = (values: readonly AttributeValue[], specId: number, value: string): AttributeValue[] =>
  values.some((one) => one.spec_id === specId)
    ? values.map((one) => (one.spec_id === specId ? { ...one, value } : one))
    : [...values, { spec_id: specId, value }]

/** The track with a key frame on `frame` that carries `change`; without a position there it stays as it is. */
export const setKeyFrame = (track: Track, frame: number, change: Partial<ShapeBody>): Track => {
  const placed = placeTrack(track, frame)
  if (!placed) return track
  const old = track.shapes.find((shape) => shape.frame === frame)
  const key: TrackedShape = {
    ...placed.body,
    points: roundPoints(placed.body.points),
    ...change,
    frame,
    ...(old?.id === undefined ? {} : { id: old.id }),
  }
  const shapes = [...track.shapes.filter((shape) => shape.frame !== frame), key].sort((a, b) => a.frame - b.frame)
  return { ...track, shapes, source: touchSource(track.source) }
}

const changeBody = (object: EditorObject, frame: number, change: Partial<Shape>): EditorObject => {
  if (object.kind === 'shape') {
    return { ...object, data: { ...object.data, ...change, source: touchSource(object.data.source) } }
  }
  if (object.kind !== 'track') return object
  const { elements: moved, ...body } = change
  const track = setKeyFrame(object.data, frame, body)
  if (!moved) return { ...object, data: track }
  // The points of a skeleton are tracks of their own.
  const elements = track.elements.map((element) => {
    const part = moved.find((one) => one.label_id === element.label_id)
    return part ? setKeyFrame(element, frame, { points: part.points }) : element
  })
  return { ...object, data: { ...track, elements } }
}

const newContent = (intent: Extract<Intent, { type: 'add' }>, context: IntentContext): Content => {
  const label = context.labels.get(intent.labelId)
  const attributes = label ? attributesFor(label) : []
  const isMutable = (value: AttributeValue) => label?.attributes.find((one) => one.id === value.spec_id)?.mutable ?? false
  const common = { frame: context.frame, label_id: intent.labelId, group: 0, source: 'manual' as const }
  const body = { ...intent.body, occluded: false, outside: false, z_order: intent.zOrder ?? 0 }
  if (intent.as === 'shape') return { kind: 'shape', data: { ...body, ...common, score: 1, attributes, elements: [] } }
  const key = { ...body, frame: context.frame, attributes: attributes.filter(isMutable) }
  return {
    kind: 'track',
    data: { ...common, attributes: attributes.filter((one) => !isMutable(one)), shapes: [key], elements: [] },
  }
}

/** A copied shape as a new one on another frame. */
const putOn = (content: Content, frame: number): Content => {
  if (content.kind !== 'shape') return content
  const elements = content.data.elements.map((element) => ({ ...element, frame }))
  return { kind: 'shape', data: { ...content.data, frame, group: 0, elements } }
}

const relabel = (object: EditorObject, label: Label, labels: IntentContext['labels']): EditorObject => {
  const old = labels.get(object.data.label_id)
  const mutable = new Set(label.attributes.filter((one) => one.mutable).map((one) => one.id))
  const take = (values: readonly AttributeValue[]) => attributesFor(label, old && { label: old, values })
  if (object.kind !== 'track') {
    return { ...object, data: { ...object.data, label_id: label.id, attributes: take(object.data.attributes) } } as EditorObject
  }
  const shapes = object.data.shapes.map((shape) => ({
    ...shape,
    attributes: take(shape.attributes).filter((one) => mutable.has(one.spec_id)),
  }))
  const attributes = take(object.data.attributes).filter((one) => !mutable.has(one.spec_id))
  return { ...object, data: { ...object.data, label_id: label.id, attributes, shapes } }
}

const setAttribute = (object: EditorObject, intent: Extract<Intent, { type: 'attribute' }>, frame: number): EditorObject => {
  if (object.kind === 'track' && intent.mutable) {
    const values = placeTrack(object.data, frame)?.body.attributes ?? []
    return changeBody(object, frame, { attributes: setValue(values, intent.specId, intent.value) })
  }
  const attributes = setValue(object.data.attributes, intent.specId, intent.value)
  return { ...object, data: { ...object.data, attributes } } as EditorObject
}

const dropKeyFrame = (object: EditorObject, frame: number): EditorObject => {
  if (object.kind !== 'track' || object.data.shapes.length < 2) return object
  const shapes = object.data.shapes.filter((shape) => shape.frame !== frame)
  return { ...object, data: { ...object.data, shapes, frame: Math.min(...shapes.map((shape) => shape.frame)) } }
}

type Change = { title: string; ids: readonly number[]; to: (object: EditorObject) => EditorObject | null }

const describe = (intent: Exclude<Intent, { type: 'add' } | { type: 'put' }>, context: IntentContext): Change => {
  const { frame, labels } = context
  switch (intent.type) {
    case 'place':
      return { title: intent.title, ids: [intent.clientId], to: (object) => changeBody(object, frame, intent.position) }
    case 'mark':
      return { title: intent.title, ids: [intent.clientId], to: (object) => changeBody(object, frame, intent.mark) }
    case 'flag':
      return { title: intent.title, ids: intent.clientIds, to: (object) => ({ ...object, ...intent.flags }) }
    case 'remove':
      return { title: intent.clientIds.length > 1 ? 'Delete objects' : 'Delete object', ids: intent.clientIds, to: () => null }
    case 'attribute':
      return { title: 'Change attribute', ids: [intent.clientId], to: (object) => setAttribute(object, intent, frame) }
    case 'key-frame':
      return {
        title: intent.on ? 'Add key frame' : 'Remove key frame',
        ids: [intent.clientId],
        to: (object) => (intent.on ? changeBody(object, frame, {}) : dropKeyFrame(object, frame)),
      }
    case 'label': {
      const label = labels.get(intent.labelId)
      return { title: 'Change label', ids: intent.clientIds, to: (object) => (label ? relabel(object, label, labels) : object) }
    }
  }
}

/** The edit that does what is asked; null when nothing would change. New objects get fresh client ids. */
export const planEdit = (intent: Intent, context: IntentContext): Edit | null => {
  const { document, frame } = context
  const make = (title: string, patches: Patch[]): Edit | null => (patches.length > 0 ? { title, frame, patches } : null)
  const add = (content: Content): Patch => {
    const clientId = document.takeClientId()
    return { clientId, before: null, after: makeObject(clientId, content) }
  }
  if (intent.type === 'add') return make(`Draw ${intent.body.type}`, [add(newContent(intent, context))])
  if (intent.type === 'put') {
    return make(
      intent.title,
      intent.contents.map((content) => add(putOn(content, frame))),
    )
  }
  const change = describe(intent, context)
  const patches = change.ids.flatMap((clientId): Patch[] => {
    const before = document.get(clientId)
    const after = before && change.to(before)
    return before && after !== before ? [{ clientId, before, after }] : []
  })
  return make(change.title, patches)
}
