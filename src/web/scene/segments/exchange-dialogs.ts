// Dialogs for files of labelled points and shapes in space: exports of the job, and imports into it.
import type { Editor } from '../../editor/editor'
import { t } from '../../editor/i18n/message'
import { call } from '../../editor/save/api'
import { followRequest } from '../../editor/save/datasets'
import { openDialog } from '../../editor/ui/dialog'
import { h } from '../../editor/ui/dom'
import type { CloudBook } from './cloud-book'
import { cloudFormatNames } from './format-names'

const makeFormats = (testId: string) =>
  h(
    'select',
    { class: 'ed-select', 'data-testid': testId, 'aria-label': t('Format') },
    ...cloudFormatNames.map((name) => h('option', { value: name, text: name })),
  )

const field = (words: string, element: HTMLElement) =>
  h('label', { class: 'ed-setting ed-wide-setting' }, h('span', { text: words }), element)

const isSaved = async (editor: Editor): Promise<boolean> => {
  await editor.save()
  if (editor.state.pending === 0) return true
  editor.explain('First save: the server does not have your changes yet', 'error')
  return false
}

export const openCloudExport = (editor: Editor): void => {
  const formats = makeFormats('cloud-export-format')
  const clouds = h('input', { type: 'checkbox', 'data-testid': 'cloud-export-clouds' })
  const run = async () => {
    if (!(await isSaved(editor))) return
    editor.explain('The file is being made…')
    try {
      const query = new URLSearchParams({ format: formats.value, save_clouds: String(clouds.checked) })
      const answer = await call(`/api/jobs/${editor.job.info.id}/cloud-shapes/export?${query}`, { method: 'POST' })
      const { result_url } = await followRequest(((await answer.json()) as { rq_id: string }).rq_id)
      const link = h('a', { href: result_url ?? '', download: '' })
      editor.screen.root.append(link)
      link.click()
      link.remove()
      editor.explain('The file is ready')
    } catch (error) {
      editor.explain(t('The export failed: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  openDialog(editor.screen.root, {
    testId: 'cloud-export-dialog',
    title: t('Export points and lines of this job'),
    body: [
      field(t('Format'), formats),
      h('label', { class: 'ed-check' }, clouds, h('span', { text: t('With the point clouds') })),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'cloud-export-submit', title: t('Export'), tone: 'accent', run: () => void run() },
    ],
  })
}

export const openCloudImport = (editor: Editor, book: CloudBook): void => {
  const formats = makeFormats('cloud-import-format')
  const file = h('input', { type: 'file', accept: '.zip', 'data-testid': 'cloud-import-file', 'aria-label': t('File') })
  const mode = h(
    'select',
    { class: 'ed-select', 'data-testid': 'cloud-import-mode', 'aria-label': t('What is there already') },
    h('option', { value: 'replace', text: t('Is replaced on the frames of the file') }),
    h('option', { value: 'append', text: t('Stays, the file lies on top') }),
  )
  const run = async () => {
    const chosen = file.files?.[0]
    if (!chosen || !(await isSaved(editor))) return
    editor.store.set({ working: editor.state.working + 1 })
    try {
      const form = new FormData()
      form.set('file', chosen, chosen.name)
      const query = new URLSearchParams({ format: formats.value, mode: mode.value })
      const path = `/api/jobs/${editor.job.info.id}/cloud-shapes/import?${query}`
      const answer = await call(path, { method: 'POST', body: form })
      await followRequest(((await answer.json()) as { rq_id: string }).rq_id)
      await book.reload()
      editor.explain('The file was imported')
    } catch (error) {
      editor.explain(t('The import failed: {reason}', { reason: (error as Error).message }), 'error')
    } finally {
      editor.store.set({ working: editor.state.working - 1 })
    }
  }
  openDialog(editor.screen.root, {
    testId: 'cloud-import-dialog',
    title: t('Import points and lines into this job'),
    body: [field(t('Format'), formats), field(t('File'), file), field(t('What is there already'), mode)],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      { testId: 'cloud-import-submit', title: t('Import'), tone: 'accent', run: () => void run() },
    ],
  })
}
