// What can be done about a conflict with the ground truth: opening an issue, taking the object of the ground truth over.
import { bodyOf, type Item } from '../document/scene'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { quickIssue } from '../ui/issue-dialog'
import { type MenuItem, openMenu } from '../ui/menu'
import type { Conflict } from './conflict-book'
import { describeConflict, findConflictBox, findParties } from './describe-conflict'
import { isInSpace, placeIssue } from './issue-place'

/** CSS pixels that a view leaves around what disagrees. */
const margin = 60

/** Goes to the frame of a conflict, and to what disagrees there. */
export const goToConflict = async (editor: Editor, conflict: Conflict): Promise<void> => {
  editor.conflicts.setCurrent(conflict.id)
  await editor.player.goTo(conflict.frame)
  const { here, truth } = findParties(editor, conflict)
  const spatial = [...here.flatMap((item) => bodyOf(item) ?? []), ...truth.map(({ body }) => body)].find(isInSpace)
  const box = spatial ? null : findConflictBox(editor, conflict)
  if (spatial) editor.viewport.zoomToItem({ body: spatial } as Item)
  if (box) {
    const room = margin / editor.state.view.scale
    const { left, top, right, bottom } = box
    editor.viewport.zoomTo({ left: left - room, top: top - room, right: right + room, bottom: bottom + room })
  }
  editor.select(here.map((item) => item.clientId))
}

/** Goes to the conflict after or before the one that was gone to last. */
export const stepConflict = async (editor: Editor, direction: 1 | -1): Promise<void> => {
  await editor.conflicts.load()
  const next = editor.conflicts.findNext(editor.state.wantedFrame, direction)
  if (next) await goToConflict(editor, next)
  else editor.explain(direction === 1 ? 'There is no later conflict' : 'There is no earlier conflict')
}

const listEntries = (editor: Editor, conflict: Conflict): MenuItem[] => {
  const { here, truth } = findParties(editor, conflict)
  const { width, height } = editor.state.size
  const bodies = [...here.flatMap((item) => bodyOf(item) ?? []), ...truth.map(({ body }) => body)]
  const position = placeIssue(bodies) ?? [0, 0, width, height]
  const copies = editor.conflicts.refsOfTruth(conflict).flatMap((ref) => editor.conflicts.copyTruth(ref, conflict.frame) ?? [])
  const copy: MenuItem = {
    type: 'action',
    testId: 'menu-conflict-copy',
    title: t('Copy the object of the ground truth'),
    run: () => {
      const edit = editor.do({ type: 'put', contents: copies, title: 'Copy from ground truth' })
      if (edit) editor.select(edit.patches.map((patch) => patch.clientId))
    },
  }
  return [
    { type: 'line', title: describeConflict(editor, conflict) },
    {
      type: 'action',
      testId: 'menu-conflict-issue',
      title: t('Open an issue about it'),
      run: () => void quickIssue(editor, position, describeConflict(editor, conflict)),
    },
    ...(copies.length > 0 ? [copy] : []),
  ]
}

export const openConflictMenu = (editor: Editor, conflict: Conflict, anchor: HTMLElement): void =>
  openMenu(editor.screen.root, anchor, t('Conflict'), listEntries(editor, conflict))
