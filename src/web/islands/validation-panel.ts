// The validation panel of a task: its buttons change the layout, its form makes a ground truth job.

import htmx from 'htmx.org'
import { callApi, describeProblem } from './api'
import { t } from './i18n/message'
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
    if (body.frame_selection_method) showInfo(t('Other validation frames are shown.'))
  } catch (problem) {
    showError(describeProblem(problem))
  }
  await refresh()
}

const create = async (form: HTMLFormElement) => {
  const fields = new FormData(form)
  const method = String(fields.get('method'))
  const seed = String(fields.get('seed') ?? '')
  const button = form.querySelector('button')!
  button.disabled = true
  try {
    await callApi('POST', '/api/jobs', {
      type: 'ground_truth',
      task_id: Number(form.dataset.createGroundTruth),
      frame_selection_method: method,
      [method === 'random_per_job' ? 'frames_per_job_share' : 'frame_share']: Number(fields.get('percent')) / 100,
      ...(seed && { random_seed: Number(seed) }),
    })
    // The list of jobs has one more.
    location.reload()
  } catch (problem) {
    showError(describeProblem(problem))
    button.disabled = false
  }
}

export const startValidationPanel = () => {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (!form.dataset.createGroundTruth) return
    event.preventDefault()
    void create(form)
  })
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>(`#${panelId} button[data-validation]`)
    if (button) void change(button)
  })
}
