// The issues of the job in the side bar: by frame, with switches, next and previous; in review also what becomes of the job.
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { makeConflictBar, makeConflictRow } from '../review/conflict-panel'
import type { Issue } from '../review/issue-book'
import { commandButton, iconButton } from './button'
import { h, setText } from './dom'
import { icon } from './icons'
import { openIssue } from './issue-dialog'

const outcomes = [
  { testId: 'review-accept', title: 'Accept', change: { stage: 'acceptance', state: 'completed' }, tone: 'ed-accent' },
  { testId: 'review-reject', title: 'Reject', change: { state: 'rejected' }, tone: 'ed-danger' },
  { testId: 'review-renew', title: 'Renew', change: { stage: 'annotation', state: 'new' }, tone: '' },
] as const

const makeOutcomes = (editor: Editor): HTMLElement => {
  const decide = async (change: { stage?: string; state: string }) => {
    await editor.save()
    try {
      const job = await editor.api.updateJob(change)
      editor.store.set({ jobState: job.state })
      editor.explain(t('Job state: {state}', { state: t(job.state) }))
    } catch (error) {
      editor.explain(t('The job state was not changed: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  const state = h('span', { class: 'ed-count', 'data-testid': 'review-state' })
  const show = () => setText(state, t('State: {state}', { state: t(editor.state.jobState) }))
  editor.store.subscribe(['jobState'], show)
  show()
  const buttons = outcomes.map(({ testId, title, change, tone }) =>
    h(
      'button',
      { type: 'button', class: `ed-push ${tone}`, 'data-testid': testId, on: { click: () => void decide(change) } },
      t(title),
    ),
  )
  return h('div', { class: 'ed-outcomes' }, state, h('div', { class: 'ed-row ed-three' }, ...buttons))
}

export const makeIssuesPanel = (editor: Editor): HTMLElement => {
  const book = editor.issues
  const count = h('span', { class: 'ed-count', 'data-testid': 'issues-count' })
  const list = h('div', { class: 'ed-list ed-plain ed-issues', role: 'list', 'aria-label': t('Issues') })
  const empty = h('p', { class: 'ed-empty' }, t('No issues here.'))
  const prev = commandButton(editor, 'issues-prev', 'chevron-left', 'issues-prev')
  const next = commandButton(editor, 'issues-next', 'chevron-right', 'issues-next')
  const switchOf = (testId: string, title: string, name: 'eye' | 'check', flip: () => void) =>
    iconButton(name, t(title), testId, flip)
  const hideAll = switchOf('issues-hide-all', 'Hide all issues', 'eye', () => book.setHidden({ hideAll: !book.hideAll }))
  const hideResolved = switchOf('issues-hide-resolved', 'Hide resolved issues', 'check', () =>
    book.setHidden({ hideResolved: !book.hideResolved }),
  )

  const makeRow = (issue: Issue): HTMLElement => {
    const [first] = book.commentsOf(issue.id)
    const more = book.commentsOf(issue.id).length - 1
    return h(
      'button',
      {
        type: 'button',
        class: 'ed-issue-row',
        'data-testid': `issue-${issue.id}`,
        'data-resolved': issue.resolved,
        'data-frame': issue.frame,
        on: { click: () => void openIssue(editor, issue.id) },
      },
      icon(issue.resolved ? 'check' : 'message-square'),
      h('span', { class: 'ed-issue-text', text: first?.message ?? t('Issue {id}', { id: issue.id }), dir: 'auto' }),
      h('span', { class: 'ed-count', text: more > 0 ? `+${more}` : '' }),
    )
  }

  const { conflicts } = editor
  const conflictFailure = (error: unknown) =>
    editor.explain(
      t('The conflicts with the ground truth could not be read: {reason}', { reason: (error as Error).message }),
      'error',
    )
  const quality = makeConflictBar(editor, conflictFailure)

  const update = () => {
    if (editor.state.sideTab !== 'issues' || editor.state.workspace === 'attributes') return
    const shown = book.issues.filter((issue) => book.isShown(issue))
    const disagreed = editor.state.appearance.groundTruth ? conflicts.shown : []
    const frames = [...new Set([...shown, ...disagreed].map((one) => one.frame))].sort((a, b) => a - b)
    quality.update()
    const open = book.issues.filter((issue) => !issue.resolved).length
    setText(count, tn(open, 'One open issue', '{count} open issues'))
    list.replaceChildren(
      ...frames.map((frame) =>
        h(
          'section',
          { role: 'listitem' },
          h('h3', { text: t('Frame {frame}', { frame }), 'data-current': frame === editor.state.frame }),
          ...shown.filter((issue) => issue.frame === frame).map(makeRow),
          ...disagreed.filter((conflict) => conflict.frame === frame).map((conflict) => makeConflictRow(editor, conflict)),
        ),
      ),
    )
    empty.hidden = frames.length > 0
    hideAll.setAttribute('aria-pressed', String(book.hideAll))
    hideResolved.setAttribute('aria-pressed', String(book.hideResolved))
  }
  const failure = (error: unknown) =>
    editor.explain(t('The issues could not be read: {reason}', { reason: (error as Error).message }), 'error')
  const react = () => {
    if (editor.state.sideTab === 'issues') {
      book.load().catch(failure)
      conflicts.load().catch(conflictFailure)
    }
    update()
  }
  editor.store.subscribe(['sideTab', 'workspace'], react)
  editor.store.subscribe(['issuesEdition', 'frame', 'appearance'], update)
  react()
  return h(
    'div',
    { class: 'ed-panel', id: 'ed-panel-issues', role: 'tabpanel', 'aria-label': t('Issues') },
    h('div', { class: 'ed-panel-bar' }, count, prev.element, next.element, hideResolved, hideAll),
    quality.element,
    empty,
    list,
    makeOutcomes(editor),
  )
}
