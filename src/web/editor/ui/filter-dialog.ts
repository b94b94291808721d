// The filter of the editor: nested groups of rules; objects that do not pass vanish until the filter is cleared.
import type { Editor } from '../editor'
import {
  comparing,
  describeFilter,
  emptyGroup,
  type Field,
  type FilterGroup,
  type FilterRule,
  groupToLogic,
  listFilterFields,
  logicToGroup,
  type Operator,
  operators,
  operatorWords,
  recallFilters,
  rememberFilter,
} from '../filters/builder'
import type { Logic } from '../filters/logic'
import { t } from '../i18n/message'
import { type OpenDialog, openDialog } from './dialog'
import { h } from './dom'
import { icon } from './icons'

const makeSelect = (
  testId: string,
  title: string,
  options: [value: string, text: string][],
  value: string,
  change: (value: string) => void,
): HTMLSelectElement => {
  const select = h(
    'select',
    { class: 'ed-select', 'data-testid': testId, 'aria-label': t(title), on: { change: () => change(select.value) } },
    ...options.map(([key, text]) => h('option', { value: key, text })),
  )
  select.value = value
  return select
}

const small = (testId: string, title: string, run: () => void) =>
  h('button', { type: 'button', class: 'ed-push ed-tiny', 'data-testid': testId, on: { click: run } }, t(title))

const makeNot = (node: FilterRule | FilterGroup) => {
  const box = h('input', {
    type: 'checkbox',
    'data-testid': 'filter-not',
    checked: node.not,
    on: {
      change: () => {
        node.not = box.checked
      },
    },
  })
  return h('label', { class: 'ed-not' }, box, t('not'))
}

const makeRemove = (run: () => void) =>
  h(
    'button',
    { type: 'button', class: 'ed-switch', 'data-testid': 'filter-remove', 'aria-label': t('Remove'), on: { click: run } },
    icon('close'),
  )

