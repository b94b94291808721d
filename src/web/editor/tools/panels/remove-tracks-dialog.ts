// Asks what removing a track shall mean: ending it on this frame, or deleting it on all frames.

import { finishTracks } from '../../commands/track-commands'
import type { Editor } from '../../editor'
import { t, tn } from '../../i18n/message'
import { openDialog } from '../../ui/dialog'
import { h } from '../../ui/dom'

/** `others`: objects that are no tracks and go in any case. */
export const askRemoveTracks = (editor: Editor, tracks: readonly number[], others: readonly number[]): void => {
  const never = h('input', { type: 'checkbox', 'data-testid': 'remove-ask-no-more', 'aria-label': t('Do not ask again') })
  const note = () => {
    if (never.checked) editor.store.set({ settings: { ...editor.state.settings, askTracks: false } })
  }
  const canEnd = tracks.filter((id) => {
    const object = editor.document.get(id)
    return object?.kind === 'track' && object.data.frame < editor.state.frame
  })
  openDialog(editor.screen.root, {
    testId: 'dialog',
    title: tn(tracks.length, 'Remove this track?', 'Remove {count} tracks?'),
    body: [
      h('p', {
        text: t('Deleting works on every frame. To keep what lies before, end here.'),
      }),
      h('label', { class: 'ed-setting' }, h('span', { text: t('Do not ask again: always delete') }), never),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: t('Cancel'), run: () => {} },
      {
        testId: 'dialog-ok',
        title: t('Delete on all frames'),
        tone: 'danger',
        run: () => {
          note()
          editor.do({ type: 'remove', clientIds: [...tracks, ...others] })
        },
      },
      ...(canEnd.length > 0
        ? [
            {
              testId: 'dialog-end',
              title: t('End here'),
              tone: 'accent' as const,
              run: () => {
                finishTracks(editor, canEnd)
                if (others.length > 0) editor.do({ type: 'remove', clientIds: [...others] })
              },
            },
          ]
        : []),
    ],
  })
}
