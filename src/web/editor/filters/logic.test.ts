// Filters over facts: every operator, text against numbers, unknown operators.
import { expect, test } from 'bun:test'
import { makeShape, sampleLabels } from '../document/sample'
import { describeFacts } from './facts'
import { evaluate, type Logic, listFields, passes } from './logic'

const facts = { label: 'car', width: 40, occluded: false, id: 7, 'attribute:car.colour': 'red', empty: null }

test.each<[Logic, boolean]>([
  [{ '==': [{ var: 'label' }, 'car'] }, true],
  [{ '!': [{ '==': [{ var: 'label' }, 'car'] }] }, false],
  [{ '==': [{ var: 'occluded' }, 'false'] }, true],
  [{ '==': [{ var: 'id' }, '7'] }, true],
  [{ '<': [{ var: 'width' }, 40] }, false],
  [{ '<=': [10, { var: 'width' }, 40] }, true],
  [{ '>=': [{ var: 'width' }, '39.5'] }, true],
  [{ '>': [{ var: 'empty' }, -1] }, false],
  [{ in: ['AR', { var: 'label' }] }, true],
  [{ in: [{ var: 'label' }, ['van', 'car']] }, true],
  [{ '!': [{ var: 'empty' }] }, true],
  [{ and: [{ '==': [{ var: 'label' }, 'car'] }, { '==': [{ var: 'attribute:car.colour' }, 'blue'] }] }, false],
  [{ or: [{ '==': [{ var: 'label' }, 'van'] }, { '==': [{ var: 'attribute:car.colour' }, 'red'] }] }, true],
])('%j is %p', (logic, wanted) => expect(passes(logic, facts)).toBe(wanted))

test('no filter passes all, an unknown operator is named', () => {
  expect(passes(null, facts)).toBe(true)
  expect(() => evaluate({ median: [1] }, facts)).toThrow('median')
})

test('facts of an object: its size without its turn, its attributes with their defaults', () => {
  const data = makeShape({ rotation: 45, attributes: [{ spec_id: 11, value: 'blue' }] })
  const object = { kind: 'shape' as const, data, clientId: 3, locked: false, hidden: false, pinned: false, color: null }
  const found = describeFacts(
    { object, body: data, elements: [], keyframe: false },
    { labels: sampleLabels, clientId: 3, serverId: 90 },
  )
  expect(found).toMatchObject({ label: 'car', type: 'shape', shape: 'rectangle', width: 40, height: 30, id: 3, 'server-id': 90 })
  expect(found).toMatchObject({ 'attribute:car.colour': 'blue', 'attribute:car.parked': 'false' })
})

test('the fields of a filter', () => {
  expect(listFields({ and: [{ '<': [{ var: 'width' }, { var: 'height' }] }, { '!': [{ var: 'label' }] }] })).toEqual([
    'width',
    'height',
    'label',
  ])
})
