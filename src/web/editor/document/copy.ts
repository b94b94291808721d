// Copies what is on a frame, to be placed anew.
import type { Shape } from '../../../formats/model'
import { type Content, contentOf } from './object'
import { roundBody } from './round-body'
import type { Item } from './scene'

/** The item as a shape of its own; tracks become shapes as they are on the frame, tags cannot be copied. */
export const copyItem = (item: Item | undefined, frame: number): Content | null => {
  if (!item?.body || item.object.kind === 'tag') return null
  if (item.object.kind === 'shape') return contentOf(item.object)
  const { label_id, source, attributes, elements: tracks } = item.object.data
  const elements = item.elements.flatMap((part): Shape[] => {
    const track = tracks.find((one) => one.label_id === part.label_id)
    const { type, points, rotation, occluded, outside, z_order } = part
    const own = { type, points, rotation, occluded, outside, z_order, frame, label_id: part.label_id, group: 0, source, score: 1 }
    return [{ ...own, attributes: [...(track?.attributes ?? []), ...part.attributes], elements: [] }]
  })
  const data = { ...item.body, points: roundBody(item.body), frame, label_id, group: 0, source, score: 1, elements }
  return { kind: 'shape', data: { ...data, attributes: [...attributes, ...item.body.attributes] } }
}
