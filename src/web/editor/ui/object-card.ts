// One object in the side bar: label, switches, and its attributes while the details are open.
import { shapeTypeOf } from '../document/object'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { colorOf } from '../render/color'
import { shapeKinds } from '../shapes/registry'
import { type AttributeField, makeAttributeField } from './attribute-field'
import { describe } from './button'
import { chooseObjectColor } from './choose-color'
import { makeColorSwatch } from './color-swatch'
import { h, setAttribute, setText } from './dom'
import { type IconName, icon } from './icons'
import { listSwitches } from './object-switches'
import type { RowView } from './virtual-list'

export const cardHeight = 36
const attributeHeight = 32

/** Height of a card with so many attributes open. */
export const measureCard = (attributes: number, block = 0): number =>
  cardHeight + (attributes > 0 ? attributes * attributeHeight + 10 : 0) + block

/** How a card is shown: whether its attributes are open, and what its button with three dots does. */
export type CardPorts = { isOpen: () => boolean; toggleOpen: () => void; openMenu: (anchor: HTMLElement) => void }

export const makeObjectCard = (editor: Editor, clientId: number, { isOpen, toggleOpen, openMenu }: CardPorts): RowView => {
  const item = () => editor.scene.items.get(clientId)
  const object = () => editor.document.get(clientId)
  const isTrack = object()?.kind === 'track'
  const buttons = listSwitches(editor, clientId).map((one) => {
    const element = h('button', { type: 'button', class: 'ed-switch', 'data-testid': `object-${one.id}`, on: { click: one.run } })
    return { ...one, element, shown: null as boolean | null }
  })

  const swatch = makeColorSwatch('object-color', (color) => chooseObjectColor(editor, clientId, color))
  const kind = h('span', { class: 'ed-kind' })
  const number = h('span', { class: 'ed-number' })
  const score = h('span', { class: 'ed-score', 'data-testid': 'object-score' })
  const select = h('select', {
    class: 'ed-label-select',
    'data-testid': 'object-label',
    'aria-label': t('Label'),
    on: {
      change: () => {
        const label = [...editor.job.labels.values()].find((one) => one.name === select.value)
        if (label) editor.do({ type: 'label', clientIds: [clientId], labelId: label.id })
        select.blur()
      },
    },
  })
  const menu = h(
    'button',
    { type: 'button', class: 'ed-switch', 'data-testid': 'object-menu', 'aria-haspopup': 'menu' },
    icon('more'),
  )
  describe(menu, t('More'))
  menu.addEventListener('click', () => openMenu(menu))
  const details = h(
    'button',
    { type: 'button', class: 'ed-switch ed-details', 'data-testid': 'object-details', on: { click: toggleOpen } },
    icon('chevron-down'),
  )
  describe(details, t('Attributes'))
  const head = h(
    'div',
    { class: 'ed-card-head' },
    swatch.element,
    kind,
    number,
    select,
    score,
    ...buttons.map((one) => one.element),
    details,
    menu,
  )
  const body = h('div', { class: 'ed-card-body' })
  const cardState = () => ({ active: editor.state.activeId === clientId, open: isOpen() })
  const block = editor.traits.card?.make(editor, clientId, cardState)
  const element = h(
    'div',
    {
      class: 'ed-card',
      role: 'listitem',
      'data-testid': `object-${clientId}`,
      on: {
        click: (event) => {
          if (event.ctrlKey || event.metaKey) editor.toggleSelected(clientId)
          else if (!(event.target instanceof Element && event.target.closest('button, select, input, textarea')))
            editor.activate(clientId)
        },
        dblclick: (event) => {
          const current = item()
          if (current?.box && event.target instanceof Element && !event.target.closest('button, select, input, textarea'))
            editor.viewport.zoomToItem(current)
        },
      },
    },
    head,
    body,
    block?.element,
  )

  let fields: { specId: number; field: AttributeField }[] = []
  let fieldsFor = ''
  let optionsFor = ''

  const updateFields = (current: Item): void => {
    const label = editor.job.labels.get(current.object.data.label_id)
    const open = isOpen() && (label?.attributes.length ?? 0) > 0
    const wanted = open ? `${label?.id} ${current.object.locked}` : ''
    if (wanted !== fieldsFor) {
      fieldsFor = wanted
      fields = (open ? label!.attributes : []).map((attribute) => ({
        specId: attribute.id,
        field: makeAttributeField(attribute, current.object.locked, (value) => {
          editor.do({ type: 'attribute', clientId, specId: attribute.id, value, mutable: attribute.mutable })
        }),
      }))
      body.replaceChildren(
        ...fields.map(({ field }, i) =>
          h('label', { class: 'ed-attribute' }, h('span', { text: label!.attributes[i]!.name }), field.element),
        ),
      )
    }
    const values = [
      ...(current.object.kind === 'track' ? current.object.data.attributes : []),
      ...(current.body?.attributes ?? current.object.data.attributes),
    ]
    for (const { specId, field } of fields) {
      const fallback = label?.attributes.find((one) => one.id === specId)?.default_value ?? ''
      field.set(values.find((value) => value.spec_id === specId)?.value ?? fallback)
    }
  }

  /** How sure the object is, and how many people of those asked have it. */
  const updateScore = (current: Item): void => {
    const sure = current.object.kind === 'shape' ? current.object.data.score : 1
    const votes = editor.votes.get(current.object.kind, editor.document.serverId(clientId))
    score.hidden = sure >= 1 && !votes
    if (score.hidden) return
    setText(score, votes ? `${votes.votes}/${votes.replicas}` : `${Math.round(sure * 100)}%`)
    const names = votes?.labels.map((one) => `${editor.job.labels.get(one.label_id)?.name ?? '?'} ${one.votes}`).join(', ')
    const said = votes
      ? t('{votes} of {replicas} votes: {names}', { votes: votes.votes, replicas: votes.replicas, names: names ?? '' })
      : ''
    setAttribute(score, 'data-tip', [t('score {score}', { score: sure.toFixed(2) }), said].filter(Boolean).join('; '))
  }

  const update = () => {
    const current = item()
    if (!current) return
    const { labels } = editor.job
    const type = shapeTypeOf(current.object)
    const label = labels.get(current.object.data.label_id)
    const { colorBy } = editor.state.appearance
    const color = colorOf(current.object, labels, colorBy)
    element.style.setProperty('--color', color)
    swatch.set(color, t(colorBy === 'group' && current.object.data.group > 0 ? 'Colour of the group' : 'Colour of the object'))
    setAttribute(element, 'data-active', String(editor.state.activeId === clientId))
    setAttribute(element, 'data-selected', String(editor.state.selection.includes(clientId)))
    setAttribute(element, 'data-conflicted', String(editor.state.conflicted.includes(clientId)))
    setAttribute(element, 'data-hidden', String(current.object.hidden))
    if (kind.dataset.type !== type) {
      kind.dataset.type = type
      const name = type === 'tag' ? 'tag' : (shapeKinds[type].icon as IconName)
      kind.replaceChildren(icon(name))
      setAttribute(kind, 'data-tip', `${t(type === 'tag' ? 'Tag' : shapeKinds[type].title)}${isTrack ? `, ${t('track')}` : ''}`)
    }
    setText(number, String(clientId))
    updateScore(current)
    const fitting = editor.labelsFor(type)
    const names = (fitting.some((one) => one.id === label?.id) || !label ? fitting : [label, ...fitting]).map((one) => one.name)
    if (optionsFor !== names.join('\n')) {
      optionsFor = names.join('\n')
      select.replaceChildren(...names.map((name) => h('option', { value: name, text: name })))
    }
    select.value = label?.name ?? ''
    setAttribute(select, 'data-tip', label?.name ?? '')
    select.disabled = current.object.locked
    for (const button of buttons) {
      const on = button.read(current)
      if (on === button.shown) continue
      button.shown = on
      setAttribute(button.element, 'aria-pressed', String(on))
      describe(button.element, t(on ? button.title[0] : button.title[1]), [button.keys])
      button.element.replaceChildren(icon(on ? button.on : button.off))
    }
    setAttribute(details, 'data-idle', String((label?.attributes.length ?? 0) === 0 && !block))
    block?.update()
    setAttribute(details, 'aria-expanded', String(isOpen()))
    updateFields(current)
  }
  update()
  return { element, update }
}
