// Sends keys to commands; text fields, menus and dialogs keep theirs.

import { Keymap } from '../commands/keymap'
import { nameKeyPress } from '../commands/keys'
import { commands } from '../commands/registry'
import { shortcuts } from '../commands/shortcuts'
import type { Editor } from '../editor'

const textTypes = new Set(['text', 'number', 'search', 'email', 'url', 'password', 'tel'])

const isField = (target: Element): boolean =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && textTypes.has(target.type))

/** Keys that belong to a focused control: a choice, a slider, a button, a link. */
const controlKeys = (target: Element): RegExp | null => {
  if (target instanceof HTMLSelectElement) return /^(Up|Down|Left|Right|Space|Enter|Tab|Shift\+Tab|[A-Z0-9])$/
  if (target instanceof HTMLInputElement) return /^(Up|Down|Left|Right|Space|Enter|Tab|Shift\+Tab|Home|End)$/
  if (target.matches('button, a, summary, [role="separator"]')) return /^(Space|Enter|Tab|Shift\+Tab|Left|Right)$/
  return null
}

export const attachKeyboard = (editor: Editor, root: HTMLElement, area: HTMLElement): void => {
  let keymap = new Keymap(commands, shortcuts.keysOf)
  shortcuts.onChange(() => {
    keymap = new Keymap(commands, shortcuts.keysOf)
  })
  window.addEventListener('keydown', (event) => {
    const target = event.target instanceof Element ? event.target : root
    const stroke = nameKeyPress(event)
    if (target.closest('.ed-menu, [data-takes-keys]')) return
    const inDialog = root.querySelector('dialog[open]') !== null
    const inField = isField(target)
    if (inField && (stroke === 'Esc' || (stroke === 'Enter' && target instanceof HTMLInputElement))) {
      if (inDialog) return
      // Leaving the field commits it.
      area.focus({ preventScroll: true })
      event.preventDefault()
      return
    }
    if (target !== area && root.contains(target) && controlKeys(target)?.test(stroke)) return
    if (stroke === 'Tab' || stroke === 'Shift+Tab') {
      const free = target === area || target === document.body || target === root
      const goes = editor.state.workspace === 'attributes' || editor.scene.items.size > 0
      if (!free || editor.stage.mode !== 'idle' || !goes) return
    }
    const pressed = keymap.press(stroke, editor, inField || inDialog)
    if (pressed.type === 'none') return
    event.preventDefault()
    // What was typed counts before the command runs.
    if (inField && !inDialog) area.focus({ preventScroll: true })
    if (pressed.type === 'run' && !(event.repeat && pressed.command.id === 'play')) pressed.command.run(editor)
  })
  // A click on a button leaves the keys with the picture; going there by Tab does not.
  root.addEventListener('mousedown', (event) => {
    const target = event.target instanceof Element ? event.target : null
    if (!target?.closest('button') || target.closest('dialog, .ed-menu')) return
    event.preventDefault()
    area.focus({ preventScroll: true })
  })
}
