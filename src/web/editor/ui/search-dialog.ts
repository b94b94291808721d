// A dialog with a field and a list that it narrows: arrows move, Enter takes, a click too.
import { t } from '../i18n/message'
import { type OpenDialog, openDialog } from './dialog'
import { h, setAttribute } from './dom'

export type SearchDialog<T> = {
  title: string
  testIds: { dialog: string; field: string }
  /** Of the list, for the page and for people who hear it. */
  list: { id: string; label: string }
  field: { label: string; placeholder: string }
  /** What a list without entries says. */
  none: string
  find: (text: string) => T[]
  /** Named in `data-value`. */
  valueOf: (found: T) => string | number
  show: (found: T) => Node[]
  take: (found: T) => void
  onClose: () => void
  /** With a button that closes. */
  closes?: boolean
}

export const openSearchDialog = <T>(root: HTMLElement, options: SearchDialog<T>): OpenDialog => {
  const { find, onClose } = options
  const list = h('div', { class: 'ed-options', role: 'listbox', 'aria-label': options.list.label, id: options.list.id })
  let found: T[] = []
  let at = 0
  const take = (chosen: T) => {
    dialog.close()
    onClose()
    options.take(chosen)
  }
  const mark = () => {
    for (const [i, option] of [...list.children].entries()) setAttribute(option, 'aria-selected', String(i === at))
    list.children[at]?.scrollIntoView({ block: 'nearest' })
  }
  const showOption = (one: T) =>
    h(
      'button',
      {
        type: 'button',
        class: 'ed-option',
        role: 'option',
        'data-value': options.valueOf(one),
        tabindex: '-1',
        on: { click: () => take(one) },
      },
      ...options.show(one),
    )
  const search = () => {
    found = find(field.value)
    at = 0
    list.replaceChildren(...found.map(showOption))
    if (found.length === 0) list.append(h('p', { class: 'ed-empty', text: options.none }))
    mark()
  }
  const field = h('input', {
    class: 'ed-input',
    type: 'text',
    'data-testid': options.testIds.field,
    'aria-label': options.field.label,
    'aria-controls': options.list.id,
    placeholder: options.field.placeholder,
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
          if (chosen) take(chosen)
        }
      },
    },
  })
  const dialog = openDialog(root, {
    testId: options.testIds.dialog,
    title: options.title,
    body: [field, list],
    onDismiss: onClose,
    choices: options.closes ? [{ testId: 'dialog-cancel', title: t('Close'), run: onClose }] : [],
  })
  search()
  field.focus()
  return dialog
}
