// The sheet of all keys (F1), made from the commands and the keys that the person chose.
import { showTitle } from '../commands/command-title'
import { showKeys } from '../commands/keys'
import { commands } from '../commands/registry'
import { shortcuts } from '../commands/shortcuts'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { type OpenDialog, openDialog } from './dialog'
import { h } from './dom'
import { groups, isOffered } from './shortcut-list'

const pictureGestures: readonly [string, string][] = [
  ['Wheel', 'Zoom at the pointer'],
  ['Two fingers', 'Zoom and move the picture'],
  ['Drag the background', 'Move the picture (middle button: anywhere)'],
  ['Shift+drag the background', 'Select by a box'],
  ['Ctrl+click', 'Add to the selection'],
  ['Double click', 'Fit the object, or the picture'],
  ['Alt+click a point', 'Delete the point'],
  ['Right click an object', 'What can be done with it'],
  ['Right click previous or next', 'Choose what they mean'],
  ['Right click while drawing', 'Take back the last point'],
  ['Shift while drawing', 'Slide points'],
]

const cloudGestures: readonly [string, string][] = [
  ['Drag', 'Turn the view; in a projection: move, resize or turn the cuboid'],
  ['Right drag', 'Move the view'],
  ['Wheel', 'Zoom at the pointer'],
  ['One finger, two, three', 'Turn, zoom and move the view'],
  ['Click', 'Choose an object'],
  ['Ctrl+click', 'Add to the selection'],
  ['Shift+drag', 'Select by a box'],
  ['Double click', 'Fit the object, or the view'],
  ['Right click an object', 'Its card, and what can be done with it'],
  ['Double click while drawing', 'Place the cuboid'],
  ['Ctrl+right click while drawing', 'Place it and go on'],
  ['Alt+drag', 'Turn the view under any tool'],
  ['Right click previous or next', 'Choose what they mean'],
]

const makeLine = (keys: readonly string[], title: string) =>
  h('div', { class: 'ed-key-line' }, h('span', { text: title }), h('span', {}, ...keys.map((key) => h('kbd', { text: key }))))

export const openHelp = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const { labels } = editor.job
  const columns = groups.flatMap((group) => {
    const listed = commands.filter(
      (command) => command.group === group && shortcuts.keysOf(command).length > 0 && isOffered(command, editor),
    )
    if (listed.length === 0) return []
    const lines = listed.map((command) => makeLine(shortcuts.keysOf(command).map(showKeys), showTitle(command, labels)))
    return [h('section', {}, h('h3', { text: t(group) }), ...lines)]
  })
  const gestures = h(
    'section',
    {},
    h('h3', { text: t('Mouse and touch') }),
    ...(editor.traits.dimension === '3d' ? cloudGestures : pictureGestures).map(([gesture, title]) =>
      makeLine([t(gesture)], t(title)),
    ),
  )
  return openDialog(root, {
    testId: 'help-dialog',
    title: t('Keys and gestures'),
    wide: true,
    body: [h('div', { class: 'ed-key-columns' }, ...columns, gestures)],
    onDismiss: onClose,
    choices: [{ testId: 'dialog-ok', title: t('Close'), run: onClose }],
  })
}
