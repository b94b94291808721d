// What the editor holds: annotations in the API's layout, each with a client id and flags of this session.
import type { Label, Shape, ShapeBody, Tag, Track } from '../../../formats/model'

/** State of this session only: never sent to the server. */
export type Flags = {
  locked: boolean
  hidden: boolean
  pinned: boolean
  color: string | null
  /** Points of a skeleton that are not shown or stay where they are, by their label. */
  parts?: Readonly<Record<number, PartFlags>>
}

export type PartFlags = { locked?: boolean; hidden?: boolean }

/** An annotation without the server's id, which the document keeps beside it. */
export type Content = { kind: 'shape'; data: Shape } | { kind: 'track'; data: Track } | { kind: 'tag'; data: Tag }

export type ObjectKind = Content['kind']

/** Values are immutable: an edit replaces the object. */
export type EditorObject = Content & Flags & { clientId: number }

/** An object as it appears on one frame; tags have no body. */
export type Placed = {
  object: EditorObject
  body: ShapeBody | null
  /** Parts of a skeleton on this frame. */
  elements: (ShapeBody & { label_id: number })[]
  keyframe: boolean
}

export const listOf = { shape: 'shapes', track: 'tracks', tag: 'tags' } as const

const pinnedTypes = new Set(['polygon', 'polyline', 'points'])

export const shapeTypeOf = (content: Content): ShapeBody['type'] | 'tag' => {
  if (content.kind === 'tag') return 'tag'
  if (content.kind === 'shape') return content.data.type
  return content.data.shapes[0]?.type ?? (content.data.elements.length > 0 ? 'skeleton' : 'rectangle')
}

/** Flags with which an object starts: point lists are pinned, so that grabbing a point never drags the whole. */
export const startFlags = (content: Content): Flags => {
  const type = shapeTypeOf(content)
  const single = content.kind === 'shape' && type === 'points' && content.data.points.length === 2
  return { locked: false, hidden: false, pinned: pinnedTypes.has(type) && !single, color: null }
}

/** Default attribute values of a label; values of equally named attributes of `from` are kept. */
export const attributesFor = (label: Label, from?: { label: Label; values: readonly { spec_id: number; value: string }[] }) =>
  label.attributes.map((attribute) => {
    const same = from?.label.attributes.find((other) => other.name === attribute.name)
    const kept = same && from?.values.find((value) => value.spec_id === same.id)?.value
    const valid =
      kept !== undefined &&
      (attribute.values.length === 0 || attribute.input_type === 'number' || attribute.values.includes(kept))
    return { spec_id: attribute.id, value: valid ? kept : attribute.default_value }
  })

export const contentOf = (object: EditorObject | Content): Content => ({ kind: object.kind, data: object.data }) as Content
