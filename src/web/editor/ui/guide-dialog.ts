// The guide of the task or project, shown once by itself and again by its button.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { call } from '../save/api'
import { openDialog } from './dialog'
import { h } from './dom'
import { renderMarkdown } from './markdown'

const seenKey = (id: number): string => `annolith-guide-seen:${id}`

const readSeen = (id: number): string | null => {
  try {
    return localStorage.getItem(seenKey(id))
  } catch {
    return null
  }
}

const markSeen = (id: number, version: string): void => {
  try {
    localStorage.setItem(seenKey(id), version)
  } catch {}
}

type Guide = { id: number; markdown: string; updated_date: string }

const readGuide = async (editor: Editor): Promise<Guide | null> => {
  const id = editor.job.info.guide_id
  if (typeof id !== 'number') return null
  return (await (await call(`/api/guides/${id}`)).json()) as Guide
}

const show = (editor: Editor, guide: Guide): void => {
  markSeen(guide.id, guide.updated_date)
  openDialog(editor.screen.root, {
    testId: 'guide-dialog',
    title: t('Guide'),
    wide: true,
    body: [h('div', { class: 'ed-markdown', dir: 'auto' }, ...renderMarkdown(guide.markdown))],
    onDismiss: () => {},
    choices: [{ testId: 'dialog-ok', title: t('Close'), tone: 'accent', run: () => {} }],
  })
}

export const openGuide = async (editor: Editor): Promise<void> => {
  try {
    const guide = await readGuide(editor)
    if (guide) show(editor, guide)
  } catch (error) {
    editor.explain(t('The guide could not be read: {reason}', { reason: (error as Error).message }), 'error')
  }
}

/** Once per guide and version of it, and whenever the address asks for it. */
export const offerGuide = async (editor: Editor): Promise<void> => {
  const asked = new URL(location.href).searchParams.has('openGuide')
  try {
    const guide = await readGuide(editor)
    if (guide?.markdown.trim() && (asked || readSeen(guide.id) !== guide.updated_date)) show(editor, guide)
  } catch {
    // Whoever may not read the guide works without it; the button says why when pressed.
  }
}
