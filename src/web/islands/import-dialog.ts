// The import dialog: choose a file, look at what it holds, settle what does not fit, import.

import { callApi, describeProblem } from './api'
import { cancelButton, openDialog, problemLine } from './dialog'
import { element, field } from './element'
import { followRequest } from './follow-request'
import { t } from './i18n/message'
import { createReportPanel, type InspectionReport, type Known, type Settled } from './import-report'
import { refreshList } from './lists'
import { showInfo } from './toast'
import { formatChoice, progressPart, rememberedKey, runInDialog, type Subject } from './transfer-parts'
import { uploadByTus } from './upload'

const modes: [value: string, text: string][] = [
  ['replace', 'Replace what is there'],
  ['append', 'Add to what is there'],
]
const everyFormat = ''

/** Labels and frames that names of a dataset can be mapped to; a project has no frames yet. */
const loadKnown = async ({ kind, id, path }: Subject): Promise<Known | undefined> => {
  if (kind === 'project') return undefined
  const [labels, meta] = await Promise.all([
    callApi('GET', `/api/labels?${kind}_id=${id}&page_size=1000`),
    callApi('GET', `${path}/data/meta`),
  ])
  const names = (list: { name: string }[]) => list.map(({ name }) => name)
  // A video has one entry for all its frames; they are known by their numbers.
  return { labels: names(labels.results), frames: meta.frames.length === 1 && meta.size > 1 ? [] : names(meta.frames) }
}

const readReport = async (resultUrl: string): Promise<InspectionReport> => {
  const { pathname, search } = new URL(resultUrl, location.href)
  return callApi('GET', pathname + search)
}

export const openImport = async (subject: Subject, path: string) => {
  const { select, formats } = await formatChoice('importers', 'import-format', subject.dimension)
  select.prepend(element('option', { value: everyFormat }, t('Found from the file')))
  const file = element('input', { type: 'file', class: 'input h-auto py-1.5', required: true, 'data-testid': 'import-file' })
  const mode = element('select', { class: 'select', 'data-testid': 'import-mode' })
  for (const [value, text] of modes) mode.append(element('option', { value }, t(text)))
  const accept = () => {
    // A project takes the pictures too, which only an archive holds.
    const known = formats.find(({ name }) => name === select.value)?.ext ?? 'zip, json, xml'
    const ext = subject.kind === 'project' ? 'zip' : known
    file.accept = ext
      .split(',')
      .map((part) => `.${part.trim().toLowerCase()}`)
      .join(',')
  }
  const submit = element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'import-submit' }, t('Import'))
  const check = element('button', { type: 'button', class: 'btn', 'data-testid': 'import-check' }, t('Check'))
  const problem = problemLine('import-error')
  const progress = progressPart()
  const place = element('div', {})
  let uploaded: { chosen: File; name: string } | undefined
  let settle: (() => Settled) | undefined

  const forgetReport = () => {
    settle = undefined
    place.replaceChildren()
  }
  select.addEventListener('change', () => {
    required(select.value)
    accept()
    forgetReport()
  })
  const required = (format: string) => select.toggleAttribute('required', format !== everyFormat)
  file.addEventListener('change', forgetReport)
  required(select.value)
  accept()

  /** The server's name of the chosen file, which is uploaded once for a check and the import after it. */
  const upload = async () => {
    const chosen = file.files![0]!
    if (uploaded?.chosen === chosen) return uploaded.name
    progress.show(t('Uploading'), 0)
    const name = await uploadByTus(path, chosen, {
      onBytes: (bytes) => progress.show(t('Uploading'), bytes / Math.max(1, chosen.size)),
      onWait: (isWaiting) => isWaiting && progress.show(t('The connection is broken; the upload goes on when it is back.'), null),
    })
    uploaded = { chosen, name }
    return name
  }

  const inspect = async (): Promise<InspectionReport> => {
    const query = new URLSearchParams({ filename: await upload(), ...(select.value && { format: select.value }) })
    const body = settle?.() ?? {}
    const { rq_id } = await callApi('POST', `${subject.path}/dataset/inspect?${query}`, body, { 'upload-finish': '' })
    const request = await followRequest(rq_id, ({ message, progress: done }) =>
      progress.show(message || t('Looking through the file'), done),
    )
    const report = await readReport(request.result_url!)
    if (report.format) select.value = report.format
    return report
  }
  const show = async (report: InspectionReport) => {
    const { panel, read } = createReportPanel(report, await loadKnown(subject))
    place.replaceChildren(panel)
    settle = subject.kind === 'project' ? undefined : read
    progress.hide()
  }

  const hint = subject.kind === 'project' ? t('Pictures of the dataset become tasks of this project.') : undefined
  const dialog = openDialog({
    title: t('Import into “{name}”', { name: subject.name }),
    body: [
      field(t('Format'), select),
      field(t('File'), file, hint),
      subject.kind === 'project' ? null : field(t('Annotations'), mode),
      place,
      progress.part,
      problem.line,
    ],
    buttons: [cancelButton(), check, submit],
  })
  check.addEventListener('click', async () => {
    if (check.disabled || !dialog.querySelector('form')!.reportValidity()) return
    check.disabled = submit.disabled = true
    problem.show(null)
    try {
      const settled = settle
      settle = undefined
      const report = await inspect().finally(() => {
        settle = settled
      })
      await show(report)
    } catch (failure) {
      progress.hide()
      problem.show(describeProblem(failure))
    }
    check.disabled = submit.disabled = false
  })
  runInDialog(dialog, submit, { problem: problem.show, idle: progress.hide }, async () => {
    if (select.value === everyFormat) {
      const report = await inspect()
      if (!report.ready) {
        await show(report)
        throw new Error(t('Look at what the file holds, then import it.'))
      }
    }
    localStorage.setItem(rememberedKey('importers'), select.value)
    const filename = await upload()
    const query = new URLSearchParams({
      format: select.value,
      filename,
      ...(subject.kind !== 'project' && { import_mode: mode.value }),
    })
    uploaded = undefined
    const { rq_id } = await callApi('POST', `${path}?${query}`, settle?.() ?? {}, { 'upload-finish': '' })
    const request = await followRequest(rq_id, ({ message, progress: done }) => progress.show(message || t('Reading'), done))
    await refreshList()
    showInfo(request.message || t('Imported into “{name}”.', { name: subject.name }))
  })
}
