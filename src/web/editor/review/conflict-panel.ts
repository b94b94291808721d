// Conflicts with the ground truth in the side bar: which report is looked at, which severity, from one to the next, each as a row.
import type { Editor } from '../editor'
import { readLanguage, t, tn } from '../i18n/message'
import { commandButton, iconButton } from '../ui/button'
import { h, setText } from '../ui/dom'
import { icon } from '../ui/icons'
import type { Conflict, JobReport, Severity } from './conflict-book'
import { goToConflict, openConflictMenu } from './conflict-menu'
import { describeConflict } from './describe-conflict'

const describeReport = ({ id, created_date: date, summary }: JobReport): string => {
  const when = new Intl.DateTimeFormat(readLanguage(), { dateStyle: 'short', timeStyle: 'short' }).format(new Date(date))
  const { valid_count: right, total_count: total } = summary ?? {}
  const share = total ? ` · ${Math.round(((right ?? 0) / total) * 100)} %` : ''
  return `${when}${share} · #${id}`
}

const severities: { value: string; title: string }[] = [
  { value: '', title: 'All conflicts' },
  { value: 'error', title: 'Errors' },
  { value: 'warning', title: 'Warnings' },
]

/** For the catalogue. */
export const severityTitles: readonly string[] = severities.map(({ title }) => title)

export const makeConflictRow = (editor: Editor, conflict: Conflict): HTMLElement => {
  const row: HTMLElement = h(
    'button',
    {
      type: 'button',
      class: 'ed-issue-row ed-conflict-row',
      'data-testid': `conflict-${conflict.id}`,
      'data-severity': conflict.severity,
      'data-frame': conflict.frame,
      'data-current': conflict.id === editor.conflicts.currentId,
      on: {
        click: () => void goToConflict(editor, conflict),
        contextmenu: (event) => {
          event.preventDefault()
          void goToConflict(editor, conflict).then(() => openConflictMenu(editor, conflict, row))
        },
      },
    },
    icon(conflict.severity === 'error' ? 'triangle-alert' : 'info'),
    h('span', { class: 'ed-issue-text', text: describeConflict(editor, conflict), dir: 'auto' }),
  )
  return row
}

/** The bar above the list; `update` follows what the book says. */
export const makeConflictBar = (editor: Editor, fail: (error: unknown) => void): { element: HTMLElement; update: () => void } => {
  const book = editor.conflicts
  const count = h('span', { class: 'ed-count', 'data-testid': 'conflicts-count' })
  const show = iconButton('triangle-alert', t('Ground truth and conflicts'), 'conflicts-show', () => {
    const { appearance } = editor.state
    editor.store.set({ appearance: { ...appearance, groundTruth: !appearance.groundTruth } })
  })
  const prev = commandButton(editor, 'conflict-prev', 'chevron-left', 'conflict-prev')
  const next = commandButton(editor, 'conflict-next', 'chevron-right', 'conflict-next')
  const report = h('select', {
    class: 'ed-select',
    'data-testid': 'conflicts-report',
    'aria-label': t('Report'),
    on: {
      change: () => {
        book.choose(Number(report.value)).catch(fail)
        report.blur()
      },
    },
  })
  const severity = h(
    'select',
    {
      class: 'ed-select',
      'data-testid': 'conflicts-severity',
      'aria-label': t('Severity'),
      on: {
        change: () => {
          book.setSeverity((severity.value || null) as Severity | null)
          severity.blur()
        },
      },
    },
    ...severities.map(({ value, title }) => h('option', { value, text: t(title) })),
  )
  const page = h('a', {
    class: 'ed-link',
    href: `/tasks/${editor.job.info.task_id}/quality`,
    'data-testid': 'conflicts-page',
    text: t('Quality of the task'),
  })
  const element = h(
    'div',
    { class: 'ed-conflict-bar', hidden: '' },
    h('div', { class: 'ed-panel-bar' }, count, prev.element, next.element, show),
    h('div', { class: 'ed-conflict-choices' }, report, severity),
    page,
  )
  let listed = ''
  const update = () => {
    element.hidden = book.reported === null
    const [all, shown] = [book.conflicts.length, book.shown.length]
    setText(
      count,
      shown === all
        ? tn(all, 'One conflict with the ground truth', '{count} conflicts with the ground truth')
        : t('{shown} of {all} conflicts', { shown, all }),
    )
    show.setAttribute('aria-pressed', String(editor.state.appearance.groundTruth))
    const wanted = book.reports.map(describeReport).join('\n')
    if (wanted !== listed)
      report.replaceChildren(...book.reports.map((one) => h('option', { value: String(one.id), text: describeReport(one) })))
    listed = wanted
    report.value = String(book.reportId ?? '')
    severity.value = book.severity ?? ''
  }
  return { element, update }
}
