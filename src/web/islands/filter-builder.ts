// The filter builder of lists: nested groups of rules; Apply writes them into the address as JSON Logic.

import { cancelButton, openDialog } from './dialog'
import { element } from './element'
import { t } from './i18n/message'
import { type FieldKind, type FilterGroup, type FilterRule, fromLogic, type Operator, toLogic } from './json-logic'

type Field = { name: string; label: string; kind?: FieldKind; choices?: string[] }

const operators: Record<FieldKind, Operator[]> = {
  text: ['equal', 'not-equal', 'like', 'in', 'not-in', 'empty'],
  choice: ['equal', 'not-equal', 'in', 'not-in', 'empty'],
  number: ['equal', 'not-equal', 'less', 'less-or-equal', 'greater', 'greater-or-equal', 'between', 'in', 'not-in', 'empty'],
  time: ['less', 'less-or-equal', 'greater', 'greater-or-equal', 'between'],
}
const words: Record<Operator, string> = {
  equal: 'is',
  'not-equal': 'is not',
  less: '<',
  'less-or-equal': '≤',
  greater: '>',
  'greater-or-equal': '≥',
  between: 'between',
  like: 'contains',
  in: 'any of',
  'not-in': 'none of',
  empty: 'is empty',
}

const recentCount = 10
const recentKey = (list: string) => `annolith.filters.${list}`
const readRecent = (list: string): string[] => {
  try {
    return JSON.parse(localStorage.getItem(recentKey(list)) ?? '[]')
  } catch {
    return []
  }
}
const remember = (list: string, filter: string) =>
  localStorage.setItem(
    recentKey(list),
    JSON.stringify([filter, ...readRecent(list).filter((other) => other !== filter)].slice(0, recentCount)),
  )

const select = (
  testid: string,
  label: string,
  options: [value: string, text: string][],
  value: string,
  onChange: (value: string) => void,
) => {
  const made = element('select', { class: 'select compact w-auto', 'aria-label': label, 'data-testid': testid })
  for (const [key, text] of options) made.append(element('option', { value: key, selected: key === value }, text))
  made.addEventListener('change', () => onChange(made.value))
  return made
}

const notBox = (node: FilterRule | FilterGroup) => {
  const box = element('input', { type: 'checkbox', class: 'check', 'data-testid': 'filter-not', 'aria-label': t('Not') })
  box.checked = node.not
  box.addEventListener('change', () => {
    node.not = box.checked
  })
  return element('label', { class: 'flex items-center gap-1.5 text-[13px] text-soft' }, box, t('not'))
}

const removeButton = (onRemove: () => void) =>
  element(
    'button',
    { type: 'button', class: 'btn btn-quiet btn-small btn-icon', 'aria-label': t('Remove'), onclick: onRemove },
    '✕',
  )

