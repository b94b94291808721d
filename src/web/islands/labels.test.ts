// What the labels form and the raw view refuse, and what they send.
import { expect, test } from 'bun:test'
import { checkLabel, listLosses, parseRaw, toBody, toRawText, withRemovals } from './labels'

const attribute = { name: 'age', input_type: 'number', mutable: false, default_value: '0', values: ['0', '10', '1'] }

test('raw text comes back the same; what the server added is left out', () => {
  const labels = [
    {
      id: 3,
      name: 'cat',
      type: 'polygon',
      color: '#1a2b3c',
      attributes: [{ id: 5, ...attribute }],
      has_parent: false,
      sublabels: [],
    },
  ]
  expect(parseRaw(toRawText(labels)).map(toBody)).toEqual([
    { id: 3, name: 'cat', type: 'polygon', color: '#1a2b3c', attributes: [{ id: 5, ...attribute }] },
  ])
})

test.each([
  ['{}', 'list'],
  ['[', 'not valid JSON'],
  ['[{"name":"a"},{"name":"a"}]', 'label “a” already'],
  ['[{"name":"a","colour":"red"}]', 'unknown field “colour”'],
  ['[{"name":"a","type":"blob"}]', '“blob”'],
  ['[{"name":"a","color":"red"}]', '#1a2b3c'],
  ['[{"name":"a","attributes":[{"name":"b","input_type":"select"}]}]', 'attribute “b” needs at least one value'],
  ['[{"name":"a","attributes":[{"name":"b","input_type":"number","values":["5","1","1"]}]}]', 'lowest'],
])('%s is refused, saying %s', (text, message) => expect(() => parseRaw(text)).toThrow(message))

test('names of labels and attributes are unique', () => {
  expect(checkLabel({ name: 'cat' }, ['cat'])).toContain('already')
  expect(checkLabel({ name: 'cat', attributes: [attribute, attribute] }, [])).toContain('two attributes')
  expect(checkLabel({ name: 'cat', attributes: [attribute] }, ['dog'])).toBeNull()
})

test('attributes that are gone are named and deleted, those of the elements of skeletons too', () => {
  const [colour, size] = ['colour', 'size'].map((name, i) => ({
    ...attribute,
    id: i + 1,
    name,
    input_type: 'select',
    values: ['a', 'b'],
  }))
  const saved = { id: 5, name: 'hand', attributes: [colour!, size!], sublabels: [{ id: 6, name: 'thumb', attributes: [size!] }] }
  const kept = { id: 5, name: 'left hand', attributes: [size!], sublabels: [{ name: 'thumb', attributes: [] }] }
  expect(listLosses(saved, kept)).toEqual([
    'All annotations with the label “left hand” lose the values of “colour” (a, b).',
    'All annotations with the label “thumb” lose the values of “size” (a, b).',
  ])
  const body = withRemovals(saved, kept) as any
  expect(body.attributes).toEqual([size, { id: 1, deleted: true }])
  expect(body.sublabels[0].attributes).toEqual([{ id: 2, deleted: true }])
  expect(listLosses(undefined, kept)).toEqual([])
  expect(withRemovals(saved, saved)).toEqual(toBody(saved))
})
