// What the job is and how much is annotated: two dialogs that only tell.
import type { Editor } from '../editor'
import { t, tn } from '../i18n/message'
import { columns, countObjects } from '../statistics/count-objects'
import { type OpenDialog, openDialog } from './dialog'
import { h } from './dom'

const titleOf = (column: string): string => {
  const [kind = '', what] = column.split('-')
  const title = kind.charAt(0).toUpperCase() + kind.slice(1)
  return what === 'tracks' ? t('{kind} tracks', { kind: t(title) }) : t(title)
}

const listFacts = (editor: Editor): [string, string][] => {
  const { info } = editor.job
  const { start, stop, frames, deleted } = editor.frames
  return [
    [t('Task'), info.task_name ? `${info.task_name} (${info.task_id})` : String(info.task_id)],
    [t('Assigned to'), info.assignee?.username ?? t('nobody')],
    [t('Stage'), t(info.stage)],
    [t('State'), t(editor.state.jobState)],
    [t('First frame'), String(start)],
    [t('Last frame'), String(stop)],
    [
      t('Frames'),
      deleted.size > 0 ? t('{count}, {deleted} deleted', { count: frames.length, deleted: deleted.size }) : String(frames.length),
    ],
    [t('Bug tracker'), info.bug_tracker || '–'],
  ]
}

const makeFacts = (editor: Editor): HTMLElement =>
  h(
    'dl',
    { class: 'ed-facts' },
    ...listFacts(editor).flatMap(([name, value]) => [h('dt', { text: name }), h('dd', { text: value, dir: 'auto' })]),
  )

const close = (onClose: () => void) => [{ testId: 'dialog-ok', title: t('Close'), tone: 'accent' as const, run: onClose }]

export const openInfo = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog =>
  openDialog(root, {
    testId: 'info-dialog',
    title: t('Job {id}', { id: editor.job.info.id }),
    body: [makeFacts(editor)],
    onDismiss: onClose,
    choices: close(onClose),
  })

export const openStatistics = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const { labels } = editor.job
  const kept = editor.frames.withDeleted(editor.deletedFrames.list, false).frames
  const { rows, sum } = countObjects(editor.document, labels.keys(), kept)
  // Columns in which nothing was counted would only make the table wide.
  const shown = columns.filter((column) => (sum[column] ?? 0) > 0 || /^(tags|manual|interpolated|total)$/.test(column))
  const cells = (row: Record<string, number>) =>
    columns.map((column) =>
      h('td', { 'data-column': column, hidden: shown.includes(column) ? null : '', text: String(row[column] ?? 0) }),
    )
  const table = h(
    'table',
    { class: 'ed-table' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { text: t('Label') }),
        ...columns.map((column) => h('th', { text: titleOf(column), hidden: shown.includes(column) ? null : '' })),
      ),
    ),
    h(
      'tbody',
      {},
      ...[...labels.values()].map((label) => {
        const name = h('th', { class: 'ed-draws', text: label.name, dir: 'auto' })
        name.style.setProperty('--color', label.color)
        return h('tr', { 'data-testid': `statistics-${label.name}` }, name, ...cells(rows.get(label.id) ?? {}))
      }),
    ),
    h('tfoot', {}, h('tr', { 'data-testid': 'statistics-total' }, h('th', { text: t('All') }), ...cells(sum))),
  )
  return openDialog(root, {
    testId: 'statistics-dialog',
    title: t('Statistics'),
    wide: true,
    body: [
      h('p', {
        text: tn(editor.document.objects.size, 'One object on {frames} frames', '{count} objects on {frames} frames', {
          frames: kept.length,
        }),
      }),
      h('div', { class: 'ed-scroll' }, table),
    ],
    onDismiss: onClose,
    choices: close(onClose),
  })
}
