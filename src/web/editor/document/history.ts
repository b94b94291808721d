// Undo and redo over edits without a limit; each step knows the frame it was made on.
import { invertChange } from './cloud-change'
import type { Edit, Patch } from './document'

const invert = (patch: Patch): Patch => ({ clientId: patch.clientId, before: patch.after, after: patch.before })

/** The step that takes an edit back. */
export const invertEdit = (edit: Edit): Edit => ({
  ...edit,
  patches: edit.patches.map(invert).reverse(),
  ...(edit.cloud && { cloud: edit.cloud.map(invertChange).reverse() }),
  ...(edit.frames && { frames: edit.frames.map(({ frame, deleted }) => ({ frame, deleted: !deleted })) }),
})

export class History {
  private done: Edit[] = []
  private undone: Edit[] = []
  /** Told after every change: the steps that are done, and that may be redone with the next one last. */
  onChange: (done: readonly Edit[], undone: readonly Edit[]) => void = () => {}

  push(edit: Edit): void {
    this.done.push(edit)
    this.undone = []
    this.onChange(this.done, this.undone)
  }

  get next(): { undo: Edit | null; redo: Edit | null } {
    return { undo: this.done.at(-1) ?? null, redo: this.undone.at(-1) ?? null }
  }

  get length(): number {
    return this.done.length
  }

  /** The step that takes back the last edit, or null. */
  undo(): Edit | null {
    const edit = this.done.pop()
    if (!edit) return null
    this.undone.push(edit)
    this.onChange(this.done, this.undone)
    return invertEdit(edit)
  }

  redo(): Edit | null {
    const edit = this.undone.pop()
    if (!edit) return null
    this.done.push(edit)
    this.onChange(this.done, this.undone)
    return edit
  }

  /** Puts steps of an earlier session below those of this one. */
  restore(done: readonly Edit[], undone: readonly Edit[]): void {
    const fresh = this.done.length === 0 && this.undone.length === 0
    this.done = [...done, ...this.done]
    if (fresh) this.undone = [...undone]
    this.onChange(this.done, this.undone)
  }

  /** Drops steps next in either direction for as long as they cannot be carried out. */
  trim(isApplicable: (edit: Edit) => boolean): void {
    while (this.done.length > 0 && !isApplicable(invertEdit(this.done.at(-1)!))) this.done.pop()
    while (this.undone.length > 0 && !isApplicable(this.undone.at(-1)!)) this.undone.pop()
    this.onChange(this.done, this.undone)
  }

  clear(): void {
    this.done = []
    this.undone = []
    this.onChange(this.done, this.undone)
  }
}
