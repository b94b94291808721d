// Editing a line by keys.
import { expect, test } from 'bun:test'
import { editInput, startInput } from './text-input'

test.each([
  ['a b c', '', 'abc', 3],
  ['x', 'ab', 'abx', 3],
  ['left x', 'ab', 'axb', 2],
  ['home x', 'ab', 'xab', 1],
  ['home delete', 'ab', 'b', 0],
  ['backspace backspace backspace', 'ab', '', 0],
  ['left left left left end x', 'ab', 'abx', 3],
  ['C-u', 'ab', '', 0],
  ['left C-k', 'ab', 'a', 1],
  ['C-w', 'one two ', 'one ', 4],
  ['backspace', 'a😀', 'a', 1],
  ['é', '', 'é', 1],
])('keys “%s” on %j make %j', (keys, text, result, at) => {
  const edited = keys.split(' ').reduce((input, key) => editInput(input, key)!, startInput(text))
  expect(edited).toEqual({ text: result, at })
})

test.each(['enter', 'f5', 'up', 'C-x', '\x07'])('key %j does not edit', (key) => {
  expect(editInput(startInput('a'), key)).toBeUndefined()
})
