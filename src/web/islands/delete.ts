// Deleting: asks with a count of what is touched, greys the row, refreshes the list or goes on to another page.
import { callApi, describeProblem } from './api'
import { cancelButton, openDialog, problemLine } from './dialog'
import { element } from './element'
import { refreshList } from './lists'
import { showInfo } from './toast'

const ask = (button: HTMLElement) => {
  const { delete: path, deleteTitle, deleteText, deleteNext, deleteLabel } = button.dataset
  const label = deleteLabel ?? 'Delete'
  const problem = problemLine()
  const ok = element('button', { type: 'submit', class: 'btn btn-delete', 'data-testid': 'dialog-ok' }, label)
  const dialog = openDialog({
    title: deleteTitle ?? `${label}?`,
    body: [element('p', { class: 'text-soft' }, deleteText ?? ''), problem.line],
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
        showInfo('Deleted.')
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
