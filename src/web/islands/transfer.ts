// Export and import dialogs: choose a format, start the request, follow it, download or say how it ended.
import { callApi, describeProblem } from './api'
import { cancelButton, openDialog, problemLine } from './dialog'
import { element, field } from './element'
import { followRequest } from './follow-request'
import { refreshList } from './lists'
import { showError, showInfo } from './toast'
import { uploadByTus } from './upload'

export type Subject = { kind: 'project' | 'task' | 'job'; id: number; name: string; dimension?: string | null; path: string }
type Format = { name: string; ext: string; version: string; enabled: boolean; dimension: string }

/** Chosen until someone has chosen another. */
const usualFormats = ['CVAT for images 1.1', 'CVAT 1.1']
const rememberedKey = (what: string) => `annolith.format.${what}`

const loadFormats = async (what: 'exporters' | 'importers', dimension: string | null | undefined): Promise<Format[]> => {
  const formats = (await callApi<Record<string, Format[]>>('GET', '/api/server/annotation/formats'))[what]!
  return formats.filter((format) => format.enabled && (!dimension || format.dimension.toLowerCase() === dimension))
}

const formatChoice = async (what: 'exporters' | 'importers', testid: string, dimension: string | null | undefined) => {
  const formats = await loadFormats(what, dimension)
  const wanted = [localStorage.getItem(rememberedKey(what)), ...usualFormats]
  const chosen = wanted.find((name) => formats.some((format) => format.name === name))
  const select = element('select', { class: 'select', 'data-testid': testid, required: true })
  for (const { name } of formats) select.append(element('option', { value: name, selected: name === chosen }, name))
  return { select, formats }
}

export const progressPart = () => {
  const text = element('span', { class: 'text-[13px] text-muted', 'aria-live': 'polite' })
  const bar = element('progress', { max: 1, 'aria-label': 'Progress' })
  const part = element('div', { class: 'grid gap-2', hidden: true }, text, bar)
  const show = (message: string, value: number | null) => {
    part.hidden = false
    text.textContent = message
    if (value === null) bar.removeAttribute('value')
    else bar.value = value
  }
  return { part, show, hide: () => (part.hidden = true) }
}

export const download = (url: string) => {
  const { pathname, search } = new URL(url, location.href)
  const link = element('a', { href: pathname + search, download: '' })
  document.body.append(link)
  link.click()
  link.remove()
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

/** What every export asks: the format, and whether the pictures come along. */
const exportFields = async (dimension?: string | null) => {
  const { select } = await formatChoice('exporters', 'export-format', dimension)
  const images = element('input', { type: 'checkbox', class: 'check', 'data-testid': 'export-images' })
  const readQuery = () => {
    localStorage.setItem(rememberedKey('exporters'), select.value)
    return new URLSearchParams({ format: select.value, save_images: String(images.checked), location: 'local' })
  }
  const imagesLabel = element('label', { class: 'flex items-center gap-2' }, images, 'Save images too')
  return { parts: [field('Format', select), imagesLabel], readQuery }
}

const exportButton = () =>
  element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'export-submit' }, 'Export')

/** Asks for the format of an export of several things, and hands on the query of their addresses. */
export const chooseExport = async (title: string, start: (query: URLSearchParams) => Promise<void>) => {
  const { parts, readQuery } = await exportFields()
  const dialog = openDialog({ title, body: parts, buttons: [cancelButton(), exportButton()] })
  dialog.querySelector('form')!.addEventListener('submit', () => void start(readQuery()))
}

const openExport = async (subject: Subject) => {
  const { parts, readQuery } = await exportFields(subject.dimension)
  const name = element('input', {
    class: 'input',
    dir: 'auto',
    maxlength: 200,
    placeholder: 'Named by the server',
    'data-testid': 'export-name',
  })
  const submit = exportButton()
  const problem = problemLine('export-error')
  const progress = progressPart()
  const dialog = openDialog({
    title: `Export ${subject.kind === 'project' ? 'project' : 'annotations of'} “${subject.name}”`,
    body: [...parts, field('File name', name), progress.part, problem.line],
    buttons: [cancelButton(), submit],
  })
  runInDialog(dialog, submit, { problem: problem.show, idle: progress.hide }, async () => {
    const query = readQuery()
    if (name.value.trim()) query.set('filename', name.value.trim())
    progress.show('Starting', null)
    const { rq_id } = await callApi('POST', `${subject.path}/dataset/export?${query}`)
    const request = await followRequest(rq_id, ({ status, message, progress: done }) =>
      progress.show(message || (status === 'queued' ? 'Waits for its turn' : 'Writing'), status === 'queued' ? null : done),
    )
    if (request.result_url) download(request.result_url)
    showInfo(`“${subject.name}” is exported.`, { href: '/requests', label: 'Requests' })
  })
}

const modes: [value: string, text: string][] = [
  ['replace', 'Replace what is there'],
  ['append', 'Add to what is there'],
]

const openImport = async (subject: Subject, path: string) => {
  const { select, formats } = await formatChoice('importers', 'import-format', subject.dimension)
  const file = element('input', { type: 'file', class: 'input h-auto py-1.5', required: true, 'data-testid': 'import-file' })
  const mode = element('select', { class: 'select', 'data-testid': 'import-mode' })
  for (const [value, text] of modes) mode.append(element('option', { value }, text))
  const accept = () => {
    // A project takes the pictures too, which only an archive holds.
    const ext = subject.kind === 'project' ? 'zip' : (formats.find(({ name }) => name === select.value)?.ext ?? '')
    file.accept = ext
      .split(',')
      .map((part) => `.${part.trim().toLowerCase()}`)
      .join(',')
  }
  select.addEventListener('change', accept)
  accept()
  const submit = element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'import-submit' }, 'Import')
  const problem = problemLine('import-error')
  const progress = progressPart()
  const hint = subject.kind === 'project' ? 'Pictures of the dataset become tasks of this project.' : undefined
  const dialog = openDialog({
    title: `Import into “${subject.name}”`,
    body: [
      field('Format', select),
      field('File', file, hint),
      subject.kind === 'project' ? null : field('Annotations', mode),
      progress.part,
      problem.line,
    ],
    buttons: [cancelButton(), submit],
  })
  runInDialog(dialog, submit, { problem: problem.show, idle: progress.hide }, async () => {
    const chosen = file.files![0]!
    localStorage.setItem(rememberedKey('importers'), select.value)
    const query = (filename: string) =>
      new URLSearchParams({ format: select.value, filename, ...(subject.kind !== 'project' && { import_mode: mode.value }) })
    progress.show('Uploading', 0)
    await callApi('POST', `${path}?${query(chosen.name)}`, undefined, { 'upload-start': '' })
    const name = await uploadByTus(path, chosen, {
      onBytes: (bytes) => progress.show('Uploading', bytes / Math.max(1, chosen.size)),
      onWait: (isWaiting) => isWaiting && progress.show('The connection is broken; the upload goes on when it is back.', null),
    })
    const { rq_id } = await callApi('POST', `${path}?${query(name)}`, undefined, { 'upload-finish': '' })
    const request = await followRequest(rq_id, ({ message, progress: done }) => progress.show(message || 'Reading', done))
    await refreshList()
    showInfo(request.message || `Imported into “${subject.name}”.`)
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
