// What is written over the shown frame: why it is missing, that it is deleted, its tags, where the person stopped.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { h, setText } from './dom'
import { makeFrameTags } from './frame-tags'
import { makeResumeOffer } from './resume-offer'

export const makeAreaNotes = (editor: Editor): HTMLElement[] => {
  const notice = h('div', { class: 'ed-notice', 'data-testid': 'frame-failed', role: 'alert', hidden: '' })
  const removed = h(
    'div',
    { class: 'ed-removed', 'data-testid': 'frame-deleted', hidden: '' },
    h('strong', { text: t('This frame is deleted') }),
    h('span', { text: t('It is left out of playing and exports.') }),
  )
  const showFailure = () => {
    const { picture } = editor.state
    notice.hidden = picture.at !== 'failed'
    if (picture.at === 'failed')
      setText(notice, t('The picture of this frame could not be loaded: {reason}', { reason: picture.reason }))
  }
  const showRemoved = () => {
    removed.hidden = !editor.state.deletedFrames.has(editor.state.frame)
  }
  editor.store.subscribe(['picture'], showFailure)
  editor.store.subscribe(['frame', 'deletedFrames'], showRemoved)
  showRemoved()
  return [notice, removed, makeFrameTags(editor), makeResumeOffer(editor, editor.stoppedAt)]
}
