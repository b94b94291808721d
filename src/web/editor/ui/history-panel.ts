// Saved versions of the job: who changed how much and when; one is looked at on the picture, and can be made the newest again.
import type { Editor } from '../editor'
import { compareRevision, listGhosts, type RevisionDiff } from '../history/compare-revisions'
import { listRevisions, type Revision, readRevision, restoreRevision, sumCounts, versionsAtOnce } from '../history/revisions'
import { readLanguage, t, tn } from '../i18n/message'
import { mergeSaved } from '../live/merge-saved'
import { iconButton } from './button'
import { h, setText } from './dom'

const actions: Record<string, string> = {
  save: 'Saved',
  create: 'Added',
  update: 'Changed',
  delete: 'Deleted',
  replace: 'Replaced',
  clear: 'Cleared',
  import: 'Imported',
  restore: 'Restored',
  label: 'Labels changed',
  move: 'Moved',
  merge: 'Merged',
  automatic: 'Annotated automatically',
}

export const makeHistoryPanel = (editor: Editor): HTMLElement => {
  const jobId = editor.job.info.id
  const list = h('div', { class: 'ed-list ed-plain ed-versions', role: 'list', 'aria-label': t('Saved versions') })
  const count = h('span', { class: 'ed-count', 'data-testid': 'history-count' })
  const note = h('p', { class: 'ed-empty' })
  const preview = h('div', { class: 'ed-preview-bar', 'data-testid': 'history-preview', hidden: '' })
  let versions: Revision[] = []
  let total = 0
  let loadedFor = -1
  let looked: { revision: number; diff: RevisionDiff } | null = null

  const showGhosts = () => {
    editor.store.set({ ghosts: looked ? listGhosts(looked.diff, editor.state.frame) : [] })
  }
  const leave = () => {
    looked = null
    preview.hidden = true
    showGhosts()
    render()
  }
  const restore = async (revision: number) => {
    await editor.save()
    if (editor.state.pending > 0) {
      editor.explain('Nothing was restored: your changes are not saved yet', 'error')
      return
    }
    try {
      await restoreRevision(jobId, revision)
      await mergeSaved(editor)
      leave()
      await load()
      editor.explain(t('Version {revision} is the newest again', { revision }))
    } catch (error) {
      editor.explain(t('The version was not restored: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  const look = async (one: Revision) => {
    try {
      const diff = compareRevision(editor.document, await readRevision(jobId, one.revision))
      looked = { revision: one.revision, diff }
      const facts = [
        tn(diff.back.length, 'one object comes back', '{count} objects come back'),
        tn(diff.gone.length, 'one goes', '{count} go'),
        tn(diff.changed.length, 'one changes', '{count} change'),
      ]
      const push = (testId: string, title: string, tone: string, run: () => void) =>
        h('button', { type: 'button', class: `ed-push ${tone}`, 'data-testid': testId, on: { click: run } }, t(title))
      preview.replaceChildren(
        h('strong', { text: t('Version {revision}', { revision: one.revision }) }),
        h('span', { text: facts.join(', ') }),
        h(
          'div',
          { class: 'ed-row' },
          push('history-leave', 'Back', '', leave),
          push('history-restore', 'Restore', 'ed-accent', () => void restore(one.revision)),
        ),
      )
      preview.hidden = false
      showGhosts()
      render()
    } catch (error) {
      editor.explain(t('The version could not be read: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  const makeRow = (one: Revision): HTMLElement => {
    const when = new Date(one.created_date).toLocaleString(readLanguage(), { dateStyle: 'short', timeStyle: 'short' })
    const change = (sign: string, tone: string, number: number) =>
      number > 0 ? h('span', { class: 'ed-delta', 'data-tone': tone, text: `${sign}${number}` }) : null
    return h(
      'button',
      {
        type: 'button',
        class: 'ed-version',
        role: 'listitem',
        'data-testid': `revision-${one.revision}`,
        'aria-pressed': looked?.revision === one.revision,
        'aria-disabled': !one.restorable,
        on: { click: () => (one.restorable ? void look(one) : undefined) },
      },
      h('span', { class: 'ed-mono', text: String(one.revision) }),
      h(
        'span',
        { class: 'ed-version-who' },
        h('strong', { text: one.user?.username ?? '–' }),
        ` ${t(actions[one.action] ?? one.action)}`,
      ),
      h('time', { text: when }),
      h(
        'span',
        { class: 'ed-deltas' },
        change('+', 'success', sumCounts(one.created)),
        change('±', 'warning', sumCounts(one.updated)),
        change('−', 'danger', sumCounts(one.deleted)),
      ),
    )
  }
  const more = h('button', {
    type: 'button',
    class: 'ed-push ed-tiny ed-more',
    'data-testid': 'history-more',
    on: { click: () => void readMore() },
  })
  setText(more, t('Older versions'))
  const render = () => {
    more.hidden = versions.length >= total
    list.replaceChildren(...versions.map(makeRow), more)
  }
  const readMore = async () => {
    try {
      const answer = await listRevisions(jobId, Math.floor(versions.length / versionsAtOnce) + 1)
      const known = new Set(versions.map((one) => one.revision))
      versions = [...versions, ...answer.results.filter((one) => !known.has(one.revision))]
      render()
    } catch (error) {
      editor.explain(t('The versions could not be read: {reason}', { reason: (error as Error).message }), 'error')
    }
  }
  const load = async () => {
    loadedFor = editor.state.revision
    try {
      const answer = await listRevisions(jobId)
      versions = answer.results
      total = answer.count
      setText(count, tn(answer.count, 'One version', '{count} versions'))
      setText(note, t('No version was saved yet.'))
      note.hidden = versions.length > 0
    } catch (error) {
      loadedFor = -1
      setText(note, t('The versions could not be read: {reason}', { reason: (error as Error).message }))
      note.hidden = false
    }
    render()
  }
  editor.store.subscribe(['sideTab', 'revision', 'workspace'], ({ sideTab, revision }) => {
    if (sideTab === 'history' && loadedFor !== revision) void load()
    if (sideTab !== 'history' && looked) leave()
  })
  editor.store.subscribe(['frame', 'edition'], () => {
    if (looked) showGhosts()
  })
  const again = iconButton('refresh', t('Read again'), 'history-refresh', () => void load())
  return h(
    'div',
    { class: 'ed-panel', id: 'ed-panel-history', role: 'tabpanel', 'aria-label': t('History') },
    h('div', { class: 'ed-panel-bar' }, count, again),
    preview,
    note,
    list,
  )
}
