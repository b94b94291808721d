// Objects that lie exactly on others of the same label and kind, where nobody sees that they are two.
import { shapeTypeOf } from '../document/object'
import type { Item } from '../document/scene'

const isSameList = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i])

const isOnTop = (a: Item, b: Item): boolean =>
  isSameList(a.body!.points, b.body!.points) &&
  a.elements.length === b.elements.length &&
  a.elements.every((part, i) => isSameList(part.points, b.elements[i]!.points))

/** Client ids of all but the first of each pile, in the order of the list. */
export const findDuplicates = (items: Iterable<Item>): number[] => {
  /** By what differs most often: writing down all points of ten thousand objects would hold up the screen. */
  const seen = new Map<string, Item[]>()
  const found: number[] = []
  for (const item of items) {
    const { object, body, clientId } = item
    if (!body || body.outside) continue
    const { points, rotation } = body
    const key = `${object.data.label_id}|${shapeTypeOf(object)}|${rotation}|${points.length}|${points[0]}|${points[1]}`
    const others = seen.get(key)
    if (!others) seen.set(key, [item])
    else if (others.some((other) => isOnTop(other, item))) found.push(clientId)
    else others.push(item)
  }
  return found
}
