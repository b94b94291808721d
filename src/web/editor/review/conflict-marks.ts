// Conflicts with the ground truth on the picture: outlines of both sides in the colour of how bad it is, and a tag with words.
import { bodyOf } from '../document/scene'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { shapeKinds } from '../shapes/registry'
import type { Body } from '../shapes/shape-kind'
import { h } from '../ui/dom'
import { toArea } from '../view/view'
import { openConflictMenu } from './conflict-menu'
import { describeConflict, findConflictBox, findParties } from './describe-conflict'

const namespace = 'http://www.w3.org/2000/svg'

type Side = 'here' | 'truth'
type Line = { body: Body; severity: string; side: Side; isCurrent: boolean }

/** Whether conflicts and the ground truth are on the picture. */
export const showsTruth = ({ state }: Editor): boolean =>
  state.appearance.groundTruth && (state.workspace === 'review' || (state.sideOpen && state.sideTab === 'issues'))

const listLines = (editor: Editor): Line[] => {
  const lines: Line[] = []
  const named = new Set<string>()
  for (const conflict of editor.conflicts.listFrame(editor.state.frame)) {
    const { here, truth } = findParties(editor, conflict)
    const { severity } = conflict
    const isCurrent = conflict.id === editor.conflicts.currentId
    for (const item of here) {
      const body = item.object.hidden ? null : bodyOf(item)
      if (body) lines.push({ body, severity, side: 'here', isCurrent })
    }
    for (const { kind, id, body } of truth) {
      named.add(`${kind} ${id}`)
      lines.push({ body, severity, side: 'truth', isCurrent })
    }
  }
  const rest = editor.conflicts.listTruth(editor.state.frame).filter(({ kind, id }) => !named.has(`${kind} ${id}`))
  return [...rest.map(({ body }): Line => ({ body, severity: 'none', side: 'truth', isCurrent: false })), ...lines]
}

export const makeConflictMarks = (editor: Editor): HTMLElement => {
  const svg = document.createElementNS(namespace, 'svg')
  svg.setAttribute('class', 'ed-conflict-lines')
  const tags = h('div', { class: 'ed-issue-marks' })
  const host = h('div', { class: 'ed-conflicts', 'data-testid': 'conflict-marks' })
  host.append(svg, tags)
  let lines: Line[] = []
  let shown: { left: number; bottom: number; tag: HTMLElement }[] = []

  const drawLine = ({ body, severity, side, isCurrent }: Line): SVGElement[] =>
    shapeKinds[body.type].outline(body).map(({ points, closed }) => {
      const line = document.createElementNS(namespace, closed ? 'polygon' : 'polyline')
      const places: string[] = []
      for (let i = 0; i + 1 < points.length; i += 2) {
        const at = toArea(editor.state.view, { x: points[i]!, y: points[i + 1]! })
        places.push(`${at.x.toFixed(1)},${at.y.toFixed(1)}`)
      }
      line.setAttribute('points', places.join(' '))
      line.setAttribute('data-severity', severity)
      line.setAttribute('data-side', side)
      if (isCurrent) line.setAttribute('data-current', 'true')
      return line
    })
  const place = () => {
    if (lines.length === 0 && svg.childElementCount === 0) return
    svg.replaceChildren(...lines.flatMap(drawLine))
    for (const { left, bottom, tag } of shown) {
      const at = toArea(editor.state.view, { x: left, y: bottom })
      tag.style.transform = `translate(${at.x}px, ${at.y + 4}px)`
    }
  }
  const rebuild = () => {
    const wanted = showsTruth(editor)
    lines = wanted ? listLines(editor) : []
    const counts = new Map<string, number>()
    shown = (wanted ? editor.conflicts.listFrame(editor.state.frame) : []).map((conflict) => {
      const { left, bottom } = findConflictBox(editor, conflict) ?? { left: 0, bottom: 0 }
      const text = describeConflict(editor, conflict)
      const tag: HTMLElement = h(
        'button',
        {
          type: 'button',
          class: 'ed-issue-tag ed-conflict-tag',
          'data-testid': `conflict-mark-${conflict.id}`,
          'data-severity': conflict.severity,
          'data-current': conflict.id === editor.conflicts.currentId,
          'data-tip': `${conflict.severity === 'error' ? t('Error') : t('Warning')} · ${text}`,
          on: { click: () => openConflictMenu(editor, conflict, tag), pointerdown: (event) => event.stopPropagation() },
        },
        text,
      )
      // Several about the same place stand below one another.
      const key = `${Math.round(left)} ${Math.round(bottom)}`
      const before = counts.get(key) ?? 0
      counts.set(key, before + 1)
      tag.style.marginTop = `${before * 24}px`
      return { left, bottom, tag }
    })
    tags.replaceChildren(...shown.map((one) => one.tag))
    place()
  }
  editor.store.subscribe(['issuesEdition', 'frame', 'edition', 'appearance', 'workspace', 'sideTab', 'sideOpen'], rebuild)
  editor.store.subscribe(['view', 'angle'], place)
  rebuild()
  return host
}
