// When a session ends while somebody fills in a form, what was typed waits in the tab and is there again after signing in.
import { t } from './i18n/message'
import { showInfo } from './toast'

type Draft = {
  /** Path and query of the page. */
  page: string
  /** By the form's place in the page. */
  forms: [name: string, value: string | boolean][][]
  /** Labels of the editor in the page, which is no field. */
  labels?: unknown
  /** Signing in has been asked for. */
  isInterrupted: boolean
}

const key = 'annolith.draft'
const isSignIn = () => location.pathname.startsWith('/auth/')
const here = () => location.pathname + location.search

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement
const isControl = (part: Element): part is Control =>
  part instanceof HTMLInputElement || part instanceof HTMLSelectElement || part instanceof HTMLTextAreaElement
/** Passwords and files are not kept; tokens of forms are of the old session. */
const isKept = (control: Control) => control.name !== '' && !['password', 'file', 'hidden', 'submit'].includes(control.type)
const isBox = (control: Control): control is HTMLInputElement => control.type === 'checkbox' || control.type === 'radio'

const controlsOf = (form: HTMLFormElement) => [...form.elements].filter(isControl).filter(isKept)
const formsOf = () => [...document.querySelectorAll<HTMLFormElement>('main form:not([method="dialog"])')]

let labels: unknown

const readDraft = (isInterrupted: boolean): Draft => ({
  page: here(),
  isInterrupted,
  ...(labels !== undefined && { labels }),
  forms: formsOf().map((form) =>
    controlsOf(form).map((control): [string, string | boolean] => [
      control.name,
      isBox(control) ? control.checked : control.value,
    ]),
  ),
})

const keep = (draft: Draft) => sessionStorage.setItem(key, JSON.stringify(draft))

const take = (): Draft | null => {
  const text = sessionStorage.getItem(key)
  if (!text) return null
  const draft = JSON.parse(text) as Draft
  if (isSignIn()) {
    keep({ ...draft, isInterrupted: true })
    return null
  }
  sessionStorage.removeItem(key)
  return draft.isInterrupted && draft.page === here() ? draft : null
}

const putBack = ({ forms, labels: kept }: Draft) => {
  for (const [i, form] of formsOf().entries())
    for (const [n, control] of controlsOf(form).entries()) {
      const [name, value] = forms[i]?.[n] ?? []
      if (name !== control.name || value === undefined) continue
      if (isBox(control)) control.checked = value === true
      else control.value = String(value)
      for (const type of ['input', 'change']) control.dispatchEvent(new Event(type, { bubbles: true }))
    }
  const editor = document.querySelector('main form [x-data="labelsEditor"]')
  if (kept !== undefined) editor?.dispatchEvent(new CustomEvent('labels-restored', { detail: kept, bubbles: false }))
  showInfo(t('You are signed in again; what you had typed is back.'))
}

/** Leads to signing in and back to this page. */
const leave = () => {
  if (isSignIn()) return
  keep(readDraft(true))
  location.assign(`/auth/login?next=${encodeURIComponent(here())}`)
}

/** Called once the islands of the page live, so that they hear of what is put back. */
export const startDrafts = () => {
  document.addEventListener('labels-changed', (event) => {
    labels = (event as CustomEvent).detail
  })
  document.addEventListener('session-ended', leave)
  // A plain form whose session has ended is answered by the page of signing in.
  document.addEventListener('submit', (event) => {
    if (!isSignIn() && !event.defaultPrevented && (event.target as HTMLFormElement).method === 'post') keep(readDraft(false))
  })
  const draft = take()
  if (draft) putBack(draft)
}