/** Draws a tree into `root`; every change of its form draws it again. */
const drawTree = (root: HTMLElement, tree: FilterGroup, fields: Field[]) => {
  const fieldOf = (name: string) => fields.find((field) => field.name === name)
  const kindOf = (name: string) => fieldOf(name)?.kind ?? 'text'
  const redraw = () => root.replaceChildren(drawGroup(tree, null))

  const drawValue = (rule: FilterRule) => {
    const { choices, kind } = fieldOf(rule.field) ?? {}
    if (rule.operator === 'empty') return null
    const isSingle = rule.operator === 'equal' || rule.operator === 'not-equal'
    if (choices && isSingle) {
      if (!choices.includes(rule.value)) rule.value = choices[0] ?? ''
      return select(
        'filter-value',
        t('Value'),
        choices.map((choice) => [choice, choice]),
        rule.value,
        (value) => {
          rule.value = value
        },
      )
    }
    const isDate = kind === 'time' && rule.operator !== 'between'
    const input = element('input', {
      class: 'input compact min-w-32 flex-1',
      type: isDate ? 'date' : 'text',
      'aria-label': t('Value'),
      dir: 'auto',
      placeholder: rule.operator === 'between' ? 'from, to' : isSingle || rule.operator === 'like' ? '' : 'one, another',
      'data-testid': 'filter-value',
    })
    input.value = isDate ? rule.value.slice(0, 10) : rule.value
    input.addEventListener('input', () => {
      rule.value = input.value
    })
    return input
  }

  const drawRule = (rule: FilterRule, parent: FilterGroup) => {
    const allowed = operators[kindOf(rule.field)]
    if (!allowed.includes(rule.operator)) rule.operator = allowed[0]!
    return element(
      'div',
      { class: 'flex flex-wrap items-center gap-2', 'data-testid': 'filter-rule' },
      notBox(rule),
      select(
        'filter-field',
        t('Field'),
        fields.map(({ name, label }) => [name, label]),
        rule.field,
        (value) => {
          Object.assign(rule, { field: value, value: '' })
          redraw()
        },
      ),
      select(
        'filter-operator',
        t('Operator'),
        allowed.map((name) => [name, t(words[name])]),
        rule.operator,
        (value) => {
          rule.operator = value as Operator
          redraw()
        },
      ),
      drawValue(rule),
      removeButton(() => {
        parent.children.splice(parent.children.indexOf(rule), 1)
        redraw()
      }),
    )
  }

  const drawGroup = (group: FilterGroup, parent: FilterGroup | null): HTMLElement =>
    element(
      'div',
      { class: 'grid gap-2 rounded-md border border-line bg-sunken p-2.5', 'data-testid': 'filter-node' },
      element(
        'div',
        { class: 'flex flex-wrap items-center gap-2' },
        select(
          'filter-conjunction',
          t('Join with'),
          [
            ['and', t('All of')],
            ['or', t('Any of')],
          ],
          group.conjunction,
          (value) => {
            group.conjunction = value as 'and' | 'or'
          },
        ),
        notBox(group),
        element('span', { class: 'flex-1' }),
        element(
          'button',
          {
            type: 'button',
            class: 'btn btn-small',
            'data-testid': 'filter-add',
            onclick: () => {
              group.children.push({ kind: 'rule', field: fields[0]!.name, operator: 'equal', value: '', not: false })
              redraw()
            },
          },
          t('Add rule'),
        ),
        element(
          'button',
          {
            type: 'button',
            class: 'btn btn-small',
            'data-testid': 'filter-group',
            onclick: () => {
              group.children.push({ kind: 'group', conjunction: 'and', not: false, children: [] })
              redraw()
            },
          },
          t('Add group'),
        ),
        parent &&
          removeButton(() => {
            parent.children.splice(parent.children.indexOf(group), 1)
            redraw()
          }),
      ),
      ...group.children.map((child) => (child.kind === 'rule' ? drawRule(child, group) : drawGroup(child, group))),
    )

  redraw()
  return { read: () => toLogic(tree, kindOf), redraw }
}

const readTree = (text: string): FilterGroup => {
  const empty: FilterGroup = { kind: 'group', conjunction: 'and', not: false, children: [] }
  try {
    const tree = fromLogic(JSON.parse(text))
    return tree?.kind === 'group' ? tree : tree ? { ...empty, children: [tree] } : empty
  } catch {
    return empty
  }
}

const openBuilder = (button: HTMLElement, apply: (source: Element, filter: string) => void) => {
  const fields: Field[] = JSON.parse(button.dataset.filterFields!)
  const list = button.dataset.filterList!
  const root = element('div', { class: 'grid' })
  let form = drawTree(root, readTree(new URL(location.href).searchParams.get('filter') ?? ''), fields)
  const recent = readRecent(list)
  const recentChoice =
    recent.length > 0 &&
    select(
      'list-filter-recent',
      t('Recent filters'),
      [['', t('Recent filters…')], ...recent.map((text): [string, string] => [text, text])],
      '',
      (text) => {
        if (text) form = drawTree(root, readTree(text), fields)
      },
    )
  if (recentChoice) recentChoice.classList.replace('w-auto', 'w-full')
  const dialog = openDialog({
    title: t('Filter'),
    body: [recentChoice || null, root],
    buttons: [
      cancelButton(),
      element('button', { type: 'submit', class: 'btn btn-primary', 'data-testid': 'filter-apply' }, t('Apply')),
    ],
  })
  dialog.style.width = 'min(680px, calc(100vw - 24px))'
  dialog.querySelector('form')!.addEventListener('submit', () => {
    const logic = form.read()
    const text = logic ? JSON.stringify(logic) : ''
    if (text) remember(list, text)
    apply(button, text)
  })
}

export const startFilterBuilder = (apply: (source: Element, filter: string) => void) =>
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-filter-fields]')
    if (button) openBuilder(button, apply)
  })
