// Deleting: asks with a count of what is touched, greys the row, refreshes the list or goes on to another page.

import { callApi, describeProblem } from './api'
import { cancelButton, openDialog, problemLine } from './dialog'
import { element, field } from './element'
import { t } from './i18n/message'
import { refreshList } from './lists'
import { showInfo } from './toast'

/** A field that the name has to be typed into before the button works. */
const typedField = (name: string, ok: HTMLButtonElement) => {
  const input = element('input', {
    class: 'input',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    dir: 'auto',
    'data-testid': 'dialog-typed',
  })
  const settle = () => {
    ok.disabled = input.value !== name
  }
  input.addEventListener('input', settle)
  settle()
  return field(t('Type “{name}” to confirm', { name }), input)
}

const ask = (button: HTMLElement) => {
  const { delete: path, deleteTitle, deleteText, deleteNext, deleteLabel, deleteTyped } = button.dataset
  const label = deleteLabel ?? t('Delete')
  const problem = problemLine()
  const ok = element('button', { type: 'submit', class: 'btn btn-delete', 'data-testid': 'dialog-ok' }, label)
  const dialog = openDialog({
    title: deleteTitle ?? `${label}?`,
    body: [
      element('p', { class: 'text-soft' }, deleteText ?? ''),
      deleteTyped ? typedField(deleteTyped, ok) : null,
      problem.line,
    ],
    buttons: [cancelButton(), ok],
  })
  dialog.querySelector('form')!.addEventListener('submit', async (event) => {
    event.preventDefault()
    ok.disabled = true
    try {
      await callApi('DELETE', path!)
      dialog.close()
      const id = path!.split('/').at(-1)!
      for (const row of document.querySelectorAll<HTMLElement>(`tr[data-testid$="-${CSS.escape(id)}"]`)) row.dataset.busy = 'true'
      if (deleteNext?.includes('#')) location.reload()
      else if (deleteNext) location.href = deleteNext
      else {
        await refreshList()
        showInfo(t('Deleted.'))
      }
    } catch (reason) {
      ok.disabled = false
      problem.show(describeProblem(reason))
    }
  })
}

export const startDeleting = () =>
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-delete]')
    if (button) ask(button)
  })
