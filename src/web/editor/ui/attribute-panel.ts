// The panel of the attribute workspace: the object in focus, its attributes one by one, values with their number keys.
import type { Attribute } from '../../../formats/model'
import { shapeTypeOf } from '../document/object'
import type { Editor } from '../editor'
import { t } from '../i18n/message'
import { shapeKinds } from '../shapes/registry'
import {
  attributesOf,
  blankValue,
  focusedAttribute,
  listFocusable,
  pickableValues,
  readValue,
  setValue,
  stepAttribute,
  stepObject,
} from '../workspaces/attribute-focus'
import { type AttributeField, makeAttributeField } from './attribute-field'
import { commandButton, iconButton } from './button'
import { h, setAttribute, setText } from './dom'
import { icon } from './icons'
import { listSwitches } from './object-switches'

export const makeAttributePanel = (editor: Editor): HTMLElement => {
  const place = h('span', { class: 'ed-step-text', 'data-testid': 'attribute-object' })
  const stepper = (title: string, testId: string, by: 1 | -1, run: (direction: 1 | -1) => void, keys: string) =>
    iconButton(by === 1 ? 'chevron-right' : 'chevron-left', t(title), testId, () => run(by), [keys])
  const objects = h(
    'div',
    { class: 'ed-stepper' },
    stepper('Previous object', 'attribute-object-prev', -1, (by) => stepObject(editor, by), 'Shift+Tab'),
    place,
    stepper('Next object', 'attribute-object-next', 1, (by) => stepObject(editor, by), 'Tab'),
  )
  const name = h('span', { class: 'ed-step-text', 'data-testid': 'attribute-current', role: 'status' })
  const attributes = h(
    'div',
    { class: 'ed-stepper' },
    stepper('Previous attribute', 'attribute-prev', -1, (by) => stepAttribute(editor, by), 'Up'),
    name,
    stepper('Next attribute', 'attribute-next', 1, (by) => stepAttribute(editor, by), 'Down'),
  )
  const head = h('div', { class: 'ed-focus-head' })
  const switches = h('div', { class: 'ed-focus-switches' })
  const values = h('div', { class: 'ed-values', role: 'group', 'aria-label': t('Values') })
  const rest = h('dl', { class: 'ed-rest' })
  const empty = h('p', { class: 'ed-empty' })
  const keys = [
    commandButton(editor, 'keyframe-prev', 'chevrons-left', 'attribute-keyframe-prev'),
    commandButton(editor, 'keyframe-next', 'chevrons-right', 'attribute-keyframe-next'),
  ]
  let field: AttributeField | null = null
  let fieldFor = ''

  const showValues = (attribute: Attribute, value: string, locked: boolean) => {
    const picks = pickableValues(attribute)
    const wanted = `${editor.state.activeId} ${attribute.id} ${locked}`
    if (picks.length > 0) {
      field = null
      fieldFor = ''
      const words = attribute.input_type === 'checkbox' ? { true: t('yes'), false: t('no') } : {}
      values.replaceChildren(
        ...picks.map((one, i) =>
          h(
            'button',
            {
              type: 'button',
              class: 'ed-value',
              'data-testid': `attribute-value-${i + 1}`,
              'data-value': one,
              'aria-pressed': one === value,
              disabled: locked,
              on: { click: () => setValue(editor, attribute, one) },
            },
            i < 10 ? h('kbd', { text: String((i + 1) % 10) }) : h('span'),
            h('span', { text: Reflect.get(words, one) ?? one, dir: 'auto' }),
          ),
        ),
      )
      return
    }
    if (fieldFor !== wanted) {
      fieldFor = wanted
      field = makeAttributeField(attribute, locked, (next) => setValue(editor, attribute, next))
      values.replaceChildren(h('label', { class: 'ed-focus-field' }, h('span', { text: attribute.name }), field.element))
    }
    field?.set(value)
  }

  const update = () => {
    if (editor.state.workspace !== 'attributes') return
    const item = editor.activeItem
    const items = listFocusable(editor)
    const at = items.findIndex((one) => one.clientId === item?.clientId)
    setText(place, items.length === 0 ? t('No objects') : t('{at} of {all}', { at: at + 1, all: items.length }))
    const attribute = focusedAttribute(editor)
    setAttribute(name, 'data-attribute', attribute?.name ?? '')
    setText(name, attribute?.name ?? t('No attributes'))
    for (const button of keys) button.update()
    const label = item && editor.job.labels.get(item.object.data.label_id)
    if (!item || !label) {
      head.replaceChildren()
      switches.replaceChildren()
      values.replaceChildren()
      rest.replaceChildren()
      fieldFor = ''
      setText(empty, t('Nothing on this frame has attributes to set. Go on to the next frame with F.'))
      empty.hidden = false
      return
    }
    const type = shapeTypeOf(item.object)
    const title = type === 'tag' ? t('Tag') : t(shapeKinds[type].title)
    head.replaceChildren(
      h('span', { class: 'ed-swatch' }),
      h('strong', { text: label.name, dir: 'auto' }),
      h('span', { class: 'ed-count', text: `${title} ${item.clientId}` }),
    )
    head.style.setProperty('--color', label.color)
    switches.replaceChildren(
      ...listSwitches(editor, item.clientId).map((one) => {
        const on = one.read(item)
        return h(
          'button',
          {
            type: 'button',
            class: 'ed-switch',
            'data-testid': `object-${one.id}`,
            'aria-pressed': on,
            'aria-label': t(on ? one.title[0] : one.title[1]),
            'data-tip': t(on ? one.title[0] : one.title[1]),
            'data-keys': one.keys,
            on: { click: one.run },
          },
          icon(on ? one.on : one.off),
        )
      }),
    )
    const list = attributesOf(editor, item)
    empty.hidden = list.length > 0
    setText(empty, t('This label has no attributes.'))
    if (attribute) showValues(attribute, readValue(item, attribute), item.object.locked)
    else {
      values.replaceChildren()
      fieldFor = ''
    }
    rest.replaceChildren(
      ...list.flatMap((one) => {
        const value = readValue(item, one)
        return [
          h('dt', { text: one.name, dir: 'auto', 'data-current': one.id === attribute?.id }),
          h('dd', { text: value === blankValue ? '–' : value || '–', dir: 'auto' }),
        ]
      }),
    )
  }
  editor.store.subscribe(['workspace', 'activeId', 'attributeAt', 'edition', 'frame'], update)
  update()
  return h(
    'div',
    { class: 'ed-panel ed-work-panel', role: 'region', 'aria-label': t('Attributes') },
    objects,
    head,
    h('div', { class: 'ed-focus-tools' }, switches, ...keys.map((one) => one.element)),
    attributes,
    values,
    empty,
    h('h3', { class: 'ed-panel-title', text: t('All attributes') }),
    rest,
  )
}
