// Undo and redo over edits; each step knows the frame it was made on.
import type { Edit, Patch } from './document'

const limit = 256

const invert = (patch: Patch): Patch => ({ clientId: patch.clientId, before: patch.after, after: patch.before })

export class History {
  private done: Edit[] = []
  private undone: Edit[] = []

  push(edit: Edit): void {
    this.done.push(edit)
    if (this.done.length > limit) this.done.shift()
    this.undone = []
  }

  get next(): { undo: Edit | null; redo: Edit | null } {
    return { undo: this.done.at(-1) ?? null, redo: this.undone.at(-1) ?? null }
  }

  /** The step that takes back the last edit, or null. */
  undo(): Edit | null {
    const edit = this.done.pop()
    if (!edit) return null
    this.undone.push(edit)
    return { ...edit, patches: edit.patches.map(invert).reverse() }
  }

  redo(): Edit | null {
    const edit = this.undone.pop()
    if (!edit) return null
    this.done.push(edit)
    return edit
  }

  clear(): void {
    this.done = []
    this.undone = []
  }
}
