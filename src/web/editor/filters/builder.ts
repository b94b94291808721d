// Filters of the editor as trees of groups and rules, to and from JSON Logic, and the fields that a job offers.
import type { Label } from '../../../formats/model'
import { type FieldKind, type FilterGroup, fromLogic, type Operator, toLogic } from '../../islands/json-logic'
import { attributeField } from './facts'
import type { Logic } from './logic'

export type { FilterGroup, FilterRule, Operator } from '../../islands/json-logic'

export type Field = { name: string; title: string; kind: FieldKind; choices?: string[] }

export const operators: Record<FieldKind, Operator[]> = {
  text: ['equal', 'not-equal', 'like', 'in', 'not-in', 'empty'],
  choice: ['equal', 'not-equal', 'in', 'not-in', 'empty'],
  number: ['equal', 'not-equal', 'less', 'less-or-equal', 'greater', 'greater-or-equal', 'between', 'in', 'not-in', 'empty'],
  time: [],
}

/** Those that compare with one value, so that it can be another field. */
export const comparing: readonly Operator[] = ['equal', 'not-equal', 'less', 'less-or-equal', 'greater', 'greater-or-equal']

export const operatorWords: Record<Operator, string> = {
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

const shapes = ['rectangle', 'polygon', 'polyline', 'points', 'ellipse', 'cuboid', 'mask', 'skeleton', 'tag']
const sources = ['manual', 'semi-auto', 'auto', 'file', 'consensus']

/** Names as the interface has them; titles in English. */
export const listFilterFields = (labels: Iterable<Label>): Field[] => {
  const all = [...labels]
  const plain: Field[] = [
    { name: 'label', title: 'Label', kind: 'choice', choices: all.map((label) => label.name) },
    { name: 'type', title: 'Kind', kind: 'choice', choices: ['shape', 'track', 'tag'] },
    { name: 'shape', title: 'Shape', kind: 'choice', choices: shapes },
    { name: 'occluded', title: 'Occluded', kind: 'choice', choices: ['true', 'false'] },
    { name: 'width', title: 'Width', kind: 'number' },
    { name: 'height', title: 'Height', kind: 'number' },
    { name: 'id', title: 'Number here', kind: 'number' },
    { name: 'server-id', title: 'Number on the server', kind: 'number' },
    { name: 'source', title: 'Source', kind: 'choice', choices: sources },
    { name: 'layer', title: 'Layer', kind: 'number' },
    { name: 'score', title: 'Score, 0 to 1', kind: 'number' },
    { name: 'votes', title: 'Votes', kind: 'number' },
  ]
  const attributes = all.flatMap((label) =>
    label.attributes.map((attribute): Field => {
      const name = attributeField(label.name, attribute.name)
      const title = `${label.name}: ${attribute.name}`
      if (attribute.input_type === 'number') return { name, title, kind: 'number' }
      if (attribute.input_type === 'checkbox') return { name, title, kind: 'choice', choices: ['true', 'false'] }
      if (attribute.input_type === 'text') return { name, title, kind: 'text' }
      return { name, title, kind: 'choice', choices: attribute.values }
    }),
  )
  return [...plain, ...attributes]
}

export const emptyGroup = (): FilterGroup => ({ kind: 'group', conjunction: 'and', not: false, children: [] })

export const groupToLogic = (group: FilterGroup, fields: readonly Field[]): Logic | null =>
  toLogic(group, (name) => fields.find((field) => field.name === name)?.kind ?? 'text') as Logic | null

/** The tree of a filter; a filter that no tree can show gives an empty one. */
export const logicToGroup = (logic: Logic | null): FilterGroup => {
  const tree = logic && fromLogic(logic)
  if (!tree) return emptyGroup()
  return tree.kind === 'group' ? tree : { ...emptyGroup(), children: [tree] }
}

const recentKey = 'annolith-editor-filters'
const recentCount = 10

/** Filters applied lately, newest first. */
export const recallFilters = (): Logic[] => {
  try {
    const saved = JSON.parse(localStorage.getItem(recentKey) ?? '[]')
    return Array.isArray(saved) ? saved.filter((one) => typeof one === 'object' && one !== null) : []
  } catch {
    return []
  }
}

export const rememberFilter = (logic: Logic): void => {
  const text = JSON.stringify(logic)
  const rest = recallFilters().filter((one) => JSON.stringify(one) !== text)
  try {
    localStorage.setItem(recentKey, JSON.stringify([logic, ...rest].slice(0, recentCount)))
  } catch {}
}

/** A filter in few words. */
export const describeFilter = (logic: Logic): string => {
  const say = (node: FilterGroup['children'][number]): string => {
    if (node.kind === 'rule')
      return `${node.not ? '¬ ' : ''}${node.field} ${operatorWords[node.operator]} ${node.operator === 'empty' ? '' : (node.other ?? node.value)}`.trim()
    const inner = node.children.map(say).join(node.conjunction === 'and' ? ' ∧ ' : ' ∨ ')
    return node.not ? `¬ (${inner})` : node.children.length > 1 ? `(${inner})` : inner
  }
  const group = logicToGroup(logic)
  return group.children.length > 0 ? say(group).replace(/^\((.*)\)$/, '$1') : JSON.stringify(logic)
}
