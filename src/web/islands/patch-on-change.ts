// Controls with data-patch save their value at once; a refusal puts the old value back and says why.
import { toneOf } from '../ui/status-tone'
import { callApi, describeProblem } from './api'
import { showError } from './toast'

type Control = HTMLInputElement | HTMLSelectElement

const saved = new WeakMap<Control, string>()
const initialOf = (control: Control) =>
  control instanceof HTMLSelectElement
    ? ([...control.options].find((option) => option.defaultSelected)?.value ?? control.value)
    : control.defaultValue

/** One change may bring others: a new stage starts with a new state. */
const showAnswer = (path: string, answer: Record<string, unknown>) => {
  for (const other of document.querySelectorAll<HTMLSelectElement>(`select[data-patch="${path}"]`)) {
    const value = answer[other.dataset.field!]
    if (typeof value !== 'string') continue
    other.value = value
    saved.set(other, value)
  }
}

/** Status words on the page that depend on what was changed. */
const refreshStatuses = async () => {
  for (const badge of document.querySelectorAll<HTMLElement>('[data-status-of]')) {
    const { status } = await callApi('GET', badge.dataset.statusOf!)
    Object.assign(badge.dataset, { status, tone: toneOf(status) })
    badge.textContent = status
  }
}

/** Saves `value` under the control's field; answers whether that went well. */
export const patch = async (control: Control, value: unknown): Promise<boolean> => {
  const { patch: path, field } = control.dataset
  control.setAttribute('aria-busy', 'true')
  try {
    const answer = await callApi('PATCH', path!, { [field!]: value })
    saved.set(control, control.value)
    showAnswer(path!, answer)
    // A task's status and counts follow its jobs, and the heading is also the title of the tab.
    document.dispatchEvent(new CustomEvent('patched', { detail: { control, field, value } }))
    return true
  } catch (problem) {
    control.value = saved.get(control) ?? initialOf(control)
    showError(describeProblem(problem))
    return false
  } finally {
    control.removeAttribute('aria-busy')
  }
}

/** What the API takes for each `data-kind`; the rest is text. */
const readers: Record<string, (text: string) => unknown> = {
  number: Number,
  storage: (text) => (text ? { location: 'cloud_storage', cloud_storage_id: Number(text) } : { location: 'local' }),
}
const readValue = (control: Control) => (readers[control.dataset.kind ?? ''] ?? String)(control.value.trim())

export const startPatching = () => {
  document.addEventListener('change', (event) => {
    const control = event.target as Control
    if (!control.dataset?.patch || control.dataset.people !== undefined) return
    if (control.dataset.field === 'name' && !control.value.trim()) {
      control.value = saved.get(control) ?? initialOf(control)
      return
    }
    void patch(control, readValue(control))
  })
  document.addEventListener('keydown', (event) => {
    const control = event.target as Control
    if (!(control instanceof HTMLInputElement) || !control.dataset.patch || control.dataset.people !== undefined) return
    if (event.key === 'Enter') control.blur()
    if (event.key === 'Escape') {
      control.value = saved.get(control) ?? initialOf(control)
      control.blur()
    }
  })
  document.addEventListener('patched', (event) => {
    const { field, value, control } = (event as CustomEvent).detail
    if (field === 'state' || field === 'stage') refreshStatuses().catch(() => {})
    if (field === 'name' && control.closest('h1')) document.title = document.title.replace(/^.*(?= · )/s, () => value)
  })
}
