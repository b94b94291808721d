// What tools and controls want done, and its translation into patches (tracks get key frames here and nowhere else).
import type { AttributeValue, Label, Shape, ShapeBody, Track } from '../../../formats/model'
import type { Document, Edit, Patch } from './document'
import { attributesFor, type Content, type EditorObject, type Flags, shapeTypeOf, startFlags } from './object'
import { placeTrack } from './place'
import { dropKeyFrame, setKeyFrame, setWholeKeyFrame, touchSource } from './tracks'

/** Position of a body, all that drawing and dragging change. */
export type Position = Pick<ShapeBody, 'points' | 'rotation'> & { elements?: Shape['elements'] }

export type Intent =
  | {
      type: 'add'
      as: 'shape' | 'track'
      body: Pick<ShapeBody, 'type' | 'points' | 'rotation'>
      labelId: number
      zOrder?: number
      source?: Shape['source']
      /** Points of a skeleton. */
      elements?: { label_id: number; points: number[] }[]
    }
  | { type: 'tag'; labelId: number }
  /** Several objects changed, removed (null) and added at once, as an operation worked them out. */
  | { type: 'rewrite'; title: string; changes: { clientId: number; content: Content | null }[]; adds?: Content[] }
  /** One point of a skeleton. */
  | { type: 'element'; clientId: number; part: number; change: Partial<Pick<ShapeBody, 'occluded' | 'outside'>>; title: string }
  /** An attribute of one point of a skeleton. */
  | { type: 'element-attribute'; clientId: number; part: number; specId: number; value: string; mutable: boolean }
  /** New objects on the shown frame. */
  | { type: 'put'; contents: Content[]; title: string }
  | { type: 'place'; clientId: number; position: Position; title: string }
  | { type: 'flag'; clientIds: number[]; flags: Partial<Flags>; title: string }
  | { type: 'mark'; clientId: number; mark: Partial<Pick<ShapeBody, 'occluded' | 'outside' | 'z_order'>>; title: string }
  | { type: 'label'; clientIds: number[]; labelId: number }
  | { type: 'attribute'; clientId: number; specId: number; value: string; mutable: boolean }
  | { type: 'remove'; clientIds: number[] }
  | { type: 'key-frame'; clientId: number; on: boolean }

export type IntentContext = {
  document: Document
  labels: ReadonlyMap<number, Label>
  frame: number
  /** Frames on which key frames of tracks do not count. */
  deleted?: ReadonlySet<number>
}

/** Where an edit happens. */
type Here = Pick<IntentContext, 'frame' | 'deleted'>

const makeObject = (clientId: number, content: Content): EditorObject =>
  ({ ...content, ...startFlags(content), clientId }) as EditorObject

const setValue = (values: readonly AttributeValue[], specId: number, value: string): AttributeValue[] =>
  values.some((one) => one.spec_id === specId)
    ? values.map((one) => (one.spec_id === specId ? { ...one, value } : one))
    : [...values, { spec_id: specId, value }]

const samePoints = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i])

/** Moved points of a skeleton that is a shape; parts are known by their label. */
const moveElements = (elements: readonly Shape[], moved: readonly Shape[] | undefined): Shape[] =>
  elements.map((element) => {
    const part = moved?.find((one) => one.label_id === element.label_id)
    return part ? { ...element, points: part.points } : element
  })

const changeBody = (object: EditorObject, { frame, deleted }: Here, change: Partial<Shape>): EditorObject => {
  const { elements: moved, ...body } = change
  if (object.kind === 'shape') {
    const elements = moveElements(object.data.elements ?? [], moved)
    return { ...object, data: { ...object.data, ...body, elements, source: touchSource(object.data.source) } }
  }
  if (object.kind !== 'track') return object
  const track = setKeyFrame(object.data, frame, body, deleted)
  if (!moved) return { ...object, data: track }
  // The points of a skeleton are tracks of their own.
  const elements = track.elements.map((element) => {
    const part = moved.find((one) => one.label_id === element.label_id)
    const stays = part && samePoints(part.points, placeTrack(element, frame, deleted)?.body.points ?? [])
    return part && !stays ? setKeyFrame(element, frame, { points: part.points }, deleted) : element
  })
  return { ...object, data: { ...track, elements } }
}

/** Flags of the position; those of a skeleton count for all its points. */
const markBody = (object: EditorObject, { frame, deleted }: Here, mark: Partial<ShapeBody>): EditorObject => {
  if (object.kind === 'track') return { ...object, data: setWholeKeyFrame(object.data, frame, mark, deleted) }
  if (object.kind === 'tag') return object
  const { occluded, outside } = mark
  const own = { ...(occluded !== undefined && { occluded }), ...(outside !== undefined && { outside }) }
  const elements = (object.data.elements ?? []).map((element) => ({ ...element, ...own }))
  return { ...object, data: { ...object.data, ...mark, elements, source: touchSource(object.data.source) } }
}

