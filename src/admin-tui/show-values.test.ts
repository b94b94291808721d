// Numbers and times as people read them.
import { expect, test } from 'bun:test'
import { showAge, showBytes, showCount } from './show-values'

const now = new Date('2026-03-01T12:00:00Z')
test.each([
  [null, 'never'],
  ['2026-03-01T11:59:30Z', 'just now'],
  ['2026-03-01T12:00:30Z', 'just now'],
  ['2026-03-01T11:58:00Z', '2 min ago'],
  ['2026-03-01T09:00:00Z', '3 h ago'],
  ['2026-02-01T12:00:00Z', '28 d ago'],
  ['2023-03-01T12:00:00Z', '3 y ago'],
])('%p is %s', (time, shown) => {
  expect(showAge(time ? new Date(time) : null, now)).toBe(shown)
})

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 kB'],
  [1024 ** 2 * 312, '312 MB'],
  [1024 ** 3 * 2.5, '2.5 GB'],
])('%d bytes are %s', (bytes, shown) => {
  expect(showBytes(bytes)).toBe(shown)
})

test('counts', () => {
  expect([showCount(0, 'user'), showCount(1, 'user'), showCount(2, 'user')]).toEqual(['0 users', '1 user', '2 users'])
})
