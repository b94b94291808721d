// The command palette (Ctrl+K): any command by a part of its name, labels too.
import type { Command } from '../commands/command'
import { showTitle } from '../commands/command-title'
import { isEnabled } from '../commands/keymap'
import { showKeys } from '../commands/keys'
import { commands } from '../commands/registry'
import { shortcuts } from '../commands/shortcuts'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { type OpenDialog, openDialog } from './dialog'
import { h, setAttribute } from './dom'

/** How well words fit a title: all must occur, those at the beginning of words count more; 0 = not at all. */
export const rank = (title: string, query: string): number => {
  const text = title.toLowerCase()
  let score = 1
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = text.indexOf(word)
    if (at === -1) return 0
    score += at === 0 ? 4 : text[at - 1] === ' ' ? 2 : 1
  }
  return score
}

export const openPalette = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const offered = commands.filter(
    (command) => command.id !== 'palette' && !command.id.startsWith('label-quick') && isEnabled(command, editor),
  )
  const list = h('div', { class: 'ed-options', role: 'listbox', 'aria-label': t('Commands'), id: 'ed-palette-options' })
  let found: Command[] = []
  let at = 0
  const run = (command: Command) => {
    dialog.close()
    onClose()
    if (isEnabled(command, editor)) command.run(editor)
  }
  const mark = () => {
    for (const [i, option] of [...list.children].entries()) setAttribute(option, 'aria-selected', String(i === at))
    list.children[at]?.scrollIntoView({ block: 'nearest' })
  }
  const search = () => {
    found = offered
      .map((command) => ({ command, score: rank(`${showTitle(command, editor.job.labels)} ${command.title}`, field.value) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ command }) => command)
    at = 0
    list.replaceChildren(
      ...found.map((command) =>
        h(
          'button',
          {
            type: 'button',
            class: 'ed-option',
            role: 'option',
            'data-value': command.id,
            tabindex: '-1',
            on: { click: () => run(command) },
          },
          h('span', { text: showTitle(command, editor.job.labels), dir: 'auto' }),
          h(
            'span',
            {},
            ...shortcuts
              .keysOf(command)
              .slice(0, 2)
              .map((keys) => h('kbd', { text: showKeys(keys) })),
          ),
        ),
      ),
    )
    if (found.length === 0) list.append(h('p', { class: 'ed-empty', text: t('No command has such a name.') }))
    mark()
  }
  const field = h('input', {
    class: 'ed-input',
    type: 'text',
    'data-testid': 'palette-input',
    'aria-label': t('Command'),
    'aria-controls': 'ed-palette-options',
    placeholder: t('What do you want to do?'),
    on: {
      input: search,
      keydown: (event) => {
        const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
        if (by !== 0 && found.length > 0) {
          at = (at + by + found.length) % found.length
          mark()
          event.preventDefault()
        } else if (event.key === 'Enter') {
          event.preventDefault()
          event.stopPropagation()
          const chosen = found[at]
          if (chosen) run(chosen)
        }
      },
    },
  })
  const dialog = openDialog(root, {
    testId: 'command-palette',
    title: t('Commands'),
    body: [field, list],
    onDismiss: onClose,
    choices: [],
  })
  search()
  field.focus()
  return dialog
}
