// Templates of file names: what they are filled with and which are refused.
import { expect, test } from 'bun:test'
import { checkTemplate, fillTemplate, listPlaceholders } from './name-template'

const known = ['id', 'name', 'index']

test('placeholders are filled, with or without blanks; what is not there leaves nothing', () => {
  const values = { id: 7, name: 'Street', project: null }
  expect(fillTemplate('{{ id }}-{{name}}-{{project}}{{nothing}}', values)).toBe('7-Street-')
  expect(fillTemplate('{id} {{{id}}}', values)).toBe('{id} {7}')
})

test('a name never becomes a path', () => expect(fillTemplate('{{name}}', { name: '../a/b\\c:d\n"<e>' })).toBe('.._a_b_c_d___e_'))

test('values are taken as they are, whatever stands in them', () =>
  expect(fillTemplate('{{name}}', { name: '$& {{id}} $1', id: 3 })).toBe('$& {{id}} $1'))

test('each placeholder counts once', () => expect(listPlaceholders('{{id}}{{id}} {{ name }}')).toEqual(['id', 'name']))

test.each([
  ['', null],
  ['{{id}}_{{name}}', null],
  ['part {{index}}', null],
  ['{{name}}', 'Put {{id}} or {{index}} into the name, so that the files differ.'],
  ['{{id}} {{owner}}', '{{owner}} is not known. Use {{id}}, {{name}}, {{index}}.'],
])('%p: %p', (template, problem) => expect(checkTemplate(template, known)).toBe(problem))
