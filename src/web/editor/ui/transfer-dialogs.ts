// Export of the job to a file, and import of annotations from one.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { mergeSaved } from '../live/merge-saved'
import { exportJob, type Format, importIntoJob, listFormats } from '../save/datasets'
import { openDialog } from './dialog'
import { h } from './dom'

const lastKey = 'annolith-export-format'

const makeSelect = (testId: string, formats: readonly Format[]): HTMLSelectElement => {
  const select = h(
    'select',
    { class: 'ed-select', 'data-testid': testId, 'aria-label': t('Format') },
    ...formats.map((one) => h('option', { value: one.name, text: one.name })),
  )
  try {
    const last = localStorage.getItem(lastKey)
    if (formats.some((one) => one.name === last)) select.value = last!
  } catch {}
  return select
}

const isSaved = async (editor: Editor): Promise<boolean> => {
  await editor.save()
  if (editor.state.pending === 0) return true
  editor.explain('First save: the server does not have your changes yet', 'error')
  return false
}

const formatsOf = async (editor: Editor) => {
  try {
    return await listFormats()
  } catch (error) {
    editor.explain(t('The formats could not be read: {reason}', { reason: (error as Error).message }), 'error')
    return null
  }
}

export const openExport = async (editor: Editor): Promise<void> => {
  const formats = await formatsOf(editor)
  if (!formats) return
  const select = makeSelect('export-format', formats.exporters)
  const images = h('input', { type: 'checkbox', 'data-testid': 'export-images' })
  const run = async () => {
    try {
      localStorage.setItem(lastKey, select.value)
    } catch {}
    if (!(await isSaved(editor))) return
    editor.explain('The file is being made…')
    try {
      const url = await exportJob(editor.job.info.id, select.value, images.checked)
      const link = h('a', { href: url, download: '' })
      editor.screen.root.append(link)
      link.click()
      link.remove()
      editor.explain('The file is ready')
    } catch (error) {
      editor.explain(t('The export failed: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  openDialog(editor.screen.root, {
    testId: 'export-dialog',
    title: t('Export this job'),
    body: [
      h('label', { class: 'ed-setting ed-wide-setting' }, h('span', { text: t('Format') }), select),
      h('label', { class: 'ed-check' }, images, h('span', { text: t('With pictures') })),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'export-submit', title: t('Export'), tone: 'accent', run: () => void run() },
    ],
  })
}

export const openImport = async (editor: Editor): Promise<void> => {
  const formats = await formatsOf(editor)
  if (!formats) return
  const select = makeSelect('import-format', formats.importers)
  const file = h('input', { type: 'file', 'data-testid': 'import-file', 'aria-label': t('File') })
  const run = async () => {
    const chosen = file.files?.[0]
    if (!chosen || !(await isSaved(editor))) return
    editor.explain('The file is being read…')
    try {
      await importIntoJob(editor.job.info.id, select.value, chosen)
      await mergeSaved(editor)
      editor.explain('The annotations of the file are here')
    } catch (error) {
      editor.explain(t('The import failed: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  openDialog(editor.screen.root, {
    testId: 'import-dialog',
    title: t('Import annotations'),
    body: [
      h('p', { text: t('The annotations of the file take the place of those of this job. Saved versions bring them back.') }),
      h('label', { class: 'ed-setting ed-wide-setting' }, h('span', { text: t('Format') }), select),
      h('label', { class: 'ed-setting ed-wide-setting' }, h('span', { text: t('File') }), file),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'import-submit', title: t('Import'), tone: 'accent', run: () => void run() },
    ],
  })
}
