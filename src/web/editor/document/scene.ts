// The objects of the shown frame with an R-tree over their boxes: what to draw, and what lies under the pointer.
import RBush from 'rbush'
import type { Label } from '../../../formats/model'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { findEdges } from '../shapes/skeleton-template'
import { type Box, type Point } from '../view/geometry'
import type { Document } from './document'
import type { Placed } from './object'
import { placeObject } from './place'

type Entry = { minX: number; minY: number; maxX: number; maxY: number; clientId: number }

export type Item = Placed & { clientId: number; box: Box | null; edges: [number, number][] }

/** Points that are hidden one by one are drawn as little as those that are outside. */
const flagParts = ({ object, elements }: Placed): NonNullable<Body['elements']> => {
  const { parts } = object
  if (!parts) return elements
  return elements.map((element) => {
    const { hidden = false, locked = false } = parts[element.label_id] ?? {}
    return hidden || locked ? { ...element, outside: element.outside || hidden, locked } : element
  })
}

export const bodyOf = (item: Placed): Body | null =>
  item.body && { ...item.body, elements: flagParts(item), edges: 'edges' in item ? (item as Item).edges : [] }

export class Scene {
  readonly items = new Map<number, Item>()
  private readonly entries = new Map<number, Entry>()
  private tree = new RBush<Entry>()
  private frame = 0

  constructor(
    private readonly document: Document,
    private readonly options: {
      showAllTracks: () => boolean
      labels: ReadonlyMap<number, Label>
      /** Frames on which key frames of tracks do not count. */
      deleted?: () => ReadonlySet<number>

      /** Objects that do not pass are not on the frame. */
      passes?: (placed: Placed, clientId: number) => boolean
      /** Objects that are listed, yet not drawn. */
      isCovered?: (placed: Placed) => boolean
    },
  ) {}

  /** Lists a frame anew. */
  open(frame: number): void {
    this.frame = frame
    this.items.clear()
    this.entries.clear()
    for (const clientId of this.document.listFrame(frame)) this.place(clientId)
    this.tree = new RBush<Entry>().load([...this.entries.values()])
  }

  /** Takes over changed objects; returns the boxes (image pixels) where the picture changed. */
  update(clientIds: Iterable<number>): Box[] {
    const boxes: Box[] = []
    let grown = false
    for (const clientId of clientIds) {
      const entry = this.entries.get(clientId)
      const old = this.items.get(clientId)
      if (old?.box) boxes.push(old.box)
      if (entry) this.tree.remove(entry)
      this.entries.delete(clientId)
      if (!old) grown = true
      const item = this.place(clientId)
      if (!item) this.items.delete(clientId)
      const next = this.entries.get(clientId)
      if (next) this.tree.insert(next)
      if (item?.box) boxes.push(item.box)
    }
    if (grown) this.sort()
    return boxes
  }

  /** Visible items that touch a box, lowest layer first, then in the order of creation. */
  query(box: Box): Item[] {
    const found = this.tree.search({ minX: box.left, minY: box.top, maxX: box.right, maxY: box.bottom })
    const items = found.flatMap((entry) => this.items.get(entry.clientId) ?? [])
    return items
      .filter((item) => !item.object.hidden && !this.options.isCovered?.(item))
      .sort((a, b) => a.body!.z_order - b.body!.z_order || a.clientId - b.clientId)
  }

  /** Visible items that lie wholly in a box. */
  queryWithin(box: Box): Item[] {
    return this.query(box).filter(
      ({ box: own }) => own && own.left >= box.left && own.top >= box.top && own.right <= box.right && own.bottom <= box.bottom,
    )
  }

  /** The object that a point means: nearest first, then the smallest, then the topmost. Tolerance in image pixels. */
  findAt(at: Point, tolerance: number): Item | null {
    const near = { left: at.x - tolerance, top: at.y - tolerance, right: at.x + tolerance, bottom: at.y + tolerance }
    let best: { item: Item; inside: boolean; distance: number; area: number } | null = null
    for (const item of this.query(near)) {
      const body = bodyOf(item)!
      const kind = shapeKinds[body.type]
      const distance = kind.hit(body, at, tolerance)
      if (distance === Infinity) continue
      const found = { item, inside: distance === 0, distance, area: kind.area(body) }
      // An open line close to the pointer wins over the area it lies on.
      const wins = !best || found.area < best.area || (found.area === best.area && found.distance <= best.distance)
      if (wins) best = found
    }
    return best?.item ?? null
  }

  /** All objects that a point lies on, in the order of creation. */
  findAll(at: Point, tolerance: number): Item[] {
    const near = { left: at.x - tolerance, top: at.y - tolerance, right: at.x + tolerance, bottom: at.y + tolerance }
    const found = this.query(near).filter((item) => {
      const body = bodyOf(item)!
      return shapeKinds[body.type].hit(body, at, tolerance) !== Infinity
    })
    return found.sort((a, b) => a.clientId - b.clientId)
  }

  private place(clientId: number): Item | null {
    const object = this.document.get(clientId)
    const placed = object && placeObject(object, this.frame, this.options.deleted?.())
    const isAway = placed?.body?.outside && object?.kind === 'track' && !this.options.showAllTracks()
    if (!placed || isAway || this.options.passes?.(placed, clientId) === false) return null
    const body = bodyOf(placed)
    const box = body && shapeKinds[body.type].bounds(body)
    const label = this.options.labels.get(placed.object.data.label_id)
    const edges = placed.elements.length > 0 && label?.svg ? findEdges(label.svg, label.sublabels, placed.elements) : []
    const item: Item = { ...placed, clientId, box, edges }
    this.items.set(clientId, item)
    if (box && !placed.body?.outside) {
      this.entries.set(clientId, { minX: box.left, minY: box.top, maxX: box.right, maxY: box.bottom, clientId })
    }
    return item
  }

  private sort(): void {
    const sorted = [...this.items].sort(([a], [b]) => a - b)
    this.items.clear()
    for (const [clientId, item] of sorted) this.items.set(clientId, item)
  }
}
