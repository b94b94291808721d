// Marks of issues and conflicts in the views of a point cloud: lines in all of them, words over the perspective one.
import { t } from '../../editor/i18n/message'
import { openConflictMenu } from '../../editor/review/conflict-menu'
import { h } from '../../editor/ui/dom'
import { openIssue } from '../../editor/ui/issue-dialog'
import type { ScenePart } from '../workspace'
import { listMarks, type Mark, showsIssues } from './list-marks'

const rowPx = 24

export const reviewPart: ScenePart = (scene) => {
  const { editor, views } = scene
  const host = h('div', { class: 'ed-issue-marks sr-marks' })
  let shown: { mark: Mark; tag: HTMLElement }[] = []

  const place = () => {
    const taken = new Map<string, number>()
    for (const { mark, tag } of shown) {
      const at = views.perspective.project(mark.at)
      tag.hidden = at === null
      if (!at) continue
      // Several about the same place stand below one another.
      const key = mark.at.map((value) => value.toFixed(1)).join(' ')
      const before = taken.get(key) ?? 0
      taken.set(key, before + 1)
      tag.style.transform = `translate(${at.x}px, ${at.y - 8 + before * rowPx}px)`
    }
  }
  const makeTag = (mark: Mark): HTMLElement => {
    const { about, words } = mark
    const tag: HTMLElement = h(
      'button',
      {
        type: 'button',
        on: {
          click: () =>
            'issue' in about ? void openIssue(editor, about.issue.id) : openConflictMenu(editor, about.conflict, tag),
          pointerdown: (event) => event.stopPropagation(),
        },
        ...('issue' in about
          ? {
              class: 'ed-issue-tag',
              'data-testid': `issue-mark-${about.issue.id}`,
              'data-resolved': about.issue.resolved,
              'aria-label': `${t('Issue {id}', { id: about.issue.id })}: ${words}`,
            }
          : {
              class: 'ed-issue-tag ed-conflict-tag',
              'data-testid': `conflict-mark-${about.conflict.id}`,
              'data-severity': about.conflict.severity,
              'data-current': about.conflict.id === editor.conflicts.currentId,
              'data-tip': `${about.conflict.severity === 'error' ? t('Error') : t('Warning')} · ${words}`,
            }),
      },
      words,
    )
    return tag
  }
  const rebuild = () => {
    const { marks, drawings } = listMarks(editor)
    scene.draw('review', drawings.length > 0 ? drawings : null)
    shown = marks.map((mark) => ({ mark, tag: makeTag(mark) }))
    host.replaceChildren(...shown.map(({ tag }) => tag))
    place()
  }
  const react = () => {
    if (showsIssues(editor))
      editor.issues
        .load()
        .catch((error: Error) => editor.explain(t('The issues could not be read: {reason}', { reason: error.message }), 'error'))
    rebuild()
  }
  scene.addPanel({ id: 'review-marks', title: t('Issues'), icon: 'message-square', element: host, place: 'over' })
  editor.store.subscribe(['issuesEdition', 'frame', 'edition', 'appearance'], rebuild)
  editor.store.subscribe(['workspace', 'sideTab', 'sideOpen'], react)
  // The views tell when their cameras move.
  new MutationObserver(place).observe(views.perspective.element, { attributes: true, attributeFilter: ['data-matrix'] })
  react()
}
