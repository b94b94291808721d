// A command: one named thing a user can do. Buttons, menus, tooltips, keys and the help sheet are made from these.
import type { Editor } from '../editor'
import type { Workspace } from '../workspaces/workspace'

export type CommandGroup = 'General' | 'Frames' | 'Objects' | 'Drawing' | 'Labels' | 'View' | 'Attributes' | 'Tags' | 'Review'

export type Command = {
  id: string
  title: string
  group: CommandGroup
  /** As shown and matched: `Ctrl+S`, `Shift+N`, `Left`; keys pressed one after the other are joined by a space: `T L`. */
  keys: readonly string[]
  run: (editor: Editor) => unknown
  enabled?: (editor: Editor) => boolean
  /** Works while a text field has the focus. */
  everywhere?: boolean
  /** Exists there only; without it everywhere. */
  workspaces?: readonly Workspace[]
}
