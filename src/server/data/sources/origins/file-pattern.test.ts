// Shell patterns as Python's fnmatch understands them, and exclusions.
import { describe, expect, test } from 'bun:test'
import { compileExclusion, compilePattern } from './file-pattern'

describe('patterns', () => {
  const table: [pattern: string, name: string, fits: boolean][] = [
    ['*', 'a/b.jpg', true],
    ['test/*', 'test/sub/a.jpg', true],
    ['test/sub*1.jpeg', 'test/sub/image_1.jpeg', true],
    ['test/sub*1.jpeg', 'test/sub/image_1.jpeg.bak', false],
    ['*.jpg', 'A.JPG', false],
    ['[a-c]*.jpeg', 'b_1.jpeg', true],
    ['[a-c]*.jpeg', 'd_1.jpeg', false],
    ['[!a-c]*.jpeg', 'd_1.jpeg', true],
    ['[!a-c]*.jpeg', 'a_1.jpeg', false],
    ['?.png', '1.png', true],
    ['?.png', '12.png', false],
    ['[]]x', ']x', true],
    ['[', '[', true],
    ['a[b', 'a[b', true],
    ['[^a]', '^', true],
    ['a.b', 'axb', false],
    ['(x)+{2}|$', '(x)+{2}|$', true],
    ['***a***', 'xxaxx', true],
    ['a\nb*', 'a\nbc', true],
  ]
  for (const [pattern, name, fits] of table)
    test(`${JSON.stringify(pattern)} ${fits ? 'means' : 'does not mean'} ${JSON.stringify(name)}`, () => {
      expect(compilePattern(pattern)(name)).toBe(fits)
    })

  test('a range that runs backwards is an error', () => {
    expect(() => compilePattern('[z-a]')).toThrow(SyntaxError)
  })
})

test('exclusions name files and whole folders, never parts of names', () => {
  const isKept = compileExclusion(['sub/sub_1/', 'sub/image.jpg', '/lead', 'no-slash'])
  for (const name of ['sub/sub_1/a.jpg', 'sub/sub_1/deep/a.jpg', 'sub/image.jpg', 'lead', 'no-slash/a.jpg'])
    expect([name, isKept(name)]).toEqual([name, false])
  for (const name of ['sub/sub_10/a.jpg', 'sub/image.jpg.png', 'sub/a.jpg', 'a.jpg', 'no-slash-2'])
    expect([name, isKept(name)]).toEqual([name, true])
})
