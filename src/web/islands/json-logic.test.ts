// Filters keep their meaning on the way through the builder.
import { expect, test } from 'bun:test'
import { type FilterGroup, fromLogic, toLogic } from './json-logic'

const kindOf = (field: string) => (field === 'id' ? 'number' : 'text') as 'number' | 'text'

test.each([
  { and: [{ '==': [{ var: 'status' }, 'completed'] }] },
  {
    and: [
      { '!': [{ '==': [{ var: 'status' }, 'completed'] }] },
      { or: [{ '<=': [1, { var: 'id' }, 5] }, { in: ['cat', { var: 'name' }] }] },
    ],
  },
  { or: [{ in: [{ var: 'id' }, [1, 2]] }, { '!': [{ in: [{ var: 'id' }, [3]] }] }, { '!': [{ var: 'assignee' }] }] },
  { '!': [{ and: [{ '>': [{ var: 'id' }, 3] }, { '!': [{ '>=': [{ var: 'id' }, 9] }] }] }] },
])('%j comes back as it was', (logic) => expect(toLogic(fromLogic(logic)!, kindOf)).toEqual(logic))

test('a tree without rules is no filter, and unknown operators are not shown', () => {
  const group: FilterGroup = {
    kind: 'group',
    conjunction: 'and',
    not: false,
    children: [{ kind: 'group', conjunction: 'or', not: true, children: [] }],
  }
  expect(toLogic(group, kindOf)).toBeNull()
  expect(fromLogic({ and: [{ merge: [1] }] })).toBeNull()
  expect(toLogic(fromLogic({ '<': [3, { var: 'id' }] })!, kindOf)).toEqual({ '>': [{ var: 'id' }, 3] })
})
