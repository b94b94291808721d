// Asks what removing a track shall mean: ending it on this frame, or deleting it on all frames.
import { finishTracks } from '../../commands/track-commands'
import type { Editor } from '../../editor'
import { openDialog } from '../../ui/dialog'
import { h } from '../../ui/dom'

/** `others`: objects that are no tracks and go in any case. */
export const askRemoveTracks = (editor: Editor, tracks: readonly number[], others: readonly number[]): void => {
  const many = tracks.length > 1
  const never = h('input', { type: 'checkbox', 'data-testid': 'remove-ask-no-more', 'aria-label': 'Do not ask again' })
  const note = () => {
    if (never.checked) editor.store.set({ settings: { ...editor.state.settings, askTracks: false } })
  }
  const canEnd = tracks.filter((id) => {
    const object = editor.document.get(id)
    return object?.kind === 'track' && object.data.frame < editor.state.frame
  })
  openDialog(editor.screen.root, {
    testId: 'dialog',
    title: many ? `Remove ${tracks.length} tracks?` : 'Remove this track?',
    body: [
      h('p', {
        text: `Deleting takes ${many ? 'them' : 'it'} away on every frame. To keep what lies before, end ${many ? 'them' : 'it'} on this frame.`,
      }),
      h('label', { class: 'ed-setting' }, h('span', { text: 'Do not ask again: always delete' }), never),
    ],
    onDismiss: () => {},
    choices: [
      { testId: 'dialog-cancel', title: 'Cancel', run: () => {} },
      {
        testId: 'dialog-ok',
        title: 'Delete on all frames',
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
              title: 'End here',
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
