// The part of the tab that lists lines, areas and key points of the frame, and the label and attributes of the chosen one.
import type { GroundShape } from '../../editor/document/cloud-change'
import { t } from '../../editor/i18n/message'
import { makeAttributeField } from '../../editor/ui/attribute-field'
import { iconButton } from '../../editor/ui/button'
import { h, setAttribute } from '../../editor/ui/dom'
import { type IconName, icon } from '../../editor/ui/icons'
import { makeCheck, makeSelect } from '../segments/controls'
import type { GroundDrawing } from './ground-drawing'
import { measureArea, measureLength } from './measure-shape'

const icons: Record<GroundShape['type'], IconName> = { polyline: 'waypoints', polygon: 'pentagon', points: 'circle-dot' }

const describeSize = (shape: GroundShape): string => {
  if (shape.type === 'points') return String(shape.points.length / 3)
  return shape.type === 'polygon' ? `${measureArea(shape).toFixed(1)} m²` : `${measureLength(shape).toFixed(1)} m`
}

export const makeGroundPanel = (drawing: GroundDrawing): HTMLElement => {
  const { editor } = drawing
  const labels = drawing.labels.map(({ id, name }) => ({ value: String(id), text: name }))
  const label = makeSelect('ground-label', t('Label'), labels, (value) => {
    drawing.labelId = Number(value)
    drawing.update()
  })
  const snaps = makeCheck('ground-snap', t('Vertices lie on the ground'), (on) => {
    drawing.onGround = on
    drawing.update()
  })
  const list = h('div', {
    class: 'sg-list',
    role: 'list',
    'aria-label': t('Lines, areas and key points'),
    'data-testid': 'ground-list',
  })
  const details = h('div', { class: 'sg-limits' })
  let shownDetails = ''

  const makeRow = (shape: GroundShape): HTMLElement => {
    const { uid } = shape
    const owner = editor.job.labels.get(shape.labelId)
    const name = owner?.name ?? '?'
    const isHidden = drawing.hidden.has(uid)
    const isLocked = drawing.locked.has(uid)
    const mark = icon(icons[shape.type])
    mark.style.color = owner?.color ?? 'inherit'
    const choose = h(
      'button',
      {
        type: 'button',
        class: 'sg-name',
        dir: 'auto',
        'aria-pressed': String(drawing.chosen === uid),
        'data-testid': `ground-${uid}`,
        on: { click: () => drawing.choose(drawing.chosen === uid ? null : uid) },
      },
      mark,
      h('span', { text: name }),
    )
    const hide = iconButton(isHidden ? 'eye-off' : 'eye', isHidden ? t('Show') : t('Hide'), `ground-hide-${uid}`, () =>
      drawing.toggle('hidden', uid),
    )
    const lock = iconButton(isLocked ? 'lock' : 'lock-open', isLocked ? t('Unlock') : t('Lock'), `ground-lock-${uid}`, () =>
      drawing.toggle('locked', uid),
    )
    setAttribute(hide, 'aria-pressed', String(isHidden))
    setAttribute(lock, 'aria-pressed', String(isLocked))
    return h(
      'div',
      { class: 'sg-row sg-shape', role: 'listitem', 'data-type': shape.type, 'data-label': name, 'data-uid': uid },
      choose,
      h('span', { class: 'sg-count', text: describeSize(shape) }),
      hide,
      lock,
      iconButton('trash', t('Delete'), `ground-delete-${uid}`, () => drawing.remove(uid)),
    )
  }

  const showDetails = () => {
    const shape = drawing.chosenShape
    const key = shape ? JSON.stringify([shape.uid, shape.labelId, shape.attributes, drawing.locked.has(shape.uid)]) : ''
    if (key === shownDetails) return
    shownDetails = key
    const owner = shape && editor.job.labels.get(shape.labelId)
    if (!shape || !owner) {
      details.replaceChildren()
      return
    }
    const isLocked = drawing.locked.has(shape.uid)
    const own = makeSelect('ground-shape-label', t('Label of the chosen one'), labels, (value) =>
      drawing.setLabel(shape.uid, Number(value)),
    )
    own.select.value = String(shape.labelId)
    own.select.disabled = isLocked
    const fields = owner.attributes.map((attribute) => {
      const field = makeAttributeField(attribute, isLocked, (value) => {
        const now = drawing.chosenShape
        if (!now) return
        const others = now.attributes.filter(({ spec_id }) => spec_id !== attribute.id)
        const order = owner.attributes.map(({ id }) => id)
        const attributes = [...others, { spec_id: attribute.id, value }].sort(
          (a, b) => order.indexOf(a.spec_id) - order.indexOf(b.spec_id),
        )
        drawing.change('Change an attribute of a line', now.uid, { attributes })
      })
      field.set(shape.attributes.find(({ spec_id }) => spec_id === attribute.id)?.value ?? attribute.default_value)
      return h('label', { class: 'sg-field' }, h('span', { text: attribute.name, dir: 'auto' }), field.element)
    })
    details.replaceChildren(own.element, ...fields)
  }

  const update = () => {
    label.select.value = String(drawing.labelId)
    snaps.input.checked = drawing.onGround
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-testid') : null
    list.replaceChildren(...drawing.shapes.map(makeRow))
    if (focused) list.querySelector<HTMLElement>(`[data-testid="${focused}"]`)?.focus()
    showDetails()
  }
  drawing.subscribe(update)
  update()
  return h(
    'section',
    { class: 'sg-section' },
    h('h3', { text: t('Lines, areas and key points') }),
    label.element,
    snaps.element,
    list,
    details,
  )
}
