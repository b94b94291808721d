// The attributes of one point of a skeleton, in a dialog; each change counts at once and is a step of its own.
import type { Label } from '../../../../formats/model'
import type { Editor } from '../../editor'
import { t } from '../../i18n/message'
import { makeAttributeField } from '../../ui/attribute-field'
import { openDialog } from '../../ui/dialog'
import { h } from '../../ui/dom'

/** The label of a point of a skeleton. */
export const findPartLabel = (editor: Editor, clientId: number, part: number): Label | undefined => {
  const item = editor.scene.items.get(clientId)
  const owner = item && editor.job.labels.get(item.object.data.label_id)
  return owner?.sublabels.find((one) => one.id === item?.elements[part]?.label_id)
}

/** Values of a point now: of a track those that never change and those of the frame. */
const readValues = (editor: Editor, clientId: number, part: number): Map<number, string> => {
  const item = editor.scene.items.get(clientId)
  const object = item?.object
  const fixed = object?.kind === 'track' ? (object.data.elements[part]?.attributes ?? []) : []
  const shown = item?.elements[part]?.attributes ?? []
  return new Map([...fixed, ...shown].map(({ spec_id, value }) => [spec_id, value]))
}

export const openPartAttributes = (editor: Editor, clientId: number, part: number): void => {
  const label = findPartLabel(editor, clientId, part)
  if (!label) return
  const values = readValues(editor, clientId, part)
  const rows = label.attributes.map((attribute) => {
    const field = makeAttributeField(attribute, false, (value) => {
      const { id: specId, mutable } = attribute
      editor.do({ type: 'element-attribute', clientId, part, specId, value, mutable })
    })
    field.set(values.get(attribute.id) ?? attribute.default_value)
    return h('label', { class: 'ed-setting' }, h('span', { text: attribute.name }), field.element)
  })
  openDialog(editor.screen.root, {
    testId: 'part-attributes',
    title: label.name,
    body: rows,
    onDismiss: () => {},
    choices: [{ testId: 'dialog-ok', title: t('Close'), tone: 'accent', run: () => {} }],
  })
}
