// The line at the bottom: what the tool expects, where the cursor is, the zoom, what is selected.
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { workspaceFacts } from '../workspaces/workspace'
import { commandButton } from './button'
import { h, setAttribute, setText } from './dom'

export const makeStatusLine = (editor: Editor): HTMLElement => {
  const hint = h('span', { class: 'ed-hint', role: 'status', 'data-testid': 'status-hint' })
  const chosen = h('span', { 'data-testid': 'status-selection' })
  const draws = h('span', { class: 'ed-draws', 'data-testid': 'status-label' })
  const cursor = h('span', { class: 'ed-mono', 'data-testid': 'status-cursor' })
  const zoom = h('span', { class: 'ed-mono ed-zoom', 'data-testid': 'status-zoom' })
  const zoomOut = commandButton(editor, 'zoom-out', 'zoom-out', 'zoom-out')
  const zoomIn = commandButton(editor, 'zoom-in', 'zoom-in', 'zoom-in')
  const size = h('span', { class: 'ed-mono' })

  const update = () => {
    const { message, toolState, view, cursor: at, size: picture, drawLabelId, workspace } = editor.state
    const idleHint = editor.stage.tool.id === 'cursor' && editor.stage.mode === 'idle' ? workspaceFacts[workspace].hint : ''
    setText(hint, message?.text ?? t(idleHint || editor.stage.tool.hint(toolState)))
    setAttribute(hint, 'data-tone', message?.tone ?? 'hint')
    const count = editor.chosenIds.length
    setText(chosen, count > 1 ? t('{count} selected', { count }) : '')
    if (editor.traits.dimension === '2d') {
      setText(zoom, `${Math.round(view.scale * 100)} %`)
      setText(size, `${picture.width} × ${picture.height}`)
      setText(cursor, at ? `${at.x.toFixed(1)}, ${at.y.toFixed(1)}` : '')
    }
    const label = editor.job.labels.get(drawLabelId)
    setText(draws, label ? label.name : '')
    draws.style.setProperty('--color', label?.color ?? 'transparent')
  }
  editor.store.subscribe(
    ['message', 'toolState', 'toolId', 'view', 'cursor', 'size', 'selection', 'activeId', 'drawLabelId', 'workspace'],
    update,
  )
  update()
  return h(
    'footer',
    { class: 'ed-status', 'aria-label': t('Status') },
    hint,
    h('div', { class: 'ed-status-end' }, chosen, draws, cursor, size, zoomOut.element, zoom, zoomIn.element),
  )
}