const drawTree = (host: HTMLElement, tree: FilterGroup, fields: readonly Field[]): void => {
  const fieldOf = (name: string) => fields.find((field) => field.name === name)
  const redraw = () => host.replaceChildren(drawGroup(tree, null))

  const drawValue = (rule: FilterRule): HTMLElement | null => {
    const { choices } = fieldOf(rule.field) ?? {}
    if (rule.operator === 'empty') return null
    const isSingle = rule.operator === 'equal' || rule.operator === 'not-equal'
    const set = (value: string) => {
      rule.value = value
    }
    if (choices && isSingle) {
      if (!choices.includes(rule.value)) rule.value = choices[0] ?? ''
      return makeSelect(
        'filter-value',
        'Value',
        choices.map((one) => [one, one]),
        rule.value,
        set,
      )
    }
    const listed = rule.operator === 'in' || rule.operator === 'not-in'
    const hint = rule.operator === 'between' ? t('from, to') : listed ? t('one, another') : ''
    const input = h('input', {
      class: 'ed-input',
      type: 'text',
      dir: 'auto',
      value: rule.value,
      placeholder: hint,
      'data-testid': 'filter-value',
      'aria-label': t('Value'),
      on: { input: () => set(input.value) },
    })
    return input
  }

  /** Another field of the same kind in the place of a value. */
  const drawOther = (rule: FilterRule): HTMLElement | null => {
    const kind = fieldOf(rule.field)?.kind
    const others = fields.filter((field) => field.name !== rule.field && (field.kind === 'number') === (kind === 'number'))
    if (!comparing.includes(rule.operator) || others.length === 0) {
      delete rule.other
      return null
    }
    return makeSelect(
      'filter-other',
      'Compare with',
      [['', t('a value')], ...others.map(({ name, title }): [string, string] => [name, t(title)])],
      rule.other ?? '',
      (value) => {
        if (value === '') delete rule.other
        else rule.other = value
        redraw()
      },
    )
  }

  const drawRule = (rule: FilterRule, parent: FilterGroup): HTMLElement => {
    const allowed = operators[fieldOf(rule.field)?.kind ?? 'text']
    if (!allowed.includes(rule.operator)) rule.operator = allowed[0]!
    return h(
      'div',
      { class: 'ed-rule', 'data-testid': 'filter-rule' },
      makeNot(rule),
      makeSelect(
        'filter-field',
        'Field',
        fields.map(({ name, title }) => [name, t(title)]),
        rule.field,
        (value) => {
          Object.assign(rule, { field: value, value: '' })
          delete rule.other
          redraw()
        },
      ),
      makeSelect(
        'filter-operator',
        'Operator',
        allowed.map((name) => [name, t(operatorWords[name])]),
        rule.operator,
        (value) => {
          rule.operator = value as Operator
          redraw()
        },
      ),
      drawOther(rule),
      rule.other ? null : drawValue(rule),
      makeRemove(() => {
        parent.children.splice(parent.children.indexOf(rule), 1)
        redraw()
      }),
    )
  }

  const drawGroup = (group: FilterGroup, parent: FilterGroup | null): HTMLElement =>
    h(
      'div',
      { class: 'ed-rule-group', 'data-testid': 'filter-node' },
      h(
        'div',
        { class: 'ed-rule' },
        makeNot(group),
        makeSelect(
          'filter-conjunction',
          'All or any',
          [
            ['and', t('all of')],
            ['or', t('any of')],
          ],
          group.conjunction,
          (value) => {
            group.conjunction = value as 'and' | 'or'
          },
        ),
        small('filter-add', 'Rule', () => {
          group.children.push({ kind: 'rule', field: fields[0]!.name, operator: 'equal', value: '', not: false })
          redraw()
        }),
        small('filter-group', 'Group', () => {
          group.children.push(emptyGroup())
          redraw()
        }),
        parent
          ? makeRemove(() => {
              parent.children.splice(parent.children.indexOf(group), 1)
              redraw()
            })
          : null,
      ),
      ...group.children.map((child) => (child.kind === 'rule' ? drawRule(child, group) : drawGroup(child, group))),
    )
  redraw()
}

export const setFilter = (editor: Editor, filter: Logic | null): void => {
  editor.store.set({ filter })
  if (filter) rememberFilter(filter)
  editor.refilter()
}

export const openFilter = (editor: Editor, root: HTMLElement, onClose: () => void): OpenDialog => {
  const fields = listFilterFields(editor.job.labels.values())
  let tree = logicToGroup(editor.state.filter)
  if (tree.children.length === 0) tree.children.push({ kind: 'rule', field: 'label', operator: 'equal', value: '', not: false })
  const host = h('div', { class: 'ed-filter-tree' })
  drawTree(host, tree, fields)
  const recent = recallFilters()
  const recall = makeSelect(
    'list-filter-recent',
    'Filters used before',
    [['', t('Used before…')], ...recent.map((one, i): [string, string] => [String(i), describeFilter(one)])],
    '',
    (value) => {
      const chosen = recent[Number(value)]
      if (value === '' || !chosen) return
      tree = logicToGroup(chosen)
      drawTree(host, tree, fields)
      recall.value = ''
    },
  )
  recall.hidden = recent.length === 0
  return openDialog(root, {
    testId: 'filter-dialog',
    title: t('Show only objects that pass'),
    wide: true,
    body: [recall, host],
    onDismiss: onClose,
    choices: [
      {
        testId: 'list-clear',
        title: t('Clear'),
        run: () => {
          setFilter(editor, null)
          onClose()
        },
      },
      { testId: 'dialog-cancel', title: t('Cancel'), run: onClose },
      {
        testId: 'filter-apply',
        title: t('Apply'),
        tone: 'accent',
        run: () => {
          setFilter(editor, groupToLogic(tree, fields))
          onClose()
        },
      },
    ],
  })
}
