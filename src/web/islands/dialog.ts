// Modal dialogs: made when they open and gone when they close, so that a page holds at most one.

import { element } from './element'
import { t } from './i18n/message'

type DialogOptions = {
  title: string
  body: (HTMLElement | null)[]
  buttons: HTMLElement[]
  onClose?: () => void
  testid?: string
}

/** Opens a dialog; Escape and a click beside it close it. */
export const openDialog = ({ title, body, buttons, onClose, testid = 'dialog' }: DialogOptions): HTMLDialogElement => {
  const heading = element('h2', { id: 'dialog-title', dir: 'auto', class: 'break-words' }, title)
  const dialog = element(
    'dialog',
    { class: 'float dialog', 'aria-labelledby': 'dialog-title', 'data-testid': testid },
    element(
      'form',
      { method: 'dialog', class: 'grid gap-4 p-5' },
      heading,
      ...body.filter((part) => part !== null),
      element('div', { class: 'flex justify-end gap-2' }, ...buttons),
    ),
  )
  // A press that began inside and ended outside, as when text is selected, does not close.
  let pressed: EventTarget | null = null
  dialog.addEventListener('pointerdown', (event) => {
    pressed = event.target
  })
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog && pressed === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    dialog.remove()
    onClose?.()
  })
  document.body.append(dialog)
  dialog.showModal()
  return dialog
}

export const cancelButton = () =>
  element(
    'button',
    {
      type: 'button',
      class: 'btn',
      'data-testid': 'dialog-cancel',
      onclick: (event) => (event.target as HTMLElement).closest('dialog')?.close(),
    },
    t('Cancel'),
  )

/** A place for what goes wrong in a dialog. */
export const problemLine = (testid?: string) => {
  const text = element('span', { class: 'whitespace-pre-line', dir: 'auto' })
  const line = element('div', { class: 'problem', role: 'alert', hidden: true, 'data-testid': testid }, text)
  const show = (message: string | null) => {
    text.textContent = message
    line.hidden = !message
  }
  return { line, show }
}
