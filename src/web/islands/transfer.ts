// The export dialog, and the buttons that open it and the import dialog.

import { callApi, describeProblem } from './api'
import { cancelButton, openDialog, problemLine } from './dialog'
import { element, field } from './element'
import { followRequest } from './follow-request'
import { t } from './i18n/message'
import { openImport } from './import-dialog'
import { showError, showInfo } from './toast'
import { askForNames, download, formatChoice, progressPart, rememberedKey, runInDialog, type Subject } from './transfer-parts'

/** What every export asks: the format, and whether the pictures come along. */
const exportFields = async (dimension?: string | null) => {
  const { select } = await formatChoice('exporters', 'export-format', dimension)
  const images = element('input', { type: 'checkbox', class: 'check', 'data-testid': 'export-images' })
  const readQuery = () => {
    localStorage.setItem(rememberedKey('exporters'), select.value)
    return new URLSearchParams({ format: select.value, save_images: String(images.checked), location: 'local' })
  }
  const imagesLabel = element('label', { class: 'flex items-center gap-2' }, images, t('Save images too'))
  return { parts: [field(t('Format'), select), imagesLabel], readQuery }
}

const exportButton = () =>
  element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'export-submit' }, t('Export'))

/** Asks for the format and the names of an export of several things, and hands on the query of their addresses. */
export const chooseExport = async (
  title: string,
  known: readonly string[],
  start: (query: URLSearchParams, template: string) => Promise<void>,
) => {
  const { parts, readQuery } = await exportFields()
  askForNames({ title, parts, known, submit: exportButton() }, (template) => start(readQuery(), template))
}

const openExport = async (subject: Subject) => {
  const { parts, readQuery } = await exportFields(subject.dimension)
  const name = element('input', {
    class: 'input',
    dir: 'auto',
    maxlength: 200,
    placeholder: t('Named by the server'),
    'data-testid': 'export-name',
  })
  const submit = exportButton()
  const problem = problemLine('export-error')
  const progress = progressPart()
  const dialog = openDialog({
    title: t(subject.kind === 'project' ? 'Export project “{name}”' : 'Export annotations of “{name}”', { name: subject.name }),
    body: [...parts, field(t('File name'), name), progress.part, problem.line],
    buttons: [cancelButton(), submit],
  })
  runInDialog(dialog, submit, { problem: problem.show, idle: progress.hide }, async () => {
    const query = readQuery()
    if (name.value.trim()) query.set('filename', name.value.trim())
    progress.show(t('Starting'), null)
    const { rq_id } = await callApi('POST', `${subject.path}/dataset/export?${query}`)
    const request = await followRequest(rq_id, ({ status, message, progress: done }) =>
      progress.show(message || (status === 'queued' ? t('Waits for its turn') : t('Writing')), status === 'queued' ? null : done),
    )
    if (request.result_url) download(request.result_url)
    showInfo(t('“{name}” is exported.', { name: subject.name }), { href: '/requests', label: t('Requests') })
  })
}

export const startTransfers = () =>
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-export], [data-import]')
    if (!button) return
    const { export: toExport, import: toImport, importPath } = button.dataset
    const opened = toExport ? openExport(JSON.parse(toExport)) : openImport(JSON.parse(toImport!), importPath!)
    opened.catch((problem) => showError(describeProblem(problem)))
  })
