// The sheet of all keys (F1), made from the commands.
import type { Command, CommandGroup } from '../commands/command'
import { showKeys } from '../commands/keys'
import { commands } from '../commands/registry'
import type { Editor } from '../editor'
import { type OpenDialog, openDialog } from './dialog'
import { h } from './dom'

const mouse: [string, string][] = [
  ['Wheel', 'Zoom at the pointer'],
  ['Drag the background', 'Move the picture (middle button: anywhere)'],
  ['Shift+drag the background', 'Select by a box'],
  ['Ctrl+click', 'Add to the selection'],
  ['Double click', 'Fit the object, or the picture'],
  ['Alt+click a point', 'Delete the point'],
  ['Right click while drawing', 'Take back the last point'],
  ['Shift while drawing', 'Slide points'],
]

const groups: CommandGroup[] = ['General', 'Frames', 'Objects', 'Drawing', 'Labels', 'View']

const makeLine = (keys: readonly string[], title: string) =>
  h('div', { class: 'ed-key-line' }, h('span', { text: title }), h('span', {}, ...keys.map((key) => h('kbd', { text: key }))))

export const openHelp = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  // Keys of labels that the job does not have mean nothing.
  const isOffered = (command: Command) => command.group !== 'Labels' || (command.enabled?.(editor) ?? true)
  const columns = groups.map((group) => {
    const listed = commands.filter((command) => command.group === group && command.keys.length > 0 && isOffered(command))
    return h(
      'section',
      {},
      h('h3', { text: group }),
      ...listed.map((command) => makeLine(command.keys.map(showKeys), command.title)),
    )
  })
  const gestures = h('section', {}, h('h3', { text: 'Mouse' }), ...mouse.map(([gesture, title]) => makeLine([gesture], title)))
  return openDialog(root, {
    testId: 'help-dialog',
    title: 'Keys and gestures',
    wide: true,
    body: [h('div', { class: 'ed-key-columns' }, ...columns, gestures)],
    onDismiss: onClose,
    choices: [{ testId: 'dialog-ok', title: 'Close', run: onClose }],
  })
}
