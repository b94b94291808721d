// Small forms: those with data-form send JSON and show the answer beside their button; new project and new token.

import { callApi, describeProblem } from './api'
import { clearFieldProblems, showFieldProblems } from './field-problems'
import { t } from './i18n/message'
import { readStorages } from './storage-choice'
import { showInfo } from './toast'

/** What a form of the API holds: the fields of plain forms are left out. */
const readForm = (form: HTMLFormElement) => {
  const { csrf: _csrf, once: _once, ...fields } = Object.fromEntries(new FormData(form))
  return fields
}

const sendForm = async (form: HTMLFormElement) => {
  const message = form.querySelector<HTMLElement>('[data-form-message]')!
  const button = form.querySelector<HTMLButtonElement>('[type="submit"]')!
  const say = (text: string, isGood: boolean) => {
    message.textContent = text
    message.classList.toggle('text-danger', !isGood)
    message.classList.toggle('text-success', isGood)
  }
  button.disabled = true
  clearFieldProblems(form)
  try {
    await callApi(form.dataset.form!, form.dataset.api ?? form.getAttribute('action')!, readForm(form))
    say(form.dataset.done ?? t('Saved.'), true)
    if (form.dataset.next) setTimeout(() => location.assign(form.dataset.next!), 1200)
  } catch (problem) {
    say(describeProblem(problem), false)
    showFieldProblems(form, problem)
  } finally {
    button.disabled = false
  }
}

export const startForms = () => {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.dataset.form === undefined) return
    event.preventDefault()
    void sendForm(form)
  })
  document.addEventListener('click', async (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-cancel-request]')
    if (!button) return
    await callApi('POST', `/api/requests/${encodeURIComponent(button.dataset.cancelRequest!)}/cancel`).catch((problem) =>
      showInfo(describeProblem(problem)),
    )
    location.reload()
  })
}

export const createProject = () => ({
  hasScripts: true,
  labels: [] as unknown[],
  busy: false,
  problem: '',
  root: undefined as unknown as HTMLFormElement,
  $el: undefined as unknown as HTMLFormElement,

  init() {
    this.root = this.$el
  },
  takeLabels(event: CustomEvent<unknown[]>) {
    this.labels = event.detail
  },
  async submit(event: SubmitEvent) {
    event.preventDefault()
    if (this.busy) return
    this.busy = true
    this.problem = ''
    clearFieldProblems(this.root)
    const goesOn = (event.submitter as HTMLButtonElement | null)?.value === 'continue'
    const form = new FormData(this.root)
    try {
      const tracker = String(form.get('bug_tracker') ?? '').trim()
      const body = {
        name: String(form.get('name')).trim(),
        labels: this.labels,
        ...(tracker && { bug_tracker: tracker }),
        ...readStorages(form),
      }
      const project = await callApi('POST', '/api/projects', body)
      if (!goesOn) return void location.assign(`/projects/${project.id}`)
      showInfo(t('Project “{name}” is made.', { name: project.name }), { href: `/projects/${project.id}`, label: t('Open') })
      this.root.querySelector<HTMLInputElement>('[name="name"]')!.value = ''
      this.root.querySelector<HTMLInputElement>('[name="name"]')!.focus()
    } catch (problem) {
      this.problem = describeProblem(problem)
      showFieldProblems(this.root, problem)
    } finally {
      this.busy = false
    }
  },
})

export const createToken = () => ({
  value: '',
  busy: false,
  problem: '',
  root: undefined as unknown as HTMLFormElement,
  $el: undefined as unknown as HTMLFormElement,

  init() {
    this.root = this.$el
  },
  async submit(event: SubmitEvent) {
    event.preventDefault()
    if (this.busy) return
    this.busy = true
    this.problem = ''
    clearFieldProblems(this.root)
    const form = new FormData(this.root)
    const day = String(form.get('expiry_date') ?? '')
    try {
      const token = await callApi('POST', '/api/auth/access_tokens', {
        name: form.get('name'),
        read_only: form.has('read_only'),
        ...(day && { expiry_date: new Date(`${day}T23:59:59Z`).toISOString() }),
      })
      this.value = token.value
      this.root.reset()
      await refreshTokens()
    } catch (problem) {
      this.problem = describeProblem(problem)
      showFieldProblems(this.root, problem)
    } finally {
      this.busy = false
    }
  },
})

/** Reads the list of tokens anew without touching the value that is shown once. */
const refreshTokens = async () => {
  const text = await (await fetch('/profile')).text()
  const fresh = new DOMParser().parseFromString(text, 'text/html').getElementById('token-list')
  if (fresh) document.getElementById('token-list')?.replaceWith(fresh)
}
