// What the server says about fields of a form, shown beside them.
import { ApiFailure } from './api'
import { element } from './element'

const findControl = (form: HTMLFormElement, name: string): HTMLElement | null => {
  const found = form.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]:not([type="hidden"])`)
  return found?.offsetParent ? found : null
}

export const clearFieldProblems = (form: HTMLFormElement) => {
  for (const line of form.querySelectorAll('[data-field-problem]')) line.remove()
  for (const control of form.querySelectorAll('[aria-invalid="true"]')) control.removeAttribute('aria-invalid')
}

/** Writes each problem under the field that it names, and puts the keys into the first of them. */
export const showFieldProblems = (form: HTMLFormElement, problem: unknown) => {
  clearFieldProblems(form)
  if (!(problem instanceof ApiFailure)) return
  const named = Object.entries(problem.fields).flatMap(([name, text]) => {
    const control = findControl(form, name)
    return control ? [{ control, text }] : []
  })
  for (const { control, text } of named) {
    control.setAttribute('aria-invalid', 'true')
    const line = element(
      'span',
      { class: 'text-[12px] text-danger whitespace-pre-line', role: 'alert', dir: 'auto', 'data-field-problem': true },
      text,
    )
    control.after(line)
    control.addEventListener('input', () => clearOne(control, line), { once: true })
  }
  named[0]?.control.focus()
}

const clearOne = (control: HTMLElement, line: HTMLElement) => {
  control.removeAttribute('aria-invalid')
  line.remove()
}
