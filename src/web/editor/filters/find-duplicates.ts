// Objects that lie exactly on others of the same label and kind, where nobody sees that they are two.
import { shapeTypeOf } from '../document/object'
import type { Item } from '../document/scene'

/** Client ids of all but the first of each pile, in the order of the list. */
export const findDuplicates = (items: Iterable<Item>): number[] => {
  const seen = new Set<string>()
  const found: number[] = []
  for (const { object, body, clientId, elements } of items) {
    if (!body || body.outside) continue
    const parts = elements.map((part) => part.points.join())
    const key = [object.data.label_id, shapeTypeOf(object), body.rotation, body.points.join(), ...parts].join('|')
    if (seen.has(key)) found.push(clientId)
    seen.add(key)
  }
  return found
}
