// What the dialogs of exports and imports share: the choice of a format, progress, and how their work is run.

import { callApi, describeProblem } from './api'
import { cancelButton, openDialog, problemLine } from './dialog'
import { element, field } from './element'
import { t } from './i18n/message'
import { checkTemplate } from './name-template'
import { showError } from './toast'

export type Subject = { kind: 'project' | 'task' | 'job'; id: number; name: string; dimension?: string | null; path: string }
export type Format = { name: string; ext: string; version: string; enabled: boolean; dimension: string }

/** Chosen until someone has chosen another. */
const usualFormats = ['CVAT for images 1.1', 'CVAT 1.1']
export const rememberedKey = (what: string) => `annolith.format.${what}`

const loadFormats = async (what: 'exporters' | 'importers', dimension: string | null | undefined): Promise<Format[]> => {
  const formats = (await callApi<Record<string, Format[]>>('GET', '/api/server/annotation/formats?own=true'))[what]!
  return formats.filter((format) => format.enabled && (!dimension || format.dimension.toLowerCase() === dimension))
}

export const formatChoice = async (what: 'exporters' | 'importers', testid: string, dimension: string | null | undefined) => {
  const formats = await loadFormats(what, dimension)
  const wanted = [localStorage.getItem(rememberedKey(what)), ...usualFormats]
  const chosen = wanted.find((name) => formats.some((format) => format.name === name))
  const select = element('select', { class: 'select', 'data-testid': testid, required: true })
  for (const { name } of formats) select.append(element('option', { value: name, selected: name === chosen }, name))
  return { select, formats }
}

export const progressPart = () => {
  const text = element('span', { class: 'text-[13px] text-muted', 'aria-live': 'polite' })
  const bar = element('progress', { max: 1, 'aria-label': t('Progress') })
  const part = element('div', { class: 'grid gap-2', hidden: true }, text, bar)
  const show = (message: string, value: number | null) => {
    part.hidden = false
    text.textContent = message
    if (value === null) bar.removeAttribute('value')
    else bar.value = value
  }
  return { part, show, hide: () => (part.hidden = true) }
}

/** Runs `work` while the dialog shows its progress. When the dialog is closed meanwhile, a toast tells the end. */
export const runInDialog = (
  dialog: HTMLDialogElement,
  submit: HTMLButtonElement,
  show: { problem: (text: string | null) => void; idle: () => void },
  work: () => Promise<void>,
) => {
  dialog.querySelector('form')!.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (submit.disabled) return
    submit.disabled = true
    show.problem(null)
    try {
      await work()
      dialog.close()
    } catch (problem) {
      show.idle()
      if (dialog.isConnected) show.problem(describeProblem(problem))
      else showError(describeProblem(problem))
    }
    submit.disabled = false
  })
}

export const download = (url: string) => {
  const { pathname, search } = new URL(url, location.href)
  const link = element('a', { href: pathname + search, download: '' })
  document.body.append(link)
  link.click()
  link.remove()
}

type Naming = { title: string; parts: HTMLElement[]; known: readonly string[]; submit: HTMLButtonElement }

/** A dialog about several files with a template of their names; one that cannot be filled is refused before anything starts. */
export const askForNames = ({ title, parts, known, submit }: Naming, start: (template: string) => unknown) => {
  const template = element('input', {
    class: 'input font-mono',
    maxlength: 200,
    placeholder: t('Named by the server'),
    spellcheck: 'false',
    autocomplete: 'off',
    'data-testid': 'export-name-template',
  })
  const problem = problemLine('export-error')
  const hint = t('Known are {names}', { names: known.map((name) => `{{${name}}}`).join(' ') })
  const dialog = openDialog({
    title,
    body: [...parts, field(t('Names of the files'), template, hint), problem.line],
    buttons: [cancelButton(), submit],
  })
  dialog.querySelector('form')!.addEventListener('submit', (event) => {
    const wrong = checkTemplate(template.value, known)
    if (!wrong) return void start(template.value.trim())
    event.preventDefault()
    problem.show(wrong)
  })
}