const markElement = (
  object: EditorObject,
  { frame, deleted }: Here,
  intent: Extract<Intent, { type: 'element' }>,
): EditorObject => {
  if (object.kind === 'tag') return object
  if (object.kind === 'shape') {
    const elements = object.data.elements.map((element, i) => (i === intent.part ? { ...element, ...intent.change } : element))
    return { ...object, data: { ...object.data, elements, source: touchSource(object.data.source) } }
  }
  const elements = object.data.elements.map((element, i) =>
    i === intent.part ? setKeyFrame(element, frame, intent.change, deleted) : element,
  )
  return { ...object, data: { ...setKeyFrame(object.data, frame, {}, deleted), elements } }
}

const newContent = (intent: Extract<Intent, { type: 'add' }>, context: IntentContext): Content => {
  const { frame } = context
  const label = context.labels.get(intent.labelId)
  const isMutable = (owner: Label | undefined) => (value: AttributeValue) =>
    owner?.attributes.find((one) => one.id === value.spec_id)?.mutable ?? false
  const z_order = intent.zOrder ?? 0
  const make = (owner: Label | undefined, labelId: number, given: typeof intent.body) => {
    const attributes = owner ? attributesFor(owner) : []
    const common = { frame, label_id: labelId, group: 0, source: intent.source ?? ('manual' as const) }
    const body = { ...given, occluded: false, outside: false, z_order }
    const mutable = isMutable(owner)
    const key = { ...body, frame, attributes: attributes.filter(mutable) }
    return {
      shape: { ...body, ...common, score: 1, attributes, elements: [] as Shape[] },
      track: { ...common, attributes: attributes.filter((one) => !mutable(one)), shapes: [key], elements: [] as Track[] },
    }
  }
  const parts = (intent.elements ?? []).map((part) =>
    make(
      label?.sublabels.find((one) => one.id === part.label_id),
      part.label_id,
      { type: 'points', points: part.points, rotation: 0 },
    ),
  )
  const made = make(label, intent.labelId, intent.body)
  return intent.as === 'shape'
    ? { kind: 'shape', data: { ...made.shape, elements: parts.map((part) => part.shape) } }
    : { kind: 'track', data: { ...made.track, elements: parts.map((part) => part.track) } }
}

const newTag = (labelId: number, { labels, frame }: IntentContext): Content => {
  const label = labels.get(labelId)
  return {
    kind: 'tag',
    data: { frame, label_id: labelId, group: 0, source: 'manual', attributes: label ? attributesFor(label) : [] },
  }
}

/** A copied shape as a new one on another frame. */
const putOn = (content: Content, frame: number): Content => {
  if (content.kind !== 'shape') return content
  const elements = content.data.elements.map((element) => ({ ...element, frame }))
  return { kind: 'shape', data: { ...content.data, frame, group: 0, elements } }
}

/** Whether an object may get a label: the kinds must agree, and skeletons need points of the same names. */
export const mayHaveLabel = (object: EditorObject, label: Label, labels: IntentContext['labels']): boolean => {
  const type = shapeTypeOf(object)
  if (label.type !== 'any' && label.type !== type) return false
  if (type !== 'skeleton') return label.type !== 'skeleton'
  const names = (one: Label | undefined) => (one?.sublabels ?? []).map((part) => part.name).sort()
  return label.type === 'skeleton' && names(label).join('\n') === names(labels.get(object.data.label_id)).join('\n')
}

/** Points of a skeleton with the equally named ones of the new label. */
const relabelParts = <T extends { label_id: number }>(parts: readonly T[], from: Label | undefined, to: Label): T[] =>
  parts.map((part) => {
    const name = from?.sublabels.find((one) => one.id === part.label_id)?.name
    const next = to.sublabels.find((one) => one.name === name)
    return next ? { ...part, label_id: next.id, attributes: attributesFor(next) } : part
  })

const relabel = (object: EditorObject, label: Label, labels: IntentContext['labels']): EditorObject => {
  if (!mayHaveLabel(object, label, labels)) return object
  const changed = relabelWhole(object, label, labels)
  const from = labels.get(object.data.label_id)
  if (changed.kind === 'tag' || !changed.data.elements?.length) return changed
  return {
    ...changed,
    data: { ...changed.data, elements: relabelParts(changed.data.elements as Shape[], from, label) },
  } as EditorObject
}

