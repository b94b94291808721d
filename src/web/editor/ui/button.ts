// Buttons made from commands: name, key and enabled state come from the registry.
import type { Command } from '../commands/command'
import { titleKey } from '../commands/command-title'
import { isEnabled } from '../commands/keymap'
import { toAriaKeys } from '../commands/keys'
import { findCommand } from '../commands/registry'
import { shortcuts } from '../commands/shortcuts'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { h, setAttribute } from './dom'
import { type IconName, icon } from './icons'

export type CommandButton = { element: HTMLButtonElement; update: () => void }

/** Describes an element for the tooltip and for assistive technology. */
export const describe = (element: Element, title: string, keys: readonly string[] = []): void => {
  setAttribute(element, 'aria-label', title)
  setAttribute(element, 'data-tip', title)
  if (keys.length > 0) {
    setAttribute(element, 'data-keys', keys[0]!)
    setAttribute(element, 'aria-keyshortcuts', toAriaKeys(keys))
  } else {
    element.removeAttribute('data-keys')
    element.removeAttribute('aria-keyshortcuts')
  }
}

export const iconButton = (
  name: IconName,
  title: string,
  testId: string,
  run: () => void,
  keys: readonly string[] = [],
): HTMLButtonElement => {
  const element = h('button', { type: 'button', class: 'ed-button', 'data-testid': testId, on: { click: run } }, icon(name))
  describe(element, title, keys)
  return element
}

/** A button that is grey while its command has nothing to do; it stays focusable so that its tooltip can be read. */
export const commandButton = (
  editor: Editor,
  id: string,
  name: IconName,
  testId: string,
  title?: (command: Command) => string,
): CommandButton => {
  const command = findCommand(id)
  const run = () => {
    if (isEnabled(command, editor)) command.run(editor)
  }
  const { key, values } = titleKey(command.title)
  const element = iconButton(name, t(key, values), testId, run, shortcuts.keysOf(command))
  const update = () => {
    setAttribute(element, 'aria-disabled', String(!isEnabled(command, editor)))
    describe(element, title ? title(command) : t(key, values), shortcuts.keysOf(command))
  }
  shortcuts.onChange(update)
  update()
  return { element, update }
}
