// All objects of a job, what the server is known to hold of them, and the difference between the two.
import type { Annotations } from '../../../formats/model'
import type { CloudChange } from './cloud-change'
import { type Content, contentOf, type EditorObject, startFlags } from './object'
import { isSameContent } from './same'

/** Replacement of one object: null before = added, null after = removed. */
export type Patch = { clientId: number; before: EditorObject | null; after: EditorObject | null }

/** One undoable step. */
export type Edit = {
  title: string
  frame: number
  patches: Patch[]
  /** Frames that were deleted or restored. */
  frames?: { frame: number; deleted: boolean }[]
  /** Labels of points and shapes in space that changed. */
  cloud?: CloudChange[]
}

/** What the server stores for an object: its id, what we sent or loaded, and its own wording (for comparing with later answers). */
export type Stored = { id: number; content: Content; server: Content }

export type PendingChange =
  | { type: 'create'; clientId: number; content: Content }
  | { type: 'update'; clientId: number; id: number; content: Content }
  | { type: 'delete'; clientId: number; id: number; content: Content }

export class Document {
  readonly objects = new Map<number, EditorObject>()
  readonly stored = new Map<number, Stored>()
  readonly tracks = new Set<number>()
  private readonly byFrame = new Map<number, Set<number>>()
  private readonly changed = new Set<number>()
  private lastId = 0

  takeClientId(): number {
    this.lastId += 1
    return this.lastId
  }

  get(clientId: number | null): EditorObject | null {
    return clientId === null ? null : (this.objects.get(clientId) ?? null)
  }

  serverId(clientId: number): number | null {
    return this.stored.get(clientId)?.id ?? null
  }

  /** Client ids that may be on a frame: its shapes and tags, and every track; ascending. */
  listFrame(frame: number): number[] {
    return [...(this.byFrame.get(frame) ?? []), ...this.tracks].sort((a, b) => a - b)
  }

  /** Frames with shapes or tags of their own, or null-free key frames of tracks. */
  hasObjects(frame: number): boolean {
    if ((this.byFrame.get(frame)?.size ?? 0) > 0) return true
    for (const id of this.tracks) {
      const object = this.objects.get(id)
      if (object?.kind !== 'track') continue
      let left = null
      for (const shape of object.data.shapes) if (shape.frame <= frame && (!left || shape.frame > left.frame)) left = shape
      if (left && !left.outside) return true
    }
    return false
  }

  /** A group number that no object has. */
  nextGroup(): number {
    let most = 0
    for (const object of this.objects.values()) most = Math.max(most, object.data.group)
    return most + 1
  }

  apply(patches: readonly Patch[]): void {
    for (const patch of patches) this.set(patch.clientId, patch.after)
  }

  /** Puts objects that the server holds; `objects` and `stored` agree on them. */
  load(clientId: number, id: number, content: Content, flags = startFlags(content)): void {
    this.stored.set(clientId, { id, content, server: content })
    this.lastId = Math.max(this.lastId, clientId)
    this.set(clientId, { ...content, ...flags, clientId } as EditorObject)
  }

  /** Forgets everything and takes what the server answered. */
  replaceAll(annotations: Annotations): void {
    for (const map of [this.objects, this.stored, this.tracks, this.byFrame, this.changed]) map.clear()
    for (const { id, content } of listContents(annotations)) this.load(this.takeClientId(), id, content)
  }

  /** Records that the server now holds `content` under `id`. */
  markStored(clientId: number, id: number, content: Content, server: Content): void {
    this.stored.set(clientId, { id, content, server })
    this.review(clientId)
  }

  markDeleted(clientId: number): void {
    this.stored.delete(clientId)
    this.review(clientId)
  }

  get pendingCount(): number {
    return this.changed.size
  }

  listChanged(): ReadonlySet<number> {
    return this.changed
  }

  describe(clientId: number): PendingChange | null {
    if (!this.changed.has(clientId)) return null
    const object = this.objects.get(clientId)
    const stored = this.stored.get(clientId)
    if (object && stored) return { type: 'update', clientId, id: stored.id, content: contentOf(object) }
    if (object) return { type: 'create', clientId, content: contentOf(object) }
    return stored ? { type: 'delete', clientId, id: stored.id, content: stored.content } : null
  }

  /** Differences from the server, in the order of client ids. */
  listPending(): PendingChange[] {
    return [...this.changed].sort((a, b) => a - b).flatMap((clientId) => this.describe(clientId) ?? [])
  }

  private set(clientId: number, object: EditorObject | null): void {
    const old = this.objects.get(clientId)
    if (old) this.unindex(old)
    if (object) {
      this.objects.set(clientId, object)
      this.index(object)
    } else this.objects.delete(clientId)
    this.review(clientId)
  }

  private review(clientId: number): void {
    const object = this.objects.get(clientId)
    const stored = this.stored.get(clientId)
    const same = object && stored ? isSameContent(object, stored.content) : !object && !stored
    if (same) this.changed.delete(clientId)
    else this.changed.add(clientId)
  }

  private index(object: EditorObject): void {
    if (object.kind === 'track') {
      this.tracks.add(object.clientId)
      return
    }
    const frame = object.data.frame
    const ids = this.byFrame.get(frame)
    if (ids) ids.add(object.clientId)
    else this.byFrame.set(frame, new Set([object.clientId]))
  }

  private unindex(object: EditorObject): void {
    if (object.kind === 'track') this.tracks.delete(object.clientId)
    else this.byFrame.get(object.data.frame)?.delete(object.clientId)
  }
}

const stripId = <T extends { id?: number }>(item: T): { id: number; data: T } => {
  const { id, ...data } = item
  return { id: id ?? 0, data: data as T }
}

/** The API's lists as contents with server ids, in the order tags, shapes, tracks. */
export const listContents = (annotations: Annotations): { id: number; content: Content }[] => [
  ...annotations.tags.map(stripId).map(({ id, data }) => ({ id, content: { kind: 'tag', data } as Content })),
  ...annotations.shapes.map(stripId).map(({ id, data }) => ({ id, content: { kind: 'shape', data } as Content })),
  ...annotations.tracks.map(stripId).map(({ id, data }) => ({ id, content: { kind: 'track', data } as Content })),
]

/** A document that holds just what the server answered. */
export const openDocument = (annotations: Annotations): Document => {
  const document = new Document()
  document.replaceAll(annotations)
  return document
}
