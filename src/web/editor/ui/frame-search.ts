// Finds a frame by a part of its file name.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import type { OpenDialog } from './dialog'
import { h } from './dom'
import { nameOfFrame } from './player-bar'
import { openSearchDialog } from './search-dialog'

const shownAtOnce = 200

export const openFrameSearch = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const named = editor.frames.frames.map((frame) => ({ frame, name: nameOfFrame(editor, frame) }))
  return openSearchDialog(root, {
    title: t('Find a frame'),
    testIds: { dialog: 'frame-search-dialog', field: 'frame-search' },
    list: { id: 'ed-frame-options', label: t('Frames') },
    field: { label: t('File name'), placeholder: t('A part of the file name') },
    none: t('No frame has such a name.'),
    find: (text) => {
      const words = text.trim().toLowerCase()
      return named
        .filter(({ frame, name }) => name.toLowerCase().includes(words) || String(frame) === words)
        .slice(0, shownAtOnce)
    },
    valueOf: ({ frame }) => frame,
    show: ({ frame, name }) => [h('span', { class: 'ed-mono', text: String(frame) }), h('span', { text: name, dir: 'auto' })],
    take: ({ frame }) => void editor.player.goTo(frame),
    onClose,
    closes: true,
  })
}
