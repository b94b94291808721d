// The menu of previous and next (right click): what the two mean.
import type { Editor } from '../editor'
import { listChapters, titleOf } from '../frames/chapters'
import { t } from '../i18n/message'
import type { PlayerMode } from '../state'
import { type MenuItem, openMenu } from './menu'

const modes: { mode: PlayerMode; title: string }[] = [
  { mode: 'regular', title: 'Every frame' },
  { mode: 'filter', title: 'Frames with objects that pass the filter' },
  { mode: 'empty', title: 'Frames without objects' },
  { mode: 'chapter', title: 'Chapters' },
]

export const openPlayerModes = (editor: Editor, anchor: HTMLElement): void => {
  const chapters = listChapters(editor.job.meta)
  const items = modes
    .filter(({ mode }) => mode !== 'chapter' || chapters.length > 0)
    .map(
      ({ mode, title }): MenuItem => ({
        type: 'choice',
        testId: `player-mode-${mode}`,
        title: t(title),
        value: mode,
        checked: editor.state.playerMode === mode,
        run: () => editor.store.set({ playerMode: mode }),
      }),
    )
  const jumps = chapters.map(
    (chapter): MenuItem => ({
      type: 'action',
      testId: `chapter-${chapter.id}`,
      title: titleOf(chapter),
      run: () => void editor.player.goTo(chapter.start),
    }),
  )
  openMenu(editor.screen.root, anchor, t('What previous and next mean'), [
    ...items,
    ...(jumps.length > 0 ? [{ type: 'line', title: t('Go to a chapter') } as MenuItem, ...jumps] : []),
  ])
}
