// Copies what is on a frame, to be placed anew.
import { type Content, contentOf, shapeTypeOf } from './object'
import type { Item } from './scene'

/** The item as a shape of its own; tracks become shapes as they are on the frame, skeleton tracks and tags cannot be copied. */
export const copyItem = (item: Item | undefined, frame: number): Content | null => {
  if (!item?.body || item.object.kind === 'tag') return null
  if (item.object.kind === 'shape') return contentOf(item.object)
  if (shapeTypeOf(item.object) === 'skeleton') return null
  const { label_id, source, attributes } = item.object.data
  const data = { ...item.body, frame, label_id, group: 0, source, score: 1, elements: [] }
  return { kind: 'shape', data: { ...data, attributes: [...attributes, ...item.body.attributes] } }
}
