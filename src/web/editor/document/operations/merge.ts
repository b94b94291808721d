// Shapes and tracks of several frames as one track, with gaps where nothing was.
import type { AttributeValue, Label, Shape, ShapeBody, Track, TrackedShape } from '../../../../formats/model'
import { type Content, shapeTypeOf } from '../object'
import { type Outcome, refuse } from './outcome'

const isMutable =
  (label: Label | undefined) =>
  ({ spec_id }: AttributeValue): boolean =>
    label?.attributes.find((one) => one.id === spec_id)?.mutable ?? false

const toKey = (body: ShapeBody, frame: number, attributes: AttributeValue[], outside: boolean): TrackedShape => {
  const { type, points, rotation, occluded, z_order } = body
  return { type, points, rotation, occluded, z_order, outside, attributes, frame }
}

/** Key frames of one part, by frame; a string names why there are none. */
const gatherKeys = (
  parts: readonly Content[],
  label: Label | undefined,
  stopFrame: number,
): Map<number, TrackedShape> | string => {
  const keys = new Map<number, TrackedShape>()
  const isTaken = (frame: number): boolean => keys.get(frame)?.outside === false
  for (const part of parts) {
    if (part.kind === 'shape') {
      const { frame } = part.data
      if (isTaken(frame)) return `Frame ${frame} has two of them: one a frame can be merged`
      keys.set(frame, toKey(part.data, frame, part.data.attributes.filter(isMutable(label)), part.data.outside))
      // What comes on the next frame replaces this end.
      if (!keys.has(frame + 1) && frame + 1 <= stopFrame) keys.set(frame + 1, toKey(part.data, frame + 1, [], true))
    }
    if (part.kind !== 'track') continue
    for (const shape of part.data.shapes) {
      if (isTaken(shape.frame)) {
        if (shape.outside) continue
        return `Frame ${shape.frame} has two of them: one a frame can be merged`
      }
      keys.set(shape.frame, toKey(shape, shape.frame, shape.attributes, shape.outside))
    }
  }
  return keys
}

const build = (parts: readonly Content[], label: Label | undefined, labelId: number, stopFrame: number): Outcome<Track> => {
  const keys = gatherKeys(parts, label, stopFrame)
  if (typeof keys === 'string') return refuse(keys)
  const sorted = [...keys.values()].sort((a, b) => a.frame - b.frame)
  const shapes = sorted.slice(
    Math.max(
      sorted.findIndex((key) => !key.outside),
      0,
    ),
  )
  const attributes = (parts[0]?.data.attributes ?? []).filter((one) => !isMutable(label)(one))
  const track = { frame: shapes[0]?.frame ?? 0, label_id: labelId, group: 0, source: 'manual' as const, attributes, shapes }
  return { done: { ...track, elements: [] } }
}

/** The elements of skeletons, by the label of the point. */
const listParts = (content: Content): { label_id: number; content: Content }[] => {
  if (content.kind === 'shape') {
    const { frame } = content.data
    return content.data.elements.map((data) => ({
      label_id: data.label_id,
      content: { kind: 'shape', data: { ...data, frame } as Shape },
    }))
  }
  if (content.kind !== 'track') return []
  return content.data.elements.map((data) => ({ label_id: data.label_id, content: { kind: 'track', data } }))
}

/** Merges at least two shapes or tracks of one label and kind, at most one a frame. `stopFrame`: last frame of the job. */
export const mergeObjects = (
  contents: readonly Content[],
  labels: ReadonlyMap<number, Label>,
  stopFrame: number,
): Outcome<Track> => {
  const [first] = contents
  if (!first || contents.length < 2) return refuse('Choose at least two objects to merge')
  const type = shapeTypeOf(first)
  if (type === 'tag') return refuse('Tags cannot be merged')
  if (type === 'mask') return refuse('Masks cannot be merged into a track; Join makes one mask of several')
  if (contents.some((one) => shapeTypeOf(one) !== type)) return refuse('Only objects of the same kind can be merged')
  if (contents.some((one) => one.data.label_id !== first.data.label_id)) {
    return refuse('Only objects with the same label can be merged')
  }
  const label = labels.get(first.data.label_id)
  const ordered = contents.toSorted((a, b) => a.data.frame - b.data.frame)
  const whole = build(ordered, label, first.data.label_id, stopFrame)
  if ('refusal' in whole || type !== 'skeleton') return whole
  const parts = ordered.flatMap(listParts)
  const elements: Track[] = []
  for (const labelId of new Set(parts.map((part) => part.label_id))) {
    const own = parts.filter((part) => part.label_id === labelId).map((part) => part.content)
    const sublabel = label?.sublabels.find((one) => one.id === labelId)
    const element = build(own, sublabel, labelId, stopFrame)
    if ('refusal' in element) return element
    elements.push(element.done)
  }
  return { done: { ...whole.done, elements } }
}
