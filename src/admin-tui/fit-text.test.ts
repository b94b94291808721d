// Text of others must neither break the layout nor reach the terminal as commands.
import { expect, test } from 'bun:test'
import { cleanText, fitText, measureText, wrapText } from './fit-text'

test.each([
  ['plain', 'plain'],
  ['\x1b[2Jgone', '·[2Jgone'],
  ['\x1b]0;title\x07', '·]0;title·'],
  ['\u009b31m', '·31m'],
  ['two\r\nlines\there', 'two lines here'],
  ['abc\u202edcba', 'abcdcba'],
  ['zero\u200bwidth', 'zerowidth'],
  ['👩‍👩‍👧 ok', '□□□ ok'],
  ['Zoë', 'Zoë'],
  ['日本', '日本'],
  ['© 2026', '© 2026'],
])('%j is shown as %j', (text, shown) => {
  expect(cleanText(text)).toBe(shown)
})

test.each([
  ['abc', 5, false, 'abc  '],
  ['abc', 5, true, '  abc'],
  ['abcdef', 4, false, 'abc…'],
  ['日本語', 4, false, '日… '],
  ['abc', 0, false, ''],
])('%j in %d cells (right: %p)', (text, width, right, fitted) => {
  expect(fitText(text, width, right)).toBe(fitted)
  expect(measureText(fitText(text, width, right))).toBe(width)
})

test('long words are broken', () => {
  expect(wrapText('a verylongwordindeed b', 8)).toEqual(['a verylo', 'ngwordin', 'deed b'])
})
