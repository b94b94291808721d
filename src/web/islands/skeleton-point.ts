// The dialog of one point of a skeleton: its name, colour and attributes.

import { cancelButton, openDialog, problemLine } from './dialog'
import { element, field } from './element'
import { t } from './i18n/message'
import { type Attribute, checkLabel } from './labels'
import type { SkeletonPoint } from './skeleton-drawing'

const kinds = ['select', 'radio', 'checkbox', 'number', 'text']

const input = (testid: string, value: string, label: string, placeholder = '') => {
  const made = element('input', {
    class: 'input compact min-w-0',
    'data-testid': testid,
    'aria-label': label,
    placeholder,
    dir: 'auto',
  })
  made.value = value
  return made
}

/** One attribute as a row; `read` answers what stands there. */
const attributeRow = (attribute: Attribute, remove: () => void) => {
  const name = input('label-attribute-name', attribute.name, t('Attribute name'), t('Attribute name'))
  const kind = element(
    'select',
    {
      class: 'select compact w-28',
      'aria-label': t('Kind of attribute'),
      'data-testid': 'label-attribute-kind',
      disabled: attribute.id !== undefined,
    },
    ...kinds.map((value) => element('option', { value, selected: value === attribute.input_type }, value)),
  )
  const isNumber = () => kind.value === 'number'
  const values = input(
    'label-attribute-values',
    attribute.input_type === 'number' ? attribute.values.join(';') : '',
    t('Values'),
    t('Value, then Enter'),
  )
  let taken = attribute.input_type === 'number' ? [] : [...attribute.values]
  const shown = element('span', { class: 'text-[12px] text-muted', dir: 'auto' }, taken.join(', '))
  values.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || isNumber()) return
    event.preventDefault()
    const value = values.value.trim()
    if (value && !taken.includes(value)) taken = [...taken, value]
    values.value = ''
    shown.textContent = taken.join(', ')
  })
  const mutable = element('input', { type: 'checkbox', class: 'check', 'data-testid': 'label-attribute-mutable' })
  mutable.checked = attribute.mutable
  const row = element(
    'div',
    { class: 'grid gap-2 rounded-md border border-line bg-sunken p-2' },
    element(
      'div',
      { class: 'flex gap-2' },
      name,
      kind,
      element(
        'button',
        { type: 'button', class: 'btn btn-quiet btn-small btn-icon', 'aria-label': t('Remove attribute'), onclick: remove },
        '✕',
      ),
    ),
    values,
    shown,
    element('label', { class: 'flex items-center gap-1.5 text-[13px]' }, mutable, t('Mutable')),
  )
  const read = (): Attribute => {
    const pending = values.value.trim()
    const listed = pending && !taken.includes(pending) ? [...taken, pending] : taken
    const all = isNumber()
      ? pending.split(';').map((part) => part.trim())
      : kind.value === 'checkbox' && !listed.length
        ? ['false']
        : listed
    const first = all[0] ?? ''
    return {
      ...(attribute.id !== undefined && { id: attribute.id }),
      name: name.value.trim(),
      input_type: kind.value,
      mutable: mutable.checked,
      default_value: all.includes(attribute.default_value) ? attribute.default_value : first,
      values: all,
    }
  }
  return { row, read }
}

/** Asks; `save` gets the changed point. `taken` are the names of the others. */
export const editPoint = (point: SkeletonPoint, taken: string[], save: (point: SkeletonPoint) => void) => {
  const name = input('label-name', point.name, t('Name'))
  const color = element('input', { class: 'input', type: 'color', 'data-testid': 'label-color', 'aria-label': t('Colour') })
  color.value = point.color
  const list = element('div', { class: 'grid gap-2' })
  let rows: ReturnType<typeof attributeRow>[] = []
  const addRow = (attribute: Attribute) => {
    const made = attributeRow(attribute, () => {
      rows = rows.filter((row) => row !== made)
      made.row.remove()
    })
    rows.push(made)
    list.append(made.row)
  }
  for (const attribute of point.attributes) addRow(attribute)
  const empty: Attribute = { name: '', input_type: 'select', mutable: false, default_value: '', values: [] }
  const problem = problemLine('label-error')
  const dialog = openDialog({
    title: t('Point {name}', { name: point.name }),
    body: [
      element('div', { class: 'grid grid-cols-[1fr_auto] gap-3' }, field(t('Name'), name), field(t('Colour'), color)),
      list,
      element(
        'div',
        {},
        element(
          'button',
          {
            type: 'button',
            class: 'btn btn-small btn-quiet',
            'data-testid': 'label-attribute-add',
            onclick: () => addRow(empty),
          },
          '+ Attribute',
        ),
      ),
      problem.line,
    ],
    buttons: [
      cancelButton(),
      element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'dialog-ok' }, t('Apply')),
    ],
  })
  name.select()
  dialog.querySelector('form')!.addEventListener('submit', (event) => {
    event.preventDefault()
    const changed = { ...point, name: name.value.trim(), color: color.value, attributes: rows.map(({ read }) => read()) }
    const wrong = checkLabel({ name: changed.name, attributes: changed.attributes }, taken)
    if (wrong) return problem.show(wrong)
    save(changed)
    dialog.close()
  })
}
