// The query language: what it understands, and what it says about mistakes.
import { expect, test } from 'bun:test'
import { type Node, parseQuery, QueryProblem } from './parse-query'

/** A tree as text with all its parentheses. */
const show = (node: Node | null): string => {
  if (!node) return ''
  if (node.kind === 'not') return `not ${show(node.part)}`
  if (node.kind !== 'term') return `(${node.parts.map(show).join(` ${node.kind} `)})`
  const values = node.values.map(({ text, isQuoted }) => (isQuoted ? `"${text}"` : text)).join()
  return node.key ? `${node.key.text}${node.operator}${values}` : values
}
const read = (text: string) => show(parseQuery(text))

test('conditions stand side by side, and binds before or', () => {
  expect(read('')).toBe('')
  expect(read('  ')).toBe('')
  expect(read('label:car width>100')).toBe('(label:car and width>100)')
  expect(read('a or b c')).toBe('(a or (b and c))')
  expect(read('a | b & c && d')).toBe('(a or (b and c and d))')
  expect(read('(a OR b) AND not c')).toBe('((a or b) and not c)')
})

test('signs, spaces, quotes and lists are forgiven', () => {
  expect(read('-occluded !x NOT y')).toBe('(not occluded and not x and not y)')
  expect(read('width > 100 height<= 5 area != 3 score=1 frame==2')).toBe(
    '(width>100 and height<=5 and area!=3 and score:1 and frame:2)',
  )
  expect(read('label: car')).toBe('label:car')
  expect(read('label:car,"big truck", bus')).toBe('label:car,"big truck",bus')
  expect(read('"front side":yes “a b” name:"x\\"y"')).toBe('(front side:yes and "a b" and name:"x"y")')
  expect(read('source:semi-auto name:*-1.png -(a b)')).toBe('(source:semi-auto and name:*-1.png and not (a and b))')
  expect(read('or:1 not=2')).toBe('(or:1 and not:2)')
  expect(read('name:a:b/c=d')).toBe('name:a:b/c=d')
})

test('mistakes are named with their place', () => {
  const problem = (text: string) => {
    try {
      return read(text)
    } catch (error) {
      if (!(error instanceof QueryProblem)) throw error
      return `${error.at}: ${error.message}`
    }
  }
  expect(problem('label:"car')).toBe('6: The quote that opens here is never closed: " is missing.')
  expect(problem('a (b or c')).toBe('2: The "(" that opens here is never closed.')
  expect(problem('a) b')).toBe('1: There is no "(" that belongs to this ")".')
  expect(problem('width>')).toBe('0: "width>" wants a value after it.')
  expect(problem('label:a,')).toBe('0: "label:" wants a value after it.')
  expect(problem('a or')).toBe('3: Something is missing at the end.')
  expect(problem('>5')).toBe('0: ">" needs a name before it, as in width>100.')
  expect(problem('a, b')).toBe('1: A comma only stands between values, as in label:car,truck.')
  expect(problem('('.repeat(50))).toContain('nested too deeply')
  expect(problem('a '.repeat(61))).toContain('at most 60 conditions')
  expect(problem('x'.repeat(2001))).toContain('at most 2000 characters')
})

test('any text is read or refused, never anything else', () => {
  const pieces = [
    'a',
    'label',
    ':',
    '=',
    '<',
    '>=',
    '!',
    '-',
    '(',
    ')',
    '"',
    ',',
    ' ',
    'or',
    'and',
    'not',
    '*',
    '\\',
    '|',
    '&',
    '“',
    '”',
  ]
  let seed = 7
  const pick = () => pieces[(seed = (seed * 48271) % 2147483647) % pieces.length]!
  for (let i = 0; i < 5000; i++) {
    const text = Array.from({ length: 12 }, pick).join('')
    try {
      parseQuery(text)
    } catch (error) {
      if (!(error instanceof QueryProblem)) throw new Error(`${text}: ${error}`)
      expect(error.at).toBeLessThanOrEqual(text.length)
    }
  }
})
