// Finds a frame by a part of its file name.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { type OpenDialog, openDialog } from './dialog'
import { h, setAttribute } from './dom'
import { nameOfFrame } from './player-bar'

const shownAtOnce = 200

export const openFrameSearch = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const named = editor.frames.frames.map((frame) => ({ frame, name: nameOfFrame(editor, frame) }))
  const list = h('div', { class: 'ed-options', role: 'listbox', 'aria-label': t('Frames'), id: 'ed-frame-options' })
  let at = 0
  let found = named
  const go = (frame: number) => {
    dialog.close()
    onClose()
    void editor.player.goTo(frame)
  }
  const mark = () => {
    for (const [i, option] of [...list.children].entries()) setAttribute(option, 'aria-selected', String(i === at))
    list.children[at]?.scrollIntoView({ block: 'nearest' })
  }
  const search = () => {
    const words = field.value.trim().toLowerCase()
    found = named.filter(({ frame, name }) => name.toLowerCase().includes(words) || String(frame) === words).slice(0, shownAtOnce)
    at = 0
    list.replaceChildren(
      ...found.map(({ frame, name }) =>
        h(
          'button',
          {
            type: 'button',
            class: 'ed-option',
            role: 'option',
            'data-value': frame,
            tabindex: '-1',
            on: { click: () => go(frame) },
          },
          h('span', { class: 'ed-mono', text: String(frame) }),
          h('span', { text: name, dir: 'auto' }),
        ),
      ),
    )
    if (found.length === 0) list.append(h('p', { class: 'ed-empty', text: t('No frame has such a name.') }))
    mark()
  }
  const field = h('input', {
    class: 'ed-input',
    type: 'text',
    'data-testid': 'frame-search',
    'aria-label': t('File name'),
    'aria-controls': 'ed-frame-options',
    placeholder: t('A part of the file name'),
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
          if (chosen) go(chosen.frame)
        }
      },
    },
  })
  const dialog = openDialog(root, {
    testId: 'frame-search-dialog',
    title: t('Find a frame'),
    body: [field, list],
    onDismiss: onClose,
    choices: [{ testId: 'dialog-cancel', title: t('Close'), run: onClose }],
  })
  search()
  field.focus()
  return dialog
}
