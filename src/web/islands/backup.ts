// Backups of tasks and projects: made to a file or a cloud storage, and restored from there.

import { callApi, describeProblem } from './api'
import { cancelButton, openDialog, problemLine } from './dialog'
import { element, field } from './element'
import { followRequest } from './follow-request'
import { t } from './i18n/message'
import { refreshList } from './lists'
import { showError, showInfo } from './toast'
import { askForNames, download, progressPart, runInDialog, type Subject } from './transfer-parts'
import { uploadByTus } from './upload'

type Kind = 'project' | 'task'
type CloudStorage = { id: number; display_name: string }

/** Where a backup goes or comes from: this computer, or one of the connected storages. */
const placeChoice = async (testid: string) => {
  const { results } = await callApi<{ results: CloudStorage[] }>('GET', '/api/cloudstorages?page_size=100')
  const select = element(
    'select',
    { class: 'select', 'data-testid': testid },
    element('option', { value: '' }, t('This computer')),
  )
  for (const { id, display_name } of results) select.append(element('option', { value: String(id) }, display_name))
  const readQuery = () =>
    select.value
      ? { location: 'cloud_storage', cloud_storage_id: select.value }
      : ({ location: 'local' } as Record<string, string>)
  return { select, readQuery, hasClouds: results.length > 0 }
}

const openBackup = async (subject: Subject) => {
  const place = await placeChoice('export-location')
  const name = element('input', {
    class: 'input',
    dir: 'auto',
    maxlength: 200,
    placeholder: t('Named by the server'),
    'data-testid': 'export-name',
  })
  const light = element('input', { type: 'checkbox', class: 'check', checked: true, 'data-testid': 'backup-lightweight' })
  const lightLabel = element(
    'label',
    { class: 'flex items-center gap-2' },
    light,
    t('Leave out pictures that lie in a cloud storage'),
  )
  const submit = element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'backup-submit' }, t('Back up'))
  const problem = problemLine('export-error')
  const progress = progressPart()
  const dialog = openDialog({
    title: t('Back up {kind} “{name}”', { kind: t(subject.kind), name: subject.name }),
    body: [
      place.hasClouds ? field(t('To'), place.select) : null,
      field(t('File name'), name),
      place.hasClouds ? lightLabel : null,
      progress.part,
      problem.line,
    ],
    buttons: [cancelButton(), submit],
  })
  runInDialog(dialog, submit, { problem: problem.show, idle: progress.hide }, async () => {
    const query = new URLSearchParams({ ...place.readQuery(), lightweight: String(light.checked) })
    if (name.value.trim()) query.set('filename', name.value.trim())
    progress.show(t('Starting'), null)
    const { rq_id } = await callApi('POST', `${subject.path}/backup/export?${query}`)
    const request = await followRequest(rq_id, ({ status, message, progress: done }) =>
      progress.show(message || (status === 'queued' ? t('Waits for its turn') : t('Writing')), status === 'queued' ? null : done),
    )
    if (request.result_url) download(request.result_url)
    showInfo(t('“{name}” is backed up.', { name: subject.name }), { href: '/requests', label: t('Requests') })
  })
}

/** Asks where backups of several things go and how they are called. */
export const chooseBackup = async (
  title: string,
  known: readonly string[],
  start: (query: URLSearchParams, template: string) => Promise<void>,
) => {
  const place = await placeChoice('export-location')
  const submit = element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'backup-submit' }, t('Back up'))
  const parts = place.hasClouds ? [field(t('To'), place.select)] : []
  askForNames({ title, parts, known, submit }, (template) => start(new URLSearchParams(place.readQuery()), template))
}

const openRestore = async (kind: Kind) => {
  const place = await placeChoice('import-location')
  const file = element('input', {
    type: 'file',
    class: 'input h-auto py-1.5',
    accept: '.zip',
    required: true,
    'data-testid': 'import-file',
  })
  const name = element('input', { class: 'input', dir: 'auto', maxlength: 1024, 'data-testid': 'import-name' })
  const fromHere = field(t('File'), file)
  const fromCloud = field(t('Name of the file there'), name)
  const showPlace = () => {
    const isCloud = place.select.value !== ''
    fromHere.hidden = isCloud
    fromCloud.hidden = !isCloud
    file.required = !isCloud
    name.required = isCloud
  }
  place.select.addEventListener('change', showPlace)
  showPlace()
  const submit = element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'backup-submit' }, t('Restore'))
  const problem = problemLine('import-error')
  const progress = progressPart()
  const dialog = openDialog({
    title: t('Restore a {kind} from its backup', { kind: t(kind) }),
    body: [place.hasClouds ? field(t('From'), place.select) : null, fromHere, fromCloud, progress.part, problem.line],
    buttons: [cancelButton(), submit],
  })
  const path = `/api/${kind}s/backup/`
  const upload = async (chosen: File): Promise<string> => {
    progress.show(t('Uploading'), 0)
    await callApi('POST', path, undefined, { 'upload-start': '' })
    const uploaded = await uploadByTus(path, chosen, {
      onBytes: (bytes) => progress.show(t('Uploading'), bytes / Math.max(1, chosen.size)),
      onWait: (isWaiting) => isWaiting && progress.show(t('The connection is broken; the upload goes on when it is back.'), null),
    })
    const query = new URLSearchParams({ filename: uploaded })
    return (await callApi('POST', `${path}?${query}`, undefined, { 'upload-finish': '' })).rq_id
  }
  const startFromCloud = async (): Promise<string> => {
    const query = new URLSearchParams({ ...place.readQuery(), filename: name.value.trim() })
    return (await callApi('POST', `${path}?${query}`)).rq_id
  }
  runInDialog(dialog, submit, { problem: problem.show, idle: progress.hide }, async () => {
    const id = place.select.value ? await startFromCloud() : await upload(file.files![0]!)
    const request = await followRequest(id, ({ message, progress: done }) => progress.show(message || t('Restoring'), done))
    const href = `/${kind}s/${request.result_id}`
    // A list that was empty has no place for rows.
    if (!document.querySelector('[data-testid="list-filter"]')) return location.assign(href)
    await refreshList()
    showInfo(t('The {kind} is restored.', { kind: t(kind) }), { href, label: t('Open') })
  })
}

export const startBackups = () =>
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-backup], [data-restore]')
    if (!button) return
    const { backup, restore } = button.dataset
    const opened = backup ? openBackup(JSON.parse(backup)) : openRestore(restore as Kind)
    opened.catch((problem) => showError(describeProblem(problem)))
  })
