// Finds the command that keys mean; sequences such as `T L` are remembered between presses.
import type { Editor } from '../editor'
import type { Command } from './command'

/** Whether a command exists in the workspace and has something to do. */
export const isEnabled = (command: Command, editor: Editor): boolean =>
  (command.workspaces?.includes(editor.state.workspace) ?? true) && (command.enabled?.(editor) ?? true)

export type Pressed = { type: 'run'; command: Command } | { type: 'wait' } | { type: 'none' }

export class Keymap {
  private readonly byKeys = new Map<string, Command[]>()
  private readonly prefixes = new Set<string>()
  private prefix = ''

  constructor(commands: readonly Command[], keysOf: (command: Command) => readonly string[] = (command) => command.keys) {
    for (const command of commands) {
      for (const keys of keysOf(command)) {
        this.byKeys.set(keys, [...(this.byKeys.get(keys) ?? []), command])
        const strokes = keys.split(' ')
        if (strokes.length > 1) this.prefixes.add(strokes[0]!)
      }
    }
  }

  /** The first enabled command of the stroke. After a prefix that leads nowhere the stroke counts by itself. */
  press(stroke: string, editor: Editor, inField: boolean): Pressed {
    const sequence = this.prefix ? `${this.prefix} ${stroke}` : ''
    this.prefix = ''
    const command = (sequence && this.find(sequence, editor, inField)) || this.find(stroke, editor, inField)
    if (command) return { type: 'run', command }
    if (!inField && this.prefixes.has(stroke)) {
      this.prefix = stroke
      return { type: 'wait' }
    }
    return { type: 'none' }
  }

  private find(keys: string, editor: Editor, inField: boolean): Command | null {
    const found = this.byKeys.get(keys) ?? []
    return found.find((one) => (!inField || one.everywhere === true) && isEnabled(one, editor)) ?? null
  }
}
