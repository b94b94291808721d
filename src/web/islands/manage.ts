// Small behaviours of the management pages: states of storages, export of events, the sample project, the dialog about the server.

import { callApi, describeProblem, ownHeaders } from './api'
import { openDialog } from './dialog'
import { element } from './element'
import { followRequest } from './follow-request'
import { t } from './i18n/message'
import { showError, showInfo } from './toast'

const stateTones: Record<string, string> = { AVAILABLE: 'success', FORBIDDEN: 'warning', NOT_FOUND: 'danger' }
const stateWords: Record<string, string> = { AVAILABLE: 'available', FORBIDDEN: 'forbidden', NOT_FOUND: 'not found' }

/** Asks for the states one after the other: each is a request to somebody else's server. */
const showStates = async () => {
  for (const badge of document.querySelectorAll<HTMLElement>('[data-storage-status]')) {
    if (badge.dataset.status) continue
    const status = await callApi<string>('GET', badge.dataset.storageStatus!).catch(() => 'ERROR')
    Object.assign(badge.dataset, { status, tone: stateTones[status] ?? 'danger' })
    badge.textContent = t(stateWords[status] ?? 'error')
  }
}

const exportEvents = async () => {
  try {
    const from = new Date(Date.now() - 30 * 86_400_000).toISOString()
    await callApi('POST', `/api/events/export?from=${encodeURIComponent(from)}`)
    showInfo(t('The events of the last 30 days are being collected.'), { href: '/requests', label: t('Requests') })
  } catch (problem) {
    showError(describeProblem(problem))
  }
}

type Sample = {
  project: string
  task: string
  labels: { name: string }[]
  pictures: Record<string, { label: string; type: string; points: number[]; attributes?: Record<string, string> }[]>
}

/** Makes the sample project by the API, with the pictures that come with the server; answers its number. */
const makeSample = async (say: (text: string) => void): Promise<number> => {
  const sample: Sample = await callApi('GET', '/assets/demo/sample.json')
  const names = Object.keys(sample.pictures).sort()
  say(t('Making the project…'))
  const project = await callApi('POST', '/api/projects', { name: sample.project, labels: sample.labels })
  const task = await callApi('POST', '/api/tasks', { name: sample.task, project_id: project.id })
  const form = new FormData()
  form.set('image_quality', '75')
  for (const [i, name] of names.entries())
    form.set(`client_files[${i}]`, await (await fetch(`/assets/demo/${name}`)).blob(), name)
  say(t('Sending the pictures…'))
  const answer = await fetch(`/api/tasks/${task.id}/data`, { method: 'POST', headers: ownHeaders(), body: form })
  if (!answer.ok) throw new Error(t('The server answered {status}.', { status: answer.status }))
  await followRequest((await answer.json()).rq_id)
  say(t('Drawing the shapes…'))
  const { results } = await callApi('GET', `/api/labels?project_id=${project.id}&page_size=100`)
  const idOf = (name: string) => results.find((label: any) => label.name === name)
  const shapes = names.flatMap((name, frame) =>
    sample.pictures[name]!.map(({ label, type, points, attributes = {} }) => ({
      type,
      points,
      frame,
      label_id: idOf(label).id,
      group: 0,
      source: 'manual',
      occluded: false,
      outside: false,
      z_order: 0,
      rotation: 0,
      attributes: Object.entries(attributes).map(([key, value]) => ({
        spec_id: idOf(label).attributes.find((one: any) => one.name === key).id,
        value,
      })),
    })),
  )
  await callApi('PUT', `/api/tasks/${task.id}/annotations`, { version: 0, tags: [], tracks: [], shapes })
  return project.id
}

const addSample = async (button: HTMLButtonElement) => {
  if (button.getAttribute('aria-disabled') === 'true') return
  button.setAttribute('aria-disabled', 'true')
  const state = document.querySelector<HTMLElement>('[data-sample-state]')!
  try {
    const id = await makeSample((text) => {
      state.textContent = text
    })
    location.assign(`/projects/${id}`)
  } catch (problem) {
    state.textContent = ''
    button.removeAttribute('aria-disabled')
    showError(describeProblem(problem))
  }
}

/** The page about the server as a dialog; without it the link leads there. */
const showAbout = async () => {
  const page = new DOMParser().parseFromString(await (await fetch('/about')).text(), 'text/html')
  const about = page.getElementById('about')
  if (!about) return void location.assign('/about')
  const close = element('button', { type: 'submit', class: 'btn', 'data-testid': 'dialog-cancel' }, t('Close'))
  openDialog({ title: page.querySelector('h1')?.textContent ?? t('About'), body: [about], buttons: [close] })
}

export const startManagement = () => {
  void showStates()
  document.addEventListener('htmx:after:swap', () => void showStates())
  for (const button of document.querySelectorAll<HTMLElement>('[data-sample]')) button.hidden = false
  document.addEventListener('click', (event) => {
    const at = event.target as Element
    if (at.closest('[data-export-events]')) void exportEvents()
    const sample = at.closest<HTMLButtonElement>('[data-sample]')
    if (sample) void addSample(sample)
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey)
    if (at.closest('a[data-about]') && isPlain && event.button === 0) {
      event.preventDefault()
      showAbout().catch(() => location.assign('/about'))
    }
  })
  document.addEventListener('change', (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>('form[data-submit-on-change]')
    form?.requestSubmit()
  })
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.dataset.settings === undefined) return
    localStorage.setItem('annolith.theme', String(new FormData(form).get('theme')))
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'F2' || document.querySelector('dialog[open]')) return
    event.preventDefault()
    location.assign('/settings')
  })
}
