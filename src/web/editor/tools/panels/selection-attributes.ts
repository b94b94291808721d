// Attributes of several selected objects of one label at once; where they differ the field says so, and what is chosen counts for all.
import type { Attribute, AttributeValue, Label } from '../../../../formats/model'
import type { Intent } from '../../document/intent'
import type { Item } from '../../document/scene'
import type { Editor } from '../../editor'
import { t } from '../../i18n/message'
import { makeAttributeField } from '../../ui/attribute-field'
import { h } from '../../ui/dom'

const listValues = (item: Item): AttributeValue[] =>
  item.object.kind === 'track'
    ? [...item.object.data.attributes, ...(item.body?.attributes ?? [])]
    : (item.object.data.attributes as AttributeValue[])

/** The value that all have; null when they differ. */
export const findCommonValue = (items: readonly Item[], attribute: Attribute): string | null => {
  const values = new Set(
    items.map((item) => listValues(item).find((one) => one.spec_id === attribute.id)?.value ?? attribute.default_value),
  )
  return values.size === 1 ? [...values][0]! : null
}

export const makeSelectionAttributes = (editor: Editor): { element: HTMLElement; update: () => void } => {
  const element = h('div', { class: 'ed-selection-attributes' })
  const read = (): { items: Item[]; label: Label | undefined } => {
    const items = editor.chosenIds.flatMap((id) => editor.scene.items.get(id) ?? [])
    const ids = new Set(items.map((item) => item.object.data.label_id))
    return { items, label: ids.size === 1 && items.length > 1 ? editor.job.labels.get([...ids][0]!) : undefined }
  }
  const change = (attribute: Attribute) => (value: string) => {
    const free = read().items.filter((item) => !item.object.locked)
    const { id: specId, mutable } = attribute
    editor.do(...free.map(({ clientId }): Intent => ({ type: 'attribute', clientId, specId, value, mutable })))
  }
  const makeRow = (items: readonly Item[], attribute: Attribute): HTMLElement => {
    const field = makeAttributeField(attribute, false, change(attribute))
    const value = findCommonValue(items, attribute)
    field.set(value ?? '')
    field.element.setAttribute('data-testid', `selection-attribute-${attribute.name}`)
    if (field.element instanceof HTMLInputElement && field.element.type === 'checkbox')
      field.element.indeterminate = value === null
    const mixed = value === null ? h('em', { text: t('mixed') }) : null
    return h('label', { class: 'ed-setting' }, h('span', { text: attribute.name }), mixed, field.element)
  }
  const update = () => {
    const { items, label } = read()
    // A field that is being typed into stays.
    if (element.contains(document.activeElement) && label) return
    element.replaceChildren(...(label?.attributes ?? []).map((attribute) => makeRow(items, attribute)))
  }
  return { element, update }
}
