// The attribute workspace: which object and attribute are in focus, going on to others, and picking values by number.
import type { Attribute } from '../../../formats/model'
import type { Item } from '../document/scene'
import type { Editor } from '../editor'
import { listValues } from '../filters/facts'

/** A value that is shown as nothing and has no key. */
export const blankValue = '__undefined__'

/** Objects to go through: neither hidden, nor outside, nor above the shown layers; tags too. */
export const listFocusable = (editor: Editor): Item[] => {
  const { topLayer } = editor.state
  return [...editor.scene.items.values()].filter(
    ({ object, body }) => !object.hidden && !body?.outside && (topLayer === null || (body?.z_order ?? 0) <= topLayer),
  )
}

export const attributesOf = (editor: Editor, item: Item | null): Attribute[] =>
  item ? (editor.job.labels.get(item.object.data.label_id)?.attributes ?? []) : []

/** The attribute in focus, or null when there is none. */
export const focusedAttribute = (editor: Editor): Attribute | null => {
  const attributes = attributesOf(editor, editor.activeItem)
  return attributes[Math.min(editor.state.attributeAt, attributes.length - 1)] ?? null
}

export const readValue = (item: Item, attribute: Attribute): string =>
  listValues(item).find((one) => one.spec_id === attribute.id)?.value ?? attribute.default_value

/** Values that number keys pick, in their order. */
export const pickableValues = (attribute: Attribute): string[] => {
  if (attribute.input_type === 'checkbox') return ['true', 'false']
  if (attribute.input_type === 'select' || attribute.input_type === 'radio')
    return attribute.values.filter((value) => value !== blankValue)
  return []
}

const focusItem = (editor: Editor, item: Item | null): void => {
  editor.activate(item?.clientId ?? null)
  if (item) editor.viewport.zoomToItem(item, editor.state.settings.focusPadding)
}

/** Next or previous object of the frame, going round. */
export const stepObject = (editor: Editor, direction: 1 | -1): void => {
  const items = listFocusable(editor)
  const at = items.findIndex((item) => item.clientId === editor.state.activeId)
  const next = at === -1 ? (direction === 1 ? 0 : items.length - 1) : (at + direction + items.length) % items.length
  const before = focusedAttribute(editor)?.id
  focusItem(editor, items[next] ?? null)
  // Among objects of one label the attribute stays.
  const same = attributesOf(editor, editor.activeItem).findIndex((one) => one.id === before)
  editor.store.set({ attributeAt: Math.max(same, 0) })
}

export const stepAttribute = (editor: Editor, direction: 1 | -1): void => {
  const { length } = attributesOf(editor, editor.activeItem)
  if (length > 0) editor.store.set({ attributeAt: (editor.state.attributeAt + direction + length) % length })
}

export const setValue = (editor: Editor, attribute: Attribute, value: string): void => {
  const clientId = editor.state.activeId
  if (clientId === null) return
  if (editor.document.get(clientId)?.locked) editor.explain('Locked: L unlocks it')
  else editor.do({ type: 'attribute', clientId, specId: attribute.id, value, mutable: attribute.mutable })
}

/** The value of a number key, 0 for the first. */
export const pickValue = (editor: Editor, index: number): void => {
  const attribute = focusedAttribute(editor)
  const value = attribute ? pickableValues(attribute)[index] : undefined
  if (attribute && value !== undefined) setValue(editor, attribute, value)
}

/** Called when the frame or the workspace changed: something is always in focus. */
export const refocus = (editor: Editor): void => {
  const items = listFocusable(editor)
  const kept = items.find((item) => item.clientId === editor.state.activeId)
  const first = items.find((item) => attributesOf(editor, item).length > 0) ?? items[0] ?? null
  focusItem(editor, kept ?? first)
  if (!kept) editor.store.set({ attributeAt: 0 })
}
