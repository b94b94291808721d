// Writes the steps of this session down as they are made, and brings back those of sessions that ended.
import type { Document, Edit } from '../document/document'
import type { History } from '../document/history'
import type { EditorObject } from '../document/object'
import type { Name, StepSession, StepStore } from './step-store'

/** Steps of other sessions with the client ids of this one. */
export const renameEdit = (edit: Edit, rename: (clientId: number) => number): Edit => {
  const renameObject = (object: EditorObject | null, clientId: number): EditorObject | null => object && { ...object, clientId }
  const patches = edit.patches.map(({ clientId, before, after }) => {
    const id = rename(clientId)
    return { clientId: id, before: renameObject(before, id), after: renameObject(after, id) }
  })
  return { ...edit, patches }
}

export class HistoryKeeper {
  private readonly record: StepSession
  private known: readonly Edit[] = []
  private readonly named = new Map<number, number>()
  private readonly touched = new Set<number>()
  private last: Promise<void> = Promise.resolve()
  private open = 0

  constructor(
    private readonly store: StepStore,
    private readonly history: History,
    private readonly document: Document,
    identity: { session: string; owner: string; startedAt: number },
    /** How many writes are not on disk yet. */
    private readonly onProgress: (open: number) => void = () => {},
  ) {
    this.record = { ...identity, at: 0 }
    history.onChange = (done, undone) => this.write(done, undone)
  }

  /** After a save: objects may have got names. */
  noteSaved(): void {
    if (this.touched.size > 0 && this.known.length > 0) this.begin([], this.known.length)
  }

  /** Resolves when everything so far is on disk. */
  async flush(): Promise<void> {
    await this.last
  }

  /**
   * Takes over the steps of an ended session. `restored` are the client ids that its unsaved new objects got here; objects that
   * are gone get fresh ids, so that undoing their removal makes them anew.
   */
  async adopt(session: string, restored: ReadonlyMap<number, number> = new Map()): Promise<void> {
    const [steps, names, sessions] = await Promise.all([
      this.store.listSteps(session),
      this.store.listNames(session),
      this.store.listSessions(this.record.owner),
    ])
    const at = sessions.find((one) => one.session === session)?.at ?? steps.length
    const byName = new Map([...this.document.stored].map(([clientId, one]) => [`${one.content.kind} ${one.id}`, clientId]))
    const nameOf = new Map(names.map((name) => [name.clientId, `${name.kind} ${name.id}`]))
    const taken = new Map<number, number>(restored)
    const rename = (clientId: number): number => {
      const found = taken.get(clientId) ?? byName.get(nameOf.get(clientId) ?? '') ?? this.document.takeClientId()
      taken.set(clientId, found)
      return found
    }
    const edits = steps.map((edit) => renameEdit(edit, rename))
    this.history.restore(edits.slice(0, at), edits.slice(at).reverse())
    await this.flush()
    await this.store.removeSession(session)
  }

  private write(done: readonly Edit[], undone: readonly Edit[]): void {
    const all = [...done, ...[...undone].reverse()]
    let same = 0
    while (same < all.length && same < this.known.length && all[same] === this.known[same]) same += 1
    const steps = all.slice(same).map((edit, i) => ({ place: same + i, edit }))
    for (const { edit } of steps) for (const patch of edit.patches) this.touched.add(patch.clientId)
    this.known = all
    this.record.at = done.length
    this.begin(steps, all.length)
  }

  private begin(steps: { place: number; edit: Edit }[], end: number): void {
    const names: Name[] = []
    for (const clientId of this.touched) {
      const stored = this.document.stored.get(clientId)
      if (!stored || this.named.get(clientId) === stored.id) continue
      this.named.set(clientId, stored.id)
      names.push({ clientId, kind: stored.content.kind, id: stored.id })
    }
    this.open += 1
    this.onProgress(this.open)
    const written = this.store.write({ ...this.record }, steps, end, names).catch(() => {})
    this.last = Promise.all([this.last, written]).then(() => {
      this.open -= 1
      this.onProgress(this.open)
    })
  }
}
