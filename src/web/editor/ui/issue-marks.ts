// Marks of issues on the picture: an outline with the first words; a click opens it.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { makeConflictMarks } from '../review/conflict-marks'
import type { Issue } from '../review/issue-book'
import { toArea } from '../view/view'
import { h, setAttribute } from './dom'
import { openIssue } from './issue-dialog'

type Bounds = { left: number; top: number; right: number; bottom: number }

const boundsOf = (position: readonly number[]): Bounds => {
  const xs = position.filter((_, i) => i % 2 === 0)
  const ys = position.filter((_, i) => i % 2 === 1)
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) }
}

const svg = (name: string, attributes: Record<string, string>): SVGElement => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  return element
}

export const makeIssueMarks = (editor: Editor): HTMLElement => {
  const lines = svg('svg', { class: 'ed-issue-lines' })
  const host = h('div', { class: 'ed-issue-marks' })
  host.append(lines)
  let shown: { issue: Issue; outline: SVGElement; tag: HTMLElement }[] = []

  const place = () => {
    const { view } = editor.state
    for (const { issue, outline, tag } of shown) {
      const { left, top, right, bottom } = boundsOf(issue.position)
      const corners = issue.position.length === 4 ? [left, top, right, top, right, bottom, left, bottom] : issue.position
      const points: string[] = []
      for (let i = 0; i + 1 < corners.length; i += 2) {
        const at = toArea(view, { x: corners[i]!, y: corners[i + 1]! })
        points.push(`${at.x.toFixed(1)},${at.y.toFixed(1)}`)
      }
      setAttribute(outline, 'points', points.join(' '))
      const at = toArea(view, { x: left, y: bottom })
      tag.style.transform = `translate(${at.x}px, ${at.y + 4}px)`
    }
  }

  const rebuild = () => {
    const { workspace, sideTab, frame } = editor.state
    const wanted = workspace === 'review' || sideTab === 'issues'
    const issues = wanted ? editor.issues.listFrame(frame) : []
    shown = issues.map((issue) => {
      const hidden = !editor.issues.isShown(issue)
      const outline = svg('polygon', { 'data-resolved': String(issue.resolved), ...(hidden && { visibility: 'hidden' }) })
      const text = editor.issues.commentsOf(issue.id)[0]?.message ?? ''
      const tag = h(
        'button',
        {
          type: 'button',
          class: 'ed-issue-tag',
          'data-testid': `issue-mark-${issue.id}`,
          'data-resolved': issue.resolved,
          'data-small': hidden,
          'aria-label': t('Issue {id}', { id: issue.id }),
          on: { click: () => void openIssue(editor, issue.id), pointerdown: (event) => event.stopPropagation() },
        },
        hidden ? '' : text,
      )
      return { issue, outline, tag }
    })
    lines.replaceChildren(...shown.map((one) => one.outline))
    host.replaceChildren(lines, ...shown.map((one) => one.tag))
    place()
  }
  const react = () => {
    const { workspace, sideTab } = editor.state
    if (workspace === 'review' || sideTab === 'issues')
      editor.issues
        .load()
        .catch((error: Error) => editor.explain(t('The issues could not be read: {reason}', { reason: error.message }), 'error'))
    rebuild()
  }
  editor.store.subscribe(['issuesEdition', 'frame'], rebuild)
  editor.store.subscribe(['workspace', 'sideTab'], react)
  editor.store.subscribe(['view', 'angle'], place)
  react()
  return h('div', { class: 'ed-marks' }, makeConflictMarks(editor), host)
}
