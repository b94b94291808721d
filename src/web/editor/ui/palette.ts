// The command palette (Ctrl+K): any command by a part of its name, labels too.
import { showTitle } from '../commands/command-title'
import { isEnabled } from '../commands/keymap'
import { showKeys } from '../commands/keys'
import { commands } from '../commands/registry'
import { shortcuts } from '../commands/shortcuts'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { OpenDialog } from './dialog'
import { h } from './dom'
import { openSearchDialog } from './search-dialog'

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
  return openSearchDialog(root, {
    title: t('Commands'),
    testIds: { dialog: 'command-palette', field: 'palette-input' },
    list: { id: 'ed-palette-options', label: t('Commands') },
    field: { label: t('Command'), placeholder: t('What do you want to do?') },
    none: t('No command has such a name.'),
    find: (text) =>
      offered
        .map((command) => ({ command, score: rank(`${showTitle(command, editor.job.labels)} ${command.title}`, text) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .map(({ command }) => command),
    valueOf: (command) => command.id,
    show: (command) => {
      const keys = shortcuts.keysOf(command).slice(0, 2)
      return [
        h('span', { text: showTitle(command, editor.job.labels), dir: 'auto' }),
        h('span', {}, ...keys.map((one) => h('kbd', { text: showKeys(one) }))),
      ]
    },
    take: (command) => {
      if (isEnabled(command, editor)) command.run(editor)
    },
    onClose,
  })
}
