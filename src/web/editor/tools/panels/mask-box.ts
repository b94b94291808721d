// The box of the mask tool: what the brush does, its size and form, what becomes of masks below, finishing. It can be moved.

import { findCommand } from '../../commands/registry'
import type { Editor } from '../../editor'
import { t } from '../../i18n/message'
import type { BrushOptions } from '../../state'
import { describe } from '../../ui/button'
import { h, setAttribute, setText } from '../../ui/dom'
import { type IconName, icon } from '../../ui/icons'
import { clampNumber } from '../../view/geometry'
import { isSheetEmpty } from '../mask-sheet'
import { brushLimits } from '../mask-tool'

type Act = BrushOptions['act']

const acts: { act: Act; icon: IconName; title: string }[] = [
  { act: 'brush', icon: 'brush', title: 'Brush' },
  { act: 'eraser', icon: 'eraser', title: 'Eraser' },
  { act: 'polygon-plus', icon: 'square-plus', title: 'Add a polygon' },
  { act: 'polygon-minus', icon: 'square-minus', title: 'Take a polygon away' },
]

const needsPixels = (act: Act): boolean => act === 'eraser' || act === 'polygon-minus'

/** Lets an element be dragged by its grip, within its parent. */
const makeMovable = (element: HTMLElement, grip: HTMLElement): void => {
  let from: { x: number; y: number; left: number; top: number } | null = null
  grip.addEventListener('pointerdown', (event) => {
    grip.setPointerCapture(event.pointerId)
    from = { x: event.clientX, y: event.clientY, left: element.offsetLeft, top: element.offsetTop }
  })
  grip.addEventListener('pointermove', (event) => {
    const room = element.parentElement
    if (!from || !room) return
    const left = clampNumber(from.left + event.clientX - from.x, 0, room.clientWidth - element.offsetWidth)
    const top = clampNumber(from.top + event.clientY - from.y, 0, room.clientHeight - element.offsetHeight)
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, right: 'auto', margin: '0' })
  })
  const end = () => {
    from = null
  }
  grip.addEventListener('pointerup', end)
  grip.addEventListener('pointercancel', end)
}

const toggle = (name: IconName, title: string, testId: string, run: () => void, keys: readonly string[] = []) => {
  const element = h('button', { type: 'button', class: 'ed-button', 'data-testid': testId, on: { click: run } }, icon(name))
  describe(element, title, keys)
  return element
}

export const makeMaskBox = (editor: Editor): HTMLElement => {
  const setBrush = (part: Partial<BrushOptions>) => editor.store.set({ brush: { ...editor.state.brush, ...part } })
  const sheetOf = () => editor.stage.preview?.sheet?.sheet ?? null
  const isEmpty = () => {
    const sheet = sheetOf()
    return !sheet || isSheetEmpty(sheet)
  }

  const buttons = acts.map(({ act, icon: name, title }) => {
    const command = findCommand(`mask-${act}`)
    const run = () => {
      if (needsPixels(act) && isEmpty()) return
      void command.run(editor)
    }
    return { act, element: toggle(name, t(title), `mask-${act}`, run, command.keys) }
  })
  const size = h('input', {
    class: 'ed-input ed-mask-size',
    type: 'number',
    min: brushLimits.least,
    max: brushLimits.most,
    'data-testid': 'mask-size',
    'aria-label': t('Size of the brush, pixels'),
    on: {
      input: () => {
        const value = Math.round(Number(size.value))
        if (value >= brushLimits.least) setBrush({ size: clampNumber(value, brushLimits.least, brushLimits.most) })
      },
      change: () => {
        size.value = String(editor.state.brush.size)
      },
    },
  })
  const form = h(
    'select',
    {
      class: 'ed-select ed-small',
      'data-testid': 'mask-form',
      'aria-label': t('Form of the brush'),
      on: {
        change: () => {
          setBrush({ form: form.value as BrushOptions['form'] })
          form.blur()
        },
      },
    },
    h('option', { value: 'circle', text: t('Round') }),
    h('option', { value: 'square', text: t('Square') }),
  )
  const label = h('select', {
    class: 'ed-select ed-small',
    'data-testid': 'mask-label',
    'aria-label': t('Label'),
    on: {
      change: () => {
        editor.store.set({ drawLabelId: Number(label.value) })
        label.blur()
      },
    },
  })
  label.append(...editor.labelsFor('mask').map((one) => h('option', { value: String(one.id), text: one.name })))
  const under = toggle('layers-2', t('Remove pixels of masks below'), 'mask-remove-underlying', () =>
    setBrush({ removeUnderlying: !editor.state.brush.removeUnderlying }),
  )
  const hide = toggle(
    'eye',
    t('Hide the mask while painting'),
    'mask-hide',
    () => setBrush({ hidden: !editor.state.brush.hidden }),
    ['H'],
  )
  const finish = h(
    'button',
    {
      type: 'button',
      class: 'ed-push ed-accent',
      'data-testid': 'mask-finish',
      'data-tip': t('Finish'),
      'data-keys': 'N',
      on: { click: () => editor.stage.send({ type: 'finish' }) },
    },
    t('Finish'),
  )
  const goOn = h(
    'button',
    {
      type: 'button',
      class: 'ed-push',
      'data-testid': 'mask-continue',
      'data-tip': t('Finish and paint the next one'),
      'data-keys': 'Shift+Enter',
      on: { click: () => editor.stage.send({ type: 'finish', how: 'continue' }) },
    },
    t('Next'),
  )
  const grip = h('div', { class: 'ed-mask-grip', 'aria-hidden': 'true' }, icon('grip-vertical'))
  const line = () => h('span', { class: 'ed-mask-line' })
  const acted = buttons.map((one) => one.element)
  const element = h(
    'div',
    { class: 'ed-mask-box', role: 'toolbar', 'aria-label': t('Mask'), 'data-testid': 'mask-box', hidden: '' },
    ...[grip, ...acted, line(), size, form, line(), label, under, hide, line(), goOn, finish],
  )
  makeMovable(element, grip)
  // What happens in the box is not meant for the picture below it.
  for (const type of ['pointerdown', 'pointermove', 'pointerup', 'dblclick', 'contextmenu', 'wheel'] as const) {
    element.addEventListener(type, (event) => event.stopPropagation())
  }

  const update = () => {
    const { toolId, brush, drawLabelId } = editor.state
    element.hidden = toolId !== 'mask'
    if (element.hidden) return
    const empty = isEmpty()
    for (const { act, element: button } of buttons) {
      setAttribute(button, 'aria-pressed', String(act === brush.act))
      setAttribute(button, 'aria-disabled', String(needsPixels(act) && empty))
    }
    if (document.activeElement !== size) size.value = String(brush.size)
    form.value = brush.form
    label.value = String(drawLabelId)
    const edits = editor.stage.mode === 'edit'
    label.disabled = edits
    goOn.hidden = edits
    setAttribute(under, 'aria-pressed', String(brush.removeUnderlying))
    setAttribute(hide, 'aria-pressed', String(brush.hidden))
    setText(finish, edits ? t('Done') : t('Finish'))
  }
  editor.store.subscribe(['toolId', 'toolState', 'brush', 'drawLabelId'], update)
  update()
  return element
}
