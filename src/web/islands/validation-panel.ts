// The validation panel of a task: its buttons change the layout, then the panel is shown as it is now.
import htmx from 'htmx.org'
import { callApi, describeProblem } from './api'
import { showError, showInfo } from './toast'

const panelId = 'validation-panel'

/** Shows the panel as the server has it now. */
const refresh = () =>
  htmx.ajax('GET', location.pathname + location.search, {
    target: `#${panelId}`,
    select: `#${panelId}`,
    swap: 'outerHTML',
  } as never)

const change = async (button: HTMLButtonElement) => {
  const panel = button.closest(`#${panelId}`)!
  const path = button.dataset.validation || panel.querySelector<HTMLSelectElement>('select')!.value
  const body = JSON.parse(button.dataset.change!)
  for (const control of panel.querySelectorAll<HTMLButtonElement | HTMLSelectElement>('button, select')) control.disabled = true
  try {
    await callApi('PATCH', path, body)
    if (body.frame_selection_method) showInfo('Other validation frames are shown.')
  } catch (problem) {
    showError(describeProblem(problem))
  }
  await refresh()
}

export const startValidationPanel = () =>
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>(`#${panelId} button[data-validation]`)
    if (button) void change(button)
  })
