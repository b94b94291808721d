// Sizes that are locked along a track: editing the size on one key frame sets it on all, as the same step.
import type { Edit } from '../../editor/document/document'
import type { Editor } from '../../editor/editor'
import { browserStorage } from '../../editor/preferences-server'
import { findNewSize, setSizes } from './track-cuboids'

type Kept = { ids: number[]; fresh: boolean }

const parse = (text: string | null): Kept => {
  try {
    const { ids, fresh } = JSON.parse(text ?? '{}') as Partial<Kept>
    return { ids: Array.isArray(ids) ? ids.filter(Number.isInteger) : [], fresh: fresh === true }
  } catch {
    return { ids: [], fresh: false }
  }
}

export class SizeLocks {
  private readonly key: string
  /** Tracks by the number on the server, which outlives the session; others by the number here. */
  private readonly stored: Set<number>
  private readonly own = new Map<number, boolean>()
  /** Whether tracks start with their size locked. */
  fresh: boolean

  constructor(
    private readonly editor: Editor,
    private readonly storage = browserStorage,
  ) {
    this.key = `annolith-sizes:${editor.job.info.id}`
    const kept = parse(storage.read(this.key))
    this.stored = new Set(kept.ids)
    this.fresh = kept.fresh
  }

  has(clientId: number): boolean {
    const serverId = this.editor.document.serverId(clientId)
    return this.own.get(clientId) ?? ((serverId !== null && this.stored.has(serverId)) || this.fresh)
  }

  set(clientId: number, locked: boolean): void {
    this.own.set(clientId, locked)
    this.keep()
  }

  setFresh(fresh: boolean): void {
    this.fresh = fresh
    this.keep()
  }

  private keep(): void {
    for (const [clientId, locked] of this.own) {
      const serverId = this.editor.document.serverId(clientId)
      if (serverId === null) continue
      if (locked) this.stored.add(serverId)
      else this.stored.delete(serverId)
    }
    this.storage.write(this.key, JSON.stringify({ ids: [...this.stored], fresh: this.fresh }))
  }

  /** The edit with every size that changed on one key frame of a locked track set on all of them. */
  revise = (edit: Edit): Edit => ({
    ...edit,
    patches: edit.patches.map((patch) => {
      const { before, after, clientId } = patch
      if (before?.kind !== 'track' || after?.kind !== 'track' || before.data === after.data) return patch
      if (after.data.shapes[0]?.type !== 'cuboid' || !this.has(clientId)) return patch
      const size = findNewSize(before.data, after.data)
      return size ? { ...patch, after: { ...after, data: setSizes(after.data, size) } } : patch
    }),
  })
}