const relabelWhole = (object: EditorObject, label: Label, labels: IntentContext['labels']): EditorObject => {
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

const setAttribute = (object: EditorObject, intent: Extract<Intent, { type: 'attribute' }>, here: Here): EditorObject => {
  if (object.kind === 'track' && intent.mutable) {
    const values = placeTrack(object.data, here.frame, here.deleted)?.body.attributes ?? []
    return changeBody(object, here, { attributes: setValue(values, intent.specId, intent.value) })
  }
  const attributes = setValue(object.data.attributes, intent.specId, intent.value)
  return { ...object, data: { ...object.data, attributes } } as EditorObject
}

type PartAttribute = Extract<Intent, { type: 'element-attribute' }>

const setPartAttribute = (object: EditorObject, intent: PartAttribute, { frame, deleted }: Here): EditorObject => {
  if (object.kind === 'tag') return object
  if (object.kind === 'shape') {
    const elements = object.data.elements.map((element, i) =>
      i === intent.part ? { ...element, attributes: setValue(element.attributes, intent.specId, intent.value) } : element,
    )
    return { ...object, data: { ...object.data, elements, source: touchSource(object.data.source) } }
  }
  const elements = object.data.elements.map((element, i) => {
    if (i !== intent.part) return element
    if (!intent.mutable) return { ...element, attributes: setValue(element.attributes, intent.specId, intent.value) }
    const values = placeTrack(element, frame, deleted)?.body.attributes ?? []
    return setKeyFrame(element, frame, { attributes: setValue(values, intent.specId, intent.value) }, deleted)
  })
  return { ...object, data: { ...object.data, elements } }
}

const setWhole = (object: EditorObject, { frame, deleted }: Here, on: boolean): EditorObject => {
  if (object.kind !== 'track') return object
  const data = on ? setWholeKeyFrame(object.data, frame, {}, deleted) : dropKeyFrame(object.data, frame)
  return data === object.data ? object : { ...object, data }
}

type Simple = Exclude<Intent, { type: 'add' | 'put' | 'tag' | 'rewrite' }>

type Change = { title: string; ids: readonly number[]; to: (object: EditorObject) => EditorObject | null }

const describe = (intent: Simple, context: IntentContext): Change => {
  const { labels } = context
  switch (intent.type) {
    case 'place':
      return { title: intent.title, ids: [intent.clientId], to: (object) => changeBody(object, context, intent.position) }
    case 'mark':
      return { title: intent.title, ids: [intent.clientId], to: (object) => markBody(object, context, intent.mark) }
    case 'element-attribute':
      return { title: 'Change attribute', ids: [intent.clientId], to: (object) => setPartAttribute(object, intent, context) }
    case 'element':
      return { title: intent.title, ids: [intent.clientId], to: (object) => markElement(object, context, intent) }
    case 'flag':
      return { title: intent.title, ids: intent.clientIds, to: (object) => ({ ...object, ...intent.flags }) }
    case 'remove':
      return { title: intent.clientIds.length > 1 ? 'Delete objects' : 'Delete object', ids: intent.clientIds, to: () => null }
    case 'attribute':
      return { title: 'Change attribute', ids: [intent.clientId], to: (object) => setAttribute(object, intent, context) }
    case 'key-frame':
      return {
        title: intent.on ? 'Add key frame' : 'Remove key frame',
        ids: [intent.clientId],
        to: (object) => setWhole(object, context, intent.on),
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
  if (intent.type === 'add')
    return make(intent.as === 'track' ? `Draw ${intent.body.type} track` : `Draw ${intent.body.type}`, [
      add(newContent(intent, context)),
    ])
  if (intent.type === 'put') {
    return make(
      intent.title,
      intent.contents.map((content) => add(putOn(content, frame))),
    )
  }
  if (intent.type === 'tag') {
    const known = document.listFrame(frame).some((id) => {
      const object = document.get(id)
      return object?.kind === 'tag' && object.data.label_id === intent.labelId
    })
    return known ? null : make('Add tag', [add(newTag(intent.labelId, context))])
  }
  if (intent.type === 'rewrite') {
    const changed = intent.changes.flatMap(({ clientId, content }): Patch[] => {
      const before = document.get(clientId)
      if (!before) return []
      return [{ clientId, before, after: content ? ({ ...before, ...content } as EditorObject) : null }]
    })
    return make(intent.title, [...changed, ...(intent.adds ?? []).map(add)])
  }
  const change = describe(intent, context)
  const patches = change.ids.flatMap((clientId): Patch[] => {
    const before = document.get(clientId)
    const after = before && change.to(before)
    return before && after !== before ? [{ clientId, before, after }] : []
  })
  return make(change.title, patches)
}
